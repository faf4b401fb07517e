"""Whatever is done to the catalogue, in whatever order two indexes hear of it, both end up equal to it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from directory import catalogue, outbox
from directory.database import Database
from directory.errors import ImportRejected
from directory.imports import import_files
from directory.models import Revision
from directory.outbox import PendingChange
from tests.directory.samples import ALICE, resource

NOW = datetime(2026, 11, 24, tzinfo=UTC)
IDS = ["a-a", "b-b", "c-c"]
INDEXES = ["here", "there"]
Index = dict[str, dict[str, Any]]

ids = st.sampled_from(IDS)
titles = st.sampled_from(["Un", "Deux", "Trois"])
statuses = st.sampled_from(["draft", "published", "archived"])
indexes = st.sampled_from(INDEXES)
picks = st.lists(st.integers(0, 9), max_size=6)


class PresentState:
    """What the indexer does: look again at each id."""

    def apply(self, database: Database, index: Index, changes: list[PendingChange]) -> None:
        wanted = [change.resource_id for change in changes]
        with database.read() as session:
            found = catalogue.get_resources(session, wanted)
        for id_ in wanted:
            if id_ in found:
                index[id_] = found[id_]
            else:
                index.pop(id_, None)


class CarriedContent:
    """The mistake that the outbox's rows are made to prevent: apply what each change said when it was made."""

    def apply(self, database: Database, index: Index, changes: list[PendingChange]) -> None:
        for change in changes:
            with database.read() as session:
                told = session.get_one(Revision, change.sequence).document  # each change makes one row of both
            if told["status"] == "published":
                index[change.resource_id] = told
            else:
                index.pop(change.resource_id, None)


class CatalogueAndIndexes(RuleBasedStateMachine):
    """A catalogue that people edit while two indexes follow it, each at its own pace."""

    file: Path
    indexer: Callable[[], Any] = PresentState

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = shutil.copy(self.file, Path(self.folder.name) / "catalogue.sqlite3")
        self.database = Database(f"sqlite:///{path}")
        self.follow = self.indexer()
        self.indexes: dict[str, Index] = {name: {} for name in INDEXES}
        with self.database.write() as session:
            for name in INDEXES:
                outbox.register_index(session, name, now=NOW)

    def present(self, id_: str) -> dict[str, Any] | None:
        with self.database.read() as session:
            return catalogue.get_resources(session, [id_], public=False).get(id_)

    @rule(id_=ids, title=titles, status=statuses)
    def create(self, id_: str, title: str, status: str) -> None:
        if self.present(id_) is None:
            with self.database.write() as session:
                catalogue.create_resource(session, resource(id_, title, status=status), ALICE)

    @rule(id_=ids, title=titles, status=statuses)
    def revise(self, id_: str, title: str, status: str) -> None:
        if present := self.present(id_):
            with self.database.write() as session:
                catalogue.revise_resource(session, {**present, "title": {"fr": title}, "status": status}, ALICE)

    @rule(id_=ids)
    def archive(self, id_: str) -> None:
        if present := self.present(id_):
            with self.database.write() as session:
                catalogue.archive_resource(session, id_, present["version"], ALICE)

    @rule(entries=st.lists(st.tuples(ids, titles, st.none() | st.integers(1, 5)), max_size=3))
    def import_file(self, entries: list[tuple[str, str, int | None]]) -> None:
        path = Path(self.folder.name) / "entries.jsonl"
        documents = [resource(id_, title, **({"version": v} if v else {})) for id_, title, v in entries]
        path.write_text("\n".join(map(json.dumps, documents)))
        with suppress(ImportRejected):  # a double id or an older version: nothing was written
            import_files(self.database, [path], ALICE)

    @rule(name=indexes, order=picks, confirm=st.booleans(), repeat=st.booleans())
    def hear_of_some_changes(self, name: str, order: list[int], confirm: bool, repeat: bool) -> None:
        """In any order; not confirming is a crash between the index's work and its word."""
        with self.database.read() as session:
            pending = outbox.pending_changes(session, name)
        changes = [pending[pick % len(pending)] for pick in order if pending]
        for _ in range(1 + repeat):
            self.follow.apply(self.database, self.indexes[name], changes)
            if confirm:
                with self.database.write() as session:
                    outbox.acknowledge(session, name, [change.sequence for change in changes])

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        for name in INDEXES:
            with self.database.read() as session:
                pending = outbox.pending_changes(session, name)
            self.follow.apply(self.database, self.indexes[name], pending)
            with self.database.write() as session:
                outbox.acknowledge(session, name, [change.sequence for change in pending])
        with self.database.read() as session:
            public = {document["id"]: document for document in catalogue.list_resources(session)}
            waiting = outbox.backlog(session)[0]
            for id_ in IDS:
                history = catalogue.list_revisions(session, id_)
                versions = [revision.version for revision in history]
                assert versions == sorted(set(versions)), "versions only grow"
                if history:
                    assert history[-1].document == catalogue.get_resource(session, id_, public=False)
        self.database.close()
        self.folder.cleanup()
        assert self.indexes == dict.fromkeys(INDEXES, public)
        assert waiting == 0


def machine(file: Path, follower: Callable[[], Any]) -> type[CatalogueAndIndexes]:
    return type("Machine", (CatalogueAndIndexes,), {"file": file, "indexer": follower})


def test_indexes_that_look_at_the_present_state_end_equal_to_the_catalogue(migrated_file: Path) -> None:
    law = settings(max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    run_state_machine_as_test(machine(migrated_file, PresentState), settings=law)


@pytest.mark.parametrize("follower", [PresentState, CarriedContent])
def test_an_index_that_applies_what_a_change_carried_is_found_out(migrated_file: Path, follower: Any) -> None:
    story = machine(migrated_file, follower)()
    story.start()
    story.create("a-a", "Un", "published")
    story.revise("a-a", "Deux", "published")
    story.hear_of_some_changes("here", [1, 0], confirm=True, repeat=False)
    if follower is PresentState:
        story.teardown()
    else:
        with pytest.raises(AssertionError, match="Deux"):
            story.teardown()
