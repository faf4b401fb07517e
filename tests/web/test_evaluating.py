"""`senne evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import Result
from flask import Flask

from web.commands import cli, load_commands

load_commands()


def run(shipped: Flask, *arguments: str) -> Result:
    return shipped.test_cli_runner().invoke(cli, ["evaluate", *arguments])


def judged(folder: Path) -> str:
    path = folder / "judged.jsonl"
    lines = [
        {"query": "pspa", "lang": "fr", "kind": "abbreviation", "filters": {}, "relevant": {"pspa-pallium": 2}},
        {"query": "xyzzy", "lang": "fr", "kind": "nothing", "filters": {}, "relevant": {}, "max_hits": 3},
        {"query": "deuil", "filters": {"basin": ["nord"]}, "relevant": {"no-such-entry": 2}},
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return str(path)


def test_the_json_report_has_the_shape_of_the_contract(shipped: Flask, tmp_path: Path) -> None:
    result = run(shipped, judged(tmp_path), "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert set(report) == {"queries", "ndcg_at_10", "mrr_at_10", "recall_at_10", "nothing_ok", "by_kind", "failing"}
    assert (report["queries"], report["nothing_ok"], report["by_kind"]["abbreviation"]) == (3, "1/1", 1.0)
    [failing] = report["failing"]
    assert set(failing) == {"query", "ndcg", "got", "wanted"}


def test_the_baseline_stands_beside_it_and_the_next_run_says_what_changed(shipped: Flask, tmp_path: Path) -> None:
    first = run(shipped, judged(tmp_path), "--baseline")
    assert "SQLite FTS5 beside" in first.stdout
    again = run(shipped, judged(tmp_path), "--baseline")
    assert "Nothing changed since the last run." in again.stdout


def test_a_file_that_is_no_judgement_fails_and_is_named(shipped: Flask, tmp_path: Path) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text('{"query": 1', encoding="utf-8")
    result = run(shipped, str(path))
    assert result.exit_code == 1
    assert "line 1" in result.output


def test_a_file_that_is_not_there_is_wrong_usage(shipped: Flask) -> None:
    assert run(shipped, "/no/such/file").exit_code == 2
