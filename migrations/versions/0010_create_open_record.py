"""Create open record: who has which record open just now."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, UTC_DATETIME, words

revision = "0010_create_open_record"
down_revision = "0009_create_posted_form"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_record",
        sa.Column("staff_member_id", BIG_ID, nullable=False),
        sa.Column("page_key", words(64), nullable=False),
        sa.Column("entity", words(60), nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("opened_at", UTC_DATETIME, nullable=False),
        sa.Column("seen_at", UTC_DATETIME, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_member_id"],
            ["staff_member.id"],
            name=op.f("fk_open_record_staff_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_record")),
        sa.UniqueConstraint("staff_member_id", "page_key", name="uq_open_record_page"),
    )
    op.create_index("ix_open_record_record", "open_record", ["entity", "record_id"], unique=False)
    op.create_index("ix_open_record_seen_at", "open_record", ["seen_at"], unique=False)


def downgrade() -> None:
    op.drop_table("open_record")
