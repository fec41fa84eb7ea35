"""Makes `tests/golden/*.csv` from the levels worked out on paper, with plain loops: `python tests/acme/on_paper.py`."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from math import sqrt
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden"
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

from decade.conventions import Conventions  # noqa: E402
from decade.months import add_months, parse_month, written  # noqa: E402
from support.histories import Movement, Reference, cohort_name  # noqa: E402

ZERO = Decimal(0)
FIRST, LAST = date(2023, 1, 1), date(2025, 3, 1)
SINCE = {"alder": date(2021, 4, 15), "birch": None}
STAY = (date(2023, 5, 1), "fir", Decimal(120))
Z = 1.96


class Paper(Reference):
    """A reference whose month-end values were typed, not computed."""

    def __init__(self) -> None:
        with (HERE / "levels.csv").open(encoding="utf-8", newline="") as lines:
            typed = [
                (row["account_id"], parse_month(row["month"]), Decimal(row["closing"])) for row in csv.DictReader(lines)
            ]
        self.conventions = Conventions()
        self.accounts = sorted({account for account, _, _ in typed})
        self.months = [add_months(FIRST, number) for number in range(27)]
        self.full = self.months
        self.level = {
            (account, month): next(
                (closing for name, since, closing in reversed(typed) if name == account and since <= month), ZERO
            )
            for account in self.accounts
            for month in self.months
        }
        self.active = {key for key, closing in self.level.items() if closing > 0}
        self.movements = [each for account in self.accounts for each in self._typed_movements(account)]

    def origin(self, account: str) -> date | None:
        since = SINCE.get(account, self.first_month(account))
        return since and since.replace(day=1)

    def _typed_movements(self, account: str) -> Iterable[Movement]:
        month, name, mrr = STAY
        if account == name:
            yield Movement(account, month, "new", ZERO, mrr, mrr, is_same_month=True)
            yield Movement(account, month, "churn", mrr, -mrr, ZERO, is_same_month=True)
        was_active, before = account == name, ZERO
        for each in self.months:
            now = self.level[account, each]
            if before == 0 and now > 0:
                yield Movement(account, each, "reactivation" if was_active else "new", before, now, now)
            elif before > 0 and now == 0:
                yield Movement(account, each, "churn", before, -before, now)
            elif now != before:
                kind = "expansion" if now > before else "contraction"
                yield Movement(account, each, kind, before, now - before, now)
            was_active, before = was_active or now > 0, now


def mrr_bridge(paper: Paper) -> list[dict]:
    rows = []
    kinds = ("new", "reactivation", "expansion", "contraction", "churn")
    for month in paper.months:
        here = [each for each in paper.movements if each.month == month]
        count = {kind: sum(each.kind == kind for each in here) for kind in kinds}
        before = add_months(month, -1)
        sums = {kind: paper.total(kind, month) for kind in kinds}
        lost = -(sums["churn"] + sums["contraction"])
        gained = sums["new"] + sums["expansion"] + sums["reactivation"]
        rows.append(
            {"month": written(month), "opening": paper.closing(before)}
            | sums
            | {
                "fx": ZERO,
                "closing": paper.closing(month),
                "opening_accounts": sum(paper.at(account, before) > 0 for account in paper.accounts),
                "new_accounts": count["new"],
                "reactivated_accounts": count["reactivation"],
                "churned_accounts": count["churn"],
                "closing_accounts": sum(paper.at(account, month) > 0 for account in paper.accounts),
                "expanded_accounts": count["expansion"],
                "contracted_accounts": count["contraction"],
                "quick_ratio": rounded(gained / lost) if lost else None,
                "renewal_pending": Decimal(100) if month == LAST else None,
            }
        )
    return rows


def movements(paper: Paper) -> list[dict]:
    return [
        {
            "month": written(each.month),
            "account_id": each.account_id,
            "kind": each.kind,
            "opening": each.opening,
            "amount": each.amount,
            "closing": each.closing,
            "is_same_month": str(each.is_same_month).lower(),
        }
        for each in sorted(paper.movements, key=lambda each: (each.month, each.account_id, -each.amount))
    ]


def revenue_retention(paper: Paper) -> list[dict]:
    rows = []
    for month in paper.months:
        base, kept, capped, accounts, alive = paper.trailing(month)
        ttm = (kept / base, capped / base, Decimal(alive) / accounts) if base else (None, None, None)
        forms = {"ttm": ttm, "monthly": paper.monthly(month), "compounded": paper.compounded(month)}
        for form, (nrr, grr, logos) in forms.items():
            rates = {"nrr": nrr, "grr": grr, "logo_retention": logos}
            given = {name: None if rate is None else rounded(rate) for name, rate in rates.items()}
            rows.append({"form": form, "month": written(month), **given})
    return sorted(rows, key=lambda row: (row["form"], row["month"]))


def cohort_retention(paper: Paper) -> list[dict]:
    rows = []
    for kind in ("logo", "gross", "net"):
        for grain in ("quarter", "year"):
            for (cohort, age), (n, top, bottom, mature) in sorted(paper.cohorts(kind, grain).items()):
                low, high = wilson(int(top), n) if kind == "logo" else (None, None)
                row = {"kind": kind, "grain": grain, "cohort": cohort, "age": age, "n": n}
                cell = {"numerator": top, "denominator": bottom, "rate": rounded(top / bottom) if bottom else None}
                row |= cell if mature else dict.fromkeys(cell)
                row |= {"low": low if mature else None, "high": high if mature else None}
                rows.append(row | {"is_mature": str(mature).lower()})
    return rows


def cohort_members(paper: Paper) -> list[dict]:
    rows = []
    for account in paper.accounts:
        origin, first = paper.origin(account), paper.first_month(account)
        if first is None:
            continue
        if origin is None:
            row = {"cohort": f"before {first:%Y-%m}", "age": 1, "account_id": account}
            row |= {"mrr_at_start": paper.at(account, first), "mrr_at_age": None, "status": "age not known"}
            rows.append(row)
            continue
        start, month = paper.at(account, first), add_months(origin, 12)
        seen = first <= month <= LAST
        now = paper.at(account, month)
        status = "not reached" if not seen else what_became(start, now)
        row = {"cohort": cohort_name(origin, "year"), "age": 1, "account_id": account, "mrr_at_start": start}
        rows.append(row | {"mrr_at_age": now if seen else None, "status": status})
    return sorted(rows, key=lambda row: (row["cohort"], row["account_id"]))


def retained_accounts(paper: Paper) -> list[dict]:
    rows = []
    for account in paper.accounts:
        then, now = paper.at(account, add_months(LAST, -12)), paper.at(account, LAST)
        if then > 0:
            row = {"account_id": account, "mrr_then": then, "mrr_now": now, "change": now - then}
            rows.append(row | {"kept": min(then, now), "status": what_became(then, now)})
    return rows


def what_became(then: Decimal, now: Decimal) -> str:
    if now == 0:
        return "left"
    return "shrank" if now < then else "grew" if now > then else "stayed"


def wilson(count: int, n: int) -> tuple[str, str]:
    """The 95 % interval of a share, Wilson 1927, as two texts."""
    half = Z * sqrt(count * (n - count) / n + Z * Z / 4)
    low, high = ((count + Z * Z / 2 + sign * half) / (n + Z * Z) for sign in (-1, 1))
    return rounded(max(low, 0.0)), rounded(min(high, 1.0))


def rounded(value: float | Decimal) -> str:
    return f"{float(value):.9f}"


FILES = {
    each.__name__: each
    for each in (mrr_bridge, movements, revenue_retention, cohort_retention, cohort_members, retained_accounts)
}


def written_out(rows: list[dict]) -> str:
    """Rows as CSV text; what is missing is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    for name, make in FILES.items():
        (GOLDEN / f"{name}.csv").write_text(written_out(make(Paper())), encoding="utf-8")
