"""Cohorts: the heatmap that can be clicked, and the curves with their weighted mean."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import AROUND_ONE, BLUE, FADED, KEPT, Drawn, drawn

UNITS = {"month": "Month", "quarter": "Quarter", "year": "Year"}
SMALL = 5
FEW, FEW_TEXT = "#c9ced4", "#454c55"  # readable on a light and on a dark page


def heatmap(frame: pd.DataFrame, *, kind: str, grain: str, ages: int) -> go.Figure:
    """Mature cells of `cohort_retention`, ages across to ten years; cells of fewer than five accounts are grey.

    Plotly reports no clicks on a heatmap, so clear squares lie over it that carry [cohort, age].
    """
    mature = frame[frame["is_mature"].fillna(False) & frame["rate"].notna()]
    cohorts = list(dict.fromkeys(frame["cohort"]))
    rates = _grid(mature, cohorts, ages, "rate")
    sizes = _grid(mature, cohorts, ages, "n")
    scale, low, high = (AROUND_ONE, 0.4, 1.6) if kind == "net" else (KEPT, 0.0, 1.0)
    shown = rates.where(sizes >= SMALL)
    few = rates.where(sizes < SMALL).notna().astype(float).where(lambda cell: cell > 0)
    across = [str(age) for age in range(ages + 1)]
    cells = {"type": "heatmap", "x": across, "y": cohorts, "hoverinfo": "skip", "xgap": 1, "ygap": 1}
    grey = {**cells, "z": few.to_numpy(), "colorscale": [[0, FEW], [1, FEW]], "showscale": False}
    coloured = {
        **cells,
        "z": shown.to_numpy(),
        "zmin": low,
        "zmax": high,
        "colorscale": [list(stop) for stop in scale],
        "colorbar": {"tickformat": ".0%", "thickness": 10, "len": 0.9, "outlinewidth": 0},
    }
    squares = _squares(mature, scale, low, high, is_written=len(cohorts) * ages <= 520)
    title = {"text": f"{UNITS[grain]}s since the first month"}
    return drawn(
        [grey, coloured, squares],
        height=max(220, min(34, max(13, 620 // max(1, len(cohorts)))) * len(cohorts) + 70),
        legend=False,
        x={"type": "category", "title": title, "side": "top", "ticks": ""},
        y={
            "type": "category",
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
            "nticks": 40,
            "ticks": "",
        },
        hovermode="closest",
        plot_bgcolor="rgba(0,0,0,0)",
    )


def curves(frame: pd.DataFrame, mean: pd.DataFrame, *, grain: str, height: int = 340) -> go.Figure:
    """A faint line a cohort and the weighted mean over mature cells on top."""
    mature = frame[frame["is_mature"].fillna(False) & frame["rate"].notna()]
    lines: list[Drawn] = [
        {
            "type": "scatter",
            "x": part["age"].tolist(),
            "y": part["rate"].round(5).tolist(),
            "name": str(cohort),
            "mode": "lines+markers",
            "marker": {"size": 4, "color": FADED},
            "line": {"color": FADED, "width": 1.5},
            "customdata": [[str(cohort), int(age)] for age in part["age"]],
            "hovertemplate": f"{cohort}: %{{y:.1%}}<extra></extra>",
            "showlegend": False,
        }
        for cohort, part in mature.groupby("cohort", sort=False)
    ]
    lines.append(
        {
            "type": "scatter",
            "x": mean["age"].tolist(),
            "y": mean["rate"].round(5).tolist(),
            "name": "Weighted mean of mature cohorts",
            "mode": "lines+markers",
            "line": {"color": BLUE, "width": 3},
            "marker": {"size": 6},
            "hovertemplate": "Weighted mean: %{y:.1%}<extra></extra>",
        }
    )
    return drawn(
        lines,
        height=height,
        y_format=".0%",
        x={"title": {"text": f"{UNITS[grain]}s since the first month"}},
        y={"rangemode": "tozero"},
        hovermode="closest",
    )


def _grid(frame: pd.DataFrame, cohorts: list[str], ages: int, column: str) -> pd.DataFrame:
    wide = frame.pivot(index="cohort", columns="age", values=column).astype("float64")
    return wide.reindex(index=cohorts, columns=range(ages + 1))


def _squares(
    mature: pd.DataFrame, scale: tuple[tuple[float, str], ...], low: float, high: float, *, is_written: bool
) -> Drawn:
    hover = [
        f"{cohort}, age {age}: <b>{rate:.1%}</b><br>n = {n:,.0f}; {numerator:,.0f} of {denominator:,.0f}"
        + (f"<br>95 % interval {low_end:.1%} to {high_end:.1%}" if pd.notna(low_end) else "")
        for cohort, age, n, numerator, denominator, rate, low_end, high_end in mature[
            ["cohort", "age", "n", "numerator", "denominator", "rate", "low", "high"]
        ].itertuples(index=False)
    ]
    place = ((mature["rate"] - low) / (high - low)).clip(0, 1)
    dark_ends = place > 0.72 if scale is KEPT else (place > 0.82) | (place < 0.12)
    is_dark = dark_ends & (mature["n"] >= SMALL)
    return {
        "type": "scatter",
        "x": mature["age"].astype(str).tolist(),
        "y": mature["cohort"].tolist(),
        "mode": "markers+text" if is_written else "markers",
        "text": [f"{rate:.0%}" for rate in mature["rate"]] if is_written else None,
        "textfont": {
            "size": 11,
            "color": [
                "#ffffff" if dark else ("#1c2733" if n >= SMALL else FEW_TEXT)
                for dark, n in zip(is_dark, mature["n"], strict=True)
            ],
        },
        "marker": {"symbol": "square", "size": 24 if is_written else 11, "opacity": 0},
        "selected": {"marker": {"opacity": 0.0}},
        "unselected": {"marker": {"opacity": 0.0}},
        "customdata": [[cohort, int(age)] for cohort, age in zip(mature["cohort"], mature["age"], strict=True)],
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }
