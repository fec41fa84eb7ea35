"""Import: upload, plan, answer a doubt, load, an account that adds up, and the same again without effect."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from decade.ingest.recognise import known_sources
from decade.ui.job import Job
from decade.warehouse import Workspace
from support.project import ROOT
from support.screens import captions, choose, everything, press, run, table, tiles, visit
from support.workspaces import charge, fill

PAGE = "import_data"
HEADER = "customer_id,start_date,end_date,monthly_amount,currency\n"
PERIODS = HEADER + "A,2024-01-31,,100,USD\nB,2024-02-01,2024-06-30,50,USD\n,2024-03-01,,70,USD\n"
TWO_WAYS = HEADER + "D,01/02/2024,05/06/2024,100,USD\nE,03/04/2024,07/08/2024,50,USD\n"
POUNDS = HEADER + "A,2024-01-01,,1,USD\nB,2024-01-01,,9,USD\nC,2024-01-01,,5,GBP\n"
BAD: dict[str, tuple[str, str | bytes, str]] = {
    "empty": ("empty.csv", "", "empty.csv: the file is empty"),
    "header only": ("header.csv", HEADER, "there is a header and not one row below it"),
    "binary": ("binary.csv", bytes(range(256)) * 40, "binary.csv: this is not a table that can be read"),
    "wrong kind": ("wrong.csv", "colour,shape\nred,round\nblue,square\n", "wrong.csv: nothing here can be recognised"),
    "unreadable workbook": ("book.xlsx", b"PK\x03\x04" + bytes(range(256)) * 9, "book.xlsx: the workbook is damaged"),
    "unreadable Parquet": ("rows.parquet", b"PAR1" + bytes(99), "rows.parquet: "),
}
BAD_AT_LOADING: dict[str, tuple[str, str, str]] = {
    "a currency without a rate": ("p.csv", POUNDS, "no rate to USD for GBP"),
    "no account in any row": ("n.csv", HEADER + ",2024-01-01,,1,USD\n", "all 1 rows were refused"),
}  # fmt: skip


def drop(app: AppTest, *files: tuple[str, str | bytes]) -> AppTest:
    """The app after a person dropped files on it; what was dropped before is gone."""
    uploader = app.get("file_uploader")[0]
    uploader.clear()
    for name, content in files:
        uploader.upload(name, content.encode() if isinstance(content, str) else content)
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def load_button(app: AppTest) -> str:
    return next(each.label for each in app.button if each.label.startswith("Load "))


def held(workspace: Workspace) -> tuple[object, ...]:
    names = ("accounts", "charges", "sources", "refusals", "mappings")
    counts = [workspace.cursor().execute(f"select count(*) from {name}").fetchone() for name in names]
    return workspace.revision, workspace.conventions(), *counts


def account(app: AppTest) -> pd.Series:
    """The one line of the account of an import."""
    found = table(app, "File", "Read", "Taken", "Refused", "Duplicate", "Left out")
    assert len(found) == 1
    return found.iloc[0]


def test_from_upload_to_account_and_the_same_again(empty: Workspace) -> None:
    app = drop(visit(PAGE), ("periods.csv", PERIODS))
    assert table(app, "File", "Recognised as", "Rows")["Rows"].tolist() == [3]
    assert empty.revision == 0, "a plan changes nothing"
    press(app, load_button(app))
    first = account(app)
    assert first[["Read", "Taken", "Refused", "Duplicate", "Left out"]].tolist() == [3, 2, 1, 0, 0]
    assert "3 rows read = 2 taken + 1 refused + 0 duplicate + 0 left out" in everything(app)
    money = table(app, "column", "read", "taken")
    assert money.loc[0, ["read", "taken", "refused", "duplicate", "left_out"]].tolist() == [220, 150, 70, 0, 0]
    refused = table(app, "line", "reason")
    assert refused[["line", "column"]].to_numpy().tolist() == [[4, "account_id"]]
    revision = empty.revision

    drop(app, ("periods.csv", PERIODS))
    press(app, load_button(app))
    again = account(app)
    assert again[["Read", "Taken", "Refused", "Duplicate", "Left out"]].tolist() == [3, 0, 1, 2, 0]
    assert empty.revision == revision
    assert len(empty.ask("account_list")) == 2


def test_a_load_that_ends_while_nobody_looks_shows_its_account(
    empty: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: set[int] = set()

    def wait(job: Job, seconds: float | None = None) -> bool:
        job._thread.join()
        was_seen = id(job) in waited
        waited.add(id(job))
        return was_seen

    monkeypatch.setattr(Job, "wait", wait)
    app = drop(visit(PAGE), ("periods.csv", PERIODS))
    run(app)
    press(app, load_button(app))
    assert empty.revision == 1
    run(app)
    assert account(app)["Taken"] == 2


def test_a_new_file_of_the_same_name_is_read(empty: Workspace) -> None:
    app = drop(visit(PAGE), ("periods.csv", PERIODS))
    press(app, load_button(app))
    drop(app, ("periods.csv", HEADER + "Z,2024-05-01,,10,USD\n"))
    press(app, load_button(app))
    assert account(app)["Taken"] == 1
    assert set(empty.ask("account_list")["account_id"]) == {"A", "B", "Z"}


def test_what_was_dropped_does_not_stay_beside_the_workspace(empty: Workspace) -> None:
    app = drop(visit(PAGE), ("periods.csv", PERIODS))
    press(app, load_button(app))
    run(app)
    assert not list((empty.folder / "uploads").iterdir())


@pytest.mark.parametrize(("order", "month"), [("dmy", "2024-02-01"), ("mdy", "2024-01-01")])
def test_a_doubt_is_asked_and_its_answer_taken(empty: Workspace, order: str, month: str) -> None:
    app = drop(visit(PAGE), ("two_ways.csv", TWO_WAYS))
    assert "day first or month first?" in everything(app)
    assert not [each for each in app.button if each.label.startswith("Load ")]
    while asked := [each for each in app.get("button_group") if str(each.key).startswith("doubt_")]:
        choose(app, asked[0].key, order)
    press(app, load_button(app))
    assert empty.revision == 1
    first = empty.cursor().execute("select min(starts_on) from charges").fetchone()
    assert first is not None
    assert first[0].isoformat()[:7] == month[:7]


def test_answers_are_forgotten_when_the_files_are_taken_away(empty: Workspace) -> None:
    app = drop(visit(PAGE), ("two_ways.csv", TWO_WAYS))
    asked = [each.key for each in app.get("button_group")]
    choose(app, asked[0], "dmy")
    drop(app)
    drop(app, ("two_ways.csv", TWO_WAYS))
    assert len([each for each in app.get("button_group") if str(each.key).startswith("doubt_")]) == len(asked)


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gives_one_sentence(own_sample: Workspace, case: str) -> None:
    name, content, sentence = BAD[case]
    before, files = held(own_sample), sorted(own_sample.imports.iterdir())
    app = drop(visit(PAGE), (name, content))
    assert len(app.error) == 1
    assert sentence in app.error[0].value
    assert "\n" not in app.error[0].value
    assert held(own_sample) == before
    assert sorted(own_sample.imports.iterdir()) == files


@pytest.mark.parametrize("case", BAD_AT_LOADING)
def test_a_file_refused_when_loading_changes_nothing(empty: Workspace, case: str) -> None:
    name, content, sentence = BAD_AT_LOADING[case]
    before = held(empty)
    app = drop(visit(PAGE), (name, content))
    next(each for each in app.button if each.label.startswith("Load ")).click()
    app.run()
    assert [sentence in each.value for each in app.error] == [True]
    assert not app.exception
    assert held(empty) == before


def test_a_missing_rate_can_be_given(empty: Workspace) -> None:
    name, content, _ = BAD_AT_LOADING["a currency without a rate"]
    app = drop(visit(PAGE), (name, content))
    choose(app, "rates", "GBP=1.25")
    press(app, load_button(app))
    assert empty.ask("mrr_bridge")["closing"].iloc[-1] == pytest.approx(10 + 5 * 1.25)


def test_a_stated_currency_beside_files_that_state_none(empty: Workspace) -> None:
    rows = "A,2024-01-01,,100\nB,2024-01-01,,50\n"
    app = drop(visit(PAGE), ("a.csv", HEADER.replace(",currency", "") + rows))
    press(app, load_button(app))
    app = drop(visit(PAGE), ("b.csv", HEADER + "C,2024-01-01,,70,USD\n"))
    next(each for each in app.button if each.label.startswith("Load ")).click()
    app.run()
    (told,) = [each.value for each in app.error]
    assert "Say which it is: reporting currency USD with the rate XXX=1 if it is the same." in told
    assert "--" not in told
    choose(app, "rates", "XXX=1")
    choose(app, "currency", "USD")
    press(app, load_button(app))
    assert empty.ask("mrr_bridge")["closing"].iloc[-1] == pytest.approx(220)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [("rates", "GBP", "is no rate"), ("rates", "GBP=x", "is no rate"), ("rates", "GBP=0", "is no rate")],
)
def test_a_rate_that_is_none(empty: Workspace, key: str, value: str, sentence: str) -> None:
    app = choose(drop(visit(PAGE), ("periods.csv", PERIODS)), key, value)
    next(each for each in app.button if each.label.startswith("Load ")).click()
    app.run()
    assert sentence in app.error[0].value
    assert empty.revision == 0


def test_as_of_before_the_data(empty: Workspace) -> None:
    app = drop(visit(PAGE), ("periods.csv", PERIODS))
    app.date_input(key="as_of").set_value(date(2019, 1, 1))
    run(app)
    next(each for each in app.button if each.label.startswith("Load ")).click()
    app.run()
    assert "lies before the first charge" in app.error[0].value
    assert empty.revision == 0


def test_several_files_that_belong_together(empty: Workspace) -> None:
    folder = ROOT / "tests" / "exports" / "crm"
    files = [(name, (folder / name).read_bytes()) for name in ("accounts.csv", "products.csv", "sales_pipeline.csv")]
    app = drop(visit(PAGE), *files)
    assert len(table(app, "File", "Recognised as")) == 3
    assert "question" not in captions(app)


def test_a_table_of_the_wrong_kind_can_be_given_a_meaning(empty: Workspace) -> None:
    app = drop(visit(PAGE), ("wrong.csv", BAD["wrong kind"][1]))
    app.selectbox(key="read_as").set_value("accounts")
    app.run()
    assert not app.exception
    assert not app.error
    assert "question" in everything(app)


def test_the_sample_company_goes_through_the_same_door(empty: Workspace) -> None:
    app = visit(PAGE, sample="true")
    press(app, load_button(app))
    assert [each.value for each in app.success]
    rows = table(app, "File", "Read", "Taken")
    assert (rows["Read"] == rows[["Taken", "Refused", "Duplicate", "Left out"]].sum(axis=1)).all()
    press(app, "Net revenue retention")
    assert tiles(app)["NRR, 12 months"].endswith("%")
    assert [each for each in app.get("plotly_chart") if each.key == "bridge"]


def test_file_names_cannot_lead_out_of_the_workspace(empty: Workspace) -> None:
    app = drop(visit(PAGE), ("../../outside.csv", PERIODS))
    press(app, load_button(app))
    assert not list(Path(empty.folder).parent.parent.glob("outside*"))
    assert all(path.name.endswith(".parquet") for path in empty.imports.iterdir())


def test_refused_rows_come_back_as_a_file_that_can_be_corrected(empty: Workspace) -> None:
    from decade.ui.import_account import correction

    app = drop(
        visit(PAGE), ("p.csv", HEADER + "A,2024-01-31,,100,USD\nB,2024-02-30,,-50.5,USD\n=C,2024-02-30,,1,USD\n")
    )
    press(app, load_button(app))
    (row,) = app.session_state["_report"]
    assert correction(row).decode() == HEADER + "B,2024-02-30,,-50.5,USD\n'=C,2024-02-30,,1,USD\n"
    whole = table(app, "In the workspace", "Before", "After").set_index("In the workspace")
    assert whole.loc["Charges", ["Before", "After", "Change"]].tolist() == [0, 1, 1]


def test_undo_on_the_page(empty: Workspace) -> None:
    app = drop(visit(PAGE), ("p.csv", PERIODS))
    press(app, load_button(app))
    app.session_state["undoing"] = True
    press(run(app), "Undo this import")
    assert empty.is_empty
    assert "Import 1 is undone." in [each.value for each in app.success]


def test_every_vendor_that_is_recognised_is_named(empty: Workspace) -> None:
    titles = [source["title"] for source in known_sources().values()]
    vendors = {title.split()[0] for title in titles if title[0].isupper()} - {"CRM"}
    assert {"Stripe", "Xero"} <= vendors
    said = captions(visit("import_data"))
    assert not [vendor for vendor in vendors if vendor not in said]


@pytest.mark.parametrize(("given", "accounts"), [("same", 1), ("different", 2)])
def test_an_id_that_looks_like_another_is_asked_once(empty: Workspace, given: str, accounts: int) -> None:
    usage = ("usage.csv", "account_id,month,licences,active_users\nALDER,2024-01,5,4\n")
    app = drop(visit(PAGE), ("p.csv", HEADER + '"Alder, Inc.",2024-01-31,,100,USD\n'), usage)
    assert "'ALDER' (1 row of usage.csv)" in everything(app)
    assert "Is it 'Alder, Inc.'?" in everything(app)
    assert not [each for each in app.button if each.label.startswith("Load ")]
    (asked,) = [each for each in app.get("button_group") if str(each.key).startswith("doubt_")]
    choose(app, asked.key, given)
    press(app, load_button(app))
    assert len(empty.ask("account_list")) == accounts
    drop(app, usage)
    assert "question" not in everything(app)
    press(visit("data_health", matching="true"), "Undo this link")
    assert len(empty.ask("account_list")) == 2
    drop(app)
    assert "Is it 'Alder, Inc.'?" in everything(drop(app, usage))


def test_names_in_questions_are_masked(empty: Workspace) -> None:
    names = [f"{word} Software" for word in ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir")]
    fill(empty, as_of="2024-06-30", charges=[charge(name, "2024-01-31", None, 100) for name in names])
    usage = "account_id,month,licences,active_users\n" + "".join(f"{name.upper()},2024-01,5,4\n" for name in names)
    app = drop(visit(PAGE, mask="true"), ("usage.csv", usage))
    asked = [each.value for each in (*app.text, *app.code)]
    assert any("6 account ids (6 rows of usage.csv) are known in another spelling only" in each for each in asked)
    assert "Account " in app.code[0].value
    assert "lder" not in "".join(asked).lower()
