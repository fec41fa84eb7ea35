"""How far single customers move a cohort's revenue: simulated companies whose every account is known."""

from __future__ import annotations

import numpy as np
import pytest

from decade.models.revenue import RevenueFit, fit_revenue, simulate_revenue
from decade.models.revenue_table import RevenueTable

LEAVES = (0.25, 0.2, 0.15, 0.12, 0.1, 0.09, 0.08)


def company(power: float, years: int, accounts: int, seed: int) -> tuple[RevenueTable, np.ndarray]:
    """What is known after so many years, one cohort a year, and MRR by cohort and age with the year to come.

    Accounts of lognormal MRR leave less often the older they are; in proportion to size to the `power`.
    """
    chance = np.random.default_rng(seed)
    mrr = np.exp(1.1 * chance.standard_normal((years, accounts)))
    usual = mrr.mean()
    shocks = 0.03 * chance.standard_normal(2 * years + 1)
    sums = np.full((3, years, years + 2), np.nan)
    product = np.full((years, years + 2), np.nan)
    for age in range(years + 2):
        sums[:, :, age] = [(mrr**each).sum(axis=1) for each in (1, 2, 3)]
        if age > years:
            break
        odds = np.clip((np.where(mrr > 0, mrr, usual) / usual) ** power, 0.4, 1.6)
        stays = chance.random(mrr.shape) > odds * LEAVES[min(age, len(LEAVES) - 1)]
        step = 0.02 + 0.08 * 0.6**age + shocks[np.arange(years) + age][:, None]
        after = mrr * stays * np.exp(step + 0.15 * chance.standard_normal(mrr.shape) - 0.15**2 / 2)
        product[:, age + 1] = (mrr * after).sum(axis=1)
        mrr = after
    level, squared, cubed = sums
    later = np.arange(years)[:, None] + np.arange(years + 2)[None, :] > years
    known = [np.where(later, np.nan, each) for each in (level, level**2 / squared, product, cubed / level / squared)]
    names = tuple(str(2004 + place) for place in range(years))
    return RevenueTable(names, *known[:3], np.arange(years), largest=known[3]), level


def next_year(power: float, companies: int) -> tuple[float, float]:
    """Share of cohorts whose next year lies inside the 80 % interval, and mean width of that, as a share."""
    inside, width = [], []
    for seed in range(companies):
        table, level = company(power, 7, 200, seed)
        row, age = np.arange(7), table.known_to + 1
        paths, _ = simulate_revenue(fit_revenue(table), 8, 300, seed)
        low, high = np.quantile(paths[row, age], (0.1, 0.9), axis=1)
        came = level[row, age]
        inside.append((low <= came) & (came <= high))
        width.append((high - low) / came)
    return float(np.mean(inside)), float(np.mean(width))


def test_where_big_accounts_leave_less_the_next_year_is_surer() -> None:
    """Eight cohorts in ten lie inside, whichever leave; weighted by MRR, nine in ten did where big ones stay."""
    big_stay, big_leave = next_year(-1.0, 30), next_year(1.0, 30)
    assert 0.74 < big_stay[0] < 0.88
    assert 0.74 < big_leave[0] < 0.9
    assert big_stay[1] < 0.8 * big_leave[1]


def test_each_age_has_its_own_variance() -> None:
    """Accounts leave half as often when old: what is believed of late ages is near what they show, not of all."""
    variances = np.mean([company(0.0, 7, 200, seed)[0].customer_variance() for seed in range(20)], axis=0)
    # One account's ratio: mean k g, where k stay and g is what they grow by, second moment k g^2 exp(.15^2).
    growth = np.exp(2 * (0.02 + 0.08 * 0.6 ** np.arange(7)))
    stay = 1 - np.array(LEAVES)
    true = growth * (stay * np.exp(0.15**2) - stay**2)
    assert variances[:6] == pytest.approx(true[:6], rel=0.3)
    assert variances[0] > 1.6 * variances[5]
    assert variances[7] == pytest.approx(variances[6])


def test_revenue_in_fewer_hands_every_year() -> None:
    """A fifth of equal accounts leaves each year, the others grow by a quarter: the same NRR, ever fewer accounts."""
    known, cohorts, accounts = 4, 9, 400
    level = np.full((cohorts, known + 1), 1e5)
    effective = accounts * 0.8 ** np.arange(known + 1) * np.ones((cohorts, 1))
    product = np.column_stack([np.full(cohorts, np.nan), level[:, 1:] ** 2 / effective[:, :-1]])
    table = RevenueTable(
        tuple(str(2004 + row) for row in range(cohorts)), level, effective, product, np.arange(cohorts)
    )
    fit: RevenueFit = fit_revenue(table, pieces=())
    paths, _ = simulate_revenue(fit, known + 5, 20_000, seed=1)
    ahead = np.log(paths[:, known + 5] / paths[:, known])
    # Growth is the same in both: the difference is that of customers alone.
    found = (ahead[0] - ahead[1]).var() / 2
    left = accounts * 0.8**known
    assert fit.variance_at(known) == pytest.approx(0.25, rel=0.03)
    assert found == pytest.approx((0.8**-5 - 1) / left, rel=0.08)
