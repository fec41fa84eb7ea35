"""Figures of a scenario under doubt: what each input does to an answer, and the answers of all draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from decade.charts.theme import BLUE, GREY, ORANGE, SKY, VERMILION, Drawn, drawn

BARS = 60


def tornado(
    table: pd.DataFrame,
    labels: Sequence[str],
    ends: Sequence[tuple[str, ...]],
    *,
    is_rate: bool = False,
    height: int = 330,
) -> go.Figure:
    """Bars from an answer at each input's p10 to its p90 (columns at_low, at_high, base), the widest on top.

    `labels` and `ends` name the inputs and write their p10 and p90, row by row.
    """
    rows = table.iloc[::-1]
    names, written = list(labels)[::-1], list(ends)[::-1]
    base = rows["base"].to_numpy(float)
    traces: list[Drawn] = [
        {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "base": base,
            "x": rows[column].to_numpy(float) - base,
            "name": f"at its {quantile}",
            "marker": {"color": colour},
            "customdata": [[each[place], float(value)] for each, value in zip(written, rows[column], strict=True)],
            "hovertemplate": "%{y} at %{customdata[0]}: %{customdata[1]:"
            + (".1%" if is_rate else ",.0f")
            + "}<extra></extra>",
        }
        for column, quantile, colour, place in (("at_low", "p10", ORANGE, 0), ("at_high", "p90", BLUE, 1))
    ]
    return drawn(
        traces,
        height=height,
        x={"tickformat": ".0%" if is_rate else "~s", "showgrid": True, "nticks": 6},
        y={"zeroline": False, "nticks": None},
        barmode="overlay",
        hovermode="closest",
    )


def distribution(npv: NDArray[np.float64], cac: float, *, height: int = 330) -> go.Figure:
    """How often each NPV came up, losses in red; the farthest hundredth on each side is left out."""
    low, high = np.quantile(npv, [0.005, 0.995])
    if high <= low:
        low, high = low - max(1.0, cac), high + max(1.0, cac)
    step = (high - low) / BARS
    # An edge at zero, so that no bar is half a loss.
    edges = np.arange(np.floor(low / step), np.ceil(high / step) + 1) * step
    share = np.histogram(npv, edges)[0] / npv.size
    middle = (edges[:-1] + edges[1:]) / 2
    traces: list[Drawn] = [
        {
            "type": "bar",
            "x": middle[chosen],
            "y": share[chosen],
            "width": step,
            "name": name,
            "marker": {"color": colour},
            "hovertemplate": "NPV around %{x:,.0f}: %{y:.1%}<extra></extra>",
        }
        for name, chosen, colour in (("Loss", middle < 0, VERMILION), ("Gain", middle >= 0, SKY))
        if chosen.any()
    ]
    quantiles = np.quantile(npv, [0.1, 0.5, 0.9])
    traces.append(
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": quantiles,
            "y": [1.06 * share.max()] * 3,
            "text": ["p10", "p50", "p90"],
            "textposition": "top center",
            "marker": {"color": GREY, "size": 9, "symbol": "triangle-down"},
            "name": "Quantiles",
            "hovertemplate": "%{text}: %{x:,.0f}<extra></extra>",
            "showlegend": False,
        }
    )
    return drawn(
        traces,
        height=height,
        y_title="share of draws",
        y_format=".0%",
        x={"tickformat": "~s", "title": {"text": "NPV"}},
        barmode="overlay",
        bargap=0,
        hovermode="closest",
    )
