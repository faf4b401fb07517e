"""Queries that nobody would type, on the API and on the page: an answer each time, never from outside the basin."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from flask import Flask

from directory.settings import Settings
from directory.shipped import load_shipped_catalogue
from directory.taxonomy import LANGUAGES, REGION, taxonomy
from search.engine import SORTS
from web.app import create_app
from web.wiring import wire

SEED = 4
QUERIES = 2_000
MANY_QUERIES = 100_000
BASINS = [basin for basin in taxonomy().basins if basin != REGION]
SPECIAL = "\"'()[]{}<>:;*?!~^+-=&|\\/%$#@,.·•’ʼ\0\t\n\r\u200b\u202e\u0301\ufeff\ud83d\ude42😀œßİıﬁ中かعא"
WORDS = [
    "basin", "title", "AND", "OR", "NOT", "TO", "vaccin", "grippe", "soins palliatifs", "rouwgroep", "mantelzorg", "l'écoute", "1000",
    "Schaerbeek", "BIM", "AS", "professionnel·les", "kind", "http://x", "' OR 1=1 --", "../..", "{{7*7}}", "%s", "<script>", "(((", "\"\"",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    services = wire(Settings(data_dir=tmp_path_factory.mktemp("fuzz")))
    services.database.migrate()
    load_shipped_catalogue(services.database)
    services.indexer.rebuild()
    yield create_app(services.settings, services=services)
    services.database.close()


def query(dice: random.Random) -> str:
    """Words, signs and noise; a few are long."""
    parts = []
    for _ in range(dice.choice([0, 1, 1, 2, 2, 3, 5, 12, 80])):
        kind = dice.random()
        if kind < 0.4:
            parts.append(dice.choice(WORDS))
        elif kind < 0.7:
            parts.append("".join(dice.choice(SPECIAL) for _ in range(dice.choice([1, 2, 5, 40]))))
        elif kind < 0.9:
            parts.append("".join(chr(dice.randrange(32, 0x250)) for _ in range(dice.randrange(1, 12))))
        else:
            parts.append(chr(dice.randrange(0x110000)) * dice.choice([1, 3, 600]))
    return dice.choice(["", " "]).join(parts)


@pytest.mark.parametrize(
    "number", [QUERIES, pytest.param(MANY_QUERIES, marks=[pytest.mark.long, pytest.mark.timeout(3600)])]
)
def test_every_query_is_answered_from_within_its_basin(site: Flask, number: int) -> None:
    dice = random.Random(SEED)
    reader = site.test_client()
    for turn in range(number):
        text, basin = query(dice), dice.choice(BASINS)
        local = dice.random() < 0.3
        params = {
            "q": text.encode("utf-8", "surrogatepass"), "basin": basin, "lang": dice.choice(LANGUAGES), "sort": dice.choice(SORTS),
            **({"scope": "local"} if local else {}),
        }  # fmt: skip
        response = reader.get("/api/v1/search", query_string=params)
        assert response.status_code == 200, (text, response.status_code)
        allowed = {basin} if local else {basin, REGION}
        for hit in response.get_json()["hits"]:
            assert allowed & set(hit["basins"]), (text, basin, hit["id"])
        if turn % 10 == 0:
            page = reader.get("/fr/ressources", query_string={"q": params["q"], "basin": basin})
            assert page.status_code == 200, text
            suggested = reader.get("/api/v1/suggest", query_string={"q": params["q"], "basin": basin})
            assert suggested.status_code == 200, text
