"""A crawl from end to end, over real sockets."""

from __future__ import annotations

from directory.database import Database
from directory.proposals import list_proposals
from tests.crawler.conftest import Crawls
from tests.crawler.site import Site, listing, resource


def test_every_reachable_page_becomes_a_proposal_once(site: Site, crawls: Crawls, database: Database) -> None:
    site.page("/", listing("/a", "b#part", "/a?utm_source=news", "https://elsewhere.example/", "/image.png"))
    site.page("/a", resource("A", "/c", "/"))
    site.page("/b", resource("B", "/a"))
    site.page("/c", resource("C"))
    report = crawls()
    assert report["requested"] == report["fetched"] == 4
    assert site.count() == {"/robots.txt": 1, "/sitemap.xml": 1, "/": 1, "/a": 1, "/b": 1, "/c": 1}
    assert report["errors"] == []
    assert report["skipped"] == {"listing": 1}
    assert [proposal["url"] for proposal in report["proposals"]] == [site.origin + path for path in ("/a", "/b", "/c")]
    assert set(report) == {"source", "requested", "fetched", "not_modified", "skipped", "errors", "proposals"}
    assert set(report["proposals"][0]) == {
        "id", "kind", "url", "resource", "evidence", "places", "field_confidence", "confidence", "matches",
    }  # fmt: skip
    with database.read() as session:
        assert len(list_proposals(session, status="pending")) == 3
