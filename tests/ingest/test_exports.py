"""Every known source: an export as the vendor writes it gives exactly the canonical rows beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from decade.ingest import Upload, canonical_tables, carry_out, known_sources, plan
from decade.ingest.files import read
from decade.ingest.recognise import recognise
from decade.warehouse import Workspace

EXPORTS = Path(__file__).resolve().parent.parent / "exports"
CASES = sorted(path.name for path in EXPORTS.iterdir() if path.is_dir())


def answers_for(folder: Path) -> dict[str, str]:
    """What a person has to say about an export, where its vendor leaves something unsaid."""
    told = folder / "expected.answers.json"
    return json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}


def rows_by_table(ready: object) -> dict[str, list[dict[str, str]]]:
    """Canonical rows as text, per table, in file order; columns that are empty throughout are left out."""
    found: dict[str, list[pa.Table]] = {}
    for each in ready.files:  # type: ignore[attr-defined]
        if each.staged.typed_path is not None:
            found.setdefault(each.staged.table_name, []).append(pq.read_table(each.staged.typed_path))
    result = {}
    for name, tables in found.items():
        columns = [*canonical_tables()[name].names, "source_row"]
        whole = pa.concat_tables([each.select(columns) for each in tables])
        rows = [{key: _text(value) for key, value in row.items()} for row in whole.to_pylist()]
        result[name] = [{key: row[key] for key in columns if any(each[key] for each in rows)} for row in rows]
    return result


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("case", CASES)
def test_an_export_gives_its_canonical_rows(case: str, desk: Workspace) -> None:
    folder = EXPORTS / case
    files = [path for path in sorted(folder.iterdir()) if not path.name.startswith("expected.")]
    given = answers_for(folder)
    assert {each.kind for each in plan(files, desk).doubts} == set(given)
    ready = plan(files, desk, answers=given)
    assert [each.question for each in ready.doubts] == []
    assert all(
        each.mapping.source_name in {str(spec["name"]) for spec in known_sources().values()} for each in ready.files
    )
    found = rows_by_table(ready)
    expected = {path.name.split(".")[1] for path in folder.glob("expected.*.csv")}
    assert set(found) == expected
    for name, rows in found.items():
        read = pacsv.read_csv(
            folder / f"expected.{name}.csv",
            convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(rows[0], pa.string())),
        )
        assert rows == read.to_pylist()


def test_every_source_has_an_example(tmp_path: Path) -> None:
    shown: set[tuple[str, str]] = set()
    for path in (each for case in CASES for each in sorted((EXPORTS / case).iterdir())):
        for raw in () if path.name.startswith("expected.") else read(Upload(path, path.name), tmp_path / "imports"):
            found = recognise(raw, {})
            names = () if found is None else (found.mapping.spec or {}).get("also", ())
            shown |= {(str(each["name"]), str(each["title"])) for each in (known_sources()[name] for name in names)}
            shown |= set() if found is None else {(found.mapping.source_name, found.mapping.title)}
    assert {(str(spec["name"]), str(spec["title"])) for spec in known_sources().values()} - shown == set()


@pytest.mark.parametrize("case", CASES)
def test_the_account_adds_up_and_a_second_import_changes_nothing(case: str, workspace: Workspace) -> None:
    files = [path for path in sorted((EXPORTS / case).iterdir()) if not path.name.startswith("expected.")]
    # Rates given by hand replace an imported rate for all months, so the rates file is imported without.
    rates = {} if case == "fx" else {"EUR": 1.1, "GBP": 1.3, "USD": 1.0, "CHF": 1.1}
    given = answers_for(EXPORTS / case)
    first = carry_out(plan(files, workspace, answers={**given, "unmatched_id": "different"}), workspace, rates=rates)
    second = carry_out(plan(files, workspace), workspace, rates=rates)
    for before, after in zip(first.accounts, second.accounts, strict=True):
        # Only a line of two things names a deal as often as it has contacts.
        assert before.rows_duplicate == (
            1 if (before.staged.sheet, before.staged.table_name) == ("deals", "deals") else 0
        )
        assert after.rows_taken == 0
        assert after.rows_duplicate == before.rows_taken + before.rows_duplicate
        for line in after.money:
            assert line.taken == 0
            assert line.read == line.duplicate + line.refused + line.left_out
