"""The embedded engine's documents as tantivy keeps them: by id, with what a search shows, and the changes since the
arrays were written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import tantivy

from directory.text import Word
from search.documents import Document, content_hash
from search.engines.postings import Entry, entry_of
from search.index_fields import fingerprint
from search.kept_words import keep, unpack

LAYOUT = 5  #: grows when an index is laid out differently, here or in `postings`


@cache
def schema() -> Any:
    """The fields. `change` numbers the commits that changed something; `gone` is the id of a document that is no more."""
    builder = tantivy.SchemaBuilder()
    for name in ("id", "gone"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("card", "words", "hash", "entry"):  # as text they would be indexed too
        builder.add_bytes_field(name, stored=True, indexed=False)
    builder.add_unsigned_field("change", indexed=True, fast=True)
    return builder.build()


def layout_name() -> str:
    """What a generation's name starts with; another one means an index that this version cannot trust."""
    return f"v{LAYOUT}-{fingerprint()}"


def to_index(document: Document) -> Any:
    """The document as the index takes it."""
    kept = tantivy.Document()
    kept.add_text("id", document.id)
    kept.add_bytes("card", json.dumps(document.card, ensure_ascii=False, separators=(",", ":")).encode())
    kept.add_bytes("words", keep(document.card))
    kept.add_bytes("hash", content_hash(document).encode())
    return kept


def to_change(document: Document, change: int) -> Any:
    """The same for one that comes after the arrays were written."""
    kept = to_index(document)
    entry = entry_of(document)
    kept.add_bytes("entry", json.dumps([entry.keys, entry.orders], ensure_ascii=False).encode())
    kept.add_unsigned("change", change)
    return kept


def to_gone(id_: str, change: int) -> Any:
    """What is left of a document that is no more."""
    kept = tantivy.Document()
    kept.add_text("gone", id_)
    kept.add_unsigned("change", change)
    return kept


def read_entry(kept: Any) -> Entry:
    """The entry of a changed document."""
    keys, orders = json.loads(kept.get_first("entry"))
    return Entry(kept.get_first("id"), keys, orders)


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
