"""The embedded engine: an index in the data folder, with nothing to install.

Documents are kept by tantivy; what is searched are arrays beside them (`postings`, `columns`), in which a search is a
matter of adding up (docs/decisions/0006). One process writes (the holder of the indexer's lock), any number read.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from tantivy import Query as T

from directory.taxonomy import REGION, pick_language
from search.documents import Document
from search.engine import Hit, Hits, IndexStatus, Query, Suggestion
from search.engines import embedded_clauses as clauses
from search.engines import embedded_queries as queries
from search.engines.columns import Columns
from search.engines.embedded_fields import layout_name, read_hash, schema, to_change, to_gone, to_index
from search.engines.embedded_filters import Filters
from search.engines.embedded_reader import (
    Reader,
    State,
    all_arrays,
    arrays_folder,
    last_change,
    newest_arrays,
    open_index,
)
from search.engines.generations import Generations
from search.engines.postings import Collected, Numbers, Postings, entry_of
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
_SUGGESTED_FROM = 4  #: entries looked at for each suggestion shown
_REMEMBERED = 256  #: answers, of about 40 kB each
_REMEMBERED_SUGGESTIONS = 2048  #: of about 2 kB; readers begin with the same few letters
#: Changes beside the arrays, from which on new arrays are written: so many, or this share of all documents.
_MANY_CHANGES, _SHARE_OF_CHANGES = 2000, 0.1


class EmbeddedEngine:
    """`SearchEngine` on a folder."""

    def __init__(self, folder: Path, semantics: Semantics | None = None) -> None:
        self._semantics = semantics
        self._generations = Generations(folder, layout_name())
        self._reader = Reader(self._generations)
        self._answers = Remembered[Hits](_REMEMBERED)
        self._suggestions = Remembered[list[Suggestion]](_REMEMBERED_SUGGESTIONS)

    @property
    def name(self) -> str:
        """Under which this folder follows the outbox."""
        return self._generations.identity()

    def search(self, query: Query) -> Hits:
        """See SearchEngine. Raises EngineUnavailable."""
        state = self._reader.state()
        near = NOTHING_NEAR
        if self._semantics and query.text:
            within = Filters(state.columns, query).within
            near = weigh(self._semantics.nearness(query.text, query.lang), queries.inside(state.columns, within))
        return self._answers.recall(state, (_key(query), near), lambda: _search(state, query, near))

    def suggest(
        self, prefix: str, *, basins: Collection[str] = (), lang: str = "fr", limit: int = 8
    ) -> list[Suggestion]:
        """See SearchEngine. Words only, no facets, no counting: an answer before the next key."""
        typed = typed_words(prefix)
        if not typed:
            return []
        state = self._reader.state()
        question = (prefix, tuple(basins), lang, limit)
        return list(self._suggestions.recall(state, question, lambda: _suggest(state, typed, *question)))

    def update(self, documents: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        """See SearchEngine. Raises EngineUnavailable where there is no index to update, IndexDamaged."""
        generation = self._generations.current()
        if generation is None:
            raise EngineUnavailable("There is no search index yet.")
        index = open_index(generation)
        change = last_change(index.searcher()) + 1
        changed = {document.id: to_change(document, change) for document in documents}
        gone = set(deleted) - changed.keys()
        try:
            with _writer(index) as writer:
                for id_ in (*gone, *changed):
                    writer.delete_documents_by_term("id", id_)
                    writer.delete_documents_by_term("gone", id_)
                for kept in (*changed.values(), *(to_gone(id_, change) for id_ in sorted(gone))):
                    writer.add_document(kept)
        except ValueError as error:  # such as the file of a commit that a kill cut off, whose name is taken for ever
            raise IndexDamaged(f"The search index cannot be written any more: {error}") from error
        self._write_arrays_anew(generation)

    def _write_arrays_anew(self, generation: Path) -> None:
        """Once many changes lie beside the arrays. Of older arrays the last ones stay: a reader may be opening them."""
        state = self._reader.state()
        if state.generation != generation or state.columns.added < max(
            _MANY_CHANGES, _SHARE_OF_CHANGES * state.columns.documents
        ):
            return
        state.columns.write(arrays_folder(generation, state.change))
        for arrays in all_arrays(generation)[:-2]:
            shutil.rmtree(arrays, ignore_errors=True)

    def rebuild(self, documents: Iterable[Document]) -> None:
        """See SearchEngine."""
        generation = self._generations.create()
        index = tantivy.Index(schema(), path=str(generation))
        entries = Collected()
        with _writer(index) as writer:
            for document in documents:
                writer.add_document(to_index(document))
                entries.add(entry_of(document))
        entries.write(arrays_folder(generation, 0))
        self._generations.switch_to(generation)

    def status(self) -> IndexStatus:
        """See SearchEngine."""
        state = self._reader.state()
        return IndexStatus(documents=state.columns.documents, generation=state.generation.name)

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """See SearchEngine."""
        searcher = self._reader.state().searcher
        for _score, address in searcher.search(T.all_query(), limit=max(1, searcher.num_docs)).hits:
            kept = searcher.doc(address)
            if id_ := kept.get_first("id"):
                yield id_, read_hash(kept)

    def set_aside_broken(self) -> bool:
        """Take the present generation out of use if it cannot be opened; whether that was so."""
        generation = self._generations.current()
        if generation is None:
            return False
        try:
            Reader(self._generations).state()
            Postings(newest_arrays(generation)).verify()
        except (EngineUnavailable, ValueError, OSError, EOFError):
            self._generations.set_aside(generation)
            return True
        return False


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


def _search(state: State, query: Query, near: Near) -> Hits:
    plan = make_plan(query.text)
    filters = Filters(state.columns, query)
    text = _text_query(plan, state.columns, query, filters, near)
    slots, totals = _page(state.columns, text, filters, query)
    return Hits(
        total=sum(totals),
        local=totals[0],
        hits=tuple(_hits(state, slots, plan, query.lang)),
        facets=filters.count(text.found.hits),
    )


def _text_query(plan: Plan, columns: Columns, query: Query, filters: Filters, near: Near) -> TextQuery[clauses.Clause]:
    """The strictest query that finds enough within the filters; the loosest where none does."""
    if not plan.needs:
        everything = clauses.nothing(columns) if query.text else clauses.everything(columns)
        return TextQuery(everything, everything)
    lifted = lift(query.misconceptions)
    return queries.text_query(plan, columns, query.lang, filters.within, near, lifted, enough=ENOUGH_HITS)


def _page(
    columns: Columns, text: TextQuery[clauses.Clause], filters: Filters, query: Query
) -> tuple[list[int], list[int]]:
    """The slots of one page over all tiers, and each tier's total."""
    in_order = _in_order(columns, text, query)
    found = text.found.hits & (columns.alive if filters.within is None else filters.within)
    skip, missing = (query.page - 1) * query.per_page, query.per_page
    page: list[int] = []
    totals: list[int] = []
    for tier in filters.tiers():
        slots = np.flatnonzero(found if tier is None else found & tier)
        totals.append(len(slots))
        if missing and skip < len(slots):
            taken = in_order(slots, skip + missing)[skip:]
            page += taken
            missing -= len(taken)
        skip = max(0, skip - len(slots))
    return page, totals


def _in_order(columns: Columns, text: TextQuery[clauses.Clause], query: Query) -> Callable[[Numbers, int], list[int]]:
    """Gives the first so many of some slots, in the order asked for."""
    if query.sort == "relevance" and query.text:
        return lambda slots, count: [slot for _worth, slot in clauses.best(text.ordered, slots, count)]
    rank = columns.rank(query.sort if query.sort in {"verified_on", "added"} else f"title_{query.lang}")
    return lambda slots, count: clauses.first(rank, slots, count)


def _hits(state: State, slots: Sequence[int], plan: Plan, lang: str) -> Iterator[Hit]:
    highlighter = Highlighter(plan)
    for slot in slots:
        shown = state.shown(slot)
        card: Mapping[str, Any] = shown.card
        languages = {name: pick_language(card[name], lang) for name in SHOWN}
        highlight = {
            name: highlighter.mark(card[name][language], shown.words(name, language))
            for name, language in languages.items()
            if language
        }
        yield Hit(id=card["id"], card=card, highlight=highlight)


def _suggest(
    state: State, typed: Sequence[str], prefix: str, basins: Sequence[str], lang: str, limit: int
) -> list[Suggestion]:
    columns = state.columns
    within = columns.alive
    if basins:
        within = within & columns.any_value("basin", tuple(sorted({*basins, REGION})))
    going_on = queries.beginning(columns, typed)
    found = clauses.best(going_on, np.flatnonzero(going_on.hits & within), _SUGGESTED_FROM * limit)
    cards = [state.shown(slot).card for _worth, slot in found]
    concepts = [
        concept
        for concept in concepts_beginning(prefix, lang)
        if concept.id and (queries.means(columns, concept.id).hits & within).any()
    ]
    return arrange(prefix, cards, concepts, lang, limit)


def _key(query: Query) -> tuple[Any, ...]:
    """What makes two queries one."""
    filters = tuple(sorted((facet, tuple(values)) for facet, values in query.filters.items()))
    rest = (query.local_only, query.sort, query.page, query.per_page, query.lang, query.misconceptions)
    return (query.text, filters, *rest)
