"""What pages make of projections, kept in their place: they are read once, and their thousand paths not again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from decade.errors import Refused
from decade.models.customer_value import HORIZON, Range, carried_on, monthly_kept, paths_of, yearly_kept
from decade.models.life_table import Array
from decade.models.lifetimes import lifetimes, worth, worth_of_groups
from decade.ui.projected import Place, all_pieces, calibration, groups_at, place_now, projection_at
from decade.ui.shelf import made_once

ALL = "All"


class Lasting(NamedTuple):
    """The typical customer (as `lifetimes` has it), what all cohorts bring in ten years, and each group (`worth`)."""

    usual: Mapping[str, float]
    revenue: float
    groups: pd.DataFrame


class Kept(NamedTuple):
    """Share of accounts and of revenue that each year keeps of the year before, and of the first month's in each.

    `monthly`: 120 months x draws, or None where nothing can be projected: `why_not` says why.
    """

    accounts: tuple[float, ...]
    revenue: tuple[float, ...]
    monthly: Array | None
    why_not: str


def lasting(by: str, cells: pd.DataFrame) -> Lasting:
    """What customers last and bring, by cohort or by an attribute; `cells`: yearly logo cohorts by the same.

    Raises Refused when the history is too short.
    """
    found = _lasting(place_now(), by, calibration("logo"), calibration("net"), cells)
    if isinstance(found, str):
        raise Refused(found)
    return found


def kept(segment: str) -> Kept:
    """How the typical account of a segment, or of all, and its revenue last."""
    return _kept(place_now(), segment, calibration("logo"), calibration("net"))


def carried(known: pd.DataFrame, **made: object) -> tuple[dict[str, pd.DataFrame], dict[str, Range], str]:
    """Each payback curve and its crossing beyond what was observed, by cohort, and why there is none.

    `made` tells what `known`, rows of `cohort_payback`, was asked with.
    """
    return _carried(place_now(), tuple(sorted(made.items())), calibration("net"), known)


@made_once("Projecting …")
def _lasting(
    place: Place, by: str, calibration_of_logos: float, calibration_of_net: float, cells: pd.DataFrame
) -> Lasting | str:
    logos = projection_at(place, "logo", "none", ALL, all_pieces("logo"), calibration_of_logos)
    net = projection_at(place, "net", "none", ALL, all_pieces("net"), calibration_of_net)
    if isinstance(logos, str) or isinstance(net, str):
        return logos if isinstance(logos, str) else str(net)
    usual, money = lifetimes(logos).iloc[0], lifetimes(net)
    if by == "start":
        found = worth(logos, net, cells.loc[cells["late_entries"] > 0, "cohort"].unique())
    else:
        stay = groups_at(place, "logo", "year", by, all_pieces("logo"), calibration_of_logos)
        pay = groups_at(place, "net", "year", by, all_pieces("net"), calibration_of_net)
        if isinstance(stay, str) or isinstance(pay, str):
            return stay if isinstance(stay, str) else str(pay)
        found = worth_of_groups(stay, pay, cells[cells["age"] == 0].set_index("cohort")["n"], logos.oldest_age)
    names = ("years", "years_low", "years_high", "share_beyond")
    whole = float(money.loc[money["cohort"] != "", "total"].sum())
    return Lasting({name: float(usual[name]) for name in names}, whole, found)


@made_once("Projecting …")
def _kept(place: Place, segment: str, calibration_of_logos: float, calibration_of_net: float) -> Kept:
    paths: list[Array] = []
    for kind, widening in (("logo", calibration_of_logos), ("net", calibration_of_net)):
        found = _paths(place, kind, segment, widening)
        if isinstance(found, str):
            return Kept(yearly_kept(paths[0]) if paths else (), (), None, found)
        paths.append(found)
    return Kept(yearly_kept(paths[0]), yearly_kept(paths[1]), monthly_kept(paths[1]), "")


def _paths(place: Place, kind: str, segment: str, widening: float) -> Array | str:
    """The typical account of a segment, or of all: share of its start at each yearly age, ages x draws."""
    if segment == ALL:
        whole = projection_at(place, kind, "none", ALL, all_pieces(kind), widening)
        return whole if isinstance(whole, str) else whole.pooled_paths
    found = groups_at(place, kind, "year", "segment", all_pieces(kind), widening)
    if isinstance(found, str):
        return found
    if segment not in found.names:
        return Refused(
            f"no account of {segment} has a known age", where="projection", do="Choose another segment."
        ).sentence()
    return np.asarray(found.paths[found.names.index(segment)])


@made_once("Projecting …")
def _carried(
    place: Place,
    made: tuple[tuple[str, object], ...],  # noqa: ARG001  (part of the key)
    calibration_of_net: float,
    known: pd.DataFrame,
) -> tuple[dict[str, pd.DataFrame], dict[str, Range], str]:
    ahead = projection_at(place, "net", "none", ALL, all_pieces("net"), calibration_of_net)
    if isinstance(ahead, str):
        return {}, {}, ahead
    curves, crossings, monthly = {}, {}, {}
    for cohort, part in known.groupby("cohort", sort=False):
        year = str(cohort)[:4]
        if year not in monthly:
            monthly[year] = monthly_kept(paths_of(ahead, year))
        if int(part["age"].iloc[-1]) < HORIZON:
            curves[str(cohort)], crossings[str(cohort)] = carried_on(part, monthly[year])
    return curves, crossings, ""
