"""One line of an official list of pharmacies, as values: what its columns mean, and what its cells say.

Lists come from several offices, in French, Dutch or English; their headings are recognised, whatever their order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from directory.errors import ImportRejected, LineProblem
from directory.exchange.cells import Cell, is_empty, read_boolean, read_number, read_phone, read_text
from directory.exchange.workbooks import CellError, Formula
from directory.text import words

COLUMNS = (
    "name", "street", "number", "postal_code", "commune", "phone", "latitude", "longitude", "vaccinates", "languages",
    "email", "website",
)  # fmt: skip
REQUIRED = ("name", "street", "postal_code")
#: column → its headings in French, Dutch and English, folded, without little words.
_HEADINGS: Mapping[str, str] = {
    "name": "nom, nom pharmacie, pharmacie, officine, denomination, naam, naam apotheek, apotheek, benaming, name, pharmacy, pharmacy name",
    "street": "adresse, rue, rue numero, adres, straat, straat nummer, address, street, street number",
    "number": "numero, n, numero rue, nummer, huisnummer, nr, number, house number",
    "postal_code": "code postal, cp, postcode, postal code, zip, zip code",
    "commune": "commune, ville, localite, gemeente, stad, plaats, municipality, city, town",
    "phone": "telephone, tel, numero telephone, telefoon, telefoonnummer, phone, telephone number, phone number",
    "latitude": "latitude, lat, breedtegraad, y",
    "longitude": "longitude, lon, lng, long, lengtegraad, x",
    "vaccinates": "vaccine, vaccination, vaccinante, pharmacie vaccinante, vaccins, vaccineert, vaccinatie, vaccinerend, vaccinerende apotheek, vaccinates, vaccinating, vaccination offered",
    "languages": "langue, langues, langues parlees, taal, talen, gesproken talen, language, languages, languages spoken",
    "email": "e mail, email, mail, courriel, adresse e mail, mailadres, e mailadres, email address",
    "website": "site, site web, site internet, url, website, web",
}
_LITTLE = frozenset(["de", "la", "le", "du", "des", "et", "van", "het", "en", "the", "of", "and"])
_COLUMN_OF = {heading: column for column, spoken in _HEADINGS.items() for heading in spoken.split(", ")}
_LANGUAGES: Mapping[str, str] = {
    word: code
    for code, spoken in {
        "fr": "fr fra fre f francais frans french",
        "nl": "nl nld dut n neerlandais nederlands dutch",
        "en": "en eng e anglais engels english",
        "de": "de deu ger d allemand duits german",
        "es": "es spa espagnol spaans spanish",
        "it": "it ita italien italiaans italian",
        "ar": "ar ara arabe arabisch arabic",
        "tr": "tr tur turc turks turkish",
        "pt": "pt por portugais portugees portuguese",
        "ro": "ro ron roumain roemeens romanian",
        "pl": "pl pol polonais pools polish",
    }.items()
    for word in spoken.split()
}


@dataclass(frozen=True, kw_only=True)
class Pharmacy:
    """A line that was understood. `vaccinates`: None where the list has no such column (then all of them do)."""

    line: int
    name: str
    street: str
    postal_code: str
    commune: str | None
    phone: str | None
    email: str | None
    website: str | None
    location: tuple[float, float] | None  #: latitude, longitude in degrees (WGS 84)
    vaccinates: bool | None
    languages: tuple[str, ...]


def map_columns(file: str, line: int, headings: Sequence[str], said: Mapping[str, str | None]) -> dict[int, str]:
    """Position → column; `said` is what a person said of headings. Columns of no use are left out.

    Raises ImportRejected where a needed column is missing, or two headings say the same.
    """
    found: dict[int, str] = {}
    problems = []
    for position, heading in enumerate(headings):
        column = said[heading] if heading in said else guess_column(heading)
        if column is None:
            continue
        if column in found.values():
            problems.append(f"two columns hold the {column.replace('_', ' ')}; say with --map which one to leave out.")
        found[position] = column
    problems += [
        f"no column holds the {name.replace('_', ' ')}; say with --map which one does."
        for name in REQUIRED
        if name not in found.values()
    ]
    if ("latitude" in found.values()) != ("longitude" in found.values()):
        problems.append("latitude and longitude go together; one of them is missing.")
    if problems:
        raise ImportRejected([LineProblem(file, line, None, None, problem) for problem in problems])
    return found


def guess_column(heading: str) -> str | None:
    """The column that a heading names; None where it names none."""
    spoken = [word.folded for word in words(heading.replace("_", " ")) if word.folded not in _LITTLE]
    return _COLUMN_OF.get(" ".join(spoken))


def read_pharmacy(
    line: int, cells: Sequence[Cell], columns: Mapping[int, str]
) -> tuple[Pharmacy | None, list[tuple[str, str]]]:
    """The pharmacy of a line, or (None) and (column, message) for all that cannot be taken."""
    row = {column: cells[position] if position < len(cells) else None for position, column in columns.items()}
    problems = [
        (column, "holds a formula or an error; paste the column as values.")
        for column, cell in row.items()
        if isinstance(cell, Formula | CellError)
    ]
    texts = {column: " ".join(_text(cell).split()) for column, cell in row.items()}
    problems += [(name, "is empty.") for name in REQUIRED if not texts[name]]
    postal_code = re.sub(r"^B\s*-?\s*", "", texts["postal_code"], flags=re.IGNORECASE)
    if postal_code and not re.fullmatch(r"[1-9]\d{3}", postal_code, re.ASCII):
        problems.append(("postal_code", f"{postal_code[:20]!r} is not a Belgian postal code."))
    phone = read_phone(texts.get("phone", "")) if texts.get("phone") else None
    vaccinates: bool | None = None
    if "vaccinates" in row:
        answer = read_boolean(row["vaccinates"])
        if isinstance(answer, bool):
            vaccinates = answer
        else:
            problems.append(("vaccinates", f"{str(answer)[:20]!r} is neither yes nor no."))
    location, wrong = _location(row)
    languages, unknown = _languages(texts.get("languages", ""))
    problems += wrong + ([("languages", f"{unknown[:30]!r} is not a language that is known here.")] if unknown else [])
    if problems:
        return None, problems
    number = texts.get("number")
    return Pharmacy(
        line=line,
        name=texts["name"],
        street=f"{texts['street']} {number}" if number else texts["street"],
        postal_code=postal_code,
        commune=texts.get("commune") or None,
        phone=phone,
        email=texts.get("email") or None,
        website=_website(texts.get("website", "")),
        location=location,
        vaccinates=vaccinates,
        languages=languages,
    ), []


def _text(cell: Cell) -> str:
    return "" if is_empty(cell) else read_text(cell)


def _website(text: str) -> str | None:
    if not text:
        return None
    return text if "://" in text else f"https://{text}"


def _location(row: Mapping[str, Cell]) -> tuple[tuple[float, float] | None, list[tuple[str, str]]]:
    """Degrees, only where they lie in Belgium: other figures are metres of the Belgian grid, or the two swapped."""
    cells = (row.get("latitude"), row.get("longitude"))
    if all(is_empty(cell) for cell in cells):
        return None, []
    latitude, longitude = (read_number(cell) for cell in cells)
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None, [("latitude", "latitude and longitude are not both numbers.")]
    if not (49.4 <= latitude <= 51.6 and 2.5 <= longitude <= 6.5):
        return None, [("latitude", f"{latitude}, {longitude} are not degrees of a place in Belgium (WGS 84).")]
    return (round(float(latitude), 6), round(float(longitude), 6)), []


def _languages(text: str) -> tuple[tuple[str, ...], str]:
    """The codes in the order of the cell, and the first word that names no language ("" where all do).

    "en" between two spaces is the Dutch "and"; between commas or bars it is English.
    """
    spoken = [word.folded for word in words(re.sub(r"\s(?:et|en|and|und)\s", ", ", text))]
    unknown = next((word for word in spoken if word not in _LANGUAGES), "")
    return tuple(dict.fromkeys(_LANGUAGES[word] for word in spoken if word in _LANGUAGES)), unknown
