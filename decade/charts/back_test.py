"""Back-tests: error, bias and coverage of each model by how far ahead it looked."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import BLUE, GREY, Drawn, drawn

ENGINE = "engine"
DASHES = ("dot", "dash", "dashdot", "longdash", "solid")


MEASURES = {"wape": "Weighted error", "bias": "Bias", "coverage": "80 % coverage"}
LEVELS = {"bias": (0.0,), "coverage": (0.8,)}


def errors(scores: pd.DataFrame, *, measure: str = "wape", height: int = 340) -> go.Figure:
    """A measure by horizon, a line a model and contract term; the engine is the thick one."""
    lines: list[Drawn] = []
    several = scores["term_months"].nunique() > 1
    for position, ((model, term), part) in enumerate(scores.groupby(["model", "term_months"], sort=False)):
        is_engine = model == ENGINE
        name = f"{model}, {term:.0f}-month contracts" if several else str(model)
        lines.append(
            {
                "type": "scatter",
                "x": part["horizon"].tolist(),
                "y": part[measure].round(5).tolist(),
                "name": name,
                "mode": "lines+markers",
                "line": {
                    "color": BLUE if is_engine else GREY,
                    "width": 3 if is_engine else 1.4,
                    "dash": "solid" if is_engine else DASHES[position % len(DASHES)],
                },
                "marker": {"size": 7 if is_engine else 4},
                "hovertemplate": f"{name}: %{{y:.1%}}<extra></extra>",
            }
        )
    return drawn(
        lines,
        height=height,
        y_format=".0%",
        x={"title": {"text": "Years ahead"}, "dtick": 1},
        y={} if measure == "bias" else {"rangemode": "tozero"},
        levels=LEVELS.get(measure, ()),
        hovermode="closest",
    )
