"""Errors in the curator's words: what happened, what to do. The code's own messages are English and for programs."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask_babel import gettext as _

from directory import errors
from directory.errors import DirectoryError

#: What the messages of the schema say → how it is told. Groups are handed on as values.
_FIELD_MESSAGES: list[tuple[str, Callable[..., str]]] = [
    (r"is missing; it is required", lambda: _("This is needed.")),
    (r"is empty; give a text", lambda: _("Write something, or leave it out.")),
    (r"is null;", lambda: _("This is needed.")),
    (r"needs a text in at least one language", lambda: _("Write it in at least one language.")),
    (r"a published resource needs at least one organisation", lambda: _("A published entry says who made it.")),
    (r"needs at least one", lambda: _("Choose at least one.")),
    (r"has (\d+) characters; at most (\d+) are allowed", lambda had, most: _("This is too long: %(had)s characters, at most %(most)s fit.", had=had, most=most)),
    (r"is not a web address", lambda: _("Write the address from its start, as https://example.org.")),
    (r"is not an e-mail address", lambda: _("Write the address as name@example.org.")),
    (r"is not a phone number", lambda: _("Write the number as +3223186055, or a short number as 107.")),
    (r"is not a Belgian postal code", lambda: _("Write the four digits of a Belgian postal code.")),
    (r"is not a date and time", lambda: _("Write day and time as 2026-11-24 14:00.")),
    (r"is not a date;", lambda: _("Write the day as 2026-11-24.")),
    (r"is before the start", lambda: _("The end stands before the start.")),
    (r"is not a language code", lambda: _("Write the code of the language, such as fr, nl or en.")),
    (r"is not an id:", lambda: _("Use 3 to 80 lower-case letters, digits and single hyphens.")),
    (r"'region' is all of Brussels already", lambda: _("Choose either all of Brussels, or basins.")),
    (r"is not a (?:whole )?number|Not a valid number", lambda: _("Write a number.")),
    (r"more than two decimals", lambda: _("Write an amount with at most two decimals.")),
    (r"[Mm]ust be (?:greater|less) than", lambda: _("This number is too small or too large.")),
    (r"is not a known", lambda: _("Choose one of the list.")),
    (r"names .* twice", lambda: _("The same stands there twice; keep one.")),
    (r"control character", lambda: _("This contains an invisible character; write it anew.")),
    (r"is not a year from", lambda: _("This year cannot be right.")),
    (r"names no resource", lambda: _("The proposal names no entry; close it.")),
]  # fmt: skip


def tell_field(message: str) -> str:
    """A message about one field."""
    for pattern, say in _FIELD_MESSAGES:
        if found := re.search(pattern, message):
            return str(say(*found.groups()))
    return str(_("This is not right: %(message)s", message=message))


def tell(error: DirectoryError) -> str:
    """What keeps a decision from being made."""
    if isinstance(error, errors.VersionConflict):
        return str(
            _(
                "Someone changed this entry since: you saw version %(seen)s, it is now at version %(present)s. "
                "Nothing was overwritten. Look at the entry as it is now, then repeat.",
                seen=error.seen,
                present=error.present,
            )
        )
    if isinstance(error, errors.NotAllowed):
        return str(
            _(
                "This is not yours to decide: the entry lies in none of your basins, or a second person has to confirm it."
            )
        )
    if isinstance(error, errors.ProposalDecided):
        return str(_("Someone has decided this proposal already."))
    if isinstance(error, errors.ResourceExists):
        return str(
            _("The address %(id)s is taken by another entry: edit the proposal, or merge it.", id=error.resource_id)
        )
    if isinstance(error, errors.ResourceMoved):
        return str(_("The entry %(id)s was merged into %(to)s.", id=error.resource_id, to=error.to))
    if isinstance(error, errors.ResourceNotFound):
        return str(_("The entry %(id)s does not exist any more.", id=error.resource_id))
    if isinstance(error, errors.UndoRefused):
        return str(_("The entry was changed since, so this cannot be undone here. Use its history."))
    if isinstance(error, errors.InvalidResource):
        return str(_("It cannot be published yet; what is missing stands below. Edit it, then accept."))
    if isinstance(error, errors.MergeRefused):
        return str(_("These two entries cannot be merged: choose another one, or publish the one that stays."))
    return str(error)
