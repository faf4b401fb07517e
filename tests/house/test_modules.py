"""What CONTRIBUTING.md promises of every module: its length, its name, its first sentence; and who imports whom."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

LONGEST = 300
REASON = f"Longer than {LONGEST} lines: "  #: in the docstring of a module that is
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "stuff"}
PACKAGES = ("directory", "search", "crawler", "web")


def docstring(path: Path) -> str:
    """The docstring of a module, or nothing."""
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def modules(root: Path, tracked: list[Path]) -> list[Path]:
    """Every Python file; migrations are generated, and only ever added."""
    versions = root / "directory" / "migrations" / "versions"
    found = [path for path in tracked if path.suffix == ".py" and versions not in path.parents]
    assert len(found) > 50
    return found


def test_no_module_is_longer_than_300_lines_without_saying_why(root: Path, tracked: list[Path]) -> None:
    too_long = {
        str(path.relative_to(root)): length
        for path in modules(root, tracked)
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST and REASON not in docstring(path)
    }
    assert not too_long


def test_a_reason_to_be_long_goes_when_the_module_is_short_again(root: Path, tracked: list[Path]) -> None:
    stale = [
        str(path.relative_to(root))
        for path in modules(root, tracked)
        if REASON in docstring(path) and len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
    ]
    assert not stale


def test_every_module_says_what_it_is_for(root: Path, tracked: list[Path]) -> None:
    spoken = [path for path in modules(root, tracked) if path.read_text(encoding="utf-8").strip()]
    silent = [str(path.relative_to(root)) for path in spoken if not docstring(path)]
    assert not silent


def test_no_module_has_a_name_that_says_nothing(root: Path, tracked: list[Path]) -> None:
    assert not [str(path.relative_to(root)) for path in modules(root, tracked) if path.stem in VAGUE]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs import-linter on the packages in a folder."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_dependency_rule_holds(root: Path) -> None:
    checked = lint_imports(root)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_dependency_rule_notices_who_breaks_it(root: Path, tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(root / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    broken = tmp_path / "directory" / "text.py"
    broken.write_text(broken.read_text(encoding="utf-8") + "\nimport search.engine\nimport flask\n", encoding="utf-8")
    checked = lint_imports(tmp_path)
    assert checked.returncode == 1
    assert "directory.text -> search.engine" in checked.stdout
    assert "directory.text -> flask" in checked.stdout
