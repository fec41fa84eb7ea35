"""The one test declared beforehand: does the risk of leaving fall with the penetration at landing?

A slope of the log hazard on log landing penetration, by contract year, adjusted for the account's size (log of its
potential), segment, cohort year and contract term, and once more without. One test, not one a band: ten intervals would
raise a false alarm in a third of the companies in which there is nothing.
"""

from __future__ import annotations

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
            said = f"Accounts that landed at half the penetration had a {size} {way} risk of leaving a year ({span})."
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
    seen = lives[lives["last_year"].astype(float) > lives["entered_after"].astype(float)]
    known = seen[(seen[measured].astype(float) > 0) & (seen["potential_acv"].astype(float) > 0)].reset_index(drop=True)
    penetration = known[measured].to_numpy(float)
    account, year, left = account_years(
        known["entered_after"].to_numpy("int64"), known["last_year"].to_numpy("int64"), known["is_lost"].to_numpy(float)
    )
    events = int(left.sum())
    if events < FEWEST_EVENTS:
        what = f"{events:,} churns with a known landing penetration are too few to test a trend"
        raise Refused(what, where="trend test", do=f"Wait for {FEWEST_EVENTS}, or widen the scope.")
    slope = pd.DataFrame({"penetration": np.log(penetration)})
    controls, notes = _controls(known, account, left)
    rows = []
    for name, design in (("adjusted", pd.concat([slope, controls], axis=1)), ("unadjusted", slope)):
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
        accounts=len(known),
        events=events,
        excluded=len(seen) - len(known),
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


def _controls(known: pd.DataFrame, account: np.ndarray, left: np.ndarray) -> tuple[pd.DataFrame, list[str]]:
    """Size, cohort year, and a flag for each segment and term common among the losses; the rest are one group."""
    lost = np.bincount(account, weights=left, minlength=len(known))
    found = {
        "size": np.log(known["potential_acv"].to_numpy(float)),
        "cohort_year": known["cohort_year"].to_numpy(float),
    }
    notes: list[str] = []
    for name in ("segment", "term_months"):
        levels = known[name].astype("str").to_numpy(dtype=object)
        counted = pd.Series(lost).groupby(levels).sum().sort_values(ascending=False)
        common = [str(level) for level, number in counted.items() if number >= COMMON]
        others = [str(level) for level in counted.index if str(level) not in common]
        flagged = common[1:] if not others else common
        if not others or len(common) > 0:
            found |= {f"{name}: {level}": (levels == level).astype(float) for level in flagged}
        if len(others) > 1:
            notes.append(f"{len(others)} values of {name.replace('_months', '')} with few churns count as one.")
    return pd.DataFrame(found), notes
