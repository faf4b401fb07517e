"""Days that return: "tous les mardis", "elke eerste dinsdag van de maand", from tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from crawler.date_hours import hours_after
from crawler.date_words import Token


@dataclass(slots=True)
class Recurrence:
    """ "Every first Tuesday of the month": ordinals is empty for every week."""

    weekdays: list[int]
    ordinals: list[int]
    hours: tuple[time, time | None] | None
    start: int
    end: int
    step: int = 1
    vague: bool = False  #: its days cannot be told ("one Thursday a month")
    plain: bool = False  #: one weekday with hours ("le samedi de 9h à 13h"): when, not that it returns


def read_recurrence(tokens: Sequence[Token], position: int) -> tuple[Recurrence, int] | None:
    """ "Tous les mardis", "elke eerste dinsdag van de maand", "les mardis et jeudis", with their hours."""
    first = position
    marked = vague = False
    step = 1
    if _is_excepted(tokens, position):
        return None
    if tokens[position].kind in {"every", "now_and_then", "article"}:
        marked = tokens[position].kind != "article"
        vague = tokens[position].kind == "now_and_then"
        position += 1
        if position < len(tokens) and str(tokens[position].value).lower() in {"deux", "twee", "other", "2"}:
            step, position = 2, position + 1
    ordinals: list[int] = []
    while position < len(tokens) and (
        tokens[position].kind == "ordinal" or (ordinals and tokens[position].kind == "and")
    ):
        if tokens[position].kind == "ordinal":
            ordinals.append(tokens[position].value)
        position += 1
    weekdays: list[int] = []
    plural = False
    while position < len(tokens):
        token = tokens[position]
        if token.kind == "weekday":
            weekdays.append(token.value[0])
            plural |= token.value[1]
        elif not (weekdays and (token.kind == "and" or token.kind == "article") and _weekday_ahead(tokens, position)):
            break
        position += 1
    if not weekdays:
        return None
    monthly = position < len(tokens) and tokens[position].kind == "of_month"
    if monthly:
        position += 1
    if position < len(tokens) and tokens[position].kind == "day" and not monthly:
        return None
    hours = hours_after(tokens, position)
    plain = not (marked or plural or (ordinals and monthly))
    if (plain and (hours is None or hours[0][1] is None or ordinals or first == position)) or (
        ordinals and not (monthly or marked)
    ):
        return None
    end = hours[1] if hours else position
    return Recurrence(
        weekdays, ordinals, hours[0] if hours else None, tokens[first].start, tokens[end - 1].end, step, vague, plain
    ), end


def _is_excepted(tokens: Sequence[Token], position: int) -> bool:
    """Whether days are named because nothing happens then ("fermé le dimanche et les lundis")."""
    before = position - 1
    while before >= 0 and tokens[before].kind in {"article", "and", "weekday"}:
        before -= 1
    return before >= 0 and str(tokens[before].value).lower() in _EXCEPTED


_EXCEPTED = frozenset(["fermé", "fermée", "fermés", "gesloten", "closed", "sauf", "except", "behalve"])


def _weekday_ahead(tokens: Sequence[Token], position: int) -> bool:
    return any(token.kind == "weekday" for token in tokens[position + 1 : position + 3])
