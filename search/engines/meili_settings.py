"""How a Meilisearch index of Senne is set up: its attributes and settings, as data with their reasons.

The laws: our own analysis makes the words (`search.index_fields`), Meilisearch only stores, filters, counts and
sorts them. No query text is ever sent as `q`: its tokenizer, its ten-word limit, its typo rules and its stop words
do French and Dutch harm, and could not answer as the embedded engine does (docs/decisions/0002-two-engines.md).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from directory.taxonomy import LANGUAGES
from search.engine import FACETS
from search.errors import EngineUnavailable
from search.index_fields import fingerprint
from search.relevance import CONCEPT_WEIGHTS, FIELD_WEIGHTS, KIN_WEIGHTS

LAYOUT = 2  #: grows when these modules lay an index out differently
SUPPORTED = (1, 50)  #: this version and the later ones of the same major version

#: Kind of values → the fields that hold them.
UNIONS = {"words": tuple(FIELD_WEIGHTS), "kin": tuple(KIN_WEIGHTS), "concepts": tuple(CONCEPT_WEIGHTS)}

#: A value longer than this is cut, in the index and in filters alike: the server keeps 468 bytes of a value, and a
#: filter on more than 500 is a server error. No word of French or Dutch comes near.
MAX_VALUE = 100

#: More hits than any index has: page × size and exact totals must never be cut (default 1000).
_MAX_TOTAL_HITS = 100_000_000
#: More values than any facet has (default 100), and the most words a typo is looked up among.
MAX_FACET_VALUES = 1000


@cache
def layout_tag() -> str:
    """Part of every private attribute's name.

    An index that was built by other rules has other names; asking it for ours is an error, never a wrong answer.
    """
    return f"v{LAYOUT}{fingerprint()[:8]}"


def field_attribute(field: str) -> str:
    """The values of one field of `relevance`: how often each occurs there says what meeting it tells."""
    return f"{field}_{layout_tag()}"


def union_attribute(field: str) -> str:
    """The values of all fields of its kind (words, families, concepts): what decides whether a document is a hit."""
    kind = next(kind for kind, fields in UNIONS.items() if field in fields)
    return f"{kind}_{layout_tag()}"


def sort_attribute(name: str) -> str:
    """The attribute of a key of `index_fields.sort_fields`."""
    return f"by_{name}_{layout_tag()}"


@cache
def index_settings() -> dict[str, Any]:
    """What is sent to `PATCH /indexes/{uid}/settings`. Everything relied upon is named, whatever the default."""
    matching = [union_attribute(next(iter(fields))) for fields in UNIONS.values()]
    matching += [field_attribute(field) for fields in UNIONS.values() for field in fields]
    keys = [*(f"title_{language}" for language in LANGUAGES), "verified_on", "added"]
    return {
        # Nothing is searched by the server's own words; the smallest list keeps its word databases empty.
        "searchableAttributes": ["id"],
        # The short form: equality, prefixes and the search for values (typos) are all on.
        "filterableAttributes": ["id", *FACETS, *matching],
        "sortableAttributes": ["id", *map(sort_attribute, keys)],
        "displayedAttributes": ["*"],
        # `sort` comes first: with no `q` the others have nothing to say. The names are those of 1.50 (an older
        # server refuses "attributeRank", which is how a key that may not read the version finds out).
        "rankingRules": ["sort", "words", "typo", "proximity", "attributeRank", "wordPosition", "exactness"],
        "stopWords": [],  # case- and accent-sensitive there; ours are left out before
        "synonyms": {},  # exact words only there; ours are concepts
        "typoTolerance": {  # for the search for values; the same lengths as `search.spelling`
            "enabled": True,
            "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
            "disableOnWords": [],
            "disableOnAttributes": [],
        },
        "faceting": {"maxValuesPerFacet": MAX_FACET_VALUES, "sortFacetValuesBy": {"*": "count"}},
        "pagination": {"maxTotalHits": _MAX_TOTAL_HITS},
        "facetSearch": True,
        "proximityPrecision": "byAttribute",  # unused; the cheap one to index
        "prefixSearch": "disabled",  # likewise; prefixes are filters
    }


def refuse_unsupported(version: str) -> None:
    """Raises EngineUnavailable for a version before `SUPPORTED`, or of another major one."""
    found = re.match(r"(\d{1,6})\.(\d{1,6})", version, re.ASCII)
    numbers = (int(found[1]), int(found[2])) if found else (0, 0)
    if numbers < SUPPORTED or numbers[0] != SUPPORTED[0]:
        major, minor = SUPPORTED
        raise EngineUnavailable(
            f"Meilisearch {version} is not supported: Senne needs {major}.{minor} or a later {major}.x. "
            "Upgrade the server, or unset SENNE_MEILI_URL to use the embedded engine."
        )
