"""A fetched page or PDF made ready to be read: its main text as lines, what frames it, its head, language and title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.document import Document, framing_lines, lines_of, links_of, readable, without_imprint
from crawler.findings import Fact
from crawler.head import Head, read_head
from crawler.html import Node, parse
from crawler.languages import detect
from crawler.main_text import MAX_TEXT, find_main
from crawler.page import Page, PageKind
from crawler.pdf import read_pdf
from crawler.site_names import find_site_names
from crawler.site_profiles import find_profile
from crawler.titles import find_title, pdf_title
from crawler.twins import find_twins


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A document with its whole main text. language_sure: 0 to 1; twins: as in Reading."""

    document: Document
    text: str
    title: Fact[str] | None
    language_sure: float
    twins: Mapping[str, str]


def open_page(page: Page, source: Mapping[str, Any]) -> Opened | PageKind:
    """The page as the extractors see it; the kind of page ("other", "empty") where there is nothing to see."""
    if _is_pdf(page):
        return _open_pdf(page, source)
    if not _may_be_html(page):
        return "other"
    root = parse(page.body, page.charset)
    return "empty" if root is None else _open_html(page, root, source)


def _is_pdf(page: Page) -> bool:
    return page.body[:1024].lstrip().startswith(b"%PDF-") or (
        page.content_type == "application/pdf" and b"%PDF-" in page.body[:1024]
    )


def _may_be_html(page: Page) -> bool:
    """The content decides, not the declared type: servers say text/plain or nothing at all."""
    if page.content_type in {
        "",
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "application/xml",
        "text/xml",
        "application/octet-stream",
    }:
        head = page.body[:2048].lower()
        return b"\0\0\0" not in head and (page.content_type in {"text/html", "application/xhtml+xml"} or b"<" in head)
    return re.search(rb"<!doctype html|<html[\s>]", page.body[:2048], re.IGNORECASE) is not None


def _open_html(page: Page, root: Node, source: Mapping[str, Any]) -> Opened:
    url = page.final_url or page.url
    head = read_head(root, url)
    profile = find_profile(url)
    main = find_main(root, main=profile.get("main", ()), drop=profile.get("drop", ()))
    body = root.find("body")
    lines = lines_of(main)
    title_and_text = f"{head.title}\n" + "\n".join(line.text for line in lines if line.link_share < 0.8)
    declared = head.language or str(source.get("language") or "")
    language, sure = detect(
        title_and_text if len(lines) < 3 else "\n".join(line.text for line in lines if line.link_share < 0.8), declared
    )
    framing = framing_lines(main, body if body is not None else root)
    names = find_site_names(head, root, url, framing, [line.text for line in lines if line.level])
    lines, imprint = without_imprint(lines, [name.name for name in names])
    document = Document(
        url=url,
        lines=lines,
        head=head,
        site_names=names,
        source=source,
        fetched_on=page.fetched_at.date(),
        links=links_of(main, url),
        framing=[*framing, *imprint],
        root=root,
        main=main.node,
        language=language,
        profile=profile,
    )
    return Opened(
        document=document,
        text=main.text,
        title=find_title(document, root),
        language_sure=sure,
        twins=find_twins(document, root),
    )


def _open_pdf(page: Page, source: Mapping[str, Any]) -> Opened | PageKind:
    pdf = read_pdf(page.body)
    if pdf is None or not pdf.lines:
        return "empty"
    url = page.final_url or page.url
    language, sure = detect(
        "\n".join(line.text for line in pdf.lines[:60]), pdf.language or str(source.get("language") or "")
    )
    head = Head(title=pdf.title, published=pdf.created, meta={"author": pdf.author})
    document = Document(
        url=url,
        lines=readable(pdf.lines),
        head=head,
        source=source,
        fetched_on=page.fetched_at.date(),
        is_pdf=True,
        language=language,
        profile=find_profile(url),
    )
    text = "\n".join(line.text for line in pdf.lines)[:MAX_TEXT]
    return Opened(document=document, text=text, title=pdf_title(document), language_sure=sure, twins={})
