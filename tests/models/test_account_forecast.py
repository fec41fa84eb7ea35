"""What an account is expected to become follows the pooled paths from its age on."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from decade.models.account_forecast import account_forecast


def projection(*levels: float):
    """A projection whose paths lie 10 % under, at, and 10 % over a line, from its first age on."""
    line = np.array(levels)
    return SimpleNamespace(age_months=12, pooled_paths=np.stack([line, line, line], axis=1) * [1.0, 1.0, 1.0])


def test_it_follows_the_line_from_its_age_on() -> None:
    found = account_forecast(projection(1.0, 0.8, 0.6, 0.3), 100.0, 14)
    assert found["years_ahead"].tolist() == [1, 2]
    assert found["median"].tolist() == pytest.approx([75.0, 37.5])
    assert (found["low"] <= found["median"]).all()


def test_past_the_end_there_is_nothing_to_say() -> None:
    assert account_forecast(projection(1.0, 0.8), 100.0, 12).empty
    assert account_forecast(projection(1.0, 0.8), 100.0, 99).empty
