"""The form of an entry, drawn: what stands in it, what is wrong beside each field, what would make it better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_timedelta
from flask import Response, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crawler.matching import find_duplicates
from directory import catalogue, proposals
from directory.curation_tables import Draft
from directory.drafts import Subject
from directory.errors import InvalidResource, walk_messages
from directory.misconceptions import misconceptions
from directory.models import Proposal
from directory.quality import Quality, missing_translations
from directory.standings import assess_entry
from directory.taxonomy import label, taxonomy
from web.clock import now, today
from web.curation import forms, wording
from web.curation.blueprint import with_status
from web.curation.refusals import tell_field
from web.i18n import LANGUAGE_NAMES
from web.pages.rendering import page
from web.pages.resource import make_view
from web.wiring import get_services


@dataclass(frozen=True, kw_only=True)
class EntryForm:
    """Which form: where it is sent, what its drafts are of, the proposal that it would accept."""

    action: str
    subject: Subject
    is_new: bool = False
    proposal: Proposal | None = None


def edit_page(
    document: dict[str, Any],
    form: EntryForm,
    *,
    problem: str | None = None,
    messages: Mapping[str, Any] | None = None,
    theirs: list[wording.Line] | None = None,
    preview: bool = False,
    draft: Draft | None = None,
    found: Mapping[str, LinkNote] | None = None,
    status: int = 200,
) -> Response:
    """The form, with what is wrong beside each field.

    `theirs`: what others changed since; `draft`: what was restored; `found`: what a look at the addresses says of each.
    """
    lists, lang = taxonomy(), g.lang

    def options(name: str) -> list[tuple[str, str]]:
        return [(term.id, label(term.label, lang)) for term in getattr(lists, name).values()]

    wrong: dict[str, str] = {}
    for field, message in walk_messages(dict(messages or {})):
        wrong.setdefault(field, tell_field(message))
    with get_services().database.read() as session:
        doubles = likely_duplicates(session, filled(document)) if form.is_new or preview else []
        quality = _assess(session, document, as_typed=preview and not wrong, is_new=form.is_new)
    view = None
    if preview and not wrong:
        try:
            proposals.check(document)
            view = make_view(document, lang)
        except InvalidResource as error:
            problem = _("Some fields are not right yet.")
            return edit_page(document, form, messages=error.messages, problem=problem, status=422)
    response = page(
        "curation/edit.html",
        doc=document,
        action=form.action,
        is_new=form.is_new,
        proposal=form.proposal,
        draft=describe(draft) if draft is not None else None,
        found=found or {},
        reason=request.form.get("reason", draft.reason if draft is not None else ""),
        problem=problem,
        wrong=wrong,
        theirs=theirs or [],
        view=view,
        doubles=doubles,
        quality=quality,
        advice=wording.list_advice(str(document.get("type")), quality.lacks) if quality else [],
        missing=missing_translations(document),
        names=lambda field: wording.field_label(field, lang),
        types=options("types"),
        terms={name: options(name) for name in ("themes", "basins", "audiences")},
        cost_kinds=options("cost_kinds"),
        link_kinds=options("link_kinds"),
        easy_read_levels=options("easy_read_levels"),
        myths=[(item.id, label(item.statement, lang)) for item in misconceptions().values()],
        statuses=[(status_, wording.status_name(status_)) for status_ in ("draft", "published", "archived")],
        paired=[(code, LANGUAGE_NAMES[code]) for code in forms.PAIRED],
        english=LANGUAGE_NAMES["en"],
        how_made_parts=forms.HOW_MADE,
    )
    return with_status(response, status)


@dataclass(frozen=True)
class LinkNote:
    """What was found at an address, in words. `good`: nothing has to be done."""

    text: str
    good: bool


@dataclass(frozen=True)
class DraftNote:
    """A draft as a page tells of it. `age`: in words."""

    subject: str
    saved_at: datetime
    age: str
    version: int


def describe(draft: Draft) -> DraftNote:
    """When a draft was kept, and how long ago that is."""
    age = format_timedelta(draft.saved_at - now(), add_direction=True, locale=g.lang)
    return DraftNote(draft.subject, draft.saved_at, age, int(draft.document.get("version") or 1))


def _assess(session: Session, document: dict[str, Any], *, as_typed: bool, is_new: bool) -> Quality | None:
    """What the entry is worth: as it was typed where that is right, else as it stands; None for one that is not there."""
    if as_typed:
        try:
            proposals.check(document)
            return assess_entry(session, document, today=today())
        except InvalidResource:
            pass
    found = {} if is_new else catalogue.get_resources(session, [str(document.get("id"))], public=False)
    return next((assess_entry(session, one, today=today()) for one in found.values()), None)


def likely_duplicates(session: Session, resource: dict[str, Any]) -> list[dict[str, str]]:
    """id, title and address of the probable doubles of a resource, the likeliest first."""
    if not resource.get("title"):
        return []
    ids = [one for one, _score in find_duplicates(session, resource)]
    known = catalogue.get_resources(session, ids, public=False)
    return [
        {
            "id": one,
            "title": label(known[one]["title"], g.lang),
            "url": url_for("curation.edit_entry", resource_id=one),
        }
        for one in ids
        if one in known
    ]


def filled(resource: Mapping[str, Any]) -> dict[str, Any]:
    """An incomplete resource with the lists and texts that the form and a merge count on."""
    usual: dict[str, Any] = {"id": "", "type": "", "title": {}, "summary": {}, "cost": {"kind": "unknown"}, "source": {"kind": "crawl"}}  # fmt: skip
    usual |= {name: [] for name in ("organisations", "links", "languages", "themes", "basins", "audiences")}
    return usual | {name: value for name, value in resource.items() if value is not None}
