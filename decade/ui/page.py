"""Headings, tiles of headline numbers, and choices that live in the URL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from decade.charts.formats import is_missing, percent, ratio
from decade.queries import catalogue
from decade.ui import session

MARKUP = re.compile(r"([\\`*_\[\]<>$~#|]|:(?=\w))")
Tile = tuple[str, "pd.Series[float]", Callable[[float | None], str], str, str, str]


def headline(title: str, question: str) -> None:
    """A page's title and the question that it answers; a title from a file stays text."""
    st.markdown(f"### {plain(title)}")
    st.caption(question)


def plain(text: object) -> str:
    """A text from a file, so that Markdown shows it as it is."""
    return MARKUP.sub(r"\\\1", str(text))


def choice(
    label: str, options: Mapping[str, str], *, key: str, default: str, on_change: Callable[[], None] | None = None
) -> str:
    """One of a few values, side by side; kept in the URL."""
    _settle(options, key, default)
    st.segmented_control(
        label,
        list(options),
        format_func=lambda value: options[value],
        key=key,
        default=default,
        bind="query-params",
        required=True,
        label_visibility="collapsed",
        on_change=on_change,
    )
    return str(session.value(key) or default)


def option(
    label: str,
    options: Mapping[str, str],
    *,
    key: str,
    default: str | None,
    on_change: Callable[[], None] | None = None,
) -> str:
    """One of many values, from a list; kept in the URL. While names are masked nothing is sliced by owner."""
    options = {name: label for name, label in options.items() if name != session.OWNER or not session.is_masked()}
    names = list(options)
    _settle(options, key, default)
    st.selectbox(
        label,
        names,
        index=names.index(default) if default in names else 0,
        format_func=lambda value: options[value],
        key=key,
        bind="query-params",
        on_change=on_change,
    )
    return str(session.value(key) or default)


def names_of(accounts: pd.DataFrame) -> dict[str, str]:
    """Accounts by id, to be chosen from by name, those of one name also by id; there may be very many."""
    ids, names = (accounts[each].to_numpy(object).tolist() for each in ("account_id", "account"))
    for nth, at in enumerate(accounts["account"].duplicated(keep=False).to_numpy().nonzero()[0], start=1):
        names[at] = f"{names[at]} · {nth if session.is_masked() else ids[at]}"
    return dict(zip(ids, names, strict=True))


def many(label: str, options: Mapping[str, str], *, key: str, placeholder: str) -> list[str]:
    """Any number of values, from a list; kept in the URL."""
    held = session.value(key)
    if held and not set(held) <= set(options):  # from another workspace or an old link
        session.put(key, [each for each in held if each in options])
    st.multiselect(
        label,
        list(options),
        format_func=lambda value: options[value],
        key=key,
        bind="query-params",
        placeholder=placeholder,
        label_visibility="collapsed",
    )
    return list(session.value(key) or [])


def search(label: str, *, key: str, placeholder: str) -> str:
    """Words to look for; kept in the URL."""
    st.text_input(label, key=key, placeholder=placeholder, bind="query-params", label_visibility="collapsed")
    return str(session.value(key) or "")


def switch(label: str, *, key: str, default: bool = False) -> bool:
    """Something that is on or off; kept in the URL."""
    st.toggle(label, default, key=key, bind="query-params")
    return bool(session.value(key))


def tiles(entries: Sequence[Tile]) -> None:
    """Headline numbers: the last value, its change over twelve months, its course, its definition."""
    for column, (label, series, written, change, explains, name) in zip(st.columns(len(entries)), entries, strict=True):
        values = series.to_numpy("float64", na_value=float("nan")).round(6).tolist()
        known = [each for each in values if each == each]
        last = values[-1] if values else None
        before = values[-13] if len(values) > 12 else None
        meaning = next((each.meaning for each in catalogue()[explains].columns if each.name == name), "")
        column.metric(
            label,
            written(last),
            delta=_change(last, before, change),
            chart_data=known[-36:] if len(known) > 2 else None,
            chart_type="line",
            border=True,
            help=f"{catalogue()[explains].title}: {meaning}. The small figure is the change over twelve months.",
        )


def _settle(options: Mapping[str, str], key: str, default: str | None) -> None:
    """A value that this page does not offer (from another page or an old link) gives way to the default."""
    if session.value(key) is not None and session.value(key) not in options:
        session.put(key, default if default in options else next(iter(options)))
    held = session.value(key)
    if held in options and held != default and query_value(key) is None:
        session.address(key, options[held])  # a click gave it its value before it was there


def _change(last: float | None, before: float | None, kind: str) -> str | None:
    if is_missing(last) or is_missing(before) or last is None or before is None:
        return None
    if kind == "points":
        return f"{(last - before) * 100:+.1f} points"
    if kind == "share":
        return None if before == 0 else ("+" if last >= before else "") + percent(last / before - 1)
    return f"{'+' if last >= before else ''}{ratio(last - before)}"


def numbers(entries: Sequence[tuple[str, str, str]]) -> None:
    """Headline numbers without a course: label, the number as written, its definition."""
    for column, (label, written, meaning) in zip(st.columns(len(entries)), entries, strict=True):
        column.metric(label, written, border=True, help=plain(meaning))


def go(page: str) -> None:
    """Open another page; the filters go along."""
    st.switch_page(page, query_params={})  # without it, filters that stand in the address forbid the switch


def query_values(name: str) -> list[str]:
    """All values that the page's address gives a name."""
    return [each for each in st.query_params.get_all(name) if each]


def query_value(name: str) -> str | None:
    """A value of the page's address that belongs to no widget; an empty one is none."""
    return st.query_params.get(name) or None
