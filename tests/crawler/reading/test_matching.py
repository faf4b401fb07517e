"""What a reading is to the catalogue and to other proposals."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from crawler.matching import Match, changed_fields, find_duplicates, match, unused_id
from crawler.near_duplicates import simhash
from crawler.page import Reading
from crawler.records_alike import SAME, same_resource
from directory import catalogue, proposals
from directory.catalogue import Change
from directory.database import Database
from directory.proposals import Finding

ALICE = Change("alice", "a test")
TEXT = " ".join(
    f"Le groupe numéro {n} se retrouve pour parler du deuil et de ce qui aide dans la vie de tous les jours."
    for n in range(9)
)


def record(
    id_: str = "cafe-deuil-jette", title: str = "Café deuil à Jette", url: str = "", **changes: Any
) -> dict[str, Any]:
    """A resource as a curator would have written it."""
    return {
        "id": id_,
        "type": "event",
        "title": {"fr": title},
        "organisations": [{"name": "Les Bruyères asbl"}],
        "links": [{"url": url or f"https://bruyeres.example/{id_}", "kind": "page"}],
        "themes": ["grief"],
        "basins": ["nord"],
        "status": "published",
        **changes,
    }


def reading(resource: dict[str, Any], *, text: str = "", twins: dict[str, str] | None = None) -> Reading:
    """A reading of a page that says this."""
    near = simhash(text) if text else None
    digest = f"hash-{hash(str(resource))}" + (f".{near:016x}" if near is not None else "")
    return Reading(
        kind="resource", text=text, content_hash=digest, resource=resource, twins=twins or {}, confidence=0.9
    )


def propose(session: Session, url: str, resource: dict[str, Any], *, text: str = "", kind: str = "new") -> str:
    """A proposal read at `url`; its id."""
    one = reading(resource, text=text)
    finding = Finding(
        source="s", kind=kind, url=url, resource=resource, evidence={}, confidence=0.9, content_hash=one.content_hash
    )
    return str(proposals.submit(session, finding)[1]["id"])


def judge(session: Session, url: str, one: Reading) -> Match:
    return match(session, source="s", url=url, reading=one)


def test_what_nobody_knows_is_new(database: Database) -> None:
    with database.write() as session:
        catalogue.create_resource(session, record(), ALICE)
        other = record("mon-carnet", "Mon carnet de vie", organisations=[{"name": "Énéo"}])
        assert judge(session, "https://eneo.example/carnet", reading(other)) == Match(kind="new", id="mon-carnet")


def test_a_new_one_is_called_as_no_other_is(database: Database) -> None:
    with database.write() as session:
        catalogue.create_resource(session, record("mon-carnet", "Un carnet de chant de la chorale"), ALICE)
        other = record("mon-carnet", "Mon carnet de vie", organisations=[{"name": "Énéo"}])
        found = judge(session, "https://eneo.example/carnet", reading(other))
        assert (found.kind, found.id) == ("new", "mon-carnet-2")


@pytest.mark.parametrize("address", ["https://bruyeres.example/cafe", "http://www.bruyeres.example/cafe/"])
def test_the_same_address_is_an_update(database: Database, address: str) -> None:
    with database.write() as session:
        catalogue.create_resource(session, record(url="https://bruyeres.example/cafe"), ALICE)
        found = judge(session, address, reading(record("autre", "Un tout autre titre")))
    assert (found.kind, found.matches) == ("update", ["cafe-deuil-jette"])


def test_an_address_that_many_entries_share_is_no_update(database: Database) -> None:
    with database.write() as session:
        for number in ("un", "deux"):
            catalogue.create_resource(
                session, record(number * 2, f"Outil {number}", url="https://a.example/outils"), ALICE
            )
        found = judge(session, "https://a.example/outils", reading(record("x-y-z", "Tous nos outils de prévention")))
    assert found.kind == "new"


def test_the_twin_of_a_known_page_is_a_translation(database: Database) -> None:
    with database.write() as session:
        catalogue.create_resource(session, record(url="https://bruyeres.example/fr/cafe"), ALICE)
        dutch = record("rouwcafe-jette") | {"title": {"nl": "Rouwcafé in Jette"}}
        found = judge(
            session,
            "https://bruyeres.example/nl/cafe",
            reading(dutch, twins={"fr": "https://bruyeres.example/fr/cafe"}),
        )
    assert (found.kind, found.matches) == ("translation", ["cafe-deuil-jette"])


def test_the_known_page_in_a_language_that_the_entry_lacks_is_a_translation(database: Database) -> None:
    with database.write() as session:
        links = [{"url": f"https://b.example/{tag}/cafe", "language": tag, "kind": "page"} for tag in ("fr", "nl")]
        catalogue.create_resource(session, record(links=links), ALICE)
        dutch = record("rouwcafe") | {"title": {"nl": "Rouwcafé in Jette"}}
        assert judge(session, "https://b.example/nl/cafe", reading(dutch)).kind == "translation"
        assert judge(session, "https://b.example/fr/cafe", reading(record("autre"))).kind == "update"


def test_the_twin_of_a_proposal_waits_for_its_resource(database: Database) -> None:
    with database.write() as session:
        propose(session, "https://b.example/fr/cafe", record())
        dutch = record("rouwcafe") | {"title": {"nl": "Rouwcafé"}}
        found = judge(session, "https://b.example/nl/cafe", reading(dutch, twins={"fr": "https://b.example/fr/cafe"}))
        again = judge(
            session, "https://b.example/fr/cafe", reading(record(), twins={"nl": "https://b.example/nl/cafe"})
        )
    assert (found.kind, found.matches) == ("translation", ["cafe-deuil-jette"])
    assert again.kind == "new", "a second visit does not turn the first page into a twin of its own translation"


def test_a_text_that_is_nearly_the_same_is_a_duplicate(database: Database) -> None:
    with database.write() as session:
        propose(session, "https://a.example/cafe", record(), text=TEXT)
        copy = record("groupe-du-mardi", "Groupe du soir", organisations=[{"name": "Autre asbl"}])
        found = judge(session, "https://c.example/copie", reading(copy, text=TEXT + " Lire la suite sur notre site."))
    assert (found.kind, found.matches) == ("duplicate", ["cafe-deuil-jette"])


def test_the_same_title_of_the_same_organisation_is_a_duplicate(database: Database) -> None:
    with database.write() as session:
        catalogue.create_resource(session, record(), ALICE)
        again = record("cafe-deuil", "Café deuil – Jette", organisations=[{"name": "Bruyères"}])
        found = judge(session, "https://agenda.example/123", reading(again))
    assert (found.kind, found.matches) == ("duplicate", ["cafe-deuil-jette"])


def test_a_second_crawl_says_the_same_of_both_pages(database: Database) -> None:
    first, second = record(), record("cafe-deuil-2", "Café deuil à Jette")
    with database.write() as session:
        propose(session, "https://a.example/1", first, text=TEXT)
        assert judge(session, "https://a.example/2", reading(second, text=TEXT)).kind == "duplicate"
        propose(session, "https://a.example/2", second, text=TEXT, kind="duplicate")
        assert judge(session, "https://a.example/1", reading(first, text=TEXT)).kind == "new"
        assert judge(session, "https://a.example/2", reading(second, text=TEXT)).kind == "duplicate"


def test_what_was_decided_and_says_the_same_is_known(database: Database) -> None:
    with database.write() as session:
        for address, decide in (("https://a.example/1", proposals.accept), ("https://a.example/2", proposals.reject)):
            one = record(
                f"page-{address[-1]}",
                f"Une page au titre bien à elle, {'premier' if address[-1] == '1' else 'second'} jet",
            )
            decide(session, propose(session, address, one), ALICE)
            found = judge(session, address, reading(one))
            assert found.known == ("unchanged" if address[-1] == "1" else "already_rejected")
            assert judge(session, address, reading({**one, "type": "tool"})).known is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Concertation thématique santé mentale #3", "Concertation thématique santé mentale #4"),
        ("Helpdesk du Bassin Nord", "Helpdesk du Bassin Sud"),
        ("Intervision en santé mentale", "Supervision en santé mentale"),
        ("Café deuil à Jette", "Café deuil à Uccle"),
        ("Formation à l'écoute 2025", "Formation à l'écoute 2026"),
        ("Atelier pour les parents", "Atelier pour les jeunes"),
        ("Communauté de pratiques fin de vie", "Soins palliatifs à domicile"),
    ],
)
def test_titles_that_differ_in_what_tells_are_two_things(one: str, other: str) -> None:
    assert same_resource(record("a-a", one), record("b-b", other)) < SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café deuil à Jette", "CAFE DEUIL A JETTE"),
        ("Guide des lieux de liens en Région bruxelloise", "Le guide des lieux de liens en Région bruxelloise"),
        ("À vrai dire – cartes pour parler de ses souhaits", "A vrai dire : cartes pour parler de ses souhaits"),
        ("Mon carnet de vie", "« Mon carnet de vie »"),
    ],
)
def test_titles_that_differ_in_their_spelling_are_one(one: str, other: str) -> None:
    assert same_resource(record("a-a", one), record("b-b", other)) >= SAME


def test_the_same_title_on_another_day_is_another_event() -> None:
    days = [record(f"jour-{n}", occurrences=[{"start": f"2026-03-0{n}T14:00:00+01:00"}]) for n in (1, 2)]
    assert same_resource(*days) < SAME


def test_duplicates_are_found_among_records_too_and_never_the_record_itself() -> None:
    records = [record(), record("mon-carnet", "Mon carnet de vie")]
    assert [one for one, _ in find_duplicates(records, record("nouveau", "Café deuil, Jette"))] == ["cafe-deuil-jette"]
    assert find_duplicates(records, record()) == []


def test_the_index_follows_the_catalogue(database: Database) -> None:
    wanted = record("nouveau", "Café deuil, Jette")
    with database.write() as session:
        assert find_duplicates(session, wanted) == []
        catalogue.create_resource(session, record(), ALICE)
        assert [one for one, _ in find_duplicates(session, wanted)] == ["cafe-deuil-jette"]
        catalogue.archive_resource(session, "cafe-deuil-jette", 1, ALICE)
        assert find_duplicates(session, wanted) == []


def test_an_update_is_told_field_by_field() -> None:
    now = record(summary={"nl": "Rouw."})
    new = record(summary={"fr": "Deuil."}, basins=["sud"])
    assert changed_fields(now, new) == {
        "summary": ({"nl": "Rouw."}, {"nl": "Rouw.", "fr": "Deuil."}),
        "basins": (["nord"], ["sud"]),
    }


def test_an_id_that_is_taken_gets_a_number(database: Database) -> None:
    with database.write() as session:
        catalogue.create_resource(session, record(), ALICE)
        propose(session, "https://x.example/1", record("autre-chose"))
        assert unused_id(session, "cafe-deuil-jette", url="https://x.example/2") == "cafe-deuil-jette-2"
        assert unused_id(session, "autre-chose", url="https://x.example/2") == "autre-chose-2"
        assert unused_id(session, "autre-chose", url="https://x.example/1") == "autre-chose"
