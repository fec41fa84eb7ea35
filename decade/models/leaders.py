"""On how few accounts a retention rate leans: the largest shares of expansion and of loss, and the rate without one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from decade.models.life_table import Array

TOP = 10


@dataclass(frozen=True)
class Leaders:
    """The accounts of `retained_accounts` that made most of the expansion and most of the loss.

    Shares are of all expansion, and of all loss; None when there was none. `without` is NRR without the account
    that was largest at the start, `without_grower` without the one that grew most; None when nobody is left.
    """

    expansion: float
    loss: float
    growers: pd.DataFrame
    losers: pd.DataFrame
    growers_share: float | None
    losers_share: float | None
    nrr: float | None
    largest: str
    largest_share: float | None
    without: float | None
    grower: str
    without_grower: float | None


def leaders(kept: pd.DataFrame) -> Leaders:
    """Who a trailing-twelve-month NRR leans on."""
    change, then, now = (kept[name].to_numpy("float64", na_value=np.nan) for name in ("change", "mrr_then", "mrr_now"))
    up, down = np.clip(change, 0, None), np.clip(-change, 0, None)
    growers, losers = _top(kept, up), _top(kept, down)
    base = float(np.nansum(then))
    largest = int(then.argmax()) if len(kept) else None
    grower = int(up.argmax()) if len(kept) and np.nanmax(up) > 0 else None
    names = kept["account"]
    return Leaders(
        expansion=float(np.nansum(up)),
        loss=float(np.nansum(down)),
        growers=growers,
        losers=losers,
        growers_share=float(growers["part"].sum() / np.nansum(up)) if np.nansum(up) > 0 else None,
        losers_share=float(losers["part"].sum() / np.nansum(down)) if np.nansum(down) > 0 else None,
        nrr=_rate(now, then),
        largest="" if largest is None else str(names.iloc[largest]),
        largest_share=float(then[largest]) / base if largest is not None and base > 0 else None,
        without=None if largest is None else _rate(np.delete(now, largest), np.delete(then, largest)),
        grower="" if grower is None else str(names.iloc[grower]),
        without_grower=None if grower is None else _rate(np.delete(now, grower), np.delete(then, grower)),
    )


def _top(kept: pd.DataFrame, part: Array) -> pd.DataFrame:
    found = pd.Series(part)
    found = found[found > 0].nlargest(TOP, keep="first")
    whole = float(np.nansum(part))
    chosen = kept.iloc[found.index].assign(part=found.to_numpy())
    return chosen.assign(share=chosen["part"] / whole if whole else 0.0).reset_index(drop=True)


def _rate(now: Array, then: Array) -> float | None:
    base = float(np.nansum(then))
    return float(np.nansum(now)) / base if base > 0 else None
