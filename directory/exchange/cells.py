"""What people write in a cell, as values: in three languages, with commas for points, with Excel's own types.

A reading that is not certain is left as it stands: the schema then says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

import phonenumbers

from directory.taxonomy import taxonomy
from directory.text import fold

Cell = str | int | float | bool | date | datetime | time | None

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_BOOLEANS: Mapping[str, bool] = {
    word: value
    for value, spoken in (
        (True, "true vrai waar oui ja yes x 1 o j y"),
        (False, "false faux onwaar non nee neen no 0 n"),
    )
    for word in spoken.split()
}


class Unreadable(ValueError):
    """A cell cannot be what its column holds; says why."""


def is_empty(cell: Cell) -> bool:
    """Nothing, or only white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def read_text(cell: Cell) -> str:
    """Any cell as text: a whole number without its point, a date as 2026-11-24."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def read_number(cell: Cell) -> Any:
    """A number; "12,50 €" too."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    text = re.sub(r"\s|€|EUR", "", read_text(cell))
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else read_text(cell)


def read_integer(cell: Cell) -> Any:
    """A whole number."""
    text = read_text(cell).strip()
    return int(text) if re.fullmatch(r"\d{1,15}", text, re.ASCII) else text


def read_boolean(cell: Cell) -> Any:
    """Yes or no, in three languages."""
    text = read_text(cell).strip()
    return _BOOLEANS.get(fold(text), text)


def read_date(cell: Cell) -> str:
    """A day as 2026-11-24; 24/11/2026 is read day first, as in Belgium."""
    text = read_text(cell).strip()
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    return text


def read_phone(cell: Cell) -> str:
    """A number in E.164 where it is a valid Belgian or international one, however it is written."""
    text = read_text(cell).strip()
    for attempt in (text, f"+{text}"):
        try:
            number = phonenumbers.parse(attempt, "BE")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return text


def read_term(text: str, terms: str) -> str:
    """The term of a list that the text names, by its id or by its label in any language."""
    return _spoken(terms).get(fold(text.strip()), text.strip())


@cache
def _spoken(terms: str) -> Mapping[str, str]:
    """Folded ids and labels → id. A label that two terms share names neither."""
    found: dict[str, str] = {}
    doubles: set[str] = set()
    for term in getattr(taxonomy(), terms).values():
        for word in {fold(text) for texts in (term.label, term.plural, term.short) for text in texts.values()}:
            if found.setdefault(word, term.id) != term.id:
                doubles.add(word)
    ids = {fold(term_id): term_id for term_id in getattr(taxonomy(), terms)}
    return {word: term_id for word, term_id in found.items() if word not in doubles} | ids


READERS: Mapping[str, Callable[[Cell], Any]] = {
    "text": read_text,
    "number": read_number,
    "integer": read_integer,
    "boolean": read_boolean,
    "date": read_date,
    "phone": read_phone,
}
