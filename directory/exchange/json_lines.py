"""JSON Lines: one resource a line, UTF-8. What a line says, or what is wrong with it."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from directory.errors import LineProblem


@dataclass(frozen=True, eq=False)
class Line:
    """A line of a file; numbers count from 1. `raw` is without its line break."""

    file: str
    number: int
    raw: bytes

    def problem(self, message: str, resource_id: str | None = None, field_name: str | None = None) -> LineProblem:
        """What is wrong with this line."""
        return LineProblem(self.file, self.number, resource_id, field_name, message)


def read_lines(path: Path) -> Iterator[Line]:
    """Every line of a file that is not blank, lazily."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            content = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            if content.strip():
                yield Line(str(path), number, content.rstrip(b"\r\n"))


def parse_line(line: Line) -> tuple[dict[str, Any] | None, str]:
    """The line's JSON object, or None and what is wrong with it."""
    try:
        document = json.loads(line.raw.decode("utf-8"), object_pairs_hook=_unique_keys)
    except UnicodeDecodeError as error:
        return None, f"is not UTF-8 (byte {error.start + 1}); save the file as UTF-8."
    except json.JSONDecodeError as error:
        return None, f"is not JSON (column {error.colno}: {error.msg}); write one resource as one JSON object."
    except RecursionError:
        return None, "is nested too deeply; write one resource as one JSON object."
    except _DoubleKey as error:
        return None, f"names the field {error.args[0][:80]!r} twice; keep one."
    except ValueError:  # Python refuses to read integers of more than 4,300 digits
        return None, "holds a number of thousands of digits; correct it."
    if not isinstance(document, dict):
        return None, 'is not a JSON object of the form {"id": …}.'
    return document, ""


class _DoubleKey(ValueError):
    """A JSON object names a key twice."""


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _DoubleKey(key)
        found[key] = value
    return found
