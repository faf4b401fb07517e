"""Marks in titles and summaries: the same whatever the engine, and never a way for HTML to get in."""

from __future__ import annotations

import re
from html import unescape

import pytest

from search.engine import Query, SearchEngine
from tests.contracts.samples import documents, ids, resource


@pytest.mark.parametrize(
    "text", ["pspa", "rouw", "vacination", "sante mental", "l’écoute", "<script>", "soins & santé"]
)
def test_highlights_keep_the_text_and_escape_it(engine: SearchEngine, text: str) -> None:
    for hit in engine.search(Query(text=text)).hits:
        for name, marked in hit.highlight.items():
            plain = unescape(re.sub(r"</?mark>", "", marked))
            assert plain in hit.card[name].values()
            assert not re.search(r"<(?!/?mark>)", marked)


@pytest.mark.parametrize(
    ("text", "title", "marked"),
    [
        ("sante", "Santé mentale", "<mark>Santé</mark> mentale"),
        ("vacination", "La vaccination", "La <mark>vaccination</mark>"),
        ("palli", "Soins palliatifs", "Soins <mark>palliatifs</mark>"),
        ("rouw", "Groupe de deuil", "Groupe de <mark>deuil</mark>"),
        ("ecoute", "L’écoute <b>", "L’<mark>écoute</mark> &lt;b&gt;"),
    ],
)
def test_highlights_survive_accents_prefixes_typos_and_synonyms(
    own_engine: SearchEngine, text: str, title: str, marked: str
) -> None:
    own_engine.update([resource("marquee", title={"fr": title}), resource("autre")])
    assert own_engine.search(Query(text=text)).hits[0].highlight["title"] == marked


def test_html_in_an_entry_comes_out_as_text(own_engine: SearchEngine) -> None:
    own_engine.update([resource("hostile", title={"fr": "<script>alert('deuil')</script>"},
                                summary={"fr": '<img src=x onerror="deuil()"> \ue000deuil\ue001 <mark>deuil'})])  # fmt: skip
    [hit] = own_engine.search(Query(text="deuil")).hits
    assert not re.search(r"<(?!/?mark>)", "".join(hit.highlight.values()))
    assert "&lt;mark&gt;" in hit.highlight["summary"]


def test_a_hit_is_shown_in_the_reader_s_language_or_the_one_there_is(own_engine: SearchEngine) -> None:
    own_engine.update([resource("double", title={"fr": "Le deuil", "nl": "De rouw"}, summary={"fr": "Résumé."})])
    hit = own_engine.search(Query(text="rouw", lang="nl")).hits[0]
    assert hit.highlight == {"title": "De <mark>rouw</mark>", "summary": "Résumé."}


def test_a_card_comes_back_as_it_went_in(engine: SearchEngine) -> None:
    cards = {document.id: document.card for document in documents()}
    for page in (1, 2, 3):
        hits = engine.search(Query(page=page, per_page=100))
        assert [hit.card for hit in hits.hits] == [cards[id_] for id_ in ids(hits)]
