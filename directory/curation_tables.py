"""The tables of curation: accounts, their sessions, failed logins, and what a proposal is filtered by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from directory.models import Base, Proposal


class Account(Base):
    """A person who proposes or decides. Readers have none."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  #: lower case
    name: Mapped[str]
    role: Mapped[str]  #: one of `accounts.ROLES`
    basins: Mapped[list[Any]]  #: a curator's; empty for the other roles
    language: Mapped[str]
    password_hash: Mapped[str | None]  #: argon2id; None until the invitation is taken up
    totp_secret: Mapped[str | None]  #: base32; None where no second factor is asked
    totp_step: Mapped[int | None]  #: the last time step whose code was taken: none is taken twice
    link_stamp: Mapped[int]  #: grows with each link and each new password: older links end
    shortcuts: Mapped[bool]  #: whether single keys act on the queue (WCAG 2.1.4)
    enabled: Mapped[bool]
    created_at: Mapped[datetime]


class AccountSession(Base):
    """A login that lasts. The token itself is only in the browser."""

    __tablename__ = "account_session"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class LoginAttempt(Base):
    """A login that failed or is under way, under a hash of the account's or the caller's address."""

    __tablename__ = "login_attempt"
    __table_args__ = (sa.Index("ix_login_attempt_key_at", "key", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class ProposalTerm(Base):
    """A basin or theme of what is proposed, so that the queue can be filtered by it."""

    __tablename__ = "proposal_term"
    __table_args__ = (sa.Index("ix_proposal_term_facet_status", "facet", "status", "value", "proposal_id"),)
    proposal_id: Mapped[str] = mapped_column(sa.ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    facet: Mapped[str] = mapped_column(primary_key=True)  #: basin or theme
    value: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]  #: that of the proposal: terms are counted without looking at it


@sa.event.listens_for(Proposal, "after_update")
def _follow(_mapper: Any, connection: sa.Connection, row: Proposal) -> None:
    """A proposal's terms take over its new status, whoever decides."""
    if sa.inspect(row).attrs.status.history.has_changes():
        terms = sa.update(ProposalTerm).where(ProposalTerm.proposal_id == row.id)
        connection.execute(terms.values(status=row.status))


class Draft(Base):
    """What a person was writing and has not handed in; theirs alone."""

    __tablename__ = "draft"
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)  #: what it is a draft of, see `drafts.Subject`
    document: Mapped[dict[str, Any]]  #: the outside shape as it was typed, unchecked, with the version that was seen
    reason: Mapped[str]
    saved_at: Mapped[datetime]


class UploadedFile(Base):
    """A file that waits for its person to look at what its import would change (`upload_shelf`)."""

    __tablename__ = "uploaded_file"
    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)  #: the e-mail address of an account
    name: Mapped[str]
    content: Mapped[bytes]
    mapping: Mapped[dict[str, Any]]  #: as `exchange.mapping`
    uploaded_at: Mapped[datetime]
