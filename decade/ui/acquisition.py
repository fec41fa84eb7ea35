"""The acquisition page's parts: headline numbers, the next account, who and what stands behind a period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from decade.charts import acquisition as charts
from decade.charts.formats import count, is_missing, money, percent, ratio
from decade.models.marginal_cost import marginal_cost
from decade.scope import Scope
from decade.ui.fetch import fetch
from decade.ui.figure import figure
from decade.ui.page import choice, numbers, option, plain
from decade.ui.table import table
from decade.ui.words import BASES

SHARED = (
    "Spend that names no slice is shared equally among the accounts that it could have won: those of its channel and "
    "of its segment, where it names one."
)


@dataclass(frozen=True)
class Chosen:
    """Which spend counts, and how many months before the customer it is looked for."""

    basis: str
    lag_months: int

    def parameters(self) -> dict[str, Any]:
        """For the questions."""
        return {"basis": self.basis, "lag_months": self.lag_months}


def usual_lag() -> tuple[int, str]:
    """The lag between spend and customer that the deals show, and where it comes from in words."""
    usual = fetch("usual_lag", scope=Scope()).iloc[0]
    lag, deals, days = int(usual["lag_months"]), usual["deal_count"], usual["cycle_days"]
    if not deals:
        return lag, "No won deal says how long selling takes: the lag begins at one quarter"
    return lag, f"{deals:,} won deals took {days:,.0f} days in the middle from created to won"


def months_before(lag_months: int) -> str:
    """The lag in words."""
    return {0: "spend of the same month", 1: "spend of the month before"}.get(
        lag_months, f"spend of {lag_months} months before"
    )


def margin_sentence() -> str:
    """The gross margin in force and who says so, for under every number that uses it."""
    found = fetch("gross_margin", scope=Scope())
    whole = found[found["segment"] == "(all)"].iloc[0]
    if whole["margin_from"] == "missing":
        return "No gross margin is known: payback and lifetime value wait for it"
    value = percent(whole["gross_margin"])
    if whole["margin_from"] == "typed":
        measured = whole["measured_margin"]
        beside = "" if is_missing(measured) else f"; costs say {percent(measured)}"
        return f"Gross margin {value}, typed by hand{beside}"
    return (
        f"Gross margin {value} from costs, {whole['first_month']:%Y-%m} to {whole['last_month']:%Y-%m}, each segment "
        "at its own"
    )


def headline_numbers(year: pd.DataFrame, basis: str, currency: str) -> None:
    """CAC, payback and value of the last twelve full months."""
    row = year.iloc[0].to_dict() if len(year) else {}
    adjusted = row.get("adjusted_payback_months")
    is_never = is_missing(adjusted) and not is_missing(row.get("is_paid_back")) and not row["is_paid_back"]
    spent = "Spend of the last twelve full months, so many months before, over the accounts won in them."
    if is_missing(row.get("spend")):
        spent = "Empty: a month of the window that the last twelve full months look at has no spend at all."
    numbers(
        [
            (f"CAC, {BASES[basis].lower()}", money(row.get("cac"), currency), spent),
            ("New accounts", count(row.get("new_accounts")), "Won in the last twelve full months."),
            (
                "Payback, months",
                ratio(row.get("payback_months"), 1),
                "Nominal payback: CAC over a month's margin of a new account, if nobody left.",
            ),
            (
                "With churn",
                "never" if is_never else count(adjusted),
                "Survival-adjusted payback: the month in which margin, with the churn of twelve months, reaches CAC.",
            ),
            (
                "LTV : CAC",
                ratio(row.get("ltv_to_cac")),
                "Margin of ten years, discounted, at constant churn and without expansion, over CAC.",
            ),
        ]
    )


def efficiency_box(currency: str) -> None:
    """Magic number, burn multiple and rule of 40 by quarter; says what is missing."""
    found = fetch("efficiency")
    known = found["magic_number"].notna().any()
    said = [] if known else ["The magic number waits for spend, two quarters in a row"]
    if found["net_burn"].isna().all():
        said.append("Burn multiple and rule of 40 wait for net burn: no export has it, type it below, a quarter each")
    st.caption(". ".join([f"Quarterly, every kind of spend, no lag; in {currency or 'one currency'}", *said]))
    columns = ["period", "revenue", "spend", "magic_number", "net_new_arr", "net_burn", "burn_multiple", "rule_of_40"]
    table(found.iloc[::-1], explains="efficiency", key="efficiency", columns=columns, opens_account=False, height=280)


def next_account_box(chosen: Chosen, currency: str) -> None:
    """What one more account would cost in each channel, with the reasons to doubt it."""
    quarters = fetch("acquisition", by="channel", grain="quarter", basis="paid", lag_months=chosen.lag_months)
    found = marginal_cost(quarters)
    known = found[found["marginal_cac"].notna()].sort_values("marginal_cac")
    if known.empty:
        st.caption("No channel has six quarters with programme spend and five accounts: nothing can be said yet.")
        return
    best = known.iloc[0]
    rest = known[known["slice"] != best["slice"]]
    is_clear = len(rest) > 0 and best["high"] < rest["low"].min()
    figure(
        charts.next_account(known, currency=currency),
        explains="acquisition",
        data=found,
        key="next_account",
        title="What would one more account cost?",
        said=f"{best['slice']} looks cheapest at the margin: {money(best['marginal_cac'], currency)} "
        f"({money(best['low'], currency)} to {money(best['high'], currency)}, n = {count(best['accounts'])}); "
        + ("its interval lies apart from the others" if is_clear else "the intervals overlap, so this is no ranking"),
    )
    st.caption(
        "Programme spend and accounts of each channel by quarter: accounts = level × spend^elasticity, Poisson, with a "
        "prior of 0.6 ± 0.3 for the elasticity. It is no experiment: growth raises spend and accounts together, "
        "a channel that is credited may not have won the account, and a cheap account is not a good one. Compare what "
        "their customers are worth before you move money."
    )
    st.dataframe(
        known.rename(columns=lambda name: name.replace("_", " ").capitalize()),
        hide_index=True,
        key="next_account_table",
        placeholder="–",
        column_config={
            name: st.column_config.NumberColumn(format="%,.2f" if name == "Elasticity" else "%,.0f")
            for name in ("Spend", "Average cac", "Elasticity", "Marginal cac", "Low", "High")
        },
    )


def behind_a_period(periods: pd.DataFrame, chosen: Chosen, *, grain: str, by: str, currency: str) -> None:
    """The accounts that were won in a period and the lines of spend set against them, down to file and line."""
    names = list(dict.fromkeys(periods["period"]))[::-1]
    first, second, third = st.columns([1, 1, 2], vertical_alignment="bottom")
    with first:
        period = option("Won in", {each: each for each in names}, key="period", default=names[0])
    part: str | None = None
    if by != "none":
        slices = list(periods.groupby("slice")["new_accounts"].sum().sort_values(ascending=False, kind="stable").index)
        with second:
            part = option("Slice", {each: each for each in slices}, key="slice", default=slices[0])
    with third:
        views = {"accounts": "Accounts won", "spend": "Lines of spend"}
        view = choice("View", views, key="won_view", default="accounts")
    if view == "accounts":
        won = fetch("acquired_accounts", basis=chosen.basis, grain=grain, by=by, period=period, slice=part)
        st.caption(plain(f"{len(won):,} accounts won, {money(won['mrr'].sum(), currency)} of first MRR"))
        columns = ["account", "month", "mrr", "channel", "segment", "lane", "deal_size_band", "lost_month"]
        table(won, explains="acquired_accounts", key="won", columns=columns)
    else:
        lines = fetch("spend_lines", grain=grain, by=by, period=period, slice=part, **chosen.parameters())
        total = money(lines["converted"].sum(), currency)
        beside = "" if part is None else f". {SHARED}"
        st.caption(plain(f"{len(lines):,} lines, {total}, {BASES[chosen.basis].lower()}{beside}"))
        table(lines, explains="spend_lines", key="spent", opens_account=False)
