"""A second visit: what it costs, and that it finds what changed. Counts are taken at the server."""

from __future__ import annotations

import pytest

from tests.crawler.conftest import Crawls
from tests.crawler.doubles import HandClock, PlainReader
from tests.crawler.site import Document, Site, WordPress, listing, resource

PAGES = 500  #: behind an inventory; elsewhere each costs a request, so FEW do outside `make check-long`
FEW = 60
OLD, NEW = "2025-01-01T10:00:00", "2026-11-24T10:00:00"


def fill(site: Site, pages: int = FEW, *, footer: str = "2026") -> list[str]:
    """A site of pages behind a listing; their paths."""
    paths = [f"/outils/outil-{number}" for number in range(pages)]
    site.page("/", listing(*paths))
    for path in paths:
        site.page(path, resource(f"Outil {path}", footer=footer))
    return paths


@pytest.mark.parametrize("pages", [FEW, pytest.param(500, marks=pytest.mark.long)])
def test_with_validators_each_page_costs_one_request_without_a_body(
    site: Site, crawls: Crawls, reader: PlainReader, pages: int
) -> None:
    fill(site, pages)
    site.validators = True
    first = crawls()
    assert (first["fetched"], len(first["proposals"])) == (pages + 1, pages)
    site.forget()
    reader.urls.clear()
    second = crawls()
    assert sorted(site.count().values()) == [1] * (pages + 1)  # neither robots.txt nor the missing sitemap again
    assert {request.status for request in site.asked} == {304}
    assert sum(request.body_bytes for request in site.asked) == 0
    assert (second["not_modified"], second["fetched"], second["proposals"]) == (pages + 1, 0, [])
    assert reader.urls == []


def test_without_validators_nothing_is_read_or_proposed_again(site: Site, crawls: Crawls, reader: PlainReader) -> None:
    fill(site)
    crawls()
    reader.urls.clear()
    second = crawls()
    assert (second["fetched"], second["proposals"], second["skipped"]) == (FEW + 1, [], {"unchanged": FEW + 1})
    assert reader.urls == []


def test_a_new_footer_on_every_page_makes_no_proposal(site: Site, crawls: Crawls) -> None:
    fill(site)
    crawls()
    fill(site, footer="© 2027 — 12 visiteurs")
    second = crawls()
    assert second["proposals"] == []
    assert second["skipped"] == {"unchanged": FEW + 1}  # the listing too


def wordpress(site: Site, pages: int = PAGES) -> tuple[WordPress, list[str]]:
    press = WordPress(site)
    paths = [f"/outil-{number}/" for number in range(pages)]
    press.home(*paths[:10])
    for path in paths:
        press.post(path, resource(f"Outil {path}"), OLD)
    return press, paths


def test_with_an_inventory_an_unchanged_site_costs_a_request_per_hundred_pages(site: Site, crawls: Crawls) -> None:
    wordpress(site)
    first = crawls()
    assert (first["fetched"], len(first["proposals"])) == (PAGES + 1, PAGES)
    site.forget()
    second = crawls()
    assert len(site.asked) <= 0.02 * PAGES
    assert (second["requested"], second["proposals"]) == (0, [])
    assert second["skipped"]["unchanged"] == PAGES


def test_edits_additions_and_deletions_are_all_found_in_one_run(site: Site, crawls: Crawls) -> None:
    press, paths = wordpress(site)
    crawls()
    edited, deleted = paths[100:120], paths[200:203]
    added = [f"/nouveau-{number}/" for number in range(5)]
    for path in edited:
        press.post(path, resource(f"Outil {path}", text="Mis à jour."), NEW)
    for path in added:
        press.post(path, resource(f"Outil {path}"), NEW)
    for path in deleted:
        press.delete(path)
    site.forget()
    report = crawls()
    assert len(site.asked) <= 40
    by_kind = {kind: sorted(p["url"] for p in report["proposals"] if p["kind"] == kind) for kind in ("new", "gone")}
    assert by_kind["new"] == sorted(site.origin + path for path in edited + added)
    assert by_kind["gone"] == sorted(site.origin + path for path in deleted)
    assert len(report["proposals"]) == 28
    assert report["errors"] == []


def test_without_an_inventory_edits_and_additions_are_found_by_links(site: Site, crawls: Crawls) -> None:
    paths = fill(site)
    site.validators = True
    crawls()
    for path in paths[:20]:
        site.page(path, resource(f"Outil {path}", text="Mis à jour."))
    added = [f"/outils/nouveau-{number}" for number in range(5)]
    site.page("/", listing(*paths, *added))
    for path in added:
        site.page(path, resource(path))
    report = crawls()
    assert sorted(p["url"] for p in report["proposals"]) == sorted(site.origin + path for path in paths[:20] + added)


def test_gone_from_the_sitemap_counts_as_gone_from_the_inventory(site: Site, crawls: Crawls) -> None:
    paths = fill(site)
    site.text("/sitemap.xml", sitemap(site, paths), "application/xml")
    crawls()
    del site.documents[paths[7]]
    del site.documents[paths[8]]
    site.text("/sitemap.xml", sitemap(site, [path for path in paths if path != paths[7]]), "application/xml")
    report = crawls()
    assert [(p["kind"], p["url"]) for p in report["proposals"]] == [("gone", site.origin + paths[7])]
    assert [error["url"] for error in report["errors"]] == [site.origin + paths[8]]


def test_a_404_alone_is_gone_after_three_misses_over_seven_days(site: Site, crawls: Crawls, clock: HandClock) -> None:
    paths = fill(site)
    crawls()
    del site.documents[paths[3]]
    for days in (0, 1, 2):
        clock.advance(days=days)
        report = crawls()
        assert report["proposals"] == []  # the third miss is three days after the first
        assert "http_404" in report["errors"][0]["error"]
    clock.advance(days=4)
    report = crawls()
    assert [(p["kind"], p["url"]) for p in report["proposals"]] == [("gone", site.origin + paths[3])]
    assert crawls()["proposals"] == []


def test_a_page_that_comes_back_was_never_gone(site: Site, crawls: Crawls, clock: HandClock) -> None:
    paths = fill(site)
    crawls()
    kept = site.documents.pop(paths[3])
    crawls()
    site.documents[paths[3]] = kept
    clock.advance(days=4)
    crawls()
    del site.documents[paths[3]]
    for _ in range(2):
        clock.advance(days=4)
        assert crawls()["proposals"] == []
    clock.advance(days=4)
    assert [p["kind"] for p in crawls()["proposals"]] == ["gone"]


def test_a_410_is_gone_at_once_and_never_more_than_a_tenth_in_one_run(site: Site, crawls: Crawls) -> None:
    paths = fill(site)
    crawls()
    for path in paths[:9]:
        site.documents[path] = Document(status=410)
    first = crawls()
    assert [p["kind"] for p in first["proposals"]] == ["gone"] * 6
    assert first["skipped"]["gone_held_back"] == 3
    second = crawls()
    assert [p["kind"] for p in second["proposals"]] == ["gone"] * 3


def test_a_page_that_had_gone_is_looked_at_again_when_it_is_linked(site: Site, crawls: Crawls) -> None:
    paths = fill(site)
    crawls()
    site.documents[paths[0]] = Document(status=410)
    assert [p["kind"] for p in crawls()["proposals"]] == ["gone"]
    site.page(paths[0], resource("De retour"))
    site.page("/", listing(*paths, "/autre"))
    site.page("/autre", listing())
    assert [(p["kind"], p["url"]) for p in crawls()["proposals"]] == [("new", site.origin + paths[0])]


def test_errors_of_the_host_never_make_a_page_gone(site: Site, crawls: Crawls, clock: HandClock) -> None:
    paths = fill(site)
    crawls()
    for status, path in zip((401, 403, 500, 502), paths, strict=False):
        site.documents[path] = Document(status=status)
    for _ in range(4):
        report = crawls()
        assert report["proposals"] == []
        assert len(report["errors"]) == 4
        clock.advance(days=5)


def test_a_lastmod_is_relied_on_once_it_has_earned_it_and_lost_at_the_first_lie(site: Site, crawls: Crawls) -> None:
    paths = fill(site)
    dates = {path: f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}" for number, path in enumerate(paths)}
    site.text("/sitemap.xml", sitemap(site, paths, dates), "application/xml")
    for _ in range(2):  # the first visit sees the sitemap after its first page, the second one learns
        site.forget()
        crawls()
        assert len(site.asked) > FEW
    site.forget()
    crawls()
    assert set(site.paths()) == {"/sitemap.xml", "/"}
    site.page(paths[5], resource("Outil", text="Neuf."))
    dates[paths[5]] = "2026-11-24"
    site.text("/sitemap.xml", sitemap(site, paths, dates), "application/xml")
    site.forget()
    report = crawls()
    assert [p["url"] for p in report["proposals"]] == [site.origin + paths[5]]
    assert len(site.asked) <= 3


def test_an_inventory_that_closes_leaves_the_crawl_to_links(site: Site, crawls: Crawls) -> None:
    press, paths = wordpress(site, FEW)
    press.closed = True
    press.home(*paths)
    report = crawls()
    assert len(report["proposals"]) == FEW
    site.forget()
    crawls()
    assert [path for path in site.paths() if path.startswith("/wp-json")] == []


def sitemap(site: Site, paths: list[str], dates: dict[str, str] | None = None) -> str:
    entries = "".join(
        f"<url><loc>{site.origin}{path}</loc>" + (f"<lastmod>{dates[path]}</lastmod>" if dates else "") + "</url>"
        for path in paths
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
