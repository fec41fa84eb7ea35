"""Cohorts: the heatmap that can be clicked, and the curves with their weighted mean."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import AROUND_ONE, BLUE, FADED, GREY, KEPT, Drawn, drawn

UNITS = {"month": "Month", "quarter": "Quarter", "year": "Year"}
SMALL = 5
DARK, LIGHT = "#1c2733", (0xE9, 0xED, 0xF1)
FEW, FEW_TEXT = "#c9ced4", "#454c55"  # readable on a light and on a dark page


def heatmap(
    frame: pd.DataFrame, *, kind: str, grain: str, ages: int, projected: pd.DataFrame | None = None
) -> go.Figure:
    """Mature cells of `cohort_retention`, ages across to ten years; cells of fewer than five accounts are grey.

    `projected` (cohort, age, rate, low, high, is_back_tested) fills the rest: paler as far as back-tested, beyond
    that without colour, in italics everywhere.
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
    traces = [grey, coloured, squares]
    if projected is not None and len(projected):
        tested = _grid(projected[projected["is_back_tested"]], cohorts, ages, "rate")
        faint = [[place, _paler(colour)] for place, colour in scale]
        paler = {**coloured, "z": tested.to_numpy(), "colorscale": faint, "showscale": False}
        traces = [grey, paler, coloured, _ahead(projected), squares]
    return drawn(
        traces,
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


def fan(pooled: pd.DataFrame, baselines: pd.DataFrame, *, oldest: int, unit: str, height: int = 380) -> go.Figure:
    """The typical cohort: observed dots, the model's median and 80 % interval, the naive baselines as thin lines."""
    ages, seen = pooled["age"].tolist(), pooled["observed"].notna()
    band = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    traces: list[Drawn] = [
        {**band, "x": ages, "y": pooled["high"].round(5).tolist()},
        {
            **band,
            "x": ages,
            "y": pooled["low"].round(5).tolist(),
            "fill": "tonexty",
            "fillcolor": "rgba(0,114,178,0.18)",
            "name": "80 % interval",
            "showlegend": True,
        },
    ]
    for position, (name, part) in enumerate(baselines.groupby("model", sort=False)):
        traces.append(
            {
                "type": "scatter",
                "x": part["age"].tolist(),
                "y": part["retention"].round(5).tolist(),
                "name": str(name),
                "mode": "lines",
                "line": {"color": GREY, "width": 1.3, "dash": ("dot", "dash", "dashdot", "longdash")[position % 4]},
                "hovertemplate": f"{name}: %{{y:.1%}}<extra></extra>",
            }
        )
    traces.append(
        {
            "type": "scatter",
            "x": ages,
            "y": pooled["median"].round(5).tolist(),
            "name": "Engine, median",
            "mode": "lines",
            "line": {"color": BLUE, "width": 2.5, "dash": "dash"},
            "customdata": pooled[["low", "high"]].round(5).to_numpy().tolist(),
            "hovertemplate": "Engine: %{y:.1%} (80 %: %{customdata[0]:.1%} to %{customdata[1]:.1%})<extra></extra>",
        }
    )
    traces.append(
        {
            "type": "scatter",
            "x": pooled.loc[seen, "age"].tolist(),
            "y": pooled.loc[seen, "observed"].round(5).tolist(),
            "name": "Observed",
            "mode": "markers",
            "marker": {"size": 8, "color": BLUE},
            "hovertemplate": "Observed: %{y:.1%}<extra></extra>",
        }
    )
    edge = {"type": "line", "x0": oldest, "x1": oldest, "yref": "paper", "y0": 0, "y1": 1}
    return drawn(
        traces,
        height=height,
        y_format=".0%",
        x={"title": {"text": f"{unit}s since the first month; the line marks the oldest age observed"}, "dtick": 1},
        y={"rangemode": "tozero"},
        hovermode="x unified",
        shapes=[{**edge, "line": {"color": GREY, "width": 1, "dash": "dot"}}],
    )


def _paler(colour: str) -> str:
    """A colour halfway to a light grey: opaque, so that dark text can be read on it on any page."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(0.5 * part + 0.5 * grey):02x}" for part, grey in zip(parts, LIGHT, strict=True))


def _ahead(projected: pd.DataFrame) -> Drawn:
    return {
        "type": "scatter",
        "x": projected["age"].astype(str).tolist(),
        "y": projected["cohort"].tolist(),
        "mode": "text",
        "text": [f"<i>{rate:.0%}</i>" for rate in projected["rate"]],
        "textfont": {"size": 11, "color": [DARK if tested else GREY for tested in projected["is_back_tested"]]},
        "hovertext": [
            f"{cohort}, age {age}, projected: <b>{rate:.1%}</b><br>80 % interval {low:.1%} to {high:.1%}"
            + ("" if tested else "<br>extrapolation, not back-testable with this data")
            for cohort, age, rate, low, high, tested in projected.itertuples(index=False)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


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
                "#ffffff" if dark else (DARK if n >= SMALL else FEW_TEXT)
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
