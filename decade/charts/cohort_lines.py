"""Cohorts as lines: every cohort with those to compare it with, the projected fan, and who leaves at which age."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import BLUE, FADED, GREEN, GREY, ORANGE, PURPLE, SERIES, VERMILION, Drawn, drawn

ERROR_BARS = 15
MATURE = "All mature cohorts"  # in place of a cohort: those that a mean is over


def curves(
    frame: pd.DataFrame,
    means: Mapping[str, pd.DataFrame],
    *,
    title: str,
    records: tuple[str, str] | None = None,
    picked: tuple[str, int] | None = None,
    is_by_age: bool = True,
    height: int = 340,
) -> go.Figure:
    """A faint line a cohort at `at`; on top the weighted mean and the median of each of `means`, best and worst cohort.

    By calendar there is no mean over ages. The cohort and age `picked` are drawn strong. A point's custom data are its
    cohort (`MATURE` for a mean), its age, and whose it is.
    """
    is_drawn = frame["is_mature"].to_numpy("bool", na_value=False) & frame["rate"].notna().to_numpy()
    points: dict[str, list[tuple[object, float, int]]] = {}
    columns = ("cohort", "age" if is_by_age else "at", "rate", "age")
    for cohort, at, rate, age in zip(*(frame[name][is_drawn].tolist() for name in columns), strict=True):
        points.setdefault(str(cohort), []).append((at, round(rate, 5), int(age)))
    best, worst = records or (None, None)
    lines: list[Drawn] = []
    strong: list[Drawn] = []
    for cohort, part in points.items():
        x, y, ages = zip(*part, strict=True)
        line: Drawn = {
            "type": "scatter",
            "x": x,
            "y": y,
            "name": cohort,
            "mode": "lines+markers",
            "marker": {"size": 4, "color": FADED},
            "line": {"color": FADED, "width": 1.5},
            "customdata": [[cohort, age, "this"] for age in ages],
            "hovertemplate": f"{cohort}: %{{y:.1%}}<extra></extra>",
            "showlegend": False,
        }
        for record, colour, said, dash in ((best, GREEN, "Best", "dashdot"), (worst, PURPLE, "Worst", "dash")):
            if cohort == record:
                stroke = {"color": colour, "width": 2, "dash": dash}
                line |= {"line": stroke, "name": f"{said}: {cohort}", "showlegend": True}
                line["marker"] = {"size": 4, "color": colour}
        if picked and cohort == picked[0]:
            sizes = [11 if age == picked[1] else 5 for age in ages]
            stroke = {**line["line"], "color": VERMILION, "width": 2.5}
            named = line["name"] if line["showlegend"] else f"Chosen: {cohort}"
            line |= {"line": stroke, "marker": {"size": sizes, "color": VERMILION}, "name": named, "showlegend": True}
        (strong if line["showlegend"] else lines).append(line)
    lines += strong
    for place, (name, mean) in enumerate(means.items() if is_by_age else ()):
        whose = "this" if place == 0 else "versus"
        colour, dash = (BLUE, "solid") if place == 0 else (ORANGE, "solid")
        lines.append(_mean(mean, "rate", f"Weighted mean{name}", {"color": colour, "width": 3, "dash": dash}, whose))
        lines.append(_mean(mean, "median", f"Median{name}", {"color": colour, "width": 1.5, "dash": "dot"}, whose))
    return drawn(
        lines,
        height=height,
        y_format=".0%",
        x={
            "title": {"text": title},
            **({} if is_by_age else {"type": "category", "categoryorder": "category ascending"}),
        },
        y={"rangemode": "tozero"},
        hovermode="closest",
    )


def _mean(mean: pd.DataFrame, column: str, name: str, line: Drawn, whose: str) -> Drawn:
    return {
        "type": "scatter",
        "x": mean["age"].tolist(),
        "y": mean[column].round(5).tolist(),
        "name": name,
        "mode": "lines+markers" if column == "rate" else "lines",
        "line": line,
        "marker": {"size": 6},
        "customdata": [[MATURE, age, whose] for age in mean["age"].tolist()],
        "hovertemplate": f"{name}: %{{y:.1%}}<extra></extra>",
    }


def leaving(frame: pd.DataFrame, *, unit: str, height: int = 300) -> go.Figure:
    """Share leaving at each age, a line a slice of `leaving_by_age`, with its 95 % interval; few at risk are hollow."""
    traces: list[Drawn] = []
    for place, (name, part) in enumerate(frame.groupby("slice", sort=False)):
        colour = SERIES[place % len(SERIES)]
        rate = part["rate"].round(5)
        bars = {
            "type": "data",
            "array": (part["high"] - rate).round(5).tolist(),
            "arrayminus": (rate - part["low"]).round(5).tolist(),
            "thickness": 1,
            "width": 3,
        }
        traces.append(
            {
                "type": "scatter",
                "x": part["age"].tolist(),
                "y": rate.tolist(),
                "name": str(name),
                "mode": "lines+markers",
                "line": {"color": colour, "width": 1.5},
                "marker": {
                    "size": 7,
                    "color": colour,
                    "symbol": ["circle" if n >= 5 else "circle-open" for n in part["at_risk"]],
                },
                "error_y": bars if len(part) <= ERROR_BARS else {"visible": False},
                "customdata": [
                    [str(name), int(age), int(at_risk), int(lost), low, high]
                    for age, at_risk, lost, low, high in part[["age", "at_risk", "lost", "low", "high"]].itertuples(
                        index=False
                    )
                ],
                "hovertemplate": f"{name}: %{{y:.1%}} left (95 %: %{{customdata[4]:.1%}} to %{{customdata[5]:.1%}})"
                "<br>%{customdata[3]} of %{customdata[2]} at risk<extra></extra>",
            }
        )
    return drawn(
        traces,
        height=height,
        y_format=".0%",
        x={"title": {"text": f"{unit}s since the first month"}},
        y={"rangemode": "tozero"},
        hovermode="closest",
    )


def _band(rows: pd.DataFrame, name: str, fill: Drawn) -> list[Drawn]:
    if len(rows) < 2:
        return []
    ages = rows["age"].tolist()
    edge = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    filled = {"fill": "tonexty", "fillcolor": "rgba(0,114,178,0.18)", **fill, "name": name, "showlegend": True}
    return [
        {**edge, "x": ages, "y": rows["high"].round(5).tolist()},
        {**edge, "x": ages, "y": rows["low"].round(5).tolist(), **filled},
    ]


def fan(pooled: pd.DataFrame, baselines: pd.DataFrame, *, oldest: int, unit: str, height: int = 380) -> go.Figure:
    """The typical cohort: observed dots, the model's median and 80 % interval, the naive baselines as thin lines."""
    seen = pooled["observed"].notna()
    tested = int(pooled["age"][pooled["is_back_tested"]].max())
    traces: list[Drawn] = [
        *_band(pooled[pooled["age"] <= tested], "80 % interval", {}),
        *_band(
            pooled[pooled["age"] >= tested],
            "80 % interval, beyond what can be back-tested",
            {"fillpattern": {"shape": "/", "size": 7, "fgcolor": "rgba(0,114,178,0.45)", "bgcolor": "rgba(0,0,0,0)"}},
        ),
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
            "x": pooled["age"].tolist(),
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
            "x": pooled["age"][seen].tolist(),
            "y": pooled["observed"][seen].round(5).tolist(),
            "name": "Observed",
            "mode": "markers",
            "marker": {"size": 8, "color": BLUE},
            "hovertemplate": "Observed: %{y:.1%}<extra></extra>",
        }
    )
    last = min(oldest, int(pooled["age"].max()))
    edge = {"type": "line", "x0": last, "x1": last, "yref": "paper", "y0": 0, "y1": 1}
    return drawn(
        traces,
        height=height,
        y_format=".0%",
        x={"title": {"text": f"{unit}s since the first month; the line marks the oldest age observed"}, "dtick": 1},
        y={"rangemode": "tozero"},
        hovermode="x unified",
        shapes=[{**edge, "line": {"color": GREY, "width": 1, "dash": "dot"}}],
    )
