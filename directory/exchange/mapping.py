"""What the columns of somebody's table mean: guessed from their headings, said by a person, remembered.

A mapping is {heading: column of `columns.COLUMNS`, or None for one to leave out}.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory.exchange.columns import COLUMNS
from directory.models import ColumnMapping
from directory.rows import insert_new
from directory.taxonomy import LANGUAGES
from directory.text import words

#: Names of languages as headings write them.
_LANGUAGE_WORDS = {
    "fr": "fr fra fre francais francaise frans french",
    "nl": "nl nld dut neerlandais nederlands dutch vl",
    "en": "en eng anglais engels english",
}
_LANGUAGE_OF = {word: language for language, spoken in _LANGUAGE_WORDS.items() for word in spoken.split()}
#: column (without its language) → headings in French, Dutch, English; "" where the words are the same.
_SPOKEN: Mapping[str, tuple[str, str, str]] = {
    "id": ("identifiant", "identificatie", "identifier"),
    "type": ("type de ressource", "soort", "kind"),
    "title": ("titre, nom, intitule, denomination", "titel, naam, benaming", "title, name"),
    "summary": ("resume, description courte", "samenvatting, korte beschrijving", "summary, short description"),
    "description": ("description, description longue", "beschrijving, omschrijving", "description"),
    "steps": ("etapes", "stappen", "steps"),
    "partners": ("partenaires", "partners", "partners"),
    "effort": ("temps et moyens", "tijd en middelen", "effort"),
    "obstacles": ("obstacles, difficultes", "hindernissen, moeilijkheden", "obstacles"),
    "recurring_since": ("depuis", "sinds", "since"),
    "organisations": ("organisation, organisme, institution", "organisatie, instelling", "organisation, organization"),
    "links": ("lien, liens, url, site, site web, site internet", "link, website, webstek", "link, website"),
    "languages": ("langue, langues", "taal, talen", "language, languages"),
    "themes": ("theme, thematique, thematiques", "thema, themas", "theme, topic"),
    "basins": ("bassin, bassins", "zorgzone, zorgzones, bekken", "basin"),
    "audiences": ("public, publics, public cible", "doelgroep, doelgroepen, publiek", "audience"),
    "cost": ("cout, prix, tarif", "kost, prijs, tarief", "price"),
    "amount_eur": ("montant", "bedrag", "amount"),
    "bim_amount_eur": ("montant bim, prix bim", "bedrag rvv, prijs rvv", "bim amount"),
    "cost_note": ("remarque prix", "opmerking prijs", "cost note"),
    "easy_read": ("falc, facile a lire", "eenvoudige taal", "easy read"),
    "recurring": ("perenne, recurrent", "terugkerend", "recurring"),
    "phone": ("telephone, tel, gsm, numero de telephone", "telefoon, telefoonnummer", "phone, telephone"),
    "email": ("e mail, mail, courriel, adresse mail", "e mailadres, mailadres", "email, e mail address"),
    "street": ("rue, adresse, rue et numero", "straat, adres, straat en nummer", "street, address"),
    "postal_code": ("code postal, cp", "postcode", "postal code, zip"),
    "commune": ("commune, ville, localite", "gemeente, stad", "municipality, city"),
    "latitude": ("lat", "breedtegraad", "latitude"),
    "longitude": ("lon, lng, long", "lengtegraad", "longitude"),
    "occurrences": ("dates", "data", "dates"),
    "myths": ("idees recues", "misvattingen", "misconceptions"),
    "keywords": ("mots cles, mot cle", "trefwoorden, sleutelwoorden", "keyword"),
    "verified_on": ("verifie le", "nagekeken op", "verified"),
    "status": ("statut, etat", "toestand", "state"),
}


def _read_spoken() -> dict[str, tuple[str, str | None]]:
    """Heading → (column without language, the language of the heading; None where it is a word of several)."""
    found: dict[str, tuple[str, str | None]] = {}
    for base, spoken in _SPOKEN.items():
        for language, headings in zip(LANGUAGES, spoken, strict=True):
            for heading in [base.replace("_", " "), *headings.split(", ")]:
                ours = found.get(heading) in (None, (base, language))
                found[heading] = (base, language if ours and heading != base else None)
    return found


_BASE_OF = _read_spoken()


def guess_column(heading: str) -> str | None:
    """The column that a heading names, in French, Dutch or English; None where it names none for certain."""
    if heading in COLUMNS:
        return heading
    spoken = [word.folded for word in words(heading.replace("_", " "))]
    language = next((_LANGUAGE_OF[word] for word in reversed(spoken) if word in _LANGUAGE_OF), None)
    plain = " ".join(word for word in spoken if word not in _LANGUAGE_OF)
    if plain.replace(" ", "_") in COLUMNS and not language:
        return plain.replace(" ", "_")
    base, usual = _BASE_OF.get(plain, (plain.replace(" ", "_"), None))
    if f"{base}_{LANGUAGES[0]}" in COLUMNS:
        spoken_in = language or usual
        return f"{base}_{spoken_in}" if spoken_in else None
    return base if base in COLUMNS and not language else None


def near_columns(heading: str) -> list[str]:
    """Columns whose name is like the heading."""
    folded = "_".join(word.folded for word in words(heading.replace("_", " ")))
    return difflib.get_close_matches(folded, COLUMNS, n=2)


def recall_mapping(session: Session, headings: Sequence[str]) -> dict[str, str | None]:
    """What was said about a table with the same headings; empty where nothing was."""
    row = session.get(ColumnMapping, _fingerprint(headings))
    return {heading: column for heading, column in row.columns.items() if _is_known(column)} if row else {}


def remember_mapping(
    session: Session, headings: Sequence[str], mapping: Mapping[str, str | None], *, now: datetime
) -> None:
    """Keep what a person said, for the next table with the same headings."""
    key = _fingerprint(headings)
    values = {"columns": dict(mapping), "used_at": now}
    changed = sa.update(ColumnMapping).where(ColumnMapping.fingerprint == key).values(**values)
    if session.scalar(changed.returning(ColumnMapping.fingerprint)) is None:
        insert_new(session, ColumnMapping, [{"fingerprint": key, **values}])


def _is_known(column: str | None) -> bool:
    return column is None or column in COLUMNS


def _fingerprint(headings: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(headings)).encode()).hexdigest()
