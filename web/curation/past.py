"""History: what an entry said, who changed it and why; restore, archive and bring back, merge."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _

from directory import audit, catalogue, decisions, history, redirects
from directory.errors import DirectoryError, ResourceNotFound
from web.curation import sessions, wording
from web.curation.blueprint import bp, go_to, with_status
from web.curation.entries import find_entries
from web.curation.forms import read_number, read_reason
from web.curation.refusals import tell
from web.pages.rendering import page
from web.pages.texts import show
from web.wiring import get_services

DONE = {"done": "saved", "to_confirm": "waits", "proposed": "proposed", "unchanged": "unchanged"}


@bp.get("/fiches/<resource_id>/historique", endpoint="history")
def history_page(resource_id: str) -> Response:
    """Every revision, the newest first; also of an entry that was merged into another."""
    return show_history(resource_id)


@bp.post("/fiches/<resource_id>/restaurer", endpoint="restore")
def restore(resource_id: str) -> Response:
    """Let the entry say again what it said then."""
    person, reason = sessions.require_person(), read_reason(request.form, _("restored"))
    try:
        with get_services().database.write() as session:
            made = decisions.restore(
                session,
                resource_id,
                read_number(request.form, "version"),
                person,
                seen=read_number(request.form, "seen"),
                reason=reason,
            )
    except DirectoryError as error:
        return show_history(resource_id, problem=tell(error))
    return go_to("curation.history", resource_id=resource_id, done=DONE[made.outcome])


@bp.post("/fiches/<resource_id>/archiver", endpoint="archive")
def archive(resource_id: str) -> Response:
    """Out of public view, or back."""
    person, archived = sessions.require_person(), request.form.get("turn") == "archive"
    reason = read_reason(request.form, _("archived") if archived else _("brought back"))
    try:
        with get_services().database.write() as session:
            made = decisions.turn_archived(
                session, resource_id, read_number(request.form, "seen"), person, archived=archived, reason=reason
            )
    except DirectoryError as error:
        return show_history(resource_id, problem=tell(error))
    return go_to("curation.history", resource_id=resource_id, done=DONE[made.outcome])


@bp.get("/fiches/<resource_id>/fusionner", endpoint="merge")
def merge_page(resource_id: str) -> Response:
    """This entry beside another; `with`: which."""
    return _merge_page(resource_id)


@bp.post("/fiches/<resource_id>/fusionner", endpoint="merge_entries")
def merge_entries(resource_id: str) -> Response:
    """The other goes into this one; its address leads here from then on."""
    retired_id, reason = request.form.get("retired", "")[:100], read_reason(request.form, _("merged"))
    try:
        with get_services().database.write() as session:
            kept = catalogue.get_resource(session, resource_id, public=False)
            retired = catalogue.get_resource(session, retired_id, public=False)
            combined = {**history.combine(kept, retired), "version": read_number(request.form, "seen")}
            made = decisions.merge(
                session, retired_id, combined, sessions.require_person(),
                retired_version=read_number(request.form, "retired_version"), reason=reason,
            )  # fmt: skip
    except DirectoryError as error:
        return _merge_page(resource_id, problem=tell(error))
    done = "merged" if made.outcome == "done" else DONE[made.outcome]
    return go_to("curation.history", resource_id=resource_id, done=done)


def show_history(resource_id: str, *, problem: str | None = None, status: int = 409) -> Response:
    """The history; `problem`: why something was refused, with its status."""
    with get_services().database.read() as session:
        revisions = catalogue.list_revisions(session, resource_id)
        if not revisions:
            raise ResourceNotFound(resource_id)
        document = catalogue.get_resources(session, [resource_id], public=False).get(resource_id)
        moved_to = redirects.find_redirect(session, resource_id)
        told = audit.list_entries(session, subject=resource_id)
        split = history.find_split(session, resource_id)
        merged_here = [old for old, to in redirects.list_redirects(session).items() if to == resource_id]
    rows = []
    before = None
    for revision in revisions:
        rows.append((revision, wording.list_lines(before, revision.document, g.lang)))
        before = revision.document
    shown = document or revisions[-1].document
    response = page(
        "curation/history.html",
        id=resource_id,
        document=document,
        title=show(shown["title"], g.lang),
        status_name=wording.status_name(shown["status"]),
        rows=rows[::-1],
        moved_to=moved_to,
        told=[(entry, wording.audit_text(entry.action), _ids_of(entry.detail)) for entry in told],
        split=split,
        merged_here=merged_here,
        problem=problem,
    )
    return with_status(response, status if problem else 200)


def _merge_page(resource_id: str, *, problem: str | None = None) -> Response:
    other_id, wanted = (
        request.values.get("with", request.values.get("retired", ""))[:100],
        request.args.get("q", "")[:100],
    )
    with get_services().database.read() as session:
        kept = catalogue.get_resource(session, resource_id, public=False)
        other = catalogue.get_resources(session, [other_id], public=False).get(other_id)
        found = [] if other else [entry for entry in find_entries(session, wanted) if entry["id"] != resource_id]
    if other_id == resource_id:
        other, problem = None, problem or _("An entry cannot be merged with itself.")
    response = page(
        "curation/merge.html",
        kept=kept,
        other=other,
        kept_title=show(kept["title"], g.lang),
        other_title=show(other["title"], g.lang) if other else None,
        lines=wording.list_lines(kept, other, g.lang) if other else [],
        combined=wording.list_lines(kept, history.combine(kept, other), g.lang) if other else [],
        found=[(entry["id"], show(entry["title"], g.lang)) for entry in found],
        wanted=wanted,
        problem=problem,
    )
    return with_status(response, 409 if problem else 200)


def _ids_of(detail: dict[str, Any]) -> list[str]:
    """The other entries that a line of the log speaks of."""
    into = detail.get("into", [])
    return [into] if isinstance(into, str) else list(into)
