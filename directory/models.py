"""The tables. Column lengths are not limited here: the schemas at the door hold the limits.

A resource is a row with the rows that belong to it; lists keep their order by `position`.

Longer than 300 lines: the tables of the catalogue refer to one another and are read side by side.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

#: Sorted by character, whatever the server's language: exports are the same everywhere.
SortedText = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware UTC datetime, also on SQLite, which stores no zone. Refuses a naive one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a datetime without zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Keys and indexes are named by one convention, so that migrations can name them too."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: sa.Text,
        datetime: UtcDateTime,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
    }


class PartOfResource:
    """A row that lives and dies with its resource, at a place in a list."""

    @declared_attr
    def resource_id(cls) -> Mapped[str]:
        return mapped_column(sa.ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True)

    position: Mapped[int] = mapped_column(primary_key=True)


class ResourceTerm(PartOfResource):
    """One value in one of a resource's lists."""

    value: Mapped[str] = mapped_column(index=True)


class ResourceTheme(ResourceTerm, Base):
    __tablename__ = "resource_theme"


class ResourceBasin(ResourceTerm, Base):
    """Where the resource is offered; where its office stands is the resource's address."""

    __tablename__ = "resource_basin"


class ResourceAudience(ResourceTerm, Base):
    __tablename__ = "resource_audience"


class ResourceLanguage(ResourceTerm, Base):
    __tablename__ = "resource_language"


class ResourceKeyword(ResourceTerm, Base):
    __tablename__ = "resource_keyword"


class ResourceMyth(ResourceTerm, Base):
    __tablename__ = "resource_myth"


class ResourceTranslation(Base):
    """The resource's texts in one language."""

    __tablename__ = "resource_translation"
    resource_id: Mapped[str] = mapped_column(sa.ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    summary: Mapped[str | None]
    description: Mapped[str | None]
    steps: Mapped[str | None]
    partners: Mapped[str | None]
    effort: Mapped[str | None]
    obstacles: Mapped[str | None]
    cost_note: Mapped[str | None]


class ResourceOrganisation(PartOfResource, Base):
    __tablename__ = "resource_organisation"
    name: Mapped[str] = mapped_column(index=True)
    url: Mapped[str | None]


class ResourceLink(PartOfResource, Base):
    __tablename__ = "resource_link"
    url: Mapped[str] = mapped_column(index=True)
    language: Mapped[str | None]
    kind: Mapped[str]


class ResourceOccurrence(PartOfResource, Base):
    __tablename__ = "resource_occurrence"
    start: Mapped[datetime] = mapped_column(index=True)
    end: Mapped[datetime | None]
    place: Mapped[str | None]
    url: Mapped[str | None]


class Resource(Base):
    """The unit of the catalogue. Its outside shape is `schemas.ResourceSchema`."""

    __tablename__ = "resource"
    id: Mapped[str] = mapped_column(SortedText, primary_key=True)
    type: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    cost_kind: Mapped[str]
    cost_amount_cents: Mapped[int | None]
    cost_bim_amount_cents: Mapped[int | None]
    cost_checked_on: Mapped[date | None]
    easy_read: Mapped[str | None]
    recurring: Mapped[bool | None]
    recurring_since: Mapped[str | None]
    contact_phone: Mapped[str | None]
    contact_email: Mapped[str | None]
    address_street: Mapped[str | None]
    address_postal_code: Mapped[str | None]
    address_commune: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    source_kind: Mapped[str]
    source_url: Mapped[str | None]
    source_citation: Mapped[str | None]
    source_retrieved_on: Mapped[date | None]
    verified_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    translations: Mapped[list[ResourceTranslation]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    themes: Mapped[list[ResourceTheme]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=ResourceTheme.position
    )
    basins: Mapped[list[ResourceBasin]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=ResourceBasin.position
    )
    audiences: Mapped[list[ResourceAudience]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=ResourceAudience.position
    )
    languages: Mapped[list[ResourceLanguage]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=ResourceLanguage.position
    )
    keywords: Mapped[list[ResourceKeyword]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=ResourceKeyword.position
    )
    myths: Mapped[list[ResourceMyth]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=ResourceMyth.position
    )
    organisations: Mapped[list[ResourceOrganisation]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=ResourceOrganisation.position
    )
    links: Mapped[list[ResourceLink]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=ResourceLink.position
    )
    occurrences: Mapped[list[ResourceOccurrence]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=ResourceOccurrence.position
    )


class Revision(Base):
    """One change of one resource: who, when, why, which fields, and the whole resource after it."""

    __tablename__ = "revision"
    __table_args__ = (sa.UniqueConstraint("resource_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[str] = mapped_column(index=True)  # no foreign key: history outlives what it tells of
    version: Mapped[int]
    at: Mapped[datetime]
    author: Mapped[str]
    reason: Mapped[str]
    changes: Mapped[dict[str, Any]]  #: {field: [before, after]}, None for absent
    document: Mapped[dict[str, Any]]  #: the outside shape after the change


class Redirect(Base):
    """An id that was merged into another resource. Leads to a resource, never to another redirect."""

    __tablename__ = "redirect"
    __table_args__ = (sa.CheckConstraint("old_id <> to_id", name="leads_elsewhere"),)
    old_id: Mapped[str] = mapped_column(SortedText, primary_key=True)
    to_id: Mapped[str] = mapped_column(SortedText, sa.ForeignKey("resource.id"), index=True)
    at: Mapped[datetime]


class AuditEntry(Base):
    """Something that someone did, beside the revisions. Rows are only ever added: the database refuses the rest."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str]  #: noun.verb, such as resource.merged
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]]


class ColumnMapping(Base):
    """What a person said the columns of a table mean, remembered for the next file with the same columns."""

    __tablename__ = "column_mapping"
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[dict[str, Any]]  #: {heading of the file: column of Senne, or None for one to leave out}
    used_at: Mapped[datetime]


class OutboxRow(Base):
    """A resource changed: every live index has to look at it again. Carries no content, so order cannot harm."""

    __tablename__ = "outbox"
    #: A SQLite INTEGER key is its 64-bit rowid. AUTOINCREMENT: a number is never given twice, or an old
    #: acknowledgement could count for a new change.
    sequence: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    resource_id: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
    __table_args__ = ({"sqlite_autoincrement": True},)


class LiveIndex(Base):
    """A search index that follows the outbox."""

    __tablename__ = "live_index"
    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class Acknowledgement(Base):
    """This index has confirmed the change of this outbox row."""

    __tablename__ = "outbox_acknowledgement"
    index_name: Mapped[str] = mapped_column(sa.ForeignKey("live_index.name", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("outbox.sequence", ondelete="CASCADE"), primary_key=True
    )


class CrawlSource(Base):
    """A site that the crawler visits. Its outside shape is `sources.CrawlSourceSchema`."""

    __tablename__ = "crawl_source"
    name: Mapped[str] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]]
    enabled: Mapped[bool]
    created_at: Mapped[datetime]


class Proposal(Base):
    """What the crawler or a person suggests; a curator decides."""

    __tablename__ = "proposal"
    __table_args__ = (
        sa.Index("ix_proposal_status_confidence", "status", "confidence", "id", "kind", "proposed_by", "created_at"),
        sa.Index("ix_proposal_status_created_at", "status", "created_at", "id"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    url: Mapped[str] = mapped_column(index=True)
    resource: Mapped[dict[str, Any]]
    evidence: Mapped[dict[str, Any]]
    places: Mapped[dict[str, Any]]
    field_confidence: Mapped[dict[str, Any]]
    confidence: Mapped[float]
    matches: Mapped[list[Any]]
    content_hash: Mapped[str]  #: of what was read, to know an unchanged page
    status: Mapped[str] = mapped_column(index=True)  #: pending, to_confirm, accepted, rejected
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    #: why it was rejected, or the id of the resource it became
    decision: Mapped[str | None] = mapped_column(index=True)
    proposed_by: Mapped[str | None]  #: the person who made it; None for the crawler
    note: Mapped[str | None]  #: why that person made it
    base_version: Mapped[int | None]  #: the version of the match that a person's proposal was made on
    approved_by: Mapped[str | None]  #: the curator who accepted what another has to confirm
    decided_version: Mapped[int | None]  #: the version that its acceptance made: what undoing goes back from


class SearchGap(Base):
    """How often a search found nothing: per day, basin and theme; "" where none was named. Nothing about who searched."""

    __tablename__ = "search_gap"
    day: Mapped[date] = mapped_column(primary_key=True)
    basin: Mapped[str] = mapped_column(primary_key=True)
    theme: Mapped[str] = mapped_column(primary_key=True)
    searches: Mapped[int]


class SearchGapSighting(Base):
    """That some text found nothing on a day, as a keyed hash from which the text cannot be read back."""

    __tablename__ = "search_gap_sighting"
    text_hash: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)


class SearchGapText(Base):
    """A text that found nothing on enough different days to be no longer one person's."""

    __tablename__ = "search_gap_text"
    text: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int]
    last_day: Mapped[date]
