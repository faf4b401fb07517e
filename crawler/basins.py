"""Which basins a page serves: named basins, all of Brussels, communes and postal codes, else what its source says.

"Nord" alone is no basin. A commune in a street's name ("chaussée de Ninove") is no place. An address alone says
where an office is, not whom it serves: it counts only where the source says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from crawler.contacts import STREET
from crawler.document import Document
from crawler.event_dates import find_event_dates
from crawler.fields import Labelled
from crawler.findings import Fact, Line, cut_quote
from crawler.html import word_set
from crawler.site_names import signatory
from directory.geography import find_place, find_places
from directory.taxonomy import REGION, taxonomy
from directory.text import fold

_DIRECTIONS: Mapping[str, str] = {
    "nord-est": r"nord[ -]est|noord[ -]oost|north[ -]east",
    "sud-est": r"sud[ -]est|zuid[ -]oost|south[ -]east",
    "centre-ouest": r"centre[ -]ouest|centrum[ -]west|centre[ -]west",
    "nord": r"nord(?![ -](?:est|ouest))|noord(?![ -](?:oost|west))|north(?![ -](?:east|west))",
    "sud": r"sud(?![ -](?:est|ouest))|zuid(?![ -](?:oost|west))|south(?![ -](?:east|west))",
}
_BEFORE = (
    r"(?:bassins?(?: d aide et de soins| de soins| social[ -]sante)?|zorgzones?|basins?)[ -](?:du |de |de la |of )?"
)
_NAMED = {
    basin: re.compile(
        rf"(?<![a-z]){_BEFORE}(?:(?:[a-z-]+ (?:et|en|and) )(?:du )?)?(?:{names})(?![a-z])|(?<![a-z])(?:{names}) basin(?![a-z])"
    )
    for basin, names in _DIRECTIONS.items()
}
_PAIRED = re.compile(
    rf"{_BEFORE}([a-z-]+) (?:et|en|and|ou) (?:du |bassin |zorgzone )?([a-z]+(?:[ -](?:est|ouest|oost|west|east))?)(?![a-z])"
)
_REGIONAL = re.compile(
    r"(?<![a-z])(?:toute la region (?:de )?(?:bruxell\w+|bruxelles-capitale)?|ensemble (?:de la region|du territoire (?:bruxellois|regional))|(?:les |des |dans les )?19 communes|dix-neuf communes|region bruxelloise|"
    r"a l echelle (?:de la region|regionale)|tout bruxelles|cinq bassins|5 bassins|(?:region|regio) (?:de )?bruxelles[ -]capitale|heel (?:het )?brussel\w*(?: hoofdstedelijk)?(?: gewest)?|brussels hoofdstedelijk gewest|"
    r"(?:de )?19 (?:brusselse )?gemeenten|hele (?:brusselse )?(?:gewest|regio)|brussels gewest|vijf zorgzones|5 zorgzones|whole (?:of )?(?:the )?brussels|all (?:of|over) brussels|brussels[ -]capital region|19 municipalities|"
    r"(?:profession\w*|equipes|associations?|intervenant\w*|travailleu\w+|acteur\w*|services|prestataires|aidant\w*|soignant\w*|ecoles|familles|seniors|jeunes|hulpverleners|zorgverleners|organisaties|professionals|teams|diensten) (?:[a-z]+(?:[ -][a-z]+)? )?(?:bruxellois\w*|de bruxelles|brusselse|in brussel|in brussels)|"
    r"brusselse (?:hulpverleners|zorgverleners|professionals|organisaties|diensten|mantelzorgers|gezinnen|ouderen|jongeren|teams|scholen)|brussels (?:professionals|organisations|residents|services)|"
    r"dans toute la region|toute la capitale|in (?:het )?hele brussel\w*|across brussels|anywhere in brussels|everywhere in brussels|"
    r"tous les bruxellois|alle brusselaars|(?:partout|n importe ou) (?:a|dans) bruxelles|overal in brussel)(?![a-z])"
)
#: Words before a commune that make it a street, a station or a gate.
_STREETS = word_set(
    "chaussee chee rue avenue boulevard place porte gare station square quai pont route bois foret steenweg straat laan poort brug weg plein stationsplein "
    "prison hopital hopitaux cinquantenaire abbaye"
)
_LINKING = word_set("de d des du la le les l van der den")
#: Names that are also words, or places elsewhere: only with a capital, or with their postal code.
_SERVING = re.compile(
    r"(?<![a-z])(?:(?:resid|habit|domicili)\w+ (?:a|dans|sur)|won(?:en|ende?|t) in|liv(?:e|es|ing) in|(?:profession|travailleu|acteur|equipe|service|famille|parent|aine|jeune|senior|mere|maman|pere|papa|femme|enfant|personne|bebe|voisin|hulpverlener|zorgverlener|bewoner|ouder|gezin|moeder|buren|mensen|kinderen|jongeren)[\w·]*(?: [a-z·]+)? (?:de|d|du|a|van|uit|in)|[a-z]{4,}(?:s|en) (?:uit|in)|personnes? habitant|wie woont in|habitant|habitants? (?:de|d)|habitant\w* (?:de|d)|[a-z]*bewoners (?:van|uit)|inwoners van|residents of|a destination des habitants|quartiers? (?:de|d)|wijk(?:en)? (?:van|in)|communes? (?:de|d|du)|gemeente(?:n)?|sur le territoire|op het grondgebied|actif\w* a|actief in|pour les \w+ (?:de|d)|dans (?:la commune|les communes|le quartier)|(?:groupes?|ateliers?|seances?|antennes?|permanences?|consultations?|rencontres?|groep|sessies?|workshops?|groups?) (?:a|te|in|at))(?![a-z])"
)


def find_basins(
    document: Document, title: str, fields: Sequence[Labelled], *, local: bool, places: Sequence[str] = ()
) -> Fact[list[str]] | None:
    """The basins served; None where nothing tells. `local`: it takes place at one spot (an event), so that its place
    counts; `places`: that spot, as its dates say it.
    """
    given = [basin for basin in document.source.get("basins") or () if basin in taxonomy().basins]
    own = _own_basin(document)
    heading = next(
        (line for line in document.lines if line.level and line.text.casefold() == title.casefold()), document.first
    )
    areas = [
        Line(field.value, field.line.tag, 0, 0.0, field.line.node, field.line.page)
        for field in fields
        if field.name == "area"
    ]
    for lines, confidence in (([Line(title, node=heading.node, page=heading.page)], 0.95), (areas, 0.93)):
        if fact := _named(lines, confidence) or _communes(lines, confidence - 0.03) or _regional(lines, confidence):
            return fact
    body = [line for line in document.lines if line.link_share < 0.8]
    if own is not None:
        return own
    named, regional = _named(body, 0.9), _regional(body, 0.85)
    if named is not None and (regional is None or len(named.value) <= 2):
        return named
    placed = [
        Line(field.value, node=field.line.node, page=field.line.page) for field in fields if field.name == "place"
    ]
    placed = placed or [
        Line(place, node=document.first.node, page=document.first.page) for place in dict.fromkeys(places)
    ]
    serving = _communes(_serving(body), 0.85, addresses=False)
    if regional is not None and serving is None:
        return regional  # whom it is for counts before where it takes place
    if local and (fact := _communes(placed or venues(body), 0.85 if placed else 0.72)):
        return fact
    if regional is not None:
        return regional if not given or given == [REGION] else serving
    if serving is not None:
        return serving
    if any(_NEIGHBOURS.search(_flat(line.text)) for line in body) and (fact := _communes(_addressed(body), 0.7)):
        return fact
    return _fallback(document, body, given)


def _fallback(document: Document, body: Sequence[Line], given: list[str]) -> Fact[list[str]] | None:
    """Communes that the text keeps naming, else the source's basins, else all of Brussels: most of what is offered is."""
    prose = _counted(body, addresses=False)
    strong = _basins_of(prose)
    if strong and sum(prose.values()) >= (3 if not given or given == [REGION] else 4):
        return _fact(strong, _line_with(body, strong), 0.68)
    if given:
        return Fact(
            value=given, quote=str(document.source.get("name") or document.host), place="source", confidence=0.78
        )
    for line in body:
        if _ABOUT_BRUSSELS.search(_flat(line.text)):
            return _fact([REGION], line, 0.6)
    return Fact(
        value=[REGION], quote=str(document.source.get("name") or document.host), place="source", confidence=0.35
    )


_ABOUT_BRUSSELS = re.compile(r"(?<![a-z])(?:bruxell\w+|brussel\w*|brussels)(?![a-z])")
#: A line that says where an office is, or how to reach it, not where something takes place.
_OFFICE = re.compile(
    r"(?<![a-z])(?:siege|bureaux?|secretariat|kantoor|zetel|secretariaat|office|contact\w*|tel|telephone|telefoon|e-?mail|inscri\w+|inschrij\w+|renseignements|editeur|v u|e r)(?![a-z])|@"
)


def venues(lines: Sequence[Line]) -> list[Line]:
    """Lines with an address that is no office's; the only address of the text, whatever it is."""
    addressed = [line for line in lines if len(line.text) < 600 and _ADDRESS.search(line.text)]
    addressed += [line for line in lines if line not in addressed and _is_spot(line)]
    held = [line for line in addressed if not _OFFICE.search(_flat(line.text)) and not _is_imprint(line)]
    return held or (addressed if len(addressed) == 1 and not _is_imprint(addressed[0]) else [])


#: People of the neighbourhood are served: then the address says where that is.
_NEIGHBOURS = re.compile(
    r"(?<![a-z])(?:habitant\w* du quartier|gens du quartier|du quartier|voisins?|voisinage|buurtbewoners|wijkbewoners|(?:in|uit|van) (?:de|onze|je) (?:buurt|wijk)|neighbou?rs|neighbou?rhood)(?![a-z])"
)


def _addressed(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if len(line.text) < 600 and (_ADDRESS.search(line.text) or STREET.search(line.text))]


def _is_imprint(line: Line) -> bool:
    """Whether a PDF's line says who published it and how to reach them."""
    return line.page is not None and signatory(line.text) is not None and _NUMBER.search(line.text) is not None


_NUMBER = re.compile(r"(?<!\d)0\d{1,3}[ ./](?:\d[ ./]?){5,7}|@")


def _is_spot(line: Line) -> bool:
    """Whether a line is a street in a commune without its postal code ("Evere, rue Godefroid Kurth 84"), or says a day or
    hour in one ("le 2 février de 9h à 16h, à Etterbeek")."""
    if len(line.text) >= 300 or not any(character.isdigit() for character in line.text):
        return False
    street = len(line.text) < 120 and STREET.search(line.text) is not None
    dated = _AT.search(line.text) is not None and bool(
        find_event_dates(f"1/1/2024 {line.text}").events[1:] or _HOUR.search(line.text)
    )
    return (street or dated) and bool(_counted([line], addresses=False))


_AT = re.compile(r"(?:^|[\s,(])(?:à|te|in|at) [A-ZÀ-Þ]")
_HOUR = re.compile(r"\d\s?(?:h|u|uur|am|pm)(?:\d\d)?(?!\w)")


_ADDRESS = re.compile(r"(?<!\d)1[012]\d\d\s+[A-ZÀ-Þ]")


def _own_basin(document: Document) -> Fact[list[str]] | None:
    """The basin of a basin's own site."""
    for basin, names in _DIRECTIONS.items():
        if re.search(rf"(?<![a-z])(?:bassin|zorgzone)-(?:{names})(?![a-z])", document.host.replace(".", " ")):
            return Fact(value=[basin], quote=document.host, place="source", confidence=0.92)
    return None


def _flat(text: str) -> str:
    return re.sub(r"['’`´‑]", " ", fold(text)).replace("–", "-")


def _named(lines: Sequence[Line], confidence: float) -> Fact[list[str]] | None:
    found: dict[str, Line] = {}
    for line in lines:
        folded = _flat(line.text)
        if not re.search(r"bassin|zorgzone|basin", folded):
            continue
        for basin, pattern in _NAMED.items():
            if pattern.search(folded):
                found.setdefault(basin, line)
        for pair in _PAIRED.finditer(folded):
            for basin, names in _DIRECTIONS.items():
                if any(re.fullmatch(names, part) for part in pair.groups()):
                    found.setdefault(basin, line)
    if not found:
        return None
    ordered = [basin for basin in taxonomy().basins if basin in found]
    if len(ordered) >= 4:
        ordered = [REGION]
    return _fact(ordered, next(iter(found.values())), confidence)


def _regional(lines: Sequence[Line], confidence: float) -> Fact[list[str]] | None:
    for line in lines:
        if _REGIONAL.search(_flat(line.text)):
            return _fact([REGION], line, confidence)
    return None


def _serving(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if len(line.text) < 1500 and _SERVING.search(_flat(line.text))]


def _communes(lines: Sequence[Line], confidence: float, *, addresses: bool = True) -> Fact[list[str]] | None:
    basins = _basins_of(_counted(lines, addresses=addresses))
    return _fact(basins, _line_with(lines, basins), confidence) if basins else None


#: Quarters by which people name a commune.
_QUARTERS: Mapping[str, str] = {
    "kuregem": "Anderlecht", "cureghem": "Anderlecht", "peterbos": "Anderlecht", "scheut": "Anderlecht", "marolles": "Pentagone", "marollen": "Pentagone", "helmet": "Schaerbeek", "matonge": "Ixelles",
    "boitsfort": "Watermael-Boitsfort",
}  # fmt: skip


def _counted(lines: Sequence[Line], *, addresses: bool) -> Counter[tuple[str, ...]]:
    """How often each place's basins are named. `addresses`: postal addresses count too."""
    counted: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        spoken = line.words
        folded = [word.folded for word in spoken]
        for first, last, place in find_places(folded):
            written = line.text[spoken[first].start : spoken[last - 1].end]
            if place.ambiguous or (not written[0].isdigit() and not written[0].isupper()) or _is_street(folded, first):
                continue
            after_code = first > 0 and folded[first - 1].isdigit() and len(folded[first - 1]) == 4
            if written.isdigit() and not _is_code(folded, last):
                continue
            if not addresses and (written.isdigit() or after_code):
                continue
            counted[place.basins] += 1
        for word in spoken:
            if (
                (commune := _QUARTERS.get(word.folded))
                and line.text[word.start].isupper()
                and (known := find_place(commune))
            ):
                counted[known.basins] += 1
    return counted


def _is_street(folded: Sequence[str], first: int) -> bool:
    before = first - 1
    while before >= 0 and folded[before] in _LINKING and first - before <= 3:
        before -= 1
    return before >= 0 and folded[before] in _STREETS


def _is_code(folded: Sequence[str], last: int) -> bool:
    """Whether a figure is a postal code: a commune's name follows."""
    following = find_places(list(folded[last : last + 4]))
    return bool(following and following[0][0] == 0) or (
        last < len(folded) and folded[last] in {"bruxelles", "brussel", "brussels"}
    )


def _basins_of(counted: Counter[tuple[str, ...]]) -> list[str]:
    """The basins of the places named; those named much more rarely than the first are left out."""
    totals: Counter[str] = Counter()
    for basins, times in counted.items():
        for basin in basins:
            totals[basin] += times
    if not totals:
        return []
    most = max(totals.values())
    kept = [basin for basin in taxonomy().basins if totals[basin] * 3 >= most and totals[basin]]
    return [REGION] if len(kept) >= 4 else kept


def _line_with(lines: Sequence[Line], basins: Sequence[str]) -> Line:
    for line in lines:
        if set(_basins_of(_counted([line], addresses=True))) & set(basins):
            return line
    return lines[0] if lines else Line("")


def _fact(basins: list[str], line: Line, confidence: float) -> Fact[list[str]]:
    return Fact(value=basins, quote=cut_quote(line.text), place=line.place, confidence=round(confidence, 2))
