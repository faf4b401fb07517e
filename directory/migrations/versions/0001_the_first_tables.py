"""the first tables

Revision: 0001, after None
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crawl_source",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_crawl_source")),
    )
    op.create_table(
        "live_index",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_live_index")),
    )
    op.create_table(
        "outbox",
        sa.Column(
            "sequence",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("resource", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("field_confidence", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("matches", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_url"), ["url"], unique=False)

    op.create_table(
        "resource",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cost_kind", sa.Text(), nullable=False),
        sa.Column("cost_amount_cents", sa.Integer(), nullable=True),
        sa.Column("cost_bim_amount_cents", sa.Integer(), nullable=True),
        sa.Column("cost_checked_on", sa.Date(), nullable=True),
        sa.Column("easy_read", sa.Text(), nullable=True),
        sa.Column("recurring", sa.Boolean(), nullable=True),
        sa.Column("recurring_since", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("address_street", sa.Text(), nullable=True),
        sa.Column("address_postal_code", sa.Text(), nullable=True),
        sa.Column("address_commune", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("source_citation", sa.Text(), nullable=True),
        sa.Column("source_retrieved_on", sa.Date(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_resource_type"), ["type"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("resource_id", "version", name=op.f("uq_revision_resource_id")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "outbox_acknowledgement",
        sa.Column("index_name", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["index_name"],
            ["live_index.name"],
            name=op.f("fk_outbox_acknowledgement_index_name_live_index"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sequence"],
            ["outbox.sequence"],
            name=op.f("fk_outbox_acknowledgement_sequence_outbox"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("index_name", "sequence", name=op.f("pk_outbox_acknowledgement")),
    )
    op.create_table(
        "resource_audience",
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_audience_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "resource_id", name=op.f("pk_resource_audience")),
    )
    with op.batch_alter_table("resource_audience", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_audience_value"), ["value"], unique=False)

    op.create_table(
        "resource_basin",
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_basin_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "resource_id", name=op.f("pk_resource_basin")),
    )
    with op.batch_alter_table("resource_basin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_basin_value"), ["value"], unique=False)

    op.create_table(
        "resource_keyword",
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_keyword_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "resource_id", name=op.f("pk_resource_keyword")),
    )
    with op.batch_alter_table("resource_keyword", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_keyword_value"), ["value"], unique=False)

    op.create_table(
        "resource_language",
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_language_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "resource_id", name=op.f("pk_resource_language")),
    )
    with op.batch_alter_table("resource_language", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_language_value"), ["value"], unique=False)

    op.create_table(
        "resource_link",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_link_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "resource_id", name=op.f("pk_resource_link")),
    )
    with op.batch_alter_table("resource_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_link_url"), ["url"], unique=False)

    op.create_table(
        "resource_myth",
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_myth_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "resource_id", name=op.f("pk_resource_myth")),
    )
    with op.batch_alter_table("resource_myth", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_myth_value"), ["value"], unique=False)

    op.create_table(
        "resource_occurrence",
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_occurrence_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "resource_id", name=op.f("pk_resource_occurrence")),
    )
    with op.batch_alter_table("resource_occurrence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_occurrence_start"), ["start"], unique=False)

    op.create_table(
        "resource_organisation",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_organisation_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "resource_id", name=op.f("pk_resource_organisation")),
    )
    with op.batch_alter_table("resource_organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_organisation_name"), ["name"], unique=False)

    op.create_table(
        "resource_theme",
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_theme_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "resource_id", name=op.f("pk_resource_theme")),
    )
    with op.batch_alter_table("resource_theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_theme_value"), ["value"], unique=False)

    op.create_table(
        "resource_translation",
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("steps", sa.Text(), nullable=True),
        sa.Column("partners", sa.Text(), nullable=True),
        sa.Column("effort", sa.Text(), nullable=True),
        sa.Column("obstacles", sa.Text(), nullable=True),
        sa.Column("cost_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_translation_resource_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("resource_id", "language", name=op.f("pk_resource_translation")),
    )


def downgrade() -> None:
    op.drop_table("resource_translation")
    with op.batch_alter_table("resource_theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_theme_value"))

    op.drop_table("resource_theme")
    with op.batch_alter_table("resource_organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_organisation_name"))

    op.drop_table("resource_organisation")
    with op.batch_alter_table("resource_occurrence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_occurrence_start"))

    op.drop_table("resource_occurrence")
    with op.batch_alter_table("resource_myth", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_myth_value"))

    op.drop_table("resource_myth")
    with op.batch_alter_table("resource_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_link_url"))

    op.drop_table("resource_link")
    with op.batch_alter_table("resource_language", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_language_value"))

    op.drop_table("resource_language")
    with op.batch_alter_table("resource_keyword", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_keyword_value"))

    op.drop_table("resource_keyword")
    with op.batch_alter_table("resource_basin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_basin_value"))

    op.drop_table("resource_basin")
    with op.batch_alter_table("resource_audience", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_audience_value"))

    op.drop_table("resource_audience")
    op.drop_table("outbox_acknowledgement")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_resource_id"))

    op.drop_table("revision")
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_type"))
        batch_op.drop_index(batch_op.f("ix_resource_status"))

    op.drop_table("resource")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_url"))
        batch_op.drop_index(batch_op.f("ix_proposal_status"))
        batch_op.drop_index(batch_op.f("ix_proposal_source"))

    op.drop_table("proposal")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_resource_id"))

    op.drop_table("outbox")
    op.drop_table("live_index")
    op.drop_table("crawl_source")
