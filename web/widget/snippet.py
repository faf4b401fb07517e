"""What a site's keeper copies: the element, the plain form inside it, the script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

#: Label and button of the plain form, as in v1.js.
FORM_TEXTS: Mapping[str, tuple[str, str]] = {
    "fr": ("Que cherchez-vous ?", "Rechercher"),
    "nl": ("Wat zoekt u?", "Zoeken"),
    "en": ("What are you looking for?", "Search"),
}


def snippet(senne: str, *, basin: str | None = None, themes: Sequence[str] = (), lang: str = "fr") -> str:
    """The HTML for a site. `senne`: the address of Senne, without final slash."""
    label, button = FORM_TEXTS[lang]
    attributes = [("basin", basin or ""), ("theme", " ".join(themes)), ("lang", lang)]
    hidden = [("basin", basin)] if basin else []
    hidden += [("theme", theme) for theme in themes]
    lines = [
        "<senne-search" + "".join(f' {name}="{escape(value)}"' for name, value in attributes if value) + ">",
        f'  <form action="{escape(senne)}/{lang}/ressources" method="get">',
        f'    <label>{escape(label)} <input name="q" type="search"></label>',
        *(f'    <input name="{name}" type="hidden" value="{escape(value)}">' for name, value in hidden),
        f'    <button type="submit">{escape(button)}</button>',
        "  </form>",
        "</senne-search>",
        f'<script type="module" src="{escape(senne)}/widget/v1.js"></script>',
    ]
    return "\n".join(lines) + "\n"
