"""The local sites answer as their manifests say, and count what is asked of them."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import httpx
import pypdfium2  # type: ignore[import-untyped]
import pytest

from tests.local_sites import SITES, LocalSite, is_forbidden, site_names

ESSAI = SITES / "bassin-essai"


def gold(site: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (SITES / site / "gold.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", site_names())
def test_every_route_and_every_labelled_page_is_served(name: str) -> None:
    with LocalSite(SITES / name) as site, httpx.Client(base_url=site.base, trust_env=False) as client:
        for path, route in site.manifest["routes"].items():
            answer = client.get(path)
            expected = route.get("status", 301 if "redirect" in route else 200)
            assert answer.status_code == expected, path
            assert b"{{" not in answer.content or route.get("file", "").endswith(".pdf"), path
        for line in gold(name):
            status = client.get(str(line["url"])).status_code
            assert status == 200 or line["expect"] == "nothing", line["url"]


@pytest.mark.parametrize("name", site_names())
def test_the_gold_names_only_pages_that_robots_allows(name: str) -> None:
    rules = json.loads((SITES / name / "site.json").read_text("utf-8"))["forbidden"]
    assert [g["url"] for g in gold(name) if g["expect"] == "resource" and is_forbidden(str(g["url"]), rules)] == []


@pytest.mark.parametrize("name", site_names())
def test_no_invented_person_is_part_of_the_gold(name: str) -> None:
    people = json.loads((SITES / name / "site.json").read_text("utf-8"))["people"]
    text = (SITES / name / "gold.jsonl").read_text("utf-8")
    assert [person for person in people if person in text] == []


@pytest.mark.parametrize("path", sorted(SITES.glob("*/pdfs/*.pdf")), ids=lambda path: path.stem)
def test_a_pdf_gives_back_its_source_text_unless_it_is_a_scan(path: Path) -> None:
    source = path.with_suffix(".txt").read_text("utf-8")
    document = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    pages = len(document)
    document.close()
    assert pages == source.count("\n---\n") + 1
    heading = next(line for line in source.splitlines() if line.startswith("# "))[2:]
    assert (heading.split()[0] in text) is ("Scan: yes" not in source)


def test_a_conditional_request_is_answered_304_until_the_page_changes() -> None:
    with LocalSite(ESSAI) as site, httpx.Client(base_url=site.base, trust_env=False) as client:
        first = client.get("/helpdesk/")
        known = {"If-None-Match": first.headers["ETag"]}
        second = client.get("/helpdesk/", headers=known)
        assert (second.status_code, second.content) == (304, b"")
        since = {"If-Modified-Since": first.headers["Last-Modified"]}
        assert client.get("/helpdesk/", headers=since).status_code == 304
        site.edit("/helpdesk/", "de 9h à 17h", "de 8h à 17h")
        assert client.get("/helpdesk/", headers=known).status_code == 200
        changed = client.get("/helpdesk/", headers=since)
        assert changed.status_code == 200
        assert "de 8h à 17h" in changed.text


def test_the_inventory_shows_additions_and_removals_by_pages() -> None:
    with LocalSite(ESSAI) as site, httpx.Client(base_url=site.base, trust_env=False) as client:
        url = "/wp-json/wp/v2/posts?per_page=4&_fields=id,link,modified_gmt&page="
        first = client.get(url + "1")
        total, pages = int(first.headers["X-WP-Total"]), int(first.headers["X-WP-TotalPages"])
        assert (len(first.json()), pages, set(first.json()[0])) == (4, -(-total // 4), {"id", "link", "modified_gmt"})
        assert client.get(url + str(pages + 1)).status_code == 400
        site.add("/nouvel-outil/", b"<h1>Nouvel outil</h1>", title="Nouvel outil")
        site.remove("/intervision-premiere-ligne/")
        links = [item["link"] for item in client.get("/wp-json/wp/v2/posts?per_page=100").json()]
        assert len(links) == total
        assert site.base + "/nouvel-outil/" in links
        assert site.base + "/intervision-premiere-ligne/" not in links
        assert client.get("/nouvel-outil/").status_code == 200
        assert client.get("/intervision-premiere-ligne/").status_code == 404


def test_the_calendar_never_ends() -> None:
    with LocalSite(ESSAI) as site, httpx.Client(base_url=site.base, trust_env=False) as client:
        page = client.get("/agenda/mois/2026-12/").text
        assert f"{site.base}/agenda/mois/2026-12/" in page
        assert "/agenda/mois/2027-01/" in page
        assert "/agenda/mois/2026-11/" in page


def test_the_log_counts_forbidden_and_simultaneous_visits() -> None:
    with LocalSite(ESSAI, hold=0.2) as site:
        paths = ["/contact/", "/contact/?utm_source=x", "/prive/comptes-internes/"]
        threads = [threading.Thread(target=httpx.get, args=(site.base + path,)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        report = site.report()
    assert report["disallowed"] == ["/prive/comptes-internes/"]
    assert report["requests"] == 3
    assert report["overlaps"] > 0
    assert report["max_at_once"] > 1
