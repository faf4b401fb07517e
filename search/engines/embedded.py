"""The embedded engine: a tantivy index in the data folder, with nothing to install.

One process writes (the holder of the indexer's lock), any number read. A reader looks at two small files before
each search and so sees every commit and every switch of generation at once.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import tantivy

from directory.taxonomy import REGION, pick_language
from search.documents import Document
from search.engine import Hit, Hits, IndexStatus, Query, Suggestion
from search.engines import embedded_queries as queries
from search.engines.embedded_fields import (
    KeptWords,
    layout_name,
    read_card,
    read_hash,
    register_tokenizers,
    schema,
    to_index,
)
from search.engines.embedded_filters import count_facets, facet_filters, tier_union, tiers
from search.engines.generations import Generations
from search.engines.remembered import Remembered
from search.errors import EngineUnavailable, IndexDamaged
from search.highlight import Highlighter
from search.kept_words import SHOWN
from search.misconceptions import lift
from search.plan import Plan, make_plan
from search.relevance import ENOUGH_HITS
from search.semantics import NOTHING_NEAR, Near, Semantics, weigh
from search.suggestions import arrange, concepts_beginning, typed_words
from search.text_queries import TextQuery

_HEAP_BYTES = 50_000_000  #: of the writer, which has one thread
_COMMIT_EVERY = 20_000  #: documents, in a rebuild
_SUGGESTED_FROM = 4  #: entries looked at for each suggestion shown
_REMEMBERED = 256  #: answers, of about 40 kB each
_REMEMBERED_SUGGESTIONS = 2048  #: of about 2 kB; readers begin with the same few letters


class EmbeddedEngine:
    """`SearchEngine` on a folder."""

    def __init__(self, folder: Path, semantics: Semantics | None = None) -> None:
        self._semantics = semantics
        self._generations = Generations(folder, layout_name())
        self._lock = threading.Lock()
        self._answers = Remembered[Hits](_REMEMBERED)
        self._suggestions = Remembered[list[Suggestion]](_REMEMBERED_SUGGESTIONS)
        self._open: tuple[Any, Any, Any] | None = None  #: (states of pointer and commit, index, searcher)

    @property
    def name(self) -> str:
        """Under which this folder follows the outbox."""
        return self._generations.identity()

    def search(self, query: Query) -> Hits:
        """See SearchEngine. Raises EngineUnavailable."""
        searcher = self._searcher()
        near = NOTHING_NEAR
        if self._semantics and query.text:
            within = [*facet_filters(query), *tier_union(query)]
            near = weigh(self._semantics.nearness(query.text, query.lang), queries.inside(searcher, within))
        return self._answers.recall(searcher, (_key(query), near), lambda: self._search(searcher, query, near))

    def _search(self, searcher: Any, query: Query, near: Near) -> Hits:
        plan = make_plan(query.text)
        text = _text_query(plan, searcher, query, near)
        wanted = facet_filters(query)
        found, totals = _page(searcher, [[text.ordered, *wanted, *tier] for tier in tiers(query)], query)
        return Hits(
            total=sum(totals),
            local=totals[0],
            hits=tuple(_hits(searcher, found, plan, query.lang)),
            facets=count_facets(searcher, text.found, query),
        )

    def suggest(
        self, prefix: str, *, basins: Collection[str] = (), lang: str = "fr", limit: int = 8
    ) -> list[Suggestion]:
        """See SearchEngine. Words only, no facets, no counting: an answer before the next key."""
        typed = typed_words(prefix)
        if not typed:
            return []
        searcher = self._searcher()
        question = (prefix, tuple(basins), lang, limit)
        return list(self._suggestions.recall(searcher, question, lambda: self._suggest(searcher, typed, *question)))

    def _suggest(
        self, searcher: Any, typed: Sequence[str], prefix: str, basins: Sequence[str], lang: str, limit: int
    ) -> list[Suggestion]:
        filters = queries.filter_query({"basin": [*basins, REGION]}) if basins else []
        going_on = queries.all_of([queries.beginning(typed), *filters])
        found = searcher.search(going_on, limit=_SUGGESTED_FROM * limit, count=False).hits
        cards = [read_card(searcher.doc(address)) for _score, address in found]
        concepts = [
            concept
            for concept in concepts_beginning(prefix, lang)
            if concept.id and searcher.search(queries.all_of([queries.means(concept.id), *filters]), limit=1).count
        ]
        return arrange(prefix, cards, concepts, lang, limit)

    def update(self, documents: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        """See SearchEngine. Raises EngineUnavailable where there is no index to update, IndexDamaged."""
        generation = self._generations.current()
        if generation is None:
            raise EngineUnavailable("There is no search index yet.")
        entries = [(document.id, to_index(document)) for document in documents]
        index = _open_index(generation)
        try:
            with _writer(index) as writer:
                for resource_id in (*deleted, *(id_ for id_, _entry in entries)):
                    writer.delete_documents_by_term("id", resource_id)
                for _id, entry in entries:
                    writer.add_document(entry)
        except ValueError as error:  # such as the file of a commit that a kill cut off, whose name is taken for ever
            raise IndexDamaged(f"The search index cannot be written any more: {error}") from error

    def rebuild(self, documents: Iterable[Document]) -> None:
        """See SearchEngine."""
        generation = self._generations.create()
        index = tantivy.Index(schema(), path=str(generation))
        register_tokenizers(index)
        with _writer(index) as writer:
            for number, document in enumerate(documents, start=1):
                writer.add_document(to_index(document))
                if number % _COMMIT_EVERY == 0:
                    writer.commit()
        self._generations.switch_to(generation)

    def status(self) -> IndexStatus:
        """See SearchEngine."""
        searcher = self._searcher()
        generation = self._generations.current()
        return IndexStatus(documents=searcher.num_docs, generation=generation.name if generation else "")

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """See SearchEngine."""
        searcher = self._searcher()
        for _score, address in searcher.search(queries.match_all(), limit=max(1, searcher.num_docs)).hits:
            entry = searcher.doc(address)
            yield entry.get_first("id"), read_hash(entry)

    def set_aside_broken(self) -> bool:
        """Take the present generation out of use if it cannot be opened; whether that was so."""
        generation = self._generations.current()
        if generation is None:
            return False
        try:
            _open_index(generation).searcher()
        except EngineUnavailable:
            self._generations.set_aside(generation)
            return True
        return False

    def _searcher(self) -> Any:
        """A view of the newest commit; stays consistent while it is held."""
        pointer = self._generations.pointer_state()
        opened = self._open
        if opened and opened[0] == (pointer, _commit_state(opened[1][0])):
            return opened[2]
        with self._lock:
            generation = self._generations.current()
            if generation is None:
                raise EngineUnavailable("There is no search index yet; `senne init` builds it.")
            state = (pointer, _commit_state(generation))
            if self._open and self._open[1][0] == generation:
                index = self._open[1][1]
                index.reload()
            else:
                index = _open_index(generation)
            searcher = index.searcher()
            self._open = (state, (generation, index), searcher)
            return searcher


def _open_index(generation: Path) -> Any:
    try:
        index = tantivy.Index.open(str(generation))
        index.config_reader("manual")
        register_tokenizers(index)
        index.reload()
    except ValueError as error:
        raise EngineUnavailable(f"The search index cannot be read: {error}") from error
    return index


class _writer:
    """A writing session: everything is committed on leaving, nothing after an error."""

    def __init__(self, index: Any) -> None:
        self._index = index

    def __enter__(self) -> Any:
        try:
            self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        except ValueError as error:
            raise EngineUnavailable(f"The search index cannot be written now: {error}") from error
        return self._writer

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self._writer.commit()
        else:
            self._writer.rollback()
        self._writer.wait_merging_threads()


def _key(query: Query) -> tuple[Any, ...]:
    """What makes two queries one."""
    filters = tuple(sorted((facet, tuple(values)) for facet, values in query.filters.items()))
    rest = (query.local_only, query.sort, query.page, query.per_page, query.lang, query.misconceptions)
    return (query.text, filters, *rest)


def _commit_state(generation: Path) -> tuple[int, int] | None:
    try:
        state = (generation / "meta.json").stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns


def _text_query(plan: Plan, searcher: Any, query: Query, near: Near) -> TextQuery[Any]:
    """The strictest query that finds enough within the filters; the loosest where none does."""
    if not plan.needs:
        everything = queries.match_all() if not query.text else tantivy.Query.empty_query()
        return TextQuery(everything, everything)
    within = [*facet_filters(query), *tier_union(query)]
    lifted = lift(query.misconceptions)
    return queries.text_query(plan, searcher, query.lang, within, near, lifted, enough=ENOUGH_HITS)


def _page(searcher: Any, tiers: list[list[Any]], query: Query) -> tuple[list[Any], list[int]]:
    """The addresses of one page over all tiers, and each tier's total."""
    order: dict[str, Any] = {}
    if query.sort != "relevance" or not query.text:
        name = query.sort if query.sort in {"verified_on", "added"} else f"title_{query.lang}"
        order = {"order_by_field": f"by_{name}", "order": tantivy.Order.Asc}
    skip, missing = (query.page - 1) * query.per_page, query.per_page
    addresses: list[Any] = []
    totals: list[int] = []
    for tier in tiers:
        result = searcher.search(queries.all_of(tier), limit=max(1, missing), offset=skip, **order)
        totals.append(result.count)
        taken = [address for _key, address in result.hits][:missing]
        addresses += taken
        missing -= len(taken)
        skip = max(0, skip - result.count)
    return addresses, totals


def _hits(searcher: Any, addresses: list[Any], plan: Plan, lang: str) -> Iterable[Hit]:
    highlighter = Highlighter(plan)
    for address in addresses:
        entry = searcher.doc(address)
        card, kept = read_card(entry), KeptWords(entry)
        shown = {name: pick_language(card[name], lang) for name in SHOWN}
        highlight = {
            name: highlighter.mark(card[name][language], kept.of(name, language, card[name][language]))
            for name, language in shown.items()
            if language
        }
        yield Hit(id=card["id"], card=card, highlight=highlight)
