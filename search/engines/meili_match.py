"""What a text means on one index: asked of Meilisearch in a few calls of many small questions.

`text_queries` asks as it goes: how often is this word, does anything meet that need. Here a question without an
answer yet is noted, the likely answer is assumed, and the reading goes on; then all that was noted is asked in one
call, and the reading starts again, until nothing is missing. Two rounds do for most texts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from search.engine import FACETS
from search.engines import meili_filters as filters
from search.engines.meili_clauses import Clause, MeiliClauses
from search.engines.meili_client import Deadline, MeiliClient
from search.engines.meili_documents import document_id
from search.engines.meili_settings import field_attribute, union_attribute
from search.misconceptions import Lift
from search.plan import Plan
from search.relevance import ENOUGH_HITS
from search.semantics import Near
from search.spelling import allowed_distance
from search.text_queries import TextQueries, TextQuery

_ANY_WORDS = "title"  #: stands for the text fields, whose words are one attribute


class Lookups:
    """`text_queries.View`, and the words behind typos. `within`: the filters of the search."""

    def __init__(self, client: MeiliClient, uid: str, within: str, deadline: Deadline) -> None:
        self._client, self._uid, self._within, self._deadline = client, uid, within, deadline
        self.filtered = within != filters.ALWAYS
        self.documents = 1
        self._themes: dict[str, int] | None = None
        self._counts: dict[str, int] = {}
        self._typos: dict[str, tuple[str, ...]] = {}
        self._written: dict[str, str] = {}
        self._guessing = False
        self._missing_counts: dict[str, None] = {}
        self._missing_typos: dict[str, None] = {}

    def frequency(self, field: str, value: str) -> int:
        """See View. Assumed to be 1."""
        if field == "theme":
            return (self._themes or {}).get(value, 0)
        attribute = field if field in FACETS else field_attribute(field)
        return self._count(filters.is_in(attribute, [value]), 1)

    def is_written(self, form: str) -> bool:
        """See View. Assumed to be so: most words that are typed exist."""
        condition = filters.is_in(union_attribute(_ANY_WORDS), [form])
        self._written[form] = condition
        return self._count(condition, 1) > 0

    def is_met(self, query: Clause) -> bool:
        """See View. Assumed to be so."""
        return self._count(filters.all_of([query.condition, self._within]), 1) > 0

    def count(self, query: Clause) -> int:
        """See View. Assumed to be none from the first unknown one on, so that every level is asked for in one call."""
        condition = filters.all_of([query.condition, self._within])
        self._guessing |= condition != filters.NEVER and condition not in self._counts
        known = self._count(condition, 0)
        return 0 if self._guessing else known

    def typos(self, form: str, _distance: int) -> Sequence[str]:
        """Words that the server takes for near: more than are; the caller looks closer. Assumed to be none."""
        if not filters.can_be_said(form):
            return ()
        if form not in self._typos:
            self._missing_typos[form] = None
        return self._typos.get(form, ())

    def fetch(self) -> bool:
        """Ask for all that was missing, in one call and one a mistyped word; whether there was anything."""
        if not self._missing_counts and not self._missing_typos and self._themes is not None:
            return False
        conditions = list(self._missing_counts)
        whole = count_query(self._uid, filters.ALWAYS, ["theme"])
        answers = self._client.multi_search(
            [whole, *(count_query(self._uid, condition) for condition in conditions)], self._deadline
        )
        self.documents = max(total(answers[0]), 1)
        self._themes = answers[0].get("facetDistribution", {}).get("theme", {})
        self._counts |= {condition: total(answer) for condition, answer in zip(conditions, answers[1:], strict=True)}
        unknown = [form for form, condition in self._written.items() if self._counts.get(condition) == 0]
        for form in dict.fromkeys([*self._missing_typos, *unknown]):  # of a word nobody writes, this is asked next
            if form not in self._typos and allowed_distance(form) and filters.can_be_said(form):
                attribute = union_attribute(_ANY_WORDS)
                self._typos[form] = tuple(self._client.facet_values(self._uid, attribute, form, self._deadline))
        self._missing_counts, self._missing_typos, self._guessing = {}, {}, False
        return True

    def _count(self, condition: str, assumed: int) -> int:
        if condition == filters.NEVER:
            return 0
        if condition not in self._counts:
            self._missing_counts[condition] = None
        return self._counts.get(condition, assumed)


def read_text(
    plan: Plan, lookups: Lookups, lang: str, near: Near, lifted: Lift
) -> tuple[TextQueries[Clause], TextQuery[Clause]]:
    """The reading of a text, and what it finds. Raises EngineUnavailable."""
    while True:
        text_queries = TextQueries[Clause](plan, MeiliClauses(lookups.typos), lookups, lang, near, lifted)
        text = text_queries.best_way(ENOUGH_HITS)
        if not lookups.fetch():
            return text_queries, text


def inside(
    client: MeiliClient, uid: str, within: str, deadline: Deadline
) -> Callable[[Sequence[str]], Collection[str]] | None:
    """Tells which of some resources are within the filters; None where there are none. May raise EngineUnavailable."""
    if within == filters.ALWAYS:
        return None

    def ask(ids: Sequence[str]) -> Collection[str]:
        names = {document_id(id_): id_ for id_ in ids}
        condition = filters.all_of([filters.is_in("id", names), within])
        [answer] = client.multi_search([page_query(uid, condition, page=1, size=len(names), retrieve=["id"])], deadline)
        return [names[hit["id"]] for hit in answer["hits"]]

    return ask


def count_query(uid: str, condition: str, facets: Sequence[str] = ()) -> dict[str, Any]:
    """Asks how many documents a condition holds for, and the counts of facets among them."""
    return page_query(uid, condition, page=1, size=1, retrieve=["id"], facets=facets)


def page_query(
    uid: str,
    condition: str,
    *,
    page: int,
    size: int,
    retrieve: Sequence[str],
    sort: Sequence[str] = (),
    facets: Sequence[str] = (),
) -> dict[str, Any]:
    """A page with an exact total: `page` and `hitsPerPage` give one, `limit` and `offset` only an estimate."""
    query: dict[str, Any] = {
        "indexUid": uid,
        "q": "",
        "page": page,
        "hitsPerPage": size,
        "attributesToRetrieve": list(retrieve),
    }
    return _with(query, condition, sort, facets)


def slice_query(
    uid: str, condition: str, *, offset: int, limit: int, retrieve: Sequence[str], sort: Sequence[str]
) -> dict[str, Any]:
    """Hits from any place on; says nothing exact about how many there are."""
    query = {"indexUid": uid, "q": "", "offset": offset, "limit": limit, "attributesToRetrieve": list(retrieve)}
    return _with(query, condition, sort, ())


def total(answer: dict[str, Any]) -> int:
    """The exact total of an answer to `page_query`."""
    return int(answer["totalHits"])


def _with(query: dict[str, Any], condition: str, sort: Sequence[str], facets: Sequence[str]) -> dict[str, Any]:
    if condition != filters.ALWAYS:
        query["filter"] = condition
    if sort:
        query["sort"] = list(sort)
    if facets:
        query["facets"] = list(facets)
    return query
