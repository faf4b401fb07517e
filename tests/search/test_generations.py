"""Index folders: switching, distrust, tidiness."""

from pathlib import Path

import pytest

from search.engine import Query
from search.engines.embedded import EmbeddedEngine
from search.engines.generations import Generations
from search.errors import EngineUnavailable


def test_there_is_no_generation_before_the_first_switch(tmp_path: Path) -> None:
    generations = Generations(tmp_path, "v1")
    generations.create()
    assert generations.current() is None


def test_a_switch_names_the_new_generation_and_keeps_one_before(tmp_path: Path) -> None:
    generations = Generations(tmp_path, "v1")
    made = []
    for _ in range(3):
        made.append(generations.create())
        generations.switch_to(made[-1])
    assert generations.current() == made[2]
    assert [generation.exists() for generation in made] == [False, True, True]


@pytest.mark.parametrize("name", ["v2-abc", "../elsewhere", "v1-gone", ""])
def test_a_foreign_or_missing_generation_is_not_trusted(tmp_path: Path, name: str) -> None:
    generations = Generations(tmp_path / "index", "v1")
    generations.create()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "index" / "v2-abc").mkdir()
    (tmp_path / "index" / "current").write_text(name)
    assert generations.current() is None


def test_the_identity_of_a_folder_stays(tmp_path: Path) -> None:
    assert Generations(tmp_path, "v1").identity() == Generations(tmp_path, "v2").identity()
    assert Generations(tmp_path / "other", "v1").identity() != Generations(tmp_path, "v1").identity()


def test_a_corrupt_index_is_no_answer_but_an_error_and_is_set_aside(tmp_path: Path) -> None:
    EmbeddedEngine(tmp_path).rebuild([])
    generation = Generations(tmp_path, (tmp_path / "current").read_text().rsplit("-", 1)[0]).current()
    assert generation is not None
    (generation / "meta.json").write_text("{}")
    engine = EmbeddedEngine(tmp_path)
    with pytest.raises(EngineUnavailable):
        engine.search(Query())
    assert engine.set_aside_broken()
    engine.rebuild([])
    assert engine.search(Query()).total == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("broken-")]
