"""Deal sizes on a log axis, big logos against the rest, and penetration."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from decade.charts.formats import money
from decade.charts.theme import BLUE, ORANGE, drawn

SIDES = ((True, "Big logos", ORANGE), (False, "The rest", BLUE))
PENETRATION_BINS = (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, float("inf"))


def histogram(frame: pd.DataFrame, *, measure: str = "deals", currency: str = "", height: int = 330) -> go.Figure:
    """Bars of `deal_sizes` side by side, a bin a quarter of a decade; `measure` is deals or amount."""
    bins = sorted(set(frame["size_from"]))
    labels = {size: money(size, currency, digits=2) for size in bins}
    bars = []
    side = frame["is_big_logo"].tolist()
    columns = [frame[each].tolist() for each in ("size_from", "size_to", "deals", "amount", measure)]
    for is_big, name, colour in SIDES:
        rows = [row for row, each in zip(zip(*columns, strict=True), side, strict=True) if each == is_big]
        bars.append(
            {
                "type": "bar",
                "x": [labels[start] for start, *_ in rows],
                "y": [float(value) for *_, value in rows],
                "name": name,
                "marker": {"color": colour},
                "customdata": [
                    [_bin_name(start, end, currency), "big" if is_big else "rest"] for start, end, *_ in rows
                ],
                "hovertext": [
                    f"{money(start, currency)} to {money(end, currency)}: {deals:,} deals, {money(amount, currency)}"
                    for start, end, deals, amount, _ in rows
                ],
                "hovertemplate": "%{hovertext}<extra>%{fullData.name}</extra>",
            }
        )
    return drawn(
        bars,
        height=height,
        y_format="~s" if measure == "amount" else ",d",
        x={"type": "category", "categoryorder": "array", "categoryarray": [labels[size] for size in bins]},
        barmode="group",
        hovermode="closest",
    )


def bins(frame: pd.DataFrame, currency: str = "") -> dict[str, tuple[float, float]]:
    """The bins of `deal_sizes` by name, smallest first."""
    edges = sorted(set(zip(frame["size_from"], frame["size_to"], strict=True)))
    return {_bin_name(start, end, currency): (float(start), float(end)) for start, end in edges}


def penetration(frame: pd.DataFrame, *, measure: str = "accounts", currency: str = "", height: int = 330) -> go.Figure:
    """Accounts of `penetration`, or their ACV, in bands of ACV / potential; the unknown apart."""
    names = [f"{low:.0%}-{high:.0%}" if high != float("inf") else "over 100%" for low, high in _bands()]
    order = [*names, "unknown"]
    share = frame["penetration"].to_numpy("float64", na_value=np.nan)
    place = np.where(np.isnan(share), len(names), np.searchsorted(PENETRATION_BINS, share, side="right") - 1)
    acv = frame["acv"].to_numpy("float64", na_value=0)
    side = frame["is_big_logo"].to_numpy("float64", na_value=np.nan)
    bars = []
    for is_big, name, colour in SIDES:
        here = (side == is_big) & (place >= 0)
        counts = np.bincount(place[here], minlength=len(order))
        worth = np.bincount(place[here], acv[here], minlength=len(order))
        bars.append(
            {
                "type": "bar",
                "x": order,
                "y": (counts if measure == "accounts" else worth).tolist(),
                "name": name,
                "marker": {"color": colour},
                "hovertext": [
                    f"{number:,.0f} accounts, {money(amount, currency)}"
                    for number, amount in zip(counts, worth, strict=True)
                ],
                "hovertemplate": "%{hovertext}",
            }
        )
    y_format = ",d" if measure == "accounts" else "~s"
    return drawn(bars, height=height, y_format=y_format, x={"type": "category"}, barmode="group")


def _bands() -> list[tuple[float, float]]:
    return list(pairwise(PENETRATION_BINS))


def _bin_name(start: float, end: float, currency: str) -> str:
    return f"{money(start, currency)} to {money(end, currency)}"
