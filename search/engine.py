"""What a search is, what it answers, and what every engine promises."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from search.documents import Document

FACETS = ("basin", "theme", "type", "language", "audience", "cost")
SORTS = ("relevance", "title", "verified_on", "added")


@dataclass(frozen=True, kw_only=True)
class Query:
    """A search. Values of one facet mean "any of", facets together "all of".

    basins: terms of the basin list. Asking for a basin returns what is offered there and what is regional,
    local first as a hard tier; `local_only` leaves the regional out.
    sort "relevance" means by title where `text` is empty. Pages count from 1.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: facet → values
    local_only: bool = False
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20
    lang: str = "fr"  #: the reader's: for highlights and the order of titles
    misconceptions: tuple[str, ...] = ()  #: ids of those the text says; the tools they name are lifted

    def values(self, facet: str) -> tuple[str, ...]:
        """The values asked for in a facet; empty means all."""
        return self.filters.get(facet, ())


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A resource found. `card` is its outside shape, cut to what a result shows (`documents.CARD_FIELDS`).

    highlight: {"title": html, "summary": html} in the language shown to the reader, HTML-escaped, the
    matching parts in <mark>.
    """

    id: str
    card: Mapping[str, Any]
    highlight: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Hits:
    """`total` counts all pages; `local` those of them that are not regional; `facets`: facet → value → count.

    degraded: a simpler engine answered, because the one that should is away.
    """

    total: int
    local: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    degraded: bool = False


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A completion. `kind`: resource, concept or organisation; `id` is the resource's or the concept's."""

    text: str
    kind: str
    id: str | None = None


@dataclass(frozen=True, kw_only=True)
class IndexStatus:
    """`documents` searchable now, in the index generation named `generation`."""

    documents: int
    generation: str


class DerivedIndex(Protocol):
    """What follows the catalogue and can be dropped and rebuilt at any time.

    Any method may raise EngineUnavailable. One process at a time may write (`update`, `rebuild`): the
    indexer's lock sees to it.
    """

    @property
    def name(self) -> str:
        """Under which it follows the outbox."""

    def update(self, documents: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        """Add or replace by id, delete by id (unknown ids are ignored). Searchable and durable on return."""

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Fill a fresh index with exactly these and switch to it in one step. On an error the old one stays."""

    def status(self) -> IndexStatus:
        """How the index stands. Raises EngineUnavailable where there is none."""

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """Id and `documents.content_hash` of every document in the index, in no order: for the nightly audit."""


class SearchEngine(DerivedIndex, Protocol):
    """A derived index that answers searches. Safe from any thread and process, also during a write or a rebuild."""

    def search(self, query: Query) -> Hits:
        """A page of hits. Equal scores keep one order across pages; a page past the end is empty.

        `facets` counts every facet of FACETS, each ignoring its own selection; a value with count 0 is
        there only while it is selected. The basin facet counts the entries that carry the term.
        """

    def suggest(
        self, prefix: str, *, basins: Collection[str] = (), lang: str = "fr", limit: int = 8
    ) -> list[Suggestion]:
        """Completions of what is being typed, best first, of resources in (or regional to) `basins`."""
