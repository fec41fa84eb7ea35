"""On how few accounts a retention rate leans: the largest shares of expansion and of loss, and the rate without one."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

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
    kept = kept.reset_index(drop=True)
    change = kept["change"].astype("float64")
    up, down = change.clip(lower=0), (-change).clip(lower=0)
    growers = _top(kept, up)
    losers = _top(kept, down)
    base = float(kept["mrr_then"].sum())
    largest = int(kept["mrr_then"].to_numpy("float64").argmax()) if len(kept) else None
    grower = int(up.to_numpy("float64").argmax()) if len(kept) and up.max() > 0 else None
    return Leaders(
        expansion=float(up.sum()),
        loss=float(down.sum()),
        growers=growers,
        losers=losers,
        growers_share=float(growers["part"].sum() / up.sum()) if up.sum() > 0 else None,
        losers_share=float(losers["part"].sum() / down.sum()) if down.sum() > 0 else None,
        nrr=_rate(kept),
        largest="" if largest is None else str(kept["account"].iloc[largest]),
        largest_share=float(kept["mrr_then"].iloc[largest]) / base if largest is not None and base > 0 else None,
        without=None if largest is None else _rate(kept.drop(index=largest)),
        grower="" if grower is None else str(kept["account"].iloc[grower]),
        without_grower=None if grower is None else _rate(kept.drop(index=grower)),
    )


def _top(kept: pd.DataFrame, part: pd.Series[float]) -> pd.DataFrame:
    chosen = kept.assign(part=part).loc[part > 0].nlargest(TOP, "part", keep="first")
    whole = float(part.sum())
    return chosen.assign(share=chosen["part"] / whole if whole else 0.0).reset_index(drop=True)


def _rate(kept: pd.DataFrame) -> float | None:
    base = float(kept["mrr_then"].sum())
    return float(kept["mrr_now"].sum()) / base if base > 0 else None
