"""Random numbers in opposite pairs: what errors move to one side in half of the draws, they move back in the other."""

from __future__ import annotations

import numpy as np

from decade.models.life_table import Array


def opposites(chance: np.random.Generator, rows: int, draws: int) -> Array:
    """Standard normal numbers, rows x draws; the second half of the draws are the first with the sign turned."""
    half = chance.standard_normal((rows, -(-draws // 2)))
    return np.concatenate([half, -half], axis=1)[:, :draws]
