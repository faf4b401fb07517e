"""What becomes of proposals when their page vanishes, and when it comes back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from directory import proposals
from directory.catalogue import Change, get_resource
from directory.database import Database
from directory.models import Proposal
from tests.crawler.conftest import Crawls
from tests.crawler.doubles import HandClock
from tests.crawler.site import Document, Site, listing, resource


def fill(site: Site) -> None:
    site.page("/", listing("/a", "/b"))
    for path in ("/a", "/b"):
        site.page(path, resource(f"Outil {path}"))


def found(database: Database, url: str) -> dict[str, tuple[str, str | None]]:
    """kind → (status, who decided)."""
    with database.read() as session:
        rows = session.scalars(sa.select(Proposal).where(Proposal.url == url)).all()
    return {row.kind: (row.status, row.decided_by) for row in rows}


def accept(database: Database, report: dict[str, Any], url: str) -> str:
    (proposal,) = (one for one in report["proposals"] if one["url"] == url)
    with database.write() as session:
        return str(proposals.accept(session, proposal["id"], Change("alice", "bon"))["id"])


def test_nobody_decides_on_a_page_that_went_before_it_was_accepted(
    site: Site, crawls: Crawls, database: Database
) -> None:
    fill(site)
    crawls()
    kept = site.documents["/a"]
    site.documents["/a"] = Document(status=410)
    url = site.origin + "/a"
    assert [(one["kind"], one["url"], one["matches"]) for one in crawls()["proposals"]] == [("gone", url, [])]
    assert found(database, url) == {"new": ("rejected", "crawler"), "gone": ("accepted", "crawler")}
    assert found(database, site.origin + "/b") == {"new": ("pending", None)}
    site.documents["/a"] = kept
    site.page("/", listing("/a", "/b", "/c"))  # it is linked from a page that changed
    assert [(one["kind"], one["url"]) for one in crawls()["proposals"]] == [("new", url)]
    assert found(database, url)["new"] == ("pending", None)


def test_a_page_that_comes_back_takes_its_absence_from_the_queue(
    site: Site, crawls: Crawls, database: Database, clock: HandClock
) -> None:
    fill(site)
    url = site.origin + "/a"
    entry = accept(database, crawls(), url)
    kept = site.documents["/a"]
    for linked in ("/c", "/d"):
        site.documents["/a"] = Document(status=410)
        assert [(one["kind"], one["matches"]) for one in crawls()["proposals"]] == [("gone", [entry])]
        assert found(database, url)["gone"] == ("pending", None)
        site.documents["/a"] = kept
        site.page("/", listing("/a", "/b", linked))
        assert crawls()["proposals"] == []
        assert found(database, url) == {"new": ("accepted", "alice"), "gone": ("rejected", "crawler")}
        clock.advance(days=3)
    with database.read() as session:
        assert get_resource(session, entry)["status"] == "published"


def test_a_person_who_said_that_a_page_is_not_gone_is_not_asked_again(
    site: Site, crawls: Crawls, database: Database, clock: HandClock
) -> None:
    fill(site)
    accept(database, crawls(), site.origin + "/a")
    site.documents["/a"] = Document(status=410)
    (gone,) = crawls()["proposals"]
    with database.write() as session:
        proposals.reject(session, gone["id"], Change("alice", "elle déménage"))
    clock.advance(days=3)
    site.page("/", listing("/a", "/b", "/c"))
    assert crawls()["proposals"] == []
