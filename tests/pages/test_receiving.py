"""The upload route: what arrives is on the disk byte for byte, what does not arrive whole leaves nothing."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from decade.ui import receiving

APP = Starlette(routes=receiving.ROUTES)


def ask(
    method: str, path: str, pieces: list[bytes] = (), *, size: int | None = None, origin: str = ""
) -> tuple[int, bytes]:  # type: ignore[assignment]
    """One request, its body in pieces; with a size that the pieces do not have, the sender leaves half-way."""
    whole = sum(map(len, pieces))
    headers = [(b"host", b"localhost:8501"), (b"content-length", str(whole if size is None else size).encode())]
    headers += [(b"origin", origin.encode())] if origin else []
    messages = [{"type": "http.request", "body": each, "more_body": True} for each in pieces]
    ending = {"type": "http.request", "body": b"", "more_body": False}
    messages.append(ending if size is None else {"type": "http.disconnect"})
    answer: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        answer.append(message)

    where, _, query = path.partition("?")
    scope = {
        "type": "http", "method": method, "path": where, "raw_path": where.encode(), "query_string": query.encode(),
        "headers": headers, "http_version": "1.1", "scheme": "http", "server": ("localhost", 8501), "root_path": "",
    }  # fmt: skip
    asyncio.run(APP(scope, receive, send))  # type: ignore[arg-type]
    status = next(each["status"] for each in answer if each["type"] == "http.response.start")
    return int(str(status)), b"".join(bytes(each.get("body", b"")) for each in answer)  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[str]:
    token = receiving.open_desk(tmp_path)
    yield token
    receiving.close_desk(token)


def left(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]


def test_what_arrives_is_there_byte_for_byte(desk: str, tmp_path: Path) -> None:
    pieces = [os.urandom(70_000) for _ in range(30)]
    status, told = ask("PUT", f"/receive/{desk}/file?name=..%2F..%2Fetc%2Fa%3Db.csv", pieces)
    assert (status, json.loads(told)) == (200, {"received": 2_100_000})
    (upload,) = receiving.received(desk)
    assert upload.name == "a=b.csv"
    assert upload.path.read_bytes() == b"".join(pieces)
    assert tmp_path / "uploads" in upload.path.parents
    assert "csv" not in upload.path.name


def test_a_sender_who_leaves_leaves_nothing(desk: str, tmp_path: Path) -> None:
    status, told = ask("PUT", f"/receive/{desk}/file?name=a.csv", [b"a" * 1000], size=5000)
    assert status == 499
    assert json.loads(told)["told"] == "Cancelled."
    assert receiving.received(desk) == []
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "origin", "status"),
    [
        ("/receive/guessed/file?name=a.csv", "", 403),
        ("/receive/{desk}/file?name=a.csv", "http://elsewhere.example", 403),
        ("/receive/{desk}/file?name=a.csv", "http://localhost:8501", 200),
        ("/receive/{desk}/file", "", 400),
    ],
)
def test_only_who_knows_the_desk_may_put_files_there(
    path: str, origin: str, status: int, desk: str, tmp_path: Path
) -> None:
    assert ask("PUT", path.format(desk=desk), [b"x"], origin=origin)[0] == status
    assert len(left(tmp_path)) == (status == 200)


def test_a_disk_without_room_refuses_before_anything_is_written(
    desk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "_SPARE", 1 << 60)
    status, told = ask("PUT", f"/receive/{desk}/file?name=a.csv", [b"x"])
    assert (status, json.loads(told)["told"]) == (507, "The disk has no room for this file.")
    assert left(tmp_path) == []


def test_a_desk_that_is_closed_or_given_up_leaves_nothing(tmp_path: Path) -> None:
    old = receiving.open_desk(tmp_path)
    ask("PUT", f"/receive/{old}/file?name=a.csv", [b"x"])
    receiving._desks[old].opened -= 2 * 24 * 3600
    receiving.close_desk(receiving.open_desk(tmp_path))
    assert left(tmp_path) == []
    assert ask("GET", f"/receive/{old}")[0] == 404


def test_the_frame_asks_only_this_server(desk: str) -> None:
    status, html = ask("GET", f"/receive/{desk}")
    assert status == 200
    for kind in ("js", "css"):
        assert f"receiving.{kind}".encode() in html
        assert ask("GET", f"/receive/receiving.{kind}")[0] == 200
    assert b"http" not in html + ask("GET", "/receive/receiving.js")[1].replace(b"XMLHttpRequest", b"")
    assert ask("GET", "/receive/receiving.py")[0] == 404
