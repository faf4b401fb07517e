"""accounts, sessions, failed logins; who proposed, and what the queue is filtered by

Revision: 0005, after 0004
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED: dict[str, sa.types.TypeEngine[Any]] = {
    "proposed_by": sa.Text(),
    "note": sa.Text(),
    "base_version": sa.Integer(),
    "approved_by": sa.Text(),
    "decided_version": sa.Integer(),
}


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("basins", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("link_stamp", sa.Integer(), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "account_session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_session_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_account_session")),
    )
    op.create_index(op.f("ix_account_session_account_id"), "account_session", ["account_id"])
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_key_at", "login_attempt", ["key", "at"])
    op.create_index(op.f("ix_login_attempt_at"), "login_attempt", ["at"])
    op.create_table(
        "proposal_term",
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_term_proposal_id_proposal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "facet", "value", name=op.f("pk_proposal_term")),
    )
    op.create_index("ix_proposal_term_facet_value", "proposal_term", ["facet", "value", "proposal_id"])
    for name, kind in ADDED.items():
        op.add_column("proposal", sa.Column(name, kind, nullable=True))
    op.create_index(
        "ix_proposal_status_confidence", "proposal", ["status", "confidence", "id", "kind", "proposed_by"]
    )
    op.create_index("ix_proposal_status_created_at", "proposal", ["status", "created_at", "id"])
    _fill_terms()


def _fill_terms() -> None:
    connection = op.get_bind()
    proposals = sa.table("proposal", sa.column("id", sa.Text()), sa.column("resource", sa.JSON()))
    terms = sa.table(
        "proposal_term", sa.column("proposal_id", sa.Text()), sa.column("facet", sa.Text()), sa.column("value", sa.Text())
    )
    rows = [
        {"proposal_id": row.id, "facet": facet, "value": value}
        for row in connection.execute(sa.select(proposals))
        for facet, field in (("basin", "basins"), ("theme", "themes"))
        for value in dict.fromkeys(str(term) for term in (row.resource or {}).get(field) or ())
    ]
    if rows:
        connection.execute(sa.insert(terms), rows)


def downgrade() -> None:
    op.drop_index("ix_proposal_status_created_at", "proposal")
    op.drop_index("ix_proposal_status_confidence", "proposal")
    with op.batch_alter_table("proposal") as proposal:
        for name in ADDED:
            proposal.drop_column(name)
    op.drop_table("proposal_term")
    op.drop_table("login_attempt")
    op.drop_table("account_session")
    op.drop_table("account")
