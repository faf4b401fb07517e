"""The small extractors by themselves: costs, persons, contacts, easy-read marks, themes, languages, profiles."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.calibration import calibrated
from crawler.contacts import is_desk, phones_in, without_persons
from crawler.costs import read_cost
from crawler.easy_read import find_easy_read
from crawler.fields import label_of
from crawler.findings import MAX_QUOTE, Line, cut_quote
from crawler.languages import detect
from crawler.near_duplicates import MAX_DISTANCE, distance, simhash
from crawler.people import find_people
from crawler.site_profiles import find_profile, profiles
from crawler.summaries import quoted
from crawler.themes import find_themes, singular
from directory.schemas import load_resource


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("15 € (5 € pour les BIM)", {"kind": "paid", "amount_eur": 15.0, "bim_amount_eur": 5.0}),
        ("12 euro, 4 euro met verhoogde tegemoetkoming", {"kind": "paid", "amount_eur": 12.0, "bim_amount_eur": 4.0}),
        ("PAF: 25€ / BIM: 10€", {"kind": "paid", "amount_eur": 25.0, "bim_amount_eur": 10.0}),
        ("Gratuit pour les BIM, 10 € pour les autres", {"kind": "partly", "amount_eur": 10.0, "bim_amount_eur": 0.0}),
        ("tarif plein 20 € - tarif réduit 10 €", {"kind": "paid", "amount_eur": 20.0}),
        ("1.250,50 €", {"kind": "paid", "amount_eur": 1250.5}),
        ("entrée libre", {"kind": "free"}),
        ("selon vos revenus", {"kind": "partly"}),
        ("à discuter", None),
    ],
)
def test_a_price_is_read_with_its_reduction(text: str, cost: dict[str, Any] | None) -> None:
    assert read_cost(text, priced=True) == cost


@pytest.mark.parametrize(
    "text",
    [
        "Un subside de 10.000 € a été accordé.",
        "Appelez le numéro gratuit 0800 12 345.",
        "Un bâtiment sans fumée: smoke free.",
        "L'allocation s'élève à 698,65 € en 2022.",
        "Parking gratuit.",
    ],
)
def test_money_and_free_things_that_are_no_price_are_left_alone(text: str) -> None:
    assert read_cost(text, priced=False) is None


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Contact : Amal Haddad, coordinatrice", ["Amal Haddad"]),
        ("Animé par Fatou Diallo, psychologue", ["Fatou Diallo"]),
        ("avec Mme Peeters et Dr. Van den Bossche", ["Mme Peeters", "Dr. Van den Bossche"]),
        ("Marie-Claire de Smet vous répond", ["Marie-Claire de Smet"]),
        ("rue Paul Hymans 3", []),
        ("Hôpital Saint-Pierre Bruxelles", []),
        ("Une initiative de la Maison Médicale du Tilleul", []),
        ("Service Social du Bassin Nord", []),
    ],
)
def test_persons_are_known_and_houses_are_not_taken_for_them(text: str, people: list[str]) -> None:
    assert [text[start:end] for start, end in find_people(text)] == people


@pytest.mark.parametrize(
    "address",
    [
        "info@a.example",
        "ssm@passerelle.example",
        "gt-logement@a.example",
        "vaccinquiz@a.example",
        "tilleul@tilleul.example",
    ],
)
def test_a_desk_has_an_address(address: str) -> None:
    assert is_desk(address)


@pytest.mark.parametrize(
    "address",
    [
        "marie.dupont@a.example",
        "m.dupont@a.example",
        "sophie@a.example",
        "quelquun123@gmail.com",
        "amal.haddad@a.example",
    ],
)
def test_a_person_s_address_is_no_desk_s(address: str) -> None:
    assert not is_desk(address)


def test_a_surname_on_the_page_makes_an_address_a_person_s() -> None:
    assert is_desk("haddada@a.example")
    assert not is_desk("haddada@a.example", {"haddad"})


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Tél. 02 318 60 55", ["+3223186055"]),
        ("02/614.37.50", ["+3226143750"]),
        ("0800/32.123", ["+3280032123"]),
        ("+32 (0)2 512 03 04", ["+3225120304"]),
        ("Appelez le 107, jour et nuit", ["107"]),
        ("Fax : 02 318 60 56", []),
        ("Du 12/03/2026 au 15/03/2026", []),
        ("BE 0412.345.678", []),
        ("Marie Dupont : 0478 12 34 56", []),
    ],
)
def test_phone_numbers_of_organisations_are_read_in_their_many_spellings(text: str, numbers: list[str]) -> None:
    assert [number for number, *_ in phones_in(text)] == numbers


def test_a_quote_keeps_what_is_not_personal() -> None:
    quote = without_persons(
        "Marie Dupont, 0478 12 34 56, marie.dupont@a.example ou le secrétariat : 02 425 11 22, info@a.example"
    )
    assert "02 425 11 22, info@a.example" in quote
    assert not [part for part in ("Marie", "0478", "dupont") if part in quote]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Cette brochure existe en FALC.", "written"),
        ("Document rédigé en facile à lire et à comprendre, relu par des personnes concernées.", "tested"),
        ("De folder is geschreven in eenvoudige taal.", "written"),
        ("Il faut adapter les supports en FALC pour atteindre un maximum de personnes.", None),
        ("Une formation pour apprendre à écrire en FALC", None),
    ],
)
def test_easy_read_is_a_mark_of_the_resource_not_a_mention(text: str, level: str | None) -> None:
    found = find_easy_read("Un titre", [Line(text)])
    assert (found.value if found else None) == level


@pytest.mark.parametrize(
    ("title", "theme"),
    [
        ("Café deuil", "grief"),
        ("Praatcafé voor mantelzorgers", "carers"),
        ("Balade pour seniors", "physical_activity"),
        ("Vaccination contre la grippe", "vaccination"),
        ("Une soirée en ville", None),
    ],
)
def test_a_title_tells_the_theme(title: str, theme: str | None) -> None:
    found = find_themes(title, [Line(title, "h1", 1)])
    assert (theme in found.value) if theme and found else (found is None and theme is None)


def test_plurals_are_one_word_but_the_old_are_no_parents() -> None:
    assert singular("vaccins") == singular("vaccin")
    assert singular("ouderen") != singular("ouders")


def test_a_short_text_has_no_language_and_a_clear_one_overrules_its_claim() -> None:
    assert detect("Contact", "fr") == (None, 0.0)
    assert (
        detect(
            "Wij helpen mantelzorgers en hun familie met een gesprek, een bezoek of een vorming in de buurt.", "fr-BE"
        )[0]
        == "nl"
    )


def test_labels_are_known_in_three_languages_and_sentences_are_none() -> None:
    assert [label_of(text) for text in ("Prix :", "Wanneer?", "Who is it for?", "Où ?")] == [
        "cost",
        "date",
        "audience",
        "place",
    ]
    assert label_of("Le prix de la consultation dépend de votre mutuelle") is None


def test_quotes_are_short_and_hold_what_they_are_cut_around() -> None:
    text = "mot " * 200 + "LE 12 MARS" + " mot" * 200
    quote = cut_quote(text, text.index("LE"), text.index("LE") + 10)
    assert "LE 12 MARS" in quote
    assert len(quote) <= MAX_QUOTE + 4


def test_an_extract_is_marked_and_cut_at_a_sentence() -> None:
    assert quoted("Une phrase.", "fr") == "« Une phrase. »"
    assert quoted("Phrase une est assez longue pour compter. " * 20, "nl").endswith("compter.’")


def test_texts_that_differ_a_little_are_near_and_others_far() -> None:
    text = " ".join(f"Le groupe {n} parle de choses différentes chaque semaine au numéro {n * 7}." for n in range(60))
    other = " ".join(
        f"Les vaccins {n} protègent contre des maladies connues, voici pourquoi {n * 3}." for n in range(60)
    )
    first, second, third = (simhash(one) for one in (text, text + " Lire la suite.", other))
    assert first is not None
    assert second is not None
    assert third is not None
    assert distance(first, second) <= MAX_DISTANCE < distance(first, third)
    assert simhash("trop court") is None


def test_the_shipped_profiles_are_valid_and_found_by_host() -> None:
    assert find_profile("https://www.bassin-sud.brussels/x")["organisation"]["name"] == "Bassin Sud"
    assert find_profile("https://ailleurs.example/") == {}
    for profile in profiles().values():
        load_resource(
            {
                "id": "abc",
                "type": "service",
                "title": {"fr": "x"},
                "themes": ["grief"],
                "basins": ["nord"],
                "organisations": [profile["organisation"]],
            }
        )


@pytest.mark.parametrize("field", ["title", "type", "basins", "themes", "anything"])
def test_calibration_keeps_the_order(field: str) -> None:
    values = [calibrated(field, points / 20) for points in range(21)]
    assert values == sorted(values)
    assert 0 <= values[0] <= values[-1] < 1
