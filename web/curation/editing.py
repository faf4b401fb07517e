"""Editing: the form of a whole entry, for an entry that exists, a new one, or what a proposal should become."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crawler.matching import find_duplicates
from directory import catalogue, decisions, history, proposals
from directory.errors import DirectoryError, InvalidResource, ResourceExists, VersionConflict
from directory.models import Proposal
from directory.suggestions import make_id
from web.curation import forms, sessions, wording
from web.curation.blueprint import bp, go_to
from web.curation.entries import find_entries
from web.curation.entry_form import edit_page, filled, likely_duplicates
from web.curation.forms import read_reason
from web.curation.refusals import tell
from web.pages.rendering import page
from web.pages.texts import show
from web.wiring import get_services


@bp.get("/fiches/nouvelle", endpoint="new_entry")
def new_entry() -> Response:
    """An empty form."""
    empty = {"source": {"kind": "curated"}, "cost": {"kind": "unknown"}, "status": "published", "version": 1}
    return edit_page(empty, action=url_for("curation.add_entry"), is_new=True)


@bp.post("/fiches/nouvelle", endpoint="add_entry")
def add_entry() -> Response:
    """A new entry: published, or left for a second person, or proposed."""
    document = forms.read_form(request.form)
    document["id"] = document["id"] or make_id(next(iter(document["title"].values()), ""))
    return _save(document, action=url_for("curation.add_entry"), is_new=True)


@bp.get("/fiches/<resource_id>/modifier", endpoint="edit_entry")
def edit_entry(resource_id: str) -> Response:
    """The form, filled with what stands."""
    with get_services().database.read() as session:
        document = catalogue.get_resource(session, resource_id, public=False)
    return edit_page(document, action=url_for("curation.save_entry", resource_id=resource_id))


@bp.post("/fiches/<resource_id>/modifier", endpoint="save_entry")
def save_entry(resource_id: str) -> Response:
    """Saved, or left for a second person, or proposed."""
    document = {**forms.read_form(request.form), "id": resource_id}
    return _save(document, action=url_for("curation.save_entry", resource_id=resource_id))


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
    action = url_for("curation.save_proposal", proposal_id=proposal_id)
    return edit_page(filled(document), action=action, before=present, proposal=row, is_new=present is None)


@bp.post("/propositions/<proposal_id>/modifier", endpoint="save_proposal")
def save_proposal(proposal_id: str) -> Response:
    """Accept the proposal as it was made here."""
    document, person = forms.read_form(request.form), sessions.require_person()
    action = url_for("curation.save_proposal", proposal_id=proposal_id)
    with get_services().database.read() as session:
        row = _get_proposal(session, proposal_id)
    if request.form.get("act") == "preview":
        return edit_page(document, action=action, proposal=row, preview=True)
    try:
        with get_services().database.write() as session:
            made = decisions.accept(
                session,
                proposal_id,
                person,
                reason=read_reason(request.form, _("proposal edited and accepted")),
                document=document,
            )
    except DirectoryError as error:
        return _refused(error, document, action=action, proposal=row)
    return go_to("curation.queue", done="accepted" if made.outcome == "done" else "waits", was=proposal_id)


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


def _save(document: dict[str, Any], *, action: str, is_new: bool = False) -> Response:
    if request.form.get("act") == "preview":
        return edit_page(document, action=action, is_new=is_new, preview=True)
    try:
        with get_services().database.write() as session:
            if is_new and catalogue.lock_resources(session, [document["id"]]):
                raise ResourceExists(document["id"])
            made = decisions.save(
                session, document, sessions.require_person(), reason=read_reason(request.form, _("edited"))
            )
    except DirectoryError as error:
        return _refused(error, document, action=action, is_new=is_new)
    done = {"done": "saved", "to_confirm": "waits", "proposed": "proposed", "unchanged": "unchanged"}[made.outcome]
    if made.outcome == "proposed" or (made.outcome == "to_confirm" and is_new):
        return go_to("curation.queue", done=done, status="to_confirm" if made.outcome == "to_confirm" else None)
    return go_to("curation.history", done=done, resource_id=made.resource_id)


def _refused(
    error: DirectoryError,
    document: dict[str, Any],
    *,
    action: str,
    is_new: bool = False,
    proposal: Proposal | None = None,
) -> Response:
    """The form again: nothing that was typed is lost, and what others changed since is told."""
    if isinstance(error, VersionConflict):
        with get_services().database.read() as session:
            present = catalogue.get_resource(session, error.resource_id, public=False)
            base = history.get_revision(session, error.resource_id, error.seen).document
        theirs = wording.list_lines(base, present, g.lang)
        mended = forms.rebase(base, document, present)
        return edit_page(mended, action=action, proposal=proposal, problem=tell(error), theirs=theirs, status=409)
    messages = error.messages if isinstance(error, InvalidResource) else {}
    problem = _("Some fields are not right yet.") if messages else tell(error)
    status = 422 if messages else 409 if isinstance(error, ResourceExists) else 403
    return edit_page(
        document, action=action, is_new=is_new, proposal=proposal, problem=problem, messages=messages, status=status
    )


def _get_proposal(session: Session, proposal_id: str) -> Proposal:
    proposals.get_proposal(session, proposal_id)
    row = session.get(Proposal, proposal_id)
    assert row is not None  # noqa: S101 - the line above raises
    return row
