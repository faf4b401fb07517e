"""Score a matcher on the labelled pairs.

    python -m bench.score_pairs crawler.module:callable [--json] [--check]

The callable takes two resources in the outside shape and answers "same", "translation" or "different". The pairs and
how they were labelled: fixtures/pairs/README.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAIRS = ROOT / "fixtures" / "pairs" / "duplicates.jsonl"
CATALOGUE = ROOT / "directory" / "data" / "catalogue.jsonl"
LABELS = ("same", "translation", "different")
#: What issue 5 asks for.
LEAST = {"precision": 0.98, "recall": 0.85}

Json = dict[str, Any]
Matcher = Callable[[Json, Json], str]


def load_pairs(pairs: Path = PAIRS, catalogue: Path = CATALOGUE) -> list[Json]:
    """The pairs, with each catalogue id replaced by its entry. KeyError for an id that is not there."""
    entries = {entry["id"]: entry for entry in map(json.loads, catalogue.read_text("utf-8").splitlines())}
    found = [json.loads(line) for line in pairs.read_text("utf-8").splitlines()]
    for pair in found:
        for side in ("a", "b"):
            if isinstance(pair[side], str):
                pair[side] = entries[pair[side]]
    return found


def score(matcher: Matcher, pairs: list[Json]) -> Json:
    """{"precision", "recall", "f1", "label_accuracy", "confusion": {label: {answer: n}}, "failures": [...]}.

    precision and recall are of duplicates (same or translation); null where there is nothing to divide by.
    ValueError for an answer that is no label.
    """
    confusion = {label: dict.fromkeys(LABELS, 0) for label in LABELS}
    failures = []
    for pair in pairs:
        answer = matcher(pair["a"], pair["b"])
        if answer not in LABELS:
            raise ValueError(f"{pair['id']}: {answer!r} is none of {', '.join(LABELS)}")
        confusion[pair["label"]][answer] += 1
        if answer != pair["label"]:
            titles = [pair[side]["title"] for side in ("a", "b")]
            failures.append(
                {"id": pair["id"], "label": pair["label"], "answer": answer, "titles": titles, "why": pair["why"]}
            )
    positive = LABELS[:2]
    found = sum(confusion[label][answer] for label in positive for answer in positive)
    called = found + sum(confusion["different"][answer] for answer in positive)
    there = sum(sum(confusion[label].values()) for label in positive)
    right = sum(confusion[label][label] for label in LABELS)
    return {
        "precision": found / called if called else None,
        "recall": found / there if there else None,
        "f1": 2 * found / (called + there) if called + there else None,
        "label_accuracy": right / len(pairs) if pairs else None,
        "confusion": confusion,
        "failures": failures,
    }


def main(arguments: list[str] | None = None) -> int:
    """1 when --check is given and precision or recall is below the issue's figures, else 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("matcher", help="module:callable")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--check", action="store_true", help="exit 1 below the figures of the issue")
    options = parser.parse_args(arguments)
    module, _, name = options.matcher.partition(":")
    result = score(getattr(importlib.import_module(module), name), load_pairs())
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        for failure in result["failures"]:
            print("  ".join(f"{key}={value}" for key, value in failure.items()))
        print({key: result[key] for key in ("precision", "recall", "f1", "label_accuracy")})
    return int(options.check and any((result[key] or 0.0) < least for key, least in LEAST.items()))


if __name__ == "__main__":
    raise SystemExit(main())
