"""Notes: written, drawn, changed and deleted; text stays text, and is hidden when names are."""

from __future__ import annotations

import json

import pytest

from decade.charts.account import steps
from decade.charts.notes import noted
from decade.ui.notes import HIDDEN
from decade.warehouse import Workspace
from support.screens import PAGES, chart, choose, everything, press, run, visit
from support.workspaces import charge, fill

BAD = "<b>Price</b> <script>x</script> [a](http://e)"


@pytest.fixture
def company(empty: Workspace) -> Workspace:
    """One account over two years."""
    fill(empty, as_of="2025-12-31", charges=[charge("a", "2024-01-01", None, 10), charge("b", "2024-01-01", None, 10)])
    return empty


def write(app, words: str, month: str):
    note = next(each for each in app.text_area if each.label == "Note")
    note.set_value(words)
    next(each for each in app.selectbox if each.label == "Month").set_value(month)
    return press(app, "Save note")


def words_on(app, key: str) -> list[str]:
    return [each["text"] for each in chart(app, key)["layout"].get("annotations", [])]


def test_a_note_about_an_account_is_drawn_changed_and_deleted(company: Workspace) -> None:
    app = write(visit("account", account="a", part="Notes"), BAD, "2025-03")
    assert words_on(app, "course")[0].startswith("&lt;b&gt;Price&lt;/b&gt;")
    assert "<b>" not in json.dumps(chart(app, "course"))
    assert not [each.value for each in app.markdown if "<b>" in each.value.replace("\\<", "")]
    assert not words_on(visit("account", account="b"), "course")
    saved = company.saved("notes")
    (note,) = saved
    assert json.loads(saved[note]) == {"account_id": "a", "month": "2025-03-01", "words": BAD}
    choose(app, "note", note)
    app = write(app, "Price went up", "2025-04")
    (text,) = company.saved("notes").values()
    assert json.loads(text) == {"account_id": "a", "month": "2025-04-01", "words": "Price went up"}
    choose(app, "note", note)
    press(app, "Delete note")
    assert company.saved("notes") == {}
    assert not words_on(app, "course")


def test_a_note_about_a_month_stands_on_the_charts_over_months(company: Workspace) -> None:
    app = write(visit("net_revenue_retention", notes="true"), "New prices", "2025-06")
    for key in ("retention", "bridge"):
        assert words_on(app, key) == ["New prices"]
    assert not words_on(visit("account", account="a"), "course")
    run(app.switch_page(PAGES["account"]))


def test_notes_are_hidden_with_the_names(company: Workspace) -> None:
    write(visit("account", account="a", part="Notes"), "Acme is unhappy", "2025-03")
    app = visit("account", account="a", part="Notes", mask="true")
    assert "Acme" not in everything(app)
    assert words_on(app, "course") == [HIDDEN[:24] + " …"] or words_on(app, "course")[0].startswith("(hidden")
    assert not app.text_area


def test_an_empty_note_is_not_kept(company: Workspace) -> None:
    write(visit("account", account="a", part="Notes"), "   ", "2025-03")
    assert company.saved("notes") == {}


def test_only_the_latest_notes_are_drawn(company: Workspace) -> None:
    import pandas as pd

    course = company.ask("account_mrr", account_id="a")
    many = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=20, freq="MS"), "words": "x"})
    assert len(noted(steps(course, None), many).to_dict()["layout"]["annotations"]) == 12
