"""Cohorts as a heatmap whose cells can be clicked: what was observed, and what is projected to the right of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.theme import AROUND_ONE, GREY, KEPT, VERMILION, Drawn, drawn

UNITS = {"month": "Month", "quarter": "Quarter", "year": "Year"}
SMALL = 5
DARK, LIGHT = "#1c2733", (0xE9, 0xED, 0xF1)
FEW, FEW_TEXT = "#c9ced4", "#454c55"  # readable on a light and on a dark page
WRITTEN_CELLS = 520
HATCHES = 1500


def heatmap(
    frame: pd.DataFrame,
    *,
    kind: str,
    across: Sequence[str],
    title: str,
    projected: pd.DataFrame | None = None,
    picked: tuple[str, int] | None = None,
    whose: str = "this",
) -> go.Figure:
    """Mature cells of `cohort_retention`, placed at `at`, a column of `across`; fewer than five accounts are grey.

    `projected` (cohort, age, at, rate, low, high, is_back_tested) fills the rest, outlined and in italics: paler as far
    as back-tested, beyond that hatched. The cell and cohort `picked` are outlined.
    Plotly reports no clicks on a heatmap, so clear squares lie over it that carry [cohort, age, whose].
    """
    mature = frame[frame["is_mature"].to_numpy("bool", na_value=False) & frame["rate"].notna().to_numpy()]
    cohorts = frame["cohort"].unique().tolist()
    scale, low, high = (AROUND_ONE, 0.4, 1.6) if kind == "net" else (KEPT, 0.0, 1.0)
    is_small = mature["n"].to_numpy("float64") < SMALL
    rates = mature["rate"].to_numpy("float64")
    few, shown = _grids(mature, cohorts, across, np.where(is_small, 1.0, np.nan), np.where(is_small, np.nan, rates))
    cells = {"type": "heatmap", "x": list(across), "y": cohorts, "hoverinfo": "skip", "xgap": 1, "ygap": 1}
    grey = {**cells, "z": few, "colorscale": [[0, FEW], [1, FEW]], "showscale": False}
    coloured = {
        **cells,
        "z": shown,
        "zmin": low,
        "zmax": high,
        "colorscale": [list(stop) for stop in scale],
        "colorbar": {"tickformat": ".0%", "thickness": 10, "len": 0.9, "outlinewidth": 0},
    }
    is_written = len(cohorts) * len(across) <= WRITTEN_CELLS
    squares = _squares(mature, scale, low, high, is_written=is_written, whose=whose)
    traces = [grey, coloured, squares]
    shapes = _outline(mature, cohorts, across, picked)
    if projected is not None and len(projected):
        is_tested = projected["is_back_tested"].to_numpy("bool")
        (tested,) = _grids(
            projected, cohorts, across, np.where(is_tested, projected["rate"].to_numpy("float64"), np.nan)
        )
        faint = [[place, _paler(colour)] for place, colour in scale]
        paler = {**coloured, "z": tested, "colorscale": faint, "showscale": False}
        traces = [grey, paler, coloured, _ahead(projected, is_written=is_written), squares]
        ahead, beyond = _places(projected, cohorts, across), _places(projected[~is_tested], cohorts, across)
        shapes = [*_hatched(beyond), *_around(ahead), *shapes]
    return drawn(
        traces,
        height=max(220, min(34, max(13, 620 // max(1, len(cohorts)))) * len(cohorts) + 70),
        legend=False,
        x={"type": "category", "title": {"text": title}, "side": "top", "ticks": "", "nticks": 40},
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
        shapes=shapes,
    )


def _outline(
    mature: pd.DataFrame, cohorts: list[str], across: Sequence[str], picked: tuple[str, int] | None
) -> list[Drawn]:
    """A frame around the picked cell, and a thin one around its cohort."""
    if picked is None or picked[0] not in cohorts:
        return []
    row, own = cohorts.index(picked[0]), mature[mature["cohort"] == picked[0]]
    places = {int(age): across.index(at) for age, at in zip(own["age"], own["at"], strict=True) if at in across}
    if not places:
        return []
    shape = {"type": "rect", "y0": row - 0.5, "y1": row + 0.5, "fillcolor": "rgba(0,0,0,0)", "layer": "above"}
    whole = {
        "x0": min(places.values()) - 0.5,
        "x1": max(places.values()) + 0.5,
        "line": {"color": VERMILION, "width": 1},
    }
    shapes = [{**shape, **whole}]
    if picked[1] in places:
        place = places[picked[1]]
        shapes.append({**shape, "x0": place - 0.5, "x1": place + 0.5, "line": {"color": VERMILION, "width": 3}})
    return shapes


def _places(cells: pd.DataFrame, cohorts: list[str], across: Sequence[str]) -> list[tuple[int, int]]:
    """Column and row of each cell that is on the grid."""
    rows = {cohort: place for place, cohort in enumerate(cohorts)}
    columns = {at: place for place, at in enumerate(across)}
    return [
        (columns[at], rows[cohort])
        for cohort, at in zip(cells["cohort"], cells["at"], strict=True)
        if cohort in rows and at in columns
    ]


def _around(cells: list[tuple[int, int]]) -> list[Drawn]:
    """A line around the cells, where what was observed ends: between two of them there is none."""
    own = set(cells)
    left, right = ((-1, 0), "M{0:g},{1:g}V{3:g}"), ((1, 0), "M{2:g},{1:g}V{3:g}")
    above, below = ((0, -1), "M{0:g},{1:g}H{2:g}"), ((0, 1), "M{0:g},{3:g}H{2:g}")
    lines = [
        side.format(x - 0.5, y - 0.5, x + 0.5, y + 0.5)
        for x, y in cells
        for (along, down), side in (left, right, above, below)
        if (x + along, y + down) not in own
    ]
    if not lines:
        return []
    shape = {"type": "path", "path": "".join(lines), "layer": "above"}
    # Light on dark: to be seen on pale cells and on a dark page.
    return [{**shape, "line": {"color": colour, "width": width}} for colour, width in ((DARK, 4), ("#ffffff", 1.5))]


def _hatched(cells: list[tuple[int, int]]) -> list[Drawn]:
    """Slanted lines over cells that no back-test reaches; thinned out where there are very many."""
    step = max(1, -(-len(cells) // HATCHES))
    parts = (-0.5, -0.17, 0.17) if len(cells) * 3 <= HATCHES else (-0.5,)
    lines = [
        f"M{x + part:.2f},{y + 0.5:g}L{x + part + 0.33:.2f},{y - 0.5:g}" for x, y in cells[::step] for part in parts
    ]
    if not lines:
        return []
    line = {"color": "rgba(138,143,152,0.45)", "width": 1}
    return [{"type": "path", "path": "".join(lines), "line": line, "layer": "below"}]


def _paler(colour: str) -> str:
    """A colour halfway to a light grey: opaque, so that dark text can be read on it on any page."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(0.5 * part + 0.5 * grey):02x}" for part, grey in zip(parts, LIGHT, strict=True))


def _ahead(projected: pd.DataFrame, *, is_written: bool) -> Drawn:
    columns = ["cohort", "age", "rate", "low", "high", "is_back_tested"]
    return {
        "type": "scatter",
        "x": projected["at"].tolist(),
        "y": projected["cohort"].tolist(),
        "mode": "text" if is_written else "markers",
        "marker": {"symbol": "square", "size": 9, "opacity": 0},
        "text": [f"<i>{rate:.0%}</i>" for rate in projected["rate"]] if is_written else None,
        "textfont": {"size": 11, "color": [DARK if tested else GREY for tested in projected["is_back_tested"]]},
        "hovertext": [
            f"{cohort}, age {age}, projected: <b>{rate:.1%}</b><br>80 % interval {low:.1%} to {high:.1%}"
            + ("" if tested else "<br>extrapolation, not back-testable with this data")
            for cohort, age, rate, low, high, tested in projected[columns].itertuples(index=False)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _grids(cells: pd.DataFrame, cohorts: list[str], across: Sequence[str], *values: np.ndarray) -> list[np.ndarray]:
    """Grids with a value a cell, cohorts down; not a number where there is none."""
    down, right = ({name: place for place, name in enumerate(names)} for names in (cohorts, across))
    rows = np.array([down.get(each, -1) for each in cells["cohort"].tolist()], dtype="int64")
    columns = np.array([right.get(each, -1) for each in cells["at"].tolist()], dtype="int64")
    inside = (rows >= 0) & (columns >= 0)
    grids = [np.full((len(cohorts), len(across)), np.nan) for _ in values]
    for grid, each in zip(grids, values, strict=True):
        grid[rows[inside], columns[inside]] = each[inside]
    return grids


def _squares(
    mature: pd.DataFrame, scale: tuple[tuple[float, str], ...], low: float, high: float, *, is_written: bool, whose: str
) -> Drawn:
    names = ("cohort", "age", "n", "numerator", "denominator", "rate", "low", "high")
    rows = list(zip(*(mature[name].tolist() for name in names), strict=True))
    hover = [
        f"{cohort}, age {age}: <b>{rate:.1%}</b><br>n = {n:,.0f}; {numerator:,.0f} of {denominator:,.0f}"
        + (f"<br>95 % interval {low_end:.1%} to {high_end:.1%}" if low_end == low_end else "")
        for cohort, age, n, numerator, denominator, rate, low_end, high_end in rows
    ]
    dark_below, dark_above = (-1.0, 0.72) if scale is KEPT else (0.12, 0.82)
    places = [min(1.0, max(0.0, (row[5] - low) / (high - low))) for row in rows]
    return {
        "type": "scatter",
        "x": mature["at"].tolist(),
        "y": [row[0] for row in rows],
        "mode": "markers+text" if is_written else "markers",
        "text": [f"{row[5]:.0%}" for row in rows] if is_written else None,
        "textfont": {
            "size": 11,
            "color": [
                FEW_TEXT if row[2] < SMALL else (DARK if dark_below <= place <= dark_above else "#ffffff")
                for row, place in zip(rows, places, strict=True)
            ],
        },
        "marker": {"symbol": "square", "size": 24 if is_written else 11, "opacity": 0},
        "selected": {"marker": {"opacity": 0.0}},
        "unselected": {"marker": {"opacity": 0.0}},
        "customdata": [[row[0], row[1], whose] for row in rows],
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }
