"""Every engine that the suite runs on.

The embedded one always; the Meilisearch adapter always, on a fake server that is held to recordings of a real one
(`tests/fakes`); and on a real server where SENNE_MEILI_URL (and SENNE_MEILI_KEY) names one. There it makes indexes
called senne_test_<random> and deletes only these.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from search.engine import SearchEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.meili import MeiliEngine
from tests.contracts.samples import documents
from tests.fakes.meili_server import FakeMeilisearch

MakeEngine = Callable[[Path, ExitStack], SearchEngine]
PATIENCE_S = 30.0  #: what an answer may take here: the suite is about what is right, not about speed


def make_embedded(folder: Path, _cleanup: ExitStack) -> SearchEngine:
    return EmbeddedEngine(folder)


def make_meilisearch_fake(_folder: Path, cleanup: ExitStack) -> SearchEngine:
    server = cleanup.enter_context(FakeMeilisearch(key="a-key"))
    return _meilisearch(server.url, "a-key", cleanup)


def make_meilisearch(_folder: Path, cleanup: ExitStack) -> SearchEngine:
    url = os.environ.get("SENNE_MEILI_URL", "").strip().rstrip("/")
    if not url:
        pytest.skip("SENNE_MEILI_URL names no server")
    return _meilisearch(url, os.environ.get("SENNE_MEILI_KEY", "").strip() or None, cleanup)


def _meilisearch(url: str, key: str | None, cleanup: ExitStack) -> SearchEngine:
    engine = MeiliEngine(url, key, f"senne_test_{secrets.token_hex(6)}", budget=PATIENCE_S, connect=PATIENCE_S)
    cleanup.callback(engine.close)
    cleanup.callback(engine.drop)
    return engine


ENGINES = [
    pytest.param(make_embedded, id="embedded"),
    pytest.param(make_meilisearch_fake, id="meilisearch-fake"),
    pytest.param(make_meilisearch, id="meilisearch", marks=pytest.mark.meilisearch),
]


@pytest.fixture(scope="module", params=ENGINES)
def make(request: pytest.FixtureRequest) -> MakeEngine:
    """How one kind of engine is made."""
    maker: MakeEngine = request.param
    return maker


@pytest.fixture(scope="module")
def engine(make: MakeEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """Holds the shipped catalogue; read only."""
    with ExitStack() as cleanup:
        built = make(tmp_path_factory.mktemp("engine"), cleanup)
        built.rebuild(documents())
        yield built


@pytest.fixture
def unbuilt_engine(make: MakeEngine, tmp_path: Path) -> Iterator[SearchEngine]:
    """Has no index yet."""
    with ExitStack() as cleanup:
        yield make(tmp_path, cleanup)


@pytest.fixture
def own_engine(unbuilt_engine: SearchEngine) -> SearchEngine:
    """Empty, to write into."""
    unbuilt_engine.rebuild([])
    return unbuilt_engine
