"""The words and figures of dates in French, Dutch and English, found in text.

One pattern for the three languages: pages mix them. What it finds are tokens; `event_dates` puts them together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "iso", "numeric", "short", "time", "day", "year", "month", "weekday", "to", "and", "from", "at", "article", "every",
    "now_and_then", "ordinal", "of_month", "fill", "line", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """text[start:end] and what it means. value: a number, (hour, minute), (day, month, year)… by kind."""

    kind: Kind
    value: Any
    start: int
    end: int


_MONTHS = {
    1: r"janv(?:ier)?|jan(?:uari|uary)?",
    2: r"f[ée]v(?:r(?:ier)?)?|feb(?:r(?:uari|uary)?)?",
    3: r"mars|maart|mrt|march|mar",
    4: r"avr(?:il)?|apr(?:il)?",
    5: r"mai|mei|may",
    6: r"juin|juni|june|jun",
    7: r"juil(?:let)?|juli|july|jul",
    8: r"ao[uû]t|augustus|august|aug",
    9: r"sept(?:embre|ember)?|sep",
    10: r"octobre|oktober|october|oct|okt",
    11: r"novembre|november|nov",
    12: r"d[ée]c(?:embre)?|december|dec",
}
_WEEKDAYS = {
    0: (r"lundi|maandag|monday", r"lun|ma|mon|lu"),
    1: (r"mardi|dinsdag|tuesday", r"mar|di|tues?|tue"),
    2: (r"mercredi|woensdag|wednesday", r"mer|wo|wed|me"),
    3: (r"jeudi|donderdag|thursday", r"jeu|do|thu(?:rs?)?|je"),
    4: (r"vendredi|vrijdag|friday", r"ven|vr|vrij|fri|ve"),
    5: (r"samedi|zaterdag|saturday", r"sam|za|zat|sat|sa"),
    6: (r"dimanche|zondag|sunday", r"dim|zo|zon|sun"),
}
_ORDINALS = {
    1: r"premi(?:er|ère)s?|eerste|first|1ers?|1ste|1e|1st",
    2: r"deuxi[èe]mes?|seconde?s?|tweede|second|2e|2[èe]me|2de|2nd",
    3: r"troisi[èe]mes?|derde|third|3e|3[èe]me|3de|3rd",
    4: r"quatri[èe]mes?|vierde|fourth|4e|4[èe]me|4de|4th",
    -1: r"derni(?:er|ère)s?|laatste|last",
}
_DAY_ENDING = r"(?:\s?(?:er|ère|ème|eme|ste|de|st|nd|rd|th|e))?(?![^\W_])"
_CLOCK = r"(?:heures?|uur|hrs?|[hu])(?![^\W\d_])"
_PM = r"(?:\s?([ap])\.?m\.?(?![^\W_]))"

ANY_WEEKDAY = "|".join(long for long, _ in _WEEKDAYS.values())
ANY_MONTH = "|".join(_MONTHS.values())

_PATTERN = re.compile(
    "|".join(
        [
            r"(?P<iso>(?<![\d-])(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?(?![\d-]))",
            r"(?P<slashed>(?<![\d/.,:-])\d{1,2}(?:/\d{1,2})+(?=\s+[^\W\d_]{3}))",
            r"(?P<numeric>(?<![\d/.,])\d{1,2}\s?(?P<sep>[./-])\s?\d{1,2}\s?(?P=sep)\s?(?:\d{4}|\d{2})(?![\d]|[./-]\d))",
            rf"(?P<hours>(?<![\d/.,:])(?:\d{{1,2}})\s*(?:-|–|—|à|>|tot|to|till)\s*(?=\d{{1,2}}(?:[:.]\d\d)?\s?(?:{_CLOCK}|{_PM})))",
            rf"(?P<between>(?<!\w)(?:entre|tussen|between)\s+\d{{1,2}}\s+(?:et|en|and)\s+(?=\d{{1,2}}(?:[:.]\d\d)?\s?(?:{_CLOCK}|{_PM})))",
            rf"(?P<time>(?<![\d/.,:])\d{{1,2}}\s?{_CLOCK}\.?(?:\s?[0-5]\d(?!\d)(?:\s?min(?:utes?)?(?!\w))?)?|(?<![\d/.,:])\d{{1,2}}[:.][0-5]\d(?![\d.:])(?:\s?{_CLOCK}\.?|{_PM})?"
            rf"|(?<![\d/.,:])\d{{1,2}}{_PM}|(?<!\w)(?:midi|noon)(?!\w))",
            r"(?P<short>(?<![\d/.,:-])\d{1,2}/\d{1,2}(?!\d|[/.,-]\d|\s?(?:%|€|heures|jours)))",
            rf"(?P<ordinal>(?<!\w)(?:{'|'.join(_ORDINALS.values())})(?=\s+(?:{'|'.join(long for long, _ in _WEEKDAYS.values())})s?\b))",
            rf"(?P<day>(?<![\d.,/:])(?:0?[1-9]|[12]\d|3[01]){_DAY_ENDING}(?!\d|[.,:]\d|\s?(?:%|€|euros?\b|ans\b|jaar\b|years?\b|jours?\b|heures?\b|min\b|personnes|participant)))",
            r"(?P<year>(?<![\d.,/-])(?:19|20)\d\d(?![\d]|[.,]\d))",
            rf"(?P<month>(?<![^\W\d_])(?:{'|'.join(_MONTHS.values())})\.?(?![^\W_]))",
            rf"(?P<weekday>(?<!\w)(?:{ANY_WEEKDAY})(?:(?:voor|na)?middag|avond|ochtend|morgen|nacht)?(?:s|en)?(?!\w)"
            rf"|(?<!\w)(?:{'|'.join(short for _, short in _WEEKDAYS.values())})\.?(?=\s?\d))",
            rf"(?P<now_and_then>(?<!\w)(?:une?|een|one)(?=\s+(?:{ANY_WEEKDAY})\s+(?:sur\s+(?:deux|trois|2|3)|par|per|a|op\s+de)(?!\w))|(?<!\w)om\s+de\s+(?:twee|drie|2|3)\s+weken,?(?:\s+op)?(?=\s+(?:{ANY_WEEKDAY})))",
            rf"(?P<every>(?<!\w)(?:tou(?:te)?s\s+les|chaque|elke|iedere|every|each)(?!\w)(?:\s+(?:semaines?|weeks?),?\s+(?:les?|op|on)(?=\s+(?:{ANY_WEEKDAY})))?)",
            r"(?P<of_month>(?<!\w)(?:d[ue]\s+(?:chaque\s+)?mois|de\s+chaque\s+mois|van\s+(?:de|elke|iedere)\s+maand|of\s+(?:the|each|every)\s+month)(?!\w))",
            r"(?P<to>(?<!\w)(?:jusqu['’]\s?(?:au|à)|au|tot\s+en\s+met|tot|t/m|t\.?e\.?m\.?|until|till|through|to)(?!\w)|[-–—>→])",
            r"(?P<and>(?<!\w)(?:et|en|and|ainsi\s+que|puis|ou|of|or)(?!\w)|[,&+;/])",
            r"(?P<from>(?<!\w)(?:du|de|van|from|entre|tussen|between|à\s+partir\s+d[ue]|vanaf|starting|dès(?:\s+le)?)(?!\w))",
            r"(?P<at>(?<!\w)(?:à|om|at|dès|vers|rond|@)(?!\w)|@)",
            r"(?P<article>(?<!\w)(?:les?|la|op|on|the|den|de|der)(?!\w))",
            r"(?P<line>\n)",
            r"(?P<fill>[|()\[\]:•·*.]|(?<!\w)(?:of|van)(?!\w))",
            r"(?P<other>[^\W\d_][\w'’-]*|\d[\d.,/]*|\S)",
        ]
    ),
    re.IGNORECASE,
)


#: A phone number is put out of sight first; it may hold anything that looks like a day.
_PHONE = re.compile(
    r"(?<![\d#])(?<!\d-)(?!\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d(?![\d./-]))"
    r"(?:(?:\+|00)\d{2}[ ./()-]{0,2}\d{1,3}|0\d{1,3})[ ./-]{1,2}(?:\d{2,3}[ ./-]{1,2}){1,3}\d{2,3}(?![\d./-]\d|\d)"
)


def tokenise(text: str) -> list[Token]:
    """The date words of a text and what stands between them, in reading order."""
    tokens: list[Token] = []
    text = _PHONE.sub(lambda number: "#" * len(number.group()), text)
    for match in _PATTERN.finditer(text):
        kind = str(match.lastgroup or "other")
        read = _READERS.get(kind)
        start, end = match.span()
        if read is None:
            tokens.append(Token(kind, match.group(), start, end))  # type: ignore[arg-type]
            continue
        found = read(match.group(), text, start, tokens)
        tokens.extend([Token("other", match.group(), start, end)] if found is None else found)
    return tokens


def _one(kind: Kind, value: Any, text: str, start: int) -> list[Token]:
    return [Token(kind, value, start, start + len(text))]


def _iso(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    year, month, day = (int(part) for part in text[:10].split("-"))
    found = _one("iso", (day, month, year), text[:10], start)
    if len(text) > 10 and (clock := (int(text[11:13]), int(text[14:16]))) != (0, 0):
        found.append(Token("time", clock, start + 11, start + len(text)))
    return found if month <= 12 and day <= 31 else None


def _numeric(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    day, month, year = (int(part) for part in re.findall(r"\d+", text))
    if "-" in text and whole[start - 1 : start] == "-":
        return None
    year += 2000 if year < 100 else 0
    if not (1 <= day <= 31 and 1 <= month <= 12 and 1990 <= year <= 2060) or _inside_number(whole, start):
        return None
    return _one("numeric", (day, month, year), text, start)


def _short(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    day, month = (int(part) for part in text.split("/"))
    last = next((token for token in reversed(before) if token.kind not in {"and", "to"}), None)
    led = last is not None and last.kind in {"weekday", "article", "short", "numeric"}
    led = (
        led
        or re.match(
            r"\s*(?:,|;|et|en|and|&|-|–|au|tot(?: en met)?|t/m|to)\s*(?:le |op )?\d{1,2}/\d{1,2}(?!\s?%)",
            whole[start + len(text) : start + len(text) + 20],
        )
        is not None
    )
    if not led or not (1 <= day <= 31 and 1 <= month <= 12) or text in {"24/24", "7/7", "24/7"}:
        return None
    return _one("short", (day, month, None), text, start)


def _slashed(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    rest = whole[start + len(text) : start + len(text) + 20].strip()
    if not re.match(_ANY_MONTH, rest, re.IGNORECASE):
        return None
    found = []
    for match in re.finditer(r"\d+|/", text):
        value: Any = match.group() if match.group() == "/" else int(match.group())
        kind: Kind = "and" if value == "/" else "day"
        found.append(Token(kind, value, start + match.start(), start + match.end()))
    return found if all(token.kind == "and" or 1 <= token.value <= 31 for token in found) else None


def _time(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    if text.lower() in {"midi", "noon"}:
        return _one("time", (12, 0), text, start)
    figures = [int(part) for part in re.findall(r"\d+", text)]
    hour, minute = figures[0], figures[1] if len(figures) > 1 else 0
    if half := re.search(r"([ap])\.?m", text, re.IGNORECASE):
        hour = hour % 12 + (12 if half.group(1).lower() == "p" else 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    bare = re.fullmatch(r"\d{1,2}\.\d\d", text)  # a price, a paragraph, or an hour
    if bare and not (before and before[-1].kind in {"at", "from", "to"}) and not _is_range(whole, start + len(text)):
        return None
    return _one("time", (hour % 24, minute), text.rstrip(), start)


def _is_range(whole: str, end: int) -> bool:
    return re.match(r"\s?(?:-|–|—|à|tot|to)\s?\d{1,2}[:.]\d\d", whole[end : end + 12]) is not None


def _hours(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    """The bare first hour of "9 à 12h", with the word after it."""
    figure = text[:2] if text[1:2].isdigit() else text[:1]
    hour, width = int(figure), len(figure)
    rest = Token("to", text[width:].strip(), start + width, start + len(text))
    if (before and before[-1].kind in {"weekday", "month"}) or (before and before[-1].value in {"le", "op", "on"}):
        return [Token("day", hour, start, start + width), rest] if 1 <= hour <= 31 else None
    later = re.match(r"\s*\d{1,2}(?:[:.]\d\d)?\s?([ap])\.?m", whole[start + len(text) :], re.IGNORECASE)
    if later and later.group(1).lower() == "p" and hour < 12:
        hour += 12 if hour < int(re.findall(r"\d+", later.group())[0]) % 12 or hour == 12 else 0
    return [Token("time", (hour, 0), start, start + width), rest] if hour < 24 else None


def _between(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    """ "entre 14 et 16h": the bare first hour, with the words around it."""
    word, hour, joint = re.finditer(r"\S+", text)
    read = _hours(f"{hour.group()} {joint.group()}", whole, start + hour.start(), [])
    if read is None:
        return None
    return [Token("from", word.group(), start, start + word.end()), *read]


def _day(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    if (
        _is_count(whole, start, len(text))
        or _inside_number(whole, start)
        or _STREET.search(whole[max(0, start - 20) : start])
    ):
        return None
    return _one("day", int(text[:2] if text[1:2].isdigit() else text[:1]), text, start)


#: What is numbered, and no day: "module 1 – 2 et 3 mars", "séance 2".
_NUMBERED = re.compile(
    r"(?<!\w)(?:modules?|s[ée]ances?|sessions?|sessies?|ateliers?|workshops?|groupes?|groep|jour(?:n[ée]e)?|dag|deel|partie|part|[ée]tape|stap|step|salle|zaal|lokaal|room|"
    r"bus|tram|m[ée]tro|ligne|lijn|num[ée]ro|nummer|n[°r]|page|pagina|article|chapitre|niveau|[ée]tage|verdieping|bo[îi]te|bte|semaine|week|[ée]dition|editie|phase|fase)\s+$|#\s?$",
    re.IGNORECASE,
)


def _is_count(whole: str, start: int, width: int) -> bool:
    """Whether a figure counts the noun before it; one that its month follows does not."""
    return _NUMBERED.search(whole[max(0, start - 14) : start]) is not None and not re.match(
        rf"\s*(?:{_ANY_MONTH}|(?:et|en|and|,|&)\s)", whole[start + width : start + width + 14], re.IGNORECASE
    )


#: Streets are named after days: "rue du 8 Mai".
_STREET = re.compile(r"(?:rue|avenue|place|boulevard|square|quai|esplanade)\s+(?:du|des?)\s+$", re.IGNORECASE)


def _inside_number(whole: str, start: int) -> bool:
    """Whether figures stand right before, as in a phone number ("02 512 03 04")."""
    return re.search(r"\d{2}[ ./\u00a0]$|\+\d{1,3}[ ./-]?\(?$", whole[max(0, start - 5) : start]) is not None and (
        re.search(
            r"(?:^|\D)\d{3,4}[ ./\u00a0]$|\d{2,3}[ ./\u00a0]\d{2}[ ./\u00a0]$|\+\d", whole[max(0, start - 8) : start]
        )
        is not None
    )


def _month(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    word = text.rstrip(".")
    if word.lower() in {"may", "mar", "march"} and word[0].islower():
        return None
    number = next(month for month, pattern in _MONTHS.items() if re.fullmatch(pattern, word, re.IGNORECASE))
    return _one("month", number, text, start)


_PART_OF_DAY = r"(?:(?:voor|na)?middag|avond|ochtend|morgen|nacht)?"  #: Dutch writes it in one word


def _weekday(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    word = text.rstrip(".")
    for number, (long, short) in _WEEKDAYS.items():
        if re.fullmatch(rf"(?:{long}){_PART_OF_DAY}(?:s|en)?|{short}", word, re.IGNORECASE):
            plural = re.fullmatch(rf"(?:{long}){_PART_OF_DAY}(?:s|en)", word, re.IGNORECASE) is not None
            return [Token("weekday", (number, plural), start, start + len(text))]
    return None


def _ordinal(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    number = next(value for value, pattern in _ORDINALS.items() if re.fullmatch(pattern, text, re.IGNORECASE))
    return _one("ordinal", number, text, start)


def _year(text: str, whole: str, start: int, before: list[Token]) -> list[Token] | None:
    return _one("year", int(text), text, start)


_ANY_MONTH = rf"(?:{'|'.join(_MONTHS.values())})\.?(?![^\W_])"
_READERS = {
    "iso": _iso,
    "numeric": _numeric,
    "short": _short,
    "slashed": _slashed,
    "time": _time,
    "hours": _hours,
    "between": _between,
    "day": _day,
    "year": _year,
    "month": _month,
    "weekday": _weekday,
    "ordinal": _ordinal,
}
