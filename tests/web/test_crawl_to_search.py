"""From a site to a reader: the small labelled site is crawled by command, a proposal accepted, and search finds it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from test_commands import Shell

from tests.local_sites import SITES, LocalSite

SITE = SITES / "bassin-essai"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shell, LocalSite, dict[str, Any]]]:
    """A Senne with the shipped catalogue that has crawled the site, the site, and the crawl's report."""
    folder = tmp_path_factory.mktemp("crawled")
    shell = Shell(folder / "senne")
    assert shell.run("init").exit_code == 0
    with LocalSite(SITE) as site:
        sources = folder / "sources.json"
        sources.write_text(json.dumps([site.source()]), encoding="utf-8")
        result = shell.run("crawl", str(sources), "--json")
        assert result.exit_code == 0, result.stderr
        yield shell, site, json.loads(result.stdout)[0]


def gold() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SITE / "gold.jsonl").read_text(encoding="utf-8").splitlines()]


def path_of(site: LocalSite, url: str) -> str:
    return url.removeprefix(str(site.source()["start_urls"][0]).rstrip("/"))


def test_the_right_pages_become_proposals_with_evidence(crawled: tuple[Shell, LocalSite, dict[str, Any]]) -> None:
    _shell, site, report = crawled
    proposed = {path_of(site, proposal["url"]) for proposal in report["proposals"]}
    assert {page["url"] for page in gold() if page["expect"] == "resource"} <= proposed
    assert not proposed & {page["url"] for page in gold() if page["expect"] == "nothing"}
    for proposal in report["proposals"]:
        assert proposal["evidence"]["title"]
        assert set(proposal["evidence"]) <= set(proposal["places"])
        assert 0 < proposal["confidence"] <= 1


def test_what_robots_txt_forbids_is_not_even_asked_for(crawled: tuple[Shell, LocalSite, dict[str, Any]]) -> None:
    _shell, site, report = crawled
    visits = site.report()
    assert visits["disallowed"] == []
    assert report["skipped"]["robots"] >= 1
    assert "prive" not in json.dumps(report["proposals"])


def test_an_accepted_proposal_is_found_by_search(crawled: tuple[Shell, LocalSite, dict[str, Any]]) -> None:
    shell, _site, report = crawled
    proposal = next(one for one in report["proposals"] if one["resource"]["type"] == "card_game")
    assert shell.run("proposals", "accept", proposal["id"]).exit_code == 0
    assert shell.run("index", "sync").exit_code == 0
    found = json.loads(shell.run("search", "parlons vaccins", "--basin", "nord", "--json").stdout)
    assert found["hits"][0]["id"] == proposal["resource"]["id"]
    assert shell.run("proposals", "accept", proposal["id"]).exit_code == 1
