"""A real server and a real Chromium; where one of them is missing the tests are skipped and say why."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from support.project import ROOT

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# On an address below "/", the framework's front end looks for its server there before it looks at "/".
PROBES = ("/_stcore/health", "/_stcore/host-config")


@dataclass
class Watched:
    """A page, and what it asked for and complained of."""

    page: Any
    hosts: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser, gone with the module: its event loop would forbid `asyncio.run` to the tests after it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make test installs it")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine: sudo apt-get install chromium")
    with playwright.sync_playwright() as started:
        try:
            browser = started.chromium.launch(executable_path=found, headless=True, args=FLAGS)
        except playwright.Error as problem:
            pytest.skip(f"Chromium does not start: {str(problem).splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on an empty workspace, started as its user starts it."""
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "server.log"
    with log.open("wb") as written:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "decade",
                "serve",
                "-w",
                str(folder / "sample"),
                "--port",
                str(port),
                "--no-browser",
            ],
            cwd=ROOT,
            env={**os.environ, "DECADE_WORKSPACES": str(folder / "workspaces")},
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(f"http://localhost:{port}/_stcore/health", server, log)
        yield f"http://localhost:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the server answers; fails with its last words when it does not."""
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="module")
def watch(chromium: Any) -> Callable[..., Any]:
    """`with watch(…) as watched`: a page in a browser context of its own, where nothing may go wrong."""

    @contextmanager
    def opened(width: int = 1600, height: int = 1000, scheme: str = "light") -> Iterator[Watched]:
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        context.set_default_timeout(30_000)
        watched = Watched(context.new_page())
        listen(watched)
        try:
            yield watched
            assert watched.hosts <= {"localhost"}, "nothing leaves this machine"
            assert not [each for each in watched.missing if not each.endswith(PROBES)]
            # Chromium writes one line for each probe that finds nothing.
            unexplained = [each for each in watched.complaints if "404 (Not Found)" not in each]
            assert not unexplained
        finally:
            context.close()

    return opened


def listen(watched: Watched) -> None:
    """Write down hosts asked, answers of 400 and above, errors of the console and of the page."""
    page = watched.page

    def asked(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob"):
            watched.hosts.add(str(parts.hostname))

    page.on("request", lambda request: asked(request.url))
    page.on("websocket", lambda socket_: asked(socket_.url))
    page.on("response", lambda answer: watched.missing.append(answer.url) if answer.status >= 400 else None)
    page.on("requestfailed", lambda request: asked(request.url))
    page.on("console", lambda said: watched.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
