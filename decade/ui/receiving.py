"""Files of any size from the browser to the disk: a route that writes what arrives, piece by piece.

A session opens a desk under a token that nobody else knows; whoever knows it may put files there. A file that is
given up half-way is deleted at once, a desk that is given up when the next one is opened a day later.
"""

from __future__ import annotations

import secrets
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from decade.ingest import Upload

HERE = Path(__file__).parent
FRAME = "/receive"
_DAY = 24 * 3600
_SPARE = 256 << 20  # bytes that stay free on the disk
_MOST_FILES = 200


@dataclass
class Desk:
    """What one session received: whole files, and the bytes of the one that is arriving."""

    folder: Path
    opened: float = field(default_factory=time.time)
    files: list[Upload] = field(default_factory=list)


_desks: dict[str, Desk] = {}


def open_desk(workspace: Path) -> str:
    """A new desk beside a workspace; its token. Desks that nobody came back to are cleared."""
    for token in [token for token, desk in _desks.items() if time.time() - desk.opened > _DAY]:
        close_desk(token)
    token = secrets.token_urlsafe(24)
    _desks[token] = Desk(workspace / "uploads" / secrets.token_hex(12))
    return token


def received(token: str | None) -> list[Upload]:
    """The whole files on a desk, in the order in which they came."""
    desk = _desks.get(token or "")
    return list(desk.files) if desk else []


def close_desk(token: str | None) -> None:
    """Delete a desk and everything on it."""
    desk = _desks.pop(token or "", None)
    if desk is not None:
        shutil.rmtree(desk.folder, ignore_errors=True)


async def receive(request: Request) -> Response:
    """Write the body of a request to a file on the desk; nothing of it stays when it does not come whole."""
    desk = _desks.get(request.path_params["token"])
    if desk is None or not _is_own(request):
        return _refused(403, "This page is out of date: open Import again.")
    name = request.query_params.get("name", "")
    expected = request.headers.get("content-length", "")
    if not name or not expected.isdigit() or len(desk.files) >= _MOST_FILES:
        return _refused(400, "The file has no name or no size, or there are too many.")
    desk.folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(desk.folder).free < int(expected) + _SPARE:
        return _refused(507, "The disk has no room for this file.")
    path = desk.folder / secrets.token_hex(12)  # nothing of the upload's own name is in it
    size = 0
    try:
        with path.open("wb") as arriving:
            async for piece in request.stream():
                arriving.write(piece)
                size += len(piece)
        if size != int(expected):
            raise ClientDisconnect
    except ClientDisconnect:
        path.unlink(missing_ok=True)
        return _refused(499, "Cancelled.")
    except OSError:
        path.unlink(missing_ok=True)
        return _refused(507, "The disk has no room for this file.")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    desk.files.append(Upload(path, Path(name.replace("\\", "/")).name[:200]))
    return JSONResponse({"received": size})


async def page(request: Request) -> Response:
    """The frame in which a person chooses files and sees how far they are."""
    if request.path_params["token"] not in _desks:
        return _refused(404, "This page is out of date: open Import again.")
    return Response((HERE / "receiving.html").read_bytes(), media_type="text/html")


async def asset(request: Request) -> Response:
    """The frame's script and style."""
    kinds = {"js": "text/javascript", "css": "text/css"}
    kind = request.path_params["kind"]
    if kind not in kinds:
        return _refused(404, "There is no such file.")
    return Response((HERE / f"receiving.{kind}").read_bytes(), media_type=kinds[kind])


def _is_own(request: Request) -> bool:
    """False when a page of another host sent it."""
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


def _refused(status: int, told: str) -> Response:
    return JSONResponse({"told": told}, status_code=status)


ROUTES = [
    Route(f"{FRAME}/receiving.{{kind}}", asset, methods=["GET"]),
    Route(f"{FRAME}/{{token}}", page, methods=["GET"]),
    Route(f"{FRAME}/{{token}}/file", receive, methods=["PUT"]),
]
