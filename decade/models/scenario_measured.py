"""A segment's own measured values as inputs of a scenario, each with where it comes from or why it is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from decade.models.finer import Ahead
from decade.models.life_table import Array
from decade.models.projection import Projection
from decade.models.scenario_inputs import LIMITS, Path, Scenario

LABELS = {"acv": "ACV", "cac": "CAC", "gross_margin": "gross margin", "nrr": "NRR", "churn": "logo churn"}


@dataclass(frozen=True)
class Measured:
    """One input as measured; without a value, `source` says what is missing."""

    name: str
    value: float | Path | None
    source: str


@dataclass(frozen=True)
class Kept:
    """Share of its start that the typical account has left at each yearly age, from 0; the oldest age observed."""

    median: Array
    oldest_age: int


def kept_of_all(found: Projection) -> Kept:
    """What the typical account of all is projected to leave."""
    return Kept(np.median(found.pooled_paths, axis=1), found.oldest_age)


def kept_of_group(found: Ahead, name: str) -> Kept | str:
    """The same for a group out of one fit for all of them, or why there is nothing."""
    if name not in found.names:
        return f"no account of {name} has a known age"
    place = found.names.index(name)
    return Kept(np.median(found.paths[place], axis=1), found.oldest[place])


def measured(
    acquired: Mapping[str, Any], logo: Kept | str, net: Kept | str, retained: Mapping[str, Any]
) -> list[Measured]:
    """What a segment shows, in the order of LABELS.

    `acquired`: its row of the metric `acquisition` for the last twelve months; `logo` and `net`: what it is projected
    to keep, or why nothing can be projected; `retained`: its latest row of `revenue_retention`, used where there is no
    projection. A row that does not exist is empty.
    """
    accounts, new_mrr = (_number(acquired, name) for name in ("new_accounts", "new_mrr"))
    acv = None if not accounts or new_mrr is None else 12 * new_mrr / accounts
    won = f"{accounts:,.0f} accounts won in twelve months" if accounts else "no account was won in twelve months"
    lag = round(_number(acquired, "lag_months") or 0)
    after = "one month" if lag == 1 else f"{lag} months"
    spent = f"{_written(acquired, 'spend')} of fully loaded spend over {won}, {after} later"
    margin = {
        "typed": "typed by hand",
        "costs": "costs of goods and support over revenue, last twelve months with costs",
    }
    said = str(acquired.get("margin_from"))
    return [
        _checked("acv", acv, f"first MRR x 12, mean of {won}", won, places=0),
        _checked("cac", _number(acquired, "cac"), spent, "no spend to divide" if accounts else won, places=0),
        _checked(
            "gross_margin", _number(acquired, "gross_margin"), margin.get(said, said), "no costs imported or typed"
        ),
        *_paths(logo, net, retained),
    ]


def filled(scenario: Scenario, found: Sequence[Measured]) -> Scenario:
    """The scenario with every measured value in place; what is missing stays as it is."""
    values: dict[str, Any] = {each.name: each.value for each in found if each.value is not None}
    if isinstance(values.get("nrr"), tuple):
        values["damping"] = 1.0
    return replace(scenario, **values)


def missing_sentence(found: Sequence[Measured]) -> str:
    """What could not be measured and stays as it is; empty when everything could."""
    missing = [f"{LABELS[each.name]} ({each.source})" for each in found if each.value is None]
    return f"Not measured, left as it was: {'; '.join(missing)}." if missing else ""


def _checked(name: str, value: float | None, source: str, missing: str, places: int = 4) -> Measured:
    if value is None:
        return Measured(name, None, missing)
    low, high = LIMITS[name]
    if not low <= value <= high:
        return Measured(name, None, f"the data gives {value:,.4g}, which a scenario cannot take")
    return Measured(name, max(low, round(value, places)), source)


def _paths(logo: Kept | str, net: Kept | str, retained: Mapping[str, Any]) -> tuple[Measured, Measured]:
    """NRR of staying customers and logo churn, year by year, from the projections; else the last twelve months'."""
    if isinstance(logo, Kept) and isinstance(net, Kept):
        kept, level = logo.median, net.median
        years = min(kept.size, level.size)
        with np.errstate(divide="ignore", invalid="ignore"):
            stay = kept[1:years] / kept[: years - 1]
            grow = level[1:years] / level[: years - 1] / stay
        known = np.isfinite(stay) & np.isfinite(grow)
        if known.any():
            upto = int(np.argmin(known)) if not known.all() else known.size
            seen = f"{max(logo.oldest_age, net.oldest_age)} years of it observed"
            return (
                Measured("nrr", _path("nrr", grow[:upto]), f"revenue projection over logo projection, {seen}"),
                Measured("churn", _path("churn", 1 - stay[:upto]), f"logo projection, {seen}"),
            )
    why = next(each for each in (logo, net, "no account is left") if isinstance(each, str))
    kept_now, nrr = _number(retained, "logo_retention"), _number(retained, "nrr")
    last = "last twelve months, without a projection: " + why
    if kept_now is None:
        return Measured("nrr", None, why), Measured("churn", None, why)
    churn = Measured("churn", round(1 - kept_now, 4), last)
    if nrr is None or kept_now == 0:
        return Measured("nrr", None, why), churn
    return Measured("nrr", _path("nrr", np.array([nrr / kept_now]))[0], last), churn


def _path(name: str, values: Any) -> Path:
    low, high = LIMITS[name]
    return tuple(round(float(each), 4) for each in np.clip(values, low, high))


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    return None if value is None or pd.isna(value) else float(value)


def _written(row: Mapping[str, Any], name: str) -> str:
    value = _number(row, name)
    return "nothing" if value is None else f"{value:,.0f}"
