"""An admin changes what an account may do, and takes the log away: all of it in the log itself."""

from __future__ import annotations

import csv
import io
import json

import pytest
import sqlalchemy as sa

from directory import accounts, audit, catalogue
from directory.curation_tables import Account
from tests.directory.samples import ALICE, resource
from tests.web.curators import Browser, Desk


@pytest.fixture
def root(desk: Desk) -> Browser:
    return desk.browser(desk.add("root@asbl.example", "admin"))


def person_path(desk: Desk, email: str) -> str:
    with desk.services.database.read() as session:
        return f"comptes/{session.scalar(sa.select(Account.id).where(Account.email == email))}"


def test_another_role_counts_from_the_next_click_and_stands_in_the_log(desk: Desk, root: Browser) -> None:
    nora = desk.browser(desk.add("nora@asbl.example", "curator", ("nord",)))
    path = person_path(desk, "nora@asbl.example")
    assert nora.get("comptes").status_code == 403
    answer = root.post(path, path, role="admin")
    assert answer.headers["Location"] == "/fr/curation/comptes?done=reached"
    assert nora.get("comptes").status_code == 200
    root.post(path, path, role="curator", basins=["sud", "nord"])
    assert nora.get("comptes").status_code == 403
    with desk.services.database.read() as session:
        told = audit.list_entries(session, subject="nora@asbl.example", limit=2)
        row = accounts.find_account(session, "nora@asbl.example")
    assert row is not None
    assert row.basins == ["nord", "sud"]  # in the order of the taxonomy
    assert [(entry.actor, entry.action, entry.detail) for entry in told] == [
        ("root@asbl.example", "account.reach_changed", {"role": ["admin", "curator"], "basins": [[], ["nord", "sud"]]}),
        ("root@asbl.example", "account.reach_changed", {"role": ["curator", "admin"], "basins": [["nord"], []]}),
    ]
    shown = root.get("journal").text
    assert "rôle ou bassins modifiés" in shown
    assert "role: curator → admin, basins: nord → –" in shown


def test_saving_what_stands_writes_nothing(desk: Desk, root: Browser) -> None:
    desk.add("nora@asbl.example", "curator", ("nord",))
    path = person_path(desk, "nora@asbl.example")
    root.post(path, path, role="curator", basins=["nord"])
    with desk.services.database.read() as session:
        assert audit.list_entries(session, action="account.reach_changed") == []


@pytest.mark.parametrize(
    ("role", "basins"),
    [("curator", []), ("admin", ["nord"]), ("king", []), ("curator", ["region"]), ("curator", ["nowhere"]), ("", [])],
)
def test_a_role_that_cannot_be_is_refused_beside_its_field(
    desk: Desk, root: Browser, role: str, basins: list[str]
) -> None:
    desk.add("nora@asbl.example", "curator", ("nord",))
    path = person_path(desk, "nora@asbl.example")
    answer = root.post(path, path, role=role, basins=basins)
    assert answer.status_code == 422
    assert 'class="problem"' in answer.text
    with desk.services.database.read() as session:
        row = accounts.find_account(session, "nora@asbl.example")
        assert row is not None
        assert (row.role, row.basins) == ("curator", ["nord"])


def test_nobody_changes_their_own_role(desk: Desk, root: Browser) -> None:
    path = person_path(desk, "root@asbl.example")
    assert root.post(path, path, role="contributor").status_code == 422
    assert root.get("comptes").status_code == 200
    assert root.get("comptes/999").status_code == 404


def test_the_log_can_be_taken_away_whole(desk: Desk, root: Browser) -> None:
    with desk.services.database.write() as session:
        catalogue.create_resource(session, resource("a-a"), ALICE)
        audit.record(session, "=cmd()", "catalogue.imported", "+evil", {"reason": "=1+1"})
    answer = root.get("journal/journal.jsonl")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    with desk.services.database.read() as session:
        whole = list(audit.export_log(session))
    assert answer.text == "".join(whole)
    table = list(csv.reader(io.StringIO(root.get("journal/journal.csv").text)))
    assert table[0] == ["at", "actor", "action", "subject", "detail"]
    told = [json.loads(line) for line in whole]
    assert [row[2] for row in table[1:]] == [line["action"] for line in told]
    evil = next(row for row in table if row[2] == "catalogue.imported")
    assert evil[1:4] == ["'=cmd()", "catalogue.imported", "'+evil"]
    assert json.loads(evil[4]) == {"reason": "=1+1"}
    assert root.get("journal/journal.xml").status_code == 404
