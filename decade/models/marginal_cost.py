"""Where the next unit of spend should go: what one more account costs in each channel, with how little is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from decade.models.life_table import Array

QUANTILES = (0.1, 0.5, 0.9)
ELASTICITIES = np.linspace(0.02, 1.2, 60)
USUAL, SPREAD = 0.6, 0.3
FEWEST_PERIODS, FEWEST_ACCOUNTS = 6, 5


def marginal_cost(frame: pd.DataFrame, *, last: int = 4, seed: int = 0, draws: int = 4000) -> pd.DataFrame:
    """One row per slice: what one more account would cost at the spend of the last periods.

    Takes slice, period, spend, new_accounts and the spend that names the slice, by period in order. Accounts of a
    period are counted as Poisson around level x spend^elasticity; the elasticity has the prior N(0.6, 0.3), cut to
    0.02 to 1.2, and the level a flat one, so that the posterior is exact on a grid. Scatter beyond Poisson widens it.
    Marginal cost = average cost of the fitted curve / elasticity.

    Columns: slice, periods, accounts, spend (a period, of the last ones), average_cac (of them), elasticity,
    marginal_cac, low, high (80 %), note.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for name, part in frame.groupby("slice", sort=False):
        used = part[part["spend"].notna() & (part["spend"] > 0)]
        spend, accounts = used["spend"].to_numpy("float64"), used["new_accounts"].to_numpy("float64")
        recent, won = spend[-last:], accounts[-last:].sum()
        row: dict[str, object] = {
            "slice": name,
            "periods": len(used),
            "accounts": int(accounts.sum()),
            "spend": recent.mean() if len(used) else np.nan,
            "average_cac": recent.sum() / won if won > 0 else np.nan,
        }
        unknown = {"elasticity": np.nan, "marginal_cac": np.nan, "low": np.nan, "high": np.nan}
        if len(used) < FEWEST_PERIODS or accounts.sum() < FEWEST_ACCOUNTS:
            few = f"Fewer than {FEWEST_PERIODS} periods with spend, or fewer than {FEWEST_ACCOUNTS} accounts."
            rows.append(row | unknown | {"note": few})
            continue
        elasticity, cost = _posterior(spend, accounts, recent.mean(), rng, draws)
        low, middle, high = np.quantile(cost, QUANTILES)
        moved = np.quantile(spend, 0.9) / np.quantile(spend, 0.1)
        note = "Spend hardly moved: what is said about the next account is mostly the prior." if moved < 1.5 else ""
        known = {"elasticity": float(np.median(elasticity)), "marginal_cac": middle, "low": low, "high": high}
        rows.append(row | known | {"note": note})
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    "slice",
    "periods",
    "accounts",
    "spend",
    "average_cac",
    "elasticity",
    "marginal_cac",
    "low",
    "high",
    "note",
]


def _posterior(spend: Array, accounts: Array, at: float, rng: np.random.Generator, draws: int) -> tuple[Array, Array]:
    """Draws of the elasticity, and of the cost of one more account at a spend of `at` a period."""
    scale = np.log(spend / at)
    powers = np.exp(np.outer(ELASTICITIES, scale))
    total, exposure = accounts.sum(), powers.sum(axis=1)
    # The level integrated out: Poisson counts with a flat prior on the level's logarithm are multinomial.
    fit = ELASTICITIES * (scale @ accounts) - total * np.log(exposure)
    best = int(np.argmax(fit))
    expected = powers[best] * total / exposure[best]
    spare = max(1, accounts.size - 2)
    scatter = max(1.0, float(((accounts - expected) ** 2 / expected).sum()) / spare)
    log_weight = fit / scatter - (ELASTICITIES - USUAL) ** 2 / (2 * SPREAD**2)
    weight = np.exp(log_weight - log_weight.max())
    chosen = rng.choice(ELASTICITIES.size, size=draws, p=weight / weight.sum())
    level = rng.gamma(max(total / scatter, 0.5), 1.0, draws) * scatter / exposure[chosen]
    elasticity = ELASTICITIES[chosen]
    return elasticity, at / (level * elasticity)
