"""The commands as a shell runs them: output, exit codes, errors that say what to do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo

from directory.catalogue import Change, count_resources, get_resource, revise_resource
from directory.settings import Settings
from search.documents import public_documents
from search.locks import file_lock
from web import commands
from web.app import create_app
from web.wiring import wire


class Shell:
    """Runs `senne …` on a data folder, and a database in it or elsewhere."""

    def __init__(self, data_dir: Path, database_url: str | None = None) -> None:
        self.settings = Settings(data_dir=data_dir, database_url=database_url, base_url="https://senne.example")
        commands.load_commands()

    def run(self, *words: str) -> Result:
        services = wire(self.settings)
        try:
            info = ScriptInfo(create_app=lambda _info=None: create_app(self.settings, services=services))
            return CliRunner().invoke(commands.cli, list(words), obj=info)
        finally:
            services.database.close()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A Senne with the shipped catalogue."""
    shell = Shell(tmp_path_factory.mktemp("ready"))
    assert shell.run("init").exit_code == 0
    return shell


def test_every_command_has_a_help_text(shell: Shell) -> None:
    pending = [("senne", commands.cli)]
    while pending:
        name, command = pending.pop()
        assert command.help, name
        for sub_name, sub in getattr(command, "commands", {}).items():
            pending.append((f"{name} {sub_name}", sub))
    result = shell.run("--help")
    assert result.exit_code == 0
    for name in ("init", "serve", "search", "index", "catalogue"):
        assert name in result.stdout


def test_init_loads_the_shipped_catalogue_once(shell: Shell) -> None:
    first = shell.run("init")
    assert first.exit_code == 0
    assert "224 resources" in first.stdout
    again = shell.run("init")
    assert again.exit_code == 0
    assert "224" not in again.stdout


def test_init_never_brings_back_what_a_curator_changed(shell: Shell) -> None:
    shell.run("init")
    services = wire(shell.settings)
    with services.database.write() as session:
        entry = get_resource(session, "pspa-pallium")
        revise_resource(session, entry | {"title": {"fr": "Un autre titre"}}, Change("alice", "a better title"))
    assert shell.run("init").exit_code == 0
    with services.database.read() as session:
        assert get_resource(session, "pspa-pallium")["title"] == {"fr": "Un autre titre"}
    services.database.close()


def test_init_empty_leaves_the_catalogue_empty(shell: Shell) -> None:
    assert shell.run("init", "--empty").exit_code == 0
    services = wire(shell.settings)
    with services.database.read() as session:
        assert count_resources(session, public=False) == 0
    services.database.close()
    found = shell.run("search", "pspa", "--json")
    assert json.loads(found.stdout)["total"] == 0


@pytest.mark.parametrize(
    ("words", "theme"),
    [
        (["pspa"], "end_of_life"),
        (["vacination grippe"], "vaccination"),
        (["rouw", "--language", "nl"], "grief"),
        (["fin de vie", "--basin", "nord"], "end_of_life"),
    ],
)
def test_search_prints_the_document_of_the_api(ready: Shell, words: list[str], theme: str) -> None:
    result = ready.run("search", *words, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["query"] == words[0]
    assert all(theme in hit["themes"] for hit in document["hits"][:3])
    assert document["hits"][0]["url"].startswith("https://senne.example/fr/ressources/")


def test_search_labels_are_in_the_language_asked_for(ready: Shell) -> None:
    document = json.loads(ready.run("search", "", "--lang", "nl", "--json").stdout)
    assert "Noord" in [value["label"] for value in document["facets"]["basin"]]


def test_search_for_people_names_what_it_found(ready: Shell) -> None:
    result = ready.run("search", "pspa", "--per-page", "1")
    assert result.exit_code == 0
    assert "Projet de soins personnalisé" in result.stdout
    assert "https://senne.example/fr/ressources/pspa-pallium" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["search", "x", "--basin", "ouest"], "'nord'"),
        (["search", "x", "--page", "0"], "1<=x"),
        (["search"], "QUERY"),
        (["serve", "--port", "0"], "1<=x"),
        (["nonsense"], "No such command"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_why(ready: Shell, words: list[str], said: str) -> None:
    result = ready.run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["search", "x", "--place", "Namur"], "no commune"),
        (["search", "x", "--scope", "local", "--basin", "region"], "scope=local"),
    ],
)
def test_what_cannot_be_done_exits_with_1_and_one_sentence(ready: Shell, words: list[str], said: str) -> None:
    result = ready.run(*words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("words", [["search", "pspa"], ["serve"], ["index", "status"]])
def test_without_init_every_command_says_to_run_it(shell: Shell, words: list[str]) -> None:
    result = shell.run(*words)
    assert result.exit_code == 1
    assert "senne init" in result.stderr
    assert "Traceback" not in result.output


def test_the_index_can_be_rebuilt_synced_and_looked_at(ready: Shell) -> None:
    assert "224 resources" in ready.run("index", "rebuild").stdout
    assert "0 change" in ready.run("index", "sync").stdout
    status = json.loads(ready.run("index", "status", "--json").stdout)
    assert (status["documents"], status["pending"]) == (224, 0)


def spoil(shell: Shell) -> None:
    """Behind the indexer's back: an entry leaves the index, another gets other content, a stranger comes in."""
    services = wire(shell.settings)
    documents = {document.id: document for document in public_documents(services.database)}
    card = documents["pspa-pallium"].card | {"title": {"fr": "Abîmé"}}
    stranger = replace(documents["pspa-pallium"], id="intruse", card=card | {"id": "intruse"})
    services.engine.update([replace(documents["pspa-pallium"], card=card), stranger], ["apsode"])
    services.close()


def test_an_audit_of_the_index_names_and_mends_what_differs(shell: Shell) -> None:
    shell.run("init")
    clean = shell.run("index", "audit")
    assert (clean.exit_code, clean.stdout.split(": ")[1]) == (0, "224 resources, as in the catalogue.\n")
    spoil(shell)
    found = shell.run("index", "audit", "--json")
    assert found.exit_code == 0
    [report] = json.loads(found.stdout)["indexes"]
    assert report["missing"] == ["apsode"]
    assert report["stale"] == ["pspa-pallium"]
    assert report["orphaned"] == ["intruse"]
    assert report["documents"] == 224
    again = json.loads(shell.run("index", "audit", "--json").stdout)
    assert again["indexes"] == [report | {"missing": [], "stale": [], "orphaned": []}]


def test_an_audit_for_people_tells_which_entries_differed(shell: Shell) -> None:
    shell.run("init")
    spoil(shell)
    told = shell.run("index", "audit")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines[0].endswith("3 resource(s) differed from the catalogue; all are mended.")
    assert lines[1:] == [
        "  Was missing: apsode", "  Had other content: pspa-pallium", "  Did not belong: intruse",
    ]  # fmt: skip


def test_an_audit_that_cannot_be_made_fails_and_says_why(shell: Shell) -> None:
    shell.run("init")
    with file_lock(shell.settings.data_dir / "indexer.lock"):
        busy = shell.run("index", "audit", "--json")
    assert (busy.exit_code, busy.stdout) == (1, "")
    assert "Another process is keeping the search index up to date." in busy.stderr
