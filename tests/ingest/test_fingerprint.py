"""Fingerprints tell values apart and never depend on how a column is held."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from decade.ingest.fingerprint import fingerprint

ANY_TEXT = st.one_of(st.none(), st.text(st.characters(exclude_categories=("Cs",)), max_size=40))


@given(st.lists(ANY_TEXT, min_size=1, max_size=30))
def test_equal_texts_and_only_those_are_equal(texts: list[str | None]) -> None:
    plain = pa.array(texts, pa.string())
    hashes = fingerprint([plain]).to_pylist()
    assert fingerprint([plain.dictionary_encode()]).to_pylist() == hashes
    assert fingerprint([pa.array(["x", *texts], pa.string()).slice(1)]).to_pylist() == hashes
    assert len(set(hashes)) == len(set(texts))


def test_the_value_is_fixed_for_ever() -> None:
    row = [pa.array(["Alder"]), pa.array([Decimal("12.50")], pa.decimal128(18, 4)), pa.array([None], pa.date32())]
    assert fingerprint(row).to_pylist() == [FIXED]


def test_long_texts_count_to_the_last_letter() -> None:
    one, other = "a" * 100_000 + "b", "a" * 100_000 + "c"
    first, second, third = fingerprint([pa.array([one, other, one])]).to_pylist()
    assert first == third != second


FIXED = 6615163622151949057
