"""Renewals: the recurring revenue that decides in each month, by how far the talks are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import sign
from decade.charts.theme import BLUE, GREY, ORANGE, VERMILION, drawn

STATES = {"critical": VERMILION, "late": ORANGE, "start now": BLUE, "not due": GREY}


def calendar(frame: pd.DataFrame, *, currency: str = "", height: int = 300) -> go.Figure:
    """Stacked bars of ARR in `renewals` by month of renewal, a colour a state."""
    ends = frame["renewal_on"].to_numpy("datetime64[M]")
    is_dated = ~np.isnat(ends)
    months, place = np.unique(ends[is_dated], return_inverse=True)
    names = months.astype(str).tolist()
    states, arr = frame["state"][is_dated], 12 * frame["mrr"].to_numpy("float64")[is_dated]
    bars = []
    for state, colour in STATES.items():
        at = (states == state).to_numpy(bool)
        if not at.any():
            continue
        count = np.bincount(place[at], minlength=months.size)
        sums = np.where(count > 0, np.bincount(place[at], arr[at], months.size), np.nan)
        bars.append(
            {
                "type": "bar",
                "x": names,
                "y": sums.round(2).tolist(),
                "name": state.capitalize(),
                "marker": {"color": colour, "line": {"width": 0}},
                "customdata": [[name, state] for name in names],
                "hovertext": [f"{each:,.0f} accounts" for each in count],
                "hovertemplate": f"%{{x}}: {sign(currency)}%{{y:,.0f}}, %{{hovertext}}",
            }
        )
    return drawn(
        bars,
        height=height,
        y_format="~s",
        barmode="stack",
        hovermode="closest",
        x={"type": "category", "categoryorder": "array", "categoryarray": names},
    )
