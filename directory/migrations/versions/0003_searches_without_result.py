"""searches without result

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_gap",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("basin", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "basin", "theme", name=op.f("pk_search_gap")),
    )
    op.create_table(
        "search_gap_sighting",
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("text_hash", "day", name=op.f("pk_search_gap_sighting")),
    )
    op.create_index(op.f("ix_search_gap_sighting_day"), "search_gap_sighting", ["day"], unique=False)
    op.create_table(
        "search_gap_text",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("text", name=op.f("pk_search_gap_text")),
    )


def downgrade() -> None:
    op.drop_table("search_gap_text")
    op.drop_index(op.f("ix_search_gap_sighting_day"), table_name="search_gap_sighting")
    op.drop_table("search_gap_sighting")
    op.drop_table("search_gap")
