"""What a page is about: the themes of the taxonomy, through the concepts of the thesaurus.

A concept counts by where it stands (title, headings, opening, text), not by how often it is repeated. Words that
name places and partners (hospital, CPAS, general practitioner) say little about the subject, and count little.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from crawler.findings import Fact, Line, cut_quote
from crawler.html import word_set
from crawler.resource_types import spaced
from crawler.theme_words import PATTERNS
from directory.taxonomy import load_data
from directory.text import words
from directory.thesaurus import FILE, ConceptFinder, load_concepts, thesaurus

TITLE, LEAD, HEADING, OPENING, BODY = 6.0, 2.4, 2.0, 1.7, 1.0
MAX_THEMES = 3
#: Concepts that name who is there, not what it is about.
_PARTNERS = word_set(
    "motivational_interviewing psychologist psychiatrist orthopedagogue dietitian occupational_therapist peer_worker health_adviser mobile_team community_centre "
    "cultural_centre meeting_place youth_centre outreach legal_aid administrative_help third_party_payer pain_relief hospital_social_service key_person nursing_home interpreter "
    "parents migrants refugees "  # people whom many things are for: a walk for newcomers is not about access to care
    "hospital gp pharmacist pharmacy cpas inami mutuality brusano huis_voor_gezondheid patient_federation fedasil primary_care "
    "home_help home_sitting day_care_elderly palliative_home_team clss social_coordination medical_house integrated_centre care_coordination home_care iriscare one opgroeien vivalis "
    "superior_health_council sciensano lbsm social_service_centre local_service_centre "
    "increased_reimbursement medical_costs reimbursement low_threshold trusted_person home_nursing complex_situation emergency_care employment pension school care_meeting helpdesk participation online_procedures mental_health_platform"
)
_PARTNER_WEIGHT = 0.3
_SECOND_THEME = 0.35  #: a concept's further themes weigh less than its first
_FLOOR = 1.9  #: an everyday word in the first paragraph; none of the running text
_SECOND_FLOOR = 2.05  #: themes after the first need a concept there, or two words
_SHARE = 0.35  #: of the strongest theme's score
_WORD_WEIGHT = 0.8
_OPENING_WORDS = 80
_LEAD_LEAST = 50  #: characters of a first paragraph, labels and dates before it aside
_RETURN = 0.5  #: what the returns of a word add, by their logarithm
_BOTH = 0.25  #: what everyday words add to concepts
_BODY_WORDS = 2_500


@dataclass(frozen=True)
class _Mention:
    key: str
    themes: Mapping[str, float]
    weight: float
    line: Line
    start: int
    end: int


#: Whom it is for may say what it is about.
_OF_AUDIENCES: Mapping[str, str] = {
    "older_people": "older_people",
    "carers": "carers",
    "young_people": "children_youth",
    "schools": "children_youth",
}


def find_themes(
    title: str, lines: Sequence[Line], *, keywords: Sequence[str] = (), audiences: Sequence[str] = ()
) -> Fact[list[str]] | None:
    """The page's themes, the strongest first; None where nothing fits. `keywords`: the page's own tags; `audiences`: the
    people that it names as those it is for."""
    mentions = _mentions(title, lines, keywords)
    first = lines[0] if lines else Line(title)
    mentions += [
        _Mention(f"for {name}", {theme: 1.0}, LEAD, first, 0, 0)
        for name, theme in _OF_AUDIENCES.items()
        if name in audiences
    ]
    scores = _scores(mentions)
    ranked = sorted(scores, key=lambda theme: (-scores[theme], theme))
    if not ranked or scores[ranked[0]] < _FLOOR:
        return None
    top = scores[ranked[0]]
    firsts = {next(iter(mention.themes)) for mention in mentions}  # what concepts mean in the first place
    least = max(_SECOND_FLOOR, _SHARE * top)
    kept = [ranked[0], *(theme for theme in ranked[1:MAX_THEMES] if scores[theme] >= least and theme in firsts)]
    mention = max(mentions, key=lambda one: one.themes.get(kept[0], 0.0) * one.weight)
    sure = min(1.0, top / 9.0) * (0.4 + 0.6 * sum(scores[theme] for theme in kept) / sum(scores.values()))
    return Fact(
        value=kept,
        quote=cut_quote(mention.line.text, mention.start, mention.end),
        place=mention.line.place,
        confidence=round(min(0.95, 0.35 + 0.55 * sure), 2),
    )


def _mentions(title: str, lines: Sequence[Line], keywords: Sequence[str]) -> list[_Mention]:
    found: list[_Mention] = []
    first = lines[0] if lines else Line(title)

    def read(text: str, weight: float, line: Line) -> int:
        spoken = line.words if text is line.text else words(text)
        for one in _finder().find(text, spoken):
            if themes := _themes_of(one.concept):
                found.append(
                    _Mention(one.concept, themes, weight, line, spoken[one.first].start, spoken[one.last - 1].end)
                )
        folded = spaced(text)
        for theme, hit in PATTERNS.find(folded).items():
            found.append(_Mention(f"word {theme}", {theme: _WORD_WEIGHT}, weight, line, hit.start(), hit.end()))
        return len(spoken)

    heading = next((line for line in lines if line.level and line.text.casefold() == title.casefold()), None)
    read(title, TITLE, heading or Line(title, node=first.node, page=first.page))
    for keyword in keywords[:12]:
        read(keyword, HEADING, Line(keyword, node=first.node, page=first.page))
    seen = 0
    leads = True
    for line in lines:
        if line is heading or line.link_share > 0.8:
            continue
        weight = HEADING if line.level else LEAD if leads else OPENING if seen < _OPENING_WORDS else BODY
        leads = leads and (bool(line.level) or len(line.text) < _LEAD_LEAST)
        seen += read(line.text, weight, line)
        if seen > _BODY_WORDS:
            break
    return found


def _themes_of(concept: str) -> Mapping[str, float]:
    """What a concept counts for each of its themes: all for the first, less for the others."""
    whole = _PARTNER_WEIGHT if concept in _PARTNERS else 1.0
    return {
        theme: whole * (_SECOND_THEME if position else 1.0)
        for position, theme in enumerate(thesaurus()[concept].themes)
    }


def _scores(mentions: Sequence[_Mention]) -> Mapping[str, float]:
    """Each concept counts once at its best place, a little more when it returns; everyday words add to concepts."""
    best: dict[str, _Mention] = {}
    times: Counter[str] = Counter()
    for mention in mentions:
        times[mention.key] += 1
        if mention.key not in best or mention.weight > best[mention.key].weight:
            best[mention.key] = mention
    concepts: dict[str, float] = defaultdict(float)
    everyday: dict[str, float] = defaultdict(float)
    for key, mention in best.items():
        scores = everyday if key.startswith("word ") else concepts
        for theme, share in mention.themes.items():
            scores[theme] += (mention.weight + _RETURN * math.log(times[key])) * share
    return {
        theme: max(concepts[theme], everyday[theme]) + _BOTH * min(concepts[theme], everyday[theme])
        for theme in {*concepts, *everyday}
    }


@cache
def _finder() -> ConceptFinder:
    """By the thesaurus' own terms: the everyday words beside it widen searches, and say too little of a page's subject."""
    return ConceptFinder(load_concepts(load_data(FILE)), singular)


#: "infox" is no "info"; Dutch "ouder" is "older" nearly always.
_NO_PLURALS = frozenset(("ouders", "infox"))


@cache
def singular(word: str) -> str:
    """A folded word without the plural of French, Dutch or English: for comparing, not for showing."""
    if len(word) < 5 or word in _NO_PLURALS:
        return word
    if word.endswith("aux"):
        return word[:-3] + "al"
    if word.endswith(("s", "x")) and not word.endswith("ss"):
        return word[:-1]
    if word.endswith("en") and len(word) > 6 and not word.endswith("eren"):  # "ouderen" are no "ouders"
        return word[:-2]
    return word
