"""The public forms: what is taken, what is refused and how that is said; nothing is kept of who sends."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory import proposals
from directory.catalogue import create_resource
from directory.settings import Settings
from directory.suggestions import MOST_PER_DAY
from tests.directory.samples import ALICE, resource
from web.app import create_app
from web.wiring import wire

HERE = {"Sec-Fetch-Site": "same-origin"}
GOOD = {"title": "Un jeu sur le deuil", "message": "Pour les écoles du quartier."}


class Clock:
    """The time of the app, moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 25, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[Flask]:
    services = wire(
        Settings(data_dir=tmp_path, database_url=database_url, base_url="https://senne.example", vectors=False)
    )
    with services.database.write() as session:
        create_resource(session, resource("cafe-deuil", "Café <deuil>", basins=["nord"]), ALICE)
    app = create_app(services.settings, services=services)
    app.config["FORM_CLOCK"] = clock
    yield app
    services.database.close()


@pytest.fixture
def reader(site: Flask) -> FlaskClient:
    return site.test_client()


def token(reader: FlaskClient, path: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', reader.get(path).text)
    assert found
    return html.unescape(found[1])


def send(
    reader: FlaskClient,
    clock: Clock,
    path: str = "/fr/proposer",
    *,
    after: float = 5,
    headers: Any = HERE,
    **fields: str,
) -> TestResponse:
    """Open the form, wait, send it."""
    data = {"token": token(reader, path), **(fields or GOOD)}
    clock.pass_(seconds=after)
    return reader.post(path, data=data, headers=headers)


def made(site: Flask) -> list[dict[str, Any]]:
    with site.extensions["senne"].database.read() as session:
        return proposals.list_proposals(session)


def test_a_missing_resource_is_taken_and_thanked_for(site: Flask, reader: FlaskClient, clock: Clock) -> None:
    answer = send(reader, clock, **GOOD, url="www.asbl.example/jeu", organisation="Une asbl", basin="nord")
    assert (answer.status_code, answer.location) == (303, "/fr/proposer/merci")
    assert "Merci" in reader.get("/fr/proposer/merci").text
    [proposal] = made(site)
    assert (proposal["kind"], proposal["source"]) == ("new", "public")
    assert proposal["url"].startswith("https://www.asbl.example/jeu#")
    assert "Set-Cookie" not in answer.headers


def test_what_is_wrong_is_taken(site: Flask, reader: FlaskClient, clock: Clock) -> None:
    path = "/nl/ressources/cafe-deuil/signaler"
    assert "Café &lt;deuil&gt;" in reader.get(path).text
    answer = send(reader, clock, path, about="contact", message="Het nummer is 02 555 01 01.")
    assert answer.status_code == 303
    [proposal] = made(site)
    assert (proposal["kind"], proposal["matches"], proposal["resource"]) == ("update", ["cafe-deuil"], {})
    assert proposal["evidence"] == {"about": "contact", "message": "Het nummer is 02 555 01 01."}


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", "Dites ce qui manque."), ("nl", "Zeg wat er ontbreekt."), ("en", "Say what is missing.")],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    site: Flask, reader: FlaskClient, clock: Clock, lang: str, words: str
) -> None:
    answer = send(reader, clock, f"/{lang}/proposer", title="", message="Une <idée>", url="nulle part")
    assert answer.status_code == 422
    assert re.search(rf'id="title-error">{re.escape(words)}<', answer.text)
    assert re.search(r'id="title"[^>]*aria-describedby="[^"]*title-error"[^>]*aria-invalid="true"', answer.text)
    assert 'id="url-error"' in answer.text
    assert "Une &lt;idée&gt;" in answer.text
    assert made(site) == []


def test_too_long_texts_and_unknown_terms_are_refused_in_words(site: Flask, reader: FlaskClient, clock: Clock) -> None:
    answer = send(reader, clock, title="x" * 201, message="y" * 2001, basin="atlantis", url="x" * 2100)
    for name in ("title", "message", "basin", "url"):
        assert f'id="{name}-error"' in answer.text
    path = "/fr/ressources/cafe-deuil/signaler"
    assert 'id="about-error"' in send(reader, clock, path, about="everything", message="x").text
    assert made(site) == []


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_a_form_from_elsewhere_is_refused(site: Flask, reader: FlaskClient, clock: Clock, headers: Any) -> None:
    assert send(reader, clock, headers=headers).status_code == 403
    assert made(site) == []


@pytest.mark.parametrize("origin", ["https://senne.example", "http://localhost"])
def test_browsers_that_send_only_an_origin_are_served(reader: FlaskClient, clock: Clock, origin: str) -> None:
    assert send(reader, clock, headers={"Origin": origin}).status_code == 303


def test_a_form_sent_at_once_or_a_day_later_is_refused_and_can_be_sent_again(
    site: Flask, reader: FlaskClient, clock: Clock
) -> None:
    fast = send(reader, clock, after=2)
    assert fast.status_code == 422
    assert GOOD["message"] in fast.text
    late = send(reader, clock, after=24 * 3600 + 1)
    assert late.status_code == 422
    assert made(site) == []
    fresh = re.search(r'name="token" value="([^"]+)"', late.text)
    assert fresh
    clock.pass_(seconds=4)
    again = reader.post("/fr/proposer", data={**GOOD, "token": html.unescape(fresh[1])}, headers=HERE)
    assert again.status_code == 303
    assert len(made(site)) == 1


@pytest.mark.parametrize("forged", ["", "x", "WyIiLDBd.abc", "x" * 5000, "\x00"])
def test_a_token_that_is_not_ours_is_refused(site: Flask, reader: FlaskClient, clock: Clock, forged: str) -> None:
    assert reader.post("/fr/proposer", data={**GOOD, "token": forged}, headers=HERE).status_code == 422
    assert made(site) == []


def test_a_token_of_one_form_does_not_open_another(site: Flask, reader: FlaskClient, clock: Clock) -> None:
    other = token(reader, "/fr/proposer")
    clock.pass_(seconds=5)
    data = {"about": "gone", "message": "Fermé.", "token": other}
    assert reader.post("/fr/ressources/cafe-deuil/signaler", data=data, headers=HERE).status_code == 422
    assert made(site) == []


def test_a_program_that_fills_the_hidden_field_is_thanked_and_forgotten(
    site: Flask, reader: FlaskClient, clock: Clock
) -> None:
    assert send(reader, clock, **GOOD, website="https://spam.example").status_code == 303
    assert made(site) == []


def test_floods_are_kept_out_for_the_day(site: Flask, reader: FlaskClient, clock: Clock) -> None:
    for number in range(MOST_PER_DAY):
        assert send(reader, clock, title=f"Un jeu {number}", message="Utile.").status_code == 303
    refused = send(reader, clock, title="Un de trop", message="Utile.")
    assert refused.status_code == 429
    assert "Un de trop" in refused.text
    other = reader.environ_base | {"REMOTE_ADDR": "198.51.100.7"}
    data = {**GOOD, "token": token(reader, "/fr/proposer")}
    clock.pass_(seconds=5)
    assert reader.post("/fr/proposer", data=data, headers=HERE, environ_overrides=other).status_code == 303
    clock.pass_(days=1)
    assert send(reader, clock, title="Le lendemain", message="Utile.").status_code == 303


def test_a_proxy_of_our_own_network_says_whom_it_speaks_for_and_nobody_else_may(
    site: Flask, reader: FlaskClient, clock: Clock
) -> None:
    def send_as(remote: str, forwarded: str, title: str) -> int:
        data = {"title": title, "message": "Utile.", "token": token(reader, "/fr/proposer")}
        clock.pass_(seconds=5)
        headers = {**HERE, "X-Forwarded-For": forwarded}
        place = {"REMOTE_ADDR": remote}
        return reader.post("/fr/proposer", data=data, headers=headers, environ_overrides=place).status_code

    outside = [send_as("8.8.8.8", f"9.9.9.{n}", f"Titre {n}") for n in range(MOST_PER_DAY + 1)]
    assert outside[-1] == 429
    proxied = [send_as("127.0.0.1", f"1.1.1.1, 9.9.9.{n}", f"Autre {n}") for n in range(MOST_PER_DAY + 1)]
    assert set(proxied) == {303}


def test_the_address_of_the_sender_is_nowhere(
    site: Flask, reader: FlaskClient, clock: Clock, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    data = {**GOOD, "token": token(reader, "/fr/proposer")}
    clock.pass_(seconds=5)
    place = {"REMOTE_ADDR": "81.82.83.84"}
    assert reader.post("/fr/proposer", data=data, headers=HERE, environ_overrides=place).status_code == 303
    assert "81.82.83.84" not in caplog.text
    site.extensions["senne"].database.close()
    assert all(b"81.82.83.84" not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_scripts_stay_text(site: Flask, reader: FlaskClient, clock: Clock) -> None:
    bad = "<script>alert(1)</script>"
    page = send(reader, clock, title=bad, message="").text
    assert bad not in page
    assert html.escape(bad) in page


def test_the_forms_are_linked_where_they_are_needed(reader: FlaskClient) -> None:
    assert 'href="/fr/ressources/cafe-deuil/signaler"' in reader.get("/fr/ressources/cafe-deuil").text
    assert 'href="/fr/proposer"' in reader.get("/fr/a-propos").text


def test_what_was_looked_for_is_filled_in(reader: FlaskClient) -> None:
    assert 'value="jeu &#34;deuil&#34;"' in reader.get('/fr/proposer?q=jeu+"deuil"').text


def test_the_form_is_never_kept_and_a_form_for_nothing_is_a_404(reader: FlaskClient) -> None:
    assert reader.get("/fr/proposer").headers["Cache-Control"] == "no-store"
    assert reader.get("/fr/ressources/nulle-part/signaler").status_code == 404
    assert reader.post("/fr/ressources/nulle-part/signaler", headers=HERE).status_code == 404
