"""A missing Chromium or PostgreSQL is told, and is a failure where it must not be missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOWHERE = "/nonexistent"
#: kind → tests that need it, how to take it away, what demands it
KINDS = {
    "browser": ("tests/browser/test_privacy.py", {"PATH": NOWHERE, "SENNE_CHROMIUM": ""}, "SENNE_REQUIRE_BROWSER"),
    "postgresql": ("tests/directory/test_shapes.py", {"SENNE_POSTGRESQL_BIN": NOWHERE}, "SENNE_REQUIRE_POSTGRESQL"),
}


def run_tests(kind: str, *, required: bool) -> subprocess.CompletedProcess[str]:
    """The tests of a kind, on a machine that lacks what they need."""
    tests, without, demand = KINDS[kind]
    environment = {**os.environ, **without, demand: "1" if required else ""}
    command = [
        sys.executable,
        "-m",
        "pytest",
        tests,
        "-m",
        f"{kind} and not long",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", KINDS)
def test_left_out_tests_are_told_with_the_way_to_have_them(kind: str) -> None:
    ran = run_tests(kind, required=False)
    assert ran.returncode == 0, ran.stdout
    assert f" {kind} test(s). To have them: install" in ran.stdout
    assert " passed" not in ran.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_where_they_are_required_leaving_them_out_is_a_failure(kind: str) -> None:
    ran = run_tests(kind, required=True)
    assert ran.returncode == 1, ran.stdout
    assert "is missing" in ran.stdout
