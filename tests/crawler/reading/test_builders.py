"""The same pages as ten site builders write them: kind, title and main text do not depend on the builder."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from making_builders import ASIDE, BUILDERS, COOKIES, MENU, SITE, Builder, Content

from crawler.page import Reading

Reader = Callable[..., Reading]
RESOURCE = Content(
    "Café des aidants proches",
    (
        "Une fois par mois, des personnes qui aident un proche malade ou âgé se retrouvent autour d’un café pour souffler et échanger, avec une psychologue.",
        "Le jeudi 14 janvier 2027 de 14h à 16h, à la Maison de quartier, rue Gallait 60, 1030 Schaerbeek.",
        "Pour les aidants proches de tous les âges. Participation gratuite, sans inscription.",
        "Renseignements : 02 244 10 12.",
    ),
)
SERVICE = Content(
    "Permanence sociale du quartier",
    (
        "Une assistante sociale vous reçoit pour vos papiers, vos factures et vos droits, sans rendez-vous.",
        "Ouvert à tous les habitants du quartier, le mardi de 9h à 12h.",
        "Gratuit.",
        "Tél. 02 244 10 14",
    ),
)
LISTING = Content(
    "Nos activités du moment",
    (),
    tuple(
        (title, f"{title} : une activité ouverte à toutes et tous, au cœur du quartier, chaque semaine.")
        for title in (
            "Atelier cuisine",
            "Café des aidants",
            "Table de conversation",
            "Balade santé",
            "Potager partagé",
            "Salon de lecture",
        )
    ),
)
CONTACT = Content(
    "Nous contacter",
    (
        "Vous pouvez nous joindre du lundi au vendredi de 9h à 16h.",
        "Réseau Coin de Rue asbl, rue des Palais 44, 1030 Schaerbeek. Téléphone 02 244 10 10, courriel bonjour@coinderue.example.",
    ),
)
everywhere = pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)


def _read(reader: Reader, build: Builder, content: Content, path: str) -> Reading:
    return reader(build(content), url=f"https://coinderue.example/{path}")


@everywhere
@pytest.mark.parametrize("content", [RESOURCE, SERVICE], ids=["an event", "a service"])
def test_a_resource_is_read_from_any_builder(read_page: Reader, build: Builder, content: Content) -> None:
    reading = _read(read_page, build, content, "cafe-des-aidants")
    assert reading.kind == "resource"
    assert reading.resource["title"] == {"fr": content.title}
    for text in content.paragraphs:
        assert text in reading.text.replace("\n", " ")
    assert not [text for text in (*ASIDE, COOKIES) if text in reading.text]
    assert reading.resource["cost"]["kind"] == "free"
    assert SITE in reading.resource["organisations"][0]["name"]
    starts = [one["start"][:16] for one in reading.resource.get("occurrences", ())]
    assert starts == (["2027-01-14T14:00"] if content is RESOURCE else [])


@everywhere
def test_a_menu_is_no_main_text(read_page: Reader, build: Builder) -> None:
    summary = _read(read_page, build, RESOURCE, "cafe-des-aidants").resource["summary"]["fr"]
    assert not [text for text in MENU if text in summary]


@everywhere
def test_a_list_leads_to_others_in_any_builder(read_page: Reader, build: Builder) -> None:
    assert _read(read_page, build, LISTING, "en-ce-moment").kind == "listing"


@everywhere
def test_a_contact_page_is_no_resource_in_any_builder(read_page: Reader, build: Builder) -> None:
    assert _read(read_page, build, CONTACT, "joindre").kind == "other"
