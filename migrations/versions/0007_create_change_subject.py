"""Create change subjects: what a change set touched, in short."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, words

revision = "0007_create_change_subject"
down_revision = "0006_create_media"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_subject",
        sa.Column("change_set_id", BIG_ID, nullable=False),
        sa.Column("entity", words(60), nullable=False),
        sa.Column("operation", words(10), nullable=False),
        sa.Column("is_part", sa.Boolean(), nullable=False),
        sa.Column("field", words(60), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_set.id"], name=op.f("fk_change_subject_change_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_subject")),
        sa.UniqueConstraint("change_set_id", "entity", "operation", "is_part", "field", name="uq_change_subject"),
    )
    op.create_index("ix_change_subject_entity", "change_subject", ["entity", "field", "change_set_id"], unique=False)


def downgrade() -> None:
    op.drop_table("change_subject")
