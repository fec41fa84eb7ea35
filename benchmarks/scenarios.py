"""What a scenario's answers cost: `python -m benchmarks.scenarios`; milliseconds of one core, beside one evaluation."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from decade.models.scenario import Scenario, evaluate
from decade.models.scenario_inputs import preset
from decade.models.scenario_solve import solve
from decade.models.scenario_uncertain import simulate, tornado

PRESETS = ("ten-year-2m", "smb", "enterprise", "rip-and-replace-18")
REPEATS = 15
ANSWERS: dict[str, Callable[[Scenario], object]] = {
    "one evaluation": evaluate,
    "solved for its CAC": lambda scenario: solve(scenario, "cac", "npv", 0.0),
    "tornado": tornado,
    "8,192 draws": simulate,
}


def main() -> None:
    """Prints a line for each preset and answer."""
    for name in PRESETS:
        scenario = preset(name)
        found = {what: _milliseconds(partial(answer, scenario)) for what, answer in ANSWERS.items()}
        base = found["one evaluation"]
        for what, took in found.items():
            print(f"{name:22s} {what:18s} {took:7.1f} ms {took / base:7.1f} x")


def _milliseconds(answer: Callable[[], object]) -> float:
    answer()
    took = []
    for _ in range(REPEATS):
        began = time.thread_time()
        answer()
        took.append((time.thread_time() - began) * 1000)
    return median(took)


if __name__ == "__main__":
    main()
