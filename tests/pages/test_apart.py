"""Calculations in a process of their own: the same answers and the same refusals as here."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pandas as pd
import pytest
from models.conftest import life_frame, seen_so_far, simulated

from decade.errors import Refused
from decade.models.backtest import back_test
from decade.ui.apart import PROJECT, Apart


@pytest.fixture
def apart() -> Iterator[Apart]:
    one = Apart()
    yield one
    one.close()


def test_a_back_test_is_the_same_there_as_here(apart: Apart) -> None:
    frame = life_frame(seen_so_far(simulated([0.2] * 8, cohorts=8, accounts=300, seed=1), 8))
    here, there = back_test(frame), apart(back_test, frame)
    pd.testing.assert_frame_equal(here.rows, there.rows)
    assert (here.calibration, here.longest, here.notes) == (there.calibration, there.longest, there.notes)


def test_a_refusal_comes_over_with_its_sentence(apart: Apart) -> None:
    with pytest.raises(Refused) as here:
        back_test(pd.DataFrame({"cohort": ["2020"]}))
    with pytest.raises(Refused) as there:
        apart(back_test, pd.DataFrame({"cohort": ["2020"]}))
    assert there.value.sentence() == here.value.sentence()


def test_it_is_another_process_which_serves_again_and_is_replaced_when_it_dies(apart: Apart) -> None:
    first = apart(os.getpid)
    assert first not in (os.getpid(), None)
    assert apart(os.getpid) == first
    os.kill(first, signal.SIGKILL)
    assert apart(sum, [1, 2]) == 3
    assert apart(os.getpid) not in (first, os.getpid())


def test_threads_take_turns(apart: Apart) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda each=each: found.append(apart(abs, -each))) for each in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == list(range(20))


def test_it_ends_without_a_word_when_nobody_waits_for_its_answer_any_more() -> None:
    command = [sys.executable, "-m", "decade.ui.apart"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        pickle.dump((time.sleep, (0.2,)), process.stdin)
        process.stdout.close()
        process.stdin.close()
        assert process.wait(timeout=30) == 0
        assert process.stderr.read() == b""
