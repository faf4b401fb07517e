"""The entries of the catalogue for curators: found by text, basin, theme, status and what they lack; the worst first."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Response, g, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from directory import catalogue
from directory.models import Resource, ResourceTranslation
from directory.quality import CRITERIA
from directory.schemas import STATUSES
from directory.standings import SORTS, Wanted, choose, list_standings
from directory.taxonomy import label, taxonomy
from web.clock import today
from web.curation import drafting, wording
from web.curation.blueprint import bp
from web.labels import basin_name
from web.pages.rendering import page
from web.pages.texts import show
from web.wiring import get_services

PER_PAGE = 25


@bp.get("/fiches", endpoint="entries")
def entries() -> Response:
    """Entries of every status, with their quality."""
    wanted, number = read_wanted(), _page_number()
    with get_services().database.read() as session:
        found = choose(list_standings(session, today=today()), wanted)
        own = drafting.list_own(session)
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(number, pages)
    kept = {name: value for name, value in _named(wanted).items() if value}
    return page(
        "curation/entries.html",
        wanted=wanted,
        drafts=own,
        total=len(found),
        rows=[
            (one, show(one.title, g.lang), wording.status_name(one.status), wording.list_advice(one.type, one.quality.lacks[:1]))
            for one in found[(number - 1) * PER_PAGE : number * PER_PAGE]
        ],
        filters=_filters(),
        kept=kept,
        number=number,
        pages=pages,
    )  # fmt: skip


def read_wanted() -> Wanted:
    """What the address asks for; what it cannot mean is left out."""
    lists, given = taxonomy(), request.args

    def one_of(name: str, allowed: Any) -> str | None:
        return value if (value := given.get(name, "")) in allowed else None

    return Wanted(
        text=given.get("q", "")[:100].strip(),
        basin=one_of("basin", lists.basins),
        theme=one_of("theme", lists.themes),
        lack=one_of("lack", [criterion.id for criterion in CRITERIA]),
        status=one_of("status", STATUSES),
        sort=one_of("sort", SORTS) or SORTS[0],
    )


def find_entries(session: Session, wanted: str) -> list[dict[str, Any]]:
    """The entries whose title or address holds this text, last changed first; so many as one page shows."""
    query = sa.select(Resource.id).order_by(Resource.updated_at.desc(), Resource.id).limit(PER_PAGE)
    if wanted:
        titled = sa.select(ResourceTranslation.resource_id).where(
            ResourceTranslation.title.icontains(wanted, autoescape=True)
        )
        query = query.where(sa.or_(Resource.id.in_(titled), Resource.id.contains(wanted.lower(), autoescape=True)))
    ids = list(session.scalars(query))
    documents = catalogue.get_resources(session, ids, public=False)
    return [documents[one] for one in ids]


def _named(wanted: Wanted) -> dict[str, str | None]:
    """The names of the address."""
    sort = wanted.sort if wanted.sort != SORTS[0] else None
    return {"q": wanted.text, "basin": wanted.basin, "theme": wanted.theme, "lack": wanted.lack, "status": wanted.status, "sort": sort}  # fmt: skip


def _filters() -> list[dict[str, Any]]:
    lists, lang = taxonomy(), g.lang
    sorts = {"changed": _("last changed first"), "quality": _("lowest quality first"), "title": _("by title")}
    return [
        {"id": "basin", "label": _("Basin"), "options": [(one, basin_name(one, lang)) for one in lists.basins]},
        {"id": "theme", "label": _("Theme"), "options": [(one.id, label(one.label, lang)) for one in lists.themes.values()]},
        {"id": "lack", "label": _("What is missing"), "options": [(one.id, wording.lack_name(one.id)) for one in CRITERIA]},
        {"id": "status", "label": _("Status"), "options": [(one, wording.status_name(one)) for one in STATUSES]},
        {"id": "sort", "label": _("Order"), "options": list(sorts.items()), "needed": True},
    ]  # fmt: skip


def _page_number() -> int:
    number = request.args.get("page", "1")
    return int(number) if number.isascii() and number.isdigit() and 0 < int(number[:6]) < 100_000 else 1
