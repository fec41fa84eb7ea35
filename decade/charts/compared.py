"""From one number to another, cause by cause."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import BLUE, GREY, MOVEMENTS, drawn


def waterfall(
    steps: pd.DataFrame, *, labels: list[str], ends: tuple[str, str], is_rate: bool = False, height: int = 330
) -> go.Figure:
    """Bars from the first number to the last: `before`, `after` and `effect` of each `cause`, with its label.

    The axis begins near the numbers, because differences are small beside them.
    """
    first, last = float(steps["before"].iloc[0]), float(steps["after"].iloc[-1])
    values = [first, *steps["before"], *steps["after"], last]
    low, high = min(values), max(values)
    room = max((high - low) * 0.35, abs(high) * 0.002, 1e-9)
    floor = 0.0 if low - room < 0 <= low or high - low > 0.5 * abs(high) else low - room
    floor = min(floor, low)
    bottoms = [floor, *steps[["before", "after"]].min(axis=1), floor]
    sizes = [first - floor, *steps["effect"].abs(), last - floor]
    colours = [BLUE, *[MOVEMENTS["expansion" if each >= 0 else "churn"] for each in steps["effect"]], GREY]
    written = "{:.2%}" if is_rate else "{:,.0f}"
    points = "{:+.2f} pt" if is_rate else "{:+,.0f}"
    texts = [
        written.format(first),
        *[points.format(each * (100 if is_rate else 1)) for each in steps["effect"]],
        written.format(last),
    ]
    names = [ends[0], *labels, ends[1]]
    bars = {
        "type": "bar",
        "x": names,
        "y": sizes,
        "base": bottoms,
        "marker": {"color": colours, "line": {"width": 0}},
        "text": texts,
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "customdata": [[None], *[[cause] for cause in steps["cause"]], [None]],
        "hovertemplate": "%{x}: %{text}<extra></extra>",
    }
    return drawn(
        [bars],
        height=height,
        legend=False,
        y_format=".1%" if is_rate else "~s",
        y={"range": [floor, high + room]},
        x={"type": "category", "tickangle": 0, "tickvals": names, "ticktext": [_broken(each) for each in names]},
        hovermode="closest",
    )


def _broken(label: str) -> str:
    """A word a line, so that labels side by side stay level."""
    return label.replace(" ", "<br>")
