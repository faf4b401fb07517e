"""Persons by where a name stands, and houses that are none."""

from __future__ import annotations

import pytest

from crawler.contacts import without_persons
from crawler.people import find_people, find_unknown_names

NAMED: list[tuple[str, list[str]]] = [
    ("Exposé par Aïssatou Verhaegen-Ndiaye, gériatre", ["Aïssatou Verhaegen-Ndiaye"]),
    ("avec Ghislaine Thonnard-Pirotte et Wannes Kerckhofs", ["Ghislaine Thonnard-Pirotte", "Wannes Kerckhofs"]),
    ("Présidente : Odile Massaux-Rigo", ["Odile Massaux-Rigo"]),
    (
        "Odile Massaux-Rigo (présidente), Bertin Nkulu (trésorier), Zuhal Aydin (secrétaire)",
        ["Odile Massaux-Rigo", "Bertin Nkulu", "Zuhal Aydin"],
    ),
    ("Contact: Kyandra Mutombo – 02 555 12 12", ["Kyandra Mutombo"]),
    ("Inscriptions auprès de Snezana Petrović : s.petrovic@asso.example", ["Snezana Petrović"]),
    ("Dr Hendrickx et le professeur Van Acker répondront à vos questions", ["Hendrickx", "Van Acker"]),
    ("Welkom aan onze nieuwe collega Roxanneke Smeyers!", ["Roxanneke Smeyers"]),
    ("Gastspreker: prof. dr. Liesa Bruggeman (VUB)", ["Liesa Bruggeman"]),
    ("Begeleid door Yücel Demirtaş en Fien Goethals", ["Yücel Demirtaş", "Fien Goethals"]),
    ("Meer info bij Jorine Claeskens, jorine@zorg.example", ["Jorine Claeskens"]),
    ("Spreker is Thierno Baldé, huisarts in Molenbeek", ["Thierno Baldé"]),
    ("Led by Oluwaseun Adeyemi, community nurse", ["Oluwaseun Adeyemi"]),
    ("Ask for Priyanka at the front desk, or email Priyanka Raman.", ["Priyanka Raman"]),
    ("Mme Vandermeulen vous reçoit le lundi.", ["Vandermeulen"]),
    ("Me. Castaigne, avocate", ["Castaigne"]),
    ("Texte : Noémie Lhoir · Photos : Ettore Bianchi", ["Noémie Lhoir", "Ettore Bianchi"]),
    ("Témoignage d’Hortense Kabongo, aidante proche depuis dix ans", ["Hortense Kabongo"]),
    ("La journée sera ouverte par l’échevine Zoubida Jellab", ["Zoubida Jellab"]),
    ("M. et Mme De Bruyne", ["De Bruyne"]),
    ("Intervenants : C. Lambrechts (UCLouvain), P. Okonkwo (Médecins du Monde)", ["C. Lambrechts", "P. Okonkwo"]),
    ("JANSSENS Marie-Ange, assistante sociale", ["JANSSENS Marie-Ange"]),
    ("Personne de contact : Vandevelde Krista", ["Vandevelde Krista"]),
    ("Coördinatie: Ann-Sofie Desmedt en Moustapha Ba", ["Ann-Sofie Desmedt", "Moustapha Ba"]),
    ("Illustrations de Philomeen Dhaese", ["Philomeen Dhaese"]),
    ("Au micro : la sociologue Rinske Vandeputte", ["Rinske Vandeputte"]),
    ("Cordialement,  Benedikte Haesaerts", ["Benedikte Haesaerts"]),
]
HOUSES = [
    "Le service est ouvert avec Télé-Accueil Bruxelles et Médecins du Monde.",
    "Par Actiris et Bruxelles Formation",
    "avec Bruxelles Propreté",
    "Espace Magh, rue du Poinçon",
    "Salle Jean Bourgeois",
    "Organisé par Vivalis Brussels",
    "In samenwerking met Huis voor Gezondheid",
    "door Solidaris Brabant",
    "Hôpital Erasme",
    "Clinique Saint-Jean",
    "avec Le Petit Vélo Jaune",
    "with Brussels Care Link",
    "door Wijkpunt Zenne",
    "par Similes Bruxelles",
    "avec Croix-Rouge Jette",
    "Parc Josaphat",
    "rue Marie Depage 12",
    "Place Eugène Flagey",
    "Institut Jules Bordet",
    "Prix Marie Popelin",
    "Fondation Roi Baudouin",
    "Koning Boudewijnstichting",
    "Contact : Service Social",
    "Contact : Planning Familial Josaphat",
    "Coordination : Bassin Nord",
    "Animation : Maison Médicale du Nord",
    "with Doctors of the World",
    "avec Brussels Platform Armoede",
    "Téléphone Vert",
    "Lundi Mardi",
]


@pytest.mark.parametrize(("text", "names"), NAMED)
def test_a_person_is_known_by_role_cue_initial_or_neighbour(text: str, names: list[str]) -> None:
    found = [text[start:end] for start, end in find_people(text)]
    assert all(any(name in one for one in found) for name in names)


@pytest.mark.parametrize("text", HOUSES)
def test_a_house_is_no_person(text: str) -> None:
    assert find_people(text) == []


def test_two_words_that_nobody_knows_are_hidden_and_an_address_is_kept() -> None:
    text = "Ce soir, Quirijn Absilovic raconte ; rendez-vous chez Petit Zwinnenhof 12."
    assert [text[start:end] for start, end in find_unknown_names(text, set())] == ["Quirijn Absilovic"]
    assert "Absilovic" not in without_persons(text, set())
    assert "Absilovic" in without_persons(text, {"absilovic"}), "the page writes it in small letters: it is a word"
