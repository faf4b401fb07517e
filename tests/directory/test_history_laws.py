"""Whatever curators do, in whatever order: no revision is lost, no old address breaks, nothing public is incomplete.

Longer than 300 lines: one machine of states, whose rules are read together.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from directory import catalogue, history, outbox, parts, redirects
from directory.database import Database
from directory.errors import (
    DirectoryError,
    ImportRejected,
    InvalidResource,
    MergeRefused,
    ResourceExists,
    ResourceMoved,
    UndoRefused,
    VersionConflict,
)
from directory.imports import import_files
from directory.models import Revision
from directory.schemas import load_resource
from tests.directory.samples import ALICE, resource

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PICK = st.integers(0, 1000)
TITLES = st.sampled_from(["Un", "Deux", "Trois", "=4", "  "])
STATUSES = st.sampled_from(["published", "draft", "archived"])
runs = count()


def machine(database: Database, folder: Path) -> type[RuleBasedStateMachine]:
    """The machine on one database; each run has ids and an index of its own."""

    class Curation(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.run, self.made = next(runs), 0
            self.ids: list[str] = []  # every id that ever was
            self.told: dict[tuple[str, int], dict[str, Any]] = {}  # every revision that was ever seen
            self.index: dict[str, dict[str, Any]] = {}  # what a search index would hold

        @initialize()
        def register(self) -> None:
            with database.write() as session:
                outbox.register_index(session, self.index_name, now=NOW)
                for _ in range(4):
                    self.ids.append(catalogue.create_resource(session, resource(self.new_id()), ALICE)["id"])

        @property
        def index_name(self) -> str:
            return f"index-{self.run}"

        def new_id(self) -> str:
            self.made += 1
            return f"r{self.run}-{self.made:03}"

        def pick(self, number: int) -> str:
            return self.ids[number % len(self.ids)]

        def now(self, resource_id: str) -> dict[str, Any] | None:
            with database.read() as session:
                try:
                    return catalogue.get_resource(session, resource_id, public=False)
                except ResourceMoved:
                    return None

        @rule(title=TITLES, status=STATUSES, with_organisation=st.booleans())
        def add(self, title: str, status: str, with_organisation: bool) -> None:
            document = resource(self.new_id(), title, status=status)
            if not with_organisation:
                document["organisations"] = []
            valid = bool(title.strip()) and (with_organisation or status != "published")
            try:
                with database.write() as session:
                    catalogue.create_resource(session, document, ALICE)
                assert valid, document
                self.ids.append(document["id"])
            except InvalidResource:
                assert not valid, document

        @rule(number=PICK, title=TITLES, status=STATUSES, stale=st.booleans())
        def edit(self, number: int, title: str, status: str, stale: bool) -> None:
            resource_id = self.pick(number)
            present = self.now(resource_id)
            seen = (present["version"] if present else 1) - stale
            document = resource(resource_id, title, status=status, version=max(seen, 1))
            expected: type[DirectoryError] | None = None
            if not title.strip():
                expected = InvalidResource
            elif present is None:
                expected = ResourceMoved
            elif document["version"] != present["version"]:
                expected = VersionConflict
            self.expect(expected, lambda session: catalogue.revise_resource(session, document, ALICE))

        @rule(first=PICK, second=PICK, combined=st.booleans(), sensible=st.booleans())
        def merge(self, first: int, second: int, combined: bool, sensible: bool) -> None:
            retired, kept = self.pick(first), self.pick(second)
            if sensible:
                with database.read() as session:
                    living = sorted(catalogue.get_resources(session, self.ids))
                if len(living) > 1:
                    retired = living.pop(first % len(living))
                    kept = living[second % len(living)]
            old, into = self.now(retired), self.now(kept)
            document = into or resource(kept)
            if combined and old and into:
                document = history.combine(into, old)
            expected: type[DirectoryError] | None = None
            if retired == kept:
                expected = MergeRefused
            elif old is None or into is None:
                expected = ResourceMoved
            elif old["status"] == "published" and into["status"] != "published":
                expected = MergeRefused
            version = old["version"] if old else 1
            self.expect(
                expected,
                lambda session: history.merge_resources(session, retired, document, ALICE, retired_version=version),
            )

        @rule(number=PICK, other=PICK, fresh=st.booleans())
        def split(self, number: int, other: int, fresh: bool) -> None:
            resource_id, part = self.pick(number), self.new_id() if fresh else self.pick(other)
            present = self.now(resource_id)
            with database.read() as session:
                to = redirects.find_redirect(session, part)
            expected: type[DirectoryError] | None = None
            if present is None or (to and to != resource_id):
                expected = ResourceMoved
            elif not fresh and to is None:
                expected = ResourceExists
            document = present or resource(resource_id)
            self.expect(
                expected,
                lambda session: history.split_resource(session, document, [resource(part, "Une part")], ALICE),
            )
            if fresh and expected is None:
                self.ids.append(part)

        @rule(number=PICK)
        def unmerge(self, number: int) -> None:
            resource_id = self.pick(number)
            expected = MergeRefused if self.now(resource_id) else None
            self.expect(expected, lambda session: history.unmerge_resource(session, resource_id, ALICE))

        @rule(number=PICK)
        def undo_the_last_split(self, number: int) -> None:
            """Where nothing of it was changed since; what was split off then leads to it."""
            resource_id = self.pick(number)
            with database.read() as session:
                told = history.find_split(session, resource_id)
            self.expect(None if told else UndoRefused, lambda session: history.undo_split(session, resource_id, ALICE))
            if told:
                with database.read() as session:
                    assert {redirects.find_redirect(session, part) for part in told["into"]} == {resource_id}
                present, before = self.now(resource_id), self.told[resource_id, told["before"]]
                assert {**(present or {}), "version": 0} == {**before, "version": 0}

        @rule(number=PICK, keys=st.sets(st.sampled_from(["title.fr", "themes.0", "organisations.0"])))
        def split_and_undo(self, number: int, keys: set[str]) -> None:
            """Taken back at once, a split leaves the entry as it was."""
            before = self.now(self.pick(number))
            if before is None:
                return
            part, sides = self.new_id(), dict.fromkeys(keys, parts.SIDES[2])
            kept, other = parts.take_apart(before, sides, new_id=part, title={"fr": "Une part"})
            with database.write() as session:
                history.split_resource(session, kept, [other], ALICE)
            self.ids.append(part)
            with database.write() as session:
                history.undo_split(session, before["id"], ALICE)
            after = self.now(before["id"])
            assert {**(after or {}), "version": 0} == {**before, "version": 0}
            assert self.now(part) is None

        @rule(first=PICK, second=PICK)
        def merge_and_undo(self, first: int, second: int) -> None:
            """Taken back at once, a merge leaves both as they were."""
            with database.read() as session:
                living = sorted(catalogue.get_resources(session, self.ids))
            if len(living) < 2:
                return
            retired = living.pop(first % len(living))
            kept = living[second % len(living)]
            old, into = self.now(retired), self.now(kept)
            assert old
            assert into
            with database.write() as session:
                combined = {**history.combine(into, old), "keywords": [f"fusion {self.made}"]}
                history.merge_resources(session, retired, combined, ALICE, retired_version=old["version"])
            with database.write() as session:
                history.undo_merge(session, retired, ALICE)
            for was in (old, into):
                assert {**(self.now(was["id"]) or {}), "version": 0} == {**was, "version": 0}

        @rule(number=PICK, back=st.booleans())
        def archive_or_bring_back(self, number: int, back: bool) -> None:
            resource_id = self.pick(number)
            present = self.now(resource_id)
            change = history.unarchive_resource if back else catalogue.archive_resource
            version = present["version"] if present else 1
            self.expect(
                None if present else ResourceMoved, lambda session: change(session, resource_id, version, ALICE)
            )
            if present:
                after = self.now(resource_id)
                assert after is not None
                assert (after["status"] == "archived") == (not back)

        @rule(number=PICK, which=PICK)
        def restore(self, number: int, which: int) -> None:
            resource_id = self.pick(number)
            known = sorted(version for id_, version in self.told if id_ == resource_id)
            version = known[which % len(known)]
            present = self.now(resource_id)
            seen = present["version"] if present else 1
            self.expect(
                None if present else ResourceMoved,
                lambda session: history.restore_revision(session, resource_id, version, ALICE, seen=seen),
            )
            if present:
                wanted = self.told[resource_id, version]
                assert {**(self.now(resource_id) or {}), "version": 0} == {**wanted, "version": 0}

        @rule(numbers=st.lists(PICK, max_size=3), title=TITLES, skip=st.booleans(), dry=st.booleans())
        def load(self, numbers: list[int], title: str, skip: bool, dry: bool) -> None:
            """An import of some known ids and a new one."""
            known, new = sorted({self.pick(number) for number in numbers}), self.new_id()
            bad = {id_ for id_ in known if self.now(id_) is None} | ({new} if not title.strip() else set())
            path = folder / "import.jsonl"
            lines = [resource(id_, "Importé") for id_ in known] + [resource(new, title)]
            path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
            before = self.revisions()
            try:
                problems = import_files(database, [path], ALICE, skip_invalid=skip, dry_run=dry).problems
                rejected = False
            except ImportRejected as error:
                problems, rejected = error.problems, True
            assert rejected == bool(bad and not skip)
            assert {problem.resource_id for problem in problems} == bad
            if dry or (bad and not skip):
                assert self.revisions() == before
            elif new not in bad:
                self.ids.append(new)

        def expect(self, error: type[DirectoryError] | None, change: Any) -> None:
            """The change works, or raises just this error and leaves nothing behind."""
            before = self.revisions() if error else None
            raised: DirectoryError | None = None
            try:
                with database.write() as session:
                    change(session)
            except DirectoryError as found:
                raised = found
            assert type(raised) is (error or type(None)), raised
            if before is not None:
                assert self.revisions() == before

        def revisions(self) -> dict[tuple[str, int], dict[str, Any]]:
            with database.read() as session:
                rows = session.scalars(sa.select(Revision).where(Revision.resource_id.in_(self.ids)))
                return {(revision.resource_id, revision.version): revision.document for revision in rows}

        @invariant()
        def no_revision_is_lost_or_changed(self) -> None:
            present = self.revisions()
            assert {key: present.get(key) for key in self.told} == self.told
            with database.read() as session:
                there = catalogue.get_resources(session, self.ids, public=False)
            for resource_id in self.ids:
                versions = sorted(version for id_, version in present if id_ == resource_id)
                assert versions == list(range(1, len(versions) + 1))
                if resource_id in there:
                    assert there[resource_id] == present[resource_id, versions[-1]]
            self.told = present

        @invariant()
        def every_id_leads_to_a_resource(self) -> None:
            with database.read() as session:
                leads = {id_: redirects.find_redirect(session, id_) for id_ in self.ids}
                there = catalogue.get_resources(session, self.ids, public=False)
            for resource_id in self.ids:
                to = leads[resource_id]
                assert (resource_id in there) != (to is not None), resource_id
                assert to is None or to in there, f"{resource_id} leads to {to}, which is not there"

        @invariant()
        def nothing_public_is_incomplete(self) -> None:
            with database.read() as session:
                for document in catalogue.get_resources(session, self.ids).values():
                    load_resource(document)
                    assert document["organisations"]
                    assert document["title"]
                    assert document["themes"]
                    assert document["basins"]

        @invariant()
        def an_index_that_follows_holds_what_is_public(self) -> None:
            with database.write() as session:
                changes = outbox.pending_changes(session, self.index_name)
                ids = {change.resource_id for change in changes}
                shown = catalogue.get_resources(session, ids)
                outbox.acknowledge(session, self.index_name, [change.sequence for change in changes])
            self.index = {
                id_: entry for id_, entry in {**self.index, **shown}.items() if id_ in shown or id_ not in ids
            }
            with database.read() as session:
                public = catalogue.get_resources(session, self.ids)
            assert {id_: entry for id_, entry in self.index.items() if id_ in self.ids} == public

    return Curation


def run(database: Database, folder: Path, *, examples: int, steps: int, shrink: bool) -> None:
    """`shrink`: look for the shortest way to a failure; takes minutes."""
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine(database, folder),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=phases,
            suppress_health_check=checks,
        ),
    )


def test_whatever_curators_do_nothing_is_lost(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, examples=6, steps=20, shrink=False)


@pytest.mark.long
def test_whatever_curators_do_for_long_nothing_is_lost(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, examples=150, steps=50, shrink=True)
