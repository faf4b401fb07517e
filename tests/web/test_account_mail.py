"""Invitations and new passwords by mail: to the right address, in the person's language, and to nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory import accounts
from directory.settings import Settings
from tests.web.curators import Clock, Desk
from tests.web.mail_server import MailServer, serve_mail
from web import commands
from web.app import create_app
from web.curation.login import send_reset
from web.wiring import wire

LINK = re.compile(r"https://senne\.example(/(\w\w)/curation/invitation/\S+)")
OTHER = "quatre mots sans rapport"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with serve_mail() as server:
        yield server


@pytest.fixture
def mailing(tmp_path: Path, database_url: str, mail: MailServer) -> Iterator[Desk]:
    services = wire(
        Settings(
            data_dir=tmp_path, database_url=database_url, base_url="https://senne.example", smtp_url=mail.url,
            mail_from="senne@asbl.example",
        )
    )  # fmt: skip
    app, clock = create_app(services.settings, services=services), Clock()
    app.config["SENNE_CLOCK"] = clock
    desk = Desk(app, clock)
    yield desk
    desk.close()


def test_an_invitation_goes_to_its_person_in_their_language_and_is_not_printed(mailing: Desk, mail: MailServer) -> None:
    commands.load_commands()
    arguments = ["user", "add", "bob@asbl.example", "--name", "Bob", "--basin", "sud", "--language", "nl"]
    result = mailing.app.test_cli_runner().invoke(commands.cli, arguments)
    assert result.exit_code == 0, result.output
    assert "invitation/" not in result.output
    (letter,) = mail.letters
    assert letter["To"] == "bob@asbl.example"
    assert "Kies uw wachtwoord" in letter.get_content()
    found = LINK.search(letter.get_content())
    assert found
    assert found[2] == "nl"
    answer = mailing.browser(lang="nl").post(found[1], found[1], password=OTHER, again=OTHER)
    assert answer.status_code == 303


def test_a_new_password_is_offered_to_accounts_only_and_the_answer_does_not_tell(
    mailing: Desk, mail: MailServer
) -> None:
    alice = mailing.add("alice@asbl.example", basins=("nord",))
    with mailing.services.database.write() as session:
        row = accounts.add_account(
            session, email="gone@asbl.example", name="Gone", role="admin", basins=(), language="fr", by="tests"
        )
        accounts.set_enabled(session, row.email, enabled=False, by="tests")
    for email in ("nobody@asbl.example", "gone@asbl.example"):
        send_reset(mailing.app, email)
    assert mail.letters == []
    send_reset(mailing.app, alice)
    (letter,) = mail.letters
    found = LINK.search(letter.get_content())
    assert found
    assert mailing.browser().post(found[1], found[1], password=OTHER, again=OTHER).status_code == 303
    places = [mailing.browser().post("mot-de-passe", "mot-de-passe", email=email).headers["Location"]
              for email in ("nobody@asbl.example", "gone@asbl.example")]  # fmt: skip
    assert places[0] == places[1]


def test_where_the_mail_server_says_no_the_admin_sees_the_link(mailing: Desk, mail: MailServer) -> None:
    mailing.add("root@asbl.example", "admin")
    mail.refuses = True
    browser = mailing.browser("root@asbl.example")
    answer = browser.post(
        "comptes", "comptes", name="Bob", email="bob@asbl.example", role="curator", language="nl", basins=["sud"]
    )
    assert 'id="link">https://senne.example/nl/curation/invitation/' in answer.text
