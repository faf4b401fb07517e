"""Editing: the form of a whole entry, for an entry that exists, a new one, or what a proposal should become."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crawler.matching import find_duplicates
from directory import catalogue, decisions, drafts, history, proposals
from directory.drafts import Subject
from directory.errors import DirectoryError, InvalidResource, ResourceExists, VersionConflict
from directory.models import Proposal
from directory.suggestions import make_id
from web.curation import forms, sessions, wording
from web.curation.blueprint import bp, go_to
from web.curation.drafting import keep_draft, open_form
from web.curation.entries import find_entries
from web.curation.entry_form import EntryForm, edit_page, filled, likely_duplicates
from web.curation.forms import read_reason
from web.curation.link_look import show_links
from web.curation.refusals import tell
from web.pages.rendering import page
from web.pages.texts import show
from web.wiring import get_services


@bp.get("/fiches/nouvelle", endpoint="new_entry")
def new_entry() -> Response:
    """An empty form."""
    empty = {"source": {"kind": "curated"}, "cost": {"kind": "unknown"}, "status": "published", "version": 1}
    return open_form(empty, _form_of_new())


@bp.post("/fiches/nouvelle", endpoint="add_entry")
def add_entry() -> Response:
    """A new entry: published, or left for a second person, or proposed."""
    return _handle(forms.read_form(request.form), _form_of_new())


@bp.get("/fiches/<resource_id>/modifier", endpoint="edit_entry")
def edit_entry(resource_id: str) -> Response:
    """The form, filled with what stands."""
    with get_services().database.read() as session:
        document = catalogue.get_resource(session, resource_id, public=False)
    return open_form(document, _form_of_entry(resource_id))


@bp.post("/fiches/<resource_id>/modifier", endpoint="save_entry")
def save_entry(resource_id: str) -> Response:
    """Saved, or left for a second person, or proposed."""
    return _handle({**forms.read_form(request.form), "id": resource_id}, _form_of_entry(resource_id))


@bp.get("/propositions/<proposal_id>/modifier", endpoint="edit_proposal")
def edit_proposal(proposal_id: str) -> Response:
    """What acceptance would publish, to be changed before; `into`: merged into that entry."""
    into = request.args.get("into")
    with get_services().database.read() as session:
        row = _get_proposal(session, proposal_id)
        present: dict[str, Any] | None
        if into:
            present = catalogue.get_resource(session, into, public=False)
            document = history.combine(present, filled(row.resource))
        else:
            present, document = proposals.outcome(session, row)
            if present and row.base_version not in (None, present["version"]) and row.kind == "update":
                base = history.get_revision(session, present["id"], int(row.base_version or 0)).document
                document = forms.rebase(base, row.resource, present)
    if present:
        document = {**document, "version": present["version"]}
    return open_form(filled(document), _form_of_proposal(row, is_new=present is None))


@bp.post("/propositions/<proposal_id>/modifier", endpoint="save_proposal")
def save_proposal(proposal_id: str) -> Response:
    """Accept the proposal as it was made here."""
    with get_services().database.read() as session:
        row = _get_proposal(session, proposal_id)
    return _handle(forms.read_form(request.form), _form_of_proposal(row))


@bp.get("/propositions/<proposal_id>/fusionner", endpoint="choose_merge")
def choose_merge(proposal_id: str) -> Response:
    """Into which entry? The likely ones first, then those that are searched for."""
    wanted = request.args.get("q", "")[:100].strip()
    with get_services().database.read() as session:
        row = _get_proposal(session, proposal_id)
        likely = [*row.matches, *(one for one, _score in find_duplicates(session, filled(row.resource)))]
        known = catalogue.get_resources(session, likely, public=False)
        found = [known[one] for one in dict.fromkeys(likely) if one in known]
        found += (
            [document for document in find_entries(session, wanted) if document["id"] not in known] if wanted else []
        )
    return page(
        "curation/choose_merge.html",
        proposal=row,
        title=show(row.resource.get("title") or {}, g.lang),
        wanted=wanted,
        found=[(document["id"], show(document["title"], g.lang)) for document in found],
    )


@bp.get("/doublons", endpoint="duplicates")
def duplicates() -> Response:
    """Entries, of every basin, that are probably the one being written: for the form, as JSON."""
    title = {code: text for code in forms.LANGUAGES if (text := request.args.get(code, "")[:200].strip())}
    organisations = [{"name": name[:200]} for name in request.args.getlist("organisation") if name.strip()]
    resource = {"id": request.args.get("id", ""), "type": request.args.get("type", ""), "title": title, "organisations": organisations}  # fmt: skip
    with get_services().database.read() as session:
        found = likely_duplicates(session, resource)
    return jsonify(found)


def _form_of_new() -> EntryForm:
    return EntryForm(action=url_for("curation.add_entry"), subject=Subject("new"), is_new=True)


def _form_of_entry(resource_id: str) -> EntryForm:
    return EntryForm(
        action=url_for("curation.save_entry", resource_id=resource_id), subject=Subject("entry", resource_id)
    )


def _form_of_proposal(row: Proposal, *, is_new: bool = False) -> EntryForm:
    into = request.args.get("into") or None
    action = url_for("curation.save_proposal", proposal_id=row.id, into=into)
    return EntryForm(action=action, subject=Subject("proposal", row.id, into or ""), is_new=is_new, proposal=row)


def _handle(document: dict[str, Any], form: EntryForm) -> Response:
    """What the button that was pressed asks for."""
    act = request.form.get("act")
    if act == "draft":
        return keep_draft(document, form)
    if act == "links":
        return show_links(document, form)
    if act == "preview":
        return edit_page(document, form, preview=True)
    if form.subject.kind == "new" and not document["id"]:
        document["id"] = make_id(next(iter(document["title"].values()), ""))
    try:
        return _accept(document, form) if form.proposal is not None else _save(document, form)
    except DirectoryError as error:
        return _refused(error, document, form)


def _accept(document: dict[str, Any], form: EntryForm) -> Response:
    person, proposal_id = sessions.require_person(), form.subject.id
    reason = read_reason(request.form, _("proposal edited and accepted"))
    with get_services().database.write() as session:
        made = decisions.accept(session, proposal_id, person, reason=reason, document=document)
        drafts.discard_draft(session, person.id, form.subject)
    return go_to("curation.queue", done="accepted" if made.outcome == "done" else "waits", was=proposal_id)


def _save(document: dict[str, Any], form: EntryForm) -> Response:
    person = sessions.require_person()
    with get_services().database.write() as session:
        if form.is_new and catalogue.lock_resources(session, [document["id"]]):
            raise ResourceExists(document["id"])
        made = decisions.save(session, document, person, reason=read_reason(request.form, _("edited")))
        drafts.discard_draft(session, person.id, form.subject)
    done = {"done": "saved", "to_confirm": "waits", "proposed": "proposed", "unchanged": "unchanged"}[made.outcome]
    if made.outcome == "proposed" or (made.outcome == "to_confirm" and form.is_new):
        return go_to("curation.queue", done=done, status="to_confirm" if made.outcome == "to_confirm" else None)
    return go_to("curation.history", done=done, resource_id=made.resource_id)


def _refused(error: DirectoryError, document: dict[str, Any], form: EntryForm) -> Response:
    """The form again: nothing that was typed is lost, and what others changed since is told."""
    if isinstance(error, VersionConflict):
        with get_services().database.read() as session:
            present = catalogue.get_resource(session, error.resource_id, public=False)
            base = history.get_revision(session, error.resource_id, error.seen).document
        theirs = wording.list_lines(base, present, g.lang)
        mended = forms.rebase(base, document, present)
        return edit_page(mended, form, problem=tell(error), theirs=theirs, status=409)
    messages = error.messages if isinstance(error, InvalidResource) else {}
    problem = _("Some fields are not right yet.") if messages else tell(error)
    status = 422 if messages else 409 if isinstance(error, ResourceExists) else 403
    return edit_page(document, form, problem=problem, messages=messages, status=status)


def _get_proposal(session: Session, proposal_id: str) -> Proposal:
    proposals.get_proposal(session, proposal_id)
    row = session.get(Proposal, proposal_id)
    assert row is not None  # noqa: S101 - the line above raises
    return row
