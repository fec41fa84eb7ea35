"""How unevenly money is spread over accounts: the Lorenz curve, Gini's coefficient, the share of the largest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from decade.models.life_table import Array


@dataclass(frozen=True)
class Concentration:
    """What a set of accounts looks like in one picture.

    `curve`: accounts (share of them, smallest first) and money (share of it), from (0, 0) to (1, 1). `gini`: 0 when
    all are equal, (n - 1) / n when one has all. `top_share`: money of the largest tenth. `effective`: Kish's number of
    equal accounts that would be as concentrated. All are nan without money.
    """

    accounts: int
    curve: pd.DataFrame
    gini: float
    top_share: float
    effective: float


def concentration(amounts: Sequence[float] | Array | pd.Series, top: float = 0.1) -> Concentration:
    """Concentration of the positive amounts; the rest are no accounts. Between accounts the curve is straight.

    Gini = 1 - 2 x the area under the Lorenz curve, without a small-sample correction.
    """
    values = np.asarray(amounts, dtype=float)
    values = np.sort(values[np.isfinite(values) & (values > 0)])
    n, total = values.size, values.sum()
    if n == 0:
        return Concentration(0, pd.DataFrame({"accounts": [], "money": []}, dtype=float), np.nan, np.nan, np.nan)
    accounts = np.arange(n + 1) / n
    money = np.concatenate([[0.0], np.cumsum(values) / total])
    money[-1] = 1.0
    return Concentration(
        accounts=n,
        curve=pd.DataFrame({"accounts": accounts, "money": money}),
        gini=float(1 - np.sum(money[1:] + money[:-1]) / n),
        top_share=float(1 - np.interp(1 - top, accounts, money)),
        effective=float(total**2 / np.sum(values**2)),
    )


def thinned(curve: pd.DataFrame, points: int = 200) -> pd.DataFrame:
    """The curve with at most so many points: enough to draw it."""
    if len(curve) <= points:
        return curve
    return curve.iloc[np.unique(np.linspace(0, len(curve) - 1, points).round().astype(int))]
