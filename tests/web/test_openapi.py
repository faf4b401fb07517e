"""What /openapi.json says is what the API does, for requests nobody thought of."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method

from search.engine import FACETS

#: Methods are tested below; a place must exist and scope=local cannot go with basin=region, which no schema can say.
NOT_HERE = [unsupported_method, positive_data_acceptance]


@pytest.fixture
def described(shipped: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", shipped)


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        ("/api/v1/search", GenerationMode.POSITIVE),
        ("/api/v1/search", GenerationMode.NEGATIVE),
        ("/api/v1/suggest", GenerationMode.POSITIVE),
        ("/api/v1/suggest", GenerationMode.NEGATIVE),
        ("/api/v1/taxonomy", GenerationMode.POSITIVE),
        ("/api/v1/resources/{resource_id}", GenerationMode.POSITIVE),
    ],
)
def test_every_answer_is_as_described(described: Any, path: str, mode: GenerationMode) -> None:
    operation = described[path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        case.call_and_validate(excluded_checks=NOT_HERE)

    ask()


def test_the_description_names_every_route_and_parameter(api: FlaskClient) -> None:
    document = api.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/api/v1/search", "/api/v1/suggest", "/api/v1/taxonomy", "/api/v1/resources/{resource_id}",
    }  # fmt: skip
    named = {parameter["name"] for parameter in document["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert named == {"q", *FACETS, "scope", "place", "sort", "page", "per_page", "lang"}


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_api_only_reads(api: FlaskClient, method: str) -> None:
    for path in ("/api/v1/search", "/api/v1/suggest", "/api/v1/taxonomy", "/api/v1/resources/pspa-pallium"):
        assert getattr(api, method)(path).status_code == 405
