"""The only room that knows the browser session: which workspace, which scope, what was clicked."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from decade.places import workspaces_folder
from decade.scope import ATTRIBUTES, Scope
from decade.warehouse import Workspace

OWNER = "owner"
ARRIVED = "arrived"
_found: dict[Path, Workspace] = {}
_run = threading.local()


def workspaces() -> dict[str, Path]:
    """The workspaces that can be chosen, by name; the one being served comes first."""
    served = _served()
    found = {served.name: served}
    if workspaces_folder().is_dir():
        for each in sorted(workspaces_folder().iterdir()):
            if (each / "decade.duckdb").exists():
                found.setdefault(each.name, each)
    return found


def workspace() -> Workspace:
    """The chosen workspace, or the one being served."""
    name = st.session_state.get("w")
    served = workspace_being_served()
    return served if name in (None, served.folder.name) else _opened(workspaces().get(name, served.folder))


def workspace_being_served() -> Workspace:
    """The workspace that the server was started with."""
    return _opened(_served())


def _opened(folder: Path) -> Workspace:
    """The workspace in a folder; a page asks for it a dozen times, and finding a folder's true place takes time."""
    found = _found.get(folder)
    if found is None or found.is_closed:
        said: list[DeltaGenerator] = []
        found = _found[folder] = Workspace.open(
            folder, heard=lambda text: said.append(st.toast(text, icon=":material/hourglass_top:", duration="infinite"))
        )
        for each in said:
            each.toast("What pages ask is ready.", icon=":material/check:", duration="short")
    return found


def _served() -> Path:
    served = os.environ.get("DECADE_WORKSPACE")
    return workspaces_folder() / "sample" if served is None else _path(served)


@lru_cache(maxsize=10)
def _path(written: str) -> Path:
    return Path(written)


def choose_workspace(name: str) -> None:
    """Show another workspace from the next run on; the filters of the one before are dropped."""
    for key in list(st.session_state):
        del st.session_state[key]
    st.session_state["w"] = name
    stash(ARRIVED, True)  # the address is not that of a link


def scope() -> Scope:
    """The scope that the bar in the sidebar shows."""
    if (settled := getattr(_run, "scope", None)) is not None:
        return settled  # type: ignore[no-any-return]
    state = st.session_state
    chosen = [(name, str(value)) for name in ATTRIBUTES for value in state.get(name) or ()]
    chosen += [(name, str(value)) for name in ("from", "to") if (value := state.get(name))]
    return _scope((*chosen, *([("big_logos", "true")] if state.get("big_logos") else ())))


@contextlib.contextmanager
def settled_scope() -> Iterator[None]:
    """Meanwhile the scope is read once: the bar is drawn, and a page asks for it many times."""
    _run.scope = scope()
    try:
        yield
    finally:
        _run.scope = None  # in the thread and not in the session's state, which a page that has stopped cannot reach


@lru_cache(maxsize=1000)
def _scope(chosen: tuple[tuple[str, str], ...]) -> Scope:
    return Scope.parse(f"{name}={value}" for name, value in chosen)


def visitor() -> str:
    """Which of the open browser sessions this is."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def is_masked() -> bool:
    """True when customers' names must not be seen."""
    return bool(st.session_state.get("mask"))


def masked_name(identity: object, kind: str = "Account") -> str:
    """A stable stand-in for a name, such as a customer's."""
    return f"{kind} " + hashlib.blake2s(str(identity).encode(), digest_size=3).hexdigest().upper()


def shown_value(attribute: str, each: str) -> str:
    """A value of an attribute as it may be seen: that of an owner is a name."""
    return masked_name(each, "Owner") if attribute == OWNER and is_masked() else each


def value(key: str, default: Any = None) -> Any:
    """What a widget holds."""
    return st.session_state.get(key, default)


def put(key: str, chosen: Any) -> None:
    """Give a widget a value; only before it is drawn, or in a callback."""
    st.session_state[key] = chosen


def put_new(key: str, chosen: Any) -> None:
    """In a callback: give a value to a widget that comes onto the page with it, and so would miss it in its address."""
    put(key, chosen)
    address(key, str(chosen))


def address(key: str, written: str) -> None:
    """Write a widget's value into the address; one that is on the page already does so itself."""
    with contextlib.suppress(StreamlitAPIException):
        st.query_params[key] = written


def settle_many(key: str, options: Sequence[str]) -> None:
    """Values that a widget of many no longer offers are dropped; only before it is drawn."""
    held = st.session_state.get(key)
    if held and not set(held) <= set(options):
        st.session_state[key] = [each for each in held if each in options]


def put_picked(chart: str, targets: Sequence[str], opens: str = "") -> None:
    """Callback of a chart: hand the clicked point's custom data to the widgets `targets`, one each; open a box.

    A point without custom data, such as one of a line of comparison, stands for nobody: nothing opens or changes.
    """
    points = st.session_state[chart]["selection"]["points"]
    data = points[0].get("customdata") if points else None
    if not data or data[0] is None:
        return
    if opens:
        st.session_state[opens] = True
    for target, chosen in zip(targets, data, strict=False):
        st.session_state[target] = str(chosen)


def picked_row(table: str) -> int | None:
    """The selected row of a table, by position."""
    rows = (st.session_state.get(table) or {}).get("selection", {}).get("rows", [])
    return int(rows[0]) if rows else None


def picked_cell(table: str) -> tuple[int, str] | None:
    """The selected cell of a table: its row, by position, and its column's name."""
    cells = (st.session_state.get(table) or {}).get("selection", {}).get("cells", [])
    return (int(cells[0][0]), str(cells[0][1])) if cells else None


def stash(key: str, thing: object) -> None:
    """Keep something between two runs of a page that is no widget's value, such as an import under way."""
    st.session_state[f"_{key}"] = thing


def stashed(key: str) -> Any:
    """What was kept, or None."""
    return st.session_state.get(f"_{key}")


def drop(key: str) -> None:
    """Forget what was kept."""
    st.session_state.pop(f"_{key}", None)


def drop_widget(*keys: str) -> None:
    """Give widgets back their defaults from the next run on."""
    for key in keys:
        st.session_state.pop(key, None)
