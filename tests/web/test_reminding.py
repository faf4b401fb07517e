"""`senne remind` and the page its links lead to: three buttons, one answer, nothing by merely opening it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory import proposals
from directory.catalogue import create_resource, get_resource
from directory.errors import SettingError
from directory.reminders import LIFE, Question, open_reminder
from directory.settings import Settings
from tests.directory.samples import ALICE, resource
from tests.web.mail_server import MailServer, serve_mail
from tests.web.test_catalogue_commands import ok, write
from tests.web.test_commands import Shell
from web.app import create_app
from web.pages.reminders import reminder_token
from web.wiring import wire

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ENTRY = resource(
    "cafe-deuil", "Café <deuil>", type="service", verified_on="2024-01-01", contact={"email": "info@asbl.example"}
)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    services = wire(
        Settings(data_dir=tmp_path, database_url=database_url, base_url="https://senne.example", vectors=False)
    )
    with services.database.write() as session:
        create_resource(session, ENTRY, ALICE)
    app = create_app(services.settings, services=services)
    app.config["FORM_CLOCK"] = lambda: NOW
    yield app
    services.database.close()


@pytest.fixture
def reader(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def path(site: Flask) -> str:
    """A link that was sent today."""
    with site.extensions["senne"].database.write() as session:
        question = Question("info@asbl.example", get_resource(session, "cafe-deuil"), NOW.date())
        id_ = open_reminder(session, question, now=NOW)
    with site.app_context():
        return f"/nl/rappel/{reminder_token(id_)}"


def state(site: Flask) -> tuple[Any, list[Any]]:
    """The entry's last check, and the proposals."""
    with site.extensions["senne"].database.read() as session:
        return get_resource(session, "cafe-deuil").get("verified_on"), proposals.list_proposals(session)


def test_opening_a_link_any_number_of_times_changes_nothing(site: Flask, reader: FlaskClient, path: str) -> None:
    for _ in range(3):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert reader.head(path).status_code == 200
    assert state(site) == ("2024-01-01", [])
    assert "Café &lt;deuil&gt;" in answer.text
    assert len(re.findall(r'name="answer" value="(?:right|change|gone)"', answer.text)) == 3
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


def test_one_click_verifies_and_a_second_is_told_so(site: Flask, reader: FlaskClient, path: str) -> None:
    answer = reader.post(path, data={"answer": "right", "version": "1"})
    assert (answer.status_code, answer.location) == (303, "/nl/rappel/merci")
    assert "Bedankt" in reader.get("/nl/rappel/merci").text
    assert state(site) == ("2026-11-25", [])
    for again in (reader.get(path), reader.post(path, data={"answer": "gone", "version": "2"})):
        assert again.status_code == 410
        assert "al geantwoord" in again.text
    assert state(site) == ("2026-11-25", [])


@pytest.mark.parametrize(("word", "kind"), [("change", "update"), ("gone", "gone")])
def test_the_other_answers_become_proposals(site: Flask, reader: FlaskClient, path: str, word: str, kind: str) -> None:
    data = {"answer": word, "version": "1", "message": "Verhuisd\r\nnaar 1080 \x00"}
    assert reader.post(path, data=data).status_code == 303
    checked, [proposal] = state(site)
    assert (checked, proposal["kind"]) == ("2024-01-01", kind)
    assert proposal["evidence"]["message"] == "Une asbl: Verhuisd naar 1080"


@pytest.mark.parametrize(
    "data", [{}, {"answer": "maybe", "version": "1"}, {"answer": "right", "version": "x"}, {"answer": "right"}]
)
def test_an_answer_that_is_none_is_asked_again(site: Flask, reader: FlaskClient, path: str, data: Any) -> None:
    assert reader.post(path, data=data).status_code == 422
    assert state(site) == ("2024-01-01", [])


def test_an_answer_about_another_version_is_asked_again(site: Flask, reader: FlaskClient, path: str) -> None:
    assert reader.post(path, data={"answer": "right", "version": "7"}).status_code == 409
    assert state(site) == ("2024-01-01", [])
    assert reader.post(path, data={"answer": "right", "version": "1"}).status_code == 303


def test_links_that_are_too_old_forged_or_cut_lead_nowhere(site: Flask, reader: FlaskClient, path: str) -> None:
    for wrong in (path[:-3], "/fr/rappel/x", path + "x", "/fr/rappel/" + "y" * 3000):
        assert reader.get(wrong).status_code == 404
        assert reader.post(wrong, data={"answer": "right", "version": "1"}).status_code == 404
    site.config["FORM_CLOCK"] = lambda: NOW + LIFE
    assert reader.get(path).status_code == 410
    assert state(site) == ("2024-01-01", [])


def test_an_entry_that_readers_no_longer_see_asks_nothing(site: Flask, reader: FlaskClient, path: str) -> None:
    from directory.catalogue import archive_resource

    with site.extensions["senne"].database.write() as session:
        archive_resource(session, "cafe-deuil", 1, ALICE)
    assert reader.get(path).status_code == 410


def test_overdue_entries_say_so_in_the_readers_language(site: Flask, reader: FlaskClient) -> None:
    said = "à vérifier\u00a0: dernière vérification il y a plus de 2 ans"
    assert said[1:] in reader.get("/fr/ressources/cafe-deuil").text
    site.extensions["senne"].indexer.rebuild()
    assert said in reader.get("/fr/ressources").text
    site.config["FORM_CLOCK"] = lambda: datetime(2024, 12, 1, tzinfo=UTC)
    assert "à vérifier" not in reader.get("/fr/ressources").text
    site.config["FORM_CLOCK"] = lambda: datetime(2025, 2, 1, tzinfo=UTC)
    assert "meer dan een jaar geleden" in reader.get("/nl/ressources").text


def test_an_event_that_is_over_says_so(site: Flask, reader: FlaskClient) -> None:
    past = [{"start": "2026-11-01T10:00:00+01:00"}]
    with site.extensions["senne"].database.write() as session:
        create_resource(session, resource("une-fete", type="event", occurrences=past), ALICE)
    assert "1er novembre 2026" in reader.get("/fr/ressources/une-fete").text
    assert "C’est terminé" in reader.get("/fr/ressources/une-fete").text


# --- the command ---


@pytest.fixture
def shell(tmp_path: Path, database_url: str) -> Shell:
    shell = Shell(tmp_path / "var", database_url)
    ok(shell.run("init", "--empty"))
    second = resource("deux", "Deux", verified_on="2024-02-01", contact={"email": "info@asbl.example"})
    nobody = resource("sans-adresse", "Sans adresse", verified_on="2024-03-01", basins=["sud"])
    ok(shell.run("catalogue", "import", write(tmp_path / "in.jsonl", ENTRY, second, nobody)))
    return shell


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with serve_mail() as server:
        yield server


def test_due_lists_what_has_to_be_checked(shell: Shell) -> None:
    found = json.loads(ok(shell.run("due", "--json")).stdout)
    assert [(item["id"], item["state"]) for item in found] == [
        ("cafe-deuil", "overdue"), ("deux", "overdue"), ("sans-adresse", "overdue"),
    ]  # fmt: skip
    assert [item["id"] for item in json.loads(ok(shell.run("due", "--basin", "sud", "--json")).stdout)] == [
        "sans-adresse"
    ]


def test_without_a_mail_server_the_links_are_printed(shell: Shell) -> None:
    assert "cafe-deuil" in ok(shell.run("remind", "--dry-run")).stdout
    done = json.loads(ok(shell.run("remind", "--json")).stdout)
    assert [(item["id"], item["to"], item["sent"]) for item in done] == [
        ("sans-adresse", None, False), ("cafe-deuil", "info@asbl.example", False), ("deux", "info@asbl.example", False),
    ]  # fmt: skip
    assert all(item["link"].startswith("https://senne.example/fr/rappel/") for item in done)
    assert json.loads(ok(shell.run("remind", "--json")).stdout) == []


def test_one_letter_goes_to_each_address_in_both_languages(shell: Shell, mail: MailServer) -> None:
    shell.settings = replace(shell.settings, smtp_url=mail.url, mail_from="senne@senne.example")
    done = json.loads(ok(shell.run("remind", "--to", "bob@basin.example", "--json")).stdout)
    assert {(item["to"], item["sent"], item["link"]) for item in done} == {
        ("info@asbl.example", True, None), ("bob@basin.example", True, None),
    }  # fmt: skip
    letters = {letter["To"]: letter.get_content() for letter in mail.letters}
    assert set(letters) == {"info@asbl.example", "bob@basin.example"}
    text = letters["info@asbl.example"]
    assert "Est-ce toujours exact" in text
    assert "Klopt dit nog" in mail.letters[0]["Subject"]
    links = re.findall(r"https://\S+", text)
    assert len(links) == 4
    services = wire(shell.settings)
    client = create_app(shell.settings, services=services).test_client()
    assert [client.get(urlsplit(link).path).status_code for link in links] == [200] * 4
    services.database.close()


def test_what_the_mail_server_refuses_is_asked_again_next_time(shell: Shell, mail: MailServer) -> None:
    shell.settings = replace(shell.settings, smtp_url=mail.url, mail_from="senne@senne.example")
    mail.refuses = True
    failed = shell.run("remind", "--max", "2")
    assert failed.exit_code == 1
    assert "2 question(s) could not be sent" in failed.stderr
    mail.refuses = False
    assert "2 by mail" in ok(shell.run("remind")).stderr


def test_mail_settings_are_read_and_a_wrong_one_is_named_without_its_password() -> None:
    good = {"SENNE_SMTP_URL": "smtps://bob:pass-word@mail.example:465", "SENNE_MAIL_FROM": "senne@example.org"}
    settings = Settings.from_env(good)
    assert (settings.smtp_url, settings.mail_from) == (good["SENNE_SMTP_URL"], "senne@example.org")
    assert "pass-word" not in repr(settings)
    for wrong in ("http://mail.example", "smtp://", "smtp://bob:pass-word@host:x", "mail.example:25"):
        with pytest.raises(SettingError) as error:
            Settings.from_env(good | {"SENNE_SMTP_URL": wrong})
        assert error.value.variable == "SENNE_SMTP_URL"
        assert "pass-word" not in str(error.value)
    for wrong in ("", "senne", "a b@example.org", "a@b\nBcc: c@d"):
        with pytest.raises(SettingError, match="SENNE_MAIL_FROM"):
            Settings.from_env(good | {"SENNE_MAIL_FROM": wrong})
