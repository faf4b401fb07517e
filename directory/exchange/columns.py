"""A resource as one row of a table, and back, without loss.

One column for each single value (`title_fr`, `postal_code`); lists stand in one cell. Terms and keywords are separated
by a semicolon or a line break; organisations, links and occurrences stand one a line, their parts separated by " | ".
A separator that belongs to a text is written with a backslash before it, and so is a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from directory.exchange import cells
from directory.exchange.cells import Cell
from directory.taxonomy import LANGUAGES


@dataclass(frozen=True)
class Column:
    """`path`: where the value stands in the outside shape; `kind`: how it is written in a cell (see `cells`)."""

    name: str
    path: tuple[str, ...]
    kind: str = "text"
    terms: str | None = None  #: the list of the taxonomy that the values are from
    parts: tuple[str, ...] = ()  #: for a list of objects


def _by_language(name: str, *path: str) -> list[Column]:
    return [Column(f"{name}_{language}", (*path, language)) for language in LANGUAGES]


_COLUMNS = [
    Column("id", ("id",)),
    Column("type", ("type",), "term", "types"),
    *_by_language("title", "title"),
    *_by_language("summary", "summary"),
    *_by_language("description", "description"),
    *_by_language("steps", "how_made", "steps"),
    *_by_language("partners", "how_made", "partners"),
    *_by_language("effort", "how_made", "effort"),
    *_by_language("obstacles", "how_made", "obstacles"),
    Column("recurring_since", ("how_made", "recurring_since")),
    Column("organisations", ("organisations",), "objects", parts=("name", "url")),
    Column("links", ("links",), "objects", parts=("url", "kind", "language")),
    Column("languages", ("languages",), "list"),
    Column("themes", ("themes",), "terms", "themes"),
    Column("basins", ("basins",), "terms", "basins"),
    Column("audiences", ("audiences",), "terms", "audiences"),
    Column("cost", ("cost", "kind"), "term", "cost_kinds"),
    Column("amount_eur", ("cost", "amount_eur"), "number"),
    Column("bim_amount_eur", ("cost", "bim_amount_eur"), "number"),
    *_by_language("cost_note", "cost", "note"),
    Column("cost_checked_on", ("cost", "checked_on"), "date"),
    Column("easy_read", ("easy_read",), "term", "easy_read_levels"),
    Column("recurring", ("recurring",), "boolean"),
    Column("version", ("version",), "integer"),
    Column("phone", ("contact", "phone"), "phone"),
    Column("email", ("contact", "email")),
    Column("street", ("contact", "address", "street")),
    Column("postal_code", ("contact", "address", "postal_code")),
    Column("commune", ("contact", "address", "commune")),
    Column("latitude", ("location", "latitude"), "number"),
    Column("longitude", ("location", "longitude"), "number"),
    Column("occurrences", ("occurrences",), "objects", parts=("start", "end", "place", "url")),
    Column("myths", ("myths",), "list"),
    Column("keywords", ("keywords",), "list"),
    Column("source", ("source", "kind")),
    Column("source_url", ("source", "url")),
    Column("source_citation", ("source", "citation")),
    Column("source_retrieved_on", ("source", "retrieved_on"), "date"),
    Column("verified_on", ("verified_on",), "date"),
    Column("status", ("status",)),
]
COLUMNS: Mapping[str, Column] = {column.name: column for column in _COLUMNS}  #: by name, in the order of exports

#: An empty cell of these says nothing, where an empty cell of the others empties the field.
KEPT_WHEN_EMPTY = frozenset(["id", "type", "cost", "version", "source", "status"])


def to_row(document: Mapping[str, Any]) -> dict[str, Cell]:
    """The outside shape as cells by column; None where there is nothing to say."""
    return {name: _write(column, _at(document, column.path)) for name, column in COLUMNS.items()}


def from_row(row: Mapping[str, Cell]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The outside shape that cells say, unchecked, and (column, message) for each cell that cannot be read."""
    document: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for name, cell in row.items():
        if cells.is_empty(cell):
            continue
        column = COLUMNS[name]
        try:
            value = _read(column, cell)
        except cells.Unreadable as error:
            problems.append((name, str(error)))
            continue
        place = document
        for key in column.path[:-1]:
            place = place.setdefault(key, {})
        place[column.path[-1]] = value
    return document, problems


def column_of(field: str) -> str:
    """The column in which a dotted field of the outside shape stands, as messages name it."""
    parts = field.split(".")
    for column in _COLUMNS:
        if parts[: len(column.path)] == list(column.path):
            return column.name
    inside = [column.name for column in _COLUMNS if list(column.path[: len(parts)]) == parts]
    return inside[0] if inside else field


def _at(document: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = document
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _write(column: Column, value: Any) -> Cell:
    if value is None or value == []:
        return None
    if column.kind in {"list", "terms"}:
        return "; ".join(_escape(item, ";\n") for item in value)
    if column.kind == "objects":
        return "\n".join(_write_parts([item.get(part) for part in column.parts]) for item in value)
    found: Cell = value
    return found


def _write_parts(parts: list[str | None]) -> str:
    while parts and parts[-1] is None:
        parts.pop()
    return " | ".join(_escape(part or "", "|\n") for part in parts)


def _read(column: Column, cell: Cell) -> Any:
    if column.kind in {"list", "terms"}:
        items = split(cells.read_text(cell), ";\n")
        return [cells.read_term(item, column.terms) if column.terms else item for item in items if item]
    if column.kind == "objects":
        return [_read_parts(column, line) for line in split(cells.read_text(cell), "\n", keep="|") if line]
    if column.kind == "term":
        return cells.read_term(cells.read_text(cell), str(column.terms))
    return cells.READERS[column.kind](cell)


def _read_parts(column: Column, line: str) -> dict[str, Any]:
    parts = split(line, "|")
    if len(parts) > len(column.parts):
        raise cells.Unreadable(
            f"has {len(parts)} parts in {line[:60]!r}; write {' | '.join(column.parts)}, and \\| for a | in a text."
        )
    return {name: part for name, part in zip(column.parts, parts, strict=False) if part}


def _escape(text: str, separators: str) -> str:
    return re.sub(rf"[\\{re.escape(separators)}]", lambda match: "\\" + match.group(), text)


def split(text: str, separators: str, *, keep: str = "") -> list[str]:
    r"""The trimmed items of a cell. `\` takes a separator's meaning away; before `keep` it stays for a later split."""
    items, item, position = [], "", 0
    while position < len(text):
        character, after = text[position], text[position + 1 : position + 2]
        if character == "\\" and keep and after and after in keep + "\\":
            item, position = item + character + after, position + 2
        elif character == "\\" and after and after in separators + "\\":
            item, position = item + after, position + 2
        elif character in separators:
            items.append(item.strip())
            item, position = "", position + 1
        else:
            item, position = item + character, position + 1
    return [*items, item.strip()]
