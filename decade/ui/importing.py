"""The import page's parts: uploads kept, what was recognised, questions, columns, and the account that adds up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from decade import ingest
from decade.errors import Refused
from decade.places import SAMPLE, sample_files
from decade.ui import session
from decade.ui.export import csv_bytes

ANSWERS, COLUMNS, REPORT, PLAN = "answers", "columns", "report", "plan"
NOT_READ = "(not read)"
FIRST_DAY = date(1970, 1, 1)  # without one, a date field offers no day more than ten years back


def sample_uploads() -> list[ingest.Upload]:
    """The sample company's exports, as if they had been dropped."""
    return [ingest.Upload(path, path.name) for path in sample_files()]


def begin(dropped: Sequence[str]) -> None:
    """Forget the import before when other files were dropped (the same again are others), its answers when none are."""
    if session.stashed("files") == list(dropped):
        return
    session.stash("files", list(dropped))
    for name in (REPORT,) if dropped else (ANSWERS, COLUMNS, PLAN):
        session.drop(name)


def kept(uploads: Sequence[Any]) -> list[ingest.Upload]:
    """The dropped files, written beside the workspace under names of our own."""
    folder = session.workspace().folder / "uploads"
    folder.mkdir(exist_ok=True)
    found = []
    for upload in uploads:
        path = folder / hashlib.sha256(upload.file_id.encode()).hexdigest()[:24]
        if not path.exists():
            path.write_bytes(upload.getbuffer())
        found.append(ingest.Upload(path, upload.name))
    return found


def planned(files: Sequence[ingest.Upload]) -> ingest.ImportPlan:
    """The plan for these files under the answers and corrections given so far; made once for each."""
    answers: dict[str, str] = session.stashed(ANSWERS) or {}
    corrected: dict[str, ingest.Mapping] = session.stashed(COLUMNS) or {}
    key = (
        str(session.workspace().folder),
        session.workspace().revision,
        tuple((each.name, str(each.path)) for each in files),
        tuple(sorted(answers.items())),
        tuple(sorted((label, str(mapping.as_spec())) for label, mapping in corrected.items())),
    )
    held = session.stashed(PLAN)
    if held is None or held[0] != key:
        if held is not None:
            held[1].discard(session.workspace())
        with st.spinner("Reading the files …"):
            made = ingest.plan(files, session.workspace(), answers=answers, mappings=corrected)
        held = (key, made)
        session.stash(PLAN, held)
    plan: ingest.ImportPlan = held[1]
    return plan


def recognised(plan: ingest.ImportPlan) -> None:
    """What each file was taken for."""
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "File": each.raw.label,
                    "Recognised as": each.recognised,
                    "Rows": each.raw.rows,
                    "Written in": each.raw.written,
                    "Confidence": each.confidence,
                }
                for each in plan.files
            ]
        ),
        hide_index=True,
        column_config={
            "Confidence": st.column_config.NumberColumn("Sure", format="percent", width="small"),
            "Rows": st.column_config.NumberColumn("Rows", format="%,d"),
            "Recognised as": st.column_config.TextColumn("Recognised as", width="large"),
        },
        key="recognised",
    )


def questions(doubts: Sequence[ingest.Doubt]) -> None:
    """Each doubt with examples from the file; an answer is one click, and the files are read again with it."""
    st.markdown(f"**{len(doubts)} question{'s' if len(doubts) != 1 else ''} before anything is loaded**")
    for number, doubt in enumerate(doubts):
        with st.container(border=True):
            st.markdown("A question about your file")
            st.text(doubt.question)
            if doubt.examples:
                st.code("\n".join(doubt.examples[:8]), language=None)
            key = f"doubt_{number}_{doubt.answer_key}"
            if doubt.options:
                st.pills(
                    "Answer",
                    list(doubt.options),
                    key=key,
                    label_visibility="collapsed",
                    on_change=lambda k=key, d=doubt: answer(d.answer_key, session.value(k)),
                )
            else:
                st.text_input(
                    "Answer", key=key, on_change=lambda k=key, d=doubt: answer(d.answer_key, session.value(k))
                )


def answer(key: str, given: str | None) -> None:
    """Keep an answer for this import."""
    if given:
        session.stash(ANSWERS, {**(session.stashed(ANSWERS) or {}), key: given})


def columns(plan: ingest.ImportPlan) -> None:
    """The mapping of one file, to be corrected: for each canonical column, the column of the file."""
    chosen = {each.raw.label: each for each in plan.files if each.mapping.table}
    if not chosen:
        return
    with st.expander("Columns: what is read from where", icon=":material/table_chart:"):
        label = st.selectbox("File", list(chosen), key="columns_of")
        file_plan = chosen[label]
        header = [name for name in file_plan.raw.header if name]
        rows = []
        for column in ingest.canonical_tables()[file_plan.mapping.table].columns:
            readings = file_plan.mapping.columns.get(column.name, ())
            source = next((each.source for each in readings if each.source is not None), None)
            told = "; ".join(str(dict(each.spec)) for each in readings if each.source is None)
            rows.append(
                {
                    "Column": column.name,
                    "Read from": file_plan.raw.header[source] if source is not None else NOT_READ,
                    "For example": ", ".join(file_plan.raw.examples(source, 3)) if source is not None else told,
                    "Meaning": column.meaning,
                }
            )
        before = pd.DataFrame(rows)
        after = st.data_editor(
            before,
            hide_index=True,
            disabled=["Column", "For example", "Meaning"],
            column_config={
                "Read from": st.column_config.SelectboxColumn("Read from", options=[NOT_READ, *header], required=True)
            },
            key=f"columns_{label}",
        )
        changed = after[after["Read from"] != before["Read from"]]
        if len(changed) and st.button("Read the file with these columns", icon=":material/refresh:"):
            mapping = file_plan.mapping
            for name, source in zip(changed["Column"], changed["Read from"], strict=True):
                mapping = mapping.with_column(str(name), None if source == NOT_READ else {"from": source})
            session.stash(COLUMNS, {**(session.stashed(COLUMNS) or {}), label: mapping})
            st.rerun()
        st.download_button(
            "Download this mapping (.toml)",
            data=file_plan.mapping.to_toml(),
            file_name="mapping.toml",
            on_click="ignore",
        )


def load(plan: ingest.ImportPlan, as_of: date | None, rates: str, currency: str) -> None:
    """Load a plan and keep its account for the page to show."""
    report = ingest.carry_out(
        plan, session.workspace(), as_of=as_of, rates=parsed_rates(rates), reporting_currency=currency or None
    )
    for name in (ANSWERS, COLUMNS, PLAN):
        session.drop(name)
    session.stash(REPORT, [account.row() for account in report.accounts])
    session.stash("notices", list(report.notices))
    for path in (session.workspace().folder / "uploads").glob("*"):
        path.unlink(missing_ok=True)


def account(rows: Sequence[Mapping[str, Any]], notices: Sequence[str]) -> None:
    """The account: rows and money read = taken + refused + duplicate + left out, and every refused row."""
    frame = pd.DataFrame(rows)
    names = ["file", "into", "read", "taken", "refused", "duplicate", "left_out"]
    shown = frame[names].rename(columns=lambda name: name.replace("_", " ").capitalize())
    st.markdown(
        f"**{frame['read'].sum():,} rows read = {frame['taken'].sum():,} taken + {frame['refused'].sum():,} refused + "
        f"{frame['duplicate'].sum():,} duplicate + {frame['left_out'].sum():,} left out**"
    )
    st.dataframe(shown, hide_index=True, key="account_rows")
    reasons = [(row["file"], reason, count) for row in rows for reason, count in row["left_out_reasons"].items()]
    money = [{"file": row["file"], **line} for row in rows for line in row["money"]]
    refusals = [{"file": row["file"], **refusal} for row in rows for refusal in row["refusals"]]
    if money:
        written = pd.DataFrame(money).astype(
            dict.fromkeys(("read", "taken", "refused", "duplicate", "left_out"), "float64")
        )
        st.markdown("**The money, per column and currency**")
        st.dataframe(written, hide_index=True, key="account_money")
    if reasons:
        with st.expander("What was left out, and why"):
            st.dataframe(pd.DataFrame(reasons, columns=["File", "Reason", "Rows"]), hide_index=True, key="left_out")
    if refusals:
        st.markdown(f"**{len(refusals):,} refused rows**")
        refused = pd.DataFrame(refusals)
        st.dataframe(refused, hide_index=True, key="refused")
        st.download_button(
            "Download the refused rows", data=lambda: csv_bytes(refused), file_name="refused.csv", on_click="ignore"
        )
    for notice in notices:
        st.text(f"Note: {notice}")


def parsed_rates(text: str) -> dict[str, float]:
    """Rates written as EUR=1.08, separated by spaces or commas."""
    rates = {}
    for part in text.replace(",", " ").split():
        currency, _, rate = part.partition("=")
        try:
            rates[currency.upper()] = float(rate)
        except ValueError:
            raise Refused(f"{part!r} is no rate", where="exchange rates", do="Write it as EUR=1.08.") from None
    return rates


def has_sample() -> bool:
    """True when the sample company's files are here."""
    return SAMPLE.is_dir()
