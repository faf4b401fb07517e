"""Whatever a host sends, reading it gives a Reading that the directory's schema accepts, and never an error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making_pages import page

from crawler import json_ld
from crawler.html import css_path, parse
from crawler.outline import MAX_NESTING
from crawler.page import Reading
from crawler.reading import read
from directory.schemas import load_resource

SOURCE = {"name": "source", "basins": ["nord"], "language": "fr"}
KINDS = {"resource", "listing", "other", "empty", "soft_404"}

TAGS = st.sampled_from(
    [
        "html",
        "head",
        "body",
        "main",
        "article",
        "section",
        "div",
        "p",
        "h1",
        "h2",
        "h3",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "a",
        "b",
        "span",
        "time",
        "br",
        "nav",
        "header",
        "footer",
        "form",
        "title",
        "meta",
        "script",
        "style",
        "details",
        "summary",
        "font",
        "center",
    ]
)
TEXTS = st.sampled_from(
    [
        "Formation", "12 mars 2026", "de 14h à 16h", "Prix : 5 €", "1090 Jette", "02 425 11 22", "info@asbl.example", "Marie Dupont", "Quand ?",
        "Pour qui ?", "gratuit", "tous les mardis", "\x00", "\ud7ff", "é" * 50, "<", "&#0;", "&amp;", "Bassin Nord", "intervision", "\u202e", "ſ", "ﬁ",
        "deuil et fin de vie pour les professionnels de la santé", "Rendez-vous le 32 mars 20266 à 99h", "0" * 40, "1/2/3/4", "€€€", "@" * 9,
    ]
)  # fmt: skip
ATTRIBUTES = st.sampled_from(
    ["", ' class="footer"', ' id="main"', ' href="/x"', ' href="http://[::1"', ' lang="zz"', ' hidden', ' role="main"', ' content="2026-99-99"', ' href="mailto:%ff@x"', ' property="og:title" content="A"', " <"]
)  # fmt: skip
PIECES = st.one_of(
    TEXTS,
    st.text(max_size=12),
    st.builds("<{}{}>".format, TAGS, ATTRIBUTES),
    st.builds("</{}>".format, TAGS),
)


def check(reading: Reading) -> None:
    """What holds for every reading."""
    assert reading.kind in KINDS
    assert bool(reading.resource) is (reading.kind == "resource")
    assert 0 <= reading.confidence <= 1
    fields = set(reading.resource) - {"id", "links", "source"}
    assert set(reading.evidence) == set(reading.places) == set(reading.field_confidence) == fields
    if reading.resource:
        filled = {
            "type": "service",
            "themes": ["wellbeing"],
            "basins": ["region"],
            "title": {"fr": "-"},
        } | reading.resource
        load_resource(json.loads(json.dumps(filled)))


@given(st.binary(max_size=2000), st.sampled_from(["text/html", "", "application/pdf", "text/plain", "image/png"]))
@settings(deadline=None, max_examples=150)
def test_any_bytes_give_a_reading(body: bytes, content_type: str) -> None:
    if not body.lstrip().startswith(b"%PDF-"):
        check(read(page(body, content_type=content_type), SOURCE))


@given(st.lists(PIECES, max_size=60).map("".join))
@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.too_slow])
def test_any_html_gives_a_reading(body: str) -> None:
    check(read(page(body.encode("utf-8", "replace")), SOURCE))


@given(st.lists(TEXTS, min_size=4, max_size=40))
@settings(deadline=None, max_examples=150)
def test_any_page_with_a_title_gives_a_reading(texts: list[str]) -> None:
    body = (
        "<html lang=fr><title>Une page</title><main><h1>"
        + texts[0]
        + "</h1>"
        + "".join(f"<p>{text}</p>" for text in texts)
        + "</main>"
    )
    check(read(page(body.encode("utf-8", "replace")), SOURCE))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "@type",
                        "@graph",
                        "name",
                        "startDate",
                        "endDate",
                        "organizer",
                        "location",
                        "address",
                        "telephone",
                        "itemListElement",
                        "offers",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=25,
    )
)
@settings(deadline=None, max_examples=150)
def test_any_json_ld_gives_a_reading(value: Any) -> None:
    block = json.dumps([{"@type": "Event", "name": "Café", **(value if isinstance(value, dict) else {"about": value})}])
    body = f'<script type="application/ld+json">{block.replace("</", "")}</script><main><h1>Café deuil</h1><p>{"Un café pour parler. " * 6}</p></main>'
    check(read(page(body), SOURCE))


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 100_000,
        b"<b>" * 100_000 + b"x",
        b"<table><tr><td>" * 30_000,
        b"<p>" * 300_000,
        b"<" * 1_000_000,
        b"<!--" * 200_000,
        b"&" * 500_000,
        b'<a href="' * 100_000,
        b"<p>" + b"1 mars " * 60_000,
        b"<p>" + b"a" * 3_000_000,
        b"<p>" + b"12.12." * 100_000,
        b"<p>" + b"tous les mardis et " * 20_000,
        b"<p>" + b"02 " * 100_000,
        b"<p>Contact : " + b"A" * 200_000,
        b"<h1>x</h1><p>" + b"Aa Bb " * 60_000,
        b"<p>" + b"@a." * 150_000,
        b"<p>rue " * 40_000,
        b'<script type="application/ld+json">' + b"[" * 200_000,
    ],
    ids=lambda body: body[:14].decode("latin-1"),
)
@pytest.mark.timeout(60)
def test_hostile_pages_end_in_a_reading(body: bytes) -> None:
    check(read(page(body), SOURCE))


def test_nesting_is_refused_only_beyond_what_pages_have() -> None:
    assert parse(b"<div>" * (MAX_NESTING - 10) + b"text" + b"</div>" * (MAX_NESTING - 10)) is not None
    assert parse(b"<div>" * (MAX_NESTING + 10) + b"text") is None
    assert parse(b"<p>text" * 2000 + b"<li>text" * 2000) is not None, "elements that close themselves do not nest"


@settings(deadline=None)
@given(st.lists(PIECES, min_size=3, max_size=40).map("".join))
def test_a_css_path_leads_back_to_its_element(body: str) -> None:
    root = parse(body.encode("utf-8", "replace"))
    if root is None:
        return
    for node in list(root.iter("p", "div", "h1", "td", "li"))[:20]:
        assert node in root.cssselect(css_path(node))


@pytest.mark.parametrize(
    "block",
    [
        '{"@type": "Event", "name": "Café",}',
        '<!-- {"@type": "Event", "name": "Café"} -->',
        '//<![CDATA[\n{"@type": "Event", "name": "Café"}\n//]]>',
        '{"@type": "Event", "name": "Café"}{"@type": "Event", "name": "Thé"}',
        '{"@type": "Event", "name": "Café", "description": "ligne\nsuivante"}',
        '\ufeff{"@type": "Event", "name": "Café"};',
        "{&quot;@type&quot;: &quot;Event&quot;, &quot;name&quot;: &quot;Café&quot;}",
        '{"@type": "Event", "name": "Café", "location": {"@type": "Place", "na',
        '[{"@type": "Event", "name": "Café"},]',
        '{"@graph": [{"@type": ["Event", "Thing"], "name": "Café"}]}',
    ],
)
def test_a_damaged_block_still_says_its_name(block: str) -> None:
    root = parse(f'<html><script type="application/ld+json">{block}</script><p>text</p></html>'.encode())
    assert root is not None
    assert "Café" in [json_ld.text(item.get("name")) for item in json_ld.read_items(root)]


def test_one_lost_block_does_not_cost_the_others() -> None:
    blocks = ["{not json at all", '{"@type": "Event", "name": "Café"}']
    root = parse("".join(f'<script type="application/ld+json">{block}</script>' for block in blocks).encode())
    assert root is not None
    assert [json_ld.text(item["name"]) for item in json_ld.read_items(root)] == ["Café"]
