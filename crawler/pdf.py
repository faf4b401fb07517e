"""The text of a PDF, read in a child process that may die without harm."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crawler.findings import Line
from directory.text import clean, fold

WALL_SECONDS = 25.0
_CHILD = Path(__file__).with_name("pdf_child.py")
_MIN_LETTERS = 40  #: fewer letters in the whole file: a scan
_BULLET = re.compile(
    r"^\s*(?:[•▪●■□◦‣›»>§ØüoO✓➢\uf0b7\uf0a7\uf0d8*–-]|\d{1,2}[.)/])\s+|^\s*[•▪●■□◦‣›»§\uf0b7\uf0a7\uf0d8]\s*"
)


@dataclass(frozen=True)
class Pdf:
    """What a PDF says. title, language and author: of its properties, "" where it has none."""

    lines: Sequence[Line]
    title: str = ""
    language: str = ""
    created: date | None = None
    author: str = ""


def read_pdf(body: bytes, *, wall_seconds: float = WALL_SECONDS) -> Pdf | None:
    """The text of a PDF; None where it cannot be opened, is encrypted, is a scan, or breaks a limit. Never raises."""
    try:
        answer = subprocess.run(  # noqa: S603 (our own file, by its path)
            [sys.executable, "-I", str(_CHILD)],
            input=body,
            capture_output=True,
            env={},
            timeout=wall_seconds,
            check=False,
        )
    except (subprocess.SubprocessError, OSError):
        return None
    if answer.returncode != 0:
        return None
    try:
        data: dict[str, Any] = json.loads(answer.stdout)
    except ValueError:
        return None
    return _pdf(data)


def _pdf(data: dict[str, Any]) -> Pdf | None:
    lines = [line for number, text in enumerate(data["pages"], 1) for line in page_lines(text, number)]
    if sum(character.isalpha() for line in lines for character in line.text) < _MIN_LETTERS:
        return None
    metadata = data.get("metadata") or {}
    large = [repaired(text) for text in data.get("large") or ()]
    return Pdf(
        _with_title(lines, large),
        clean(str(metadata.get("Title") or ""))[:300],
        "",
        _day(str(metadata.get("CreationDate") or "")),
        clean(str(metadata.get("Author") or ""))[:120],
    )


#: PDFium's mark for a hyphen at a line's end, with the word before it: an address keeps its hyphen.
_HYPHEN = re.compile(r"(\S*)[\ufffe\x02\u00ad]\n?")


def page_lines(text: str, number: int) -> list[Line]:
    """The paragraphs, items and headings of one page."""
    return [
        Line(paragraph, "li" if item else "", page=number)
        for paragraph, item in _paragraphs(repaired(text))
        if any(c.isalnum() for c in paragraph)
    ]


def repaired(text: str) -> str:
    """The text without what its making left in it: lost characters, split words, hyphens at line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _HYPHEN.sub(lambda mark: f"{mark[1]}-" if "@" in mark[1] or "//" in mark[1] else mark[1], text)
    text = re.sub(r"[\ufffd\u200b\ufeff\u2028]", " ", text)
    text = re.sub(r"(?<=[a-zà-ÿ])[$¬](?=[a-zà-ÿ])", "", text)
    text = re.sub(r"(?<=[a-zà-ÿ])-\n(?=[a-zà-ÿ])", "", text)
    return text.replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff")


def _paragraphs(text: str) -> Iterator[tuple[str, bool]]:
    """Lines joined where the sentence goes on; (paragraph, whether it is an item of a list)."""
    current, item = "", False
    for raw in text.split("\n"):
        line = clean(raw)
        if not line:
            if current:
                yield current, item
            current, item = "", False
            continue
        bullet = _BULLET.match(line)
        bare = line[bullet.end() :].strip() if bullet else line
        if bullet or not _goes_on(current, line):
            if current:
                yield current, item
            current, item = bare, bullet is not None
        else:
            current = f"{current} {line}"
    if current:
        yield current, item


def _goes_on(before: str, line: str) -> bool:
    """Whether a line continues the one before."""
    if not before:
        return False
    if re.search(r"[.!?:]$", before):
        return False
    return (
        line[0].islower()
        or line[0] in "(«,;)"
        or (len(before) > 70 and not line[0].isdigit())
        or bool(
            re.search(
                r"(?:\b(?:de|du|des|la|le|les|et|à|en|pour|sur|avec|van|de|het|en|voor|op|met|of|and|the|for|to)|,|[-–&])$",
                before,
            )
        )
    )


def _with_title(lines: list[Line], large: Sequence[str]) -> list[Line]:
    """The lines, the largest type of the first page made a heading."""
    for text in large:
        wanted = re.sub(r"[\W_]+", "", fold(text))
        if len(wanted) < 4:
            continue
        joined = ""
        for start, line in enumerate(lines[:40]):
            own = re.sub(r"[\W_]+", "", fold(line.text))
            if not own or not wanted.startswith(own):
                continue
            end, joined = start, own
            while (
                joined != wanted
                and end + 1 < len(lines)
                and wanted.startswith(joined + re.sub(r"[\W_]+", "", fold(lines[end + 1].text)))
            ):
                end += 1
                joined += re.sub(r"[\W_]+", "", fold(lines[end].text))
            if joined == wanted:
                heading = Line(clean(text), "h1", 1, page=lines[start].page)
                return [*lines[:start], heading, *lines[end + 1 :]]
        return [Line(clean(text), "h1", 1, page=1), *lines]
    return lines


def _day(value: str) -> date | None:
    """The day of a PDF date such as D:20250624093000+02'00'."""
    match = re.match(r"D:(\d{4})(\d{2})(\d{2})", value)
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None
