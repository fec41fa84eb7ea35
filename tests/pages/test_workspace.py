"""Workspace: what is held, rebuilding under other rules, and a workspace of one's own."""

from __future__ import annotations

from datetime import date

import pytest

from decade.conventions import PRESETS
from decade.warehouse import Workspace
from support.screens import choose, press, run, table, tiles, visit
from support.workspaces import charge, fill

PAGE = "workspace"


def widget(app: object, kind: str, label: str) -> object:
    return next(each for each in app.get(kind) if each.label == label)  # type: ignore[attr-defined]


def test_every_imported_file_with_an_account_that_adds_up(sample: Workspace) -> None:
    files = table(visit(PAGE), "File name", "Rows read")
    parts = ["Rows taken", "Rows refused", "Rows duplicate", "Rows left out"]
    assert len(files) == len(sample.sources())
    assert (files["Rows read"] == files[parts].sum(axis=1)).all()


@pytest.mark.parametrize("preset", list(PRESETS))
def test_rebuilding_with_a_preset(empty: Workspace, preset: str) -> None:
    gap = [charge("a", "2024-01-01", "2024-02-01", 100), charge("a", "2024-02-03", "2024-06-01", 100)]
    fill(empty, as_of="2024-12-31", charges=gap)
    app = visit(PAGE)
    widget(app, "selectbox", "Preset").set_value(preset)
    press(app, "Rebuild with these")
    assert [each.value.startswith("Rebuilt. ") for each in app.success] == [True]
    assert empty.conventions().name == preset
    assert empty.conventions() == empty.conventions().preset(preset)
    assert empty.conventions().as_of == date(2024, 12, 31)


def test_other_thresholds_move_other_pages(own_sample: Workspace) -> None:
    before = tiles(visit("big_logos"))
    app = visit(PAGE)
    widget(app, "number_input", "Big logo: employees from").set_value(5000)
    widget(app, "number_input", "Small deal: penetration below").set_value(0.5)
    press(app, "Rebuild with these")
    assert own_sample.conventions().big_logo_employees == 5000
    after = tiles(visit("big_logos"))
    assert int(after["Big logos"].replace(",", "")) < int(before["Big logos"].replace(",", ""))


def test_another_as_of_moves_every_number(own_sample: Workspace) -> None:
    app = visit(PAGE)
    widget(app, "date_input", "As of").set_value(date(2023, 6, 30))
    press(app, "Rebuild with these")
    assert tiles(visit(PAGE))["As of"] == "2023-06-30"
    assert own_sample.ask("mrr_bridge")["month"].max().date() == date(2023, 6, 1)


def test_an_as_of_before_the_data_is_refused_in_a_sentence(own_sample: Workspace) -> None:
    before = own_sample.revision, own_sample.conventions()
    app = visit(PAGE)
    widget(app, "date_input", "As of").set_value(date(2001, 1, 1))
    next(each for each in app.button if each.label == "Rebuild with these").click()
    app.run()
    assert not app.exception
    assert ["lies before the first charge" in each.value for each in app.error] == [True]
    assert (own_sample.revision, own_sample.conventions()) == before


def test_a_new_workspace_is_empty_and_shown_at_once(own_sample: Workspace) -> None:
    app = choose(visit(PAGE, segment="SMB"), "new_name", "second")
    press(app, "Create it and import files")
    assert app.markdown[0].value == "### Import"
    assert app.session_state["w"] == "second"
    run(app.switch_page("pages/board/net_revenue_retention.py"))
    assert "#### Nothing imported yet" in [each.value for each in app.markdown]
    choose(app, "w", "sample")
    assert tiles(app)["MRR"] == tiles(visit("net_revenue_retention"))["MRR"]


def test_a_third_workspace_from_the_second(own_sample: Workspace) -> None:
    for name in ("second", "third"):
        app = choose(visit(PAGE), "new_name", name)
        press(app, "Create it and import files")
        assert app.session_state["w"] == name


@pytest.mark.parametrize("name", ["../out", "a b", ".", "x" * 41, "é"])
def test_a_name_that_cannot_be(own_sample: Workspace, name: str) -> None:
    app = choose(visit(PAGE), "new_name", name)
    next(each for each in app.button if each.label == "Create it and import files").click()
    app.run()
    assert not app.exception
    assert ["cannot name a workspace" in each.value for each in app.error] == [True]
