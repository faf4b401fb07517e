"""Drafts of the form of an entry: kept by a button or by themselves, back in the form when it is opened again."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, g, jsonify, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from directory import drafts, history
from directory.curation_tables import Draft
from directory.drafts import Subject
from directory.errors import RevisionNotFound
from web.clock import now
from web.curation import forms, sessions, wording
from web.curation.blueprint import bp, go_to
from web.curation.entry_form import EntryForm, describe, edit_page
from web.i18n import write_moment
from web.pages.texts import Shown, show
from web.wiring import get_services


@bp.post("/brouillons/abandonner", endpoint="discard_draft")
def discard_draft() -> Response:
    """Forget a draft; back to where its button stood."""
    subject = Subject.parse(request.form.get("subject", "")[:300])
    if subject is None:
        abort(404)
    with get_services().database.write() as session:
        drafts.discard_draft(session, sessions.require_person().id, subject)
    if request.form.get("back") == "list":
        return go_to("curation.entries", done="discarded")
    endpoint, values = _place(subject)
    return go_to(endpoint, done="discarded", **values)


def open_form(document: dict[str, Any], form: EntryForm) -> Response:
    """The form with what stands, or with this person's draft of it.

    A draft that was made on an older version is laid over the present one, and the page says what others changed.
    """
    with get_services().database.read() as session:
        draft = drafts.find_draft(session, sessions.require_person().id, form.subject)
        if draft is None:
            return edit_page(document, form)
        typed = draft.document
        theirs: list[wording.Line] = []
        if not form.is_new and typed["version"] != document["version"]:
            base = _base(session, document, typed["version"])
            theirs, typed = wording.list_lines(base, document, g.lang), forms.rebase(base, typed, document)
    return edit_page(typed, form, draft=draft, theirs=theirs)


def keep_draft(document: dict[str, Any], form: EntryForm) -> Response:
    """Keep what was typed, whatever is wrong with it."""
    person, moment = sessions.require_person(), now()
    with get_services().database.write() as session:
        drafts.save_draft(
            session, person.id, form.subject, document, reason=forms.read_reason(request.form, ""), now=moment
        )
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify({"told": _("Draft kept: %(moment)s.", moment=write_moment(moment, g.lang))})
    endpoint, values = _place(form.subject)
    return go_to(endpoint, done="draft", **values)


def list_own(session: Session) -> list[tuple[Draft, Shown, str, str]]:
    """This person's drafts: the draft, its title, how old it is, where it goes on."""
    found = []
    for draft in drafts.list_drafts(session, sessions.require_person().id):
        subject = Subject.parse(draft.subject)
        if subject is not None:
            endpoint, values = _place(subject)
            title = show(draft.document.get("title") or {g.lang: subject.id or str(_("New entry"))}, g.lang)
            found.append((draft, title, describe(draft).age, url_for(endpoint, **values)))
    return found


def _place(subject: Subject) -> tuple[str, dict[str, Any]]:
    """The page on which a draft is written."""
    if subject.kind == "new":
        return "curation.new_entry", {}
    if subject.kind == "entry":
        return "curation.edit_entry", {"resource_id": subject.id}
    return "curation.edit_proposal", {"proposal_id": subject.id} | ({"into": subject.into} if subject.into else {})


def _base(session: Session, document: dict[str, Any], version: int) -> dict[str, Any]:
    """What the draft was made on; what stands where the history does not know that version."""
    try:
        return history.get_revision(session, document["id"], version).document
    except RevisionNotFound:
        return document
