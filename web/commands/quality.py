"""`senne quality`: what the published entries are worth to readers, and what would raise it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from directory.quality import CRITERIA, gain
from directory.standings import Standing, Wanted, choose, list_standings
from directory.taxonomy import label, taxonomy
from web.clock import today
from web.commands import cli, print_json
from web.wiring import get_services


@cli.command("quality")
@click.option("--basin", type=click.Choice(list(taxonomy().basins)), help="Only what is offered there.")
@click.option("--max", "most", type=click.IntRange(1), default=20, show_default=True, help="How many entries to name.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with every entry.")
def quality_command(basin: str | None, most: int, as_json: bool) -> None:
    """Score the published entries from 0 to 100, the lowest first, with what would raise each."""
    with get_services().database.read() as session:
        found = choose(list_standings(session, today=today()), Wanted(basin=basin, status="published", sort="quality"))
    report = _report(found)
    if as_json:
        print_json(report)
        return
    click.echo(f"{report['entries']} published entries, mean quality {report['mean']}.")
    for lack, number in report["lacks"].items():
        click.echo(f"  {number:6} {lack.replace('_', ' ')}")
    for entry in report["lowest_first"][:most]:
        would = ", ".join(f"{lack.replace('_', ' ')} +{points}" for lack, points in entry["would_raise"].items())
        click.echo(f"{entry['score']:3} {entry['id']}: {would}")


def _report(standings: list[Standing]) -> dict[str, Any]:
    """`lacks`: criterion → entries that lack it, the commonest first; `mean`: None where there are no entries."""
    counts = Counter(lack for one in standings for lack in one.quality.lacks)
    scores = [one.quality.score for one in standings]
    return {
        "entries": len(standings),
        "mean": round(sum(scores) / len(scores), 1) if scores else None,
        "weights": {criterion.id: criterion.weight for criterion in CRITERIA},
        "lacks": dict(counts.most_common()),
        "lowest_first": [
            {
                "id": one.id,
                "title": label(one.title, "fr"),
                "basins": list(one.basins),
                "score": one.quality.score,
                "would_raise": {lack: gain(one.type, lack) for lack in one.quality.lacks},
            }
            for one in standings
        ],
    }
