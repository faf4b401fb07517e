"""The outside shape of a resource: what it takes, what it refuses, and how it says so."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import records
from directory.errors import InvalidResource, flatten_messages
from directory.fields import BRUSSELS
from directory.models import Resource
from directory.schemas import dump_resource, load_resource
from directory.taxonomy import taxonomy
from tests.directory.samples import FULL, resource

SMALL = {"id": "une-ressource", "type": "tool", "title": {"fr": "Un"}, "themes": ["grief"], "basins": ["nord"]}

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"id": "Une Ressource"}, "id: 'Une Ressource' is not an id: 3 to 80 lower-case letters"),
    ({"id": "ab"}, "id: 'ab' is not an id"),
    ({"id": "a--b"}, "id: 'a--b' is not an id"),
    ({"id": "a" * 81}, "is not an id"),
    ({"id": "aaa\n"}, "is not an id"),
    ({"id": None}, "id: is null; give a value"),
    ({"type": "tol"}, "type: 'tol' is not a known type. Did you mean 'tool'? Allowed: "),
    ({"title": {}}, "title: needs a text in at least one language"),
    ({"title": []}, 'title: is not a text by language, such as {"fr": "…"}.'),
    ({"title": {"de": "x"}}, "title.de: 'de' is not a known language. Allowed: fr, nl, en."),
    ({"title": {"fr": "x" * 201}}, "title.fr: has 201 characters; at most 200 are allowed."),
    ({"title": {"fr": " \t"}}, "title.fr: is empty; give a text or leave the field out."),
    ({"title": {"fr": "un\ndeux"}}, "title.fr: contains the control character U+000A; remove it."),
    ({"summary": {"nl": "a\x00b"}}, "summary.nl: contains the control character U+0000"),
    ({"description": {"nl": "a\ud800b"}}, "description.nl: contains the control character U+D800"),
    ({"summary": {"fr": "x" * 501}}, "summary.fr: has 501 characters"),
    ({"themes": []}, "themes: needs at least one theme."),
    ({"themes": ["grief", "grief"]}, "themes: names grief twice; keep one."),
    ({"themes": "grief"}, "themes: is not a list; write it as […]."),
    ({"themes": [1]}, "themes.0: is not a text"),
    ({"basins": ["region", "nord"]}, "basins: 'region' is all of Brussels already"),
    ({"basins": ["ixelles"]}, "basins.0: 'ixelles' is not a known basin."),
    ({"status": "published"}, "organisations: a published resource needs at least one organisation."),
    ({"organisations": [{"url": "https://a.example"}]}, "organisations.0.name: is missing; it is required."),
    ({"organisations": ["Une asbl"]}, "organisations.0: is not an object; write it as {…} with its fields."),
    ({"links": [{"url": "ftp://a.example"}]}, "links.0.url: 'ftp://a.example' is not a web address"),
    ({"links": [{"url": "javascript:alert(1)"}]}, "is not a web address"),
    ({"links": [{"url": "https://user:secret@a.example"}]}, "is not a web address"),
    ({"links": [{"url": "https://a.example/\ud800"}]}, "is not a web address"),
    ({"links": [{"url": "http://["}]}, "is not a web address"),
    ({"links": [{"url": "https://a.example/" + "x" * 2000}]}, "is not a web address"),
    ({"links": [{"url": "https://a.example", "kind": "pge"}]}, "Did you mean 'page'?"),
    ({"languages": ["french"]}, "languages.0: 'french' is not a language code"),
    ({"cost": {"kind": "paid", "amount_eur": -1}}, "cost.amount_eur: Must be greater than or equal to 0"),
    ({"cost": {"kind": "paid", "amount_eur": 1.234}}, "cost.amount_eur: 1.234 has more than two decimals"),
    ({"cost": {"kind": "paid", "amount_eur": "dix"}}, "cost.amount_eur: is not a number."),
    ({"cost": {"kind": "paid", "amount_eur": float("nan")}}, "cost.amount_eur: "),
    ({"cost": {"kind": "paid", "amount_eur": 10**400}}, "cost.amount_eur: "),
    ({"easy_read": "yes"}, "Allowed: none, written, tested."),
    ({"recurring": "yes"}, "recurring: is neither true nor false."),
    ({"version": 0}, "version: Must be greater than or equal to 1"),
    ({"version": 10**20}, "version: Must be greater than or equal to 1 and less than or equal to"),
    ({"version": True}, "version: is not a whole number."),
    ({"version": 1.5}, "version: is not a whole number."),
    ({"contact": {"phone": "02 555 01 01"}}, "contact.phone: '02 555 01 01' is not a phone number; write it as +32"),
    ({"contact": {"phone": "99999"}}, "is not a phone number"),
    ({"contact": {"email": "info at asbl"}}, "contact.email: is not an e-mail address."),
    ({"contact": {"email": "\ud800@asbl.example"}}, "contact.email: is not an e-mail address."),
    ({"contact": {"address": {"street": "Rue"}}}, "contact.address.postal_code: is missing"),
    ({"contact": {"address": {"postal_code": "B-1000"}}}, "is not a Belgian postal code of four digits."),
    ({"location": {"latitude": 50.8}}, "location.longitude: is missing"),
    ({"location": {"latitude": 91, "longitude": 4}}, "location.latitude: Must be"),
    ({"occurrences": [{"start": "demain"}]}, "occurrences.0.start: is not a date and time; write it as"),
    ({"occurrences": [{"start": "0001-01-01T00:00+14:00"}]}, "is not a year from 1900 to 2199."),
    ({"occurrences": [{"start": "9999-12-31T23:59:59-12:00"}]}, "is not a year from 1900 to 2199."),
    ({"occurrences": [{"start": "2026-01-02T10:00", "end": "2026-01-02T09:00"}]}, "occurrences.0.end: is before the"),
    ({"myths": ["flu"]}, "myths.0: 'flu' is not a known misconception."),
    ({"keywords": ["a" * 101]}, "keywords.0: has 101 characters"),
    ({"verified_on": "24/11/2026"}, "verified_on: is not a date; write it as 2026-11-24."),
    ({"source": {"kind": "rumour"}}, "Allowed: curated, import, crawl."),
    ({"titel": "x"}, "titel: is not a field of this shape; check its spelling or remove it."),
    ({"\x1b[2J": "x"}, "\\x1b[2J: is not a field of this shape"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_a_wrong_value_is_answered_with_where_what_and_how_to_mend_it(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidResource) as invalid:
        load_resource({**SMALL, **change})
    assert message in str(invalid.value)


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(InvalidResource) as invalid:
        load_resource({"id": "x", "themes": ["y"], "cost": {"kind": "z"}})
    fields = {line.split(":")[0] for line in flatten_messages(invalid.value.messages)}
    assert fields == {"id", "themes.0", "cost.kind", "type", "title", "basins"}


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_what_is_no_object_is_refused(data: Any) -> None:
    with pytest.raises(InvalidResource, match="is not a JSON object"):
        load_resource(data)


def test_only_a_real_id_is_repeated_in_an_error() -> None:
    for id_, told in (("une-ressource", "une-ressource"), ("x" * 60_000, None), ("\x1b[2J", None), (7, None)):
        with pytest.raises(InvalidResource) as invalid:
            load_resource({"id": id_})
        assert invalid.value.resource_id == told


def test_what_is_left_out_takes_its_default() -> None:
    loaded = dump_resource(load_resource(SMALL))
    assert (loaded["version"], loaded["status"]) == (1, "draft")
    assert (loaded["cost"], loaded["source"]) == ({"kind": "unknown"}, {"kind": "import"})


def test_text_is_trimmed_and_composed() -> None:
    loaded = load_resource({**SMALL, "title": {"fr": "  E\u0301coute\u00a0 "}, "description": {"fr": "un\r\ndeux"}})
    assert (loaded["title"], loaded["description"]) == ({"fr": "Écoute"}, {"fr": "un\ndeux"})


@pytest.mark.parametrize("number", ["107", "1733", "112", "+3223186055", "+32 2 318 60 55"])
def test_short_numbers_and_international_ones_are_phone_numbers(number: str) -> None:
    loaded = load_resource({**SMALL, "contact": {"phone": number}})
    assert loaded["contact"]["phone"] == number.replace(" ", "")


def test_a_time_without_zone_is_one_in_brussels() -> None:
    loaded = load_resource({**SMALL, "occurrences": [{"start": "2026-07-01T09:00"}, {"start": "2026-12-01T09:00Z"}]})
    assert [item["start"] for item in dump_resource(loaded)["occurrences"]] == [
        "2026-07-01T09:00:00+02:00",
        "2026-12-01T10:00:00+01:00",
    ]


def test_the_full_shape_passes_through_unchanged() -> None:
    assert dump_resource(load_resource(FULL)) == FULL
    assert json.dumps(dump_resource(load_resource(FULL))) == json.dumps(FULL)


def plain(max_size: int, lines: bool = False) -> st.SearchStrategy[str]:
    """Any text that a field takes."""
    text = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=max_size // 4)
    return text.filter(lambda value: unicodedata.normalize("NFC", value).strip() != "")


def texts(max_size: int, **sizes: int) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(["fr", "nl", "en"]), plain(max_size), **sizes)  # type: ignore[arg-type]


def some(values: Any) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(list(values)), min_size=1, max_size=4, unique=True)


cents = st.integers(0, 10_000_000).map(lambda amount: amount / 100)
instants = st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2199, 12, 30)).map(
    lambda value: value.replace(tzinfo=BRUSSELS).isoformat()
)
resources = st.fixed_dictionaries(
    {
        "id": st.from_regex(r"[a-z0-9]{3,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True),
        "type": st.sampled_from(list(taxonomy().types)),
        "title": texts(200, min_size=1),
        "themes": some(taxonomy().themes),
        "basins": some(term for term in taxonomy().basins if term != "region"),
        "version": st.integers(1, 1_000_000_000),
    },
    optional={
        "summary": texts(500),
        "description": texts(2000),
        "how_made": st.fixed_dictionaries(
            {}, optional={"steps": texts(500), "effort": texts(500), "recurring_since": plain(50)}
        ),
        "cost": st.fixed_dictionaries({"kind": st.just("paid")}, optional={"amount_eur": cents, "note": texts(500)}),
        "audiences": some(taxonomy().audiences),
        "recurring": st.none() | st.booleans(),
        "easy_read": st.none() | st.sampled_from(list(taxonomy().easy_read_levels)),
        "location": st.none()
        | st.fixed_dictionaries({"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)}),
        "occurrences": st.lists(st.fixed_dictionaries({"start": instants}, optional={"place": plain(200)}), max_size=3),
        "verified_on": st.none() | st.dates().map(str),
        "contact": st.none() | st.fixed_dictionaries({}, optional={"phone": st.just("107")}),
    },
)


@given(resources)
def test_what_is_written_out_reads_back_the_same(document: dict[str, Any]) -> None:
    written = dump_resource(load_resource(document))
    assert dump_resource(load_resource(written)) == written
    assert json.loads(json.dumps(written)) == written


@given(resources)
def test_rows_hold_all_that_the_shape_holds(document: dict[str, Any]) -> None:
    values = load_resource(document)
    row = Resource(id=values["id"], version=values["version"])
    records.write_values(row, load_resource({**FULL, "id": values["id"]}))
    records.write_values(row, values)
    assert dump_resource(records.read_values(row)) == dump_resource(values)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(FULL)), json_values)
def test_any_value_in_any_field_is_taken_or_refused_with_a_message(field: str, value: Any) -> None:
    try:
        told = json.dumps(
            dump_resource(load_resource({**resource(), field: value})), ensure_ascii=False, allow_nan=False
        )
    except InvalidResource as error:
        told = str(error)
    told.encode()  # can be stored and shown
