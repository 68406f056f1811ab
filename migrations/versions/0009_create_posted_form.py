"""Create the forms that were posted, so that posting one twice is once."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, UTC_DATETIME, words

revision = "0009_create_posted_form"
down_revision = "0008_fill_change_subject"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "posted_form",
        sa.Column("form", words(64), nullable=False),
        sa.Column("content", words(64), nullable=False),
        sa.Column("change_set_id", BIG_ID, nullable=True),
        sa.Column("offers_undo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("answer", words(2000), nullable=True),
        sa.Column("said", words(500), nullable=True),
        sa.Column("back", words(2000), nullable=True),
        sa.Column("at", UTC_DATETIME, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_set.id"], name=op.f("fk_posted_form_change_set_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_form")),
        sa.UniqueConstraint("form", name="uq_posted_form_form"),
    )
    op.create_index("ix_posted_form_at", "posted_form", ["at"], unique=False)
    op.create_index(op.f("ix_posted_form_change_set_id"), "posted_form", ["change_set_id"], unique=False)


def downgrade() -> None:
    op.drop_table("posted_form")
