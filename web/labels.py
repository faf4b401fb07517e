"""Names of terms in a reader's language: data only, so that pages, API, widget and commands say the same."""

from __future__ import annotations

from directory.taxonomy import label, taxonomy
from web.i18n import language_name


def basin_name(basin: str, lang: str) -> str:
    """The short name: "Nord". Of the region: "Tout Bruxelles"."""
    term = taxonomy().basins[basin]
    return label(term.short or term.label, lang)


def value_label(facet: str, value: str, lang: str) -> str:
    """The name of a facet's value."""
    lists = taxonomy()
    if facet == "basin":
        return basin_name(value, lang)
    if facet == "language":
        name = language_name(value, lang)
        return name[:1].upper() + name[1:]
    terms = {"theme": lists.themes, "type": lists.types, "audience": lists.audiences, "cost": lists.cost_kinds}
    return label(terms[facet][value].label, lang)
