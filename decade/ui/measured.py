"""What a segment shows of itself: contract value, margin, CAC, and how its accounts and their revenue last."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from decade.charts.formats import money
from decade.errors import Refused
from decade.models.life_table import Array
from decade.ui.fetch import fetch
from decade.ui.worth import ALL, kept


@dataclass(frozen=True)
class Measured:
    """A segment (or all accounts) over the last twelve full months; a missing number is nan, a missing path empty.

    `arpa`: first MRR of an account won; `acv`: twelve times that; `kept_accounts` and `kept_revenue`: share that each
    year keeps of the year before, as projected (1 - logo churn, and NRR); `kept`: share of the first month's revenue
    left in each of 120 months, months x draws, or None; `why_not`: why there are no paths.
    """

    name: str
    accounts: int
    arpa: float
    acv: float
    gross_margin: float
    cac: float
    monthly_churn: float
    nrr: float
    period: str
    kept_accounts: tuple[float, ...]
    kept_revenue: tuple[float, ...]
    kept: Array | None
    why_not: str


def won(basis: str) -> pd.DataFrame:
    """The segments (slice) in which accounts were won in the last twelve full months, the smallest accounts first."""
    found = fetch("acquisition", by="segment", grain="twelve_months", basis=basis)
    found = found[found["new_accounts"] > 0]
    return found.iloc[(found["new_mrr"] / found["new_accounts"]).argsort()]


def won_sentence(found: pd.DataFrame, name: str, currency: str) -> str:
    """How many accounts of a segment, or of all, were won when, and at what MRR; takes what `won` gives."""
    rows = found if name == ALL else found[found["slice"] == name]
    accounts = int(rows["new_accounts"].sum())
    each = money(float(rows["new_mrr"].sum()) / accounts, currency)
    return f"Accounts won {rows['period'].iloc[0]}: {accounts:,}, at {each} of first MRR on average"


def measured(name: str, *, basis: str) -> Measured:
    """What a segment shows. Raises Refused when nobody was won in it in the last twelve full months."""
    by = "none" if name == ALL else "segment"
    found = fetch("acquisition", by=by, grain="twelve_months", basis=basis)
    found = found[(found["slice"] == name) & (found["new_accounts"] > 0)]
    if found.empty:
        raise Refused(
            f"no account of {name} was won in the last twelve full months" if by == "segment" else "no account was won",
            where="the last twelve full months",
            do="Widen the filters, or choose another segment.",
        )
    row = found.iloc[0]
    rates = fetch("revenue_retention", form="ttm", by=by)
    rates = rates[rates["slice"] == name]
    ahead = kept(name)
    arpa = float(row["new_mrr"] / row["new_accounts"])
    return Measured(
        name=name,
        accounts=int(row["new_accounts"]),
        arpa=arpa,
        acv=12 * arpa,
        gross_margin=float(row["gross_margin"]),
        cac=float(row["cac"]),
        monthly_churn=float(row["monthly_churn"]),
        nrr=float(rates["nrr"].iloc[-1]) if len(rates) else float("nan"),
        period=str(row["period"]),
        kept_accounts=ahead.accounts,
        kept_revenue=ahead.revenue,
        kept=ahead.monthly,
        why_not=ahead.why_not,
    )
