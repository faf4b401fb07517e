"""requirements/: every package with version and hashes, no index, one version each, all that pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCKS = sorted(path.name for path in (ROOT / "requirements").glob("*.txt"))
#: lock file → the tables of pyproject.toml that it covers
COVERS = {
    "runtime.txt": [],
    "vectors.txt": ["vectors"],
    "postgresql.txt": ["postgresql"],
    "dev.txt": ["vectors", "postgresql", "dev", "build"],
}


def pins(lock: str) -> list[tuple[Requirement, int]]:
    """Each requirement of a lock file with the number of its hashes."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        requirement, *hashes = re.split(r"\s--hash=", line.split("#")[0].strip())
        if requirement:
            found.append((Requirement(requirement), len(hashes)))
    return found


def normal(name: str) -> str:
    """A package's name as PyPA's specification compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(lock: str) -> list[Requirement]:
    """What pyproject.toml asks of a lock file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = list(project["project"]["dependencies"])
    for table in COVERS[lock]:
        lines += project["project"]["optional-dependencies"].get(table, [])
        lines += [line for line in project["dependency-groups"].get(table, []) if isinstance(line, str)]
    return [Requirement(line) for line in lines]


def test_the_lock_files_are_those_that_make_lock_writes() -> None:
    assert set(LOCKS) == {"bootstrap.txt", *COVERS}


@pytest.mark.parametrize("lock", LOCKS)
def test_no_index_or_host_is_named(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    options = [line for line in text.splitlines() if line.startswith("-")]
    assert "://" not in text
    assert not options


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_one_version_and_its_hashes(lock: str) -> None:
    loose = [str(pin) for pin, hashes in pins(lock) if not hashes or not re.fullmatch(r"==[^*,]+", str(pin.specifier))]
    assert pins(lock)
    assert not loose


@pytest.mark.parametrize("lock", COVERS)
def test_all_that_the_project_asks_for_is_locked_at_a_version_it_allows(lock: str) -> None:
    locked: dict[str, list[str]] = {}
    for pin, _ in pins(lock):
        locked.setdefault(normal(pin.name), []).append(str(pin.specifier).removeprefix("=="))
    lacking = [
        str(need)
        for need in wanted(lock)
        if not any(need.specifier.contains(version) for version in locked.get(normal(need.name), []))
    ]
    assert not lacking, "run make lock"


def test_each_lock_can_be_installed_on_top_of_another() -> None:
    versions: dict[tuple[str, str], set[str]] = {}
    for lock in LOCKS:
        for pin, _ in pins(lock):
            versions.setdefault((normal(pin.name), str(pin.marker or "")), set()).add(str(pin.specifier))
    assert not {name: found for name, found in versions.items() if len(found) > 1}


def test_the_runtime_lock_holds_no_tool_of_development() -> None:
    names = {normal(pin.name) for pin, _ in pins("runtime.txt")}
    assert not names & {"pytest", "ruff", "mypy", "playwright", "hypothesis", "uv", "setuptools"}
