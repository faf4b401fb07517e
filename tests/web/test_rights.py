"""Every route × every role: who may not is refused, and a route that nobody declared is open to nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from directory.accounts import ROLES
from tests.web.curators import ORIGIN, TOKEN, Browser, Desk
from web.curation.rights import EVERYONE, PUBLIC, PUBLIC_PARTS, RIGHTS, roles_of

VALUES = {"lang": "fr", "version_asked": "0", "filename": "x"}
CSRF_FREE = ("GET",)


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def address(app: Flask, rule: Rule) -> str:
    values = {name: VALUES.get(name, 1 if "int" in type(rule._converters[name]).__name__.lower() else "nothing") for name in rule.arguments}  # fmt: skip
    with app.test_request_context():
        built = rule.build(values)
    assert built, rule.rule
    return built[1]


@pytest.fixture
def browsers(desk: Desk) -> dict[str, Browser]:
    found = {PUBLIC: desk.browser()}
    for role in ROLES:
        email = desk.add(f"{role}@asbl.example", role, ("nord",) if role == "curator" else ())
        found[role] = desk.browser(email)
    return found


def test_every_route_is_declared_and_every_declaration_has_its_route(desk: Desk) -> None:
    endpoints = {rule.endpoint for rule in desk.app.url_map.iter_rules()}
    undeclared = {name for name in endpoints if not roles_of(name)}
    assert undeclared == set()
    assert set(RIGHTS) - endpoints == set()
    assert {name.partition(".")[0] for name in endpoints if "." in name} - PUBLIC_PARTS == {"curation"}


def test_a_route_that_is_not_declared_is_closed(desk: Desk) -> None:
    assert roles_of("curation.something_new") == frozenset()
    assert roles_of("something_new") == frozenset()


def test_every_role_on_every_route(desk: Desk, browsers: dict[str, Browser]) -> None:
    walked = 0
    for rule, method in rules(desk.app):
        for role, browser in browsers.items():
            if rule.endpoint == "curation.log_out" and role in roles_of(rule.endpoint):
                continue  # would log it out for the routes that follow
            path, allowed = address(desk.app, rule), role in roles_of(rule.endpoint)
            if method == "GET":
                answer = browser.client.get(path)
            else:
                page = browser.get("compte" if role != PUBLIC else "connexion").text
                found = TOKEN.search(page)
                assert found
                answer = browser.client.post(path, data={"token": found[1]}, headers=ORIGIN)
            walked += 1
            led_to_login = answer.status_code == 303 and "/curation/connexion?" in answer.headers["Location"] + "?"
            refused = answer.status_code == 403 or (role == PUBLIC and led_to_login and roles_of(rule.endpoint) != EVERYONE)  # fmt: skip
            assert refused is not allowed, f"{method} {path} as {role}: {answer.status_code}"
    assert walked > 100


def test_a_form_is_refused_from_elsewhere_without_token_or_with_anothers(desk: Desk) -> None:
    alice, bob = (desk.add(f"{name}@asbl.example", "curator", ("nord",)) for name in ("alice", "bob"))
    here, there = desk.browser(alice), desk.browser(bob)
    found, others = TOKEN.search(here.get("compte").text), TOKEN.search(there.get("compte").text)
    assert found
    assert others
    path, good = "/fr/curation/compte/raccourcis", {"token": found[1], "turn": "off"}

    def status(data: dict[str, str], headers: dict[str, str]) -> int:
        return here.client.post(path, data=data, headers=headers).status_code

    assert status(good, {}) == 403  # says nothing of where it comes from
    assert status(good, {"Origin": "https://evil.example"}) == 403
    assert status(good, {"Origin": "null"}) == 403
    assert status(good, {"Sec-Fetch-Site": "cross-site", **ORIGIN}) == 403
    assert status(good, {"Sec-Fetch-Site": "same-site", **ORIGIN}) == 403
    assert status({"turn": "off"}, ORIGIN) == 403
    assert status({**good, "token": others[1]}, ORIGIN) == 403
    assert status({**good, "token": found[1][:-6] + "xxxxxx"}, ORIGIN) == 403
    assert status(good, {"Sec-Fetch-Site": "same-origin"}) == 303
    assert status(good, ORIGIN) == 303


def test_nothing_of_curation_may_be_kept(desk: Desk) -> None:
    browser = desk.browser(desk.add("alice@asbl.example", basins=("nord",)))
    for path in ("compte", "connexion", "comptes", "nulle-part"):
        answer = browser.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/fr/ressources"])
def test_after_login_nobody_is_led_away(desk: Desk, target: str) -> None:
    alice = desk.add("alice@asbl.example", basins=("nord",))
    assert desk.browser().log_in(alice, next=target).headers["Location"] == "/fr/curation/"
