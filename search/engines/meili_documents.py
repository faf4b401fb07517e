"""Documents as Meilisearch holds them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from search.documents import Document, content_hash
from search.engines import meili_settings as settings
from search.index_fields import concept_fields, kin_fields, sort_fields, text_fields

CARD, FIELDS, HASH = "card", "fields", "hash"  #: names of attributes
#: Fields whose match makes a document worth ranking first where there are too many hits to rank all.
TELLING_FIELDS = ("title", "keywords", "organisations", "title_kin", "title_concepts")
_SAFE_ID = re.compile(r"[A-Za-z0-9-]{1,400}", re.ASCII)


def to_index(document: Document) -> dict[str, Any]:
    """The document as the server takes it.

    card: JSON text, so that nothing in it becomes a field of the index and it comes back byte for byte.
    fields: field of `relevance` → its values, for ranking.
    """
    fields = {**text_fields(document), **kin_fields(document), **concept_fields(document)}
    return {
        "id": document_id(document.id),
        CARD: json.dumps(document.card, ensure_ascii=False, separators=(",", ":")),
        FIELDS: {name: " ".join(_values([text])) for name, text in fields.items() if text},
        HASH: content_hash(document),
        **{facet: list(values) for facet, values in document.facets.items()},
        **{settings.field_attribute(name): _values([text]) for name, text in fields.items()},
        **{
            settings.union_attribute(names[0]): _values(fields[name] for name in names)
            for names in settings.UNIONS.values()
        },
        **{settings.sort_attribute(name): key for name, key in sort_fields(document).items()},
    }


def document_id(resource_id: str) -> str:
    """The id under which the server takes a resource: its own, or a digest of one that the server would refuse.

    Source: the server's "invalid_document_id". An underscore is in no id of ours, so the two cannot meet.
    """
    if _SAFE_ID.fullmatch(resource_id):
        return resource_id
    return "id_" + hashlib.sha256(resource_id.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def read_card(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """The card of a found document."""
    card: Mapping[str, Any] = json.loads(found[CARD])
    return card


def _values(texts: Iterable[str]) -> list[str]:
    """The distinct forms, cut as filters are."""
    return sorted({form[: settings.MAX_VALUE] for text in texts for form in text.split()})
