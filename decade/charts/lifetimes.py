"""Lifetimes: how long an account lasts, what cohorts bring within ten years, and survival by group."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import count, money, percent
from decade.charts.theme import BLUE, SERIES, SKY, Drawn, drawn

BANDS = 4


def expected(frame: pd.DataFrame, *, usual: float, height: int | None = None) -> go.Figure:
    """Expected years of ten a group, with the 80 % interval; a dotted line marks all together."""
    frame = frame[frame["years"].notna()]
    years = frame["years"].round(3)
    dots = {
        "type": "scatter",
        "x": years.tolist(),
        "y": frame["group"].astype(str).tolist(),
        "mode": "markers",
        "marker": {"size": 10, "color": BLUE},
        "error_x": {
            "type": "data",
            "array": (frame["years_high"] - years).round(3).tolist(),
            "arrayminus": (years - frame["years_low"]).round(3).tolist(),
            "thickness": 2,
            "width": 4,
            "color": SKY,
        },
        "customdata": [[str(group)] for group in frame["group"]],
        "hovertext": [
            f"{row['group']}: <b>{row['years']:.1f} years</b> of ten "
            f"(80 %: {row['years_low']:.1f} to {row['years_high']:.1f})<br>{count(row['accounts'])} accounts; "
            f"{percent(row['share_beyond'], 0)} of it beyond the oldest age observed"
            for row in frame.to_dict("records")
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    mark = {"type": "line", "x0": usual, "x1": usual, "yref": "paper", "y0": 0, "y1": 1}
    return drawn(
        [dots],
        height=height or max(200, 26 * len(frame) + 80),
        legend=False,
        x={"title": {"text": "Years of the first ten; the dotted line is all together"}, "range": [0, 10.3]},
        y={"type": "category", "autorange": "reversed", "nticks": 40, "zeroline": False},
        hovermode="closest",
        shapes=[{**mark, "line": {"color": BLUE, "width": 1, "dash": "dot"}}],
    )


def revenue(frame: pd.DataFrame, *, currency: str, height: int | None = None) -> go.Figure:
    """Revenue retained over ten years a group: the part seen solid, the part still to come hatched, 80 % interval."""
    used = frame[frame["revenue"].notna()]
    names, ahead = used["group"].astype(str).tolist(), used["revenue"] - used["revenue_seen"]
    told = [
        f"{row['group']}: <b>{money(row['revenue'], currency)}</b> over ten years (80 %: "
        f"{money(row['revenue_low'], currency)} to {money(row['revenue_high'], currency)})"
        f"<br>{money(row['revenue_seen'], currency)} of it observed"
        for row in used.to_dict("records")
    ]
    bar = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "customdata": [[name] for name in names],
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    ends = {
        "type": "data",
        "array": (used["revenue_high"] - used["revenue"]).round(2).tolist(),
        "arrayminus": (used["revenue"] - used["revenue_low"]).round(2).tolist(),
        "thickness": 1.5,
        "width": 4,
        "color": "#8A8F98",
    }
    seen = {**bar, "name": "Observed", "x": used["revenue_seen"].round(2).tolist(), "marker": {"color": BLUE}}
    hatch = {"color": SKY, "pattern": {"shape": "/", "fgcolor": BLUE, "size": 6}}
    coming = {**bar, "name": "Projected", "x": ahead.round(2).tolist(), "marker": hatch, "error_x": ends}
    return drawn(
        [seen, coming],
        height=height or max(200, 26 * len(used) + 90),
        x={"title": {"text": f"MRR added up over ten years{f', {currency}' if currency else ''}"}, "nticks": 6},
        y={"type": "category", "autorange": "reversed", "nticks": 40, "zeroline": False, "tickformat": ""},
        hovermode="closest",
        barmode="stack",
    )


def survival(lines: pd.DataFrame, *, months: int, height: int = 360) -> go.Figure:
    """Share still there by years since the first month, a step line a group; up to four groups show their interval."""
    traces: list[Drawn] = []
    groups = list(dict.fromkeys(lines["group"]))
    for place, name in enumerate(groups):
        part, colour = lines[lines["group"] == name], SERIES[place % len(SERIES)]
        years = (part["age"] * months / 12).round(4).tolist()
        edge = {
            "type": "scatter",
            "x": years,
            "mode": "lines",
            "line": {"width": 0, "shape": "hv"},
            "hoverinfo": "skip",
            "showlegend": False,
            "legendgroup": str(name),
        }
        if len(groups) <= BANDS:
            traces.append({**edge, "y": part["high"].round(5).tolist()})
            traces.append({**edge, "y": part["low"].round(5).tolist(), "fill": "tonexty", "fillcolor": _faint(colour)})
        traces.append(
            {
                "type": "scatter",
                "x": years,
                "y": part["survival"].round(5).tolist(),
                "name": str(name),
                "mode": "lines",
                "line": {"color": colour, "width": 2.5, "shape": "hv", "dash": _dash(place)},
                "legendgroup": str(name),
                "customdata": [
                    [str(name), int(at_risk), low, high]
                    for at_risk, low, high in zip(part["at_risk"], part["low"], part["high"], strict=True)
                ],
                "hovertemplate": f"{name}: %{{y:.1%}} (80 %: %{{customdata[2]:.1%}} to %{{customdata[3]:.1%}}), "
                "%{customdata[1]} at risk<extra></extra>",
            }
        )
    return drawn(
        traces,
        height=height,
        y_format=".0%",
        x={"title": {"text": "Years since the first month"}, "dtick": 1},
        y={"rangemode": "tozero"},
        hovermode="closest",
    )


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.13)"


def _dash(place: int) -> str:
    return ("solid", "dash", "dot", "dashdot")[place // len(SERIES) % 4]
