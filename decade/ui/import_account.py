"""The account of an import on a page: what became of rows and money, what changed, and the imports so far."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from decade.errors import Refused
from decade.ui import session
from decade.ui.export import neutral
from decade.ui.page import plain
from decade.ui.table import download

ROWS = ["file", "into", "read", "taken", "added", "changed", "vanished", "refused", "duplicate", "left_out"]
NUMBER = r"[-+]?\d[\d.,]*%?"
MONEY = ("read", "taken", "refused", "duplicate", "left_out")


def account(rows: Sequence[Mapping[str, Any]], notices: Sequence[str]) -> None:
    """The account: rows and money read = taken + refused + duplicate + left out, and every refused row."""
    frame = pd.DataFrame(rows)
    st.markdown(
        f"**{frame['read'].sum():,} rows read = {frame['taken'].sum():,} taken + {frame['refused'].sum():,} refused + "
        f"{frame['duplicate'].sum():,} duplicate + {frame['left_out'].sum():,} left out**"
    )
    st.dataframe(frame[ROWS].rename(columns=_title), hide_index=True, key="account_rows")
    reasons = [(row["file"], reason, count) for row in rows for reason, count in row["left_out_reasons"].items()]
    money = [{"file": row["file"], **line} for row in rows for line in row["money"]]
    if money:
        st.markdown("**The money, per column and currency**")
        st.dataframe(pd.DataFrame(money).astype(dict.fromkeys(MONEY, "float64")), hide_index=True, key="account_money")
    if reasons:
        with st.expander("What was left out, and why"):
            st.dataframe(pd.DataFrame(reasons, columns=["File", "Reason", "Rows"]), hide_index=True, key="left_out")
    _changes(rows)
    _refusals(rows)
    for notice in notices:
        st.text(f"Note: {notice}")


def totals(before: Mapping[str, float], after: Mapping[str, float]) -> None:
    """What the workspace held before and holds after, and the difference."""
    rows = [
        {"In the workspace": _title(name), "Before": before[name], "After": after[name], "Change": after[name] - value}
        for name, value in before.items()
        if value or after[name]
    ]
    if rows:
        st.markdown("**The workspace, before and after**")
        st.dataframe(
            pd.DataFrame(rows).astype({"Before": "float64", "After": "float64", "Change": "float64"}),
            hide_index=True,
            key="totals",
            column_config={
                name: st.column_config.NumberColumn(format="%,.2f") for name in ("Before", "After", "Change")
            },
        )


def _changes(rows: Sequence[Mapping[str, Any]]) -> None:
    found = pd.DataFrame([{"file": row["file"], **change} for row in rows for change in row["changes"]])
    if found.empty:
        return
    changed, vanished = (sum(row[name] for row in rows) for name in ("changed", "vanished"))
    with st.expander(f"Against earlier exports: {changed:,} rows changed, {vanished:,} vanished"):
        st.caption("A changed row replaces the one that was held. A vanished one is not in the new file, and is kept.")
        st.dataframe(found, hide_index=True, key="changes")
        download(found, "changes.csv", key="changes_csv", label="Download this list")


def _refusals(rows: Sequence[Mapping[str, Any]]) -> None:
    found = pd.DataFrame([{"file": row["file"], **refusal} for row in rows for refusal in row["refusals"]])
    if found.empty:
        return
    st.markdown(f"**{sum(row['refused'] for row in rows):,} refused rows**")
    st.dataframe(found, hide_index=True, key="refused")
    download(found, "refused.csv", key="refused_csv", label="Download the refused rows")
    st.caption("With line, reason and raw text. To bring them in: correct the rows below and import that file.")
    for at, row in enumerate(row for row in rows if row["refusals"]):
        st.download_button(
            f"Rows to correct from {plain(row['file'])}",
            data=partial(correction, row),
            file_name="to_correct.csv",
            on_click="ignore",
            key=f"to_correct_{at}",
        )


def correction(row: Mapping[str, Any]) -> bytes:
    """The rows to correct as CSV, without live formulas."""
    frame = to_correct(row)
    safe = neutral(frame)
    for column in frame.columns:  # a number runs nothing, and must still be one when the file comes back
        safe[column] = safe[column].where(~frame[column].str.fullmatch(NUMBER), frame[column])
    return safe.to_csv(index=False).encode("utf-8")


def to_correct(row: Mapping[str, Any]) -> pd.DataFrame:
    """The refused rows of a file under its own header, to be corrected and imported like any other file."""
    header = list(row["header"])
    cells = [(next(csv.reader([each["raw"]]), []) + [""] * len(header))[: len(header)] for each in row["refusals"]]
    names = [name or f"column {at + 1}" for at, name in enumerate(header)]
    return pd.DataFrame(cells, columns=pd.Index(names))


def undo_box() -> None:
    """The imports so far, and the way back from each."""
    with st.expander("Undo an import", icon=":material/undo:", key="undoing", on_change="rerun") as box:
        if not box.open:
            return
        sources = session.workspace().sources()
        if sources.empty:
            st.caption("Nothing was imported yet.")
            return
        names = {
            int(str(number)): f"{number}: {', '.join(part['file_name'].unique()[:3])} "
            f"({part['imported_at'].iloc[0]:%Y-%m-%d %H:%M}, {part['rows_taken'].sum():,} rows)"
            for number, part in sources.groupby("import_id", sort=False)
        }
        st.caption("The workspace becomes what it would be had these files never come; later imports stay.")
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        chosen = left.selectbox("Import", list(names), format_func=lambda each: names[each], key="undo_which")
        if right.button("Undo this import", icon=":material/undo:", width="stretch"):
            try:
                before, after = session.workspace().undo(int(chosen))
            except Refused as refused:
                st.error(refused.sentence(), icon=":material/error:")
                return
            st.success(f"Import {chosen} is undone.", icon=":material/check_circle:")
            totals(before, after)


def _title(name: str) -> str:
    words = name.replace("_", " ")
    return "MRR" if words == "mrr" else words[:1].upper() + words[1:]
