"""Every page opens, whatever the workspace holds, and says something in place of what it cannot show."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from decade.warehouse import Workspace
from support.project import ROOT
from support.sample import SAMPLE
from support.screens import PAGES, captions, chart, everything, press, shows, tiles, visit
from support.workspaces import charge, fill

WITH_DATA = (
    "overview",
    "movements",
    "net_revenue_retention",
    "cohorts",
    "lifetimes",
    "big_logos",
    "renewals",
    "account",
)
WITH_DATA += ("acquisition", "payback", "lifetime_value")
WITH_DATA += ("small_deals", "landing", "stakeholders", "capacity", "data_health")


@pytest.fixture
def filled(empty: Workspace, request: pytest.FixtureRequest) -> Workspace:
    """A workspace that holds one kind of rows only."""
    rows: dict[str, list[dict[str, object]]] = {
        "accounts": [{"account_id": "a", "name": "Alpha"}],
        "deals": [{"deal_id": "d", "account_id": "a", "amount": 100, "currency": "EUR", "is_won": True}],
        "charges": [charge("a", "2025-01-10", "2025-01-20", 10)],
    }
    fill(empty, as_of="2025-02-10", **{request.param: rows[request.param]})
    return empty


@pytest.mark.parametrize("page", PAGES)
def test_on_the_sample_company(sample: Workspace, page: str) -> None:
    app = visit(page)
    assert app.markdown[0].value.startswith("### ")
    assert app.caption[0].value
    assert str(Path(sample.folder).parent) not in everything(app), "no page shows the folder of the workspace"


@pytest.mark.parametrize("page", PAGES)
def test_on_an_empty_workspace(empty: Workspace, page: str) -> None:
    app = visit(page)
    assert not shows(app, "from")
    if page in (*WITH_DATA, "workspace"):
        assert "#### Nothing imported yet" in [each.value for each in app.markdown]
        assert {"Import files", "Show the sample company"} <= {each.label for each in app.button}


@pytest.mark.parametrize("filled", ["accounts", "deals", "charges"], indirect=True)
def test_on_a_workspace_with_one_kind_of_rows(filled: Workspace) -> None:
    for page in PAGES:
        visit(page)


def test_the_way_out_of_an_empty_workspace(empty: Workspace) -> None:
    for label, is_sample in (("Import files", False), ("Show the sample company", True)):
        app = press(visit("net_revenue_retention"), label)
        assert app.markdown[0].value == "### Import"
        assert bool(app.session_state["sample"]) == is_sample


def test_a_period_without_a_month(sample: Workspace) -> None:
    for page in WITH_DATA:
        visit(page, from_="2020-01", to="2019-01")


def test_a_period_before_the_first_cohort_is_mature(sample: Workspace) -> None:
    for page in WITH_DATA:
        visit(page, from_="2026-10")


def test_the_name_in_the_logo_fits_in_any_font() -> None:
    logo = ElementTree.parse(ROOT / "decade" / "ui" / "logo.svg").getroot()
    text = next(each for each in logo if each.tag.endswith("text"))
    assert text.get("lengthAdjust") == "spacingAndGlyphs"
    assert float(text.get("x", "")) + float(text.get("textLength", "")) <= float(logo.get("viewBox", "").split()[2])


def test_nonsense_in_the_address_is_dropped(sample: Workspace) -> None:
    plain = tiles(visit("net_revenue_retention"))
    odd = visit("net_revenue_retention", segment="Nowhere", from_="then", form="weekly", month="2199-01", movement="x")
    assert not tiles(odd)
    press(odd, "Leave this out")
    assert tiles(odd) == plain
    assert "All accounts, all months" in captions(odd)


def test_a_shared_link_shows_what_was_shared(sample: Workspace) -> None:
    app = visit(
        "cohorts",
        kind="Net revenue",
        grain="Quarter",
        segment=["SMB", "Mid-Market"],
        behind="true",
        cohort="2019-Q1",
        age="2",
    )
    assert [app.session_state[key] for key in ("kind", "grain", "cohort", "age")] == ["net", "quarter", "2019-Q1", "2"]
    assert app.session_state["segment"] == ["SMB", "Mid-Market"]
    assert "segment SMB or Mid-Market" in captions(app)


def test_the_sentence_under_a_chart_names_every_filter(sample: Workspace) -> None:
    app = visit(
        "net_revenue_retention", segment="SMB", region="Europe", from_="2020-01", to="2024-12", big_logos="true"
    )
    assert "Big logos with segment SMB and region Europe, 2020-01 to 2024-12, as of 2026-10-31, in USD" in captions(app)


def test_the_partial_month_is_said_and_drawn_faint(empty: Workspace) -> None:
    fill(empty, as_of="2025-03-10", charges=[charge("a", "2025-01-01", None, 10)])
    app = visit("net_revenue_retention")
    assert "The last month is not complete" in captions(app)
    assert chart(app, "bridge")["data"][0]["marker"]["opacity"][-1] < 1


def test_the_sample_company_is_here() -> None:
    assert SAMPLE.is_dir()
