"""What is known of particular sites, as data in `profiles/`: unknown sites are read without.

A profile is a JSON object: `hosts` (names without `www.`), and any of `main` and `drop` (CSS selectors tried before
the general rules) and `organisation` ({name, url}).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from directory.errors import DataFileError

_KEYS = frozenset(("hosts", "main", "drop", "organisation"))


@cache
def profiles() -> Mapping[str, Mapping[str, Any]]:
    """Profiles by host, read once. Raises DataFileError where one has an unknown key."""
    found: dict[str, Mapping[str, Any]] = {}
    for file in sorted(files("crawler").joinpath("profiles").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".json"):
            profile = json.loads(file.read_text(encoding="utf-8"))
            if unknown := set(profile) - _KEYS:
                raise DataFileError(f"profiles/{file.name}", f"{sorted(unknown)[0]!r} is no key of a profile.")
            found |= dict.fromkeys(profile["hosts"], profile)
    return found


def find_profile(url: str) -> Mapping[str, Any]:
    """The profile of an address's site; empty where there is none."""
    return profiles().get((urlsplit(url).hostname or "").removeprefix("www."), {})
