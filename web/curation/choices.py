"""What can be chosen on the queue page: its filters with their counts, and the reasons of a rejection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from directory import queue
from directory.queue import Asked
from directory.taxonomy import label, taxonomy
from web.curation import wording
from web.labels import basin_name


def reasons() -> list[str]:
    """Why proposals are mostly rejected; the words are kept with the decision."""
    return [
        _("not for social and health professionals in Brussels"),
        _("out of date, or over"),
        _("in the catalogue already"),
        _("the page was read wrongly"),
        _("an advertisement, or not reliable"),
    ]


def list_choices(asked: Asked, found: queue.Queue, lang: str) -> list[dict[str, Any]]:
    """The choices above the list, each with how many it leaves."""
    lists = taxonomy()
    confidences = {"high": _("80 % and more"), "medium": _("50 to 79 %"), "low": _("under 50 %")}
    sorts = {"confidence": _("surest first"), "oldest": _("oldest first"), "newest": _("newest first")}

    def counted(facet: str, names: Mapping[str, str], *, all_: bool = False) -> list[tuple[str, str, int | None]]:
        counts = found.counts[facet]
        return [(id_, name, counts.get(id_, 0)) for id_, name in names.items() if all_ or counts.get(id_)]

    statuses = {status: wording.proposal_status(status) for status in queue.STATUSES}
    basins = {basin: basin_name(basin, lang) for basin in lists.basins}
    themes = {term.id: label(term.label, lang) for term in lists.themes.values()}
    kinds = {kind: wording.kind_name(kind) for kind in queue.KINDS}
    return [
        {"id": "status", "label": _("Status"), "options": counted("status", statuses, all_=True), "needed": True},
        {"id": "basin", "label": _("Basin"), "options": counted("basin", basins)},
        {"id": "theme", "label": _("Theme"), "options": counted("theme", themes)},
        {"id": "kind", "label": _("Kind"), "options": counted("kind", kinds)},
        {"id": "confidence", "label": _("Confidence"), "options": [(k, v, None) for k, v in confidences.items()]},
        {"id": "sort", "label": _("Order"), "options": [(k, v, None) for k, v in sorts.items()], "needed": True},
    ]
