"""The letters that ask whether entries are still right: one to each address, in French and in Dutch."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from directory.reminders import LIFE, Question
from directory.taxonomy import label
from web.addresses import reminder_address
from web.mail import Letter
from web.pages.reminders import reminder_token
from web.wiring import get_services

LETTER_LANGUAGES = ("fr", "nl")


def reminder_link(reminder_id: str, lang: str) -> str:
    """The address of the page with the three buttons."""
    return reminder_address(get_services().settings.public_url, reminder_token(reminder_id), lang)


def make_letter(to: str, asked: Sequence[tuple[str, Question]]) -> Letter:
    """One letter about all entries that this address is asked about. `asked`: (reminder id, question)."""
    parts, subjects = [], []
    for lang in LETTER_LANGUAGES:
        with force_locale(lang):
            subjects.append(_("Is this still right?"))
            lines = [
                _("Hello,"),
                _(
                    "Senne, the directory of social-health resources in Brussels, shows what you offer. Is it still right?"
                ),
                _("Open the link and press one of three buttons: still right, changed, or gone. No account is needed."),
            ]
            lines += [f"- {label(item.resource['title'], lang)}\n  {reminder_link(id_, lang)}" for id_, item in asked]
            lines.append(_("Each link works once, for %(days)d days. Please do not pass it on.", days=LIFE.days))
            parts.append("\n\n".join(lines))
    return Letter(to, " / ".join(subjects), "\n\n————————\n\n".join(parts) + "\n")
