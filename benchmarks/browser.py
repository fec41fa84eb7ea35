"""A browser without a screen: speaks Streamlit's own protocol to a running server and times each answer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

PROJECT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0
THOUGHT = 0.5
SIDEBAR = 1


@dataclass(frozen=True)
class Answer:
    """One run of the script: milliseconds from the request to its end, and what was sent meanwhile.

    rest: milliseconds of the second run, where the page asks for one; None where it does not.
    """

    milliseconds: float
    rest: float | None
    kilobytes: float
    elements: int


@dataclass(frozen=True)
class Widget:
    """Something to set: its id, the field that carries its value, and the texts that it offers."""

    identity: str
    field: str
    options: tuple[str, ...] = ()
    start: tuple[str, ...] | bool = ()


class Session:
    """One visitor: the pages, filters, choices and boxes that were shown, and what was set so far."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._set: dict[Widget, str | bool | list[str]] = {}
        self._page = ""
        self.pages: dict[str, str] = {}
        self.filters: dict[str, Widget] = {}
        self.months: Widget | None = None
        self.choices: dict[str, Widget] = {}
        self.boxes: dict[str, Widget] = {}
        self.buttons: list[str] = []

    def open(self, page: str = "") -> Answer:
        """Show a page by its title; the empty title is the page that the server opens with."""
        self._page = self.pages.get(page, "")
        kept = {*self.filters.values(), self.months}
        self._set = {widget: value for widget, value in self._set.items() if widget in kept}
        return self._run()

    def choose(self, widget: Widget, value: str | bool | list[str]) -> Answer:
        """Set a filter, a choice or a box."""
        self._set[widget] = value
        return self._run()

    def reset(self, widget: Widget) -> None:
        """Set a filter, a choice or a box to what it was at first: a server keeps what is only left out."""
        self.choose(widget, widget.start if isinstance(widget.start, bool) else list(widget.start))

    def press(self) -> Answer:
        """Press the first button of the page."""
        return self._run(pressed=self.buttons[0])

    def _run(self, pressed: str | None = None) -> Answer:
        request = BackMsg()
        request.rerun_script.page_script_hash = self._page
        for widget, value in self._set.items():
            state = request.rerun_script.widget_states.widgets.add(id=widget.identity)
            if isinstance(value, list):
                state.string_array_value.data.extend(value)
            else:
                setattr(state, widget.field, value)
        if pressed is not None:
            request.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        self.choices, self.boxes = {}, {}
        took, answers = self._ask(request)
        elements, rest = sum(map(self._read, answers)), None
        asks = [each.auto_rerun for each in answers if each.WhichOneof("type") == "auto_rerun"]
        if asks:
            request.rerun_script.fragment_id, request.rerun_script.is_auto_rerun = asks[-1].fragment_id, True
            rest, drawn = self._ask(request)
            elements += sum(map(self._read, drawn))
            time.sleep(THOUGHT)  # or what it began beside the page would run into the next click
        return Answer(took, rest, sum(each.ByteSize() for each in answers) / 1024, elements)

    def _ask(self, request: BackMsg) -> tuple[float, list[ForwardMsg]]:
        """Milliseconds until a run has ended, and its messages."""
        sent = request.SerializeToString()
        answers: list[bytes] = []
        began = time.perf_counter()
        self._connection.send(sent)
        while not answers or not _is_end(answers[-1]):
            answers.append(bytes(self._connection.recv(timeout=PATIENCE)))
        return (time.perf_counter() - began) * 1000, [ForwardMsg.FromString(each) for each in answers]

    def _read(self, message: ForwardMsg) -> int:
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.pages = {page.page_name: page.page_script_hash for page in message.navigation.app_pages}
        if kind == "new_session":
            self._page = message.new_session.page_script_hash or self._page
        if kind != "delta":
            return 0
        if message.delta.add_block.expandable.id and message.delta.add_block.expandable.HasField("expanded"):
            box = message.delta.add_block.expandable
            self.boxes[box.label] = Widget(box.id, "bool_value", start=False)
        if message.delta.WhichOneof("type") != "new_element":
            return 0
        element = message.delta.new_element
        match element.WhichOneof("type"):
            case "multiselect":
                found = element.multiselect
                if message.metadata.delta_path[0] == SIDEBAR:
                    self.filters[found.label] = Widget(found.id, "string_array_value", tuple(found.options))
            case "selectbox" if element.selectbox.label == "From":
                self.months = Widget(element.selectbox.id, "string_value", tuple(element.selectbox.options))
            case "button_group":
                group = element.button_group
                names = tuple(each.content for each in group.options)
                start = tuple(names[each] for each in group.default)
                self.choices[group.label] = Widget(group.id, "string_array_value", names, start)
            case "button":
                self.buttons = [element.button.id]
            case "exception":
                raise RuntimeError(f"the page failed: {element.exception.message}")
        return 1


@contextmanager
def serving(script: Path, environment: dict[str, str] | None = None) -> Iterator[tuple[int, int]]:
    """A server of a script, ready to answer: its port and its process. Stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    server = subprocess.Popen(
        [*command, "--server.address", "127.0.0.1"],
        env={**os.environ, "PYTHONPATH": str(PROJECT), **(environment or {})},
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(port, server)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def visiting(port: int) -> Iterator[Session]:
    """A visitor of the server at a port."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None, compression=None) as connection:
        yield Session(connection)


def cpu_milliseconds(process: int) -> float | None:
    """Processor time that a process has used so far; None where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _is_end(message: bytes) -> bool:
    if len(message) > 200:
        return False
    read = ForwardMsg.FromString(message)
    is_over = read.WhichOneof("type") == "script_finished"
    return is_over and read.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError("the server stopped before it was ready")
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server was not ready after a minute")
