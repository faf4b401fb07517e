"""The queue: what waits for a decision, one proposal beside the list, and the decisions themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from directory import catalogue, curation, decisions, proposals, queue
from directory.accounts import find_account
from directory.errors import DirectoryError, InvalidResource, NotAllowed, ResourceNotFound, walk_messages
from directory.models import Proposal
from directory.queue import Asked, list_queue
from directory.taxonomy import taxonomy
from web.curation import hints, sessions, wording
from web.curation.blueprint import bp, go_to, with_status
from web.curation.choices import list_choices, reasons
from web.curation.forms import read_reason
from web.curation.refusals import tell, tell_field
from web.labels import basin_name
from web.pages.rendering import page
from web.pages.texts import Shown, show
from web.wiring import get_services

FILTERS = ("status", "basin", "theme", "kind", "confidence", "sort", "page")


@dataclass(frozen=True)
class Item:
    """A row of the list."""

    id: str
    title: Shown
    kind: str
    url: str
    basins: tuple[tuple[str, str], ...]
    confidence: int
    source: str
    at: Any


@dataclass(frozen=True, kw_only=True)
class Detail:
    """The proposal beside the list. `verdict`: what this person's acceptance does; None where they may not decide."""

    item: Item
    row: Proposal
    before: Mapping[str, Any] | None
    lines: list[wording.Line]
    problems: list[tuple[str, str]]
    verdict: str | None
    matches: list[tuple[str, Shown, str]]
    evidence: list[tuple[str, str]]
    moved_on: int | None = None
    decided: str = ""
    hint: str | None = None
    only_close: bool = False


@bp.get("/", endpoint="queue")
def queue_page() -> Response:
    """The list, and one proposal."""
    return _queue_page()


@bp.post("/propositions/<proposal_id>/accepter", endpoint="accept")
def accept(proposal_id: str) -> Response:
    """Publish, or leave for a second person, or confirm."""
    person = sessions.require_person()
    try:
        with get_services().database.write() as session:
            made = decisions.accept(
                session, proposal_id, person, reason=read_reason(request.form, _("proposal accepted"))
            )
    except (NotAllowed, DirectoryError) as error:
        return _queue_page(chosen=proposal_id, problem=tell(error), error=error)
    return _onward("accepted" if made.outcome == "done" else "waits", proposal_id)


@bp.post("/propositions/<proposal_id>/refuser", endpoint="reject")
def reject(proposal_id: str) -> Response:
    """Close it, with the reason."""
    try:
        with get_services().database.write() as session:
            decisions.reject(
                session,
                proposal_id,
                sessions.require_person(),
                reason=read_reason(request.form, _("proposal rejected")),
            )
    except DirectoryError as error:
        return _queue_page(chosen=proposal_id, problem=tell(error), error=error)
    return _onward("rejected", proposal_id)


@bp.post("/propositions/<proposal_id>/annuler", endpoint="undo")
def undo(proposal_id: str) -> Response:
    """The proposal waits again."""
    try:
        with get_services().database.write() as session:
            decisions.undo(session, proposal_id, sessions.require_person())
    except DirectoryError as error:
        return _queue_page(problem=tell(error), error=error)
    return go_to("curation.queue", done="undone", p=proposal_id, **_kept(without_status=True))


@bp.post("/propositions", endpoint="decide_several")
def decide_several() -> Response:
    """The chosen ones, each by itself: one that fails does not keep the others from being decided."""
    person, failed, done = sessions.require_person(), [], 0
    chosen = list(dict.fromkeys(request.form.getlist("chosen")))[: queue.PER_PAGE]
    accepting = request.form.get("decide") == "accept"
    for proposal_id in chosen:
        try:
            with get_services().database.write() as session:
                if accepting:
                    decisions.accept(
                        session, proposal_id, person, reason=read_reason(request.form, _("proposal accepted"))
                    )
                else:
                    decisions.reject(
                        session, proposal_id, person, reason=read_reason(request.form, _("proposal rejected"))
                    )
            done += 1
        except DirectoryError as error:
            failed.append(tell(error))
    if not chosen:
        return _queue_page(problem=_("Choose at least one proposal in the list."))
    words = ngettext("%(num)d proposal is decided.", "%(num)d proposals are decided.", done)
    if failed:
        stayed = ngettext("%(num)d could not be:", "%(num)d could not be:", len(failed))
        return _queue_page(problem=f"{words} {stayed} {' '.join(dict.fromkeys(failed))}")
    return _queue_page(told=words)


def _queue_page(
    *, chosen: str | None = None, problem: str | None = None, told: str | None = None, error: Exception | None = None
) -> Response:
    person, lang = sessions.require_person(), g.lang
    asked = queue.for_person(_asked(), person)
    with get_services().database.read() as session:
        found = list_queue(session, asked)
        items = [_item(row, found.basins[row.id], lang) for row in found.rows]
        row = _chosen(session, chosen or request.values.get("p"), found.rows)
        if row is not None and asked.own and row.proposed_by != person.email:
            row = None
        detail = _detail(session, row, person, lang) if row is not None else None
        last = queue.last_decision(session, person)
        last_item = _item(last, [], lang) if last is not None else None
    response = page(
        "curation/queue.html",
        asked=asked,
        queue=found,
        items=items,
        detail=detail,
        last=last,
        last_item=last_item,
        problem=problem,
        told=told,
        filters=list_choices(asked, found, lang),
        kept=_kept(),
        **_neighbours(items, detail, asked, found),
        reasons=reasons(),
        wording=wording,
    )
    status = 200 if problem is None else 409 if error is None or not isinstance(error, InvalidResource) else 422
    if isinstance(error, NotAllowed):
        status = 403
    if isinstance(error, ResourceNotFound):
        status = 404
    return with_status(response, status)


def _asked() -> Asked:
    given, lists = request.values, taxonomy()

    def one_of(name: str, allowed: Any, default: str | None = None) -> str | None:
        value = given.get(name, "")
        return value if value in allowed else default

    number = given.get("page", "1")
    return Asked(
        status=one_of("status", queue.STATUSES) or "pending",
        basin=one_of("basin", lists.basins),
        theme=one_of("theme", lists.themes),
        kind=one_of("kind", queue.KINDS),
        confidence=one_of("confidence", queue.CONFIDENCES),
        sort=one_of("sort", queue.SORTS) or "confidence",
        page=int(number) if number.isascii() and number.isdigit() and 0 < int(number[:6]) < 100_000 else 1,
    )


def _kept(*, without_status: bool = False) -> dict[str, Any]:
    """The filters, to come back to the same list."""
    asked, usual = _asked(), Asked()
    kept = {name: getattr(asked, name) for name in FILTERS if getattr(asked, name) != getattr(usual, name)}
    if without_status:
        kept.pop("status", None)
    return kept


def _onward(done: str, proposal_id: str) -> Response:
    """To the next in the list."""
    following = request.form.get("next", "")
    return go_to("curation.queue", done=done, was=proposal_id, p=following or None, **_kept())


def _chosen(session: Session, wanted: str | None, rows: list[Proposal]) -> Proposal | None:
    if wanted and (row := session.get(Proposal, wanted[:100])) is not None:
        return row
    return rows[0] if rows else None


def _item(row: Proposal, basins: list[str], lang: str) -> Item:
    title = row.resource.get("title") or {}
    known = [basin for basin in basins if basin in taxonomy().basins]
    return Item(
        id=row.id,
        title=show(title or {lang: ", ".join(row.matches) or row.url}, lang),
        kind=wording.kind_name(row.kind),
        url=row.url,
        basins=tuple((basin, basin_name(basin, lang)) for basin in known),
        confidence=round(row.confidence * 100),
        source=wording.source_name(row.source, row.proposed_by),
        at=row.created_at,
    )


def _detail(session: Session, row: Proposal, person: Any, lang: str) -> Detail:
    problems: list[tuple[str, str]] = []
    before: dict[str, Any] | None = None
    after: dict[str, Any] = row.resource
    try:
        before, after = proposals.outcome(session, row)
        proposals.check(after)
    except (InvalidResource, ValidationError) as error:
        problems = [
            (wording.field_label(field, lang), tell_field(message))
            for field, message in walk_messages(getattr(error, "messages", {}))
        ]
    except ResourceNotFound as error:
        problems = [("", tell(error))]
    verdict: str | None = curation.judge(person, before, after)
    if row.status == "to_confirm":
        first = find_account(session, row.approved_by or "")
        second = curation.may_confirm(
            person, approver=row.approved_by, approver_basins=first.basins if first is not None else ()
        )
        verdict = "second" if second else "own" if row.approved_by == person.email else None
    elif row.status != "pending" or verdict == "propose":
        verdict = None
    stale = before is not None and row.base_version is not None and before["version"] != row.base_version
    names = catalogue.get_resources(session, row.matches[:5], public=False)
    lines = wording.list_lines(before, after, lang, evidence=row.evidence, confidence=row.field_confidence)
    lines += [line for other in row.places.get("others", ()) for line in wording.list_lines(None, other, lang)]
    shown = {line.field.partition(".")[0] for line in lines} | {line.field for line in lines}
    return Detail(
        item=_item(row, [], lang),
        row=row,
        before=before,
        lines=lines,
        problems=problems,
        verdict=verdict,
        matches=[
            (id_, show(names[id_]["title"], lang) if id_ in names else show({lang: id_}, lang),
             url_for("pages.resource", resource_id=id_))
            for id_ in row.matches[:5]
        ],
        evidence=hints.list_evidence(row, shown, lang),
        hint=hints.find_hint(row),
        only_close=row.status == "pending" and hints.names_no_entry(row, found=before is not None),
        moved_on=before["version"] if stale and before and row.status in {"pending", "to_confirm"} else None,
        decided=wording.proposal_status(row.status),
    )  # fmt: skip


def _neighbours(items: list[Item], detail: Detail | None, asked: Asked, found: queue.Queue) -> dict[str, Any]:
    """The proposals before and after in the list; beyond its end, the next page."""
    ids = [item.id for item in items]
    place = ids.index(detail.item.id) if detail and detail.item.id in ids else -1
    return {
        "previous_id": ids[place - 1] if place > 0 else None,
        "next_id": ids[place + 1] if 0 <= place < len(ids) - 1 else None,
        "next_page": asked.page + 1 if asked.page < found.pages else None,
        "previous_page": asked.page - 1 if asked.page > 1 else None,
    }
