"""What a user would set up instead: SQLite FTS5 over the same entries, any word of the query, with prefixes.

Accents are folded (unicode61 remove_diacritics 2), ranking is bm25 with a title worth more than a summary. Beside
Senne in `senne evaluate --baseline` and in bench/search/latency.py: the same judgements, filters and facets.
"""

# ruff: noqa: S608 - nothing but question marks and fixed clauses enters the SQL
from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from search.documents import Document
from search.engine import FACETS
from search.evaluation import Judgement, Ranking

_TITLE, _SUMMARY, _OTHER = 5.0, 2.0, 1.0  #: bm25 weights


class Fts5Baseline:
    """An FTS5 table in memory (or in `path`), with one row a facet value beside it."""

    def __init__(self, documents: Iterable[Document], path: str = ":memory:") -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute("PRAGMA journal_mode = OFF")
        self.connection.execute(
            "CREATE VIRTUAL TABLE entry USING fts5(id UNINDEXED, title, summary, other,"
            " tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
        )
        self.connection.execute("CREATE TABLE facet (entry INTEGER, name TEXT, value TEXT)")
        for number, document in enumerate(documents, start=1):
            other = [*document.description.values(), *document.organisations, *document.keywords]
            self.connection.execute(
                "INSERT INTO entry (rowid, id, title, summary, other) VALUES (?, ?, ?, ?, ?)",
                (
                    number,
                    document.id,
                    *(" ".join(texts) for texts in (document.title.values(), document.summary.values(), other)),
                ),
            )
            self.connection.executemany(
                "INSERT INTO facet VALUES (?, ?, ?)",
                [(number, name, value) for name, values in document.facets.items() for value in values],
            )
        self.connection.execute("CREATE INDEX by_value ON facet (name, value, entry)")
        self.connection.execute("CREATE INDEX by_entry ON facet (entry, name, value)")
        self.connection.execute("ANALYZE")
        self.connection.commit()

    @classmethod
    def open(cls, path: str) -> Self:
        """One that was built in `path` before."""
        baseline = cls.__new__(cls)
        baseline.connection = sqlite3.connect(path)
        return baseline

    def search(
        self, text: str, filters: Mapping[str, Sequence[str]] | None = None, limit: int = 10
    ) -> tuple[list[str], int]:
        """Ids of the best entries, and how many match."""
        match = _any_word(text)
        if not match:
            return [], 0
        where, values = _filter_clause(filters or {})
        rows = self.connection.execute(
            f"SELECT id FROM entry WHERE entry MATCH ? {where} ORDER BY bm25(entry, 0, ?, ?, ?), id LIMIT ?",
            (match, *values, _TITLE, _SUMMARY, _OTHER, limit),
        ).fetchall()
        total = self.connection.execute(f"SELECT count(*) FROM entry WHERE entry MATCH ? {where}", (match, *values))
        return [row[0] for row in rows], total.fetchone()[0]

    def facets(self, text: str, filters: Mapping[str, Sequence[str]] | None = None) -> dict[str, dict[str, int]]:
        """Counts of every facet among what matches."""
        where, values = _filter_clause(filters or {})
        counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
        rows = self.connection.execute(
            "SELECT name, value, count(*) FROM facet WHERE entry IN"
            f" (SELECT rowid FROM entry WHERE entry MATCH ? {where}) GROUP BY name, value",
            (_any_word(text), *values),
        )
        for name, value, count in rows:
            counts[name][value] = count
        return counts

    def rank(self, judgement: Judgement) -> Ranking:
        """For `search.evaluation.evaluate`; a basin lets regional entries through, as it does in Senne."""
        filters = {facet: list(values) for facet, values in judgement.filters.items()}
        if "basin" in filters:
            filters["basin"].append("region")
        ids, total = self.search(judgement.query, filters)
        return Ranking(ids, total)


def _any_word(text: str) -> str:
    return " OR ".join(f'"{word}"*' for word in re.findall(r"\w+", text))


def _filter_clause(filters: Mapping[str, Sequence[str]]) -> tuple[str, list[str]]:
    clauses, values = [], []
    for facet, wanted in filters.items():
        marks = ", ".join("?" * len(wanted))
        clauses.append(f"AND rowid IN (SELECT entry FROM facet WHERE name = ? AND value IN ({marks}))")
        values += [facet, *wanted]
    return " ".join(clauses), values
