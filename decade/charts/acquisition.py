"""Acquisition: CAC over time and by lag, payback of cohorts, value by formula, two segments over ten years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import sign
from decade.charts.theme import BLUE, GREY, ORANGE, SERIES, VERMILION, Drawn, drawn

FILLS = {BLUE: "rgba(0,114,178,0.16)", ORANGE: "rgba(230,159,0,0.18)"}
MONTHS = "Months since the first"
HORIZON = 120
DASHES = ("solid", "dash", "dot", "dashdot")
TOP = 2.5  # what follows payback would hide when it comes


def cac_over_time(frame: pd.DataFrame, *, currency: str, height: int = 330) -> go.Figure:
    """A line a slice of `acquisition`; a point carries [period, slice], and its hover what it is made of."""
    slices = list(dict.fromkeys(frame.loc[frame["cac"].notna(), "slice"]))
    lines = [
        {
            "type": "scatter",
            "x": part["period"].tolist(),
            "y": _plain(part["cac"]),
            "name": str(name),
            "mode": "lines+markers",
            "marker": {"size": 6},
            "line": {
                "color": SERIES[position % len(SERIES)],
                "width": 2.5,
                "dash": DASHES[position // len(SERIES) % len(DASHES)],
            },
            "customdata": [
                [period, str(name), accounts, money]
                for period, accounts, money in zip(
                    part["period"], part["new_accounts"].astype("int64").tolist(), _plain(part["spend"]), strict=True
                )
            ],
            "hovertemplate": "%{y:,.3s} = %{customdata[3]:,.3s} ÷ %{customdata[2]} new",
            "connectgaps": False,
        }
        for position, name in enumerate(slices)
        for part in [frame[frame["slice"] == name]]
    ]
    return drawn(
        lines,
        height=height,
        legend=len(slices) > 1,
        x={"type": "category", "nticks": 8, "tickangle": 0},
        y={"rangemode": "tozero", **_money(currency)},
    )


def cac_by_lag(frame: pd.DataFrame, *, chosen: int, currency: str, height: int = 330) -> go.Figure:
    """Bars of `acquisition_by_lag`; the lag in use is coloured."""
    colours = [BLUE if lag == chosen else "rgba(138,143,152,0.55)" for lag in frame["lag_months"].tolist()]
    bars = {
        "type": "bar",
        "x": frame["lag_months"].tolist(),
        "y": _plain(frame["cac"]),
        "marker": {"color": colours},
        "hovertemplate": "%{x} months before: %{y:,.3s}<extra></extra>",
    }
    return drawn(
        [bars],
        height=height,
        legend=False,
        x={"title": {"text": "Months between spend and customer"}, "dtick": 3},
        y={"rangemode": "tozero", **_money(currency)},
        hovermode="closest",
    )


def next_account(frame: pd.DataFrame, *, currency: str) -> go.Figure:
    """What the average and the next account cost in each channel; the next with its 80 % interval. Log scale."""
    known = frame[frame["marginal_cac"].notna()].iloc[::-1]
    middle, low, high = (known[name].to_numpy("float64") for name in ("marginal_cac", "low", "high"))
    names = known["slice"].astype(str).tolist()
    bars = {
        "type": "data",
        "symmetric": False,
        "array": (high - middle).tolist(),
        "arrayminus": (middle - low).tolist(),
    }
    dot = {"type": "scatter", "mode": "markers", "y": names}
    traces: list[Drawn] = [
        {
            **dot,
            "x": _plain(known["average_cac"]),
            "name": "Average, last four quarters",
            "marker": {"color": GREY, "size": 11, "symbol": "line-ns", "line": {"width": 3, "color": GREY}},
            "hovertemplate": "average %{x:,.3s}<extra></extra>",
        },
        {
            **dot,
            "x": middle.tolist(),
            "error_x": {**bars, "color": BLUE, "thickness": 2, "width": 5},
            "name": "The next account, 80 % interval",
            "marker": {"color": BLUE, "size": 10},
            "hovertemplate": "next %{x:,.3s}<extra></extra>",
        },
    ]
    return drawn(
        traces,
        height=110 + 42 * len(names),
        x={"type": "log", "showgrid": True, "dtick": "D2", **_money(currency)},
        y={"type": "category"},
        hovermode="closest",
    )


def payback(observed: pd.DataFrame, ahead: Mapping[str, pd.DataFrame], height: int = 440) -> go.Figure:
    """Margin so far over CAC by month, a line a cohort: solid observed, dotted projected, a ring at the crossing."""
    of = observed["cohort"].to_numpy(object)
    cohorts = list(dict.fromkeys(of.tolist()))
    ages, shares, cac = (  # arrays: with a frame for each of many cohorts this takes ten times as long
        observed["age"].to_numpy("int64"),
        (observed["cumulative_margin"] / observed["cac"]).to_numpy("float64", na_value=np.nan),
        observed["cac"].to_numpy("float64"),
    )
    traces: list[Drawn] = []
    ends = [HORIZON if ahead else int(ages.max())]
    for position, name in enumerate(cohorts):
        is_its = of == name
        age, share = ages[is_its], shares[is_its]
        colour = _shade(position, len(cohorts))
        line = {"type": "scatter", "mode": "lines", "name": str(name), "legendgroup": str(name)}
        said = f"{name}, month %{{x}}: %{{y:.0%}}"
        traces.append(
            {
                **line,
                "x": age.tolist(),
                "y": share.round(4).tolist(),
                "line": {"color": colour, "width": 2.5},
                "customdata": [[str(name)]] * len(age),
                "hovertemplate": f"{said}<extra></extra>",
            }
        )
        crossing, is_seen = _crossing(age, share), bool((share >= 1).any())
        if name in ahead:
            age = ahead[name]["age"].to_numpy("int64")
            share = ahead[name]["median"].to_numpy("float64") / cac[is_its][0]
            traces.append(
                {
                    **line,
                    "x": age.tolist(),
                    "y": share.round(4).tolist(),
                    "line": {"color": colour, "width": 1.8, "dash": "dot"},
                    "showlegend": False,
                    "customdata": [[str(name)]] * len(age),
                    "hovertemplate": f"{said} projected<extra></extra>",
                }
            )
            crossing = crossing or _crossing(age, share)
        ends.append(HORIZON if crossing is None else 12 * (1 + round(1.5 * crossing[0]) // 12))
        if crossing is not None:
            traces.append(_ring(line, crossing, colour, is_seen))
    return drawn(
        traces,
        height=height,
        y_format=".0%",
        levels=(1,),
        x={"title": {"text": f"{MONTHS}, of each account"}, "dtick": 12, "range": [0, min(ends[0], max(ends[1:]))]},
        y={"range": [0, TOP], "title": {"text": "Margin so far ÷ CAC"}},
        hovermode="closest",
    )


def balances(curves: Mapping[str, pd.DataFrame], *, currency: str, height: int = 380) -> go.Figure:
    """Cumulative margin less CAC of one account by month over ten years, median and 80 % band, a colour a segment."""
    traces: list[Drawn] = []
    for (name, curve), colour in zip(curves.items(), (BLUE, ORANGE), strict=False):
        months = curve["month"].tolist()
        band = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        traces += [
            {**band, "x": months, "y": _plain(curve["high"])},
            {**band, "x": months, "y": _plain(curve["low"]), "fill": "tonexty", "fillcolor": FILLS[colour]},
            {
                "type": "scatter",
                "mode": "lines",
                "x": months,
                "y": _plain(curve["median"]),
                "name": name,
                "line": {"color": colour, "width": 3},
                "hovertemplate": "%{y:,.3s}",
            },
        ]
    return drawn(
        traces,
        height=height,
        levels=(0,),
        x={"title": {"text": "Months since the account was won"}, "dtick": 12},
        y=_money(currency),
    )


def formulas(frame: pd.DataFrame, *, cac: float, currency: str) -> go.Figure:
    """Bars of `value_by_formula`, the interval where there is one; a dotted line at CAC."""
    known = frame[frame["value"].notna()].iloc[::-1]
    middle, low, high = (known[name].to_numpy("float64") for name in ("value", "low", "high"))
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": known["formula"].tolist(),
        "x": middle.tolist(),
        "marker": {"color": [BLUE if name.endswith("projected, discounted") else GREY for name in known["formula"]]},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": _bars(high - middle),
            "arrayminus": _bars(middle - low),
            "color": VERMILION,
            "thickness": 2,
        },
        "hovertemplate": "%{y}: %{x:,.3s}<extra></extra>",
    }
    line: Drawn = {"color": VERMILION, "width": 2, "dash": "dot"}
    at = {"type": "line", "yref": "y domain", "y0": 0, "y1": 1, "xref": "x", "x0": cac, "x1": cac, "line": line}
    note = {
        "x": cac,
        "y": 1,
        "yref": "y domain",
        "text": "CAC",
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "top",
    }
    marks: Drawn = {"shapes": [at], "annotations": [note]} if cac == cac else {}
    return drawn(
        [bars],
        height=90 + 36 * len(known),
        legend=False,
        x={"rangemode": "tozero", "showgrid": True, **_money(currency)},
        y={"type": "category"},
        hovermode="closest",
        **marks,
    )


def _crossing(age: np.ndarray, share: np.ndarray) -> tuple[int, float] | None:
    """The first age at which margin has reached CAC, and the share there."""
    reached = np.flatnonzero(share >= 1)
    return (int(age[reached[0]]), float(share[reached[0]])) if reached.size else None


def _ring(line: Drawn, crossing: tuple[int, float], colour: str, is_seen: bool) -> Drawn:
    return {
        **line,
        "mode": "markers",
        "x": [crossing[0]],
        "y": [round(crossing[1], 4)],
        "marker": {"size": 10, "color": colour if is_seen else "rgba(0,0,0,0)", "line": {"color": colour, "width": 2}},
        "showlegend": False,
        "hovertemplate": f"{line['name']}: paid back in month {crossing[0]}"
        + ("" if is_seen else ", projected")
        + "<extra></extra>",
    }


def _shade(position: int, count: int) -> str:
    """From orange (the oldest) to blue (the newest), so that the order of cohorts can be seen."""
    share = position / max(1, count - 1)
    start, end = (230, 159, 0), (0, 90, 160)
    return "rgb(" + ",".join(str(round(a + (b - a) * share)) for a, b in zip(start, end, strict=True)) + ")"


def _plain(values: pd.Series) -> Sequence[float]:
    found: list[float] = values.astype("float64").round(4).tolist()
    return found


def _bars(lengths: np.ndarray) -> list[float | None]:
    """Lengths of error bars; none where there is no interval."""
    return [None if np.isnan(each) else float(each) for each in lengths]


def _money(currency: str) -> Drawn:
    return {"tickprefix": sign(currency), "tickformat": "~s"}
