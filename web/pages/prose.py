"""Longer texts: a safe subset of Markdown as HTML. No pictures, no raw HTML, headings below the page's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from directory.taxonomy import pick_language
from web.pages.texts import NOTHING, Shown

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4", "h5", "h6", "blockquote", "code", "pre", "hr"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
TOP_HEADING = 3  #: a text's first heading level; the page uses 1 and 2


def show_prose(texts: Mapping[str, str] | None, lang: str) -> Shown:
    """The text in the reader's language, else in another, as safe HTML."""
    language = pick_language(texts or {}, lang)
    if texts is None or language is None:
        return NOTHING
    return Shown(Markup(to_html(texts[language])), None if language == lang else language)  # noqa: S704 - nh3 cleaned it


@lru_cache(maxsize=512)
def to_html(text: str) -> str:
    """Markdown (CommonMark) as HTML of the tags above."""
    parser = MarkdownIt("commonmark", {"html": False}).disable("image")
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + TOP_HEADING - 1)}"
    html = parser.renderer.render(tokens, parser.options, {})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener nofollow")
