"""Small multiples: the same line for each slice, in panels that share their axes."""

from __future__ import annotations

import html

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import BLUE, GREY, Drawn, drawn

PANELS = 12
ACROSS = 4
GAP = 0.03


def retention(frame: pd.DataFrame, whole: pd.DataFrame, *, behind: str = "kept") -> go.Figure:
    """NRR of each slice of `revenue_retention` in a panel, the largest first, with that of all of them in grey.

    `behind` is the view that a clicked point asks for, beside its month.
    """
    last = frame[frame["month"] == frame["month"].max()]
    names = list(last.sort_values("base_mrr", ascending=False, na_position="last", kind="stable")["slice"])[:PANELS]
    across = min(ACROSS, max(1, len(names)))
    down = -(-len(names) // across)
    span = _span(frame[frame["slice"].isin(names)]["nrr"])
    traces: list[Drawn] = []
    axes: Drawn = {}
    titles = []
    for place, name in enumerate(names):
        part = frame[frame["slice"] == name]
        suffix = str(place + 1) if place else ""
        column, row = place % across, place // across
        left, width = column / across, 1 / across
        top, height = 1 - row / down, 1 / down
        traces.append(_line(whole, "All", GREY, 1.2, suffix, behind, is_named=False))
        traces.append(_line(part, name, BLUE, 2.2, suffix, behind, is_named=True))
        axes[f"xaxis{suffix}"] = {
            "domain": [left + (GAP if column else 0) / 2, left + width - GAP / 2],
            "anchor": f"y{suffix}",
            "matches": "x" if place else None,
            "showgrid": False,
            "fixedrange": True,
            "nticks": 4,
            "showticklabels": place + across >= len(names),
        }
        axes[f"yaxis{suffix}"] = {
            "domain": [top - height + 0.05 / down, top - 0.16 / down],
            "anchor": f"x{suffix}",
            "matches": "y" if place else None,
            "range": span,
            "tickformat": ".0%",
            "fixedrange": True,
            "nticks": 4,
            "showticklabels": column == 0,
        }
        titles.append(
            {
                "text": html.escape(str(name)),
                "x": left + (GAP if column else 0) / 2,
                "y": top - 0.14 / down,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 13},
            }
        )
    chart = drawn(traces, height=60 + 165 * down, legend=False, hovermode="closest", annotations=titles)
    chart.to_dict()["layout"].update(axes)
    return chart


def _span(rates: pd.Series[float]) -> list[float] | None:
    """An axis for nearly all points: one slice's wild first years would make every other line flat."""
    known = rates.dropna().astype("float64")
    if known.empty:
        return None
    low, high = np.quantile(known.to_numpy(), (0.02, 0.97))
    return [max(0.0, min(float(low), 0.9) - 0.05), max(float(high), 1.1) + 0.05]


def _line(
    frame: pd.DataFrame, name: str, colour: str, width: float, suffix: str, behind: str, *, is_named: bool
) -> Drawn:
    days = frame["month"].dt.strftime("%Y-%m-%d").tolist()
    line: Drawn = {
        "type": "scatter",
        "mode": "lines",
        "x": days,
        "y": frame["nrr"].astype("float64").round(6).tolist(),
        "name": html.escape(str(name)),
        "line": {"color": colour, "width": width, "dash": "solid" if is_named else "dot"},
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "connectgaps": False,
        "hoverinfo": "skip",
    }
    if is_named:
        # Only points can be clicked.
        line |= {
            "mode": "lines+markers",
            "marker": {"size": 2.5},
            "customdata": [[day[:7], behind] for day in days],
            "hoverinfo": "all",
            "hovertemplate": "%{x|%Y-%m}: %{y:.1%}<extra>%{fullData.name}</extra>",
        }
    return line
