"""Movements of a period by slice: what came in to the right, what was lost to the left."""

from __future__ import annotations

import html

import pandas as pd
import plotly.graph_objects as go

from decade.charts.bridge import KINDS, NAMES
from decade.charts.formats import sign
from decade.charts.theme import MOVEMENTS, drawn

MOST = 12


def by_slice(frame: pd.DataFrame, *, currency: str = "") -> go.Figure:
    """Stacked bars of movements (`slice`, `kind`, `amount`), the slices that moved most on top."""
    sums = frame.pivot_table(index="slice", columns="kind", values="amount", aggfunc="sum", fill_value=0.0)
    order = sums.abs().sum(axis=1).sort_values(ascending=False, kind="stable").index[:MOST]
    sums = sums.loc[order]
    names = [html.escape(str(name)) for name in order]
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "x": sums[kind].round(2).tolist(),
            "name": NAMES[kind],
            "marker": {"color": MOVEMENTS[kind], "line": {"width": 0}},
            "customdata": [[str(name), kind] for name in order],
            "hovertemplate": f"%{{y}}: {sign(currency)}%{{x:,.0f}}",
        }
        for kind in KINDS
        if kind in sums and sums[kind].abs().sum() > 0
    ]
    return drawn(
        bars,
        height=90 + 34 * len(names),
        barmode="relative",
        hovermode="closest",
        x={"tickformat": "~s", "showgrid": True, "zeroline": True, "nticks": 8},
        y={"type": "category", "categoryorder": "array", "categoryarray": names[::-1], "tickformat": ""},
    )
