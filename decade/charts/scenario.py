"""Figures of scenarios: the years, the cash curve with its deepest point, comparisons and heatmaps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import AROUND_ONE, BLUE, GREEN, ORANGE, SERIES, SKY, VERMILION, Drawn, drawn

DASHES = ("solid", "dash", "dot", "dashdot")


def year_bars(years: pd.DataFrame, *, height: int = 330) -> go.Figure:
    """Revenue and margin of each year as bars, cumulative cash as a line, from a scenario's year table."""
    year = years["year"].to_numpy()
    traces: list[Drawn] = [
        {"type": "bar", "x": year, "y": years[column].to_numpy(), "name": name, "marker": {"color": colour}}
        for column, name, colour in (("revenue", "Revenue", SKY), ("margin", "Margin", BLUE))
    ]
    traces.append(
        {
            "type": "scatter",
            "x": year,
            "y": years["cumulative"].to_numpy(),
            "name": "Cash after CAC",
            "mode": "lines+markers",
            "line": {"color": ORANGE, "width": 2.5},
        }
    )
    return drawn(
        traces, height=height, y_title="money a year", y_format="~s", x=_titled("year", dtick=1), barmode="group"
    )


def cash_curve(position: pd.DataFrame, payback_months: float | None = None, *, height: int = 330) -> go.Figure:
    """Cumulative cash by month (columns month, position), its deepest point and the payback marked."""
    traces: list[Drawn] = [
        {
            "type": "scatter",
            "x": position["month"].to_numpy(),
            "y": position["position"].to_numpy(),
            "name": "Cumulative cash",
            "mode": "lines",
            "line": {"color": BLUE, "width": 2.5},
        }
    ]
    cash = position["position"].to_numpy("float64")
    if (cash < 0).any():
        deepest = int(np.nanargmin(cash))
        month = float(position["month"].iloc[deepest])
        traces.append(_mark("Deepest point", month, float(cash[deepest]), VERMILION))
    if payback_months is not None:
        traces.append(_mark("Payback", payback_months, 0.0, GREEN))
    return drawn(
        traces,
        height=height,
        y_format="~s",
        levels=(0,),
        legend=False,
        x=_titled("month", dtick=12),
    )


def year_lines(years: Mapping[str, pd.DataFrame], column: str = "revenue", *, height: int = 330) -> go.Figure:
    """One column of several year tables by name, so that constant and damped growth stand side by side."""
    lines = [
        {
            "type": "scatter",
            "x": table["year"].to_numpy(),
            "y": table[column].to_numpy(),
            "name": name,
            "mode": "lines+markers",
            "line": {"color": SERIES[place % len(SERIES)], "dash": DASHES[place % len(DASHES)], "width": 2.5},
        }
        for place, (name, table) in enumerate(years.items())
    ]
    return drawn(lines, height=height, y_title=_words(column), y_format="~s", x=_titled("year", dtick=1))


def comparison_bars(compared: pd.DataFrame, output: str = "npv", *, height: int = 330) -> go.Figure:
    """One output of each compared scenario (columns scenario and the output) as bars; none where empty."""
    bars = {
        "type": "bar",
        "x": compared["scenario"].tolist(),
        "y": compared[output].to_numpy(),
        "name": _words(output),
        "marker": {"color": BLUE},
    }
    return drawn([bars], height=height, y_title=_words(output), y_format="~s", legend=False)


def heatmap(
    grid: pd.DataFrame,
    output: str = "NPV",
    break_even: float | None = 0.0,
    *,
    at: tuple[float, float] | None = None,
    height: int = 420,
) -> go.Figure:
    """An output over two inputs (index and columns of the grid), with the line where it breaks even.

    `at`: where a scenario lies, across and down; it is marked.
    """
    values = grid.to_numpy(dtype=float)
    cells = {"x": grid.columns.to_numpy(), "y": grid.index.to_numpy(), "z": values}
    traces: list[Drawn] = [
        {
            **cells,
            "type": "heatmap",
            "colorscale": [list(stop) for stop in AROUND_ONE],
            "colorbar": {"title": {"text": output}, "tickformat": "~s", "thickness": 12},
            "name": output,
            "hovertemplate": _hover(grid, output),
            **({} if break_even is None else {"zmid": break_even}),
        }
    ]
    known = values[np.isfinite(values)]
    if break_even is not None and known.size and known.min() < break_even < known.max():
        traces.append(
            {
                **cells,
                "type": "contour",
                "contours": {"start": break_even, "end": break_even, "size": 1, "coloring": "none"},
                "line": {"width": 3, "color": "#4d5258"},
                "showscale": False,
                "hoverinfo": "skip",
                "name": "Break-even",
            }
        )
    if at is not None:
        mark = {"color": "rgba(0,0,0,0)", "size": 13, "line": {"width": 3, "color": "#1c2733"}}
        traces.append(
            {
                "type": "scatter",
                "x": [at[0]],
                "y": [at[1]],
                "mode": "markers",
                "marker": mark,
                "name": "This scenario",
                "hoverinfo": "skip",
            }
        )
    return drawn(
        traces,
        height=height,
        y_title=_words(str(grid.index.name)),
        y_format=_shape(str(grid.index.name)),
        legend=False,
        x=_titled(_words(str(grid.columns.name)), tickformat=_shape(str(grid.columns.name))),
        y={"range": [float(grid.index[0]), float(grid.index[-1])]},
        hovermode="closest",
    )


RATES = ("nrr", "churn", "gross_margin", "discount_rate", "price_steps", "damping")


def _shape(name: str) -> str:
    return ".0%" if name in RATES else "~s"


def _hover(grid: pd.DataFrame, output: str) -> str:
    def written(name: str, axis: str) -> str:
        return f"{_words(name)} %{{{axis}:{'.1%' if name in RATES else ',.4~r'}}}"

    across, down = written(str(grid.columns.name), "x"), written(str(grid.index.name), "y")
    return f"{across}, {down}: {output} %{{z:,.4~r}}<extra></extra>"


def _titled(title: str, **axis: object) -> Drawn:
    return {"title": {"text": title}, **axis}


def _mark(name: str, x: float, y: float, colour: str) -> Drawn:
    marker = {"color": colour, "size": 10}
    return {"type": "scatter", "x": [x], "y": [y], "name": name, "mode": "markers", "marker": marker}


def _words(name: str) -> str:
    words = name.replace("_", " ")
    return words.upper() if words in {"npv", "irr", "nrr", "cac", "acv"} else words
