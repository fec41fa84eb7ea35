"""The trend test: published data and independent packages, and how often it alarms where there is nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from models.conftest import GOLDEN
from scipy.stats import norm

from decade.errors import Refused
from decade.models.grouped_hazard import account_years, fit
from decade.models.lifetimes import log_rank
from decade.models.penetration_trend import detectable_ratio, events_needed, penetration_trend

# Rossi, Berk and Lenihan 1980: 432 people released from prison, by week, to their arrest or a year.
# rossi_coefficients.csv: the regression by statsmodels 0.15.0 (cluster: the person), Cox's by lifelines 0.30.3.
COEFFICIENTS = pd.read_csv(GOLDEN / "rossi_coefficients.csv").set_index("name")
NAMES = list(COEFFICIENTS.index)


@pytest.fixture(scope="module")
def rossi() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "rossi.csv")


@pytest.fixture(scope="module")
def weeks(rossi: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    start = np.zeros(len(rossi), dtype="int64")
    return account_years(start, rossi["week"].to_numpy("int64"), rossi["arrest"].to_numpy(float))


def test_rows_of_account_years() -> None:
    account, year, left = account_years(np.array([0, 2, 1]), np.array([2, 4, 1]), np.array([1.0, 0.0, 0.0]))
    assert account.tolist() == [0, 0, 1, 1]
    assert year.tolist() == [1, 2, 3, 4]
    assert left.tolist() == [0, 1, 0, 0]


def test_rossi_as_cox(rossi: pd.DataFrame, weeks: tuple) -> None:
    found = fit(*weeks, rossi[NAMES])
    assert found.coefficient == pytest.approx(COEFFICIENTS["cox"].to_numpy(), abs=0.001)
    assert (found.events, found.accounts) == (114, 432)


def test_rossi_as_an_independent_package(rossi: pd.DataFrame, weeks: tuple) -> None:
    found = fit(*weeks, rossi[NAMES])
    assert found.coefficient == pytest.approx(COEFFICIENTS["cloglog"].to_numpy(), abs=1e-7)
    small_sample = np.sqrt(432 / 431)
    assert found.error == pytest.approx(COEFFICIENTS["clustered_error"].to_numpy() * small_sample, rel=1e-5)
    assert found.log_likelihood == pytest.approx(-661.5595650, abs=1e-6)
    assert found.has_settled


def test_a_late_entry_is_not_at_risk_before(rossi: pd.DataFrame) -> None:
    """Entering after week 20 is the same as never having seen the weeks before."""
    late = rossi[rossi["week"] > 20].reset_index(drop=True)
    last, lost = late["week"].to_numpy("int64"), late["arrest"].to_numpy(float)
    entered = fit(*account_years(np.full(len(late), 20), last, lost), late[["fin"]])
    shifted = fit(*account_years(np.zeros(len(late), dtype="int64"), last - 20, lost), late[["fin"]])
    assert entered.of("fin") == pytest.approx(shifted.of("fin"))


def test_a_flag_without_losses_is_left_out(rossi: pd.DataFrame, weeks: tuple) -> None:
    flag = (rossi["arrest"] == 0).astype(float) * (rossi.index % 7 == 0)
    with_flag = fit(*weeks, rossi[["fin"]].assign(never=flag))
    without = fit(
        *account_years(
            np.zeros(int((flag == 0).sum()), dtype="int64"),
            rossi.loc[flag == 0, "week"].to_numpy("int64"),
            rossi.loc[flag == 0, "arrest"].to_numpy(float),
        ),
        rossi.loc[flag == 0, ["fin"]],
    )
    assert with_flag.names == ("fin",)
    assert with_flag.of("fin") == pytest.approx(without.of("fin"), abs=1e-8)


def test_log_rank_on_waltons() -> None:
    """Flies with and without a virus: 122.249126 by lifelines 0.30.3."""
    flies = pd.read_csv(GOLDEN / "waltons.csv")
    rows = [
        (group, day, int((part["T"] >= day).sum()), int(((part["T"] == day) & (part["E"] == 1)).sum()))
        for group, part in flies.groupby("group")
        for day in range(1, int(flies["T"].max()) + 1)
    ]
    found = log_rank(pd.DataFrame(rows, columns=["group", "age", "at_risk", "lost"]))
    assert found.statistic == pytest.approx(122.249126, abs=1e-6)


@pytest.mark.parametrize(
    ("ratio", "share", "events"),
    [(2, 0.5, 65), (2, 0.2, 102), (2, 0.1, 181), (1.5, 0.5, 191), (1.5, 0.2, 298), (1.5, 0.1, 531), (3, 0.5, 26)],
)
def test_events_needed(ratio: float, share: float, events: int) -> None:
    assert events_needed(ratio, share) == pytest.approx(events, abs=0.6)
    assert detectable_ratio(events_needed(ratio, share), share) == pytest.approx(ratio)


def company(chance: np.random.Generator, accounts: int = 400, effect: float = 0.0) -> pd.DataFrame:
    """Accounts whose yearly risk depends on size and, by `effect`, on log landing penetration; who stays grows."""
    size = chance.normal(0, 1.1, accounts)
    landing = np.exp(chance.normal(-2.2, 0.9, accounts) - 0.25 * size).clip(0.002, 1.5)
    potential = np.exp(11 + size)
    entered, reached = np.zeros(accounts, dtype=int), chance.integers(1, 7, accounts)
    alive, last, lost, now = np.ones(accounts, bool), np.zeros(accounts, int), np.zeros(accounts, bool), landing.copy()
    hazard = 1 - np.exp(-np.exp(-1.7 - 0.25 * size + effect * (np.log(landing) + 2.2)))
    for year in range(1, 7):
        seen = alive & (reached >= year)
        leaves = seen & (chance.random(accounts) < hazard)
        last[seen], lost[leaves] = year, True
        alive &= ~leaves
        stays = seen & ~leaves
        now[stays] *= np.exp(chance.normal(0.1, 0.27, stays.sum()))
    return pd.DataFrame(
        {
            "landing_penetration": landing,
            "penetration_now": now,
            "potential_acv": potential,
            "landing_acv": landing * potential,
            "segment": np.where(size > 0.8, "Enterprise", np.where(size < -0.8, "SMB", "Mid")),
            "term_months": chance.choice([1.0, 12.0], accounts),
            "cohort_year": 2026 - reached,
            "entered_after": entered,
            "last_year": last,
            "is_lost": lost,
        }
    )


def test_alarms_where_there_is_nothing() -> None:
    """200 companies without any effect: the declared test alarms in about 5 %, today's ACV in about 40 %."""
    declared, naive = [], []
    for seed in range(200):
        lives = company(np.random.default_rng(seed))
        declared.append(penetration_trend(lives).adjusted["p_value"] < 0.05)
        today = penetration_trend(lives, measured="penetration_now")
        naive.append(today.estimates.set_index("model").loc["unadjusted", "p_value"] < 0.05)
    assert 0.015 <= np.mean(declared) <= 0.09  # within 2.5 standard errors of 5 %
    assert 0.3 <= np.mean(naive) <= 0.6, np.mean(naive)


def test_an_effect_that_is_there_is_found() -> None:
    found = [penetration_trend(company(np.random.default_rng(seed), effect=-0.3)).adjusted for seed in range(40)]
    slopes = np.array([each["slope"] for each in found])
    assert slopes.mean() == pytest.approx(-0.3, abs=3 * slopes.std() / np.sqrt(slopes.size))
    covered = [each["low"] <= np.exp(0.3 * np.log(2)) <= each["high"] for each in found]
    assert np.mean(covered) >= 0.85


def test_the_reading() -> None:
    trend = penetration_trend(company(np.random.default_rng(3), effect=-0.6))
    said, can = trend.sentences()
    assert trend.adjusted["ratio"] > 1
    assert said.startswith("Accounts that landed at half the penetration left at a yearly risk that was ")
    assert " % higher (" in said
    assert f"You have {trend.events:,} churns; you can detect a hazard ratio of {trend.detectable:.1f} or more" in can
    quiet = penetration_trend(company(np.random.default_rng(5)))
    assert quiet.sentences()[0].startswith("No trend can be told from chance")


def test_unknown_penetration_is_counted_and_left_out() -> None:
    lives = company(np.random.default_rng(1))
    seen = lives["last_year"] > 0
    lives.loc[lives.index[seen][:7], "landing_penetration"] = np.nan
    assert penetration_trend(lives).excluded == 7


@pytest.mark.parametrize("spoil", ["nobody", "few", "alike", "none"])
def test_refused_in_one_sentence(spoil: str) -> None:
    lives = company(np.random.default_rng(1))
    if spoil == "nobody":
        lives["is_lost"] = False
    elif spoil == "few":
        lives = lives[~lives["is_lost"]].head(50)
    elif spoil == "alike":
        lives["landing_penetration"] = 0.1
    else:
        lives = lives.head(0)
    with pytest.raises(Refused):
        penetration_trend(lives)


def test_p_value_is_of_the_normal(rossi: pd.DataFrame) -> None:
    row = penetration_trend(company(np.random.default_rng(2))).adjusted
    assert row["p_value"] == pytest.approx(2 * norm.sf(abs(row["slope"] / row["error"])))
    assert row["ratio"] == pytest.approx(np.exp(np.log(0.5) * row["slope"]))
