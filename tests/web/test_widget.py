"""The widget's script as other sites get it, and the snippet that its manual and the host pages show."""

from __future__ import annotations

import gzip
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.taxonomy import LANGUAGES, taxonomy
from web import widget
from web.widget.snippet import FORM_TEXTS, snippet

ROOT = Path(__file__).parents[2]
SCRIPT = files("web").joinpath("widget", "v1.js").read_text(encoding="utf-8")
MANUAL = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
MAX_ZIPPED_BYTES = 12_000
EXAMPLE = "https://senne.example"
HOSTS = {
    "bassin-nord.html": [
        {"basin": "nord", "themes": ["vaccination"], "lang": "fr"},
        {"basin": "nord", "lang": "fr"},
    ],
    "zorgzone-zuid.html": [{"basin": "sud", "themes": ["end_of_life", "grief"], "lang": "nl"}],
}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("host")
    widget.register(app)
    return app.test_client()


def test_any_site_may_load_the_script(client: FlaskClient) -> None:
    response = client.get("/widget/v1.js")
    assert response.status_code == 200
    assert response.content_type == "text/javascript; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in response.headers
    assert response.text == SCRIPT


def test_the_script_is_kept_for_five_minutes_then_asked_for_by_its_etag(client: FlaskClient) -> None:
    first = client.get("/widget/v1.js")
    assert "max-age=300" in first.headers["Cache-Control"]
    assert "stale-while-revalidate" in first.headers["Cache-Control"]
    again = client.get("/widget/v1.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_the_zipped_script_has_its_own_etag_and_the_same_text(client: FlaskClient) -> None:
    plain = client.get("/widget/v1.js", headers={"Accept-Encoding": "identity"})
    zipped = client.get("/widget/v1.js", headers={"Accept-Encoding": "br;q=0.5, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert plain.vary.as_set() == zipped.vary.as_set() == {"accept-encoding"}
    assert gzip.decompress(zipped.data) == plain.data


def test_the_script_stays_small(client: FlaskClient) -> None:
    zipped = client.get("/widget/v1.js", headers={"Accept-Encoding": "gzip"})
    assert len(zipped.data) <= MAX_ZIPPED_BYTES


def test_the_script_needs_no_other_file_and_keeps_nothing() -> None:
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", SCRIPT, flags=re.DOTALL)
    assert not re.search(r"^\s*import\s|import\(", code, re.MULTILINE)
    for forbidden in ("cookie", "localStorage", "sessionStorage", "indexedDB", "caches", "sendBeacon"):
        assert forbidden not in code
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "DOMParser", "eval(", '"style"', ".style"):
        assert forbidden not in code
    assert set(re.findall(r"https?://[^\s\"'`)]+", code)) == {"http://www.w3.org/2000/svg"}


def test_the_script_knows_every_basin_of_the_taxonomy() -> None:
    listed = re.search(r"const BASINS = (\[.*?\]);", SCRIPT)
    assert listed
    assert json.loads(listed[1]) == list(taxonomy().basins)
    for basin in taxonomy().basins:
        assert SCRIPT.count(f"var(--senne-{basin},") == 2  # light alone, light and dark


def test_the_plain_form_says_the_same_as_the_box() -> None:
    assert set(FORM_TEXTS) == set(LANGUAGES)
    for lang, (label, button) in FORM_TEXTS.items():
        texts = SCRIPT.split(f"\n  {lang}: {{", 1)[1].split("\n  },", 1)[0]
        assert f'label: "{label}"' in texts
        assert f'button: "{button}"' in texts


def test_every_language_has_every_text() -> None:
    block = SCRIPT.split("const TEXTS = {", 1)[1].split("\n};", 1)[0]
    keys = [re.findall(r"^    (\w+):", part, re.MULTILINE) for part in re.split(r"^  \w\w: \{", block, flags=re.M)[1:]]
    assert len(keys) == len(LANGUAGES)
    assert len(keys[0]) > 10
    assert all(part == keys[0] for part in keys)


@pytest.mark.parametrize("page", HOSTS)
def test_host_pages_carry_the_snippet_of_the_manual(page: str) -> None:
    html = (ROOT / "fixtures" / "hosts" / page).read_text(encoding="utf-8")
    for options in HOSTS[page]:
        assert snippet(EXAMPLE, **options) in html  # type: ignore[arg-type]
    assert html.count("<senne-search") == len(HOSTS[page])
    assert snippet(EXAMPLE, **HOSTS[page][0]) in MANUAL  # type: ignore[arg-type]


@pytest.mark.parametrize("basin", taxonomy().basins)
def test_the_manual_has_a_snippet_for_each_basin(basin: str) -> None:
    assert snippet(EXAMPLE, basin=basin, lang="fr") in MANUAL


@pytest.mark.parametrize("page", HOSTS)
def test_host_pages_allow_only_what_the_manual_asks_for(page: str) -> None:
    html = (ROOT / "fixtures" / "hosts" / page).read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    naming_senne = [line for line in policy[1].split("; ") if EXAMPLE in line]
    assert naming_senne == [f"script-src {EXAMPLE}", f"connect-src {EXAMPLE}"]
    for line in naming_senne:
        assert line in MANUAL


def test_the_manual_names_every_property_part_and_attribute() -> None:
    properties = set(re.findall(r"var\((--senne-[a-z-]+)", SCRIPT))
    parts = set(re.findall(r'part: "([a-z]+)"', SCRIPT))
    observed = re.search(r"observedAttributes = (\[.*?\]);", SCRIPT)
    assert observed
    assert len(properties) > 10
    for name in (*properties, *parts, *json.loads(observed[1])):
        assert f"`{name}`" in MANUAL, name
    assert set(re.findall(r"`(--senne-[a-z-]+)`", MANUAL)) == properties


def test_a_snippet_escapes_what_it_is_given() -> None:
    html = snippet('https://senne.example/"><script>', basin='a"b', themes=["<c>"])
    assert '"a"b"' not in html
    assert "<c>" not in html
    assert html.count("<script") == 1
