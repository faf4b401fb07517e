"""`senne links …`: whether what the entries point to is still there."""

from __future__ import annotations

from typing import Any

import click

from directory.link_health import STATES, Link, count_by_basin, due_links, list_links
from directory.taxonomy import taxonomy
from web.commands import SenneGroup, cli, print_json
from web.commands.progress import Counter
from web.link_tools import make_link_tools
from web.wiring import get_services

_BASIN = click.option(
    "--basin", type=click.Choice(list(taxonomy().basins)), help="Only links of what is offered there."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@cli.group("links", cls=SenneGroup)
def links_group() -> None:
    """The links of the published entries: which answer, which have moved, which are dead."""


@links_group.command("check")
@_BASIN
@click.option("--max", "most", type=click.IntRange(1, 100_000), help="At most so many addresses.")
@click.option("--all", "everything", is_flag=True, help="Also those that were seen within the last week.")
@click.option(
    "--delay",
    "delay_s",
    type=click.FloatRange(0, 600),
    default=2.0,
    show_default=True,
    help="Seconds between two requests to one host.",
)
@click.option("--allow-private", is_flag=True, help="Also visit addresses that are not public (intranets).")
@_JSON
def check_command(
    basin: str | None, most: int | None, everything: bool, delay_s: float, allow_private: bool, as_json: bool
) -> None:
    """Visit the links that are due, the longest unseen first; for a daily timer.

    A link is dead after two failures a day apart; a refusal or a time-out never counts. What is dead or has moved is
    proposed to the curators: nothing changes by itself.
    """
    from crawler.link_check import check_links

    services = get_services()
    with services.database.read() as session:
        links = list_links(session, basin=basin)
    with Counter("links") as progress:
        tools = make_link_tools(services, delay_s=delay_s, allow_private=allow_private, progress=progress)
        now = tools.clock.now()
        wanted = links[:most] if everything else due_links(links, now=now, limit=most)
        checked = check_links(wanted, tools)
    with services.database.read() as session:
        report = _report(list_links(session, basin=basin), {one.link.url for one in checked})
    report["proposals"] = sorted({proposal for one in checked for proposal in one.proposals})
    if as_json:
        print_json(report)
        return
    _print_report(report)


@links_group.command("list")
@_BASIN
@click.option(
    "--state", "states", type=click.Choice([*STATES, "unchecked"]), multiple=True, help="Repeated: any of them."
)
@_JSON
def list_command(basin: str | None, states: tuple[str, ...], as_json: bool) -> None:
    """What is known of the links, without visiting them. Default: those that somebody has to look at."""
    wanted = set(states or ("moved", "failing", "dead", "unsure"))
    with get_services().database.read() as session:
        links = [link for link in list_links(session, basin=basin) if _state(link) in wanted]
    if as_json:
        print_json([_to_document(link) for link in links])
        return
    for link in links:
        click.echo(_line(_to_document(link)))
    click.echo(f"{len(links)} link(s).", err=True)


def _report(links: list[Link], seen: set[str]) -> dict[str, Any]:
    """Counts by basin of all links, and those that somebody has to look at, whenever they were seen."""
    by_state: dict[str, list[dict[str, Any]]] = {state: [] for state in ("dead", "failing", "moved", "unsure")}
    for link in links:
        if (state := _state(link)) in by_state:
            by_state[state].append(_to_document(link))
    return {"checked": len(seen), "links": len(links), "basins": count_by_basin(links), **by_state}


def _state(link: Link) -> str:
    return link.health.state if link.health else "unchecked"


def _to_document(link: Link) -> dict[str, Any]:
    health = link.health
    return {
        "url": link.url,
        "state": _state(link),
        "reason": health.reason if health else "",
        "status": health.status if health else None,
        "checked_at": health.checked_at.isoformat() if health else None,
        "failing_since": health.failing_since.isoformat() if health and health.failing_since else None,
        "target": health.target if health else None,
        "note": health.note if health else None,
        "resources": list(link.resources),
        "basins": list(link.basins),
    }


def _line(link: dict[str, Any]) -> str:
    where = f" → {link['target']}" if link["target"] else ""
    why = f" ({link['reason'].replace('_', ' ')})" if link["reason"] else ""
    return f"{link['state']:9} {link['url']}{where}{why}  [{', '.join(link['resources'])}]"


def _print_report(report: dict[str, Any]) -> None:
    click.echo(f"{report['checked']} of {report['links']} link(s) visited.")
    for basin, counts in report["basins"].items():
        told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
        click.echo(f"  {basin}: {told}")
    for state in ("dead", "failing", "moved", "unsure"):
        for link in report[state]:
            click.echo(_line(link))
    click.echo(f"{len(report['proposals'])} proposal(s) wait for a decision.")
