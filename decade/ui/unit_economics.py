"""What a customer costs and is worth, and what growth costs, as the board reads it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from decade.charts.formats import count, is_missing, money, percent, ratio
from decade.ui.cards import Card
from decade.ui.fetch import fetch

ACQUISITION_PAGE = "pages/growth/acquisition.py"


def acquisition_cards(months: int, currency: str) -> list[Card]:
    """CAC payback and LTV : CAC of the last complete quarter with spend; nothing where no spend was imported."""
    found = fetch("acquisition", grain="quarter", by="none", basis="blended")
    if found["spend"].notna().sum() == 0:
        return []
    found = found[found["spend"].notna().cumsum() > 0]
    last, back = found.iloc[-1], months // 3
    then = found.iloc[-1 - back] if 0 < back < len(found) else None
    won = (
        f"In {last['period']} {count(last['new_accounts'])} accounts were won for {money(last['cac'], currency)} each, "
        f"in program and agency spend; a new account pays {money(_each(last), currency)} of MRR at "
        f"{percent(last['gross_margin'], 0)} margin"
    )
    payback = {"CAC": "cac", "MRR of a new account": "new_mrr", "margin": "gross_margin"}
    worth = {"LTV": "ltv", "CAC": "cac"}
    year = fetch("acquisition", grain="twelve_months", by="none", basis="blended")
    whole = {name: year[name].iloc[-1] if len(year) else None for name in ("payback_months", "ltv_to_cac")}
    over_year = " Over the last twelve full months it was {}."
    course, ratios = found["payback_months"], found["ltv_to_cac"]
    return [
        Card(
            "CAC payback in months, blended",
            course,
            lambda value: ratio(value, 1),
            "difference",
            "acquisition",
            "payback_months",
            f"{won}.{_factor(last, then, payback)}{over_year.format(ratio(whole['payback_months'], 1))}",
            ACQUISITION_PAGE,
            found,
            is_good_when_high=False,
            step=3,
        ),
        Card(
            "LTV : CAC, blended",
            ratios,
            ratio,
            "difference",
            "acquisition",
            "ltv_to_cac",
            f"A new account of {last['period']} is expected to leave {money(last['ltv'], currency)} of margin for "
            f"{money(last['cac'], currency)} spent.{_factor(last, then, worth)}"
            f"{over_year.format(ratio(whole['ltv_to_cac']))}",
            ACQUISITION_PAGE,
            found,
            step=3,
        ),
    ]


def efficiency_words(currency: str) -> list[tuple[str, str, str]]:
    """Magic number, rule of 40 and burn multiple: name, value, and how it comes about or what is missing."""
    found = fetch("efficiency")
    if found.empty:
        return [("Magic number", "–", "No full quarter in scope.")]
    last = found.iloc[-1]
    name = last["period"]
    burn_missing = "net burn of the quarter, which is in no export and typed by hand"
    if is_missing(last["magic_number"]):
        magic = f"In {name} it needs the quarter before, and its sales and marketing spend."
    else:
        magic = (
            f"In {name} recurring revenue went from {money(last['revenue_before'], currency)} to "
            f"{money(last['revenue'], currency)} a quarter, after {money(last['spend_before'], currency)} of sales and "
            "marketing in the quarter before."
        )
    if is_missing(last["rule_of_40"]):
        forty = (
            "Growth of ARR plus free cash flow margin, over a year: it needs four quarters before and after, and the "
            f"{burn_missing}."
        )
    else:
        forty = f"Growth of ARR over four quarters plus free cash flow margin, up to {name}."
    if not is_missing(last["burn_multiple"]):
        burn = (
            f"In {name} {money(last['net_burn'], currency)} was burned for {money(last['net_new_arr'], currency)} of "
            "net new ARR."
        )
    elif not is_missing(last["net_new_arr"]) and last["net_new_arr"] <= 0:
        burn = f"Net new ARR in {name} was {money(last['net_new_arr'], currency)}: there is no multiple of it."
    else:
        burn = f"Net new ARR in {name} was {money(last['net_new_arr'], currency)}; it needs the {burn_missing}."
    return [
        ("Magic number", ratio(last["magic_number"]), magic),
        ("Rule of 40", percent(last["rule_of_40"]), forty),
        ("Burn multiple", ratio(last["burn_multiple"]), burn),
    ]


def _each(row: pd.Series) -> float:
    return float(row["new_mrr"] / row["new_accounts"]) if row["new_accounts"] else math.nan


def _factor(last: pd.Series, then: pd.Series | None, parts: Mapping[str, str]) -> str:
    """Which of the factors changed most in proportion since then; empty when one of them is not known."""
    if then is None:
        return ""
    moved = {}
    for name, column in parts.items():
        now, before = (_each(row) if column == "new_mrr" else float(row[column]) for row in (last, then))
        if not (now > 0 and before > 0):
            return ""
        moved[name] = math.log(now / before)
    most = max(moved, key=lambda name: abs(moved[name]))
    change = math.exp(moved[most]) - 1
    return f" Since {then['period']} its {most} moved most: {'+' if change >= 0 else ''}{percent(change)}."
