"""The words of a title as they are compared: synonyms and languages as one, and what tells editions and places apart."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz import fuzz

from crawler.event_dates import find_event_dates
from crawler.html import word_set
from crawler.themes import singular
from directory.geography import find_places
from directory.text import fold, words
from directory.thesaurus import ConceptFinder, thesaurus

LEGAL = word_set("asbl vzw aisbl ivzw sa nv sprl bvba srl bv scrl fondation stichting")
SMALL = word_set(
    "le la les l de des du d un une et en au aux a pour par sur dans avec ou se sa son ses nos notre vos votre qui que of the an and for in on to is "
    "het een van voor met op bij om uit ons onze over er zijn"
)
#: Words that any title in Brussels may add or leave out.
_COMMON = word_set(
    "bruxelles bruxellois bruxelloise bruxelloises brussel brusselse brussels bxl region regionale regional capitale gewest hoofdstedelijk belgique belgie "
    "bassin bassins zorgzone zorgzones basin page site web website infos info nouveau nouvelle be"
)
#: Kinds of meetings and things that are never one another.
_KINDS: Mapping[str, str] = {
    "intervision": "intervision", "intervisie": "intervision", "supervision": "supervision", "supervisie": "supervision",
    "formation": "training", "vorming": "training", "opleiding": "training", "training": "training",
    "campagne": "campaign", "colloque": "conference", "colloquium": "conference",
    "brochure": "brochure", "affiche": "poster", "podcast": "podcast", "video": "video", "webinaire": "webinar", "webinar": "webinar",
}  # fmt: skip
_FOR_WHOM: Mapping[str, str] = {
    "adulte": "adults", "volwassen": "adults", "enfant": "children", "kinder": "children", "jeune": "young", "jongeren": "young", "parent": "parents",
    "ouder": "parents", "aine": "older", "senior": "older", "ouderen": "older", "debutant": "beginners", "avance": "advanced", "matin": "morning", "soir": "evening",
    "printemp": "spring", "automne": "autumn", "hiver": "winter", "ete": "summer", "lente": "spring", "herfst": "autumn", "zomer": "summer",
}  # fmt: skip
_BASIN = re.compile(
    r"(?<![a-z])(?:bassins?|zorgzones?|basin) (?:du |de |d )?(nord[ -]est|noord[ -]oost|sud[ -]est|zuid[ -]oost|centre[ -]ouest|centrum[ -]west|nord|noord|sud|zuid)(?![a-z])"
)
_BASINS = {"noord": "nord", "zuid": "sud", "noord oost": "nord-est", "nord est": "nord-est", "sud est": "sud-est", "zuid oost": "sud-est", "centre ouest": "centre-ouest", "centrum west": "centre-ouest"}  # fmt: skip
_SHORTENED = {"rdv": "rendez-vous", "ct": "concertation thématique", "gt": "groupe de travail", "cdp": "communauté de pratiques", "resto": "restaurant", "bxl": "bruxelles", "cab": "conseil de l'action du bassin", "asso": "association", "doc": "documentation"}  # fmt: skip


@dataclass(frozen=True)
class Title:
    """text: its folded words; head: those up to the first separator, as one word (is_head: all of it); parts: comparable words with their weights; concepts: with the words of the title that say them.

    The rest is what two titles may not differ in. edition: numbers as in "#4"; years; days; places: basins and
    communes; kinds: intervision…; groups: adults, children…; themes: of the taxonomy.
    """

    text: str
    head: str
    is_head: bool
    parts: Mapping[str, float]
    concepts: Mapping[str, frozenset[str]]
    edition: frozenset[int]
    years: frozenset[int]
    places: frozenset[str]
    kinds: frozenset[str]
    groups: frozenset[str]
    themes: frozenset[str]
    days: frozenset[str]
    acronyms: frozenset[str]

    @property
    def is_address(self) -> bool:
        """Whether the title is a site's name on the net ("pharmacie.be")."""
        return self.text.split()[-1:] in (["be"], ["brussels"], ["org"], ["eu"], ["com"], ["net"])


_HEAD_END = re.compile(r"\s*(?::|,|\(|\s[-–—]\s)")


@lru_cache(maxsize=65_536)
def read_title(text: str) -> Title:
    """What a title says. The same text gives the same object."""
    head = _HEAD_END.split(text, maxsplit=1)[0]
    plain, days = _without_dates(text)
    plain = re.sub(r"[^\W\d_]+", lambda word: _SHORTENED.get(fold(word.group()), word.group()), plain)
    folded = re.sub(r"['’`´-]", " ", fold(plain))
    spoken = words(plain)
    numbers = [
        int(number)
        for number in re.findall(
            r"(?<![\d.])\d{1,6}(?![\d.])", re.sub(r"(?<!\d)0\d{2,3}(?:[ ./]\d{2,3}){2,3}", " ", folded)
        )
    ]
    basins = {_BASINS.get(name.replace("-", " "), name) for name in _BASIN.findall(folded)}
    keys = [word.folded for word in spoken]
    communes = {place.value for _, _, place in find_places(keys)} | {key for key in keys if key in _OUTSIDE}
    parts: dict[str, float] = {}
    for word, key in ((singular(key), key) for key in keys):
        if key in SMALL or key in LEGAL or key in _COMMON or (len(key) < 2 and not key.isdigit()):
            continue
        if basins and key in _DIRECTIONS:
            continue
        parts[word] = _rarity().get(word, _RAREST)
    concepts: dict[str, frozenset[str]] = {}
    for found in _finder().find(plain, spoken):
        if thesaurus()[found.concept].themes or found.last - found.first > 1 or found.concept in _NAMING:
            inside = frozenset(singular(word.folded) for word in spoken[found.first : found.last]) & parts.keys()
            concepts[found.concept] = concepts.get(found.concept, frozenset()) | inside
    return Title(
        text=" ".join(keys),
        head="".join(word.folded for word in words(head)),
        is_head=head.strip() == text.strip(),
        parts=parts,
        edition=frozenset(number for number in numbers if number < 100),
        years=frozenset(number for number in numbers if 1990 <= number <= 2060),
        places=frozenset(basins | communes),
        kinds=frozenset(_KINDS[word] for word in map(singular, keys) if word in _KINDS),
        groups=frozenset(_FOR_WHOM[word] for word in map(singular, keys) if word in _FOR_WHOM),
        concepts=concepts,
        themes=frozenset(theme for concept in concepts for theme in thesaurus()[concept].themes[:1]),
        days=days,
        acronyms=frozenset(word for word in re.findall(r"(?<![\w-])[A-Z]{3,6}(?![\w-])", text) if not text.isupper()),
    )


#: Where Brussels is not: a thing for Namur is not the thing for Brussels.
_OUTSIDE = word_set(
    "namur namen liege luik charleroi mons bergen hainaut henegouwen wallonie wallonne wallon flandre vlaanderen vlaamse vlaams flamande flamand anvers antwerpen gand gent "
    "louvain leuven brabant luxembourg luxemburg limbourg limburg france frankrijk francaise suisse zwitserland quebec nederland"
)
_DIRECTIONS = word_set("nord noord sud zuid est oost ouest west centre centrum")
#: Concepts without theme that name a thing well enough to stand for its words.
_NAMING = word_set(
    "working_group community_of_practice thematic_consultation change_workshop basin_council regional_council immersion helpline social_map"
)


def _without_dates(text: str) -> tuple[str, frozenset[str]]:
    """The title without its dates, and those."""
    if not any(character.isdigit() for character in text):
        return text, frozenset()
    days = set()
    for event in reversed(find_event_dates(text).events):
        days.add(event.first.isoformat())
        text = f"{text[: event.start]} {text[event.end :]}"
    return text, frozenset(days)


@cache
def _finder() -> ConceptFinder:
    return ConceptFinder(thesaurus(), singular)


_RAREST = 3.0


@cache
def _rarity() -> Mapping[str, float]:
    """How much a word says in a title, by how many titles of the shipped catalogue hold it: 0.6 to _RAREST."""
    titles: list[set[str]] = []
    for line in files("directory").joinpath("data", "catalogue.jsonl").read_text(encoding="utf-8").splitlines():
        titles += [{singular(word.folded) for word in words(text)} for text in json.loads(line)["title"].values()]
    counted = Counter(word for title in titles for word in title)
    return {word: max(0.6, min(_RAREST, math.log(len(titles) / (times + 1)) / 1.6)) for word, times in counted.items()}


#: What a word counts that has no match, where the languages differ: it may be translated.
_UNTRANSLATED = 0.35


def overlap(
    first: Title, second: Title, *, languages_differ: bool = False, by_concept: bool = True
) -> tuple[float, float, float]:
    """(share of the shorter title that the other holds, share of both together, weight of what is common).

    Words count first, then (`by_concept`) concepts that are said in other words: fully where the languages differ or
    one side abbreviates, half where both take several words; two names of one kind of thing are not one thing.
    """
    common = 0.0
    left, rest = dict(second.parts), dict(first.parts)
    names = len(left) == len(rest) == 1
    for word, weight in first.parts.items():
        match = word if word in left else _cognate(word, left, 92 if names else 75 if languages_differ else 88)
        if match is not None:
            common += min(weight, left.pop(match))
            rest.pop(word)
    for concept in first.concepts.keys() & second.concepts.keys() if by_concept and not names else ():
        mine, theirs = first.concepts[concept] & rest.keys(), second.concepts[concept] & left.keys()
        abbreviates = 1 in {len(mine), len(theirs)} and bool((mine | theirs) & _abbreviations(concept))
        if mine and theirs and (languages_differ or abbreviates or min(len(mine), len(theirs)) > 1):
            weights = [sum(rest.pop(word) for word in mine), sum(left.pop(word) for word in theirs)]
            common += sum(weights) / 2 if languages_differ or abbreviates else 0.5 * min(weights)
    if languages_differ:
        common += _in_compounds(rest, left) + _in_compounds(left, rest)
    if not first.parts or not second.parts:
        return (1.0, 1.0, 0.0) if first.text == second.text else (0.0, 0.0, 0.0)
    discount = _UNTRANSLATED if languages_differ else 1.0
    over = [discount * sum(words.values()) for words in (rest, left)]
    if not common:
        return 0.0, 0.0, 0.0
    return common / (common + min(over)), common / (common + sum(over)), common


@cache
def _abbreviations(concept: str) -> frozenset[str]:
    """How a concept is abbreviated, as words of titles are compared."""
    return frozenset(singular(fold(one.form)) for one in thesaurus()[concept].abbreviations)


def _in_compounds(rest: dict[str, float], left: dict[str, float]) -> float:
    """The weight of words that stand inside a compound of the other language ("vaccinatiecampagne"), which are taken out."""
    common = 0.0
    for word in [word for word in rest if len(word) >= 6]:
        compound = next((other for other in left if len(other) > len(word) + 2 and word[:6] in other), None)
        if compound is not None:
            common += rest.pop(word)
            left[compound] *= 0.3
    return common


def _cognate(word: str, among: Iterable[str], least: float) -> str | None:
    """The word that is nearly this one: a slip of the pen, or the same root in another language."""
    if len(word) < 5:
        return None
    near = [(fuzz.ratio(word, other), other) for other in among if len(other) >= 5 and other[0] == word[0]]
    best = max(near, default=(0.0, ""))
    return best[1] if best[0] >= least else None
