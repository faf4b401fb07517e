"""Values behind a label: "Prix : 15 €", a table row "Où | Jette", a heading "Pour qui ?" with what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.findings import Line
from directory.text import fold

_LABELS: Mapping[str, str] = {
    "date": r"dates?|quand|wanneer|when|data|datum|date et heure|date and time|dates et horaires|jour|dag|calendrier|date de la rencontre|prochaine date|prochaines dates|volgende data|prochaines rencontres|dates des rencontres|date & heure|datum en uur|date and place|moment",
    "time": r"heures?|horaires?|uur|tijdstip|tijd|hours?|time|uren|a quelle heure|hoe laat",
    "begins": r"debut|heure de debut|start|starttijd|begin|beginuur|aanvang|starts?(?: at)?|begins?(?: at)?",
    "ends": r"fin|heure de fin|einde|einduur|eindtijd|ends?(?: at)?",
    "place": r"ou|lieux?|adresse|waar|plaats|locatie|where|place|location|venue|adres|endroit|lieu de rendez-vous|address",
    "audience": r"pour qui|public(?: cible| vise)?|voor wie|doelgroep|doelpubliek|for whom|who is it for|target (?:group|audience)|audience|destinataires|publics?|beneficiaires|a qui s adresse(?![a-z])[^:?]{0,40}|qui peut (?:participer|venir)|wie kan deelnemen|participants|who can come",
    "cost": r"prix|tarifs?|cout|couts|participation(?: aux frais)?|paf|p\.?a\.?f\.?|prijs|kostprijs|kosten|tarief|tarieven|deelnameprijs|bijdrage|price|prices|cost|fees?|combien|hoeveel|frais|inkom|entree|bijdrage in de kosten|wat kost het|combien ca coute",
    "organisation": r"organis(?:ateur|ation|e par|atrice)s?(?: ?·\w+)*|organisator(?:en)?|organisatie|organi[sz]er|organised by|organized by|promoteur|porteur(?: de projet)?|initiative de|initiatief van|een initiatief van|une initiative de|editeur|uitgever|publisher|auteur|propose par|aangeboden door|provider|realise par|operateur|aanbieder|partenaire porteur|association|structure|organised by|published by|produced by|developed by|offered by|run by|publie par|edite par|developpe par|porte par|georganiseerd door|uitgegeven door|ontwikkeld door|een uitgave van|organisme|instelling|aangeboden door|dienst|editeur responsable|ed resp|uitgegeven door",
    "language": r"langues?(?: disponibles?| de la formation| de travail)?|talen|taal|languages?|language\(s\)|langue\(s\)|beschikbare talen",
    "themes": r"themes?|thematiques?|thema s?|thema|themas|topics?|mots[- ]cles|trefwoorden|tags?|rubriques?|categories?|categorie|categorieen|sujets?",
    "type": r"type(?: d outil| de ressource| d activite)?|format|soort|formule|support|nature|type of tool|vorm",
    "phone": r"tel|telephone|telefoon|phone|gsm|tel\.",
    "area": r"zone|bassins?|zorgzones?|territoire|commune|communes|gemeente|gemeenten|werkingsgebied|zone d action|secteur|area|quartiers?|wijk(?:en)?",
}
_PATTERNS = {name: re.compile(rf"(?:{words})") for name, words in _LABELS.items()}
_INLINE = re.compile(r"^\W{0,3}([^:|?]{2,45}?)\s*[:|?]\s*\|?\s*(\S.*)$", re.DOTALL)
MAX_VALUE = 600


@dataclass(frozen=True, slots=True)
class Labelled:
    """The value of a label. start: where it begins in its line's text."""

    name: str
    value: str
    line: Line
    start: int = 0


def read_fields(lines: Sequence[Line]) -> list[Labelled]:
    """The labelled values in the text, in reading order."""
    return list(_read(lines))


def _read(lines: Sequence[Line]) -> Iterator[Labelled]:
    for index, line in enumerate(lines):
        match = _INLINE.match(line.text)
        if match and len(line.text) <= 1200 and (name := label_of(match.group(1))):
            yield Labelled(name, match.group(2)[:MAX_VALUE], line, match.start(2))
        elif len(line.text) <= 60 and (name := label_of(line.text)):
            yield from _following(name, lines, index)


def _following(name: str, lines: Sequence[Line], index: int) -> Iterator[Labelled]:
    """What stands under a label of its own line: up to the next heading or label, a few lines at most."""
    label = lines[index]
    taken = 0
    first = label
    for line in lines[index + 1 : index + 7]:
        if (
            line.level
            or (len(line.text) <= 60 and label_of(line.text))
            or (_INLINE.match(line.text) and _label_inline(line.text))
        ):
            break
        if taken and not _beside(first, line):
            break
        first = line if not taken else first
        yield Labelled(name, line.text[:MAX_VALUE], line)
        taken += len(line.text)
        if taken > MAX_VALUE or not (label.level or line.tag == "li" or _own_group(label, line)):
            break


def _own_group(label: Line, value: Line) -> bool:
    """Whether a value stands in an element of its own beside its label's, so that more values may follow in it."""
    if label.node is None or value.node is None:
        return False
    return value.tag == "dd" or (value.tag != "td" and label.node.getparent() is not value.node.getparent())


def _beside(first: Line, line: Line) -> bool:
    """Whether a further line is of the group of a label's first value."""
    if first.node is None or line.node is None:
        return True
    return first.node.getparent() is line.node.getparent() or first.tag == line.tag == "li" or first.tag != "div"


def _label_inline(text: str) -> str | None:
    match = _INLINE.match(text)
    return label_of(match.group(1)) if match else None


def label_of(text: str) -> str | None:
    """Which label a short text is; None where it is none."""
    folded = re.sub(r"\s+", " ", re.sub(r"['’`´]", " ", fold(text))).strip(" :?!.*•-–—|")
    folded = re.sub(r"^(?:le |la |les |l |de |het |the |quel(?:le)?s? (?:est |sont )?(?:le |la |les )?)", "", folded)
    if not folded or len(folded) > 45:
        return None
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(folded)), None)
