"""Persons are recognised by where a name stands, houses and places are not taken for persons."""

from __future__ import annotations

import pytest

from crawler.people import find_people

PERSONS = [
    ("Info bij Leen De Backer, 0478 12 03 27.", "Leen De Backer"),
    ("Notaris Filip Verbruggen legt uit", "Filip Verbruggen"),
    ("Exposé d’Anouk Peremans, puis questions.", "Anouk Peremans"),
    ("Animée par Aurélien Scieur, infirmier en psychiatrie.", "Aurélien Scieur"),
    ("Ghislaine Thonnard-Pirotte · 15 mai 2026 · 2 min de lecture", "Ghislaine Thonnard-Pirotte"),
    ("Lieselot Van Humbeeck · il y a 3 jours", "Lieselot Van Humbeeck"),
    ("présenté par Idriss Makhlouf, infirmier.", "Idriss Makhlouf"),
    ("Contact : Zineb El Khattabi – 0485 11 12 13", "Zineb El Khattabi"),
    ("Inschrijven bij Goedele Persoons: goedele@zenne.example", "Goedele Persoons"),
    ("Vragen? Bel Mieke (0478 11 12 13)", "Mieke"),
    ("Spreker: prof. dr. Wolfgang Maes, UZ Brussel", "Wolfgang Maes"),
    ("Door: Renske Alderweireld | 12/03/2026", "Renske Alderweireld"),
    ("Vertel je verhaal aan Fien Desmedt van het wijkteam.", "Fien Desmedt"),
    ("Auteur·e : Philothée Gaillard", "Philothée Gaillard"),
    ("Meet Wren Halloran, our new nurse", "Wren Halloran"),
    ("Verantwoordelijke uitgever: Tuur Hendrickx, Vaartstraat 12", "Tuur Hendrickx"),
    ("Éd. resp. : Ornella Fabri, rue Haute 12", "Ornella Fabri"),
    ("La psychologue Oriane Delvigne anime le groupe.", "Oriane Delvigne"),
]
NOBODY = [
    "Passerelle Mamans asbl", "V.U.: Hestia Brussels", "bij Wijkwerk Zenne", "Maison médicale du Tilleul",
    "Huis van het Kind Anderlecht", "avec Bruxelles Laïque", "met steun van de Vlaamse Gemeenschapscommissie",
    "par Kind en Gezin", "met Sociaal Vervoer Brussel", "in samenwerking met Welzijnszorg Kessel",
    "door Brede School Kuregem", "avec Maman Soleil", "par Dokters van de Wereld", "d’Infirmiers de Rue",
    "Info: Buurthuis Bonnevie", "inschrijven bij Wijkcentrum De Zenne", "rue Marie Depage 3, 02 512 11 12",
    "avec Aidants Proches Bruxelles et PsyBru", "par Similes Bruxelles", "door Lokaal Dienstencentrum Cosmos",
    "avec Lire et Écrire", "with Doctors of the World", "Rendez-vous à Sint-Jans-Molenbeek", "Parc Josaphat",
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), PERSONS)
def test_a_person_is_found(text: str, name: str) -> None:
    assert any(name in text[start:end] for start, end in find_people(text))


@pytest.mark.parametrize("text", NOBODY)
def test_a_house_or_a_place_is_no_person(text: str) -> None:
    assert [text[start:end] for start, end in find_people(text)] == []
