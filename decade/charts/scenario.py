"""Figures of scenarios: the years, the cash curve with its deepest point, comparisons and heatmaps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import AROUND_ONE, BLUE, GREEN, GREY, ORANGE, SERIES, SKY, VERMILION, Drawn, drawn

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
            "name": "Cumulative cash after CAC",
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
    deepest = position.nsmallest(1, "position")
    if (deepest["position"] < 0).any():
        month, cash = float(deepest["month"].iloc[0]), float(deepest["position"].iloc[0])
        traces.append(_mark("Deepest point", month, cash, VERMILION, "bottom right", f"{cash:,.0f}"))
    if payback_months is not None:
        is_early = payback_months < 0.1 * float(position["month"].max())
        place = "top right" if is_early else "top left"
        traces.append(_mark("Payback", payback_months, 0.0, GREEN, place, f"month {payback_months:.1f}"))
    return drawn(
        traces,
        height=height,
        y_title="cumulative cash",
        y_format="~s",
        levels=(0,),
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


def heatmap(grid: pd.DataFrame, output: str = "NPV", break_even: float | None = 0.0, *, height: int = 420) -> go.Figure:
    """An output over two inputs (index and columns of the grid), with the line where it breaks even."""
    values = grid.to_numpy(dtype=float)
    cells = {"x": grid.columns.to_numpy(), "y": grid.index.to_numpy(), "z": values}
    traces: list[Drawn] = [
        {
            **cells,
            "type": "heatmap",
            "colorscale": [list(stop) for stop in AROUND_ONE],
            "colorbar": {"title": {"text": output}, "tickformat": "~s"},
            "name": output,
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
                "line": {"width": 3, "color": GREY},
                "showscale": False,
                "hoverinfo": "skip",
                "name": "Break-even",
            }
        )
    return drawn(
        traces,
        height=height,
        y_title=_words(str(grid.index.name)),
        legend=False,
        x=_titled(_words(str(grid.columns.name))),
        hovermode="closest",
    )


def _titled(title: str, **axis: object) -> Drawn:
    return {"title": {"text": title}, **axis}


def _mark(name: str, x: float, y: float, colour: str, place: str, words: str) -> Drawn:
    return {
        "type": "scatter",
        "x": [x],
        "y": [y],
        "name": name,
        "mode": "markers+text",
        "marker": {"color": colour, "size": 9},
        "text": [words],
        "textposition": place,
        "cliponaxis": False,
    }


def _words(name: str) -> str:
    words = name.replace("_", " ")
    return words.upper() if words in {"npv", "irr", "nrr", "cac", "acv"} else words
