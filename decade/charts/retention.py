"""Retention over time: one line a rate, or one a slice."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import days_of
from decade.charts.theme import BLUE, GREEN, ORANGE, SERIES, Drawn, drawn

RATES = (("nrr", "Net revenue retention", BLUE), ("grr", "Gross revenue retention", ORANGE))
LOGO = ("logo_retention", "Logo retention", GREEN)


def over_time(frame: pd.DataFrame, *, behind: str = "kept", height: int = 330) -> go.Figure:
    """Lines of `revenue_retention`: NRR, GRR and logo retention, or NRR of each slice when there are several.

    `behind` is the view that a clicked point asks for, beside its month.
    """
    slices = frame["slice"].unique().tolist()
    if len(slices) <= 1:
        lines = [
            _line(frame, column, name, colour, "dot" if column == "logo_retention" else "solid", behind)
            for column, name, colour in (*RATES, LOGO)
        ]
    else:
        lines = [
            _line(
                frame[frame["slice"] == each],
                "nrr",
                each,
                SERIES[position % len(SERIES)],
                _dash(position),
                behind,
            )
            for position, each in enumerate(slices)
        ]
    return drawn(lines, height=height, y_format=".0%", levels=(1,))


def _line(frame: pd.DataFrame, column: str, name: str, colour: str, dash: str, behind: str) -> Drawn:
    days = days_of(frame["month"])
    return {
        "type": "scatter",
        "x": days,
        "y": frame[column].to_numpy("float64", na_value=float("nan")).round(6).tolist(),
        "name": name,
        "mode": "lines+markers",
        "marker": {"size": 5},
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "customdata": [[day[:7], behind] for day in days],
        "hovertemplate": "%{y:.1%}",
        "connectgaps": False,
    }


def _dash(position: int) -> str:
    return ("solid", "dash", "dot", "dashdot")[position // len(SERIES) % 4]
