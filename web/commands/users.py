"""`senne user …`: the accounts of those who keep the catalogue."""

from __future__ import annotations

import getpass

import click
from flask import current_app

from directory import accounts
from directory.curation_tables import Account
from directory.taxonomy import LANGUAGES, REGION, taxonomy
from web.commands import SenneGroup, cli, print_json
from web.curation.links import deliver, make_link
from web.wiring import get_services

_BASINS = [basin for basin in taxonomy().basins if basin != REGION]


@cli.group("user", cls=SenneGroup)
def user_group() -> None:
    """The accounts of contributors, curators and admins."""


@user_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", type=click.Choice(accounts.ROLES), default="curator", show_default=True)
@click.option("--basin", "basins", multiple=True, type=click.Choice(_BASINS), help="Of a curator; may be repeated.")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True, help="Of the mails.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def add(email: str, name: str, role: str, basins: tuple[str, ...], language: str, as_json: bool) -> None:
    """Make an account and invite its person: the link is sent by mail, else printed."""
    with get_services().database.write() as session:
        row = accounts.add_account(
            session, email=email, name=name, role=role, basins=basins, language=language, by=getpass.getuser()
        )
    _invite(row.email, as_json=as_json)


@user_group.command("invite")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def invite(email: str, as_json: bool) -> None:
    """Give a new link, with which the person chooses a password. Links given before end."""
    _invite(email, as_json=as_json)


@user_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_command(as_json: bool) -> None:
    """The accounts, by address."""
    with get_services().database.read() as session:
        rows = accounts.list_accounts(session)
    if as_json:
        print_json([_document(row) for row in rows])
        return
    for row in rows:
        state = "disabled" if not row.enabled else "active" if row.password_hash else "invited"
        click.echo(f"{row.email:32} {row.role:12} {state:9} {', '.join(row.basins)}")


@user_group.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """End the logins and links of an account, and let it in no more. What it did stays in the history."""
    _turn(email, enabled=False)


@user_group.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let a disabled account in again."""
    _turn(email, enabled=True)


def _turn(email: str, *, enabled: bool) -> None:
    with get_services().database.write() as session:
        row = accounts.set_enabled(session, email, enabled=enabled, by=getpass.getuser())
    click.echo(f"{row.email} is {'enabled' if enabled else 'disabled'}.")


def _invite(email: str, *, as_json: bool) -> None:
    with get_services().database.write() as session:
        row = accounts.stamp_link(session, email)
    if not row.enabled:
        raise click.ClickException(f"{row.email} is disabled; enable it first.")
    with current_app.test_request_context():
        link = make_link(row, "invitation")
        mailed = deliver(row, link, "invitation")
    if as_json:
        print_json({**_document(row), "mailed": mailed, "link": None if mailed else link})
    elif mailed:
        click.echo(f"An invitation is on its way to {row.email}.")
    else:
        click.echo(f"Pass this link on to {row.email}; it works once, for seven days:", err=True)
        click.echo(link)


def _document(row: Account) -> dict[str, object]:
    return {
        "email": row.email,
        "name": row.name,
        "role": row.role,
        "basins": row.basins,
        "language": row.language,
        "enabled": row.enabled,
        "invited": row.password_hash is None,
        "second_factor": row.totp_secret is not None,
        "created_at": row.created_at.isoformat(),
    }
