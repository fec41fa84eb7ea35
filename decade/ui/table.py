"""Tables: columns named, formatted and explained by the question they answer; a row opens its account."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from decade.queries import Column, catalogue
from decade.ui import session
from decade.ui.export import csv_bytes

SHOWN = 2000
ACCOUNT_PAGE = "pages/customers/account.py"
FORMATS: dict[str, tuple[str, Callable[..., Any]]] = {
    "rate": ("percent", st.column_config.NumberColumn),
    "money": ("%,.2f", st.column_config.NumberColumn),
    "ratio": ("%.2f", st.column_config.NumberColumn),
    "months": ("%.1f", st.column_config.NumberColumn),
    "count": ("%,d", st.column_config.NumberColumn),
    "hours": ("%,.1f", st.column_config.NumberColumn),
    "month": ("YYYY-MM", st.column_config.DateColumn),
    "date": ("YYYY-MM-DD", st.column_config.DateColumn),
}
TEXT = "text"


def title_of(column: str) -> str:
    """A column's name as people read it."""
    words = column.removeprefix("is_").replace("_", " ")
    for short in ("mrr", "arr", "acv", "id", "crm", "cio", "nrr", "grr", "cac", "npv", "irr", "ltv", "wape", "crps"):
        words = " ".join(part.upper() if part == short else part for part in words.split())
    return words[:1].upper() + words[1:]


def column_config(name: str, columns: list[str], also: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Streamlit's column settings from the units and meanings in the header of a question.

    `also`: units of columns that a model added.
    """
    settings = _settings(name, tuple(columns), tuple((also or {}).items()))
    return {column: dict(each) for column, each in settings.items()}  # Streamlit may write into them


@functools.lru_cache(maxsize=500)
def _settings(name: str, columns: tuple[str, ...], also: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for added, unit in also:
        if unit == TEXT:
            config[added] = st.column_config.Column(title_of(added))
            continue
        form, kind = FORMATS[unit]
        config[added] = kind(title_of(added), format=form)
    config |= described([each for each in catalogue()[name].columns if each.name in columns])
    return {column: st.column_config.Column(title_of(column)) for column in columns} | config


def described(columns: Iterable[Column]) -> dict[str, Any]:
    """Streamlit's column settings from units and meanings."""
    config: dict[str, Any] = {}
    for column in columns:
        shape = FORMATS.get(column.unit)
        make: Callable[..., Any] = st.column_config.Column
        if shape is not None:
            make = functools.partial(shape[1], format=shape[0])
        config[column.name] = make(title_of(column.name), help=column.meaning)
    return config


def table(
    frame: pd.DataFrame,
    *,
    explains: str,
    key: str,
    columns: list[str] | None = None,
    opens_account: bool = True,
    height: int | None = None,
    also: Mapping[str, str] | None = None,
) -> None:
    """A table with its download; choosing a row opens the account. Only the first rows of a long one are shown."""
    shown = frame[columns] if columns else without_ids(frame) if session.is_masked() else frame
    if frame.empty:
        st.caption("No rows.")
        return
    can_open = opens_account and "account_id" in frame.columns
    st.dataframe(
        shown.head(SHOWN),
        key=key,
        hide_index=True,
        column_config=column_config(explains, list(shown.columns), also),
        on_select="rerun" if can_open else "ignore",
        selection_mode="single-row",
        placeholder="–",
        height=height or min(420, 38 + 35 * len(shown)),
    )
    more = (
        f"The first {SHOWN:,} of {len(frame):,} rows; the download has all."
        if len(frame) > SHOWN
        else f"{len(frame):,} rows."
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(more + (" Choose a row to open the account." if can_open else ""), width="content")
        download(frame, f"{explains}.csv", key=f"{key}_csv")
    row = session.picked_row(key) if can_open else None
    if row is not None and row < len(frame):
        open_account(str(frame["account_id"].iloc[row]))


def download(frame: pd.DataFrame, name: str, *, key: str, label: str = "Download CSV") -> None:
    """A button that hands over a frame as a CSV file; the file is made when it is pressed."""
    is_masked = session.is_masked()
    st.download_button(
        label,
        data=lambda: csv_bytes(without_ids(frame) if is_masked else frame),
        file_name=name,
        mime="text/csv",
        on_click="ignore",
        key=key,
        icon=":material/download:",
    )


def without_ids(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with stand-ins for the ids of accounts: where a file has no ids, they are the names."""
    ids = [name for name in ("account_id", "alias_id", "crm_id") if name in frame.columns]
    return frame.assign(
        **{
            name: frame[name].map({each: session.masked_name(each) for each in frame[name].dropna().unique()})
            for name in ids
        }
    )


def wide_table(frame: pd.DataFrame, *, key: str, form: str) -> None:
    """A grid whose cells can be chosen (`session.picked_cell`); the first column names the row."""
    config = {name: st.column_config.NumberColumn(format=form) for name in frame.columns[1:]}
    names = list(frame.columns)
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        column_config={names[0]: st.column_config.Column(title_of(names[0]), pinned=True), **config},
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="–",
        height=min(640, 38 + 35 * max(1, len(frame))),
    )


def open_account(account_id: str) -> None:
    """Go to an account's page."""
    if account_id and account_id != "nan":
        st.switch_page(ACCOUNT_PAGE, query_params={"account": account_id})


def close_account() -> None:
    """Go back to the list of all accounts."""
    st.query_params.pop("account", None)
    st.rerun()
