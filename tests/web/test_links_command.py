"""`senne links` as a shell runs it, on a server of this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.directory.samples import resource
from tests.web.test_catalogue_commands import ok, write
from tests.web.test_commands import Shell

PAGE = (
    "<!doctype html><title>Atelier</title><main><h1>Atelier</h1><p>" + "Un repas entre voisins. " * 20 + "</p></main>"
)


@pytest.fixture
def shell(tmp_path: Path, database_url: str, httpserver: HTTPServer) -> Shell:
    """A Senne with one link that works and one that is not there."""
    httpserver.expect_request("/good").respond_with_data(PAGE, content_type="text/html")
    for path in ("/bad", "/robots.txt"):
        httpserver.expect_request(path).respond_with_data("nothing here", status=404)
    shell = Shell(tmp_path / "var", database_url)
    ok(shell.run("init", "--empty"))
    links = [{"url": httpserver.url_for(path), "kind": "page"} for path in ("/good", "/bad")]
    file = write(tmp_path / "in.jsonl", resource("a-a", links=links, basins=["nord"]))
    ok(shell.run("catalogue", "import", file))
    return shell


def test_a_check_reports_by_basin_as_one_json_document(shell: Shell, httpserver: HTTPServer) -> None:
    report = json.loads(ok(shell.run("links", "check", "--delay", "0", "--allow-private", "--json")).stdout)
    assert report["checked"] == report["links"] == 2
    assert (report["basins"]["nord"]["ok"], report["basins"]["nord"]["failing"]) == (1, 1)
    assert [(link["url"], link["reason"], link["resources"]) for link in report["failing"]] == [
        (httpserver.url_for("/bad"), "http_404", ["a-a"])
    ]
    assert (report["dead"], report["proposals"]) == ([], [])
    again = json.loads(ok(shell.run("links", "check", "--delay", "0", "--allow-private", "--json")).stdout)
    assert again["checked"] == 0


def test_the_report_is_also_for_people(shell: Shell) -> None:
    assert "nord: 1 ok, 1 failing" in ok(shell.run("links", "check", "--delay", "0", "--allow-private")).stdout
    listed = ok(shell.run("links", "list", "--basin", "nord")).stdout
    assert "failing" in listed
    assert "http 404" in listed
    assert ok(shell.run("links", "list", "--state", "ok", "--json")).stdout.count('"url"') == 1


def test_private_addresses_are_not_visited_unless_told(shell: Shell, httpserver: HTTPServer) -> None:
    report = json.loads(ok(shell.run("links", "check", "--json")).stdout)
    assert {link["reason"] for link in report["unsure"]} == {"port"}
    assert httpserver.log == []


def test_at_most_so_many_addresses_are_visited(shell: Shell) -> None:
    assert json.loads(ok(shell.run("links", "check", "--max", "1", "--delay", "0", "--json")).stdout)["checked"] == 1
    assert shell.run("links", "check", "--max", "0").exit_code == 2
