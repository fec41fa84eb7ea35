"""The MRR bridge: what came in above zero, what was lost below, the quick ratio beside it."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import SIGNS
from decade.charts.theme import GREY, MOVEMENTS, layout

MOST = 12  # a higher quick ratio says that almost nothing was lost; its size is noise
KINDS = ("new", "reactivation", "expansion", "contraction", "churn")


def by_month(frame: pd.DataFrame, *, currency: str = "", height: int = 330) -> go.Figure:
    """Stacked bars of `mrr_bridge`, a colour a movement; a partial month is faded."""
    figure = go.Figure()
    days = frame["month"].dt.strftime("%Y-%m-%d").tolist()
    opacity = [1.0 if full else 0.45 for full in frame["is_full"].fillna(True)]
    for kind in KINDS:
        figure.add_trace(
            go.Bar(
                x=days,
                y=frame[kind].round(2).tolist(),
                name=kind.capitalize(),
                marker={"color": MOVEMENTS[kind], "opacity": opacity, "line": {"width": 0}},
                customdata=[[day[:7], kind, "moved"] for day in days],
                hovertemplate=f"{SIGNS.get(currency, '')}%{{y:,.0f}}",
            )
        )
    figure.update_layout(barmode="relative")
    return layout(figure, height=height, y_format="~s")


def quick_ratio(frame: pd.DataFrame, *, height: int = 220) -> go.Figure:
    """The quick ratio of each full month, with 4 and 1 as the lines people know; nothing lost leaves a gap."""
    full = frame[frame["is_full"].fillna(False)]
    days = full["month"].dt.strftime("%Y-%m-%d").tolist()
    drawn = full["quick_ratio"].clip(upper=MOST)
    figure = go.Figure(
        go.Bar(
            x=days,
            y=drawn.round(3).tolist(),
            name="Quick ratio",
            marker={
                "color": [MOVEMENTS["churn"] if value < 1 else MOVEMENTS["expansion"] for value in drawn.fillna(1)]
            },
            customdata=[[day[:7], "moved"] for day in days],
            hovertext=[f"{value:,.2f}" for value in full["quick_ratio"].fillna(0)],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    for level in (1, 4):
        figure.add_hline(y=level, line={"color": GREY, "width": 1, "dash": "dot"})
    layout(figure, height=height, legend=False)
    return figure.update_yaxes(range=[0, MOST * 1.02])
