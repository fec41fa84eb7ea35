"""Bad input: one clear sentence, exit code 2 or 3, and nothing changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from decade.warehouse import Workspace

HEADER = "customer_id,start_date,end_date,monthly_amount,currency\n"
TWO_WAYS = HEADER + "D,01/02/2024,05/06/2024,100,USD\nE,03/04/2024,07/08/2024,50,USD\n"

REFUSED: dict[str, tuple[str, str | bytes, list[str], str]] = {
    "an empty file": ("empty.csv", "", [], "empty.csv: the file is empty"),
    "blank lines only": ("blank.csv", "\n\n  \n", [], "blank.csv: "),
    "only a header": ("header.csv", HEADER, [], "header.csv: there is a header and not one row"),
    "a binary": ("binary.csv", bytes(range(256)) * 40, [], "binary.csv: this is not a table"),
    "a damaged workbook": (
        "book.xlsx",
        b"PK\x03\x04" + bytes(range(256)) * 9,
        [],
        "book.xlsx: the workbook is damaged",
    ),
    "a damaged Parquet file": ("rows.parquet", b"PAR1" + bytes(99), [], "rows.parquet: "),
    "a CSV of the wrong kind": (
        "wrong.csv",
        "colour,shape,weight\nred,round,1\nblue,square,2\n",
        [],
        "wrong.csv: nothing here can be recognised",
    ),
    "a currency without a rate": (
        "pounds.csv",
        HEADER + "D,2024-01-01,,100,GBP\n",
        [],
        "exchange rates: no rate to USD for GBP (100.00 in 1 rows",
    ),
    "no account id in any row": (
        "nobody.csv",
        HEADER + ",2024-01-01,,100,USD\n,2024-02-01,,100,USD\n",
        [],
        "nobody.csv, line 2: all 2 rows were refused: account_id '' is missing",
    ),
    "no column of account ids": (
        "nameless.csv",
        "start_date,end_date,monthly_amount\n2024-01-01,2025-01-01,100\n",
        [],
        "nameless.csv: ",
    ),
    "as_of before the data": (
        "early.csv",
        HEADER + "D,2024-01-01,,100,USD\n",
        ["--as-of", "2019-01-01"],
        "as_of: as_of 2019-01-01 lies before the first charge (2024-01-01)",
    ),
    "a day that is none": (
        "day.csv",
        HEADER + "D,2024-01-01,,1,USD\n",
        ["--as-of", "soon"],
        "--as-of: 'soon' is no day",
    ),
    "a rate that is none": (
        "rate.csv",
        HEADER + "D,2024-01-01,,1,USD\n",
        ["--rate", "EUR=x"],
        "--rate: 'x' is no rate",
    ),
    **{
        f"a rate of {rate}": (
            "rate.csv",
            HEADER + "D,2024-01-01,,1,EUR\n",
            ["--rate", f"EUR={rate}"],
            f"--rate: '{rate}' is no rate, it {reason}. Write it as EUR=1.08.",
        )
        for rate, reason in {
            "0": "is not more than 0",
            "-1": "is not more than 0",
            "0.0000000001": "is 0 at six decimals",
            "nan": "is not a number",
            "inf": "is not a number",
            "1e400": "is too large",
            "1e12": "is too large",
        }.items()
    },
    "an amount too large at its rate": (
        "large.csv",
        HEADER + "D,2024-01-01,,900000000,EUR\n",
        ["--rate", "EUR=100000"],
        "exchange rates: an amount at its rate is too large to be held.",
    ),
    "a source that is none": ("source.csv", HEADER + "D,2024-01-01,,1,USD\n", ["--source", "abacus"], "abacus"),
    "a mapping that is not there": ("map.csv", HEADER + "D,2024-01-01,,1,USD\n", ["--map", "none.toml"], "none.toml: "),
}


def held(folder: Path) -> tuple[object, ...]:
    """All that an import can change: revision, rows, answers, files."""
    workspace = Workspace.open(folder)
    tables = ("accounts", "charges", "deals", "sources", "refusals", "mappings", "settings")
    counts = [workspace.cursor().execute(f"select count(*) from {name}").fetchone() for name in tables]
    bridge = workspace.ask("mrr_bridge").to_csv()
    return (workspace.revision, workspace.conventions(), *counts, bridge)


def parquet(folder: Path) -> set[str]:
    return {path.name for path in (folder / "imports").glob("*.parquet")}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_sentence(
    decade: Callable, write: Callable[[str, str | bytes], Path], kept: Path, case: str
) -> None:
    name, content, options, sentence = REFUSED[case]
    before, files = held(kept), parquet(kept)
    answer = decade("import", write(name, content), "-w", kept, *options)
    assert answer.code == 2
    assert answer.out == ""
    assert sentence in answer.err
    assert len(answer.err.splitlines()) == 1
    assert "Traceback" not in answer.err
    assert held(kept) == before
    assert parquet(kept) == files


def test_one_bad_file_keeps_the_good_ones_out(
    decade: Callable, write: Callable[[str, str | bytes], Path], kept: Path
) -> None:
    before = held(kept)
    good = write("good.csv", HEADER + "D,2024-01-01,,100,USD\n")
    assert decade("import", good, write("empty.csv", ""), "-w", kept).code == 2
    assert held(kept) == before


def test_a_missing_file(decade: Callable, kept: Path, tmp_path: Path) -> None:
    answer = decade("import", tmp_path / "none.csv", "-w", kept)
    assert (answer.code, answer.err) == (2, "none.csv: there is no such file. Check the path.\n")


def test_some_rows_without_an_account_are_refused_and_named(
    decade: Callable, write: Callable[[str, str | bytes], Path], filled: Path
) -> None:
    rows = write("some.csv", HEADER + "D,2024-01-01,,100,USD\n,2024-01-01,,40,USD\n")
    answer = decade("import", rows, "-w", filled)
    assert answer.code == 0
    assert "read 140.0000 = taken 100.0000 + refused 40.0000 + duplicate 0" in answer.out
    assert "some.csv, line 3: refused: account_id '' is missing" in answer.out


def test_a_rate_that_cannot_be_is_a_refused_row(
    decade: Callable, write: Callable[[str, str | bytes], Path], filled: Path
) -> None:
    rates = write(
        "rates.csv", "currency,month,rate\nEUR,2024-01,1.08\nEUR,2024-02,0\nGBP,2024-01,-1\nPLN,2024-01,inf\n"
    )
    answer = decade("import", rates, "-w", filled)
    assert answer.code == 0, answer.err
    assert "rates.csv, line 3: refused: rate '0' is not more than 0" in answer.out
    assert "rates.csv, line 4: refused: rate '-1' is not more than 0" in answer.out
    assert "rates.csv, line 5: refused: rate 'inf' is not an amount" in answer.out
    held = Workspace.open(filled).cursor().execute("select currency, rate from fx_rates").fetchall()
    assert held == [("EUR", 1.08)]


def test_a_stated_currency_beside_files_that_state_none(
    decade: Callable, write: Callable[[str, str | bytes], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "unstated"
    unstated = write("a.csv", "customer_id,start_date,end_date,monthly_amount\nA,2024-01-01,,100\nB,2024-01-01,,50\n")
    assert decade("import", unstated, "-w", folder).code == 0
    dollars = write("b.csv", HEADER + "C,2024-01-01,,70,USD\n")
    answer = decade("import", dollars, "-w", folder)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "exchange rates: other files state no currency, so there is no rate to it for USD (70.00 in 1 rows of "
        "charges.amount). Say which it is: reporting currency USD with the rate XXX=1 if it is the same. "
        "Import with --currency USD --rate XXX=1.\n"
    )
    unknown = decade("import", dollars, "-w", folder, "--currency", "USD")
    assert "no rate to USD for money without a stated currency (150.00 in 2 rows" in unknown.err
    assert unknown.err.endswith("as in XXX=1. Import with --rate XXX=1.\n")
    assert decade("import", dollars, "-w", folder, "--currency", "USD", "--rate", "XXX=1").code == 0
    assert Workspace.open(folder).ask("mrr_bridge")["closing"].iloc[-1] == 220


def test_dates_that_can_be_read_two_ways_are_asked_about(
    decade: Callable, write: Callable[[str, str | bytes], Path], kept: Path
) -> None:
    before, files = held(kept), parquet(kept)
    answer = decade("import", write("two_ways.csv", TWO_WAYS), "-w", kept)
    assert (answer.code, answer.out) == (3, "")
    assert "? Is 01/02/2024 in 'start_date' day first or month first?" in answer.err
    assert "--map" in answer.err
    assert held(kept) == before
    assert parquet(kept) == files


def test_doubts_as_json_can_be_answered(
    decade: Callable, write: Callable[[str, str | bytes], Path], filled: Path
) -> None:
    file = write("two_ways.csv", TWO_WAYS)
    asked = decade("import", file, "-w", filled, "--json")
    assert asked.code == 3
    doubts = json.loads(asked.out)["doubts"]
    assert {"kind", "file", "column", "question", "examples", "options", "answer_key"} <= doubts[0].keys()
    lines = [f'"{each["answer_key"]}" = "dmy"' for each in doubts]
    answers = write("answers.toml", "\n".join(["[answers]", *lines, ""]))
    answer = decade("import", file, "-w", filled, "--map", answers)
    assert answer.code == 0, answer.err
    starts = Workspace.open(filled).cursor().execute("select starts_on from charges where account_id = 'D'").fetchone()
    assert starts is not None
    assert starts[0].isoformat() == "2024-02-01"


def test_an_id_that_does_not_join_is_asked_once(
    decade: Callable, write: Callable[[str, str | bytes], Path], filled: Path
) -> None:
    assert decade("import", write("p.csv", HEADER + '"Alder, Inc.",2024-01-01,,1,USD\n'), "-w", filled).code == 0
    usage = write("usage.csv", "account_id,month,licences,active_users\nALDER,2024-01,5,4\n")
    asked = decade("import", usage, "-w", filled)
    assert (asked.code, asked.out) == (3, "")
    assert "? 'ALDER' (1 row of usage.csv): neither a file of accounts nor a charge has this account." in asked.err
    (doubt,) = json.loads(decade("import", usage, "-w", filled, "--json").out)["doubts"]
    assert doubt["pairs"] == [{"id": "ALDER", "twin": "Alder, Inc.", "name": "Alder, Inc.", "rows": 1, "money": {}}]
    assert doubt["options"] == ["same", "different"]
    answers = write("answers.toml", f'[answers]\n"{doubt["answer_key"]}" = "same"\n')
    assert decade("import", usage, "-w", filled, "--map", answers).code == 0
    assert decade("import", usage, "-w", filled).code == 0
    found = Workspace.open(filled).cursor().execute("select own_id from account_ids where alias_id = 'ALDER'")
    assert found.fetchone() == ("Alder, Inc.",)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["show", "mrr"], "there is no metric 'mrr'. Choose one of: "),
        (["show", "mrr_bridge", "--scope", "colour=red"], "there is no filter 'colour'"),
        (["show", "mrr_bridge", "--scope", "from=then"], "'then' is no month"),
        (["show", "mrr_bridge", "--set", "x=1"], "mrr_bridge has no parameter 'x'"),
        (["show", "mrr_bridge", "--set", "x"], "'x' is no setting"),
        (["show", "revenue_retention", "--set", "form=weekly"], "form cannot be 'weekly'. Choose one of: ttm"),
        (["show", "mrr_bridge", "--convention", "house"], "there is no convention named 'house'"),
        (["show", "mrr_bridge", "--convention", "grace_days=soon"], "grace_days cannot be 'soon'"),
        (["show", "mrr_bridge", "--convention", "as_of=2001-01-01"], "lies before the first charge"),
    ],
)
def test_questions_that_cannot_be_answered(decade: Callable, kept: Path, words: list[str], sentence: str) -> None:
    answer = decade(*words, "-w", kept)
    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_workspace_that_is_not_there(decade: Callable, tmp_path: Path) -> None:
    answer = decade("show", "mrr_bridge", "-w", tmp_path / "nowhere")
    assert answer.code == 2
    assert "there is no workspace here" in answer.err
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("words", [[], ["sing"], ["import"], ["show"], ["show", "mrr_bridge", "--format", "xml"]])
def test_words_that_are_no_command(decade: Callable, words: list[str]) -> None:
    answer = decade(*words)
    assert answer.code == 2
    assert answer.err.startswith("usage: python -m decade")
