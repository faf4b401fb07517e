"""`senne init` and `senne serve`."""

from __future__ import annotations

from dataclasses import replace

import click

from directory.errors import CatalogueUnavailable
from directory.shipped import load_shipped_catalogue
from directory.sources import load_shipped_sources
from search.errors import EngineUnavailable, IndexerBusy
from web.commands import cli
from web.wiring import Services, get_services


@cli.command("init")
@click.option("--empty", is_flag=True, help="Leave the catalogue empty.")
def init(empty: bool) -> None:
    """Create or migrate the database, load the shipped catalogue, build the index. Safe to repeat."""
    services = get_services()
    services.database.migrate()
    if not empty and (loaded := load_shipped_catalogue(services.database)):
        click.echo(f"Loaded {loaded} resources into the catalogue.")
    if not empty:
        with services.database.write() as session:
            load_shipped_sources(session)
    bring_index_up_to_date(services)
    click.echo("The catalogue and its index are ready.")


@cli.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: SENNE_PORT, else 8000.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that answer.")
def serve(host: str, port: int | None, workers: int) -> None:
    """Serve the site, with the indexer inside, until it is stopped."""
    from web import server

    services = get_services()
    if reason := services.database.check():
        raise CatalogueUnavailable(f"The catalogue cannot be served: {reason}")
    settings = replace(services.settings, port=port) if port else services.settings
    server.serve(settings, services.keep_up, host=host, workers=workers)


def bring_index_up_to_date(services: Services) -> None:
    """Unless a running server does it, or the engine is away: then say so."""
    try:
        services.indexer.sync()
    except IndexerBusy:
        click.echo("A running server keeps the index up to date.", err=True)
    except EngineUnavailable as error:
        click.echo(f"The index is not built yet: {error}", err=True)
