"""The MRR bridge: what came in above zero, what was lost below, the quick ratio beside it."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import SIGNS
from decade.charts.theme import MOVEMENTS, drawn

MOST = 12  # a higher quick ratio says that almost nothing was lost; its size is noise
KINDS = ("new", "reactivation", "expansion", "contraction", "churn")


def by_month(frame: pd.DataFrame, *, currency: str = "", height: int = 330) -> go.Figure:
    """Stacked bars of `mrr_bridge`, a colour a movement; a partial month is faded."""
    days = frame["month"].dt.strftime("%Y-%m-%d").tolist()
    opacity = [1.0 if full else 0.45 for full in frame["is_full"].fillna(True)]
    bars = [
        {
            "type": "bar",
            "x": days,
            "y": frame[kind].round(2).tolist(),
            "name": kind.capitalize(),
            "marker": {"color": MOVEMENTS[kind], "opacity": opacity, "line": {"width": 0}},
            "customdata": [[day[:7], kind, "moved"] for day in days],
            "hovertemplate": f"%{{x|%Y-%m}}: {SIGNS.get(currency, '')}%{{y:,.0f}}",
        }
        for kind in KINDS
    ]
    # Under the unified hover a click reports every bar of its month, and the first would always be taken.
    return drawn(bars, height=height, y_format="~s", barmode="relative", hovermode="closest")


def quick_ratio(frame: pd.DataFrame, *, height: int = 220) -> go.Figure:
    """The quick ratio of each full month, with 4 and 1 as the lines people know; nothing lost leaves a gap."""
    full = frame[frame["is_full"].fillna(False)]
    days = full["month"].dt.strftime("%Y-%m-%d").tolist()
    shown = full["quick_ratio"].clip(upper=MOST)
    bars = {
        "type": "bar",
        "x": days,
        "y": shown.round(3).tolist(),
        "name": "Quick ratio",
        "marker": {"color": [MOVEMENTS["churn"] if value < 1 else MOVEMENTS["expansion"] for value in shown.fillna(1)]},
        "customdata": [[day[:7], "moved"] for day in days],
        "hovertext": [f"{value:,.2f}" for value in full["quick_ratio"].fillna(0)],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    return drawn([bars], height=height, legend=False, levels=(1, 4), y={"range": [0, MOST * 1.02]})
