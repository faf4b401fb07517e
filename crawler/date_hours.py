"""The hours that are written before or behind a date, from tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from crawler.date_words import Token


def hours_after(tokens: Sequence[Token], position: int) -> tuple[tuple[time, time | None], int] | None:
    """Hours right after a date ("…, de 14h à 16h", "om 13u30"), and the token after them."""
    steps = 0
    while position < len(tokens) and steps < 6:
        token = tokens[position]
        if token.kind == "time":
            return _read_hours(tokens, position)
        passed = token.kind in {"at", "from", "fill", "article", "to", "line"} or token.value in {",", ";", "/"}
        if not passed and str(token.value).lower() not in _EACH_TIME:
            return None
        position += 1
        steps += 1
    return None


_EACH_TIME = frozenset(("telkens", "steeds", "chaque", "à chaque", "fois", "each", "time"))
_NOT_BEGINNING = frozenset(
    [
        "accueil",
        "portes",
        "ouverture",
        "fermeture",
        "onthaal",
        "deuren",
        "doors",
        "inscription",
        "inscriptions",
        "tél",
        "tel",
        "téléphone",
        "appeler",
        "bellen",
        "lunch",
        "repas",
        "départ",
    ]
)
_MAX_WORDS = 24  #: between a day and its hours, where it takes place stands


def hours_behind_words(tokens: Sequence[Token], position: int) -> tuple[time, time | None] | None:
    """Hours of the same sentence behind other words ("le 14 janvier à la Maison médicale, de 9h à 12h"), led by
    "from" with an end, or by "at" where the sentence has no other time. Days between belong to other dates.
    """
    found: tuple[time, time | None] | None = None
    ends = False
    ahead = position
    while ahead < min(position + _MAX_WORDS, len(tokens)):
        token, led = tokens[ahead], tokens[ahead - 1].kind
        if token.kind in {"line", "day", "month", "weekday", "numeric", "iso", "short", "year", "every"} or (
            token.value in {".", ";"} or str(token.value).lower() in _NOT_BEGINNING
        ):
            break
        if token.kind != "time":
            ends |= str(token.value).lower() in _ENDING
            ahead += 1
            continue
        read = _read_hours(tokens, ahead)
        if read is None or led not in {"from", "at"}:
            return None
        if found is not None and found[1] is None and ends and read[0][1] is None and read[0][0] > found[0]:
            return found[0], read[0][0]  # "débute à 9h et se termine à 16h"
        if found is not None or (led == "from" and read[0][1] is None):
            return None
        found, ahead = read
    return found


_ENDING = frozenset(["termine", "terminera", "finit", "fin", "jusque", "einde", "eindigt", "ends", "end", "finishes"])


def hours_before(tokens: Sequence[Token], position: int, free: int) -> tuple[tuple[time, time | None], int] | None:
    """Hours right before a date ("de 14h à 16h le 12 mars"), and their first token."""
    end = position - 1
    while end >= free and (tokens[end].kind in {"article", "fill"} or tokens[end].value in {","}):
        end -= 1
    if end < free or tokens[end].kind != "time":
        return None
    first = end
    if end - 2 >= free and tokens[end - 1].kind in {"to", "and", "at"} and tokens[end - 2].kind == "time":
        first = end - 2
    hours = _read_hours(tokens, first)
    return (hours[0], first) if hours else None


def _read_hours(tokens: Sequence[Token], position: int) -> tuple[tuple[time, time | None], int] | None:
    """A time, or the span from the first to the last of several ("9h-12h et 13h-16h")."""
    begins = tokens[position].value
    ends = None
    position += 1
    while position + 1 < len(tokens):
        joint = tokens[position]
        ahead = position + 1
        if joint.kind == "and" and ahead + 1 < len(tokens) and tokens[ahead].kind in {"from", "at"}:
            ahead += 1
        if joint.kind not in {"to", "and", "at", "from"} or tokens[ahead].kind != "time":
            break
        if joint.kind == "and" and ends is None and joint.value not in {"et", "en", "and"}:
            break
        if tokens[ahead].value <= (ends or begins):
            break
        ends = tokens[ahead].value
        position = ahead + 1
    if begins[0] < 6 and ends is None:  # "3 h" is a duration
        return None
    return (time(*begins), time(*ends) if ends else None), position
