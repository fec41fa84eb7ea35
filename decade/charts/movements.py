"""Movements of a period by slice: what came in to the right, what was lost to the left."""

from __future__ import annotations

import html

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.bridge import KINDS, NAMES
from decade.charts.formats import sign
from decade.charts.theme import MOVEMENTS, drawn

MOST = 12


def by_slice(frame: pd.DataFrame, *, currency: str = "") -> go.Figure:
    """Stacked bars of movements (`slice`, `kind`, `amount`), the slices that moved most on top."""
    place, slices = pd.factorize(frame["slice"], sort=True)
    amounts, sums = frame["amount"].to_numpy("float64", na_value=0), {}
    for kind in KINDS:
        at = (frame["kind"] == kind).to_numpy(bool)
        sums[kind] = np.bincount(place[at], amounts[at], slices.size)
    moved = np.sum([np.abs(each) for each in sums.values()], axis=0)
    order = np.argsort(-moved, kind="stable")[:MOST]
    names = [html.escape(str(name)) for name in slices[order]]
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "x": sums[kind][order].round(2).tolist(),
            "name": NAMES[kind],
            "marker": {"color": MOVEMENTS[kind], "line": {"width": 0}},
            "customdata": [[str(name), kind] for name in slices[order]],
            "hovertemplate": f"%{{y}}: {sign(currency)}%{{x:,.0f}}",
        }
        for kind in KINDS
        if np.abs(sums[kind][order]).sum() > 0
    ]
    return drawn(
        bars,
        height=90 + 34 * len(names),
        barmode="relative",
        hovermode="closest",
        x={"tickformat": "~s", "showgrid": True, "zeroline": True, "nticks": 8},
        y={"type": "category", "categoryorder": "array", "categoryarray": names[::-1], "tickformat": ""},
    )
