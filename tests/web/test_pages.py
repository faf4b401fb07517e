"""The public pages without a browser: addresses, languages, permalinks, caching, what is escaped, what is said.

Longer than 300 lines: the pages share one site and one reader of their HTML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.catalogue import Change, create_resource
from directory.imports import import_files
from directory.settings import Settings
from directory.taxonomy import taxonomy
from web.app import create_app
from web.wiring import wire

FULL = {
    "id": "cafe-du-fleuve",
    "type": "event",
    "title": {"fr": "Café du fleuve"},
    "summary": {"fr": "Une rencontre <b>au bord</b> de l’eau."},
    "description": {"fr": "# Venir\n\nOn **parle**.\n\n<script>alert(1)</script>\n\n![x](https://e.be/x.png) [lien](javascript:alert(1)) [bon](https://e.be/)"},
    "how_made": {"steps": {"fr": "D’abord *écouter*."}, "recurring_since": "2019"},
    "organisations": [{"name": "Asbl Fleuve </script><i>", "url": "https://fleuve.be/"}],
    "links": [{"url": "https://www.fleuve.be/inscription", "kind": "registration", "language": "nl"}],
    "languages": ["fr", "nl"],
    "themes": ["grief"],
    "basins": ["nord", "sud"],
    "audiences": ["professionals"],
    "cost": {"kind": "paid", "amount_eur": 12.5, "bim_amount_eur": 4, "note": {"fr": "Repas compris."}, "checked_on": "2026-10-01"},
    "easy_read": "tested",
    "recurring": True,
    "contact": {"phone": "+3223186055", "email": "info@fleuve.be", "address": {"street": "Quai 1", "postal_code": "1000", "commune": "Bruxelles"}},
    "location": {"latitude": 50.87, "longitude": 4.34},
    "occurrences": [{"start": "2027-01-12T13:30:00+01:00", "place": "Laeken"}],
    "myths": ["flu_vaccine_gives_flu"],
    "source": {"kind": "curated", "url": "https://fleuve.be/agenda", "citation": "Agenda", "retrieved_on": "2026-11-20"},
    "verified_on": "2026-11-24",
    "status": "published",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app on the shipped catalogue and one entry that has every field."""
    services = wire(Settings(data_dir=tmp_path_factory.mktemp("senne"), base_url="https://senne.example"))
    services.database.migrate()
    shipped = Path(str(files("directory").joinpath("data", "catalogue.jsonl")))
    import_files(services.database, [shipped], Change("tests", "the shipped catalogue"))
    with services.database.write() as session:
        create_resource(session, FULL, Change("tests", "an entry with every field"))
    services.indexer.rebuild()
    yield create_app(services.settings, services=services)
    services.database.close()


@pytest.fixture
def reader(site: Flask) -> FlaskClient:
    return site.test_client()


class Tags(HTMLParser):
    """Every start tag with its attributes, and the text of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            found
            for name, found in self.tags
            if name == tag and all(found.get(key.rstrip("_")) == value for key, value in attributes.items())
        ]

    def css(self, name: str) -> list[dict[str, str | None]]:
        return [found for _, found in self.tags if name in (found.get("class") or "").split()]


def get(reader: FlaskClient, path: str, status: int = 200, **headers: str) -> TestResponse:
    response = reader.get(path, headers={key.replace("_", "-"): value for key, value in headers.items()})
    assert response.status_code == status, response.text[:500]
    return response


def tags(reader: FlaskClient, path: str, status: int = 200) -> Tags:
    return Tags(get(reader, path, status).text)


def hits(page: Tags) -> list[str]:
    return [(found["id"] or "").removeprefix("r-") for found in page.css("card")]


EVERY_PAGE = [
    "/fr/", "/nl/", "/en/", "/fr/ressources", "/nl/ressources?q=rouw", "/en/ressources?q=1000&basin=nord",
    "/fr/ressources?q=zzzxxq&basin=nord", "/fr/ressources/cafe-du-fleuve", "/nl/ressources/pspa-pallium", "/nl/themes/vaccination",
    "/en/bassins/sud", "/fr/bassins/region", "/fr/a-propos", "/nl/about", "/fr/proposer", "/nl/proposer/merci",
    "/en/ressources/cafe-du-fleuve/signaler",
]  # fmt: skip


@pytest.mark.parametrize(
    ("accepts", "lang"),
    [("nl-BE,nl;q=0.9,fr;q=0.5", "nl"), ("fr", "fr"), ("en-GB", "en"), ("de", "fr"), ("", "fr")],
)
def test_the_bare_address_leads_to_the_language_asked_for(reader: FlaskClient, accepts: str, lang: str) -> None:
    response = get(reader, "/", 302, Accept_Language=accepts)
    assert response.location == f"/{lang}/"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_says_its_language_title_and_twins(reader: FlaskClient, path: str) -> None:
    page = tags(reader, path)
    lang = path[1:3]
    assert page.all("html")[0]["lang"] == lang
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    twins = {found["hreflang"]: found["href"] for found in page.all("link", rel="alternate")}
    assert set(twins) == {"fr", "nl", "en"}
    assert all((href or "").startswith(f"https://senne.example/{code}/") for code, href in twins.items())


@pytest.mark.parametrize("path", [*EVERY_PAGE, "/fr/nulle-part", "/nl/ressources?basin=atlantis"])
def test_no_page_holds_a_script_or_a_style_of_its_own(reader: FlaskClient, path: str) -> None:
    page = Tags(reader.get(path).text)
    assert page.all("style") == []
    assert [found for _, found in page.tags if "style" in found] == []
    assert [name for _, found in page.tags for name in found if name.startswith("on") or name.startswith("hx-on")] == []
    scripts = [found for found in page.all("script") if found.get("type") != "application/ld+json"]
    assert all((found["src"] or "").startswith("/assets/") for found in scripts)


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_ids_are_unique_and_every_page_link_leads_somewhere(reader: FlaskClient, path: str) -> None:
    page = tags(reader, path)
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids))
    for found in page.all("a"):
        href = found["href"] or ""
        assert not href.startswith("#") or href[1:] in ids
    inside = sorted({href for found in page.all("a") if (href := found["href"] or "").startswith("/")})
    for href in inside[:: max(1, len(inside) // 12)]:
        assert reader.get(href).status_code == 200, href


def test_the_language_switch_keeps_place_and_query(reader: FlaskClient) -> None:
    page = tags(reader, "/fr/ressources?q=fin+de+vie&basin=nord&basin=sud")
    dutch = next(found["href"] for found in page.all("a", hreflang="nl"))
    assert dutch == "/nl/ressources?q=fin+de+vie&basin=nord&basin=sud"
    assert page.all("a", hreflang="fr")[0]["aria-current"] == "true"


def test_a_search_finds_the_entry_and_marks_the_word(reader: FlaskClient) -> None:
    response = get(reader, "/fr/ressources?q=pspa")
    assert hits(Tags(response.text))[0] == "pspa-pallium"
    assert "<mark>PSPA</mark>" in response.text


def test_the_page_and_the_catalogue_agree_on_the_count(reader: FlaskClient) -> None:
    assert "225 ressources" in tags(reader, "/fr/ressources").text
    assert "225 resultaten" in tags(reader, "/nl/ressources").text
    assert "225 resources" in tags(reader, "/en/ressources").text


def test_local_entries_stand_before_those_for_all_of_brussels(reader: FlaskClient) -> None:
    page = get(reader, "/fr/ressources?basin=nord&per_page=100").text
    local, regional = page.index("Dans le Bassin Nord"), page.index("Pour toute la Région")
    cards = [(found.start(), found.group(1)) for found in re.finditer(r'<p class="meta">(.*?)</p>', page)]
    assert cards
    for position, meta in cards:
        assert ("Tout Bruxelles" in meta) == (position > regional > local)


def test_scope_local_leaves_the_regional_out_and_can_be_removed(reader: FlaskClient) -> None:
    page = tags(reader, "/fr/ressources?basin=nord&scope=local")
    assert "Pour toute la Région" not in page.text
    assert page.all("input", id="f-basin-region") == []  # choosing it would be a 422
    chips = [found["href"] for found in page.css("chip")]
    assert "/fr/ressources?basin=nord" in chips
    assert "/fr/ressources" in chips  # without its basin the switch would hide everything regional


def test_each_chip_removes_its_own_filter_only(reader: FlaskClient) -> None:
    page = tags(reader, "/fr/ressources?q=soins&basin=nord&basin=sud&theme=grief&page=1")
    removed = [parse_qs(urlsplit(found["href"] or "").query) for found in page.css("chip")]
    assert removed == [
        {"q": ["soins"], "basin": ["sud"], "theme": ["grief"]},
        {"q": ["soins"], "basin": ["nord"], "theme": ["grief"]},
        {"q": ["soins"], "basin": ["nord", "sud"]},
    ]
    assert [found["href"] for found in page.css("chip-clear")] == ["/fr/ressources?q=soins"]


def test_a_chosen_value_without_results_stays_and_says_zero(reader: FlaskClient) -> None:
    html = get(reader, "/fr/ressources?q=pspa&type=pharmacy").text
    row = re.search(r'<li><label class="check none">.*?value="pharmacy".*?checked.*?<span class="count">(\d+)', html)
    assert row
    assert row.group(1) == "0"


def test_pages_follow_one_another_without_losing_the_search(reader: FlaskClient) -> None:
    page = tags(reader, "/fr/ressources?q=aide&per_page=5&page=2")
    assert page.all("a", rel="prev")[0]["href"] == "/fr/ressources?q=aide&per_page=5"
    assert page.all("a", rel="next")[0]["href"] == "/fr/ressources?q=aide&page=3&per_page=5"
    assert [found["href"] for found in page.all("a") if found.get("aria-current") == "page"] == [
        "/fr/ressources?q=aide&page=2&per_page=5"
    ]
    assert not set(hits(page)) & set(hits(tags(reader, "/fr/ressources?q=aide&per_page=5")))


def test_a_page_past_the_end_leads_back_to_the_first(reader: FlaskClient) -> None:
    page = tags(reader, "/fr/ressources?q=deuil&page=999")
    assert hits(page) == []
    assert "Il y a moins de pages que cela." in page.text
    assert any(found["href"] == "/fr/ressources?q=deuil" for found in page.all("a"))


def test_an_empty_result_says_what_to_loosen_and_how_much_that_finds(reader: FlaskClient) -> None:
    page = get(reader, "/fr/ressources?q=pspa&type=pharmacy&basin=nord").text
    without_type = re.search(
        r'href="([^"]+)"[^>]*>Sans le filtre «\u00a0Pharmacie qui vaccine\u00a0»</a> <span class="count">(\d+)', page
    )
    assert without_type
    found = tags(reader, unescape(without_type.group(1)))
    assert f"{without_type.group(2)} ressource" in found.text
    assert "Il manque quelque chose" in page
    assert "/fr/themes/grief" in page


def test_an_ambiguous_place_offers_its_basins(reader: FlaskClient) -> None:
    page = tags(reader, "/fr/ressources?q=1000")
    assert "1000 touche plusieurs bassins" in page.text
    links = [found["href"] for found in page.all("a") if "basin=" in (found["href"] or "")]
    assert "/fr/ressources?q=1000&basin=centre-ouest" in links


def test_text_that_exists_in_another_language_only_says_so_and_carries_it(reader: FlaskClient) -> None:
    page = tags(reader, "/nl/ressources?q=cafe+du+fleuve")
    titles = [found for found in page.all("a") if (found.get("href") or "").endswith("/cafe-du-fleuve")]
    assert titles[0]["lang"] == "fr"
    assert "in het Frans" in page.text
    shown = tags(reader, "/nl/ressources/cafe-du-fleuve")
    assert "in het Frans" in shown.text
    assert shown.all("section", lang="fr")
    assert "in het Frans" not in tags(reader, "/fr/ressources/cafe-du-fleuve").text


def test_htmx_gets_the_block_alone_and_caches_keep_the_two_apart(reader: FlaskClient) -> None:
    whole, part = get(reader, "/fr/ressources?q=deuil"), get(reader, "/fr/ressources?q=deuil", HX_Request="true")
    assert "HX-Request" in whole.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]
    assert part.headers["Cache-Control"] == "no-store"
    assert "<!doctype" not in part.text
    assert hits(Tags(part.text)) == hits(Tags(whole.text))
    assert Tags(part.text).all("div", id="answer")
    assert "deuil – " in part.text.split("</title>")[0]


def test_pages_are_cached_a_minute_and_answer_304(reader: FlaskClient) -> None:
    first = get(reader, "/fr/themes/grief")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = get(reader, "/fr/themes/grief", 304, If_None_Match=first.headers["ETag"])
    assert again.data == b""


def test_assets_are_kept_forever_under_an_address_of_their_content(reader: FlaskClient) -> None:
    page = tags(reader, "/fr/ressources")
    addresses = [found["href"] for found in page.all("link", rel="stylesheet")]
    addresses += [found["src"] for found in page.all("script")]
    assert len(addresses) > 5
    for address in addresses:
        assert get(reader, address or "").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    old = re.sub(r"/assets/\w+/", "/assets/000000000000/", addresses[0] or "")
    assert get(reader, old).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/fr/", "/fr/ressources?q=deuil", "/nl/ressources/pspa-pallium", "/"])
def test_no_cookie_is_set(reader: FlaskClient, path: str) -> None:
    assert "Set-Cookie" not in reader.get(path).headers


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/fr/ressources?basin=atlantis", "Chercher"),
        ("/nl/ressources?type=boek", "Zoeken"),
        ("/fr/ressources?page=0", "Chercher"),
        ("/fr/ressources?basin=region&scope=local", "Chercher"),
        ("/nl/ressources?sort=upside-down", "Zoeken"),
        ("/en/ressources?place=Atlantis", "Search"),
    ],
)
def test_a_wrong_value_is_a_422_page_in_the_readers_language(reader: FlaskClient, path: str, words: str) -> None:
    page = tags(reader, path, 422)
    assert page.all("html")[0]["lang"] == path[1:3]
    assert words in page.text
    assert page.all("input", id="q")


@pytest.mark.parametrize(
    "path", ["/fr/nulle-part", "/nl/ressources/bestaat-niet", "/en/themes/nothing", "/fr/bassins/ouest"]
)
def test_what_does_not_exist_is_a_404_page_in_the_readers_language(reader: FlaskClient, path: str) -> None:
    page = tags(reader, path, 404)
    assert page.all("html")[0]["lang"] == path[1:3]
    assert page.all("h1")


@pytest.mark.parametrize("unknown", ["utm_source=x", "fbclid=1&gclid=2"])
def test_unknown_parameters_are_ignored_on_pages(reader: FlaskClient, unknown: str) -> None:
    assert hits(tags(reader, f"/fr/ressources?q=pspa&{unknown}"))[0] == "pspa-pallium"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x>', "a" * 3000, "(" * 3000, "\x00", "🙂", "{{ 7*7 }}", "%(num)s"]
)
def test_whatever_is_typed_is_answered_and_shown_as_text(reader: FlaskClient, text: str) -> None:
    response = reader.get("/fr/ressources", query_string={"q": text})
    assert response.status_code == 200
    page = Tags(response.text)
    assert page.all("img") == []
    assert all(found.get("src") or found.get("type") for found in page.all("script"))
    shown = page.all("input", id="q")[0]["value"]
    assert shown is not None
    assert shown in text or text.strip("\x00") == shown


def test_a_text_that_was_cut_says_so(reader: FlaskClient) -> None:
    assert "512 premiers caractères" in tags(reader, f"/fr/ressources?q={'mot+' * 200}").text


def test_a_resource_page_shows_every_field(reader: FlaskClient) -> None:
    page = tags(reader, "/fr/ressources/cafe-du-fleuve")
    text = " ".join(page.text.split()).replace("\u202f", " ")
    for words in (
        "Café du fleuve", "Une rencontre <b>au bord</b> de l’eau.", "On parle.", "D’abord écouter.", "depuis 2019",
        "Inscription (néerlandais) fleuve.be", "français, néerlandais", "Deuil", "Professionnels", "12,50 €", "4 €", "Repas compris.",
        "Prix vérifié le 1er octobre 2026", "02 318 60 55", "info@fleuve.be", "Quai 1", "1000 Bruxelles", "openstreetmap.org",
        "mardi 12 janvier 2027, 13 h 30", "Laeken", "relu par des personnes concernées", "Vérifié par un curateur le 24 novembre 2026.",
        "Agenda", "Lue le 20 novembre 2026.", "Version 1", "https://senne.example/fr/ressources/cafe-du-fleuve", "Le vaccin contre la grippe donne la grippe.",
    ):  # fmt: skip
        assert words in text, words
    assert [found["href"] for found in page.all("a") if (found["href"] or "").startswith("tel:")] == ["tel:+3223186055"]
    labels = ("Où se trouve le bureau", "Où cela se passe", "Territoire desservi")
    assert all(label in text for label in labels)


def test_markdown_of_a_description_is_safe(reader: FlaskClient) -> None:
    html = get(reader, "/fr/ressources/cafe-du-fleuve").text
    page = Tags(html)
    assert page.all("img") == []
    assert "alert(1)</script>" not in html
    assert "<h3>Venir</h3>" in html
    assert not [found for found in page.all("a") if (found.get("href") or "").startswith("javascript")]
    assert page.all("a", href="https://e.be/")[0]["rel"] == "noopener nofollow"


def test_structured_data_is_json_that_cannot_end_its_element(reader: FlaskClient) -> None:
    html = get(reader, "/fr/ressources/cafe-du-fleuve").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    assert block
    data: dict[str, Any] = json.loads(block.group(1))
    assert "<" not in block.group(1)
    assert data["@type"] == "Event"
    assert data["name"] == "Café du fleuve"
    assert data["provider"] == [
        {"@type": "Organization", "name": "Asbl Fleuve </script><i>", "url": "https://fleuve.be/"}
    ]
    assert data["startDate"] == "2027-01-12T13:30:00+01:00"


def test_what_is_not_known_and_not_checked_is_said(reader: FlaskClient) -> None:
    page = tags(reader, "/fr/ressources/pspa-pallium")
    assert "Prix non précisé" in page.text
    assert "pas encore vérifié par un curateur" in page.text
    assert "Aucune de ces ressources n’a encore été vérifiée" in tags(reader, "/fr/ressources?q=pspa").text


def test_a_link_that_leaves_says_where_it_leads(reader: FlaskClient) -> None:
    html = get(reader, "/fr/ressources/cafe-du-fleuve").text
    for href in ("https://www.fleuve.be/inscription", "https://fleuve.be/agenda"):
        anchor = re.search(rf'<a [^>]*href="{re.escape(href)}"[^>]*>(.*?)</a>', html, re.S)
        assert anchor
        assert "fleuve.be" in anchor.group(1)


@pytest.mark.parametrize("theme", taxonomy().themes)
def test_every_theme_has_its_page(reader: FlaskClient, theme: str) -> None:
    page = tags(reader, f"/nl/themes/{theme}")
    assert taxonomy().themes[theme].label["nl"] in page.text
    assert any(found["href"] == f"/nl/ressources?theme={theme}" for found in page.all("a"))


def test_misconceptions_stand_on_their_theme_with_sources_and_a_warning(reader: FlaskClient) -> None:
    page = tags(reader, "/fr/themes/vaccination")
    assert "Le vaccin contre la grippe donne la grippe." in page.text
    assert "À relire" in page.text
    assert "Sources\u00a0: OMS, Conseil Supérieur de la Santé" in page.text
    assert page.all("article", id="flu_vaccine_gives_flu")


@pytest.mark.parametrize("basin", taxonomy().basins)
def test_every_basin_has_its_page_with_its_own_entries_only(reader: FlaskClient, basin: str) -> None:
    page = tags(reader, f"/fr/bassins/{basin}")
    assert hits(page)
    own = set(hits(tags(reader, f"/fr/ressources?basin={basin}&per_page=100")))
    assert set(hits(page)) <= own
    assert any(found["href"] == f"/fr/ressources?basin={basin}" for found in page.all("a"))


def test_a_basin_names_its_communes_and_what_is_uncertain(reader: FlaskClient) -> None:
    page = tags(reader, "/nl/bassins/centre-ouest")
    assert "Sint-Jans-Molenbeek" in page.text
    assert "Vijfhoek" in page.text
    assert "niet bevestigd" in page.text


def test_the_about_page_names_the_crawler_and_has_two_addresses(reader: FlaskClient) -> None:
    page = tags(reader, "/en/about")
    assert page.all("h2", id="crawler")
    assert page.all("link", rel="canonical")[0]["href"] == "https://senne.example/en/a-propos"
    assert "User-agent: Senne" in page.text


def test_home_leads_to_every_basin_and_theme(reader: FlaskClient) -> None:
    links = {found["href"] for found in tags(reader, "/fr/").all("a")}
    assert {f"/fr/bassins/{basin}" for basin in taxonomy().basins} <= links
    assert {f"/fr/themes/{theme}" for theme in taxonomy().themes} <= links


def test_robots_txt_keeps_crawlers_out_of_endless_filters(reader: FlaskClient) -> None:
    response = get(reader, "/robots.txt")
    assert response.mimetype == "text/plain"
    assert "Disallow: /fr/ressources?" in response.text


def test_the_catalogue_pages_stand_while_the_engine_is_away(tmp_path: Path) -> None:
    services = wire(Settings(data_dir=tmp_path))
    services.database.migrate()
    with services.database.write() as session:
        create_resource(session, FULL, Change("tests", "one entry"))
    reader = create_app(services.settings, services=services).test_client()
    assert hits(tags(reader, "/fr/themes/grief")) == ["cafe-du-fleuve"]
    assert "Le moteur de recherche se repose" in get(reader, "/fr/bassins/nord").text
    assert get(reader, "/fr/").status_code == 200
    assert get(reader, "/fr/ressources/cafe-du-fleuve").status_code == 200
    assert tags(reader, "/fr/ressources", 503).all("html")[0]["lang"] == "fr"
    services.database.close()
