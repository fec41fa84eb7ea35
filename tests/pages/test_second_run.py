"""Pages that simulate: what was counted is answered first, the rest in a run that the page asks for by itself."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from decade.scope import Scope
from decade.warehouse import Workspace
from support.sample import APP
from support.screens import PAGES, captions, chart, drawn, shows, tables, visit

COUNTED = {
    "lifetimes": lambda app: chart(app, "survival")["data"],
    "lifetime_value": lambda app: "Accounts won" in captions(app),
    "payback": lambda app: chart(app, "payback")["data"],
}
FROM = {"lifetimes": date(2015, 2, 1), "lifetime_value": date(2015, 3, 1), "payback": date(2015, 4, 1)}
SIMULATED = {"lifetimes": "expected", "lifetime_value": "formulas", "payback": "payback"}


@pytest.mark.parametrize("page", list(COUNTED))
def test_what_was_counted_does_not_wait_for_a_projection(
    sample: Workspace, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    asked: list[str] = []

    def history(self: Workspace, kind: str, scope: Scope | None = None, **others: str) -> object:
        if scope is not None and scope.channel == ("Outbound",) and scope.from_month == FROM[page]:
            asked.append(kind)
        return real(self, kind, scope, **others)

    real = Workspace.history
    monkeypatch.setattr(Workspace, "history", history)
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["channel"] = "Outbound"
    app.query_params["from"] = f"{FROM[page]:%Y-%m}"
    app.switch_page(PAGES[page]).run()
    assert not app.exception
    assert app.get("skeleton")
    assert COUNTED[page](app)
    assert not asked
    before = drawn(app)
    app.run()
    assert not app.exception
    assert not app.get("skeleton")
    assert "net" in asked
    assert chart(app, SIMULATED[page])["data"]
    assert drawn(app) != before


@pytest.mark.parametrize(
    ("page", "before", "after"),
    [("back_test", "measure", "errors"), ("conventions_compared", "with", "causes")],
)
def test_what_can_be_chosen_is_there_while_the_rest_is_made(
    sample: Workspace, page: str, before: str, after: str
) -> None:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["channel"] = "Partner"
    app.switch_page(PAGES[page]).run()
    assert not app.exception
    assert app.get("skeleton")
    assert shows(app, before)
    assert not drawn(app)
    app.run()
    assert not app.exception
    assert not app.get("skeleton")
    assert chart(app, after)["data"]


@pytest.mark.parametrize("page", ["overview", "cohorts", "landing", "lifetimes", "lifetime_value", "payback"])
def test_all_that_can_be_chosen_or_opened_is_there_in_the_first_run(sample: Workspace, page: str) -> None:
    """What a run leaves out would lose its place in the address, and what it held."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["channel"] = "Organic Search"
    app.switch_page(PAGES[page]).run()
    assert app.get("skeleton")
    first = choices(app)
    app.run()
    assert not app.exception
    assert not app.get("skeleton")
    assert choices(app) == first


def choices(app: AppTest) -> set[str]:
    """The labels of what can be chosen or opened, apart from charts and tables and what explains them."""
    kinds = ("selectbox", "multiselect", "toggle", "number_input", "text_input", "button_group", "slider")
    return {each.label for kind in kinds for each in app.get(kind)} | {each.label for each in app.expander}


def test_choices_in_a_link_outlive_the_first_run(sample: Workspace) -> None:
    app = visit("conventions_compared", at="2020-03", with_="stripe", cause="fx", says="100000")
    assert app.selectbox(key="cause").value == "fx"
    assert app.number_input(key="says").value == 100_000
    assert any("Nearest: " in each.value for each in app.markdown)
    app = visit("lifetime_value", one="Enterprise", other="SMB")
    assert {"Enterprise", "SMB"} <= set(tables(app)[-1].columns)
    app = visit("lifetimes", holds="true", held="2019", channel="Partner")
    assert app.selectbox(key="held").value == "2019"
