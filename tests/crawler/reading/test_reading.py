"""Whole pages: their kind, and the fields of a resource with their evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.page import Reading
from directory.schemas import load_resource

Reader = Callable[..., Reading]


def test_a_page_of_an_activity_gives_every_field(read_saved: Reader) -> None:
    reading = read_saved("cafe-deuil")
    resource = reading.resource
    assert (reading.kind, reading.language) == ("resource", "fr")
    assert resource["title"] == {"fr": "Café deuil à Jette"}
    assert resource["organisations"] == [{"name": "Les Bruyères asbl", "url": "https://www.asbl.example/"}]
    assert resource["basins"] == ["nord"]
    assert "grief" in resource["themes"]
    assert resource["cost"] == {"kind": "paid", "amount_eur": 5.0, "bim_amount_eur": 2.0}
    assert resource["recurring"] is True
    assert [(one["start"], one["end"]) for one in resource["occurrences"]] == [
        ("2026-03-12T14:00:00+01:00", "2026-03-12T16:00:00+01:00"),
        ("2026-04-09T14:00:00+02:00", "2026-04-09T16:00:00+02:00"),
        ("2026-05-07T14:00:00+02:00", "2026-05-07T16:00:00+02:00"),
    ]
    assert resource["contact"]["phone"] == "+3224251122"
    assert resource["contact"]["email"] == "info@bruyeres.example"
    assert resource["source"] == {
        "kind": "crawl",
        "url": "https://www.asbl.example/activites/une-page",
        "retrieved_on": "2026-01-20",
    }


def test_a_dutch_page_without_semantic_elements_is_read_too(read_saved: Reader) -> None:
    resource = read_saved("intervisie").resource
    assert resource["title"] == {"nl": "Intervisie voor thuisverpleegkundigen"}
    assert resource["type"] == "intervision"
    assert resource["basins"] == ["nord"]
    assert resource["audiences"] == ["professionals"]
    assert resource["cost"] == {"kind": "free"}
    assert resource["organisations"][0]["name"] == "Zorgpunt Noord vzw"
    assert {"url": "https://forms.gle/xyz", "kind": "registration"} in resource["links"]
    assert [one["start"][:16] for one in resource["occurrences"]] == ["2026-02-03T13:30", "2026-04-14T13:30"]


def test_every_field_has_evidence_a_place_and_a_confidence(read_saved: Reader) -> None:
    reading = read_saved("cafe-deuil")
    fields = set(reading.resource) - {"id", "links", "source"}
    assert set(reading.evidence) == set(reading.places) == set(reading.field_confidence) == fields
    assert all(reading.evidence.values())
    assert all(reading.places.values())
    assert all(0.3 <= sure <= 1 for sure in reading.field_confidence.values())


def test_names_of_persons_reach_neither_resource_nor_evidence(read_saved: Reader) -> None:
    reading = read_saved("cafe-deuil")
    said = f"{reading.resource} {reading.evidence}"
    assert not [word for word in ("Marie", "Dupont", "0478", "marie.dupont") if word in said]


@pytest.mark.parametrize("name", ["cafe-deuil", "intervisie", "helpdesk"])
def test_what_is_read_can_be_accepted_as_it_is(read_saved: Reader, name: str) -> None:
    loaded = load_resource({**read_saved(name).resource, "status": "published"})
    assert loaded["status"] == "published"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("agenda", "listing"), ("not-found", "soft_404"), ("equipe", "other"), ("helpdesk", "resource")],
)
def test_pages_that_are_no_resource_are_told_apart(read_saved: Reader, name: str, kind: str) -> None:
    reading = read_saved(name)
    assert reading.kind == kind
    assert bool(reading.resource) is (kind == "resource")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b"<html><body><div id='app'></div><script>go()</script></body></html>", "empty"),
        (b"<div>" * 100_000 + b"text", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 50, "other"),
    ],
)
def test_bodies_without_a_page_in_them_have_a_kind_too(read_page: Reader, body: bytes, kind: str) -> None:
    assert read_page(body, content_type="image/png" if body[:1] == b"\x89" else "text/html").kind == kind


def test_the_hash_stays_when_only_the_surroundings_change(read_saved: Reader, read_page: Reader) -> None:
    body = (Path(__file__).parent / "pages" / "cafe-deuil.html").read_text(encoding="utf-8")
    changed = (
        body.replace("© 2026", "© 2027")
        .replace("Autres activités", "À lire aussi")
        .replace("02/512.33.44", "02/512.33.45")
    )
    edited = body.replace("de 14h à 16h", "de 15h à 17h")
    same = read_saved("cafe-deuil").content_hash
    assert read_page(changed).content_hash == same
    assert read_page(edited).content_hash != same


def _localised(**basins: Any) -> dict[str, Any]:
    return {"name": "source", **basins}


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("Une activité du Bassin Nord pour tous les professionnels du secteur social-santé.", [], ["nord"]),
        ("Een aanbod van zorgzone Noord-Oost voor iedereen die in de wijk werkt of woont.", [], ["nord-est"]),
        ("Rendez-vous devant la Gare du Nord, près du quartier Nord, pour une marche à plusieurs.", ["sud"], ["sud"]),
        (
            "Ce service est ouvert à toute la Région bruxelloise, dans les 19 communes et sans rendez-vous.",
            ["nord"],
            ["region"],
        ),
        (
            "Un accueil pour les habitants d'Anderlecht et de Molenbeek, chaque matin de la semaine.",
            ["region"],
            ["centre-ouest"],
        ),
        (
            "Nos bureaux se trouvent chaussée de Jette, et nous accompagnons des personnes endeuillées.",
            ["sud"],
            ["sud"],
        ),
    ],
)
def test_basins_come_from_named_basins_and_communes_never_from_north_alone(
    read_page: Reader, text: str, given: list[str], expected: list[str]
) -> None:
    body = f"<html lang=fr><title>Groupe de parole</title><main><h1>Groupe de parole après un deuil</h1><p>{text}</p><p>{text}</p></main>"
    assert read_page(body, source=_localised(basins=given)).resource["basins"] == expected


def test_a_page_says_its_language_by_its_words_not_by_its_claim(read_page: Reader) -> None:
    body = (
        "<html lang=nl><title>Groupe de parole</title><main><h1>Groupe de parole pour les proches</h1>"
        "<p>Nous nous retrouvons une fois par mois pour parler de ce que nous vivons avec un proche malade, dans un cadre "
        "respectueux et sans jugement, avec une psychologue de la maison médicale.</p></main>"
    )
    reading = read_page(body)
    assert (reading.language, list(reading.resource["title"])) == ("fr", ["fr"])


def test_twins_come_from_hreflang_and_become_links(read_page: Reader) -> None:
    body = (
        '<html lang=fr><head><title>Formation deuil</title><link rel=alternate hreflang=nl-BE href="/nl/vorming-rouw">'
        "<link rel=alternate hreflang=fr href=/activites/une-page></head><main><h1>Formation deuil périnatal</h1>"
        "<p>Une formation de deux jours pour les professionnels qui accompagnent des parents endeuillés, en petit groupe.</p></main>"
    )
    reading = read_page(body)
    assert reading.twins == {"nl": "https://www.asbl.example/nl/vorming-rouw"}
    assert {"url": "https://www.asbl.example/nl/vorming-rouw", "language": "nl", "kind": "page"} in reading.resource[
        "links"
    ]
