"""The server: security headers, and a quiet garbage collector once everything is imported."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pandas  # noqa: F401  (imported before the freeze, so that no rerun pays for it)
import plotly.graph_objects  # noqa: F401
import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from decade.ui import figure, frame, receiving, session, table  # noqa: F401
from decade.ui.collecting import keep_apart

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' "
        "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
POLICY = "content-security-policy"
FRAMED = {**HEADERS, POLICY: HEADERS[POLICY].replace("frame-ancestors 'none'", "frame-ancestors 'self'")}


class SecurityHeaders:
    """Adds the headers that keep a page from asking anything of anyone else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; write headers into HTTP answers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = FRAMED if scope["path"].startswith(receiving.FRAME) else HEADERS
                extra = [(name.encode(), value.encode()) for name, value in found.items()]
                message["headers"] = [*message.get("headers", []), *extra]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Open the workspace; meanwhile the collector does not walk over what lives long."""
    session.workspace_being_served()
    # The folder pages/ would make the first visitor's deep link run the older multipage mode, without the frame.
    PagesManager.uses_pages_directory = False
    is_over = keep_apart()
    yield {}
    is_over.set()


app = st.App(
    Path(__file__).resolve().parents[2] / "app.py",
    lifespan=lifespan,
    routes=receiving.ROUTES,
    middleware=[Middleware(SecurityHeaders)],
)
