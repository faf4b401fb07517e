"""How fast the queue page answers with 10,000 proposals: `python -m bench queue`, or with options `python -m bench.queue [--proposals N] [--database URL]`.

The whole page through the application, without a network: filters, counts, list, detail and template. The goal of the
project is a 95th percentile under 100 ms.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from directory import accounts, proposals
from directory.database import Database
from directory.proposals import Finding
from directory.settings import Settings
from directory.taxonomy import taxonomy
from web.app import create_app
from web.curation.sessions import cookie_name
from web.wiring import wire

ASKED = (
    "", "?basin=nord", "?basin=region&theme=grief", "?kind=update", "?confidence=low&sort=oldest", "?sort=newest&page=40",
    "?page=300", "?status=to_confirm", "?theme=vaccination&kind=new&basin=sud",
)  # fmt: skip


def main(arguments: Sequence[str] = ()) -> None:
    """Prints one JSON document with the milliseconds, on the clock and of the processor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--proposals", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--database", help="an empty PostgreSQL database; SQLite in a temporary folder if absent")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url=given.database)
        services = wire(settings)
        services.database.migrate()
        fill(services.database, given.proposals)
        app = create_app(settings, services=services)
        client = app.test_client()
        with services.database.write() as session:
            row = accounts.add_account(
                session, email="a@b.example", name="A", role="admin", basins=(), language="fr", by="bench"
            )
            token = accounts.start_session(session, row.id, now=datetime.now(UTC))
        with app.test_request_context():
            client.set_cookie(cookie_name(), token)
        times: dict[str, list[float]] = {query: [] for query in ASKED}
        worked: list[float] = []
        for _round in range(given.rounds + 1):
            for query in ASKED:
                started, busy = time.perf_counter(), time.process_time()
                answer = client.get(f"/fr/curation/{query}")
                times[query].append((time.perf_counter() - started) * 1000)
                worked.append((time.process_time() - busy) * 1000)
                assert answer.status_code == 200, answer.text
        services.database.close()
    measured = {query: values[1:] for query, values in times.items()}  # the first round compiles
    together = [value for values in measured.values() for value in values]
    report: dict[str, Any] = {"proposals": given.proposals, "requests": len(together), **percentiles(together)}
    report["processor"] = percentiles(worked[len(ASKED) :])
    report["by_query"] = {query or "all": percentiles(values) for query, values in measured.items()}
    print(json.dumps(report, indent=2))


def percentiles(values: list[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    cuts = quantiles(values, n=100, method="inclusive")
    return {"p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1)}


def fill(database: Database, number: int) -> None:
    """Proposals as a crawl makes them, of all basins, themes and kinds."""
    chance, lists = random.Random(7), taxonomy()
    basins, themes, types = list(lists.basins), list(lists.themes), list(lists.types)
    words = [
        "atelier",
        "deuil",
        "écoute",
        "formation",
        "soin",
        "proche",
        "aidant",
        "santé",
        "réseau",
        "quartier",
        "accueil",
        "parole",
        "jeunes",
        "aînés",
    ]
    with database.write() as session:
        for n in range(number):
            text = " ".join(chance.choices(words, k=60))
            resource = {
                "id": f"ressource-{n}", "type": chance.choice(types), "title": {"fr": f"{text[:50]} {n}", "nl": text[:60]},
                "summary": {"fr": text, "nl": text}, "description": {"fr": text * 5}, "languages": ["fr"],
                "organisations": [{"name": "Une asbl"}], "links": [{"url": f"https://asbl.example/{n}", "kind": "page"}],
                "themes": chance.sample(themes, 2), "basins": [chance.choice(basins)], "cost": {"kind": "free"},
            }  # fmt: skip
            proposals.submit(
                session,
                Finding(
                    source=f"asbl-{n % 40}", kind="new" if n % 5 else "duplicate", url=f"https://asbl.example/{n}",
                    resource=resource, evidence={"title": text[:80], "summary": text}, places={"title": "h1"},
                    field_confidence={"title": 0.9, "summary": 0.6}, confidence=round(chance.random(), 2),
                    content_hash=f"h{n}",
                ),
            )  # fmt: skip
            if n % 1000 == 999:
                session.expunge_all()
    _spread(database)


def _spread(database: Database) -> None:
    """Let them have come in over a year."""
    from sqlalchemy import select

    from directory.models import Proposal

    start = datetime.now(UTC) - timedelta(days=365)
    with database.write() as session:
        for n, row in enumerate(session.scalars(select(Proposal))):
            row.created_at = start + timedelta(minutes=50 * n)


if __name__ == "__main__":
    main(sys.argv[1:])
