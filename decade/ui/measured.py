"""What a segment shows of itself: contract value, margin, CAC, and how its accounts and their revenue last."""

from __future__ import annotations

from dataclasses import dataclass

from decade.errors import Refused
from decade.models.customer_value import monthly_kept, yearly_kept
from decade.models.life_table import Array
from decade.ui.fetch import fetch
from decade.ui.projected import groups, projection

ALL = "All"


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


def segments() -> list[str]:
    """The segments in which accounts were won in the last twelve full months, the smallest accounts first."""
    found = fetch("acquisition", by="segment", grain="twelve_months")
    found = found[found["new_accounts"] > 0]
    order = (found["new_mrr"] / found["new_accounts"]).argsort()
    return [str(name) for name in found["slice"].iloc[order]]


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
    accounts: tuple[float, ...] = ()
    revenue: tuple[float, ...] = ()
    kept, why_not = None, ""
    try:
        accounts = yearly_kept(_paths("logo", name))
        paths = _paths("net", name)
        revenue, kept = yearly_kept(paths), monthly_kept(paths)
    except Refused as refused:
        why_not = refused.sentence()
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
        kept_accounts=accounts,
        kept_revenue=revenue,
        kept=kept,
        why_not=why_not,
    )


def _paths(kind: str, name: str) -> Array:
    """The typical account of a segment, or of all: share of its start at each yearly age, ages x draws."""
    if name == ALL:
        return projection(kind).pooled_paths
    found = groups(kind, "segment")
    if name not in found.names:
        raise Refused(f"no account of {name} has a known age", where="projection", do="Choose another segment.")
    paths: Array = found.paths[found.names.index(name)]
    return paths
