"""Chance with a fixed seed: one independent stream for each part of the company."""

import math
from collections.abc import Mapping
from random import Random

SEED = 20141101
_BASE62 = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def stream(name: str) -> Random:
    """A stream of its own for `name`, so that a change in one part leaves the others as they are."""
    return Random(f"{SEED}:{name}")


def poisson(rng: Random, mean: float) -> int:
    """A count with the given mean (Knuth's method, for small means)."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def pick(rng: Random, weights: Mapping[str, float]) -> str:
    """One key, in proportion to its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


class Identifiers:
    """Ids that look like a vendor's and never repeat."""

    def __init__(self, name: str) -> None:
        self._rng = stream(f"ids:{name}")
        self._given: set[str] = set()

    def give(self, prefix: str, length: int) -> str:
        """A new id: the prefix and `length` letters and digits."""
        while True:
            value = prefix + "".join(self._rng.choices(_BASE62, k=length))
            if value.lower() not in self._given:
                self._given.add(value.lower())
                return value
