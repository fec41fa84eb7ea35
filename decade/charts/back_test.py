"""Back-tests: the error of each model by how far ahead it looked."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import BLUE, GREY, Drawn, drawn

ENGINE = "engine"
DASHES = ("dot", "dash", "dashdot", "longdash", "solid")


def errors(scores: pd.DataFrame, *, height: int = 340) -> go.Figure:
    """WAPE by horizon, a line a model and contract term; the engine is the thick one."""
    lines: list[Drawn] = []
    several = scores["term_months"].nunique() > 1
    for position, ((model, term), part) in enumerate(scores.groupby(["model", "term_months"], sort=False)):
        is_engine = model == ENGINE
        name = f"{model}, {term:.0f}-month contracts" if several else str(model)
        lines.append(
            {
                "type": "scatter",
                "x": part["horizon"].tolist(),
                "y": part["wape"].round(5).tolist(),
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
        y={"rangemode": "tozero"},
        hovermode="closest",
    )
