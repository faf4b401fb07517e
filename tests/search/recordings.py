"""The recorded exchanges of `fixtures/meilisearch/`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "fixtures" / "meilisearch"


@cache
def recordings() -> list[dict[str, Any]]:
    """Every exchange, in the order in which they were made."""
    return [
        exchange for path in sorted(FOLDER.glob("*.json")) for exchange in json.loads(path.read_text(encoding="utf-8"))
    ]


def recorded(name: str) -> dict[str, Any]:
    """The exchange of this name."""
    [exchange] = [exchange for exchange in recordings() if exchange["name"] == name]
    return exchange


def answer(name: str) -> tuple[int, dict[str, Any]]:
    """Status and body of a recorded answer."""
    response = recorded(name)["response"]
    return response["status"], response["body"]
