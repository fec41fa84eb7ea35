"""Notes that people write about an account or a month: kept in the workspace, drawn on charts over months."""

from __future__ import annotations

import json
import uuid

import pandas as pd
import streamlit as st

from decade.months import parse_month
from decade.ui import session
from decade.ui.fetch import month_names
from decade.ui.page import plain

HIDDEN = "(hidden while names are masked)"
LONGEST = 2000
NEW = ""


def notes(account_id: str | None = None) -> pd.DataFrame:
    """Notes about an account, or about months when none is given: note_id, month, words; hidden when masked."""
    saved = {key: json.loads(text) for key, text in session.workspace().saved("notes").items()}
    rows = [(key, each["month"], each["words"]) for key, each in saved.items() if each["account_id"] == account_id]
    frame = pd.DataFrame(rows, columns=["note_id", "month", "words"])
    frame["month"] = pd.to_datetime(frame["month"])
    if session.is_masked():
        frame["words"] = HIDDEN
    return frame


def notes_box(account_id: str | None = None) -> None:
    """The notes with their months, and a form to write, change or delete one."""
    held = notes(account_id)
    for month, words in zip(held["month"], held["words"], strict=True):
        when = f"**{month:%Y-%m}** " if month == month else ""
        st.markdown(when + plain(words).replace("\n", "  \n"))
    if session.is_masked():
        st.caption("Notes can be written while names are not masked.")
        return
    names = {NEW: "A new note"} | {
        key: f"{month:%Y-%m}: {words[:40]}" if month == month else words[:40]
        for key, month, words in held.itertuples(index=False)
    }
    chosen = str(st.selectbox("Write", list(names), format_func=lambda key: names[key], key="note") or NEW)
    row = held[held["note_id"] == chosen]
    known = month_names()[::-1]
    there = f"{row['month'].iloc[0]:%Y-%m}" if len(row) and row["month"].notna().iloc[0] else None
    with st.form("note_form", border=False, clear_on_submit=False):
        left, right = st.columns([1, 4])
        month = left.selectbox(
            "Month", known, index=known.index(there) if there in known else 0, key=f"note_month_{chosen}"
        )
        words = right.text_area(
            "Note", row["words"].iloc[0] if len(row) else "", max_chars=LONGEST, key=f"note_words_{chosen}", height=90
        )
        save, delete, _ = st.columns([1, 1, 4])
        is_saved = save.form_submit_button("Save note", type="primary", width="stretch")
        is_deleted = chosen != NEW and delete.form_submit_button("Delete note", width="stretch")
    if is_deleted or (is_saved and not words.strip() and chosen != NEW):
        session.workspace().save("notes", chosen, None)
        session.drop_widget("note")
        st.rerun()
    elif is_saved and words.strip():
        told = {"account_id": account_id, "month": parse_month(str(month)).isoformat(), "words": words.strip()}
        session.workspace().save("notes", chosen or uuid.uuid4().hex, json.dumps(told))
        session.drop_widget("note", f"note_words_{chosen}")
        st.rerun()
