"""Resources and crowds that the tests of the directory share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from directory.catalogue import Change

ALICE = Change("alice", "a test")

#: For a test of what happens before the database is asked: one kind of database tells enough.
one_kind_of_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

#: Every field of the outside shape, each with everything that it can hold, in the order and form of exports.
FULL: dict[str, Any] = {
    "id": "atelier-deuil",
    "type": "training",
    "title": {"fr": "Atelier « deuil »", "nl": "Rouwatelier", "en": "Grief workshop"},
    "summary": {"fr": "Trois matinées.", "nl": "Drie ochtenden.", "en": "Three mornings."},
    "description": {"fr": "Premier alinéa.\n\n- un\n- deux", "nl": "Eerste alinea."},
    "how_made": {
        "steps": {"fr": "Écouter.\nÉcrire.", "nl": "Luisteren."},
        "partners": {"fr": "Une maison médicale."},
        "effort": {"en": "Six months."},
        "obstacles": {"nl": "Weinig tijd."},
        "recurring_since": "2019",
    },
    "organisations": [{"name": "Une asbl", "url": "https://asbl.example/"}, {"name": "Een vzw"}],
    "links": [
        {"url": "https://asbl.example/deuil?a=1&b=2", "language": "fr", "kind": "page"},
        {"url": "https://asbl.example/rouw.pdf", "language": "nl-BE", "kind": "download"},
        {"url": "https://asbl.example/inscription", "kind": "registration"},
    ],
    "languages": ["fr", "nl"],
    "themes": ["grief", "end_of_life"],
    "basins": ["sud", "nord"],
    "audiences": ["professionals", "families"],
    "cost": {
        "kind": "partly",
        "amount_eur": 12.35,
        "bim_amount_eur": 0.0,
        "note": {"fr": "Gratuit avec le statut BIM.", "nl": "Gratis met RVV."},
        "checked_on": "2026-10-01",
    },
    "easy_read": "tested",
    "recurring": False,
    "version": 4,
    "contact": {
        "phone": "+3225550101",
        "email": "info@asbl.example",
        "address": {"street": "Rue du Test 1", "postal_code": "1090", "commune": "Jette"},
    },
    "location": {"latitude": 50.8798, "longitude": 4.3289},
    "occurrences": [
        {"start": "2026-06-02T09:00:00+02:00", "end": "2026-06-02T12:00:00+02:00", "place": "Salle 1"},
        {"start": "2026-12-01T09:30:00+01:00", "url": "https://asbl.example/decembre"},
    ],
    "myths": ["flu_vaccine_gives_flu"],
    "keywords": ["café deuil", "endeuillé·es"],
    "source": {
        "kind": "curated",
        "url": "https://asbl.example/",
        "citation": "Brochure 2026, p. 4",
        "retrieved_on": "2026-11-01",
    },
    "verified_on": "2026-11-20",
    "status": "published",
}


def resource(id_: str = "une-ressource", title: str = "Un titre", **changes: Any) -> dict[str, Any]:
    """A small published resource."""
    return {
        "id": id_,
        "type": "tool",
        "title": {"fr": title},
        "organisations": [{"name": "Une asbl"}],
        "themes": ["grief"],
        "basins": ["nord"],
        "status": "published",
        **changes,
    }


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """What each task returned or raised, all of them started together, each in a thread."""
    start = threading.Barrier(len(tasks))
    results: list[Any] = [None] * len(tasks)

    def run(position: int, task: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[position] = task()
        except Exception as error:
            results[position] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
