"""files that wait for their import; the terms of proposals by their status

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "uploaded_file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploaded_file")),
    )
    op.create_index(op.f("ix_uploaded_file_owner"), "uploaded_file", ["owner"])
    op.drop_index("ix_proposal_term_facet_value", table_name="proposal_term")
    op.add_column("proposal_term", sa.Column("status", sa.Text(), nullable=True))
    op.execute(
        "UPDATE proposal_term SET status = (SELECT status FROM proposal WHERE proposal.id = proposal_term.proposal_id)"
    )
    with op.batch_alter_table("proposal_term") as table:
        table.alter_column("status", nullable=False)
    op.create_index("ix_proposal_term_facet_status", "proposal_term", ["facet", "status", "value", "proposal_id"])
    op.drop_index("ix_proposal_status_confidence", table_name="proposal")
    columns = ["status", "confidence", "id", "kind", "proposed_by", "created_at"]
    op.create_index("ix_proposal_status_confidence", "proposal", columns)


def downgrade() -> None:
    op.drop_index("ix_proposal_status_confidence", table_name="proposal")
    columns = ["status", "confidence", "id", "kind", "proposed_by"]
    op.create_index("ix_proposal_status_confidence", "proposal", columns)
    op.drop_index("ix_proposal_term_facet_status", table_name="proposal_term")
    with op.batch_alter_table("proposal_term") as table:
        table.drop_column("status")
    op.create_index("ix_proposal_term_facet_value", "proposal_term", ["facet", "value", "proposal_id"])
    op.drop_table("uploaded_file")
