"""The MRR bridge: what came in above zero, what was lost below, as bars, as steps, and the quick ratio beside it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import days_of, money, sign
from decade.charts.theme import FADED, GREY, MOVEMENTS, drawn

MOST = 12  # a higher quick ratio says that almost nothing was lost; its size is noise
KINDS = ("new", "reactivation", "expansion", "contraction", "churn", "fx")
NAMES = {**{kind: kind.capitalize() for kind in KINDS}, "fx": "Exchange rates"}


def by_period(frame: pd.DataFrame, *, currency: str = "", height: int = 330) -> go.Figure:
    """Stacked bars of a bridge by period, a colour a movement; a period that is not over is faded.

    Exchange rates are drawn only where they moved something.
    """
    is_dated = len(frame) == 0 or len(str(frame["period"].iloc[0])) > len("2026")
    periods = frame["period"].tolist()
    places = days_of(frame["first_month"]) if is_dated else periods
    opacity = [1.0 if full else 0.45 for full in frame["is_full"]]
    bars = [
        {
            "type": "bar",
            "x": places,
            "y": frame[kind].round(2).tolist(),
            "name": NAMES[kind],
            "marker": {"color": MOVEMENTS[kind], "opacity": opacity, "line": {"width": 0}},
            "customdata": [[name, kind, "moved"] for name in periods],
            "hovertemplate": f"%{{customdata[0]}}: {sign(currency)}%{{y:,.0f}}",
        }
        for kind in KINDS
        if kind != "fx" or ("fx" in frame and frame["fx"].abs().sum() > 0)
    ]
    # Under the unified hover a click reports every bar of its month, and the first would always be taken.
    axis = {} if is_dated else {"type": "category", "categoryorder": "array", "categoryarray": places}
    return drawn(bars, height=height, y_format="~s", barmode="relative", hovermode="closest", x=axis)


def waterfall(bridge: pd.Series[float], *, currency: str = "", height: int = 330) -> go.Figure:
    """From the opening to the closing of one period, a step a movement; what did not move is left out."""
    steps = [kind for kind in KINDS if bridge[kind]]
    names = ["Opening", *(NAMES[kind] for kind in steps), "Closing"]
    starts, heights, level = [0.0], [float(bridge["opening"])], float(bridge["opening"])
    for kind in steps:
        starts.append(level)
        heights.append(float(bridge[kind]))
        level += float(bridge[kind])
    starts.append(0.0)
    heights.append(float(bridge["closing"]))
    edges = [each for start, size in zip(starts[1:-1], heights[1:-1], strict=True) for each in (start, start + size)]
    lowest = min([*edges, heights[0], heights[-1]])
    highest = max([*edges, heights[0], heights[-1]])
    # Small steps on a tall base cannot be told apart: the axis then begins near the lowest step.
    floor = lowest - 0.35 * (highest - lowest) if lowest > 0.5 * highest > 0 else min(0.0, lowest)
    bars = {
        "type": "bar",
        "x": names,
        "y": [round(size, 2) for size in heights],
        "base": [round(start, 2) for start in starts],
        "marker": {"color": [GREY, *(MOVEMENTS[kind] for kind in steps), GREY], "line": {"width": 0}},
        "text": [money(size, currency) for size in heights],
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "customdata": [["all"], *([kind] for kind in steps), ["all"]],
        "hovertemplate": "%{x}: %{text}<extra></extra>",
    }
    joints = {
        "type": "scatter",
        "mode": "lines",
        "x": [name for here, there in pairwise(names) for name in (here, there, None)],
        "y": [each for end in _ends(starts, heights)[:-1] for each in (end, end, None)],
        "line": {"color": FADED, "width": 1},
        "hoverinfo": "skip",
    }
    span = [floor, highest + 0.12 * (highest - floor)] if highest > floor else None
    return drawn(
        [bars, joints],
        height=height,
        y_format="~s",
        legend=False,
        hovermode="closest",
        x={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names,
            "tickangle": 0,
            "tickvals": names,
            "ticktext": [("<br>" if place % 2 else "") + name for place, name in enumerate(names)],  # room in two rows
        },
        y={"range": span, "title": {"text": "axis does not begin at 0" if floor > 0 else ""}},
    )


def quick_ratio(frame: pd.DataFrame, *, height: int = 220) -> go.Figure:
    """The quick ratio of each full month, with 4 and 1 as the lines people know; nothing lost leaves a gap."""
    full = frame[frame["is_full"].fillna(False)]
    days = days_of(full["month"])
    exact = full["quick_ratio"].to_numpy("float64")
    shown = np.minimum(exact, MOST)
    bars = {
        "type": "bar",
        "x": days,
        "y": shown.round(3).tolist(),
        "name": "Quick ratio",
        "marker": {"color": [MOVEMENTS["churn"] if value < 1 else MOVEMENTS["expansion"] for value in exact.tolist()]},
        "customdata": [[day[:7], "moved"] for day in days],
        "hovertext": [f"{value:,.2f}" for value in exact.tolist()],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    return drawn([bars], height=height, legend=False, levels=(1, 4), y={"range": [0, MOST * 1.02]})


def _ends(starts: list[float], heights: list[float]) -> list[float]:
    return [start + size for start, size in zip(starts, heights, strict=True)]
