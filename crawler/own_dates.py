"""Which of a page's dates are its own: not when it was published, a deadline, a law, or what is told of the past."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crawler.event_dates import EventDate
from crawler.findings import Line
from crawler.resource_types import spaced
from directory.text import fold


@dataclass(frozen=True)
class Candidate:
    """A date that may be the page's own, the line it stands in, and how much speaks for it."""

    event: EventDate
    line: Line
    score: float


_NOT_ITS_OWN = re.compile(
    r"(?:publie\w*|mis(?:e)? a jour|mise en ligne|poste\w*|date de publication|derniere (?:mise a jour|modification)|redige\w*|modifie\w*|cree\w* le|gepubliceerd|geplaatst|bijgewerkt|laatst\w* (?:gewijzigd|aangepast|update)|posted|published|updated|last modified|"
    r"avant le|au plus tard|date limite|deadline|cloture|jusqu au|jusqu a|uiterlijk|voor ten laatste|ten laatste|inschrijven (?:kan )?(?:tot|voor)|inscri\w+ (?:\w+ ){0,6}(?:avant|jusqu\w*|pour|a partir|des)(?: \w+)?|tot en met uiterlijk|before|by|no later than|"
    r"loi du|arrete (?:royal |ministeriel )?du|decret du|ordonnance du|wet van|besluit van|decreet van|ordonnantie van|moniteur belge|staatsblad|law of|act of|"
    r"depuis(?: le)?|sinds(?: de)?|since|ne(?:e)? le|geboren op|fonde\w* (?:le|en)|cree\w* en|opgericht op|copyright|version du|versie van|etat au|situation au|en date du|valable jusqu\w*|geldig tot|consulte le|geraadpleegd op|retour sur|echos? de|terugblik op|"
    r"a eu lieu|ont eu lieu|s est tenue?|s est deroulee?|vond plaats|vonden plaats|took place|was held|lors (?:de la|du|des|de l) [a-z ]{0,60}|tijdens (?:de|het) [a-z ]{0,50})\W{0,3}(?:le |les |op |on |du |de |the |van )?$"
)
_DEADLINE = re.compile(
    r"(?<![a-z])(?:candidat\w*|inscri\w*|inschrij\w*|schrijf|kandida\w*|aanmeld\w*|register\w*|registration|apply|reserv\w*)(?: \S+){0,9} ?$"
)
_STRICT_DEADLINE = re.compile(
    r"(?<![a-z])(?:date limite|deadline|cloture|candidat\w*|kandida\w*|uiterste (?:datum|inschrijvingsdatum)|closing date)(?: \S+){0,7} ?$"
)
_REGISTERING_SPAN = re.compile(
    r"(?<![a-z])(?:inscri\w+|inschrijv\w+|aanmelding\w*|registrations?|candidatures?|kandidaturen|booking|reservations?)(?: \w+)? ?(?:du|van|from|entre|between|des|a partir du|vanaf|ouvrent|ouvertes?|openen|open)(?: le| op| on)? ?$"
)
_REGISTERING = re.compile(
    r"^\W{0,3}(?:comment |s |je m )?(?:candidat\w*|inscri\w*|inschrij\w*|aanmeld\w*|regist\w*|deadline|date limite)"
)
_AFTER_PAST = re.compile(
    r"^\W{0,3}(?:au plus tard|ten laatste|at the latest|derniere limite|a eu lieu|ont eu lieu|s est tenu|vond plaats|took place|was held)"
)
_ITS_OWN = re.compile(
    r"(?:(?:aura|auront|a|ont) lieu|premieres? (?:rencontre|seance|session|reunion|date)|eerste (?:bijeenkomst|sessie)|first (?:session|meeting)|loopt|lopen|duurt|dure|court|runs|se poursuit|se tiendra|se tient|se deroule\w*|prend place|debut\w*|commence\w*|rendez-vous|rdv|save the date|bienvenue|invit\w+|vous attend\w*|prochaine?s? (?:date|rencontre|seance|session|atelier)\w*|date\w*|quand|wanneer|when|vindt plaats|gaat door|vinden plaats|start\w*|volgende|welkom|afspraak|takes place|will be held|join us|next)\W[\w ,:'-]{0,40}$"
)


#: What makes every date of its sentence another's: when it is closed, how long a price holds.
_OF_ANOTHER = re.compile(
    r"(?<!groupe )(?<![a-z])(?:fermee?s?|fermetures?|ferme ses portes|gesloten(?! groep)|sluit(?:ing\w*)?|closed|sauf|behalve|uitgezonderd|except|conges? annuels?|jaarlijks verlof|valables?|geldig|valid|annul\w+|cancel\w*|nee?s? le|geboren|decede\w*|overleden)(?![a-z])"
)
_SENTENCE = re.compile(r"[.!?] |\n")


def told_of_another(text: str, event: EventDate) -> bool:
    """Whether the words around a date say that it is a deadline, a publication, a law's, a closure's or past."""
    before = spaced(text[max(0, event.start - 90) : event.start])
    after = spaced(text[event.end : event.end + 40])
    sentence = _SENTENCE.split(before)[-1]
    return not _is_next(text, before) and (
        _NOT_ITS_OWN.search(before) is not None
        or _AFTER_PAST.search(after) is not None
        or _OF_ANOTHER.search(sentence) is not None
        or (event.begins is None and _REGISTERING_SPAN.search(sentence) is not None)
        or (event.last is None and _STRICT_DEADLINE.search(before) is not None)
    )


def _is_next(text: str, before: str) -> bool:
    return re.search(r"save the date|prochaine?s? |volgende |next ", before) is not None or "save the date" in spaced(
        text
    )


def ownness(
    lines: Sequence[Line],
    index: int,
    event: EventDate,
    title: str,
    *,
    is_report: bool,
    today: date,
    listed: bool = False,
) -> float:
    """How much speaks for a date being the page's own; 0 and less: it is not.

    `today`: when the page was fetched; `listed`: it is written together with others.
    """
    line = lines[index]
    before = spaced(line.text[max(0, event.start - 90) : event.start])
    saved = _is_next(line.text, before)
    if told_of_another(line.text, event) or (is_report and not saved):
        return 0.0
    if event.last is None and event.begins is None and _is_deadline(lines, index, before):
        return 0.0
    score = 0.0
    in_title = fold(line.text) == fold(title) and line.level > 0
    score += 2.0 * (event.begins is not None) + 1.0 * (event.last is not None) + 1.5 * in_title
    written = line.text[event.start : event.end]
    weekday = re.match(
        r"\W*(?:lun|mar|mer|jeu|ven|sam|dim|ma|di|wo|do|vr|za|zo|mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\s",
        written,
        re.IGNORECASE,
    )
    score += 0.8 * bool(weekday)
    to_come = event.first > today  # and so no date of publication
    score += 1.5 * bool(_ITS_OWN.search(before)) + 1.5 * bool(saved)
    alone = len(written) > 0.6 * len(line.text)
    score += 0.3 * to_come + 0.7 * (to_come and listed)
    score += 0.8 * (to_come and line.tag in {"li", "td", "dd", "row"} and event.start <= 3)  # "14/01/2027 : le sommeil"
    score += 1.0 * (
        alone
        and (
            bool(line.level)
            or line.tag == "li"
            or listed
            or (to_come and (bool(weekday) or index >= 4))
            or event.begins is not None
            or event.last is not None
        )
    )
    single = event.begins is None and event.last is None and not listed and line.tag != "li"
    if alone and index < 4 and single and not (weekday or in_title or to_come):
        score -= 2.0  # the date of publication, under or over the title
    if len(line.text) > 400 and event.begins is None:
        score -= 1.0
    if not event.weekday_agrees:
        score -= 0.5
    return score


def _is_deadline(lines: Sequence[Line], index: int, before: str) -> bool:
    """Whether a day without hours is the last to register: by the words before it, or the heading over it."""
    if _DEADLINE.search(re.split(r"[.!?] ", before)[-1]):
        return True
    over = next(
        (line for line in reversed(lines[max(0, index - 3) : index]) if line.level or len(line.text) <= 40), None
    )
    return over is not None and _REGISTERING.search(spaced(over.text)) is not None
