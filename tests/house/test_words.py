"""What no file of the repository may hold: a place on someone's machine, an unfinished thought, a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

#: what → how it looks; the patterns do not match themselves
FORBIDDEN = {
    "a place on one machine": re.compile(r"(?<![\w./-])/(?:root|work|Users)/(?=\w)|(?<![\w./-])/home/(?=[a-z])"),
    "an unfinished thought": re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE[ ]KEY-----"),
    "a merge left half done": re.compile(r"^(?:<{7}|>{7}) ", re.M),
}
VENDORED = ("vendor", "compose-spec", "sites")  #: folders of other people's files


def texts(root: Path, tracked: list[Path]) -> Iterator[tuple[Path, str]]:
    """Every text file of our own with what it says."""
    for path in tracked:
        if not set(VENDORED) & set(path.relative_to(root).parts):
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str, root: Path, tracked: list[Path]) -> None:
    found = [
        f"{path.relative_to(root)}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for path, text in texts(root, tracked)
        for match in FORBIDDEN[what].finditer(text)
    ]
    assert not found


@pytest.mark.parametrize(
    ("what", "sample"),
    [
        ("a place on one machine", "see /ro" + "ot/x"),
        ("an unfinished thought", "# TO" + "DO: later"),
        ("a private key", "-----BEGIN RSA PRIV" + "ATE KEY-----"),
        ("a merge left half done", "<" * 7 + " ours"),
    ],
)
def test_it_would_be_noticed(what: str, sample: str) -> None:
    assert FORBIDDEN[what].search(sample)
