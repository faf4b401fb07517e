"""How entries stand: what is kept in memory says what the catalogue says, whatever happened since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from directory import catalogue, link_health, proposals, search_log, suggestions
from directory.accounts import Person
from directory.boards import Board, list_boards
from directory.catalogue import Change
from directory.database import Database
from directory.quality import Facts, assess
from directory.standings import Standing, Wanted, assess_entry, choose, list_standings
from tests.directory.samples import ALICE, resource

TODAY = date(2026, 11, 25)
ADMIN = Person(1, "root@asbl.example", "Root", "admin", ())


def add(database: Database, id_: str, **changes: Any) -> dict[str, Any]:
    with database.write() as session:
        change = Change("alice", "a test", datetime(2026, 11, 1, tzinfo=UTC))
        return catalogue.create_resource(session, resource(id_, **changes), change)


def standings(database: Database, today: date = TODAY) -> dict[str, Standing]:
    with database.read() as session:
        return {one.id: one for one in list_standings(session, today=today)}


def boards(database: Database, person: Person = ADMIN) -> dict[str, Board]:
    with database.read() as session:
        found = list_boards(session, list_standings(session, today=TODAY), person, today=TODAY)
    return {board.basin: board for board in found}


def test_what_is_kept_follows_every_change(database: Database) -> None:
    before = add(database, "une")
    add(database, "deux")
    assert "translation_nl" in standings(database)["une"].quality.lacks
    with database.write() as session:
        catalogue.revise_resource(session, {**before, "title": {"fr": "Un", "nl": "Een"}}, ALICE)
        catalogue.archive_resource(session, "deux", 1, ALICE)
    after = standings(database)
    assert "translation_nl" not in after["une"].quality.lacks
    assert after["deux"].status == "archived"
    for id_, one in after.items():  # as if nothing had been kept
        with database.read() as session:
            document = catalogue.get_resource(session, id_, public=False)
            assert one.quality == assess(document, Facts()) == assess_entry(session, document, today=TODAY)


def test_a_write_that_is_taken_back_leaves_nothing_behind(database: Database) -> None:
    before = add(database, "une")
    try:
        with database.write() as session:
            catalogue.revise_resource(session, {**before, "title": {"fr": "Un", "nl": "Een"}}, ALICE)
            list_standings(session, today=TODAY)
            raise RuntimeError("taken back")
    except RuntimeError:
        pass
    assert "translation_nl" in standings(database)["une"].quality.lacks


def test_days_and_dead_links_count_without_a_change_of_the_entry(database: Database) -> None:
    url = "https://asbl.example/page"
    add(database, "une", verified_on="2026-11-20", links=[{"url": url, "kind": "page"}])
    assert not {"overdue", "link_dead"} & set(standings(database)["une"].quality.lacks)
    now = datetime(2026, 11, 25, tzinfo=UTC)
    for at in (now, now + timedelta(days=2)):
        with database.write() as session:
            link_health.record_sighting(
                session, link_health.Sighting(url=url, outcome="gone", at=at, reason="http_404", status=404), ["une"]
            )
    assert "link_dead" in standings(database)["une"].quality.lacks
    assert "overdue" in standings(database, date(2029, 1, 1))["une"].quality.lacks
    with database.read() as session:
        document = catalogue.get_resource(session, "une")
        late = assess_entry(session, document, today=date(2029, 1, 1))
    assert late == standings(database, date(2029, 1, 1))["une"].quality


def test_a_summary_that_is_the_page_s_own_is_told_after_acceptance(database: Database) -> None:
    text = "Un groupe de parole ouvert à toutes les personnes en deuil, chaque mardi soir à Jette."
    finding = proposals.Finding(
        source="asbl", kind="new", url="https://asbl.example/", resource=resource("une", summary={"fr": text}),
        evidence={"summary": text}, confidence=0.9, content_hash="one",
    )  # fmt: skip
    with database.write() as session:
        _, made = proposals.submit(session, finding)
        proposals.accept(session, made["id"], ALICE)
    assert "summary_copied" in standings(database)["une"].quality.lacks
    with database.write() as session:
        document = catalogue.get_resource(session, "une")
        own = "Chaque semaine, des personnes endeuillées se retrouvent pour en parler ensemble à Jette."
        catalogue.revise_resource(session, {**document, "summary": {"fr": own}}, ALICE)
    assert "summary_copied" not in standings(database)["une"].quality.lacks


def test_what_a_reader_wrote_is_copied_from_no_page(database: Database) -> None:
    text = "Un groupe de parole ouvert à toutes les personnes en deuil, chaque mardi soir à Jette."
    told = suggestions.Missing(title="Parole", message=text, language="fr", organisation="Une asbl", basin="nord")
    with database.write() as session:
        _, made = suggestions.suggest_missing(session, told, page="https://senne.example/fr/proposer")
        row = session.get_one(proposals.Proposal, made["id"])
        row.resource = {**row.resource, "type": "tool", "themes": ["grief"]}
        id_ = proposals.accept(session, made["id"], ALICE)["id"]
    assert "summary_copied" not in standings(database)[id_].quality.lacks


def test_entries_are_chosen_by_text_without_accents_and_sorted_by_quality(database: Database) -> None:
    add(database, "cafe", title="Café deuil", cost={"kind": "free"})
    add(database, "the", title="Thé", themes=["vaccination"], basins=["sud"])
    add(database, "brouillon", title="Café, bientôt", status="draft")
    found = list(standings(database).values())
    assert [one.id for one in choose(found, Wanted(text="CAFE"))] == ["cafe", "brouillon"]
    assert [one.id for one in choose(found, Wanted(sort="quality"))][-1] == "cafe"
    assert [one.id for one in choose(found, Wanted(basin="sud", theme="vaccination"))] == ["the"]
    assert {one.id for one in choose(found, Wanted(lack="cost_unknown"))} == {"the"}  # drafts are nobody's lack
    assert [one.id for one in choose(found, Wanted(sort="title"))] == ["cafe", "brouillon", "the"]


def test_a_board_counts_what_its_lists_hold(database: Database) -> None:
    add(database, "nord")
    add(database, "nord-nl", title="Titel", summary={"nl": "Een samenvatting."})
    add(database, "partout", basins=["region"], themes=["vaccination"])
    add(database, "cache", status="draft")
    old, new = datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    with database.write() as session:
        for number, at in enumerate((new, old)):
            _, made = proposals.submit(
                session,
                proposals.Finding(
                    source="asbl", kind="new", url=f"https://asbl.example/{number}",
                    resource=resource(f"neuf-{number}"), evidence={}, confidence=0.9, content_hash=str(number),
                ),
            )  # fmt: skip
            row = session.get(proposals.Proposal, made["id"])
            assert row
            row.created_at = at
        for day, basins in ((TODAY, ["nord"]), (TODAY, ["nord", "sud"]), (TODAY - timedelta(days=200), ["nord"])):
            search_log.record_gap(session, "rien", basins=basins, themes=["grief"], day=day, key=b"key")
    found = boards(database)
    nord, everything = found["nord"], list(standings(database).values())
    assert (nord.published, nord.waiting, nord.to_confirm, nord.oldest_at) == (2, 2, 0, old)
    assert nord.missing == {"fr": 1, "nl": 2}
    for language in ("fr", "nl"):
        wanted = Wanted(basin="nord", lack=f"translation_{language}")
        assert nord.missing[language] == len(choose(everything, wanted))
    assert (nord.searches, found["sud"].searches) == (2, 1)
    assert [(gap.theme, gap.searches) for gap in nord.gaps] == [("grief", 2)]
    thin = {one.theme: (one.local, one.regional) for one in nord.thin}
    assert thin["grief"] == (2, 0)
    assert thin["vaccination"] == (0, 1)
    assert found["sud"].quality is None


def test_a_curator_s_own_basins_come_first(database: Database) -> None:
    curator = Person(2, "bob@asbl.example", "Bob", "curator", ("sud",))
    assert next(iter(boards(database, curator))) == "sud"
    assert set(boards(database, curator)) == set(boards(database))
