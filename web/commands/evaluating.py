"""`senne evaluate`: how well the search answers judged queries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from directory import catalogue
from directory.database import Database
from search.baseline import Fts5Baseline
from search.documents import Document, to_document
from search.evaluation import differences, evaluate, load_judgements, rank_with
from web.commands import cli, print_json
from web.commands.index import embed_new_texts
from web.wiring import get_services

_LAST_RUN = "evaluation.json"  #: in the data folder: the report that the next one is compared with
_SHOWN_FAILING = 10


@cli.command("evaluate")
@click.argument("judgements", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--baseline", is_flag=True, help="Measure SQLite FTS5 (any word, prefixes) beside it.")
def evaluate_command(judgements: Path, as_json: bool, baseline: bool) -> None:
    """Measure nDCG@10, MRR@10 and recall@10 on the configured engine, by kind of query, and list what fails.

    A readable report ends with what changed since the last run on this data folder.
    """
    services = get_services()
    embed_new_texts(services)
    if services.semantics:
        services.semantics.embed_statements()  # otherwise made in the background, after the first queries
    judged = load_judgements(judgements)
    report = evaluate(judged, rank_with(services.engine, services.semantics))
    if baseline:
        beside = evaluate(judged, Fts5Baseline(_documents(services.database)).rank)
        report["baseline"] = {name: value for name, value in beside.items() if name != "failing"}
    last_run = services.settings.data_dir / _LAST_RUN
    before = _load(last_run)
    last_run.parent.mkdir(parents=True, exist_ok=True)
    last_run.write_text(json.dumps({**report, "judgements": judgements.name}, ensure_ascii=False), encoding="utf-8")
    if as_json:
        print_json(report)
    else:
        _print(report, before if before.get("judgements") == judgements.name else {})


def _documents(database: Database) -> list[Document]:
    with database.read() as session:
        return [to_document(resource, added=datetime.now(UTC)) for resource in catalogue.list_resources(session)]


def _load(path: Path) -> dict[str, Any]:
    """The last run's report; empty where there is none or it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _print(report: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    beside = report.get("baseline", {})
    click.echo(f"{report['queries']} queries" + ("; SQLite FTS5 beside" if beside else ""))
    for name in ("ndcg_at_10", "mrr_at_10", "recall_at_10", "nothing_ok"):
        click.echo(f"  {name:<18} {report[name]:>8}" + (f" {beside[name]:>8}" if beside else ""))
    for kind, value in report["by_kind"].items():
        click.echo(f"    {kind:<16} {value:>8}" + (f" {beside['by_kind'][kind]:>8}" if beside else ""))
    if failing := report["failing"]:
        click.echo(f"Failing (nDCG below 0.5): {len(failing)}")
        for query in failing[:_SHOWN_FAILING]:
            click.echo(f"  {query['ndcg']:<6} {query['query']}")
    if changes := differences(report, before):
        click.echo("Since the last run: " + ", ".join(f"{name} {change:+}" for name, change in changes.items()))
    elif before:
        click.echo("Nothing changed since the last run.")
