"""The JSON API: the documents of the design, strict parameters, problem details, caching, CORS."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.taxonomy import LANGUAGES, REGION, taxonomy

SEARCH = "/api/v1/search"
FACETS = ["basin", "theme", "type", "language", "audience", "cost"]


def ask(api: FlaskClient, **params: Any) -> dict[str, Any]:
    response = api.get(SEARCH, query_string=params)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.get_json()
    return document


def refused(response: TestResponse, status: int = 422) -> dict[str, Any]:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem: dict[str, Any] = response.get_json()
    assert problem["status"] == status
    assert problem["title"]
    return problem


def test_a_search_answers_the_document_of_the_design(api: FlaskClient) -> None:
    document = ask(api, q="pspa", per_page=2, lang="nl")
    assert list(document) == [
        "query", "total", "page", "per_page", "processing_ms", "hits", "facets", "misconceptions", "suggestion", "place", "degraded",
    ]  # fmt: skip
    assert (document["query"], document["page"], document["per_page"]) == ("pspa", 1, 2)
    assert document["degraded"] is False
    first = document["hits"][0]
    assert list(first) == ["id", "type", "title", "summary", "basins", "themes", "highlight", "url"]
    assert first["id"] == "pspa-pallium"
    assert "<mark>PSPA</mark>" in first["highlight"]["title"]
    assert first["url"] == "https://senne.example/nl/ressources/pspa-pallium"
    assert list(document["facets"]) == FACETS
    assert document["facets"]["type"][0].keys() == {"value", "label", "count"}


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"q": "pspa"}, {"pspa-pallium"}),
        ({"q": "vacination grippe"}, None),
        ({"q": "rouw", "language": "nl"}, None),
        ({"q": "fin de vie", "basin": "nord"}, None),
    ],
)
def test_the_right_entries_come_first(api: FlaskClient, params: dict[str, str], wanted: set[str] | None) -> None:
    hits = ask(api, **params)["hits"]
    if wanted:
        assert {hits[0]["id"]} == wanted
    about = {"vacination grippe": "vaccination", "rouw": "grief", "fin de vie": "end_of_life"}.get(params["q"])
    if about:
        assert all(about in hit["themes"] for hit in hits[:3])


def test_labels_are_in_the_language_asked_for_else_in_the_browsers(api: FlaskClient) -> None:
    french = {"Accept-Language": "fr"}
    for lang in LANGUAGES:
        document = api.get(f"{SEARCH}?lang={lang}", headers=french).get_json()
        labels = {value["value"]: value["label"] for value in document["facets"]["basin"]}
        assert labels[REGION] == taxonomy().basins[REGION].short[lang]
        assert labels["nord"] == taxonomy().basins["nord"].short[lang]
    unnamed = api.get(SEARCH, headers={"Accept-Language": "nl-BE"})
    assert unnamed.get_json()["hits"][0]["url"].startswith("https://senne.example/nl/")
    assert "Accept-Language" in unnamed.headers["Vary"]


def test_facet_counts_ignore_their_own_selection_and_add_up(api: FlaskClient) -> None:
    everything, in_nord = ask(api), ask(api, basin="nord")
    counts = {value["value"]: value["count"] for value in everything["facets"]["basin"]}
    assert in_nord["facets"]["basin"] == everything["facets"]["basin"]
    assert in_nord["total"] == counts["nord"] + counts[REGION]
    assert ask(api, basin="nord", scope="local")["total"] == counts["nord"]
    assert ask(api, basin=REGION)["total"] == counts[REGION]


def test_local_entries_stand_before_regional_ones_over_all_pages(api: FlaskClient) -> None:
    ids, regional = [], []
    for page in range(1, 9):
        for hit in ask(api, basin="sud", page=page, per_page=30)["hits"]:
            ids.append(hit["id"])
            regional.append(REGION in hit["basins"])
    assert len(ids) == len(set(ids)) == ask(api, basin="sud")["total"]
    assert regional == sorted(regional)
    assert True in regional
    assert False in regional


def test_a_page_past_the_end_is_empty_and_no_error(api: FlaskClient) -> None:
    document = ask(api, q="pspa", page=500)
    assert document["hits"] == []
    assert document["total"] > 0


def test_a_place_becomes_its_basins(api: FlaskClient) -> None:
    assert ask(api, place="1030")["place"] == {"value": "1030", "basins": ["nord-est"], "ambiguous": False}
    ambiguous = ask(api, q="soins 1000")["place"]
    assert ambiguous["ambiguous"] is True
    assert len(ambiguous["basins"]) > 1
    assert ask(api, q="soins")["place"] is None


def test_a_text_that_was_cut_says_so(api: FlaskClient) -> None:
    document = ask(api, q="soins " * 200)
    assert document["cut"] is True
    assert len(document["query"]) <= 512


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("basin=ouest", "basin.0", "Allowed: nord"),
        ("theme=grif", "theme.0", "Did you mean 'grief'?"),
        ("basin=nord&basin=", "basin.1", "Allowed"),
        ("language=xx", "language.0", "Allowed: fr, nl, en"),
        ("sort=upwards", "sort", "Allowed: relevance"),
        ("lang=de", "lang", "Allowed: fr, nl, en"),
        ("scope=global", "scope", "Allowed: local"),
        ("scope=local&basin=region", "scope", "region"),
        ("page=0", "page", "from 1"),
        ("page=x", "page", "whole number"),
        ("page=99999999999999999999", "page", "from 1"),
        ("per_page=101", "per_page", "100"),
        ("per_page=-1", "per_page", "100"),
        ("place=Namur", "place", "no commune"),
        ("colour=red", "colour", "not a parameter"),
        ("q=a&q=b", "q", "once"),
    ],
)
def test_a_wrong_parameter_is_a_422_that_says_which_and_how(
    api: FlaskClient, query: str, field: str, words: str
) -> None:
    problem = refused(api.get(f"{SEARCH}?{query}"))
    found = {error["field"]: error["detail"] for error in problem["errors"]}
    assert words in found[field]
    assert words in problem["detail"]


def test_every_wrong_parameter_is_named_at_once(api: FlaskClient) -> None:
    problem = refused(api.get(f"{SEARCH}?basin=ouest&page=0&colour=red"))
    assert [error["field"] for error in problem["errors"]] == ["basin.0", "page", "colour"]


@pytest.mark.parametrize(
    "text", ["\x00", "🙂", '"', "(" * 3000, "basin:nord OR *", "l'aide: soins?", "%", "\ud800", "é" * 20_000]
)
def test_whatever_is_typed_is_answered(api: FlaskClient, text: str) -> None:
    response = api.get(SEARCH, query_string={"q": text.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200


def test_a_resource_is_its_outside_shape(api: FlaskClient) -> None:
    document = api.get("/api/v1/resources/pspa-pallium").get_json()
    assert document["id"] == "pspa-pallium"
    assert document["status"] == "published"
    assert list(document)[:3] == ["id", "type", "title"]


def test_a_resource_that_does_not_exist_is_a_404(api: FlaskClient) -> None:
    assert "nowhere" in refused(api.get("/api/v1/resources/nowhere"), 404)["detail"]


def test_suggestions_complete_what_is_typed(api: FlaskClient) -> None:
    document = api.get("/api/v1/suggest?q=pallia&lang=fr&limit=3").get_json()
    assert document["query"] == "pallia"
    assert 0 < len(document["suggestions"]) <= 3
    for item in document["suggestions"]:
        assert item["kind"] in {"resource", "concept", "organisation"}
        assert item["url"].startswith("https://senne.example/fr/ressources")
    assert any("Palliaguide" in item["text"] for item in document["suggestions"])
    assert api.get("/api/v1/suggest").get_json()["suggestions"] == []


@pytest.mark.parametrize("query", ["q=a&limit=0", "q=a&limit=21", "q=a&basin=ouest", "q=a&theme=grief", "q=a&lang=de"])
def test_wrong_suggestion_parameters_are_refused(api: FlaskClient, query: str) -> None:
    assert refused(api.get(f"/api/v1/suggest?{query}"))["errors"]


def test_the_taxonomy_lists_every_term_with_its_labels(api: FlaskClient) -> None:
    document = api.get("/api/v1/taxonomy").get_json()
    assert [term["id"] for term in document["basins"]] == list(taxonomy().basins)
    assert {"fr", "nl", "en"} <= document["themes"][0]["label"].keys()
    assert refused(api.get("/api/v1/taxonomy?basin=nord"))["errors"]


@pytest.mark.parametrize("path", [f"{SEARCH}?q=deuil&lang=fr", "/api/v1/resources/pspa-pallium", "/api/v1/taxonomy"])
def test_reads_are_cached_a_minute_open_to_all_origins_and_cookieless(api: FlaskClient, path: str) -> None:
    first = api.get(path)
    assert first.headers["Cache-Control"].startswith("public, max-age=60")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in first.headers
    assert "Set-Cookie" not in first.headers


def test_an_unchanged_document_is_a_304(api: FlaskClient) -> None:
    first = api.get("/api/v1/taxonomy")
    again = api.get("/api/v1/taxonomy", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_errors_are_open_to_all_origins_too(api: FlaskClient) -> None:
    assert api.get(f"{SEARCH}?basin=ouest").headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/nothing"])
def test_an_unknown_address_is_problem_details(api: FlaskClient, path: str) -> None:
    refused(api.get(path), 404)


def test_what_cannot_be_done_names_what_can(api: FlaskClient) -> None:
    response = api.post(SEARCH)
    refused(response, 405)
    assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["Allow"].split(", "))


def test_a_bug_is_a_500_that_tells_nothing_of_the_inside(shipped: Flask, api: FlaskClient, monkeypatch: Any) -> None:
    def break_down(*_: Any) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(shipped.extensions["senne"].engine, "search", break_down)
    shipped.testing = False
    response = api.get(f"{SEARCH}?q=a")
    assert "secret" not in refused(response, 500)["detail"]
    page = api.get("/nl/ressources?q=a")
    assert page.status_code == 500
    assert "secret" not in page.text
    assert 'lang="nl"' in page.text


def test_without_an_index_a_search_is_a_503_and_never_zero_results(unbuilt: FlaskClient) -> None:
    response = unbuilt.get(f"{SEARCH}?q=deuil")
    refused(response, 503)
    assert response.headers["Retry-After"]
    assert unbuilt.get("/nl/ressources?q=rouw").status_code == 503
