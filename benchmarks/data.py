"""A synthetic company of any size: ten years of subscription charges, sizes after a power law, a fixed seed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv

YEARS = 10
MONTHS = 12 * YEARS
FIRST_YEAR = 2016
AS_OF = date(FIRST_YEAR + YEARS - 1, 12, 31)
REGIONS = np.array(["Americas", "Europe", "Asia"])
CHANNELS = np.array(["Inbound", "Outbound", "Partner", "Event"])
CHARGES, ACCOUNTS = "charges.csv", "accounts.csv"


def write(folder: Path, accounts: int, seed: int = 7) -> tuple[Path, Path]:
    """Charges and accounts as CSV, made once for a size; about eleven charges an account.

    Amounts are whole cents and every yearly amount is twelve equal months, so that each method can be held to
    the cent. Periods begin on days 1 to 28 and gaps are at least a month, so that no method needs a convention
    of its own. A customer that leaves has its cancellation on the last charge.
    """
    paths = folder / CHARGES, folder / ACCOUNTS
    if not all(path.exists() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        for table, path in zip(company(accounts, seed), paths, strict=True):
            csv.write_csv(table, path)
    return paths


def count(folder: Path) -> int:
    """The number of charges that were written."""
    with (folder / CHARGES).open("rb") as lines:
        return sum(1 for _ in lines) - 1


def company(accounts: int, seed: int = 7) -> tuple[pa.Table, pa.Table]:
    """The two tables as they are written, one row a charge and one row an account."""
    chance = np.random.default_rng(seed)
    mrr = np.minimum(1900 + 3000 * chance.pareto(1.15, accounts), 4_000_000).astype(np.int64)
    is_annual = chance.random(accounts) < np.where(mrr > 20_000, 0.9, 0.62)
    growth = np.exp(2.2 * np.arange(MONTHS) / MONTHS)
    begins = np.sort(chance.choice(MONTHS, accounts, p=growth / growth.sum()))
    day = chance.integers(1, 29, accounts)
    attributes = pa.table(
        {
            "account_id": [f"C{number:07d}" for number in range(accounts)],
            "name": [f"Customer {number}" for number in range(accounts)],
            "segment": np.select([mrr > 60_000, mrr > 12_000], ["Enterprise", "Mid-market"], "SMB"),
            "region": REGIONS[chance.choice(3, accounts, p=[0.5, 0.35, 0.15])],
            "channel": CHANNELS[chance.choice(4, accounts, p=[0.4, 0.3, 0.2, 0.1])],
            "customer_since": _days(begins, day),
        }
    )
    return _charges(chance, mrr, is_annual, begins, day), attributes


def _charges(
    chance: np.random.Generator,
    mrr: np.ndarray,
    is_annual: np.ndarray,
    begins: np.ndarray,
    day: np.ndarray,
) -> pa.Table:
    """Period after period for all accounts at once: each renews, grows, shrinks, leaves, or returns later."""
    price, cursor = mrr.copy(), begins.copy()
    length = np.where(is_annual, 12, 1)
    leaves, moves = np.where(is_annual, 0.09, 0.023), np.where(is_annual, 0.45, 0.04)
    parts = []
    who = np.arange(len(mrr))
    while len(who):
        starts, ends = cursor[who], cursor[who] + length[who]
        luck = chance.random((3, len(who)))
        stays = luck[0] >= leaves[who]
        is_seen = (ends < MONTHS) & ~stays
        line = {"who": who, "starts": starts, "ends": ends, "is_seen": is_seen}
        parts.append(pd.DataFrame({**line, "plan": 0, "amount": price[who] * length[who]}))
        extra = is_annual[who] & (luck[2] < 0.12)
        added = np.maximum(price[who] // 5, 100) * length[who]
        parts.append(pd.DataFrame({**line, "plan": 1, "amount": added})[extra])
        factor = np.where(chance.random(len(who)) < 0.72, chance.uniform(1.02, 1.6, len(who)), 0.75)
        changed = luck[1] < moves[who]
        price[who] = np.where(changed, np.maximum((price[who] * factor).astype(np.int64), 100), price[who])
        away = np.where(stays, 0, np.where(luck[1] < 0.12, chance.integers(2, 19, len(who)), MONTHS))
        cursor[who] = ends + away
        who = who[cursor[who] < MONTHS]
    made = pd.concat(parts, ignore_index=True).sort_values(["starts", "who", "plan"], ignore_index=True)
    who = made["who"].to_numpy()
    ends_on = _days(made["ends"].to_numpy(), day[who])
    names = np.array(["Monthly", "Annual", "Add-on"])
    return pa.table(
        {
            "charge_id": [f"L{number:08d}" for number in range(len(made))],
            "customer_id": [f"C{number:07d}" for number in who],
            "subscription_id": [f"S{number:07d}" for number in who],
            "plan": names[np.where(made["plan"] == 1, 2, is_annual[who].astype(int))],
            "service_period_start": _days(made["starts"].to_numpy(), day[who]),
            "service_period_end": ends_on,
            "amount": made["amount"].to_numpy(),
            "currency": np.full(len(made), "USD"),
            "cancelled_at": pa.array(ends_on, mask=~made["is_seen"].to_numpy()),
        }
    )


def _days(month: np.ndarray, day: np.ndarray) -> np.ndarray:
    first = np.datetime64(f"{FIRST_YEAR}-01", "M") + month.astype("timedelta64[M]")
    return first.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
