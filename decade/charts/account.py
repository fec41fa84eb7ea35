"""One account's MRR as steps."""

from __future__ import annotations

from datetime import date

import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import days_of, sign
from decade.charts.theme import BLUE, drawn


def steps(frame: pd.DataFrame, as_of: date | None, *, currency: str = "", height: int = 260) -> go.Figure:
    """The closing MRR of `account_mrr` held from each change to the next, and to `as_of`."""
    days = days_of(frame["month"])
    values = frame["closing"].round(2).tolist()
    if as_of is not None:
        days, values = [*days, as_of.isoformat()], [*values, values[-1]]
    line = {
        "type": "scatter",
        "x": days,
        "y": values,
        "name": "MRR",
        "mode": "lines",
        "line": {"color": BLUE, "width": 2.5, "shape": "hv"},
        "fill": "tozeroy",
        "fillcolor": "rgba(0,114,178,0.12)",
        "hovertemplate": f"{sign(currency)}%{{y:,.2f}}<extra></extra>",
    }
    return drawn([line], height=height, y_format="~s", legend=False, y={"rangemode": "tozero"})
