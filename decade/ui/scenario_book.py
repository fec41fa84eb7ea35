"""Where a scenario starts from and where it is kept: presets, saved ones, and a segment's own values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from decade.errors import Refused
from decade.models import scenario as model
from decade.models.scenario_kept import as_text, checked_name, from_text
from decade.ui import session
from decade.ui.page import option, plain
from decade.ui.scenario_form import take


def starts() -> dict[str, model.Scenario]:
    """Every scenario to start from or to compare with, by name: presets first, then the saved ones."""
    return {**model.presets(), **saved()}


def saved() -> dict[str, model.Scenario]:
    """The scenarios kept in the workspace, by name."""
    return {name: from_text(name, text) for name, text in session.workspace().saved("scenarios").items()}


def title_of(name: str) -> str:
    """A scenario's name as people read it."""
    return model.preset_title(name) if name in model.presets() else name


def start_from(known: Mapping[str, model.Scenario]) -> str:
    """The name of the scenario that the form starts from; choosing another one fills the form."""
    labels = {name: title_of(name) for name in known}
    return option("Start from", labels, key="preset", default=next(iter(known)), on_change=_take_start)


def book(start: str, current: model.Scenario, sentence: str) -> None:
    """Save, save changes, rename, duplicate, delete and undo; the link, the sentence and the command of a scenario."""
    box = st.popover("Save", icon=":material/bookmark:", key="book", on_change="rerun", width="stretch")
    if said := session.stashed("book_said"):
        session.drop("book_said")
        st.warning(said)
    _undo()
    if not box.open:
        return
    session.stash("book_scenario", current.settings())
    is_saved = start not in model.presets()
    with box:
        st.text_input("Name", key="book_name", placeholder=f"{title_of(start)}, my version", max_chars=60)
        left, right = st.columns(2)
        left.button(
            "Save as new", key="book_save", on_click=_act, args=("save", start), width="stretch", type="primary"
        )
        right.button(
            "Save changes", key="book_keep", on_click=_act, args=("keep", start), disabled=not is_saved, width="stretch"
        )
        first, second, third = st.columns(3)
        first.button(
            "Rename", key="book_rename", on_click=_act, args=("rename", start), disabled=not is_saved, width="stretch"
        )
        second.button("Duplicate", key="book_copy", on_click=_act, args=("copy", start), width="stretch")
        third.button(
            "Delete", key="book_delete", on_click=_act, args=("delete", start), disabled=not is_saved, width="stretch"
        )
        st.caption("The address of this page is the link to this scenario. In words, and for the command line:")
        st.code(sentence, language=None, wrap_lines=True)
        st.code(command(current), language=None, wrap_lines=True)


def command(scenario: model.Scenario) -> str:
    """The same scenario on the command line."""
    settings = scenario.settings(changed_only=True)
    return " ".join(["python -m decade scenario", *(["--set", *settings] if settings else [])])


def _act(what: str, start: str) -> None:
    """Callback of the buttons; what cannot be done is said, and nothing has changed."""
    try:
        chosen = _acts(what, start)
    except Refused as refused:
        session.stash("book_said", refused.sentence())
        return
    session.put("preset", chosen)
    session.put("book", False)
    session.put("book_name", "")


def _acts(what: str, start: str) -> str:
    workspace = session.workspace()
    settings = as_text(model.Scenario().with_settings(session.stashed("book_scenario")))
    kept = workspace.saved("scenarios")
    if what in ("keep", "rename", "delete") and start not in kept:
        raise Refused("this scenario is no longer saved", do="Save it as new.")
    if what == "keep":
        workspace.save("scenarios", start, settings)
        return start
    if what == "delete":
        workspace.save("scenarios", start, None)
        session.stash("book_deleted", (start, kept[start]))
        return next(iter(model.presets()))
    typed = " ".join(str(session.value("book_name") or "").split())
    name = checked_name(typed or (_copy_of(title_of(start), kept) if what == "copy" else ""), kept)
    if what == "rename":
        workspace.save("scenarios", start, None)
        settings = kept[start]
    workspace.save("scenarios", name, settings)
    return name


def _copy_of(title: str, taken: Collection[str]) -> str:
    names = (f"{title[:50]}, copy{'' if number == 1 else f' {number}'}" for number in range(1, 1000))
    return next(name for name in names if name not in taken)


def _undo() -> None:
    deleted = session.stashed("book_deleted")
    if deleted:
        st.button(
            f"Undo: bring back {plain(deleted[0])}", key="book_undo", on_click=_bring_back, icon=":material/undo:"
        )


def _bring_back() -> None:
    name, text = session.stashed("book_deleted")
    session.workspace().save("scenarios", name, text)
    session.drop("book_deleted")
    session.put("preset", name)


def _take_start() -> None:
    """Callback: fill the form from the scenario that was chosen."""
    session.drop("book_deleted")
    take(starts()[str(session.value("preset"))], is_start=True)


def compared(names: list[str], current: model.Scenario, known: Mapping[str, model.Scenario]) -> pd.DataFrame:
    """This scenario and the named ones side by side: a row each, the inputs that differ, every output."""
    chosen = [replace(current, name="This scenario"), *(replace(known[each], name=title_of(each)) for each in names)]
    return model.compare(chosen)
