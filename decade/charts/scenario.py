"""Figures of scenarios: the years, the cash curve with its deepest point, comparisons and heatmaps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import AROUND_ONE, BLUE, GREEN, GREY, ORANGE, SERIES, SKY, VERMILION, layout

DASHES = ("solid", "dash", "dot", "dashdot")


def year_bars(years: pd.DataFrame, *, height: int = 330) -> go.Figure:
    """Revenue and margin of each year as bars, cumulative cash as a line, from a scenario's year table."""
    figure = go.Figure()
    for column, name, colour in (("revenue", "Revenue", SKY), ("margin", "Margin", BLUE)):
        figure.add_bar(x=years["year"], y=years[column], name=name, marker_color=colour)
    figure.add_scatter(
        x=years["year"],
        y=years["cumulative"],
        name="Cumulative cash after CAC",
        mode="lines+markers",
        line={"color": ORANGE, "width": 2.5},
    )
    layout(figure, height=height, y_title="money a year", y_format="~s")
    return figure.update_layout(barmode="group").update_xaxes(dtick=1, title="year")


def cash_curve(position: pd.DataFrame, payback_months: float | None = None, *, height: int = 330) -> go.Figure:
    """Cumulative cash by month (columns month, position), its deepest point and the payback marked."""
    figure = go.Figure()
    figure.add_scatter(
        x=position["month"],
        y=position["position"],
        name="Cumulative cash",
        mode="lines",
        line={"color": BLUE, "width": 2.5},
    )
    deepest = position.nsmallest(1, "position")
    if (deepest["position"] < 0).any():
        _mark(
            figure,
            "Deepest point",
            deepest["month"],
            deepest["position"],
            VERMILION,
            "bottom right",
            "{:,.0f}",
        )
    if payback_months is not None:
        _mark(
            figure,
            "Payback",
            pd.Series([payback_months]),
            pd.Series([0.0]),
            GREEN,
            "top right" if payback_months < 0.1 * float(position["month"].max()) else "top left",
            "month {:.1f}",
        )
    figure.add_hline(y=0, line={"color": GREY, "width": 1})
    layout(figure, height=height, y_title="cumulative cash", y_format="~s")
    return figure.update_xaxes(title="month", dtick=12)


def year_lines(years: Mapping[str, pd.DataFrame], column: str = "revenue", *, height: int = 330) -> go.Figure:
    """One column of several year tables by name, so that constant and damped growth stand side by side."""
    figure = go.Figure()
    for place, (name, table) in enumerate(years.items()):
        figure.add_scatter(
            x=table["year"],
            y=table[column],
            name=name,
            mode="lines+markers",
            line={"color": SERIES[place % len(SERIES)], "dash": DASHES[place % len(DASHES)], "width": 2.5},
        )
    layout(figure, height=height, y_title=_words(column), y_format="~s")
    return figure.update_xaxes(dtick=1, title="year")


def comparison_bars(compared: pd.DataFrame, output: str = "npv", *, height: int = 330) -> go.Figure:
    """One output of each compared scenario (columns scenario and the output) as bars; none where empty."""
    figure = go.Figure(go.Bar(x=compared["scenario"], y=compared[output], name=_words(output), marker_color=BLUE))
    return layout(figure, height=height, y_title=_words(output), y_format="~s", legend=False)


def heatmap(grid: pd.DataFrame, output: str = "NPV", break_even: float | None = 0.0, *, height: int = 420) -> go.Figure:
    """An output over two inputs (index and columns of the grid), with the line where it breaks even."""
    values = grid.to_numpy(dtype=float)
    across, down = grid.columns.to_numpy(), grid.index.to_numpy()
    figure = go.Figure(
        go.Heatmap(
            x=across,
            y=down,
            z=values,
            zmid=break_even,
            colorscale=AROUND_ONE,
            colorbar={"title": {"text": output}, "tickformat": "~s"},
            name=output,
        )
    )
    known = values[np.isfinite(values)]
    if break_even is not None and known.size and known.min() < break_even < known.max():
        figure.add_contour(
            x=across,
            y=down,
            z=values,
            contours={"start": break_even, "end": break_even, "size": 1, "coloring": "none"},
            line={"width": 3, "color": GREY},
            showscale=False,
            hoverinfo="skip",
            name="Break-even",
        )
    layout(figure, height=height, y_title=_words(str(grid.index.name)), legend=False)
    return figure.update_xaxes(title=_words(str(grid.columns.name))).update_layout(hovermode="closest")


def _mark(
    figure: go.Figure,
    name: str,
    x: pd.Series[float],
    y: pd.Series[float],
    colour: str,
    place: str,
    words: str,
) -> None:
    shown = x if words.startswith("month") else y
    figure.add_scatter(
        x=x,
        y=y,
        name=name,
        mode="markers+text",
        marker={"color": colour, "size": 9},
        text=[words.format(each) for each in shown],
        textposition=place,
        cliponaxis=False,
    )


def _words(name: str) -> str:
    words = name.replace("_", " ")
    return words.upper() if words in {"npv", "irr", "nrr", "cac", "acv"} else words
