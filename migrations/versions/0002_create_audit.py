"""Create audit: change sets and change rows."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, UTC_DATETIME, words

revision = "0002_create_audit"
down_revision = "0001_create_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_set",
        sa.Column("at", UTC_DATETIME, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", words(254), nullable=False),
        sa.Column("kind", words(20), nullable=False),
        sa.Column("summary", words(500), nullable=False),
        sa.Column("source", words(300), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("undoes_id", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["staff_member.id"], name=op.f("fk_change_set_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["change_set.id"], name=op.f("fk_change_set_undoes_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_set")),
    )
    op.create_index(op.f("ix_change_set_actor_id"), "change_set", ["actor_id"], unique=False)
    op.create_index("ix_change_set_at", "change_set", ["at"], unique=False)
    op.create_index(op.f("ix_change_set_undoes_id"), "change_set", ["undoes_id"], unique=False)
    op.create_table(
        "change_row",
        sa.Column("change_set_id", BIG_ID, nullable=False),
        sa.Column("entity", words(60), nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("root_entity", words(60), nullable=False),
        sa.Column("root_id", BIG_ID, nullable=False),
        sa.Column("label", words(300), nullable=False),
        sa.Column("operation", words(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("old", sa.JSON(), nullable=True),
        sa.Column("new", sa.JSON(), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_set.id"], name=op.f("fk_change_row_change_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_row")),
    )
    op.create_index(op.f("ix_change_row_change_set_id"), "change_row", ["change_set_id"], unique=False)
    op.create_index("ix_change_row_record", "change_row", ["entity", "record_id"], unique=False)
    op.create_index("ix_change_row_root", "change_row", ["root_entity", "root_id"], unique=False)


def downgrade() -> None:
    op.drop_table("change_row")
    op.drop_table("change_set")
