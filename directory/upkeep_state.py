"""The tables that keep the catalogue current: what is known of each link, which reminders were sent, who wrote today.

Nothing here is part of the catalogue: links can be checked again, and a lost reminder is sent anew.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from directory.models import Base


class LinkHealth(Base):
    """What is known of one address that entries name. The rules are those of `link_health`."""

    __tablename__ = "link_health"
    url: Mapped[str] = mapped_column(primary_key=True)  #: as the entries write it
    state: Mapped[str] = mapped_column(index=True)  #: ok, moving, moved, failing, dead, unsure
    reason: Mapped[str]  #: why, a fixed word; "" for ok
    status: Mapped[int | None]
    checked_at: Mapped[datetime] = mapped_column(index=True)
    failing_since: Mapped[datetime | None]  #: first failure since it last answered
    target: Mapped[str | None]  #: where it leads for good
    moved_since: Mapped[datetime | None]  #: first sight of that target
    title: Mapped[str | None]  #: of the page, when it last answered
    note: Mapped[str | None]  #: what changed on the page, in one sentence


class Reminder(Base):
    """A question sent to an organisation or a curator: is this entry still right? Answered once, or never."""

    __tablename__ = "reminder"
    id: Mapped[str] = mapped_column(primary_key=True)  #: random; the signed link carries it
    resource_id: Mapped[str] = mapped_column(index=True)
    sent_to: Mapped[str]  #: the address; "" where the link was printed
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]  #: right, change, gone


class SuggestionTally(Base):
    """How many suggestions came today from one sender, under a hash whose key changes every day."""

    __tablename__ = "suggestion_tally"
    day: Mapped[date] = mapped_column(primary_key=True)
    sender_hash: Mapped[str] = mapped_column(primary_key=True)
    sent: Mapped[int]
