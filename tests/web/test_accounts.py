"""Accounts: invited, logged in, throttled, timed out, and never on a reader's page."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa

from directory import accounts, audit, logins
from directory.curation_tables import AccountSession, LoginAttempt
from tests.web.curators import ORIGIN, PASSWORD, TOKEN, Desk
from web import commands

ALICE = "alice@asbl.example"
OTHER = "quatre mots sans rapport"


def invitation(desk: Desk, email: str = ALICE) -> str:
    """The path of a fresh invitation, made by the command line."""
    commands.load_commands()
    runner = desk.app.test_cli_runner()
    result = runner.invoke(commands.cli, ["user", "invite", email, "--json"])
    assert result.exit_code == 0, result.output
    link: str = json.loads(result.stdout)["link"]
    assert link.startswith("https://senne.example/fr/curation/invitation/")
    return link.removeprefix("https://senne.example")


def cookie(response: object) -> str:
    """The one cookie of an answer."""
    return str(response.headers.get("Set-Cookie", ""))  # type: ignore[attr-defined]


def test_who_is_invited_chooses_a_password_and_logs_in_with_it(desk: Desk) -> None:
    commands.load_commands()
    runner = desk.app.test_cli_runner()
    made = runner.invoke(
        commands.cli, ["user", "add", "Alice@ASBL.example", "--name", "Alice", "--basin", "nord", "--json"]
    )
    link = json.loads(made.stdout)["link"].removeprefix("https://senne.example")
    browser = desk.browser()
    assert "alice@asbl.example" in browser.get(link).text
    answer = browser.post(link, link, password=OTHER, again=OTHER)
    assert answer.status_code == 303
    assert browser.log_in(ALICE, OTHER).headers["Location"] == "/fr/curation/"
    assert "Alice" in browser.get("compte").text


def test_a_link_works_once_and_a_newer_one_ends_it(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    browser = desk.browser()
    first, second = invitation(desk), invitation(desk)
    assert browser.get(first).status_code == 410
    assert browser.post(second, second, password=OTHER, again=OTHER).status_code == 303
    assert browser.get(second).status_code == 410
    assert browser.client.post(second, headers=ORIGIN, data={"token": "x"}).status_code == 403
    assert browser.post(second, password=PASSWORD, again=PASSWORD).status_code == 410
    assert browser.log_in(ALICE, PASSWORD).status_code == 401


def test_a_link_ends_with_its_time_and_cannot_be_forged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add(ALICE, basins=("nord",))
    link, browser = invitation(desk), desk.browser()
    assert browser.get(link[:-2] + "xx").status_code == 410
    import itsdangerous.timed

    present = itsdangerous.timed.time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: present + 6.9 * 86400)
    assert browser.get(link).status_code == 200
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: present + 7.1 * 86400)
    assert browser.get(link).status_code == 410


@pytest.mark.parametrize("password", ["court", "aaaaaaaaaaaaaaaa", "alicealicealice1", "sennesennesenne", "x" * 201])
def test_a_password_that_is_easy_to_guess_is_refused_with_a_reason(desk: Desk, password: str) -> None:
    desk.add(ALICE, basins=("nord",))
    link = invitation(desk)
    answer = desk.browser().post(link, link, password=password, again=password)
    assert answer.status_code == 422
    assert 'class="problem"' in answer.text


def test_the_session_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    answer = desk.browser().log_in(ALICE)
    given = cookie(answer)
    assert given.startswith("__Host-senne=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=Lax"} <= {part.strip() for part in given.split(";")}
    assert "Domain" not in given
    token = given.split("=", 1)[1].split(";")[0]
    with desk.services.database.read() as session:
        stored = session.scalars(sa.select(AccountSession.token_hash)).all()
    assert stored == [accounts.hash_token(token)]
    assert token not in stored


def test_readers_never_get_a_cookie(desk: Desk) -> None:
    browser = desk.browser()
    for path in ("/fr/a-propos", "/nl/", "/robots.txt", "/fr/curation/connexion", "/fr/curation/mot-de-passe"):
        assert cookie(browser.client.get(path)) == "", path


def test_a_login_is_new_each_time_and_the_old_one_of_the_browser_ends(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    browser = desk.browser(ALICE)
    old = browser.client.get_cookie("__Host-senne")
    assert old is not None
    page = browser.get("compte").text
    token = TOKEN.search(page)
    assert token
    answer = browser.client.post(
        "/fr/curation/connexion", data={"token": token[1], "email": ALICE, "password": PASSWORD}, headers=ORIGIN
    )
    assert answer.status_code == 303
    new = browser.client.get_cookie("__Host-senne")
    assert new is not None
    assert new.value != old.value
    with desk.services.database.read() as session:
        assert session.scalars(sa.select(AccountSession.token_hash)).all() == [accounts.hash_token(new.value)]


def test_a_session_ends_when_it_is_idle_and_after_twelve_hours_at_most(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    browser = desk.browser(ALICE)
    desk.clock.pass_(minutes=59)
    assert browser.get("compte").status_code == 200
    desk.clock.pass_(minutes=59)
    assert browser.get("compte").status_code == 200
    desk.clock.pass_(minutes=61)
    assert browser.get("compte").headers["Location"].startswith("/fr/curation/connexion?next=")
    browser = desk.browser(ALICE)
    for _ in range(14):
        desk.clock.pass_(minutes=50)
        assert browser.get("compte").status_code == 200
    desk.clock.pass_(minutes=30)
    assert browser.get("compte").status_code == 303


def test_a_disabled_account_is_out_at_once_and_cannot_come_back(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    browser, link = desk.browser(ALICE), invitation(desk)
    with desk.services.database.write() as session:
        accounts.set_enabled(session, ALICE, enabled=False, by="tests")
    assert browser.get("compte").status_code == 303
    assert desk.browser().log_in(ALICE).status_code == 401
    assert desk.browser().get(link).status_code == 410


def test_logging_out_ends_the_session_in_the_database(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    browser = desk.browser(ALICE)
    assert browser.post("deconnexion", "compte").status_code == 303
    with desk.services.database.read() as session:
        assert session.scalars(sa.select(AccountSession)).all() == []


def test_an_unknown_address_gets_the_answer_of_a_wrong_password(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    pages = []
    for email in (ALICE, "nobody@asbl.example"):
        answer = desk.browser().log_in(email, "faux mot de passe")
        assert answer.status_code == 401
        pages.append(TOKEN.sub("", answer.text).replace(email, "…"))
    assert pages[0] == pages[1]


def test_an_unknown_address_costs_a_hash_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(logins, "is_password", lambda encoded, password: asked.append(encoded) or False)
    desk.browser().log_in("nobody@asbl.example")
    assert asked == [None]


def test_ten_failures_close_an_account_for_a_quarter_of_an_hour_known_or_not(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    for email in (ALICE, "nobody@asbl.example"):
        browser = desk.browser()
        for _ in range(logins.PER_ACCOUNT):
            assert browser.log_in(email, "faux mot de passe").status_code == 401
        answer = browser.log_in(email, PASSWORD)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
    desk.clock.pass_(minutes=16)
    assert desk.browser().log_in(ALICE).status_code == 303


def test_guessing_over_many_accounts_is_stopped_by_the_caller(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    browser = desk.browser()
    statuses = [browser.log_in(f"n{n}@asbl.example", "faux").status_code for n in range(logins.PER_CALLER + 1)]
    assert statuses == [401] * logins.PER_CALLER + [429]
    assert browser.log_in(ALICE).status_code == 429


def test_the_callers_address_is_kept_as_a_hash_of_the_day_and_never_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = desk.browser()
    browser.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"

    def kept() -> set[str]:
        with desk.services.database.read() as session:
            return {key for key in session.scalars(sa.select(LoginAttempt.key)) if key.startswith("caller:")}

    browser.log_in(ALICE, "faux")
    first = kept()
    desk.clock.pass_(hours=23)
    browser.log_in(ALICE, "faux")
    assert len(first) == 1
    assert len(kept()) == 2  # another day, another key
    assert "203.0.113.7" not in repr(kept()) + caplog.text
    desk.clock.pass_(hours=25)
    browser.log_in(ALICE, "faux")
    assert len(kept()) == 1


def test_a_code_is_asked_once_it_is_turned_on_and_taken_once(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    browser = desk.browser(ALICE)
    page = browser.get("compte").text
    secret = re.search(r'class="key"><code>(\w+)</code>', page)
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    assert secret
    assert offer
    totp = pyotp.TOTP(secret[1])
    wrong = browser.post("compte/code", "compte", turn="on", offer=offer[1], code="000000", present=PASSWORD)
    assert wrong.status_code == 422
    answer = browser.post(
        "compte/code", "compte", turn="on", offer=offer[1], code=totp.at(desk.clock.at), present=PASSWORD
    )
    assert answer.status_code == 303
    other = desk.browser()
    half_way = other.log_in(ALICE)
    assert half_way.status_code == 200
    assert cookie(half_way) == ""
    half = re.search(r'name="half" value="([^"]+)"', half_way.text)
    assert half
    assert other.post("connexion/code", half=half[1], code="123").status_code == 401
    assert other.post("connexion/code", half=half[1], code=totp.at(desk.clock.at)).status_code == 303
    again = desk.browser()
    half = re.search(r'name="half" value="([^"]+)"', again.log_in(ALICE).text)
    assert half
    assert again.post("connexion/code", half=half[1], code=totp.at(desk.clock.at)).status_code == 401


def test_changing_the_password_needs_the_present_one_and_ends_the_other_logins(desk: Desk) -> None:
    desk.add(ALICE, basins=("nord",))
    here, elsewhere = desk.browser(ALICE), desk.browser(ALICE)
    wrong = here.post("compte/mot-de-passe", "compte", present="faux", password=OTHER, again=OTHER)
    assert wrong.status_code == 422
    assert here.post("compte/mot-de-passe", "compte", present=PASSWORD, password=OTHER, again=OTHER).status_code == 303
    assert here.get("compte").status_code == 200
    assert elsewhere.get("compte").status_code == 303


def test_an_admin_adds_an_account_and_sees_its_link_once(desk: Desk) -> None:
    desk.add("root@asbl.example", "admin")
    browser = desk.browser("root@asbl.example")
    answer = browser.post(
        "comptes", "comptes", name="Bob", email="bob@asbl.example", role="curator", language="nl", basins=["sud"]
    )
    link = re.search(r'id="link">https://senne.example([^<]+)<', answer.text)
    assert link
    assert link[1].startswith("/nl/curation/invitation/")
    assert desk.browser().get(link[1]).status_code == 200
    assert link[1] not in browser.get("comptes").text
    with desk.services.database.read() as session:
        assert ("root@asbl.example", "account.added") in {
            (entry.actor, entry.action) for entry in audit.list_entries(session)
        }
    refused = browser.post("comptes", "comptes", name="", email="x", role="curator", language="nl")
    assert refused.status_code == 422
    assert refused.text.count('class="problem"') >= 1
    taken = browser.post(
        "comptes", "comptes", name="Bob", email="bob@asbl.example", role="curator", language="nl", basins=["sud"]
    )
    assert taken.status_code == 422
    assert browser.post("comptes/etat", "comptes", email="root@asbl.example", turn="off").status_code == 422


def test_the_command_line_lists_and_disables(desk: Desk, tmp_path: Path) -> None:
    desk.add(ALICE, basins=("nord",))
    commands.load_commands()
    runner = desk.app.test_cli_runner()
    assert runner.invoke(commands.cli, ["user", "disable", ALICE]).exit_code == 0
    listed = json.loads(runner.invoke(commands.cli, ["user", "list", "--json"]).stdout)
    assert [(row["email"], row["enabled"], row["basins"]) for row in listed] == [(ALICE, False, ["nord"])]
    assert runner.invoke(commands.cli, ["user", "invite", ALICE]).exit_code == 1
    assert runner.invoke(commands.cli, ["user", "enable", "nobody@asbl.example"]).exit_code == 1
    assert runner.invoke(commands.cli, ["user", "add", "x", "--name", "X", "--basin", "nord"]).exit_code == 1
    assert runner.invoke(commands.cli, ["user", "add", "b@c.example", "--name", "X"]).exit_code == 1  # no basin
