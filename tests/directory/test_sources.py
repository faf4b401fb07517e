"""The sites that the crawler may visit."""

from __future__ import annotations

from typing import Any

import pytest

from directory import sources
from directory.database import Database
from directory.errors import InvalidSource, SourceExists, SourceNotFound
from tests.directory.samples import at_once

SITE = {"name": "asbl", "start_urls": ["https://asbl.example/"], "allow": ["https://asbl.example/fr/*"]}
WHOLE = {
    **SITE,
    "basins": ["nord"],
    "language": "fr",
    "max_pages": 10,
    "delay_s": 0.0,
    "allow_private": True,
}


def add(database: Database, source: dict[str, Any], **options: bool) -> dict[str, Any]:
    with database.write() as session:
        return sources.add_source(session, source, **options)


def test_a_source_is_kept_as_it_was_given(database: Database) -> None:
    add(database, WHOLE)
    with database.read() as session:
        assert sources.get_source(session, "asbl") == WHOLE
        assert sources.list_sources(session) == [{**WHOLE, "enabled": True}]


def test_what_is_left_out_takes_its_default() -> None:
    assert sources.load_source({"name": "asbl", "start_urls": ["https://asbl.example/"]}) == {
        "name": "asbl",
        "start_urls": ["https://asbl.example/"],
        "allow": [],
        "basins": [],
        "language": None,
        "max_pages": 200,
        "delay_s": 2.0,
        "allow_private": False,
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "name: is empty"),
        ({"start_urls": []}, "start_urls: needs one address."),
        ({"start_urls": ["asbl.example"]}, "start_urls.0: 'asbl.example' is not a web address"),
        ({"allow": ["*"]}, "allow.0: '*' is no address pattern such as 'https://host/path*'."),
        ({"allow": ["https://a.example/*", "http://["]}, "allow.1: 'http://[' is no address pattern"),
        ({"allow": ["https://a.example/\ud800"]}, "is no address pattern"),
        ({"basins": ["ouest"]}, "basins.0: 'ouest' is not a known basin."),
        ({"max_pages": 0}, "max_pages: Must be"),
        ({"max_pages": True}, "max_pages: is not a whole number."),
        ({"delay_s": -1}, "delay_s: Must be"),
        ({"delay_s": float("inf")}, "delay_s: "),
        ({"allow_private": "no"}, "allow_private: is neither true nor false."),
        ({"start_url": "https://a.example"}, "start_url: is not a field of this shape"),
    ],
)
def test_a_wrong_source_is_answered_with_where_and_what(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidSource) as invalid:
        sources.load_source({**SITE, **change})
    assert message in str(invalid.value)


@pytest.mark.parametrize("data", [None, [], "https://asbl.example"])
def test_what_is_no_object_is_refused(data: Any) -> None:
    with pytest.raises(InvalidSource, match="is not a JSON object"):
        sources.load_source(data)


def test_a_name_is_given_once_even_at_once(database: Database) -> None:
    results = at_once(*[lambda: add(database, SITE)] * 3)
    assert sorted(type(result).__name__ for result in results) == ["SourceExists", "SourceExists", "dict"], results
    with pytest.raises(SourceExists):
        add(database, SITE)


def test_sources_are_listed_by_name_and_can_be_left_out(database: Database) -> None:
    add(database, {**SITE, "name": "b"}, enabled=False)
    add(database, {**SITE, "name": "a"})
    with database.read() as session:
        assert [source["name"] for source in sources.list_sources(session)] == ["a", "b"]
        assert [source["name"] for source in sources.list_sources(session, enabled_only=True)] == ["a"]


def test_a_removed_source_is_gone(database: Database) -> None:
    add(database, SITE)
    with database.write() as session:
        sources.remove_source(session, "asbl")
    with database.write() as session:
        with pytest.raises(SourceNotFound):
            sources.get_source(session, "asbl")
        with pytest.raises(SourceNotFound):
            sources.remove_source(session, "asbl")
