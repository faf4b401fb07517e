"""The basins at a glance: what waits, ages and lacks there, each number with the list that it counts."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, g, url_for
from flask_babel import gettext as _

from directory.boards import SEARCHED, THIN, Board, list_boards
from directory.standings import Wanted, choose, list_standings
from directory.taxonomy import label, taxonomy
from web.clock import now, today
from web.curation import sessions, wording
from web.curation.blueprint import bp
from web.labels import basin_name
from web.pages.rendering import page
from web.pages.texts import show
from web.wiring import get_services

LOWEST = 5  #: entries of the lowest quality that a basin's page names


@bp.get("/bassins", endpoint="dashboard")
def dashboard() -> Response:
    """Every basin, a curator's own first."""
    person, day = sessions.require_person(), today()
    with get_services().database.read() as session:
        boards = list_boards(session, list_standings(session, today=day), person, today=day)
    return page("curation/dashboard.html", boards=[_view(board) for board in boards], thin=THIN, days=SEARCHED.days)


@bp.get("/bassins/<basin>", endpoint="basin_board")
def basin_board(basin: str) -> Response:
    """One basin: its numbers, its thin themes, what was searched there in vain, its poorest entries."""
    if basin not in taxonomy().basins:
        abort(404)
    day = today()
    with get_services().database.read() as session:
        standings = list_standings(session, today=day)
        board = next(
            one for one in list_boards(session, standings, sessions.require_person(), today=day) if one.basin == basin
        )
    lowest = choose(standings, Wanted(basin=basin, status="published", sort="quality"))[:LOWEST]
    return page(
        "curation/basin.html",
        board=_view(board),
        thin=THIN,
        days=SEARCHED.days,
        themes=[(one, _theme(one.theme), url_for("curation.entries", basin=basin, theme=one.theme, status="published")) for one in board.thin],
        gaps=[(_theme(gap.theme), gap.searches) for gap in board.gaps],
        lowest=[(one, show(one.title, g.lang), wording.list_advice(one.type, one.quality.lacks[:1])) for one in lowest],
    )  # fmt: skip


def _view(board: Board) -> dict[str, Any]:
    """The numbers in the order in which they are read: what, how many, where the list is."""

    def listed(**wanted: Any) -> str:
        return url_for("curation.entries", basin=board.basin, status="published", **wanted)

    here, queue = (
        url_for("curation.basin_board", basin=board.basin),
        url_for("curation.queue", basin=board.basin, sort="oldest"),
    )
    days = (now() - board.oldest_at).days if board.oldest_at else None
    return {
        "basin": board.basin,
        "name": basin_name(board.basin, g.lang),
        "url": here,
        "oldest": days,
        "numbers": [
            (_("to decide"), board.waiting, queue),
            (_("to confirm"), board.to_confirm, url_for("curation.queue", basin=board.basin, status="to_confirm", sort="oldest")),
            (_("overdue"), board.overdue, listed(lack="overdue")),
            (_("with a dead link"), board.dead, listed(lack="link_dead")),
            (_("without French"), board.missing["fr"], listed(lack="translation_fr")),
            (_("without Dutch"), board.missing["nl"], listed(lack="translation_nl")),
            (_("thin themes"), len(board.thin), f"{here}#themes"),
            (_("searches in vain"), board.searches, f"{here}#searches"),
            (_("published entries"), board.published, listed(sort="title")),
            (_("mean quality of 100"), board.quality, listed(sort="quality")),
        ],
    }  # fmt: skip


def _theme(theme: str) -> str:
    """Its name; a search may have named none."""
    terms = taxonomy().themes
    return label(terms[theme].label, g.lang) if theme in terms else str(_("no theme named"))
