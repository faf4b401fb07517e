"""`senne due` and `senne remind`: what has to be checked again, and asking those who know."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from directory.accounts import list_accounts
from directory.freshness import list_due
from directory.reminders import Question, curator_of, forget_reminder, open_reminder, plan_reminders
from directory.suggestions import forget_past_days
from directory.taxonomy import LANGUAGES, label, taxonomy
from web.clock import now, today
from web.commands import cli, print_json
from web.commands.catalogue import due_command
from web.wiring import Services, get_services

if TYPE_CHECKING:
    from web.mail import Letter

cli.add_command(due_command, "due")


@cli.command("remind")
@click.option("--basin", type=click.Choice(list(taxonomy().basins)), help="Only about what is offered there.")
@click.option(
    "--max", "most", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many entries."
)
@click.option(
    "--to", "fallback", metavar="ADDRESS", help="Whom to ask where neither the entry nor an account has an address."
)
@click.option("--dry-run", is_flag=True, help="Say whom would be asked about what, and ask nobody.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def remind_command(basin: str | None, most: int, fallback: str | None, dry_run: bool, as_json: bool) -> None:
    """Ask about the entries that are due, the longest waiting first: still right, changed, gone?

    The organisation is asked where the entry has its address, else a curator of its basin, else an admin. One letter to each address, in French and Dutch; each link works once, for 30 days, and nobody is asked twice in
    that time. Without a mail server the links are printed, to be passed on.
    """
    services = get_services()
    with services.database.read() as session:
        due = list_due(session, today=today(), basin=basin)
        people = list_accounts(session)
        asked = plan_reminders(
            session, due, now=now(), find_curator=lambda basins: curator_of(people, basins) or fallback, limit=most
        )
    done = [_describe(question, None, sent=False) for question in asked] if dry_run else _ask(services, asked)
    if not dry_run:
        with services.database.write() as session:
            forget_past_days(session, day=today())
    if as_json:
        print_json(done)
    else:
        _print(done, dry_run)
    if failed := sum(item["failed"] for item in done):
        raise click.ClickException(
            f"{failed} question(s) could not be sent; the log says why. They are asked next time."
        )


def _ask(services: Services, asked: list[Question]) -> list[dict[str, Any]]:
    """Write each question down, then send it; one that cannot be sent is taken back."""
    from web.mail import can_send, send
    from web.reminding import make_letter, reminder_link

    mails = can_send(services.settings)
    done: list[dict[str, Any]] = []
    for to, group in groupby(sorted(asked, key=lambda question: question.to), key=lambda question: question.to):
        questions = list(group)
        with services.database.write() as session:
            ids = [open_reminder(session, question, now=now()) for question in questions]
        links = [reminder_link(id_, LANGUAGES[0]) for id_ in ids]
        sent = False
        if mails and to:
            letter: Letter = make_letter(to, list(zip(ids, questions, strict=True)))
            sent = send(services.settings, letter)
            if not sent:
                with services.database.write() as session:
                    for id_ in ids:
                        forget_reminder(session, id_)
        failed = mails and bool(to) and not sent
        done += [
            _describe(question, None if failed or sent else link, sent=sent, failed=failed)
            for question, link in zip(questions, links, strict=True)
        ]
    return done


def _describe(question: Question, link: str | None, *, sent: bool, failed: bool = False) -> dict[str, Any]:
    """`link`: to be passed on by hand; None where it was mailed."""
    return {
        "id": question.resource["id"],
        "title": label(question.resource["title"], LANGUAGES[0]),
        "due_on": question.due_on.isoformat(),
        "to": question.to or None,
        "sent": sent,
        "failed": failed,
        "link": link,
    }


def _print(done: list[dict[str, Any]], dry_run: bool) -> None:
    for item in done:
        whom = item["to"] or "(no address known)"
        click.echo(f"{item['id']}  {item['title']}: {whom}{'  ' + item['link'] if item['link'] else ''}")
    what = "would be asked" if dry_run else "asked"
    click.echo(f"{len(done)} question(s) {what}, {sum(item['sent'] for item in done)} by mail.", err=True)
