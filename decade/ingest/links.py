"""Looking things up in other files: text to text, from this import or from an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Named
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from decade.ingest.headers import find
from decade.ingest.mapping import Mapping
from decade.ingest.raw import RawTable
from decade.ingest.readings import Link
from decade.ingest.writing import BATCH

Part = tuple[Path, tuple[str, ...]]  # raw text and its header
Lookup = dict[str, tuple[str, ...]]
Earlier = Callable[[str], Sequence[tuple[Path, Sequence[str]]]]


class Links:
    """The files of an import by source, and those that earlier imports kept; lookups are built once."""

    def __init__(self, tables: Sequence[tuple[RawTable, Mapping]], earlier: Earlier) -> None:
        self._parts: dict[str, list[Part]] = {}
        self._earlier = earlier
        self._built: dict[str, Lookup] = {}
        for raw, mapping in tables:
            self._parts.setdefault(mapping.source_name, []).append((raw.path, raw.header))

    def has(self, source: str) -> bool:
        """True when any file of that source is here or was imported before."""
        return bool(self._of(source))

    def lookup(self, link: Link) -> Lookup:
        """Key to values of a link, in file order and without repeats; a newer file comes last."""
        name = repr(link)
        if name not in self._built:
            found: dict[str, dict[str, None]] = {}
            for path, header in self._of(link.source):
                for key, value in _pairs(path, header, link):
                    found.setdefault(key, {})[value] = None
            self._built[name] = {key: tuple(values) for key, values in found.items()}
        return self._built[name]

    def rows(self, source: str, names: Named[str, Sequence[str]]) -> Iterator[dict[str, str]]:
        """The rows of every file of a source, of the named columns those that are there; a newer file comes last."""
        for path, header in self._of(source):
            found = {name: at for name, among in names.items() if (at := find(header, among)) is not None}
            if not found:
                continue
            for batch in _columns(path, list(found.values())):
                cells = {name: batch.column(f"c{at}").to_pylist() for name, at in found.items()}
                for row in zip(*cells.values(), strict=True):
                    yield {name: (cell or "").strip() for name, cell in zip(cells, row, strict=True)}

    def _of(self, source: str) -> list[Part]:
        if source not in self._parts:
            self._parts[source] = []
        held = [(path, tuple(header)) for path, header in self._earlier(source)]
        now = self._parts[source]
        return [part for part in held if part[0] not in {path for path, _ in now}] + now


def _pairs(path: Path, header: Sequence[str], link: Link) -> Iterator[tuple[str, str]]:
    key, value = find(header, link.key), find(header, link.value)
    if key is None or value is None:
        return
    wanted = {at: words for name, words in link.where.items() if (at := find(header, name)) is not None}
    if len(wanted) < len(link.where):
        return
    listed, own = _listed(path, header, link)
    for batch in _columns(path, [key, value, *wanted, *([own] if own is not None else [])]):
        keep = [True] * batch.num_rows
        for at, words in wanted.items():
            cells = batch.column(f"c{at}").to_pylist()
            keep = [held and (cell or "").strip().lower() in words for held, cell in zip(keep, cells, strict=True)]
        if own is not None:
            cells = batch.column(f"c{own}").to_pylist()
            keep = [held and (cell or "").strip() not in listed for held, cell in zip(keep, cells, strict=True)]
        keys, values = batch.column(f"c{key}").to_pylist(), batch.column(f"c{value}").to_pylist()
        for held, left, right in zip(keep, keys, values, strict=True):
            if held and left and right and left.strip() and right.strip():
                yield left.strip(), right.strip()


def _listed(path: Path, header: Sequence[str], link: Link) -> tuple[set[str], int | None]:
    if link.unless_listed is None:
        return set(), None
    own, other = (find(header, name) for name in link.unless_listed)
    if own is None or other is None:
        return set(), None
    listed = {cell.strip() for batch in _columns(path, [other]) for cell in batch.column(0).to_pylist() if cell}
    return listed, own


def _columns(path: Path, positions: Sequence[int]) -> Iterator[pa.RecordBatch]:
    names = list(dict.fromkeys(f"c{at}" for at in positions))
    with pq.ParquetFile(path, memory_map=True) as parquet:
        yield from parquet.iter_batches(batch_size=BATCH, columns=names)
