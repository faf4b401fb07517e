"""`senne index …`: the derived search index."""

from __future__ import annotations

import signal
import threading
from dataclasses import asdict

import click
from tqdm import tqdm

from search.audit import AuditReport
from search.errors import EmbedderUnavailable, IndexerBusy
from web.commands import SenneGroup, cli, print_json
from web.wiring import Services, get_services


@cli.group("index", cls=SenneGroup)
def index_group() -> None:
    """The search index: derived from the catalogue, can be rebuilt at any time."""


@index_group.command("rebuild")
def rebuild() -> None:
    """Fill a fresh index beside the live one and switch to it in one step."""
    services = get_services()
    click.echo(f"The index holds {services.indexer.rebuild()} resources.")
    embed_new_texts(services)


@index_group.command("sync")
@click.option("--follow", is_flag=True, help="Keep following the catalogue until stopped.")
def sync(follow: bool) -> None:
    """Bring the index up to date with the catalogue."""
    services = get_services()
    if follow:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        services.keep_up(stop)
        return
    try:
        click.echo(f"Took {services.indexer.sync()} change(s).")
        embed_new_texts(services)
    except IndexerBusy:
        click.echo("A running server keeps the index up to date; nothing to do.")


@index_group.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def status(as_json: bool) -> None:
    """How the index stands: its documents, and the changes that it lacks."""
    services = get_services()
    state, pending = services.engine.status(), services.indexer.pending()
    document = {"documents": state.documents, "generation": state.generation, "pending": pending}
    if as_json:
        print_json(document)
    elif pending is None:
        click.echo("The index does not follow this catalogue; `senne index rebuild` mends that.")
    else:
        click.echo(f"{state.documents} resources in {state.generation}; {pending} change(s) pending.")


@index_group.command("audit")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def audit(as_json: bool) -> None:
    """Compare every index with the catalogue and mend what differs, as a running server does each night.

    Exits 0 when all was mended. Stop the server and its workers first: who keeps an index up to date holds it.
    """
    services = get_services()
    reports = services.indexer.audit()
    if as_json:
        print_json({"indexes": [asdict(report) for report in reports]})
        return
    for report in reports:
        for line in _told(report):
            click.echo(line)


def _told(report: AuditReport) -> list[str]:
    """A line on the index, and one on each kind of difference with the ids of all."""
    kinds = {"Was missing": report.missing, "Had other content": report.stale, "Did not belong": report.orphaned}
    if not report.differing:
        return [f"{report.index}: {report.documents} resources, as in the catalogue."]
    differed = f"{report.index}: {len(report.differing)} resource(s) differed from the catalogue; all are mended."
    return [differed, *(f"  {kind}: {', '.join(ids)}" for kind, ids in kinds.items() if ids)]


def embed_new_texts(services: Services) -> None:
    """Give every new text its sentence vector, where search by meaning is on; a running server may be at it already."""
    filler = services.vectors.filler
    if filler is None:
        return
    total = services.vectors.status().total
    try:
        with tqdm(total=total or None, unit=" texts", desc="Reading for meaning", disable=None) as bar:
            filler.fill(progress=lambda count: bar.update(count) and None)
    except IndexerBusy:
        click.echo("A running server reads new texts for their meaning.", err=True)
    except EmbedderUnavailable as error:
        click.echo(f"Search goes on by words alone: {error}", err=True)
