"""The form of a whole resource: from what was typed to the outside shape, and what a second look at it needs.

Rows of lists are numbered (`links.0.url`); an empty row is left out. Texts stand under their language (`title.fr`). What was
typed keeps its spelling: the schema judges, and the form is shown again with what it says beside the field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from directory.quality import PAIRED
from directory.taxonomy import LANGUAGES
from directory.text import clean

__all__ = ["HOW_MADE", "LANGUAGES", "PAIRED", "read_form", "read_number", "read_reason", "rebase"]

LINES = 20_000
MOST_ROWS = 60
MAX_REASON = 300  #: characters of why a change was made
TEXTS = ("title", "summary", "description")
HOW_MADE = ("steps", "partners", "effort", "obstacles")
ROWS: Mapping[str, tuple[str, ...]] = {
    "organisations": ("name", "url"),
    "links": ("url", "kind", "language"),
    "occurrences": ("start", "end", "place", "url"),
}
_WRITTEN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d?)[:h.](\d\d)$")


def read_form(form: MultiDict[str, str]) -> dict[str, Any]:
    """What was typed, in the outside shape; unchecked."""
    document: dict[str, Any] = {"id": _text(form, "id"), "type": _text(form, "type")}
    document |= {name: texts for name in TEXTS if (texts := _texts(form, name)) or name == "title"}
    how_made: dict[str, Any] = {part: texts for part in HOW_MADE if (texts := _texts(form, f"how_made.{part}"))}
    if since := _text(form, "how_made.recurring_since"):
        how_made["recurring_since"] = since
    document |= {"how_made": how_made} if how_made else {}
    document |= {name: rows for name in ROWS if (rows := _rows(form, name)) or name != "occurrences"}
    document["languages"] = _words(form, "languages")
    document |= {name: form.getlist(name) for name in ("themes", "basins", "audiences")}
    document |= {name: values for name in ("myths",) if (values := form.getlist(name))}
    if keywords := [line for line in map(clean, form.get("keywords", "").splitlines()) if line]:
        document["keywords"] = keywords
    document["cost"] = _cost(form)
    if easy_read := _text(form, "easy_read"):
        document["easy_read"] = easy_read
    if recurring := _text(form, "recurring"):
        document["recurring"] = recurring == "yes"
    if contact := _contact(form):
        document["contact"] = contact
    location = _present(form, "location", ("latitude", "longitude"), numbers=True)
    document |= {"location": location} if location else {}
    document["source"] = _present(form, "source", ("kind", "url", "citation", "retrieved_on"))
    document |= {name: text for name in ("verified_on", "status") if (text := _text(form, name))}
    version = _text(form, "version")
    document["version"] = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 1
    return document


def read_reason(form: MultiDict[str, str], usual: str) -> str:
    """Why a change is made: what was written, else what was chosen, else what is usual."""
    return (form.get("other", "").strip() or form.get("reason", "").strip() or usual)[:MAX_REASON]


def read_number(form: MultiDict[str, str], name: str) -> int:
    """A version that a form names; 0, which no entry has, for anything else."""
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def rebase(base: Mapping[str, Any], typed: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """What a person typed on an older version, on the present one: the fields that they changed, and the others' rest."""
    changed = {name for name in {**base, **typed} if name != "version" and base.get(name) != typed.get(name)}
    kept = {name: value for name, value in present.items() if name not in changed}
    return kept | {name: typed[name] for name in changed if name in typed} | {"version": present["version"]}


def _text(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "")[:LINES].strip()


def _texts(form: MultiDict[str, str], name: str) -> dict[str, str]:
    return {language: text for language in LANGUAGES if (text := _text(form, f"{name}.{language}"))}


def _words(form: MultiDict[str, str], name: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", _text(form, name)) if word]


def _rows(form: MultiDict[str, str], name: str) -> list[dict[str, str]]:
    found = []
    for number in range(MOST_ROWS):
        row = {part: text for part in ROWS[name] if (text := _text(form, f"{name}.{number}.{part}"))}
        if row.keys() - {"kind", "language"}:
            found.append({part: _instant(text) if part in ("start", "end") else text for part, text in row.items()})
    return found


def _cost(form: MultiDict[str, str]) -> dict[str, Any]:
    cost: dict[str, Any] = {"kind": _text(form, "cost.kind") or "unknown"}
    cost |= _present(form, "cost", ("amount_eur", "bim_amount_eur"), numbers=True)
    if note := _texts(form, "cost.note"):
        cost["note"] = note
    return cost | _present(form, "cost", ("checked_on",))


def _contact(form: MultiDict[str, str]) -> dict[str, Any]:
    contact: dict[str, Any] = _present(form, "contact", ("phone", "email"))
    if phone := contact.get("phone"):
        contact["phone"] = _phone(phone)
    if address := _present(form, "contact.address", ("street", "postal_code", "commune")):
        contact["address"] = address
    return contact


def _present(form: MultiDict[str, str], group: str, names: tuple[str, ...], *, numbers: bool = False) -> dict[str, Any]:
    found = {name: text for name in names if (text := _text(form, f"{group}.{name}"))}
    return {name: _number(text) for name, text in found.items()} if numbers else found


def _number(text: str) -> float | str:
    """ "12,50" and "12.50" are numbers; anything else stays for the schema to refuse."""
    plain = text.replace(",", ".").replace("€", "").strip()
    return float(plain) if _WRITTEN_NUMBER.fullmatch(plain) else text


def _phone(text: str) -> str:
    """ "02 318 60 55" as E.164: people write it the Belgian way."""
    digits = re.sub(r"[\s./()-]", "", text)
    return f"+32{digits[1:]}" if re.fullmatch(r"0\d{8,9}", digits, re.ASCII) else digits


def _instant(text: str) -> str:
    """ "2026-11-24 14:00" and "2026-11-24 14 h 00" as ISO 8601."""
    found = _INSTANT.match(text.replace(" h ", "h"))
    return f"{found[1]}T{int(found[2]):02}:{found[3]}" if found else text
