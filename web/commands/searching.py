"""`senne search`: one search, as the page and the API make it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from flask_babel import force_locale

from directory.taxonomy import LANGUAGES, label, taxonomy
from search.engine import FACETS, SORTS, Hit
from search.service import ALLOWED, MAX_PER_PAGE, SearchAnswer, SearchRequest
from web.addresses import resource_address
from web.api.search import answer_document
from web.commands import cli, print_json
from web.labels import basin_name
from web.params import DEFAULTS, MAX_PAGE
from web.wiring import get_services


def _facet_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for facet in reversed(FACETS):
        choice = click.Choice(ALLOWED[facet])
        add = click.option(f"--{facet}", facet, multiple=True, type=choice, help="Repeat it for any of several.")
        command = add(command)
    return command


@cli.command("search")
@click.argument("text", metavar="QUERY")
@_facet_options
@click.option("--scope", type=click.Choice(["local"]), help="Leave out what serves all of Brussels.")
@click.option("--place", help="A commune or postal code of Brussels.")
@click.option("--sort", type=click.Choice(SORTS), default=DEFAULTS.sort, show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default=DEFAULTS.lang, show_default=True, help="Yours.")
@click.option("--page", type=click.IntRange(1, MAX_PAGE), default=DEFAULTS.page, show_default=True)
@click.option("--per-page", type=click.IntRange(1, MAX_PER_PAGE), default=DEFAULTS.per_page, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the API's document.")
def search_command(
    text: str,
    scope: str | None,
    place: str | None,
    sort: str,
    lang: str,
    page: int,
    per_page: int,
    as_json: bool,
    **facets: tuple[str, ...],
) -> None:
    """Search the directory for QUERY ("" finds everything)."""
    services = get_services()
    request = SearchRequest(
        text=text,
        filters={facet: tuple(dict.fromkeys(values)) for facet, values in facets.items() if values},
        local_only=scope == "local",
        place=place,
        sort=sort,
        page=page,
        per_page=per_page,
        lang=lang,
    )
    answer = services.search(request)
    with force_locale(lang):
        if as_json:
            print_json(answer_document(answer, services.settings.public_url))
        else:
            _print_answer(answer, services.settings.public_url)


def _print_answer(answer: SearchAnswer, public_url: str) -> None:
    lang = answer.query.lang
    click.echo(f"{answer.hits.total} found" + (" (the fallback engine answered)" if answer.degraded else ""))
    for hit in answer.hits.hits:
        click.echo()
        click.echo(label(hit.card["title"], lang))
        click.echo(f"  {_kicker(hit, lang)}")
        click.echo(f"  {resource_address(public_url, hit.id, lang)}")
    if answer.suggestion:
        click.echo(f"\nDid you mean: {answer.suggestion}", err=True)


def _kicker(hit: Hit, lang: str) -> str:
    lists, card = taxonomy(), hit.card
    themes = ", ".join(label(lists.themes[theme].label, lang) for theme in card["themes"])
    basins = ", ".join(basin_name(basin, lang) for basin in card["basins"])
    return f"{label(lists.types[card['type']].label, lang)} · {themes} · {basins}"
