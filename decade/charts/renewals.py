"""Renewals: the recurring revenue that decides in each month, by how far the talks are."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import sign
from decade.charts.theme import BLUE, GREY, ORANGE, VERMILION, drawn

STATES = {"critical": VERMILION, "late": ORANGE, "start now": BLUE, "not due": GREY}


def calendar(frame: pd.DataFrame, *, currency: str = "", height: int = 300) -> go.Figure:
    """Stacked bars of ARR in `renewals` by month of renewal, a colour a state."""
    dated = frame[frame["renewal_on"].notna()]
    months = dated["renewal_on"].dt.strftime("%Y-%m")
    names = sorted(set(months))
    bars = []
    for state, colour in STATES.items():
        part = dated[dated["state"] == state]
        if part.empty:
            continue
        arr = (12 * part["mrr"]).groupby(months[part.index]).agg(["sum", "count"]).reindex(names)
        bars.append(
            {
                "type": "bar",
                "x": names,
                "y": arr["sum"].round(2).tolist(),
                "name": state.capitalize(),
                "marker": {"color": colour, "line": {"width": 0}},
                "customdata": [[name, state] for name in names],
                "hovertext": [f"{count:,.0f} accounts" for count in arr["count"].fillna(0)],
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
