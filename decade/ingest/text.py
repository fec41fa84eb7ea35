"""Bytes to text: the encoding of a file, and its text as UTF-8."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import numpy as np

from decade.errors import Refused

SAMPLE = 1 << 18
UTF8 = "utf-8"
MIXED = "utf-8 with windows-1252"
# How much more likely a byte is a letter of Windows-1250 (ę, ř, ń) than of 1252 (ê, ø, ñ); below 0: less likely.
_CENTRAL = {0xEA: 1.2, 0xE6: 0.4, 0xF8: -0.1, 0xEC: 1.5, 0xE8: -0.8, 0xF1: -0.7, 0xE0: -3, 0xE5: -3, 0xF9: 0.2}
_CENTRAL |= {0xE3: -0.7, 0xF5: 0.2, 0xFB: 0.2, 0x9C: 2, 0xC8: 0.4, 0xD8: -0.5, 0xC5: -3, 0xEF: -0.5, 0xCA: 0.2, 0x8C: 2}
_MARKS_IN_WORDS = re.compile(  # what would be a sign in 1252 (³, ¹, ¿, £) stands within a word: ł, ą, ż, Ł
    rb"(?<=[A-Za-z\xC0-\xFF])[\xB3\xB9\xBF\x9F\x9D\xBE\xA5]|[Kk]\xE8(?![a-z])|\xF1(?![a-z\xC0-\xFF])|[\xA3\xAF\xA5\x8F\x8D](?=[a-z\xC0-\xFF])"
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def encoding_of(sample: bytes, name: str) -> str:
    """The encoding of a text file's first bytes. Refuses what is not text."""
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if b"\x00" in sample:
        zeros = np.frombuffer(sample, dtype=np.uint8) == 0
        even, odd = zeros[0::2].mean(), zeros[1::2].mean()
        if max(even, odd) > 0.3 and min(even, odd) < 0.05:
            return "utf-16-le" if odd > even else "utf-16-be"
        for encoding in ("utf-16-le", "utf-16-be"):
            if _is_legible(sample[: len(sample) // 2 * 2].decode(encoding, errors="replace")):
                return encoding
    if _is_binary(sample):
        raise Refused("this is not a table that can be read", where=name, do="Give CSV, Excel or Parquet.")
    try:
        sample.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as problem:
        if len(sample) == SAMPLE and problem.start > len(sample) - 4:
            return "utf-8"
    return _not_utf8(sample)


def _is_legible(told: str) -> bool:
    """True when nearly all of a text are letters and marks of Europe."""
    plain = sum(" " <= mark <= "\u052f" or mark in "\t\r\n\u20ac\u2019" for mark in told)
    return plain > 0.97 * len(told) and "\n" in told


def encoding_further_on(path: Path) -> str:
    """The encoding of a file that begins as UTF-8 and does not go on so, by its lines beyond ASCII."""
    found, size = [], 0
    with path.open("rb") as opened:
        for line in opened:
            if not line.isascii():
                found.append(line)
                size += len(line)
            if size > SAMPLE:
                break
    return _not_utf8(b"".join(found))


def _not_utf8(sample: bytes) -> str:
    """One byte a character, or UTF-8 into which other bytes strayed."""
    told = sample.decode("utf-8", errors="replace")
    strays = told.count("\ufffd")
    held = sum(ord(mark) > 127 for mark in told) - strays
    return MIXED if held > strays else _one_byte_encoding(sample)


def _is_binary(sample: bytes) -> bool:
    controls = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 31)))
    return controls > max(8, len(sample) // 100)


def named(encoding: str) -> str:
    """An encoding as people know it."""
    return encoding.replace("_", "-").replace("cp125", "Windows-125").replace("utf", "UTF")


def _one_byte_encoding(sample: bytes) -> str:
    """Windows-1251 by its words of letters beyond ASCII; else 1250 or 1252, by which letters they would be."""
    high = np.frombuffer(sample, dtype=np.uint8) >= 0xC0
    if high.sum() and (high[1:] & high[:-1]).sum() > 0.5 * high.sum():
        return "cp1251"
    central = sum(sample.count(bytes([code])) * weight for code, weight in _CENTRAL.items())
    for mark in _MARKS_IN_WORDS.finditer(sample):
        central += 3 * len(mark.group())
    if central > 0:
        return "cp1250"
    return "cp1252" if re.search(rb"[\x80-\x9f]", sample) else "latin-1"


def transcode(source: Path, target: Path, encoding: str) -> None:
    """Writes the text as plain UTF-8, a piece at a time; bytes without meaning become U+FFFD."""
    errors = "replace"
    if encoding == MIXED:
        encoding, errors = UTF8, "decade.windows_1252"
        codecs.register_error(errors, _as_windows_1252)
    with (
        source.open("r", encoding=encoding, errors=errors, newline="") as reading,
        target.open("w", encoding="utf-8", newline="") as writing,
    ):
        while piece := reading.read(1 << 22):
            writing.write(piece)


def _as_windows_1252(problem: UnicodeError) -> tuple[str, int]:
    assert isinstance(problem, UnicodeDecodeError)
    return problem.object[problem.start : problem.end].decode("cp1252", errors="replace"), problem.end
