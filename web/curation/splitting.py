"""One entry made into two: what goes where, what both would say, and taking a split or a merge back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _

from directory import catalogue, partings
from directory.errors import DirectoryError, InvalidResource, NotAllowed, walk_messages
from directory.parts import SIDES, Part, Side, list_parts, take_apart, usual_side
from directory.proposals import check
from directory.suggestions import make_id
from directory.taxonomy import LANGUAGES
from web.curation import sessions, wording
from web.curation.blueprint import bp, go_to, with_status
from web.curation.forms import read_number, read_reason
from web.curation.past import show_history
from web.curation.refusals import tell, tell_field
from web.i18n import LANGUAGE_NAMES, language_name
from web.pages.rendering import page
from web.pages.texts import show
from web.wiring import get_services

DONE = {"done": "split", "to_confirm": "waits", "proposed": "proposed"}


@dataclass(frozen=True)
class Row:
    """A part in the form: what it is called, what it says, where it stands."""

    key: str
    label: str
    text: str
    language: str | None
    side: Side


@bp.get("/fiches/<resource_id>/scinder", endpoint="split")
def split_page(resource_id: str) -> Response:
    """The parts of the entry; `language`: that one goes to the new entry."""
    return _split_page(resource_id)


@bp.post("/fiches/<resource_id>/scinder", endpoint="split_entry")
def split_entry(resource_id: str) -> Response:
    """Show what both would say, or make them."""
    if request.form.get("act") == "preview":
        return _split_page(resource_id, preview=True)
    try:
        with get_services().database.write() as session:
            present = catalogue.get_resource(session, resource_id, public=False, for_update=True)
            kept, other = _take_apart({**present, "version": read_number(request.form, "seen")})
            reason = read_reason(request.form, _("split"))
            made = partings.split(session, kept, [other], sessions.require_person(), reason=reason)
    except DirectoryError as error:
        return _split_page(resource_id, error=error)
    return go_to("curation.history", resource_id=resource_id, done=DONE[made.outcome])


@bp.post("/fiches/<resource_id>/recoller", endpoint="undo_split")
def undo_split(resource_id: str) -> Response:
    """Take the last split back."""
    return _undo(resource_id, partings.undo_split, _("split taken back"), done="joined")


@bp.post("/fiches/<resource_id>/defusionner", endpoint="undo_merge")
def undo_merge(resource_id: str) -> Response:
    """Take a merge back: the entry that went into another stands on its own again."""
    return _undo(resource_id, partings.undo_merge, _("merge taken back"), done="unmerged")


def _undo(resource_id: str, take_back: Callable[..., None], usual: str, *, done: str) -> Response:
    try:
        with get_services().database.write() as session:
            take_back(session, resource_id, sessions.require_person(), reason=read_reason(request.form, usual))
    except DirectoryError as error:
        return show_history(resource_id, problem=tell(error), status=403 if isinstance(error, NotAllowed) else 409)
    return go_to("curation.history", resource_id=resource_id, done=done)


def _take_apart(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """As the form says."""
    sides: dict[str, Side] = {}
    for part in list_parts(document):
        given = request.form.get(f"side.{part.key}")
        sides[part.key] = next((side for side in SIDES if side == given), _usual(part))
    title = {language: request.form.get(f"new_title.{language}", "")[:500].strip() for language in LANGUAGES}
    new_id = request.form.get("new_id", "")[:200].strip()
    kept, other = take_apart(document, sides, new_id=new_id, title=title)
    if not new_id:
        other["id"] = make_id(next(iter(other["title"].values()), ""))
    return kept, other


def _usual(part: Part) -> Side:
    language = request.values.get("language")
    return usual_side(part, language if language in LANGUAGES else None)


def _split_page(resource_id: str, *, preview: bool = False, error: DirectoryError | None = None) -> Response:
    lang = g.lang
    with get_services().database.read() as session:
        present = catalogue.get_resource(session, resource_id, public=False)
    kept, other = _take_apart(present)
    wrong: list[tuple[str, str]] = []
    if preview and error is None:
        error = _find_wrong(kept, other)
    if isinstance(error, InvalidResource):
        wrong = [(wording.field_label(field, lang), tell_field(text)) for field, text in walk_messages(error.messages)]
    problem = None
    if error is not None:
        problem = _("One of the two entries is not right yet.") if wrong else tell(error)
    response = page(
        "curation/split.html",
        document=present,
        title=show(present["title"], lang),
        rows=[_row(part, lang) for part in list_parts(present)],
        sides=[("here", _("stays")), ("there", _("goes")), ("both", _("both"))],
        new_id=request.form.get("new_id", "")[:200],
        new_title=[(code, LANGUAGE_NAMES[code], request.form.get(f"new_title.{code}", "")[:500]) for code in LANGUAGES],
        languages=[(code, language_name(code, lang)) for code in present["title"] if len(present["title"]) > 1],
        language=request.values.get("language", ""),
        staying=wording.list_lines(present, kept, lang) if preview and not wrong else [],
        going=wording.list_lines(None, other, lang) if preview and not wrong else [],
        preview=preview and not wrong,
        problem=problem,
        wrong=wrong,
        reason=request.form.get("reason", "")[:300],
    )
    return with_status(response, 422 if wrong else 409 if problem else 200)


def _find_wrong(kept: dict[str, Any], other: dict[str, Any]) -> InvalidResource | None:
    for document in (kept, other):
        try:
            check(document)
        except InvalidResource as error:
            return error
    return None


def _row(part: Part, lang: str) -> Row:
    given = request.form.get(f"side.{part.key}")
    side = next((side for side in SIDES if side == given), _usual(part))
    root, _dot, rest = part.key.partition(".")
    value = [part.value] if rest.isdigit() else part.value
    text = wording.value_text(root, "" if rest.isdigit() else rest, value, lang)
    label = wording.field_label(root if rest.isdigit() else part.key, lang)
    code = part.key.rpartition(".")[2]
    return Row(part.key, label, text, code if code in LANGUAGES else None, side)
