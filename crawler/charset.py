"""Bytes of a page to text, whatever the server, the page and the editor's clipboard say about them.

The order: byte order mark, strict UTF-8, UTF-8 with a few damaged places (each repaired by itself), then what
header or page declare, then Windows-1252, which takes every byte. Never raises.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
#: UTF-8 read as Windows-1252 and saved as UTF-8 again: "Ã©" for "é", "â€™" for "’".
_DOUBLY = re.compile(
    r"Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\xa0-\xbf]|â€[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]?|Å[\x80-\xbf“’]"
)
_LATIN = "cp1252"
_HEAD_BYTES = 4096  #: HTML wants the declaration within 1,024 bytes; pages put it later


def decode(body: bytes, declared: str | None = None) -> str:
    """The text of a page. `declared`: the charset of the Content-Type header, if any."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if wide := _wide(body):
        return body.decode(wide, "replace")
    try:
        return _undo_double(body.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(body):
        return _undo_double(_repaired(body))
    found = _DECLARED.search(body[:_HEAD_BYTES])
    for claim in (declared, found.group(1).decode("ascii", "replace") if found else None):
        if codec := _codec(claim):
            try:
                return body.decode(codec)
            except (UnicodeError, ValueError):
                continue
    return _as_latin(body)


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of its markup is zero."""
    head = body[:400]
    if len(head) < 8 or b"\0" not in head:
        return None
    half = len(head) // 2
    if head[1::2].count(0) > half * 0.8:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > half * 0.8 else None


def _mostly_utf8(body: bytes) -> bool:
    """Whether the bytes above ASCII form UTF-8 characters, but for some that do not (one in five at most)."""
    high = sum(len(part) for part in re.findall(rb"[\x80-\xff]+", body))
    good = sum(len(part) for part in _MULTIBYTE.findall(body))
    return good >= 2 and high - good <= max(2, high * 0.2)


def _repaired(body: bytes) -> str:
    """UTF-8 in which each byte that does not fit is taken for Windows-1252."""
    parts: list[str] = []
    position = 0
    for match in re.finditer(rb"[\x80-\xff]+", body):
        parts.append(body[position : match.start()].decode("ascii"))
        run, inside = match.group(), 0
        for character in _MULTIBYTE.finditer(run):
            parts.append(_as_latin(run[inside : character.start()]))
            parts.append(character.group().decode("utf-8", "replace"))
            inside = character.end()
        parts.append(_as_latin(run[inside:]))
        position = match.end()
    parts.append(body[position:].decode("ascii"))
    return "".join(parts)


def _codec(name: str | None) -> str | None:
    """The codec for a declared charset; None where unknown, or where it promises UTF-8, which it is not."""
    if not name:
        return None
    try:
        codec = codecs.lookup(name.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if codec.name in {"utf-8", "utf-8-sig", "utf-7", "utf-16", "utf-32"} or not codec._is_text_encoding:
        return None
    return _LATIN if codec.name in {"iso8859-1", "ascii"} else codec.name  # as browsers read them (WHATWG)


def _as_latin(body: bytes) -> str:
    """Windows-1252; its five unassigned bytes are dropped."""
    return body.decode(_LATIN, "ignore")


def _undo_double(text: str) -> str:
    """The text, with UTF-8 that was read as Windows-1252 read right; left alone where that is a guess."""
    if len(_DOUBLY.findall(text, 0, 400_000)) < 3:
        return text
    return _DOUBLY_RUN.sub(_read_again, text)


_DOUBLY_RUN = re.compile(r"[\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2,}")


def _read_again(match: re.Match[str]) -> str:
    run = match.group()
    try:
        return b"".join(_byte(character) for character in run).decode("utf-8")
    except UnicodeError:
        return run


def _byte(character: str) -> bytes:
    return character.encode("latin-1") if "\x80" <= character <= "\x9f" else character.encode(_LATIN)
