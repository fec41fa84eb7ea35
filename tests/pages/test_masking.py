"""With names masked, no customer's name is on any page."""

from __future__ import annotations

import re

import pytest

from decade.ui.table import without_ids
from decade.warehouse import Workspace
from support.sample import sample_account
from support.screens import captions, choose, everything, pick_row, run, table, tables, tiles, visit
from support.workspaces import charge, fill

VIEWS: dict[str, tuple[str, dict[str, str]]] = {
    "what moved the headline numbers": ("overview", {}),
    "renewals": ("renewals", {}),
    "explorer of movements": ("movements", {}),
    "movements": ("net_revenue_retention", {"behind": "true"}),
    "retained accounts": ("net_revenue_retention", {"behind": "true", "view": "Retained over 12 months"}),
    "lines of files": ("net_revenue_retention", {"behind": "true", "view": "Lines of the files"}),
    "on whom it leans": ("net_revenue_retention", {"leaning": "true"}),
    "members of a cohort": ("cohorts", {"behind": "true"}),
    "decade club": ("lifetimes", {}),
    "deals": ("big_logos", {"deals": "true"}),
    "small deals": ("small_deals", {"list": "Every big logo"}),
    "experiments": ("landing", {}),
    "people": ("stakeholders", {"add_name": "true"}),
    "hours and lost deals": ("capacity", {}),
    "list of accounts": ("account", {}),
    "accounts won": ("acquisition", {}),
    "accounts of a cohort that paid back": ("payback", {}),
    "data health": ("data_health", {"rule": "gap_of_days", "matching": "true"}),
    "workspace": ("workspace", {}),
}


@pytest.fixture
def names(sample: Workspace) -> re.Pattern[str]:
    """Any customer's name."""
    found = sample.ask("account_list")
    named = found.loc[found["account"] != found["account_id"], "account"].dropna().unique()
    assert len(named) > 500
    return re.compile("|".join(re.escape(each) for each in named if len(each) > 3))


@pytest.mark.parametrize("view", VIEWS)
def test_no_name_is_left(sample: Workspace, names: re.Pattern[str], view: str) -> None:
    page, query = VIEWS[view]
    assert not names.search(everything(visit(page, mask="true", **query)))
    if view not in ("workspace",):
        assert names.search(everything(visit(page, **query))), "without the mask there are names to see"


@pytest.mark.parametrize(("page", "key"), [("big_logos", "penetration"), ("net_revenue_retention", "bridge")])
def test_no_name_is_left_in_the_data_of_a_chart(sample: Workspace, names: re.Pattern[str], page: str, key: str) -> None:
    app = visit(page, mask="true")
    app.session_state[f"{key}_explain"] = True
    app.run()
    assert not names.search(everything(app))


def test_an_id_that_is_a_name_is_masked_in_what_is_shown_and_taken_along(empty: Workspace) -> None:
    names = {"Alt & Söhne", "Brecht AG"}
    fill(empty, as_of="2025-06-30", charges=[charge(each, "2024-01-01", None, 100) for each in sorted(names)])
    app = visit("movements", mask="true", span="The whole period")
    app.session_state["by_slice_explain"] = True
    run(app)
    data = next(each for each in tables(app) if "account_id" in each.columns)
    assert len(data) == len(names)
    assert data["account_id"].str.fullmatch(r"Account [0-9A-F]{6}").all()
    assert not any(each in everything(app) for each in names)
    taken = without_ids(empty.ask("movements"))
    assert not names & set(taken["account_id"])
    assert taken["account_id"].nunique() == len(names)


def test_no_name_is_left_on_the_page_of_an_account(sample: Workspace, names: re.Pattern[str]) -> None:
    account = sample_account(sample.folder, "segment", "Enterprise")
    app = visit("account", account=account, mask="true")
    assert not names.search(everything(app))
    assert re.fullmatch(r"### Account [0-9A-F]{6}", app.markdown[0].value)
    assert account not in everything(app)


def test_masks_are_stable_and_tell_accounts_apart(sample: Workspace) -> None:
    masked = table(visit("account", mask="true"), "account", "mrr")["account"]
    again = table(choose(visit("account"), "mask", True), "account", "mrr")["account"]
    assert masked.tolist() == again.tolist()
    assert masked.nunique() == len(masked)


def test_a_masked_row_opens_its_account(sample: Workspace) -> None:
    app = visit("account", mask="true")
    shown = table(app, "account", "mrr")["account"].iloc[2]
    assert pick_row(app, "accounts", 2).markdown[0].value == f"### {shown}"


def test_a_real_name_finds_nothing_when_masked(sample: Workspace) -> None:
    name = table(visit("account"), "account", "mrr")["account"].iloc[0]
    app = choose(visit("account", mask="true"), "find", name)
    assert "No rows." in [each.value for each in app.caption]


def test_owners_are_masked_in_filters_and_under_charts_and_stay_chosen(sample: Workspace) -> None:
    owners = sample.ask("account_list")["owner"].dropna()
    chosen = owners.mode().iloc[0]
    any_owner = re.compile("|".join(re.escape(each) for each in owners.unique()))
    app = choose(visit("net_revenue_retention"), "owner", [chosen])
    assert f"Accounts with owner {chosen}" in captions(app)
    before = tiles(app)
    choose(app, "mask", True)
    assert tiles(app) == before, "the filter stays"
    assert not any_owner.search(everything(app))
    assert "Accounts with owner Owner " in captions(app)
    choose(app, "mask", False)
    assert f"Accounts with owner {chosen}" in captions(app)
    for page, query in {
        "net_revenue_retention": {"by": "Owner"},
        "movements": {"by": "Owner"},
        "cohorts": {"cohorts_by": "Owner"},
        "overview": {},
    }.items():
        assert not any_owner.search(everything(visit(page, mask="true", **query)))


def test_what_is_said_under_a_chart_is_no_markup(sample: Workspace) -> None:
    app = visit("acquisition")
    app.session_state["next_dollar"] = True
    run(app)
    said = next(each.value for each in app.caption if "looks cheapest at the margin" in each.value)
    assert "$" in said
    assert not re.search(r"(?<!\\)\$", said)
