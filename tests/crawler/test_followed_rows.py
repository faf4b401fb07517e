"""What is kept in memory of the proposals follows what is written and decided."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crawler.original_index import original_index
from directory import proposals
from directory.catalogue import Change
from directory.database import Database
from directory.proposals import Finding


def propose(session: Session, name: str) -> str:
    finding = Finding(
        source="s", kind="new", url=f"https://site.example/{name}", resource={"id": name, "title": {"fr": name}},
        evidence={}, confidence=0.9, content_hash=name,
    )  # fmt: skip
    return str(proposals.submit(session, finding)[1]["id"])


def ids(session: Session) -> set[str]:
    return original_index(session).ids(not_at="")


def test_a_writing_session_sees_what_it_wrote_and_a_view_stays_as_it_was(database: Database) -> None:
    with database.write() as session:
        first = propose(session, "a")
        assert ids(session) == {"a"}
        propose(session, "b")
        assert ids(session) == {"a", "b"}
    with database.read() as before:
        assert ids(before) == {"a", "b"}
        with database.write() as session:
            proposals.reject(session, first, Change("alice", "non"))
        assert ids(before) == {"a", "b"}
    with database.read() as after:
        assert ids(after) == {"b"}
