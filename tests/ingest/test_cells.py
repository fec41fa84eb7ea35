"""Short cuts over the cells of a column give what looking at each cell gives."""

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st

from decade.ingest.cells import missing_as_null, one_may_match, trimmed
from decade.ingest.words import MISSING

TEXTS = st.lists(
    st.one_of(
        st.none(),
        st.text(max_size=12),
        st.sampled_from(
            [*MISSING, " a", "a ", "\u00a0a\u2003", "a\tb", "Total", "L00000001", "C0000000123", "NULL", "—"]
        ),
    ),
    max_size=30,
)


def parts(cells: list[str | None]) -> list[pa.Array]:
    """The whole column, and a piece of it that begins in the middle of what is held."""
    whole = pa.array(cells, pa.string())
    return [whole, whole.slice(len(cells) // 3, max(1, len(cells) // 2))]


@given(TEXTS)
def test_texts_are_trimmed_as_one_by_one(cells) -> None:
    for part in parts(cells):
        assert trimmed(part).to_pylist() == pc.utf8_trim_whitespace(part).to_pylist()


@given(TEXTS)
def test_words_for_missing_are_found_among_long_texts(cells) -> None:
    blanks = {form for word in MISSING for form in (word, word.upper(), word.title())}
    for part in parts(cells):
        assert missing_as_null(part).to_pylist() == [None if each in blanks else each for each in part.to_pylist()]


@given(TEXTS, st.sampled_from(["otal|umme", "[.,]", "a", "—|\u2003"]))
def test_a_column_without_a_match_has_no_cell_with_one(cells, pattern) -> None:
    for part in parts(cells):
        found = pc.any(pc.match_substring_regex(part, pattern)).as_py() or False
        assert one_may_match(part, pattern) or not found
        if part.null_count == len(part):
            assert not one_may_match(part, pattern)
