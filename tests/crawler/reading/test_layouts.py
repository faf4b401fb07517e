"""One page of each layout that sites have: what must be read from it. All are invented."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.page import Reading
from directory.schemas import load_resource

Reader = Callable[..., Reading]
LAYOUTS = Path(__file__).parent / "layouts"
EXPECTED: dict[str, dict[str, Any]] = json.loads((LAYOUTS / "expected.json").read_text(encoding="utf-8"))


def _read(reader: Reader, name: str) -> Reading:
    body = (LAYOUTS / f"{name}.html").read_text(encoding="utf-8")
    url = re.match(r"<!-- url: (\S+) -->", body)
    assert url is not None
    return reader(body, url=url.group(1))


def _facts(reading: Reading) -> dict[str, Any]:
    """A reading in the short form of `expected.json`."""
    resource = reading.resource
    occurrences = [[one["start"][:16], one.get("end", "")[:16]] for one in resource.get("occurrences", ())]
    return {
        "kind": reading.kind,
        "language": reading.language,
        "title": next(iter(resource.get("title", {}).values()), None),
        "type": resource.get("type"),
        "basins": resource.get("basins"),
        "organisation": next((one["name"] for one in resource.get("organisations", ())), None),
        "occurrences": occurrences or None,
        "cost": resource.get("cost", {}).get("kind"),
        "phone": resource.get("contact", {}).get("phone"),
        "audiences": resource.get("audiences"),
        "languages": resource.get("languages"),
        "recurring": resource.get("recurring"),
        "themes": resource.get("themes", []),
    }


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_layout_is_read_as_a_reader_would(read_page: Reader, name: str) -> None:
    facts, expected = _facts(_read(read_page, name)), dict(EXPECTED[name])
    themes = set(expected.pop("themes", ()))
    assert {field: facts[field] for field in expected} == expected
    assert themes <= set(facts["themes"])
    assert len(facts["themes"]) <= len(themes) + 1 or not themes


@pytest.mark.parametrize("name", sorted(name for name, facts in EXPECTED.items() if facts["kind"] == "resource"))
def test_what_a_layout_gives_can_be_published(read_page: Reader, name: str) -> None:
    resource = _read(read_page, name).resource
    told = {"themes": ["wellbeing"]} if name == "wordpress-post" else {}  # it says nothing of its subject
    assert load_resource({**told, **resource, "status": "published"})["status"] == "published"
    assert bool(told) is ("themes" not in resource)
