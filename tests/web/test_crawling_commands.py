"""`senne source`, `senne crawl` and `senne proposals` as a shell runs them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.doubles import PlainReader, always_new
from tests.crawler.site import Site, serve
from tests.web.test_commands import Shell
from web.commands import crawling


@pytest.fixture
def shell(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell(tmp_path / "data", database_url)
    monkeypatch.setattr(crawling, "understanding", lambda: (PlainReader(), always_new))
    assert shell.run("init", "--empty").exit_code == 0
    return shell


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(Site()) as served:
        served.page("/", '<html><body><a href="/cartes">x</a><a href="/interne">y</a></body></html>')
        served.page("/cartes", "<main><h1>Cartes pour parler</h1>Un jeu de cartes.</main>")
        served.page("/interne", "<main><h1>Interne</h1></main>")
        served.text("/robots.txt", "User-agent: Senne\nDisallow: /interne\n")
        yield served


@pytest.fixture
def file(site: Site, tmp_path: Path) -> Path:
    path = tmp_path / "sources.json"
    source = {"name": "asbl", "start_urls": [site.origin + "/"], "delay_s": 0, "allow_private": True}
    path.write_text(json.dumps([source]), encoding="utf-8")
    return path


def test_a_file_of_sources_is_crawled_and_reported_as_one_json_document(shell: Shell, file: Path, site: Site) -> None:
    result = shell.run("crawl", str(file), "--json")
    assert result.exit_code == 0
    (report,) = json.loads(result.stdout)
    assert (report["source"], report["requested"], report["fetched"]) == ("asbl", 2, 2)
    assert report["skipped"] == {"listing": 1, "robots": 1}
    assert [proposal["url"] for proposal in report["proposals"]] == [site.origin + "/cartes"]
    assert "/interne" not in site.paths()
    agent = site.asked[0].headers["user-agent"]
    assert agent.startswith("Senne/")
    assert agent.endswith("(+https://senne.example/fr/a-propos#crawler)")


def test_progress_goes_to_standard_error(shell: Shell, file: Path) -> None:
    result = shell.run("crawl", str(file), "--json")
    assert "Visited 2 page(s)." in result.stderr
    json.loads(result.stdout)


def test_an_accepted_proposal_is_found_by_search(shell: Shell, file: Path) -> None:
    shell.run("crawl", str(file))
    (proposal,) = json.loads(shell.run("proposals", "list", "--json").stdout)
    assert proposal["status"] == "pending"
    assert shell.run("proposals", "accept", proposal["id"]).exit_code == 0
    assert shell.run("index", "sync").exit_code == 0
    found = json.loads(shell.run("search", "cartes", "--json").stdout)
    assert [hit["title"]["fr"] for hit in found["hits"]] == ["Cartes pour parler"]
    assert json.loads(shell.run("proposals", "list", "--json").stdout) == []
    again = shell.run("proposals", "accept", proposal["id"])
    assert again.exit_code == 1
    assert "is already accepted" in again.stderr


def test_a_rejected_proposal_is_not_made_again(shell: Shell, file: Path) -> None:
    shell.run("crawl", str(file))
    (proposal,) = json.loads(shell.run("proposals", "list", "--json").stdout)
    assert shell.run("proposals", "reject", proposal["id"], "--reason", "pas un outil").exit_code == 0
    (report,) = json.loads(shell.run("crawl", str(file), "--json").stdout)
    assert report["proposals"] == []
    assert (
        json.loads(shell.run("proposals", "list", "--status", "rejected", "--json").stdout)[0]["id"] == proposal["id"]
    )


def test_sources_are_added_listed_switched_and_removed(shell: Shell, file: Path, site: Site) -> None:
    assert shell.run("source", "add", str(file)).exit_code == 0
    assert (
        shell.run("source", "add", "https://b.example/", "--name", "b", "--basin", "nord", "--delay", "5").exit_code
        == 0
    )
    listed = {source["name"]: source for source in json.loads(shell.run("source", "list", "--json").stdout)}
    assert (listed["b"]["basins"], listed["b"]["delay_s"], listed["b"]["enabled"]) == (["nord"], 5.0, True)
    assert shell.run("source", "disable", "b").exit_code == 0
    reports = json.loads(shell.run("crawl", "--json").stdout)
    assert [report["source"] for report in reports] == ["asbl"]
    assert shell.run("source", "remove", "b").exit_code == 0
    missing = shell.run("crawl", "b")
    assert missing.exit_code == 1
    assert "No crawl source is called 'b'" in missing.stderr


def test_a_test_of_one_page_says_why_and_proposes_nothing(shell: Shell, site: Site) -> None:
    said = json.loads(shell.run("source", "test", site.origin + "/cartes", "--allow-private", "--json").stdout)
    assert said["verdict"].startswith("new: would be proposed")
    assert said["would_propose"]["evidence"] == {"title": "Cartes pour parler"}
    assert "robots" in shell.run("source", "test", site.origin + "/interne", "--allow-private").stdout
    assert "private_address" in shell.run("source", "test", site.origin + "/cartes").stdout
    assert json.loads(shell.run("proposals", "list", "--status", "all", "--json").stdout) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("[1]", "source 0: is not a JSON object"),
        ('[{"name": "a"}]', "source 0: start_urls"),
        (
            '[{"name": "a", "start_urls": ["https://a.example/"]}, {"name": "a", "start_urls": ["https://b.example/"]}]',
            "twice",
        ),
    ],
)
def test_a_wrong_file_is_answered_with_what_and_where(shell: Shell, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, encoding="utf-8")
    for command in (("crawl",), ("source", "add")):
        result = shell.run(*command, str(path))
        assert result.exit_code == 1
        assert message in result.stderr


def test_wrong_usage_exits_with_2(shell: Shell, file: Path) -> None:
    assert shell.run("crawl", "--max-pages", "0").exit_code == 2
    assert shell.run("source", "add", str(file), "--name", "x").exit_code == 2
    assert shell.run("proposals", "list", "--status", "lost").exit_code == 2


def test_the_shipped_sources_wait_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawling, "understanding", lambda: (None, None))
    shell = Shell(tmp_path / "data")
    assert shell.run("init").exit_code == 0
    listed = json.loads(shell.run("source", "list", "--json").stdout)
    assert {
        "bassin-nord",
        "bassin-nord-est",
        "bassin-centre-ouest",
        "bassin-sud",
        "bassin-sud-est",
        "brusano",
        "vivalis",
    } <= {source["name"] for source in listed}
    assert not any(source["enabled"] for source in listed)
    assert json.loads(shell.run("crawl", "--json").stdout) == []


def test_workers_need_postgresql(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    for command in (("worker",), ("crawl", "--queue")):
        result = shell.run(*command)
        assert result.exit_code == 1
        assert "workers share a PostgreSQL database" in result.stderr
    assert shell.run("crawl", "--queue", "--json").exit_code == 2
