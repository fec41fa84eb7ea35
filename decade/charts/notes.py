"""Notes on a chart over months: a dotted line and its first words; the whole note on hover."""

from __future__ import annotations

import html
import textwrap

import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import GREY

SHORT = 28
MOST = 12


def noted(chart: go.Figure, notes: pd.DataFrame) -> go.Figure:
    """The chart with the latest notes (`month`, `words`) at their months; nothing in a note is markup."""
    dated = notes[notes["month"].notna()].tail(MOST)
    if dated.empty:
        return chart
    layout = chart.to_dict()["layout"]
    for month, words in zip(dated["month"].dt.strftime("%Y-%m-%d"), dated["words"].astype("str"), strict=True):
        layout.setdefault("shapes", []).append(
            {
                "type": "line",
                "xref": "x",
                "x0": month,
                "x1": month,
                "yref": "y domain",
                "y0": 0,
                "y1": 1,
                "line": {"color": GREY, "width": 1, "dash": "dot"},
            }
        )
        layout.setdefault("annotations", []).append(
            {
                "x": month,
                "xref": "x",
                "y": 1,
                "yref": "y domain",
                "yanchor": "top",
                "xanchor": "left",
                "showarrow": False,
                "text": html.escape(textwrap.shorten(words, SHORT, placeholder=" …")),
                "hovertext": "<br>".join(html.escape(line) for line in textwrap.wrap(words, 60)[:12]),
                "font": {"size": 11},
            }
        )
    return chart
