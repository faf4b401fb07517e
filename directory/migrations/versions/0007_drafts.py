"""what people were writing and have not handed in; what an accepted proposal became is found by it

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_draft_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "subject", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_proposal_decision"), "proposal", ["decision"])


def downgrade() -> None:
    op.drop_index(op.f("ix_proposal_decision"), table_name="proposal")
    op.drop_table("draft")
