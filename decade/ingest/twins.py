"""Names that do not match, and the ones they were probably meant to be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import pyarrow.parquet as pq
from rapidfuzz import fuzz, process

from decade.warehouse import Staged


def likely_twin(name: str, known: Iterable[str]) -> str | None:
    """The known name that differs only in case, spacing or a letter or two, or None."""
    listed = list(known)
    bare = {re.sub(r"[\W_]+", "", each.casefold()): each for each in listed}
    same = bare.get(re.sub(r"[\W_]+", "", name.casefold()))
    if same is not None:
        return same
    best = process.extractOne(name, listed, scorer=fuzz.ratio, score_cutoff=88)
    return None if best is None else str(best[0])


def unmatched_products(staged: Sequence[Staged]) -> list[str]:
    """One sentence for each product that deals name and the price list of the same import lacks."""
    listed = {name for each in staged if each.table_name == "products" for name in _values(each, "product")}
    if not listed:
        return []
    sold = Counter(name for each in staged if each.table_name == "deals" for name in _values(each, "product"))
    sentences = []
    for name, count in sold.most_common():
        if name not in listed:
            twin = likely_twin(name, listed)
            hint = f"; probably {twin!r}" if twin else ""
            sentences.append(f"{count:,} deals name the product {name!r}, which is not in the price list{hint}.")
    return sentences


def _values(staged: Staged, column: str) -> list[str]:
    if staged.typed_path is None:
        return []
    table = pq.read_table(staged.typed_path, columns=[column])
    return [value for value in table.column(0).to_pylist() if value is not None]
