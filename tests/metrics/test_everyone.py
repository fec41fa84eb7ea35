"""Everybody counted once, and a scope that only chooses: the same numbers as a count of the scope itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from decade.comparing import MOVES, counter, everyone, groups, own_movements
from decade.conventions import PRESETS, Conventions
from decade.models.compared import KEYS, KINDS, RATES, Counted, shift
from decade.scope import Scope
from decade.warehouse import Workspace
from support.histories import ATTRIBUTES, History, histories
from support.workspaces import empty, fill

TINY = 1e-9
FEW = settings(
    suppress_health_check=list(HealthCheck), deadline=None, max_examples=10, phases=[Phase.explicit, Phase.generate]
)


def same(found: Counted, expected: Counted) -> None:
    bridge, there = found.bridge, expected.bridge
    assert list(bridge["month"]) == list(there["month"])
    assert list(bridge["is_full"]) == list(there["is_full"])
    for name in (*KINDS, "closing", "closing_accounts"):
        assert bridge[name].to_numpy("float64") == pytest.approx(there[name].to_numpy("float64"), abs=TINY), name
    rates = expected.retention.set_index("month")[list(RATES)].reindex(pd.Index(found.retention["month"]))
    assert found.retention[list(RATES)].to_numpy() == pytest.approx(
        rates.to_numpy("float64", na_value=np.nan), abs=TINY, nan_ok=True
    )
    moved, differing = (each.shift.sort_values(KEYS).reset_index(drop=True) for each in (found, expected))
    assert [tuple(row) for row in moved[KEYS].itertuples(index=False)] == [
        tuple(row) for row in differing[KEYS].itertuples(index=False)
    ]
    assert moved["amount"].to_numpy() == pytest.approx(differing["amount"].to_numpy(), abs=TINY)


def every_scope_is_the_same(workspace: Workspace, rules: Conventions, scopes: Iterable[Scope]) -> None:
    among = groups(workspace)
    all_of_them = everyone(workspace, rules, among, own_movements(workspace))
    for scope in scopes:
        accounts = workspace.ask("account_slices", scope)["account_id"]
        same(all_of_them.within(among, among.chosen(accounts)), asked_of(workspace, scope, rules))


def asked_of(workspace: Workspace, scope: Scope, rules: Conventions) -> Counted:
    """The same by the questions of the pages, asked of the scope itself under these conventions."""
    own = workspace.ask("movements", scope)
    with workspace.under(rules) as other:
        bridge, retention, moves = (other.ask(name, scope) for name in ("mrr_bridge", "revenue_retention", "movements"))
    return Counted(bridge, retention, shift(own[MOVES], moves))


@FEW
@given(
    history=histories(currencies=("USD", "USD", "EUR")),
    preset=st.sampled_from(list(PRESETS)),
    attribute=st.sampled_from(sorted(ATTRIBUTES)),
)
def test_a_scope_chooses_what_a_count_of_it_finds(
    one_workspace: Workspace, history: History, preset: str, attribute: str
) -> None:
    empty(one_workspace).set_setting("reporting_currency", "USD")
    fill(
        one_workspace,
        as_of=history.as_of,
        charges=history.charges,
        accounts=history.accounts,
        **({"fx_rates": history.rates} if history.rates else {}),
    )
    values = {row[attribute] or "(not known)" for row in history.accounts}
    scopes = [Scope(), *(Scope.parse([f"{attribute}={value}"]) for value in sorted(values))]
    every_scope_is_the_same(one_workspace, one_workspace.conventions().preset(preset), scopes)


@pytest.mark.parametrize("preset", ["decade", "chartmogul", "maxio"])
def test_acme_by_several_filters(acme: Workspace, preset: str) -> None:
    rules = replace(acme.conventions().preset(preset), name="")
    nobody = Scope(segment=("of nobody",))
    found = acme.ask("account_list")
    values = {name: tuple(found[name].dropna().unique()) for name in ("segment", "region", "owner")}
    two = Scope(segment=values["segment"][:1], region=values["region"][:2])
    many = Scope(owner=(*values["owner"][:1], "(not known)"))
    every_scope_is_the_same(acme, rules, [two, many, Scope(big_logos_only=True), nobody])


def test_accounts_alike_share_every_filter(acme: Workspace) -> None:
    found = acme.ask("account_list").merge(acme.ask("compared/accounts"), on="account_id")
    assert len(found) == len(acme.ask("account_list"))
    names = ["segment", "lane", "region", "plan", "channel", "owner", "is_big_logo"]
    held = found[[*names, "alike"]].astype(object).where(lambda frame: frame.notna(), "(not known)")
    assert len(held.drop_duplicates()) == held["alike"].nunique() == len(held[names].drop_duplicates())


def test_without_a_charge_nothing_is_counted(one_workspace: Workspace) -> None:
    fill(empty(one_workspace), as_of="2024-12-31", charges=[], accounts=[{"account_id": "a"}])
    found = counter(one_workspace, Scope())(one_workspace.conventions().preset("stripe"))
    assert found.bridge["closing"].eq(0).all()
    assert found.retention["nrr"].isna().all()
    assert found.shift.empty
