"""Brings the catalogue in line with an official list of pharmacies that vaccinate.

Each line is matched with the entry of the same name and address; what the list says of it is updated, everything else
that curators wrote stays. Lines that match nothing become entries. Entries of the postal codes that the list covers and
that it no longer names (or says of that they do not vaccinate) are proposed as gone: a curator decides.

Where a postal code lies in several basins, the entry gets all of them, as whoever searches in one of them should find
it, and the report names it; once a curator has chosen among them, later imports leave the choice alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from directory import audit, proposals
from directory.catalogue import BATCH, Change, get_resources, put_resource
from directory.database import Database
from directory.errors import ImportRejected, InvalidResource, LineProblem, ResourceMoved, walk_messages
from directory.exchange.cells import is_empty, read_text
from directory.exchange.csv_files import BrokenCsv
from directory.exchange.pharmacy_rows import Pharmacy, map_columns, read_pharmacy
from directory.exchange.tables import read_rows, slug
from directory.geography import find_place
from directory.models import Proposal, Resource
from directory.pharmacy_matching import address_of, house_of, likeness, name_key, street_key
from directory.taxonomy import LANGUAGES

SOURCE = "pharmacies"  #: of the proposals made here
TYPE, THEME = "pharmacy", "vaccination"
MOST_GONE = 0.3  #: of the entries that the list covers; above, the list itself is doubted, and none is proposed
ALWAYS_GONE = 3


@dataclass
class PharmacyReport:
    """What an import did, or (in a dry run) would do. Ids of entries; lines of the file."""

    created: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: int = 0
    gone: list[str] = field(default_factory=list)  #: proposed as gone
    held_back: list[str] = field(
        default_factory=list
    )  #: not proposed, as the list leaves out too many, or has unreadable lines
    ambiguous: list[str] = field(
        default_factory=list
    )  #: new, in all basins of their postal code: a curator should choose
    outside: int = 0  #: lines outside Brussels
    not_vaccinating: int = 0  #: lines that say so and match no entry
    problems: list[LineProblem] = field(default_factory=list)


class _DryRun(Exception):
    """Ends a transaction without keeping it."""


def import_pharmacies(
    database: Database,
    path: Path,
    change: Change,
    *,
    page_of: Callable[[str], str],
    mapping: Mapping[str, str | None] | None = None,
    dry_run: bool = False,
    skip_invalid: bool = False,
) -> PharmacyReport:
    """Import one list in one transaction: all of it, or nothing; with `skip_invalid` its good lines.

    page_of: the address of an entry's page, for proposals. Raises ImportRejected, FileRefused, OSError.
    """
    report = PharmacyReport()
    try:
        lines = list(_read(path, mapping or {}, report))
    except BrokenCsv as error:
        raise ImportRejected([LineProblem(str(path), error.line, None, None, str(error))]) from error
    try:
        with database.write() as session:
            _Import(session, path, change, report, page_of).run(lines, skip_invalid=skip_invalid)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def _read(path: Path, mapping: Mapping[str, str | None], report: PharmacyReport) -> Iterator[Pharmacy]:
    """The lines that could be understood; what is wrong with the others goes into the report."""
    rows = read_rows(path)
    number, cells = next(rows, (1, []))
    headings = ["" if is_empty(cell) else read_text(cell).strip() for cell in cells]
    columns = map_columns(str(path), number, headings, mapping)
    for number, cells in rows:
        pharmacy, wrong = read_pharmacy(number, cells, columns)
        report.problems += [LineProblem(str(path), number, None, column, message) for column, message in wrong]
        if pharmacy is not None:
            yield pharmacy


class _Import:
    """One import in its transaction."""

    def __init__(
        self, session: Session, path: Path, change: Change, report: PharmacyReport, page_of: Callable[[str], str]
    ) -> None:
        self._session, self._path, self._change, self._report = session, path, change, report
        self._page_of = page_of
        self._known = _load_known(session)
        self._by_house: dict[tuple[str, str], list[str]] = {}
        for id_, document in self._known.items():
            self._by_house.setdefault(house_of(address_of(document)), []).append(id_)
        self._taken: dict[str, int] = {}  #: entry → the line that it is
        self._covered: set[str] = set()  #: postal codes in the list
        self._ids = set(session.scalars(sa.select(Resource.id)))

    def run(self, lines: Iterable[Pharmacy], *, skip_invalid: bool) -> None:
        """Take all lines, then say what is missing. Raises ImportRejected."""
        refused: set[str] = set()
        seen: dict[tuple[str, ...], int] = {}
        for pharmacy in lines:
            if find_place(pharmacy.postal_code) is None:
                self._report.outside += 1
                continue
            self._covered.add(pharmacy.postal_code)
            key = (name_key(pharmacy.name), pharmacy.postal_code, street_key(pharmacy.street))
            if (first := seen.setdefault(key, pharmacy.line)) != pharmacy.line:
                self._problem(pharmacy, None, f"says the same as line {first}; keep one.")
            elif (match := self._match(pharmacy)) and pharmacy.vaccinates is False:
                refused.add(match)
            elif pharmacy.vaccinates is False:
                self._report.not_vaccinating += 1
            else:
                self._put(pharmacy, match)
        if self._report.problems and not skip_invalid:
            raise ImportRejected(self._report.problems)
        self._propose_gone(refused)
        counts = {name: len(getattr(self._report, name)) for name in ("created", "revised", "gone")}
        if any(counts.values()):
            audit.record(
                self._session, self._change.author, "pharmacies.imported", self._path.name, counts, at=self._change.at
            )

    def _match(self, pharmacy: Pharmacy) -> str | None:
        """The entry of the same place and name that no other line is; the most alike."""
        best: tuple[float, str] | None = None
        for id_ in self._by_house.get(house_of({"postal_code": pharmacy.postal_code, "street": pharmacy.street}), []):
            document = self._known[id_]
            alike = likeness(pharmacy, document)
            if id_ not in self._taken and alike and (best is None or alike > best[0]):
                best = (alike, id_)
        if best is None:
            return None
        self._taken[best[1]] = pharmacy.line
        return best[1]

    def _put(self, pharmacy: Pharmacy, match: str | None) -> None:
        standing = self._known.get(match) if match else None
        id_ = match or self._new_id(pharmacy)
        document = _document(id_, pharmacy, standing, self._path.name)
        try:
            outcome = put_resource(self._session, document, self._change)
        except InvalidResource as error:
            for name, message in walk_messages(error.messages):
                self._problem(pharmacy, name, message)
            return
        except ResourceMoved as error:
            self._problem(
                pharmacy, None, f"its id {error.resource_id!r} was merged into {error.to!r}; say there what changed."
            )
            return
        if outcome == "unchanged":
            self._report.unchanged += 1
        else:
            getattr(self._report, outcome).append(id_)
        if standing is None and len(document["basins"]) > 1:
            self._report.ambiguous.append(id_)
        if match:
            self._withdraw(match)

    def _new_id(self, pharmacy: Pharmacy) -> str:
        base = slug(f"pharmacie {pharmacy.name if name_key(pharmacy.name) else ''} {pharmacy.postal_code}")[:70].strip(
            "-"
        )
        base = re.sub(r"^pharmacie-(?:pharmacie|apotheek|pharmacy)-", "pharmacie-", base)
        id_, number = base, 2
        while id_ in self._ids:
            id_, number = f"{base}-{number}", number + 1
        self._ids.add(id_)
        return id_

    def _propose_gone(self, refused: set[str]) -> None:
        """Entries that the list covers and no longer names; those that it says do not vaccinate always."""
        covered = [
            id_
            for id_, document in self._known.items()
            if address_of(document).get("postal_code") in self._covered and document["status"] == "published"
        ]
        missing = [id_ for id_ in covered if id_ not in self._taken]
        doubted = len(missing) > max(ALWAYS_GONE, MOST_GONE * len(covered))
        if doubted or self._report.problems:  # a line that could not be read may be one of them
            self._report.held_back, missing = missing, []
        for id_ in sorted({*missing, *refused}):
            why = "is said not to vaccinate" if id_ in refused else "is not named any more"
            outcome, _ = proposals.submit(
                self._session,
                proposals.Finding(
                    source=SOURCE,
                    kind="gone",
                    url=self._page_of(id_),
                    resource={"title": self._known[id_]["title"]},
                    evidence={"status": f"{why} in the list {self._path.name}"},
                    confidence=0.8,
                    matches=[id_],
                    content_hash=why,
                ),
            )
            if outcome != "already_rejected":
                self._report.gone.append(id_)

    def _withdraw(self, id_: str) -> None:
        """The list names it: a proposal that it has gone, and that nobody has decided, is closed."""
        where = (Proposal.source == SOURCE, Proposal.url == self._page_of(id_))
        proposals.withdraw(self._session, where, Change(SOURCE, "the list names it again", self._change.at))

    def _problem(self, pharmacy: Pharmacy, field_name: str | None, message: str) -> None:
        self._report.problems.append(LineProblem(str(self._path), pharmacy.line, None, field_name, message))


def _load_known(session: Session) -> dict[str, dict[str, Any]]:
    """The pharmacies of the catalogue that are not archived, by id."""
    query = sa.select(Resource.id).where(Resource.type == TYPE, Resource.status != "archived").order_by(Resource.id)
    ids = list(session.scalars(query))
    known: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), BATCH):
        known |= get_resources(session, ids[start : start + BATCH], public=False)
    return known


def _document(id_: str, pharmacy: Pharmacy, standing: dict[str, Any] | None, file: str) -> dict[str, Any]:
    """The entry as the list wants it: what it says over what stands; what it does not say stays."""
    place = find_place(pharmacy.postal_code)
    candidates = list(place.basins) if place else []
    base = standing or {
        "id": id_,
        "type": TYPE,
        "title": {},
        "organisations": [],
        "themes": [THEME],
        "basins": candidates,
        "audiences": ["general_public"],
        "source": {"kind": "import", "citation": file},
        "status": "published",
    }
    document = {key: value for key, value in base.items() if key != "version"}
    if standing is None or not any(name_key(text) == name_key(pharmacy.name) for text in base["title"].values()):
        document["title"] = dict.fromkeys(LANGUAGES, pharmacy.name)
        document["organisations"] = [{"name": pharmacy.name}, *base["organisations"][1:]]
    if not set(base["basins"]) <= {*candidates, "region"}:
        document["basins"] = candidates
    contact = dict(base.get("contact") or {})
    contact |= {key: value for key, value in (("phone", pharmacy.phone), ("email", pharmacy.email)) if value}
    address = {"street": pharmacy.street, "postal_code": pharmacy.postal_code}
    commune = pharmacy.commune or address_of(base).get("commune")
    document["contact"] = contact | {"address": address | ({"commune": commune} if commune else {})}
    if pharmacy.location:
        document["location"] = {"latitude": pharmacy.location[0], "longitude": pharmacy.location[1]}
    if pharmacy.languages:
        document["languages"] = list(pharmacy.languages)
    links = list(base.get("links") or [])
    if pharmacy.website and pharmacy.website not in {link["url"] for link in links}:
        document["links"] = [*links, {"url": pharmacy.website, "kind": "page"}]
    return document
