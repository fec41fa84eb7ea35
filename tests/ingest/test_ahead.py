"""Work ahead and behind: everything is used once, in order, and what goes wrong there is heard here."""

from __future__ import annotations

import time

import pytest

from decade.ingest.ahead import ahead, behind


def test_pieces_come_in_order_and_are_used_in_order() -> None:
    used: list[int] = []

    def use(piece: int) -> None:
        time.sleep(0.002 * (piece % 3))
        used.append(piece)

    with behind(use) as hand_over:
        for piece in ahead(range(30)):
            hand_over(piece)
    assert used == list(range(30))


@pytest.mark.parametrize("broken", [3, 9])
def test_what_goes_wrong_on_the_other_thread_is_raised(broken: int) -> None:
    used: list[int] = []

    def use(piece: int) -> None:
        if piece == broken:
            raise OSError("no space left")
        used.append(piece)

    def hand_all_over() -> None:
        with behind(use) as hand_over:
            for piece in range(10):
                hand_over(piece)

    with pytest.raises(OSError, match="no space left"):
        hand_all_over()
    assert used == list(range(broken))
