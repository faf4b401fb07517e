"""The scripts behind `make`: they say what is missing instead of failing halfway."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted([*ROOT.glob("tools/*.sh"), ROOT / ".ci" / "run"])
PLAIN = ("bash", "env", "id", "dirname", "mktemp", "rm", "tail", "cat")  #: what every machine has


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder of programs for the path: what every machine has, to which a test adds its own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in PLAIN:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def add(programs: Path, name: str, script: str) -> None:
    """A program that does what `script` says."""
    (programs / name).write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
    (programs / name).chmod(0o755)


def call(programs: Path, script: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a script of tools/ with those programs only, and PostgreSQL named so that it is not looked for."""
    variables = {"PATH": str(programs), "HOME": str(programs), "SENNE_POSTGRESQL_BIN": "/nonexistent", **environment}
    command = [str(programs / "bash"), str(ROOT / "tools" / script), *words]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_can_be_called_and_read(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_without_apt_the_tests_go_on_and_say_what_is_left_out(programs: Path) -> None:
    ran = call(programs, "test_programs.sh")
    assert ran.returncode == 0
    assert "The tests that need chromium" in ran.stderr
    assert "will be left out: this machine has no apt-get." in ran.stderr


def test_a_failed_installation_lets_the_tests_go_on_and_shows_why(programs: Path) -> None:
    add(programs, "apt-get", "echo E: no network; exit 100")
    add(programs, "id", "echo 0")
    ran = call(programs, "test_programs.sh")
    assert ran.returncode == 0
    assert "E: no network" in ran.stderr
    assert "apt-get install chromium" in ran.stderr


def test_a_fresh_machine_gets_the_list_of_packages_first(programs: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    add(
        programs,
        "apt-get",
        f'echo "$@" >>{calls}; case "$*" in *update*) : >{calls}.listed;; *) [ -e {calls}.listed ];; esac',
    )
    add(programs, "id", "echo 0")
    ran = call(programs, "test_programs.sh")
    assert ran.returncode == 0
    assert [line.split()[2] for line in calls.read_text(encoding="utf-8").splitlines()] == [
        "install",
        "update",
        "install",
    ]
    assert "left out" not in ran.stderr


def test_nothing_is_installed_where_nothing_is_missing(programs: Path) -> None:
    add(programs, "apt-get", "exit 1")
    ran = call(programs, "test_programs.sh", SENNE_CHROMIUM="/usr/bin/chromium")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_an_old_python_is_told_before_anything_is_made(programs: Path) -> None:
    for name in ("python3", "python3.11"):
        add(programs, name, "exit 1")
    ran = call(programs, "python.sh", "bootstrap")
    assert ran.returncode == 1
    assert "Senne needs Python 3.11 or newer" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_python_without_venv_is_told_with_the_package_to_install(programs: Path) -> None:
    add(programs, "python3.11", '[[ "$*" != *ensurepip* ]]')
    ran = call(programs, "python.sh", "bootstrap")
    assert ran.returncode == 1
    assert "apt-get install python3.11-venv" in ran.stderr
