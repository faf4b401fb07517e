"""`senne proposals …`: the moderation queue, for scripts."""

from __future__ import annotations

import getpass

import click

from directory import proposals
from directory.catalogue import Change
from directory.errors import DirectoryError
from web.commands import SenneGroup, cli, print_json
from web.wiring import get_services

_STATUSES = ("pending", "accepted", "rejected")


@cli.group("proposals", cls=SenneGroup)
def proposals_group() -> None:
    """What the crawler suggests, and what was decided."""


@proposals_group.command("list")
@click.option("--status", type=click.Choice([*_STATUSES, "all"]), default="pending", show_default=True)
@click.option("--source", help="Only of this source.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_command(status: str, source: str | None, as_json: bool) -> None:
    """The proposals, the surest first."""
    with get_services().database.read() as session:
        found = proposals.list_proposals(session, status=None if status == "all" else status, source=source)
    if as_json:
        print_json(found)
        return
    for proposal in found:
        title = next(iter(proposal["resource"].get("title", {}).values()), "(no title)")
        click.echo(
            f"{proposal['id']} {proposal['status']:8} {proposal['kind']:11} {proposal['confidence']:4.0%} "
            f"{title} — {proposal['url']}"
        )


@proposals_group.command("accept")
@click.argument("ids", metavar="ID…", nargs=-1, required=True)
@click.option("--author", default=getpass.getuser, help="Who decides. Default: the account that runs the command.")
@click.option("--reason", default="proposal accepted", show_default=True, help="Why, for the history.")
def accept(ids: tuple[str, ...], author: str, reason: str) -> None:
    """Publish what the proposals say. One that cannot be published is named; the others are."""
    _decide(ids, Change(author, reason), accepting=True)


@proposals_group.command("reject")
@click.argument("ids", metavar="ID…", nargs=-1, required=True)
@click.option("--author", default=getpass.getuser, help="Who decides. Default: the account that runs the command.")
@click.option("--reason", default="proposal rejected", show_default=True, help="Why; kept with the proposal.")
def reject(ids: tuple[str, ...], author: str, reason: str) -> None:
    """Close proposals without publishing; they stay closed while their page says the same."""
    _decide(ids, Change(author, reason), accepting=False)


def _decide(ids: tuple[str, ...], change: Change, *, accepting: bool) -> None:
    """Each id in a transaction of its own; exit code 1 when one failed."""
    database, failed = get_services().database, 0
    for proposal_id in ids:
        try:
            with database.write() as session:
                if accepting:
                    resource = proposals.accept(session, proposal_id, change)
                else:
                    proposals.reject(session, proposal_id, change)
        except DirectoryError as error:
            failed += 1
            click.echo(f"{proposal_id}: {error}", err=True)
            continue
        click.echo(f"{proposal_id}: published as {resource['id']}." if accepting else f"{proposal_id}: rejected.")
    if failed:
        raise click.ClickException(f"{failed} of {len(ids)} proposal(s) could not be decided.")
