"""What to do with a proposal that changes no field by itself: what a reader or an organisation wrote, in words."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _

from directory import reminders, suggestions
from directory.models import Proposal
from web.curation import wording

#: Kinds of proposals that are about an entry: without one there is nothing to decide.
_ABOUT_AN_ENTRY = frozenset(["update", "translation", "duplicate", "gone"])


def names_no_entry(row: Proposal, *, found: bool) -> bool:
    """Whether all that can be done is to close it. `found`: whether the entry that it is about is there."""
    return row.kind in _ABOUT_AN_ENTRY and (not row.matches or not found)


def find_hint(row: Proposal) -> str | None:
    """What to do, where the proposal itself does not show it; None where it does."""
    if row.resource or row.kind not in ("update", "gone"):
        return None
    if row.source == suggestions.SOURCE:
        text = _("A reader found something wrong; their message stands below.")
    elif row.source == reminders.SOURCE:
        text = _("The organisation was asked whether the entry is still right; its answer stands below.")
    else:
        return None
    if row.kind == "gone":
        todo = _("Accepting archives the entry. Where it is still there, reject this.")
    else:
        todo = _(
            "Where it is right, correct the entry by “Edit, then accept”: that closes this too. "
            "Where nothing has to change, reject it."
        )
    return f"{text} {todo}"


def list_evidence(row: Proposal, shown: Collection[str], lang: str) -> list[tuple[str, str]]:
    """What was read or written that stands beside no line of the change."""
    return [(_label(field, lang), _text(field, text)) for field, text in row.evidence.items() if field not in shown]


def _label(field: str, lang: str) -> str:
    names = {"about": _("What it is about"), "message": _("Message"), "url": _("Where the right facts stand")}
    return str(names.get(field) or wording.field_label(field, lang))


def _text(field: str, text: str) -> str:
    if field == "about":
        names = {
            "link": _("a link"), "contact": _("the contact"), "content": _("what the entry says"),
            "gone": _("it does not exist any more"), "other": _("something else"),
        }  # fmt: skip
        return str(names.get(text, text))
    if field == "message":
        usual = {
            "Something has to change.": _("Something has to change."),
            "It does not exist any more.": _("It does not exist any more."),
        }
        who, colon, said = text.partition(": ")
        return f"{who}{colon}{usual[said]}" if said in usual else text
    return text
