"""What a result shows of a resource, ready for the template: no look-ups while rendering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from directory.freshness import add_months, judge
from directory.taxonomy import label, taxonomy
from search.engine import Hit
from web.clock import today
from web.i18n import write_euros
from web.labels import basin_name
from web.pages.texts import Shown, is_regional, show


@dataclass(frozen=True, slots=True)
class Card:
    """One result. `basins`: (id, name); `foreign`: languages of texts that are not in the reader's.

    overdue: what to say of a check that was too long ago; None where it is recent enough, or where nobody ever checked.
    """

    id: str
    url: str
    type: str
    themes: tuple[str, ...]
    title: Shown
    summary: Shown
    organisations: str
    basins: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    cost: str
    verified_on: str | None
    overdue: str | None
    regional: bool

    @property
    def foreign(self) -> str | None:
        """The language of the first text that is not in the reader's language."""
        return self.title.lang or self.summary.lang


def card_of_hit(hit: Hit, lang: str) -> Card:
    """The card of a search hit, with what matched marked."""
    return make_card(hit.card, lang, hit.highlight)


def make_card(card: Mapping[str, Any], lang: str, highlight: Mapping[str, str] | None = None) -> Card:
    """The card of a resource in its outside shape (or cut to `documents.CARD_FIELDS`)."""
    lists, marked = taxonomy(), highlight or {}
    return Card(
        id=card["id"],
        url=url_for("pages.resource", lang=lang, resource_id=card["id"]),
        type=label(lists.types[card["type"]].label, lang),
        themes=tuple(label(lists.themes[theme].label, lang) for theme in card["themes"]),
        title=show(card["title"], lang, html=marked.get("title")),
        summary=show(card.get("summary"), lang, html=marked.get("summary")),
        organisations=", ".join(organisation["name"] for organisation in card["organisations"]),
        basins=tuple((basin, basin_name(basin, lang)) for basin in card["basins"]),
        languages=tuple(card["languages"]),
        cost=cost_line(card["cost"], lang),
        verified_on=card.get("verified_on") or None,
        overdue=overdue_line(card),
        regional=is_regional(card["basins"]),
    )


def cost_line(cost: Mapping[str, Any], lang: str) -> str:
    """ "Gratuit", "10 €", "Prix non précisé"."""
    if cost.get("amount_eur") and cost["kind"] != "free":
        return write_euros(cost["amount_eur"], lang)
    return label(taxonomy().cost_kinds[cost["kind"]].label, lang)


def overdue_line(document: Mapping[str, Any]) -> str | None:
    """ "à vérifier : dernière vérification il y a plus d’un an"; None where the last check is recent enough."""
    freshness = judge(document, today=today())
    if freshness.state != "overdue" or freshness.verified_on is None:
        return None
    months = 0
    while add_months(freshness.verified_on, months + 1) <= today():
        months += 1
    if months < 12:
        return str(_("to be checked: last check more than %(count)d months ago", count=months))
    if months < 24:
        return str(_("to be checked: last check more than a year ago"))
    return str(_("to be checked: last check more than %(count)d years ago", count=months // 12))
