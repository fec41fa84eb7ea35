"""Which export a file is: told by a mapping saved for its shape, or by its headers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from decade.errors import Refused
from decade.ingest.headers import find, normal, shape
from decade.ingest.mapping import Mapping as FileMapping
from decade.ingest.mapping import bind, load_specs
from decade.ingest.raw import RawTable
from decade.ingest.readings import Spec

SOURCES = Path(__file__).resolve().parent / "sources"


@dataclass(frozen=True)
class Recognised:
    """What a file is taken for, how sure that is (0 to 1), and what else it could be."""

    mapping: FileMapping
    confidence: float
    others: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What was recognised, in words."""
        mapping = self.mapping
        if not mapping.table:
            return f"{mapping.title}: {mapping.reason}."
        notes = "".join(f" {note}." for note in mapping.notes)
        return f"{mapping.title}, into {mapping.table} ({len(mapping.columns)} columns).{notes}"


@lru_cache(maxsize=1)
def known_sources() -> Mapping[str, Spec]:
    """Every export that is recognised by itself, by name; another shape of the same source is `name (2)`."""
    found: dict[str, Spec] = {}
    for spec in (spec for path in sorted(SOURCES.glob("*.toml")) for spec in load_specs(path)):
        name, number = str(spec["name"]), 1
        while name in found:
            number += 1
            name = f"{spec['name']} ({number})"
        found[name] = spec
    return found


def recognise(raw: RawTable, saved: Mapping[str, str], *, source: str | None = None) -> Recognised | None:
    """The source of a file, or None when its headers tell none. `saved` are accepted mappings by shape."""
    if source is not None:
        if source not in known_sources():
            raise Refused(
                f"there is no source {source!r}",
                where="--source",
                do=f"Choose one of: {', '.join(known_sources())}.",
            )
        return Recognised(bind(known_sources()[source], raw.header), 1.0)
    if shape(raw.header) in saved:
        return Recognised(bind(json.loads(saved[shape(raw.header)]), raw.header), 1.0)
    scored = sorted(
        ((score, name) for name, spec in known_sources().items() if (score := fit(spec, raw.header)) > 0),
        reverse=True,
    )
    if not scored:
        return None
    best = bind(known_sources()[scored[0][1]], raw.header)
    return Recognised(best, min(1.0, 0.6 + 0.1 * scored[0][0]), tuple(name for _, name in scored[1:3]))


def fit(spec: Spec, header: Sequence[str]) -> float:
    """How well a header tells a source: 0 when a telling column is lacking, more the more is used.

    A source that few and common columns tell has a `share` of the header that it must use.
    """
    tells = spec.get("tells", ())
    if not tells or any(find(header, name) is not None for name in spec.get("never", ())):
        return 0.0
    if any(find(header, names) is None for names in tells):
        return 0.0
    if spec.get("only") and {normal(name) for name in header} != {normal(str(name)) for name in spec["only"]}:
        return 0.0
    used = {at for readings in bind(spec, header).columns.values() for each in readings for at in each.positions}
    if len(used) < float(spec.get("share", 0)) * sum(1 for name in header if name):
        return 0.0
    return len(tells) + float(spec.get("rank", 0)) + len(used) / max(1, len(header))
