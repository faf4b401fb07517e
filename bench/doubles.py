"""How fast likely doubles are named while one types, with 20,000 entries: `python -m bench.doubles [--entries N]`.

The whole request of a person who has logged in, without a network, for titles as they grow letter by letter. The goal of
the project is under 100 ms. The first request of a process reads the whole catalogue; it is told apart. By the clock, and
(`cpu_…`) of the processor, which says more on a machine that others use too.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.queue import percentiles
from directory import accounts, catalogue
from directory.catalogue import Change
from directory.database import Database
from directory.settings import Settings
from directory.taxonomy import taxonomy
from web.app import create_app
from web.curation.sessions import cookie_name
from web.wiring import wire

WORDS = [
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
    "vaccination",
    "rencontre",
    "maison",
    "groupe",
    "midi",
    "café",
    "table",
    "ronde",
    "mémoire",
    "marche",
    "repas",
    "voisin",
    "logement",
    "dette",
    "alcool",
    "sommeil",
    "douleur",
    "naissance",
    "parents",
]


def main() -> None:
    """Prints one JSON document with the milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--titles", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), vectors=False)
        services = wire(settings)
        services.database.migrate()
        titles = fill(services.database, given.entries)
        app = create_app(settings, services=services)
        client = app.test_client()
        with services.database.write() as session:
            row = accounts.add_account(
                session, email="a@b.example", name="A", role="admin", basins=(), language="fr", by="bench"
            )
            token = accounts.start_session(session, row.id, now=datetime.now(UTC))
        with app.test_request_context():
            client.set_cookie(cookie_name(), token)

        def ask(path: str) -> tuple[float, float]:
            """Milliseconds by the clock, and of the processor."""
            started, used = time.perf_counter(), time.process_time()
            answer = client.get(path)
            taken = (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000
            assert answer.status_code == 200, answer.text
            return taken

        chance = random.Random(3)
        asked = [
            "/fr/curation/doublons?" + urlencode({"fr": title[:length], "type": "service", "organisation": f"Asbl {number}"})
            for number, title in enumerate(chance.sample(titles, given.titles))
            for length in range(4, len(title), 6)
        ]  # fmt: skip
        first = ask(asked[0])
        times = [ask(path) for path in asked]
        boards_first, boards = ask("/fr/curation/bassins"), [ask("/fr/curation/bassins") for _ in range(20)]
        lists = [ask(f"/fr/curation/fiches?sort=quality&page={number}") for number in range(1, 21)]
        services.database.close()
    report: dict[str, Any] = {"entries": given.entries, "requests": len(times)}
    report["doubles"] = {**told(times), "cpu_first_ms": round(first[1])}
    report["basins"] = {**told(boards), "cpu_first_ms": round(boards_first[1])}
    report["list_by_quality"] = told(lists)
    print(json.dumps(report, indent=2))


def told(times: list[tuple[float, float]]) -> dict[str, float]:
    """Median and 95th percentile of both clocks, and the longest, in milliseconds."""
    by_clock, of_processor = percentiles([clock for clock, _ in times]), percentiles([cpu for _, cpu in times])
    longest = {"cpu_longest_ms": round(max(cpu for _, cpu in times), 1)}
    return by_clock | {f"cpu_{name}": value for name, value in of_processor.items()} | longest


def fill(database: Database, number: int) -> list[str]:
    """Entries of all types, basins and themes; their titles."""
    chance, lists = random.Random(7), taxonomy()
    titles = []
    for start in range(0, number, 1000):
        with database.write() as session:
            for n in range(start, min(start + 1000, number)):
                text = " ".join(chance.choices(WORDS, k=60))
                titles.append(f"{' '.join(chance.choices(WORDS, k=5))} {n}")
                document = {
                    "id": f"ressource-{n}", "type": chance.choice(list(lists.types)), "title": {"fr": titles[-1]},
                    "summary": {"fr": text[:300]}, "description": {"fr": text * 3}, "languages": ["fr"],
                    "organisations": [{"name": f"Asbl {n % 900}"}], "themes": chance.sample(list(lists.themes), 2),
                    "links": [{"url": f"https://asbl.example/{n}", "kind": "page"}],
                    "basins": [chance.choice(list(lists.basins))], "status": "published",
                }  # fmt: skip
                catalogue.create_resource(session, document, Change("bench", "a measurement"))
    return titles


if __name__ == "__main__":
    main()
