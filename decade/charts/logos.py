"""Small deals in big logos: how uneven money is, who stays, what becomes of revenue, whose time grows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import money, percent
from decade.charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, Drawn, drawn

COLOURS = {
    "under 5%": VERMILION,
    "5% to 10%": ORANGE,
    "10% to 25%": GREEN,
    "25% and over": BLUE,
    "not known": GREY,
    "Small deals in big logos": VERMILION,
    "Other big logos": ORANGE,
    "Big logos": ORANGE,
    "The rest": BLUE,
}
DASHES = {"under 5%": "solid", "5% to 10%": "dash", "10% to 25%": "dot", "25% and over": "solid", "not known": "dot"}
FEWEST = 5
Values = np.ndarray[tuple[int], np.dtype[np.float64]]


def by_band(frame: pd.DataFrame, *names: str) -> Iterator[tuple[str, dict[str, Values]]]:
    """Columns of each band as floats, in order of appearance; pandas' groups take ten times as long for so few rows."""
    bands = frame["band"].to_numpy(object)
    columns = {name: frame[name].to_numpy("float64", na_value=np.nan) for name in names}
    for band in dict.fromkeys(bands.tolist()):
        is_its = bands == band
        yield str(band), {name: values[is_its] for name, values in columns.items()}


def lorenz(curves: dict[str, pd.DataFrame], *, height: int = 300) -> go.Figure:
    """Lorenz curves (accounts, money: shares) by name, and the line on which all accounts are equal."""
    lines: list[Drawn] = [
        {
            "type": "scatter",
            "x": [0, 1],
            "y": [0, 1],
            "name": "All equal",
            "mode": "lines",
            "line": {"color": GREY, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        }
    ]
    for (name, curve), colour in zip(curves.items(), (BLUE, ORANGE), strict=False):
        lines.append(
            {
                "type": "scatter",
                "x": curve["accounts"].round(5).tolist(),
                "y": curve["money"].round(5).tolist(),
                "name": name,
                "mode": "lines",
                "line": {"color": colour, "width": 2.5},
                "hovertemplate": "the smallest %{x:.0%} have %{y:.1%}",
            }
        )
    return drawn(
        lines,
        height=height,
        y_title="Share of ARR",
        y_format=".0%",
        x={"tickformat": ".0%", "title": {"text": "Share of accounts, smallest first"}},
        hovermode="closest",
    )


def survival(frame: pd.DataFrame, *, height: int = 300) -> go.Figure:
    """Lines of `survival_by_penetration`, each with its 80 % interval and the number at risk on pointing at it."""
    lines = []
    for band, found in by_band(frame, "age", "at_risk", "lost", "survival", "low", "high"):
        seen = {name: values[(found["age"] == 0) | (found["at_risk"] > 0)] for name, values in found.items()}
        value, low, high = (seen[name] for name in ("survival", "low", "high"))
        lines.append(
            {
                "type": "scatter",
                "x": seen["age"].astype(int).tolist(),
                "y": value.round(6).tolist(),
                "name": band,
                "mode": "lines+markers",
                "marker": {"size": 6, "opacity": [1.0 if n >= FEWEST else 0.35 for n in seen["at_risk"]]},
                "line": {"color": COLOURS.get(band, PURPLE), "width": 2.5, "dash": DASHES.get(band, "solid")},
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": (high - value).round(6).tolist(),
                    "arrayminus": (value - low).round(6).tolist(),
                    "thickness": 1,
                    "width": 3,
                },
                "customdata": [
                    [int(n), int(lost), percent(a), percent(b)]
                    for n, lost, a, b in zip(seen["at_risk"], seen["lost"], low, high, strict=True)
                ],
                "hovertemplate": "%{y:.1%} (%{customdata[2]} to %{customdata[3]}), %{customdata[1]} of "
                "%{customdata[0]} left",
            }
        )
    return drawn(
        lines,
        height=height,
        y_format=".0%",
        x={"dtick": 1, "title": {"text": "Contract year"}},
        y={"rangemode": "tozero"},
    )


def hazards(frame: pd.DataFrame, *, height: int = 300) -> go.Figure:
    """Bars of the share that leaves in each contract year, a colour a band; faint below five accounts at risk."""
    bars = []
    for band, part in by_band(frame[frame["age"] > 0], "age", "hazard", "at_risk", "lost"):
        bars.append(
            {
                "type": "bar",
                "x": [f"Year {int(age)}" for age in part["age"]],
                "y": part["hazard"].round(6).tolist(),
                "name": band,
                "marker": {
                    "color": COLOURS.get(band, PURPLE),
                    "opacity": [1.0 if n >= FEWEST else 0.35 for n in part["at_risk"]],
                },
                "customdata": [[int(n), int(lost)] for n, lost in zip(part["at_risk"], part["lost"], strict=True)],
                "hovertemplate": "%{y:.1%}: %{customdata[1]} of %{customdata[0]}",
            }
        )
    last = int(frame["age"].max()) if len(frame) else 0
    years = [f"Year {age}" for age in range(1, last + 1)]
    return drawn(
        bars,
        height=height,
        y_format=".0%",
        x={"type": "category", "categoryorder": "array", "categoryarray": years},
        barmode="group",
    )


def revenue(frame: pd.DataFrame, *, measure: str = "nrr", height: int = 300) -> go.Figure:
    """Lines of `revenue_by_landing`: MRR at each age over first MRR, with n; from five accounts on."""
    lines = []
    for band, part in by_band(frame[frame["n"] >= FEWEST], "age", "n", measure):
        lines.append(
            {
                "type": "scatter",
                "x": part["age"].astype(int).tolist(),
                "y": part[measure].round(6).tolist(),
                "name": band,
                "mode": "lines+markers",
                "line": {"color": COLOURS.get(band, PURPLE), "width": 2.5, "dash": DASHES.get(band, "solid")},
                "customdata": [[int(n)] for n in part["n"]],
                "hovertemplate": "%{y:.0%} of the first MRR, n = %{customdata[0]}",
            }
        )
    return drawn(
        lines,
        height=height,
        y_format=".0%",
        levels=(1,),
        x={"dtick": 1, "title": {"text": "Contract year"}},
        y={"rangemode": "tozero"},
    )


def movers(frame: pd.DataFrame, *, height: int = 380) -> go.Figure:
    """Bars of the hours that accounts win (right) and lose (left); takes account, change, now, then."""
    shown = frame.iloc[::-1]
    gained = [value >= 0 for value in shown["change"]]
    bar: Drawn = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(shown))),
        "x": shown["change"].astype("float64").round(4).tolist(),
        "marker": {"color": [BLUE if up else ORANGE for up in gained]},
        "customdata": [
            [name, f"{now:,.1f}", f"{then:,.1f}"]
            for name, now, then in zip(shown["account"], shown["now"], shown["then"], strict=True)
        ],
        "hovertemplate": "%{customdata[0]}: %{customdata[1]} to %{customdata[2]} hours<extra></extra>",
    }
    return drawn(
        [bar],
        height=height,
        legend=False,
        x={"title": {"text": "Hours more or fewer"}, "zeroline": True},
        y={
            "tickmode": "array",
            "tickvals": list(range(len(shown))),
            "ticktext": [_plain(name) for name in shown["account"]],
            "nticks": None,
            "showgrid": False,
            "zeroline": False,
        },
        hovermode="closest",
    )


def bands(frame: pd.DataFrame, *, currency: str = "", height: int = 300) -> go.Figure:
    """Won money by quarter of the accounts, a colour a deal band; takes the answer of `deal_bands`."""
    order = {
        "zero or less": GREY,
        "under 1k": SKY,
        "1k to 5k": GREEN,
        "5k to 25k": BLUE,
        "25k to 100k": ORANGE,
        "100k and over": VERMILION,
    }
    sizes = list(dict.fromkeys(frame["account_size"].sort_values()))
    bars = []
    for band, colour in order.items():
        part = frame[frame["deal_band"] == band]
        if part.empty:
            continue
        bars.append(
            {
                "type": "bar",
                "x": part["account_size"].tolist(),
                "y": part["amount"].astype("float64").tolist(),
                "name": band,
                "marker": {"color": colour},
                "hovertext": [
                    f"{deals:,} deals, {money(amount, currency)}"
                    for deals, amount in zip(part["deals"], part["amount"], strict=True)
                ],
                "hovertemplate": "%{hovertext}",
            }
        )
    return drawn(
        bars,
        height=height,
        y_format="~s",
        barmode="stack",
        x={"type": "category", "categoryorder": "array", "categoryarray": sizes},
    )


def _plain(name: object, longest: int = 28) -> str:
    """A name as plain text on an axis: no markup, and short."""
    text = str(name).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text if len(text) <= longest else text[: longest - 1] + "…"
