"""The one test declared beforehand: does the risk of leaving fall with the penetration at landing?

A slope of the log hazard on log landing penetration, by contract year, adjusted for the account's size (log of its
potential), segment, cohort year and contract term, and once more without. One test, not one a band: ten intervals would
raise a false alarm in a third of the companies in which there is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from decade.errors import Refused
from decade.models.grouped_hazard import account_years, fit

SIGNIFICANT = 0.05
POWER = 0.8
FEWEST_EVENTS = 10
COMMON = 5
Z = float(ndtri(1 - SIGNIFICANT / 2) + ndtri(POWER))


@dataclass(frozen=True)
class Trend:
    """Adjusted and unadjusted: the hazard ratio of landing at half the penetration, and what it is worth.

    `estimates`: model (adjusted, unadjusted), slope and error (log hazard per log penetration), ratio, low, high (95 %,
    for half the penetration), p_value, accounts, events. `events`: losses among the accounts used; `excluded`: accounts
    without known penetration; `small_share`: account-years below the limit; `detectable`: the hazard ratio, small
    against the rest, that so many losses find four times in five.
    """

    estimates: pd.DataFrame
    accounts: int
    events: int
    excluded: int
    small_share: float
    detectable: float
    notes: tuple[str, ...]

    @property
    def adjusted(self) -> pd.Series:
        """The row that was declared beforehand."""
        return self.estimates.iloc[0]

    def sentences(self) -> tuple[str, ...]:
        """The reading in plain words, and what the data could have found."""
        row = self.adjusted
        way = "higher" if row["ratio"] > 1 else "lower"
        size = f"{abs(row['ratio'] - 1):.0%}".replace("%", " %")
        span = f"95 % interval of the ratio {row['low']:.2f} to {row['high']:.2f}, {_chance(row['p_value'])}"
        if row["p_value"] < SIGNIFICANT:
            said = f"Accounts that landed at half the penetration left at a yearly risk that was {size} {way} ({span})."
        else:
            said = (
                f"No trend can be told from chance: at half the penetration the yearly risk was {size} {way} ({span})."
            )
        can = (
            f"You have {self.events:,} churns; you can detect a hazard ratio of {self.detectable:.1f} or more"
            if np.isfinite(self.detectable)
            else f"You have {self.events:,} churns, all on one side of the limit; no hazard ratio can be detected"
        )
        return said, f"{can} between small deals and the rest."


def penetration_trend(lives: pd.DataFrame, limit: float = 0.1, measured: str = "landing_penetration") -> Trend:
    """The trend over accounts with a known penetration; takes the answer of `account_lives`.

    `measured` names the penetration used; any but the landing's finds effects that are not there. Refused with fewer
    than ten losses.
    """
    entered, last, potential, landed_at = (
        lives[name].to_numpy("float64", na_value=np.nan)
        for name in ("entered_after", "last_year", "potential_acv", measured)
    )
    is_seen = last > entered
    is_known = is_seen & (landed_at > 0) & (potential > 0)
    known = {name: lives[name][is_known] for name in ("cohort_year", "segment", "term_months")}
    penetration, size = landed_at[is_known], np.log(potential[is_known])
    account, year, left = account_years(
        entered[is_known].astype("int64"),
        last[is_known].astype("int64"),
        lives["is_lost"].to_numpy("float64", na_value=np.nan)[is_known],
    )
    events = int(left.sum())
    if events < FEWEST_EVENTS:
        what = f"{events:,} churns with a known landing penetration are too few to test a trend"
        raise Refused(what, where="trend test", do=f"Wait for {FEWEST_EVENTS}, or widen the scope.")
    controls, notes = _controls(known, np.bincount(account, left, penetration.size))
    adjusted = pd.DataFrame({"penetration": np.log(penetration), "size": size, **controls})
    rows = []
    for name, design in (("adjusted", adjusted), ("unadjusted", adjusted[["penetration"]])):
        found = fit(account, year, left, design)
        if "penetration" not in found.names:
            raise Refused("all accounts landed at the same penetration", where="trend test", do="Widen the scope.")
        value, error = found.of("penetration")
        if not found.has_settled:
            notes.append(f"The {name} estimate has not settled: too few churns for what it is adjusted for.")
        half = np.log(0.5)
        ends = sorted(half * (value + side * ndtri(1 - SIGNIFICANT / 2) * error) for side in (-1, 1))
        rows.append(
            {
                "model": name,
                "slope": value,
                "error": error,
                "ratio": float(np.exp(half * value)),
                "low": float(np.exp(ends[0])),
                "high": float(np.exp(ends[1])),
                "p_value": float(2 * ndtr(-abs(value) / error)) if error > 0 else np.nan,
                "accounts": found.accounts,
                "events": found.events,
            }
        )
    small_share = float((penetration[account] < limit).mean())
    return Trend(
        estimates=pd.DataFrame(rows),
        accounts=penetration.size,
        events=events,
        excluded=int(is_seen.sum()) - penetration.size,
        small_share=small_share,
        detectable=detectable_ratio(events, small_share),
        notes=tuple(notes),
    )


def detectable_ratio(events: float, share: float) -> float:
    """The hazard ratio that a test at 5 % finds with 80 % power, a share of the risk exposed (Schoenfeld 1983)."""
    spread = events * share * (1 - share)
    return float(np.exp(Z / np.sqrt(spread))) if spread > 0 else np.inf


def events_needed(ratio: float, share: float) -> float:
    """The losses needed to find a hazard ratio at 5 % with 80 % power."""
    return float(Z**2 / (share * (1 - share) * np.log(ratio) ** 2))


def _chance(p_value: float) -> str:
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def _controls(known: Mapping[str, pd.Series], lost: np.ndarray) -> tuple[dict[str, np.ndarray], list[str]]:
    """Cohort year, and a flag for each segment and term common among the losses of accounts; the rest are one."""
    found = {"cohort_year": known["cohort_year"].to_numpy(float)}
    notes: list[str] = []
    for name in ("segment", "term_months"):
        place, levels = pd.factorize(known[name].astype("str").to_numpy(dtype=object), sort=True)
        has_level = place >= 0
        counted = np.bincount(place[has_level], lost[has_level], len(levels))
        largest_first = np.argsort(-counted, kind="stable")
        common = [each for each in largest_first if counted[each] >= COMMON]
        others = len(levels) - len(common)
        flagged = common if others else common[1:]
        found |= {f"{name}: {levels[each]}": (place == each).astype(float) for each in flagged}
        if others > 1:
            notes.append(f"{others} values of {name.replace('_months', '')} with few churns count as one.")
    return found, notes
