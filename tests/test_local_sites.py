"""The local sites answer as their manifests say, and count what is asked of them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pypdfium2
import pytest
from bs4 import BeautifulSoup

from directory.schemas import ResourceSchema
from directory.taxonomy import taxonomy
from tests.local_sites import SITES, LocalSite, is_forbidden, site_names

ESSAI = SITES / "bassin-essai"


def manifest(site: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SITES / site / "site.json").read_text("utf-8"))
    return found


def gold(site: str) -> list[dict[str, Any]]:
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
            status = client.get(line["url"]).status_code
            assert status == 200 or line["expect"] == "nothing", line["url"]


@pytest.mark.parametrize("name", site_names())
def test_every_resource_can_be_reached_by_links_from_the_start(name: str) -> None:
    with LocalSite(SITES / name) as site, httpx.Client(base_url=site.base, trust_env=False) as client:
        routes, rules = site.manifest["routes"], site.manifest["forbidden"]
        waiting = [url.removeprefix(site.base) for url in site.source()["start_urls"]]
        seen: set[str] = set()
        while waiting:
            path = waiting.pop()
            if path in seen or path not in routes or is_forbidden(path, rules):
                continue
            seen.add(path)
            answer = client.get(path)
            if not answer.headers.get("Content-Type", "").startswith("text/html"):
                continue
            page = BeautifulSoup(answer.content, "lxml")
            base = page.find("base", href=True)
            from_here = urljoin(site.base + path, str(base["href"]) if base else "")
            for link in page.find_all("a", href=True):
                target = urlsplit(urljoin(from_here, str(link["href"])))
                if target.netloc == site.base.removeprefix("http://"):
                    waiting += [target.path, f"{target.path}?{target.query}"]
        wanted = {line["url"] for line in gold(name) if line["expect"] == "resource"}
    assert wanted - seen == set()


@pytest.mark.parametrize("name", site_names())
def test_the_gold_names_only_pages_that_robots_allows(name: str) -> None:
    rules = manifest(name)["forbidden"]
    assert [g["url"] for g in gold(name) if g["expect"] == "resource" and is_forbidden(g["url"], rules)] == []


@pytest.mark.parametrize("name", site_names())
def test_no_invented_person_is_part_of_the_gold(name: str) -> None:
    people = manifest(name)["people"]
    text = (SITES / name / "gold.jsonl").read_text("utf-8")
    assert [person for person in people if person in text] == []


@pytest.mark.parametrize("name", site_names())
def test_the_gold_is_in_the_outside_shape(name: str) -> None:
    fields = set(ResourceSchema().fields) - {"id", "status"}
    for line in gold(name):
        if line["expect"] != "resource":
            assert line["expect"] in ("nothing", "either"), line
            assert line["reason"], line
            continue
        resource = {key: value for key, value in line.items() if key in fields and value is not None}
        resource["organisations"] = [{"name": organisation} for organisation in line["organisations"]]
        unsaid = {"themes": ["wellbeing"], "basins": ["region"]}
        resource |= {key: value for key, value in unsaid.items() if not resource[key]}
        assert ResourceSchema().validate({"id": "a-gold-line", **resource}) == {}, line["url"]
        for also, known in (
            ("types_also", taxonomy().types),
            ("themes_also", taxonomy().themes),
            ("basins_also", taxonomy().basins),
        ):
            assert set(line.get(also, [])) <= set(known), line["url"]


def test_the_corpus_has_the_size_and_the_variety_that_was_asked() -> None:
    routes = [r for name in site_names() for r in manifest(name)["routes"].values() if "file" in r]
    suffixes = [Path(route["file"]).suffix for route in routes]
    lines = [line for name in site_names() for line in gold(name) if line["expect"] == "resource"]
    assert len({manifest(name)["layout"] for name in site_names()}) >= 8
    assert sum(suffix in (".html", ".htm") for suffix in suffixes) >= 60
    assert suffixes.count(".pdf") >= 10
    assert {language for line in lines for language in line["languages"]} == {"fr", "nl", "en"}
    assert {line["kind"] for line in lines} == {"new", "update", "duplicate", "translation"}
    assert {basin for line in lines for basin in line["basins"]} == set(taxonomy().basins)


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


def test_the_command_serves_writes_the_source_and_reports_when_it_is_stopped(tmp_path: Path) -> None:
    source, report = tmp_path / "source.json", tmp_path / "report.json"
    command = [sys.executable, "-m", "tests.local_sites", "bassin-essai", "--seconds", "60"]
    with subprocess.Popen(
        [*command, "--source", str(source), "--report", str(report)],
        cwd=SITES.parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        assert httpx.get(base + "/contact/", trust_env=False).status_code == 200
        assert json.loads(source.read_text("utf-8"))[0]["start_urls"] == [base + "/"]
        process.terminate()
        assert process.wait(30) == 0
    assert json.loads(report.read_text("utf-8"))["by_path"] == {"/contact/": 1}
