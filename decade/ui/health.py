"""Parts of the Data health page: the rules with what breaks them, one rule's rows, and the match assistant."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from decade.charts.formats import count, money
from decade.models.matching import proposals
from decade.queries import in_folder
from decade.scope import Scope
from decade.ui import session
from decade.ui.fetch import fetch
from decade.ui.page import numbers, option
from decade.ui.shelf import made_once
from decade.ui.table import table
from decade.warehouse import Workspace

SURE = 0.95  # pairs that are ticked before a person looks at them


def tiles(found: pd.DataFrame, currency: str) -> None:
    """How many rules are broken, by how many rows, and what the gravest of them is about."""
    rules = len(in_folder("checks"))
    by_money = found.dropna(subset="amount").sort_values("amount", ascending=False)
    worst = None if by_money.empty else by_money.iloc[0]
    numbers(
        [
            ("Rules kept", f"{rules - len(found)} of {rules}", "Rules of queries/checks that no row in scope breaks."),
            ("Rows to look at", count(found["row_count"].sum()), "A row counts once for each rule that it breaks."),
            (
                "Most money in one rule",
                money(None if worst is None else worst["amount"], currency),
                in_folder("checks")[str(worst["check"])].title if worst is not None else "No rule is broken.",
            ),
        ]
    )


def rules(found: pd.DataFrame) -> None:
    """Every rule: the rows that break it, their accounts, their money, and what to do."""
    asked = in_folder("checks")
    counted = found.set_index("check").reindex(list(asked))
    frame = pd.DataFrame(
        {
            "Rule": [each.title for each in asked.values()],
            "Rows": counted["row_count"].fillna(0).astype("int64").to_numpy(),
            "Accounts": counted["account_count"].fillna(0).astype("int64").to_numpy(),
            "Money": counted["amount"].to_numpy(),
            "What to do": [each.note for each in asked.values()],
        }
    ).sort_values(["Rows", "Rule"], ascending=[False, True])
    with st.container(border=True):
        st.markdown("**Every rule**")
        st.dataframe(
            frame,
            hide_index=True,
            key="rules",
            height=39 + 35 * min(len(frame), 12),
            placeholder="–",
            column_config={
                "Rule": st.column_config.TextColumn(width=250),
                "Rows": st.column_config.NumberColumn(format="%,d", width=70),
                "Accounts": st.column_config.NumberColumn(format="%,d", width=80),
                "Money": st.column_config.NumberColumn(
                    format="%,.0f", width=100, help="MRR or amount in the rows, without regard to sign."
                ),
                "What to do": st.column_config.TextColumn(width=900),
            },
        )


def rows_of_a_rule(found: pd.DataFrame) -> None:
    """The rows that break the chosen rule, with their file and line; a row opens its account."""
    asked = in_folder("checks")
    by_rows = found.sort_values("row_count", ascending=False)
    names = {
        str(name): f"{asked[str(name)].title} ({number:,})"
        for name, number in zip(by_rows["check"], by_rows["row_count"], strict=True)
    }
    with st.container(border=True, key="objections_box"):
        st.markdown("**The rows that break a rule**")
        if not names:
            st.caption("No row in scope breaks a rule.")
            return
        chosen = option("Rule", names, key="rule", default=next(iter(names)))
        st.caption(f"{asked[chosen].question} {asked[chosen].note}")
        rows = fetch("objections", check=chosen).drop(columns="check")
        of_a_line = ["file_name", "source_row"] if rows["file_name"].notna().any() else []  # a gap lies between two
        columns = ["account", "message", "amount", *of_a_line]
        table(rows, explains="objections", key="objections", columns=columns)


def match_assistant() -> None:
    """Pairs of a billed account and one of the CRM, proposed; what a person accepts is kept for later imports."""
    with st.expander(
        "Match billing and CRM accounts",
        icon=":material/join_inner:",
        key="matching",
        on_change="rerun",
        bind="query-params",
    ) as box:
        if not box.open:
            return
        workspace = session.workspace()
        found = _masked(_proposed(str(workspace.folder), workspace.opened, workspace.revision))
        if found.empty:
            st.caption(
                "No pair to propose: every billed account has its CRM twin, one of the two sides is missing, or no "
                "names and domains resemble each other."
            )
        else:
            _pairs(found)
        _links()


def _pairs(found: pd.DataFrame) -> None:
    st.caption(
        "Each row pairs a billed account without CRM twin with an account of the CRM without billing. Ticked pairs "
        "agree in domain and name. What you link counts as one account from then on, also in later imports."
    )
    shown = pd.DataFrame(
        {
            "In billing": found["billing_account"],
            "In the CRM": found["crm_account"],
            "Because of": found["why"],
            "Sure": found["confidence"],
            "Domain": found["domain"],
            "MRR": found["amount"],
        }
    )
    picked = st.dataframe(
        shown,
        hide_index=True,
        key=f"pairs_{session.workspace().revision}",
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": np.flatnonzero(found["confidence"] >= SURE).tolist()}},
        placeholder="–",
        column_config={
            "Sure": st.column_config.NumberColumn(format="percent", width="small"),
            "MRR": st.column_config.NumberColumn(format="%,.2f"),
        },
    )
    chosen = found.iloc[[row for row in picked["selection"]["rows"] if row < len(found)]]
    label = f"Link {len(chosen):,} pair{'s' if len(chosen) != 1 else ''}"
    if st.button(label, key="link", type="primary", icon=":material/link:", disabled=chosen.empty):
        session.workspace().link(dict(zip(chosen["crm_id"], chosen["billing_id"], strict=True)))
        st.rerun()


def _links() -> None:
    linked = fetch("linked_accounts", scope=Scope())
    if linked.empty:
        return
    st.markdown(f"**Ids linked by hand: {linked['is_same'].sum():,}, kept apart: {(~linked['is_same']).sum():,}**")
    signs = np.where(linked["is_same"], "→", "≠")
    names = {
        alias: f"{session.masked_name(alias) if session.is_masked() else alias} {sign} {account}"
        for alias, sign, account in zip(linked["alias_id"], signs, linked["account"].fillna("–"), strict=True)
    }
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    chosen = left.selectbox("Linked id", list(names), format_func=lambda each: names[each], key="linked")
    if right.button("Undo this link", icon=":material/link_off:", width="stretch"):
        session.workspace().link({str(chosen): None})
        st.rerun()


def _masked(found: pd.DataFrame) -> pd.DataFrame:
    if not session.is_masked():
        return found
    return found.assign(
        billing_account=[session.masked_name(each) for each in found["billing_id"]],
        crm_account=[session.masked_name(each) for each in found["crm_id"]],
        domain="",
    )


@made_once("Comparing names and domains …")
def _proposed(folder: str, opened: int, revision: int) -> pd.DataFrame:  # noqa: ARG001  (the key)
    return proposals(Workspace.open(folder).ask("unmatched_accounts", only="both_sides"))
