"""The embedded index: its schema, and documents in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import tantivy

from directory.taxonomy import LANGUAGES
from directory.text import Word
from search.documents import Document, content_hash
from search.engine import FACETS
from search.index_fields import concept_fields, fingerprint, kin_fields, sort_fields, text_fields
from search.kept_words import keep, unpack
from search.relevance import CONCEPT_WEIGHTS, FIELD_WEIGHTS, KIN_WEIGHTS

LAYOUT = 4  #: grows when this module lays an index out differently

_WORDS = "words"  #: our forms come joined by spaces, ready to be indexed


@cache
def schema() -> Any:
    """The fields. Names of sort fields start with `by_`."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("card", "words", "hash"):  # as text they would be indexed too
        builder.add_bytes_field(name, stored=True, indexed=False)
    for name in (*FIELD_WEIGHTS, *CONCEPT_WEIGHTS, *KIN_WEIGHTS):
        builder.add_text_field(name, tokenizer_name=_WORDS, index_option="freq")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in (*(f"title_{language}" for language in LANGUAGES), "verified_on", "added"):
        builder.add_text_field(f"by_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def register_tokenizers(index: Any) -> None:
    """Tokenizers are not kept with an index: whoever opens one registers them."""
    index.register_tokenizer(_WORDS, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def layout_name() -> str:
    """What a generation's name starts with; another one means an index that this version cannot trust."""
    return f"v{LAYOUT}-{fingerprint()}"


def to_index(document: Document) -> Any:
    """The document as the index takes it."""
    entry = tantivy.Document()
    entry.add_text("id", document.id)
    entry.add_bytes("card", json.dumps(document.card, ensure_ascii=False, separators=(",", ":")).encode())
    entry.add_bytes("words", keep(document.card))
    entry.add_bytes("hash", content_hash(document).encode())
    for name, text in {**text_fields(document), **concept_fields(document), **kin_fields(document)}.items():
        if text:
            entry.add_text(name, text)
    for facet, values in document.facets.items():
        for value in values:
            entry.add_text(facet, value)
    for name, key in sort_fields(document).items():
        entry.add_text(f"by_{name}", key)
    return entry


def read_card(entry: Any) -> Mapping[str, Any]:
    """The card of a found document."""
    card: Mapping[str, Any] = json.loads(entry.get_first("card"))
    return card


def read_hash(entry: Any) -> str:
    """`documents.content_hash` of a found document."""
    return bytes(entry.get_first("hash")).decode()


class KeptWords:
    """The words of a found document's texts."""

    def __init__(self, entry: Any) -> None:
        self._kept = json.loads(entry.get_first("words"))

    def of(self, name: str, language: str, text: str) -> list[Word]:
        """`analysis.raw_words` of its text under a field of `kept_words.SHOWN`."""
        return unpack(text, self._kept[name][language])
