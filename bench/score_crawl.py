"""Score `senne crawl --json` against the labelled sites.

    python -m bench.score_crawl REPORT.json fixtures/sites/bassin-essai … [--visits visits.json …] [--json] [--check]

A source of the report belongs to the folder whose site.json has its name. What is counted, and the forms of gold
and visits, are told in fixtures/sites/README.md. Figures are shares between 0 and 1; null where nothing was to count.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from bench.crawl_fields import LISTS, MUST_BE_ZERO, SHARES, Json, Score, address, score_fields
from directory.text import fold

#: What issue 5 asks for: (part, figure) and its least value.
TARGETS: dict[tuple[str, str], float] = {
    ("pages", "precision"): 0.95, ("pages", "recall"): 0.90, ("title", "f1"): 0.90, ("languages", "f1"): 0.90,
    ("type", "f1"): 0.90, ("basins", "f1"): 0.90, ("themes", "f1"): 0.80, ("dates", "exact"): 0.90,
}  # fmt: skip


def load_site(folder: Path) -> tuple[Json, list[Json]]:
    """(manifest, gold) of a site's folder; the manifest may be missing, then the folder's name is the site's."""
    manifest = folder / "site.json"
    found: Json = json.loads(manifest.read_text("utf-8")) if manifest.is_file() else {"name": folder.name}
    lines = (folder / "gold.jsonl").read_text("utf-8").splitlines()
    return found, [json.loads(line) for line in lines if line.strip()]


def score_site(source: Json, manifest: Json, gold: list[Json], score: Score, visits: Json | None = None) -> None:
    """Count one source of a report into `score`."""
    site = manifest["name"]
    proposals = [p for p in source["proposals"] if p["kind"] != "gone"]
    wanted = {address(line["url"]): line for line in gold if line["expect"] == "resource"}
    aliases = {address(url): path for path, line in wanted.items() for url in line.get("urls_also", [])}
    either = {address(line["url"]) for line in gold if line["expect"] == "either"}
    found: dict[str, Json] = {}
    extra: list[Json] = []
    for proposal in proposals:
        path = address(proposal["url"])
        path = aliases.get(path, path)
        if path in wanted and path not in found:
            found[path] = proposal
        elif path not in either:
            extra.append(proposal)
    for path, line in wanted.items():  # one proposal that holds both languages stands for its twin too
        twin = found.get(address(line["twin"])) if line.get("twin") else None
        if path not in found and twin and set(line["title"]) <= set(twin["resource"].get("title", {})):
            found[path] = twin
    for proposal in extra:
        score.fail({"site": site, "url": address(proposal["url"])}, "pages", None, proposal["kind"])
    for path in wanted.keys() - found.keys():
        score.fail({"site": site, "url": path}, "pages", "resource", None)
    pages = score.lists["pages"]
    pages.tp += len(found)
    pages.fp += len(extra)
    pages.fn += len(wanted) - len(found)
    for path, proposal in found.items():
        score_fields(proposal, wanted[path], wanted, {"site": site, "url": path}, score)
    _score_manners(proposals, manifest, visits, score)


def _score_manners(proposals: list[Json], manifest: Json, visits: Json | None, score: Score) -> None:
    where = {"site": manifest["name"]}
    rules = [re.compile(re.escape(rule).replace(r"\*", ".*")) for rule in manifest.get("forbidden", [])]
    asked = list((visits or {}).get("disallowed", []))
    asked += [path for p in proposals if any(rule.match(path := address(p["url"])) for rule in rules)]
    for path in sorted(set(asked)):
        score.counts["robots_violations"] += 1
        score.fail({**where, "url": path}, "robots_violations", None, path)
    score.counts["requests_at_once"] += (visits or {}).get("overlaps", 0)
    for proposal in proposals:
        text = fold(json.dumps([proposal["resource"], proposal.get("evidence")], ensure_ascii=False))
        for person in manifest.get("people", []):
            if fold(person) in text:
                score.counts["people_in_proposals"] += 1
                score.fail({**where, "url": address(proposal["url"])}, "people_in_proposals", None, person)


def score_report(report: list[Json], folders: Iterable[Path], visits: Iterable[Json] = ()) -> Json:
    """{"all": figures, "sites": {name: figures}, "failures": [...], "missed_targets": [...]}.

    A folder whose site is not in the report counts as a crawl that found nothing.
    """
    logs = {log["site"]: log for log in visits}
    by_name = {source["source"]: source for source in report}
    total, sites = Score(), {}
    for folder in folders:
        manifest, gold = load_site(folder)
        source = by_name.get(manifest["name"], {"proposals": []})
        alone = Score()
        for score in (alone, total):
            score_site(source, manifest, gold, score, logs.get(manifest["name"]))
        sites[manifest["name"]] = alone.figures()
    figures = total.figures()
    missed = [
        f"{part} {name} {figures[part][name]} < {least}"
        for (part, name), least in TARGETS.items()
        if figures[part][name] is not None and figures[part][name] < least
    ] + [f"{name} {figures[name]} > 0" for name in MUST_BE_ZERO if figures[name]]
    return {"all": figures, "sites": sites, "failures": total.failures, "missed_targets": missed}


def _print(result: Json, write: Callable[[str], object]) -> None:
    for name, figures in [*result["sites"].items(), ("all", result["all"])]:
        shown = [f"{part} {figures[part]['f1']:.2f}" for part in LISTS if figures[part]["f1"] is not None]
        shown += [f"{part} {figures[part]['exact']:.2f}" for part in SHARES if figures[part]["exact"] is not None]
        shown += [f"{part} {figures[part]}" for part in MUST_BE_ZERO if figures[part]]
        pages = figures["pages"]
        write(f"{name}: {pages['tp']} right, {pages['fp']} too many, {pages['fn']} missing\n    {', '.join(shown)}\n")
    for failure in result["failures"]:
        write("  ".join(f"{key}={value}" for key, value in failure.items()) + "\n")
    write("missed: " + ("; ".join(result["missed_targets"]) or "nothing") + "\n")


def main(arguments: list[str] | None = None) -> int:
    """1 when --check is given and a target is missed, else 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("report", type=Path, help="what senne crawl --json printed")
    parser.add_argument("sites", type=Path, nargs="+", help="folders with gold.jsonl")
    parser.add_argument("--visits", type=Path, nargs="*", default=[], help="reports of tests.local_sites")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--check", action="store_true", help="exit 1 when a target of the issue is missed")
    options = parser.parse_args(arguments)
    visits = [json.loads(path.read_text("utf-8")) for path in options.visits]
    result = score_report(json.loads(options.report.read_text("utf-8")), options.sites, visits)
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _print(result, sys.stdout.write)
    return 1 if options.check and result["missed_targets"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
