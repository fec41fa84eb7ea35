"""The lifetime value page's parts: headline numbers, why the formulas differ, two segments over ten years."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import streamlit as st

from decade.charts import acquisition as charts
from decade.charts.formats import money, percent, ratio
from decade.models.customer_value import Payback, Range, balance, payback_over, value_by_formula, value_over
from decade.ui import session
from decade.ui.empty import nothing
from decade.ui.figure import figure
from decade.ui.measured import Measured, measured
from decade.ui.page import numbers, option, plain

MISSING = Range(math.nan, math.nan, math.nan)
WAITS = "Waits for a gross margin, and for a history long enough to project."


def discount_rate() -> float:
    """The yearly discount rate of the page, kept in the URL."""
    st.number_input("Discount, % a year", 0.0, 50.0, 10.0, 1.0, "%.1f", key="discount", bind="query-params")
    return float(session.value("discount", 10.0)) / 100


def value_numbers(found: Measured, rate: float, currency: str) -> None:
    """Value, its ratio to CAC with the interval, and payback along the projected paths."""
    value, payback = _worth(found, rate)
    times = value.over(found.cac)
    interval = f"80 % of the paths lie between {money(value.low, currency)} and {money(value.high, currency)}. "
    between = "" if math.isnan(times.low) else f"{ratio(times.low, 1)} to {ratio(times.high, 1)} in 80 % of the paths. "
    numbers(
        [
            (
                "Lifetime value",
                money(value.median, currency),
                (interval if not math.isnan(value.low) else f"{WAITS} ")
                + f"Margin of ten years along the projected revenue, discounted at {percent(rate, 0)} a year.",
            ),
            ("CAC", money(found.cac, currency), "The last twelve full months."),
            (
                "LTV : CAC",
                ratio(times.median, 1),
                f"{between}The interval is of the value; CAC is taken as measured, over {found.accounts:,} accounts.",
            ),
            ("Payback, months", _months(payback), _payback_help(payback)),
            (
                "Left at payback",
                percent(payback.kept, 0),
                "Share of the first month's revenue that is left in the month of payback, expansion counted.",
            ),
        ]
    )
    if not math.isnan(value.low):
        said = (
            f"In 80 % of the paths the value lies between {money(value.low, currency)} and "
            f"{money(value.high, currency)}, LTV : CAC between {ratio(times.low, 1)} and {ratio(times.high, 1)}. "
        )
        st.caption(plain(said + _payback_help(payback)))
    if found.why_not:
        st.info(f"No projection: {plain(found.why_not)}", icon=":material/info:")


def formulas_box(found: Measured, rate: float, currency: str) -> None:
    """The same account by each formula, and what each assumes."""
    title = "The same account by each formula"
    if math.isnan(found.gross_margin) or math.isnan(found.monthly_churn):
        nothing(
            title,
            "A gross margin and twelve months of churn are needed. A margin can be typed on the page Acquisition.",
        )
        return
    table = value_by_formula(found.arpa, found.gross_margin, found.monthly_churn, found.nrr, found.kept, rate)
    figure(
        charts.formulas(table, cac=found.cac, currency=currency),
        explains="acquisition",
        data=table,
        key="formulas",
        title=title,
        said=f"First MRR {money(found.arpa, currency)}, margin {percent(found.gross_margin)}, "
        f"{percent(found.monthly_churn, 2)} of accounts leave a month, NRR {percent(found.nrr)}",
    )
    _formulas_table(table, currency)


def _formulas_table(table: pd.DataFrame, currency: str) -> None:
    """What each formula assumes, and why one has no value."""
    written = pd.DataFrame(
        {
            "Formula": table["formula"],
            "Value": [money(value, currency) for value in table["value"]],
            "80 % interval": [
                "" if math.isnan(low) else f"{money(low, currency)} to {money(high, currency)}"
                for low, high in zip(table["low"], table["high"], strict=True)
            ],
            "Assumes": table["assumes"],
        }
    )
    st.dataframe(
        written,
        hide_index=True,
        key="formulas_table",
        column_config={"80 % interval": st.column_config.Column(width=130)},
    )
    for row in table[table["refused"] != ""].itertuples():
        st.caption(f"{row.formula}: {row.refused}")


def two_segments(names: list[str]) -> list[str]:
    """The choice of two segments to compare, from the smallest accounts to the largest; one when both are the same."""
    first, second, _ = st.columns([2, 2, 4], vertical_alignment="bottom")
    offered = {name: name for name in names}
    with first:
        one = option("Compare", offered, key="one", default=names[0])
    with second:
        other = option("With", offered, key="other", default=names[-1])
    return list(dict.fromkeys((one, other)))


def segments_compared(sides: list[str], basis: str, rate: float, currency: str) -> None:
    """Two chosen segments over ten years: cumulative margin less CAC, and the numbers side by side."""
    held = {name: measured(name, basis=basis) for name in sides}
    known = {name: each for name, each in held.items() if each.kept is not None and each.cac == each.cac}
    known = {name: each for name, each in known.items() if each.gross_margin == each.gross_margin}
    if known:
        curves = {name: balance(each.cac, each.arpa * each.gross_margin, _kept(each)) for name, each in known.items()}
        figure(
            charts.balances(curves, currency=currency),
            explains="acquisition",
            data=pd.concat([curve.assign(segment=name) for name, curve in curves.items()]),
            key="balances",
            title="One account of each over ten years: margin so far less CAC, 80 % interval, not discounted",
            said=_ten_years(known, currency),
        )
    for name, each in held.items():
        if each.why_not:
            st.caption(plain(f"{name}: {each.why_not}"))
    rows = {name: _side(each, rate, currency) for name, each in held.items()}
    st.dataframe(
        pd.DataFrame(rows).rename_axis("").reset_index(),
        hide_index=True,
        key="sides",
        placeholder="–",
        height="content",
    )


def _worth(found: Measured, rate: float) -> tuple[Range, Payback]:
    margin = found.arpa * found.gross_margin
    if found.kept is None or math.isnan(margin):
        return MISSING, Payback(MISSING, math.nan, math.nan)
    return value_over(margin, found.kept, rate), payback_over(found.cac, margin, found.kept)


def _kept(found: Measured) -> np.ndarray:
    assert found.kept is not None
    return found.kept


def _side(found: Measured, rate: float, currency: str) -> dict[str, str]:
    value, payback = _worth(found, rate)
    times = value.over(found.cac)
    whole = math.nan if found.kept is None else float(np.median(found.kept.sum(axis=0)) * found.arpa)
    return {
        "Accounts won, twelve months": f"{found.accounts:,}",
        "ACV of a new account": money(found.acv, currency),
        "CAC": money(found.cac, currency),
        "Gross margin": percent(found.gross_margin),
        "Accounts that leave a month": percent(found.monthly_churn, 2),
        "NRR, twelve months": percent(found.nrr),
        "Accounts left after ten years": percent(math.prod(found.kept_accounts), 0) if found.kept_accounts else "–",
        "Revenue left after ten years": percent(math.prod(found.kept_revenue), 0) if found.kept_revenue else "–",
        "Revenue of ten years": money(whole, currency),
        "Lifetime value, discounted": money(value.median, currency),
        "80 % interval": _interval(value, currency),
        "LTV : CAC": ratio(times.median, 1),
        "Payback": _payback_written(payback),
    }


def _interval(value: Range, currency: str) -> str:
    return "–" if math.isnan(value.low) else f"{money(value.low, currency)} to {money(value.high, currency)}"


def _months(payback: Payback) -> str:
    months = payback.months.median
    return "never" if math.isinf(months) else "–" if math.isnan(months) else f"{months:.0f}"


def _ten_years(known: dict[str, Measured], currency: str) -> str:
    parts = []
    for name, each in known.items():
        gained = float(np.median(_kept(each).sum(axis=0)) * each.arpa * each.gross_margin - each.cac)
        parts.append(f"An account of {name} leaves {money(gained, currency)} after ten years")
    return ". ".join(parts)


def _payback_written(payback: Payback) -> str:
    months = payback.months
    if math.isnan(months.median):
        return "–"
    if math.isinf(months.median):
        return "not in ten years"
    return f"{months.median:.0f} months"


def _payback_help(payback: Payback) -> str:
    months = payback.months
    if math.isnan(months.median):
        return WAITS
    until = "never" if math.isinf(months.high) else f"{months.high:.0f}"
    return (
        f"The first month in which margin along the projected revenue reaches CAC: {months.low:.0f} to {until} in 80 % "
        f"of the paths; never within ten years in {percent(payback.share_never, 0)} of them."
    )
