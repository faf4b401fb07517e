"""The fields of one proposal beside what the gold says: counted, and each difference noted."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from directory.text import fold

BRUSSELS = ZoneInfo("Europe/Brussels")
LISTS = ("pages", "title", "languages", "type", "basins", "themes", "audiences", "organisations", "occurrences")
SHARES = ("dates", "cost", "contact", "kind", "matches")
MUST_BE_ZERO = ("dates_from_numbers", "robots_violations", "people_in_proposals", "requests_at_once")
_KNOWN = ("update", "duplicate", "translation")

Json = dict[str, Any]


@dataclass
class Tally:
    """Right (tp), wrongly given (fp) and missing (fn) values."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, given: Iterable[str], wanted: Iterable[str], also: Iterable[str] = ()) -> bool:
        """Count one list; values of `also` neither help nor harm. True when nothing is wrong or missing."""
        given_set, wanted_set = set(given), set(wanted)
        wrong, missing = given_set - wanted_set - set(also), wanted_set - given_set
        self.tp += len(given_set & wanted_set)
        self.fp += len(wrong)
        self.fn += len(missing)
        return not wrong and not missing

    def figures(self) -> Json:
        precision = self.tp / (self.tp + self.fp) if self.tp + self.fp else None
        recall = self.tp / (self.tp + self.fn) if self.tp + self.fn else None
        all_ = 2 * self.tp + self.fp + self.fn
        return {
            "precision": precision, "recall": recall, "f1": 2 * self.tp / all_ if all_ else None,
            "tp": self.tp, "fp": self.fp, "fn": self.fn,
        }  # fmt: skip


@dataclass
class Share:
    """So many right of so many."""

    right: int = 0
    of: int = 0

    def add(self, right: bool) -> bool:
        self.right += right
        self.of += 1
        return right

    def figures(self) -> Json:
        return {"exact": self.right / self.of if self.of else None, "right": self.right, "of": self.of}


@dataclass
class Score:
    """Everything counted, over one site or several."""

    lists: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in LISTS})
    shares: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in SHARES})
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MUST_BE_ZERO, 0))
    failures: list[Json] = field(default_factory=list)

    def fail(self, where: Json, what: str, wanted: Any, got: Any) -> None:
        self.failures.append({**where, "what": what, "wanted": wanted, "got": got})

    def figures(self) -> Json:
        parts = {name: tally.figures() for name, tally in self.lists.items()}
        parts |= {name: share.figures() for name, share in self.shares.items()}
        return {**parts, **self.counts}


def same_title(one: str, other: str) -> bool:
    """Equal but for case, accents and spaces."""
    return fold(" ".join(one.split())) == fold(" ".join(other.split()))


def address(url: str) -> str:
    """Path and query, percent-decoded: what gold and report have in common, whatever the port."""
    parts = urlsplit(url)
    return unquote(parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def score_fields(proposal: Json, line: Json, wanted: dict[str, Json], where: Json, score: Score) -> None:
    resource = proposal["resource"]
    twin = wanted.get(address(line["twin"])) if line.get("twin") else None
    twin_languages = set(twin["languages"]) if twin else set()
    known = bool(line.get("matches")) and proposal["kind"] in _KNOWN  # then only what is new need be told

    def check(name: str, given: Iterable[str], expected: Iterable[str], also: Iterable[str] = ()) -> None:
        given, expected = list(given), list(expected)
        if known and not given:
            return
        if not score.lists[name].add(given, expected, also):
            score.fail(where, name, expected, given)

    titles = resource.get("title") or {}
    if titles or not known:
        _score_title(titles, line, twin_languages, where, score)
    languages = [code.split("-")[0] for code in resource.get("languages") or []]
    check("languages", languages, line["languages"], twin_languages)
    kind = resource.get("type")
    check("type", [line["type"] if kind in line.get("types_also", []) else kind] if kind else [], [line["type"]])
    for name in ("basins", "themes", "audiences"):
        check(name, resource.get(name) or [], line.get(name, []), line.get(name + "_also", []))
    names = [" ".join(organisation["name"].split()) for organisation in resource.get("organisations") or []]
    good = {fold(name): name for name in [*line.get("organisations", []), *line.get("orgs_also", [])]}
    if line.get("organisations"):
        right = any(fold(name) in good for name in names)
        first = line["organisations"][0]
        check("organisations", [first] if right else names[:1], [first])
    if line.get("score_dates", True):
        _score_dates(proposal, line, where, score)
    _count_number_dates(proposal, line, where, score)
    _score_share("cost", _cost_right(resource.get("cost"), line), line.get("cost"), resource.get("cost"), where, score)
    contact, expected = resource.get("contact") or {}, line.get("contact") or {}
    for key in ("phone", "email"):
        if key in expected:
            right = str(contact.get(key, "")).casefold() == expected[key].casefold()
            _score_share("contact", right, expected[key], contact.get(key), where, score)
    kinds = [line["kind"], *line.get("kinds_also", [])]
    _score_share("kind", proposal["kind"] in kinds, kinds, proposal["kind"], where, score)
    if line.get("matches"):
        right = bool(set(line["matches"]) & set(proposal.get("matches") or []))
        _score_share("matches", right, line["matches"], proposal.get("matches"), where, score)


def _score_share(name: str, right: bool, wanted: Any, got: Any, where: Json, score: Score) -> None:
    if not score.shares[name].add(right):
        score.fail(where, name, wanted, got)


def _score_title(titles: Json, line: Json, twin_languages: set[str], where: Json, score: Score) -> None:
    """One value a language; of several good titles the one that suits the proposal best."""

    def right(option: Json) -> int:
        return sum(same_title(titles.get(language, ""), title) for language, title in option.items())

    best = max([line["title"], *line.get("titles_also", [])], key=right)
    given = {
        f"{language}: {best[language] if language in best and same_title(title, best[language]) else title}"
        for language, title in titles.items()
        if language in best or language not in twin_languages
    }
    wanted = {f"{language}: {title}" for language, title in best.items()}
    if not score.lists["title"].add(given, wanted):
        score.fail(where, "title", sorted(wanted), sorted(given))


def _moment(text: str) -> tuple[str, str | None]:
    """(day, hour and minute in Brussels or None) of an ISO 8601 date or time; without a zone it is Brussels'."""
    if len(text) <= 10:
        return text, None
    at = datetime.fromisoformat(text)
    at = at.replace(tzinfo=BRUSSELS) if at.tzinfo is None else at.astimezone(BRUSSELS)
    return at.date().isoformat(), at.strftime("%H:%M")


def _span(occurrence: Json, like: Json | None = None) -> str:
    """A text to compare. With `like`, what the gold leaves open (the hour of a day) is left open here too."""
    shown = []
    for key in ("start", "end"):
        if not occurrence.get(key) or (key == "end" and occurrence[key] == occurrence["start"]):
            continue
        day, hour = _moment(occurrence[key])
        open_ = like is not None and like.get(key) is not None and _moment(like[key])[1] is None
        shown.append(day if hour is None or open_ else f"{day}T{hour}")
    return "/".join(shown)


def _score_dates(proposal: Json, line: Json, where: Json, score: Score) -> None:
    given = proposal["resource"].get("occurrences") or []
    options = [line.get("occurrences", []), *line.get("occurrences_also", [])]
    if not given and not options[0]:
        return
    best: tuple[int, set[str], set[str]] | None = None
    for option in options:
        likes = {_moment(o["start"])[0]: o for o in option}
        spans = {_span(o, likes.get(_moment(o["start"])[0])) for o in given}
        wanted = {_span(o) for o in option}
        distance = len(spans ^ wanted)
        if best is None or distance < best[0]:
            best = (distance, spans, wanted)
    assert best is not None  # options is never empty
    score.lists["occurrences"].add(best[1], best[2])
    _score_share("dates", best[0] == 0, sorted(best[2]), sorted(best[1]), where, score)


def _count_number_dates(proposal: Json, line: Json, where: Json, score: Score) -> None:
    """Wrong days whose day and month stand side by side in a phone number or postal code of the page."""
    right = {_moment(o["start"])[0] for o in line.get("occurrences", [])}
    quote = str((proposal.get("evidence") or {}).get("occurrences", ""))
    for occurrence in proposal["resource"].get("occurrences") or []:
        day = _moment(occurrence["start"])[0]
        if day in right:
            continue
        for number in line.get("numbers", []):
            groups = [int(group) for group in re.findall(r"\d{1,2}(?=\D|$)|\d{2}", number)]
            pairs = set(itertools.pairwise(groups))
            if (int(day[8:10]), int(day[5:7])) in pairs and (not quote or number in quote or not right):
                score.counts["dates_from_numbers"] += 1
                score.fail(where, "dates_from_numbers", number, day)
                break


def _cost_right(cost: Json | None, line: Json) -> bool:
    """The same kind, and the same amounts where the gold has some; nothing said equals unknown."""

    def key(value: Json | None, like: Json | None) -> tuple[Any, ...]:
        value, like = value or {}, like or {}
        amounts = [value.get(name) if name in like else None for name in ("amount_eur", "bim_amount_eur")]
        return (value.get("kind") or "unknown", *amounts)

    options = [line.get("cost"), *line.get("cost_also", [])]
    return any(key(cost, option) == key(option, option) for option in options)
