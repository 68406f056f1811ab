"""Create preference, saved view and list choice: what each person chose for themselves."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, LONG_TEXT, UTC_DATETIME, words

revision = "0012_create_preference"
down_revision = "0011_index_change_row"
branch_labels = None
depends_on = None


def _of_member(table, column="staff_member_id"):
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], ["staff_member.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("staff_member_id", BIG_ID, nullable=False),
        sa.Column("language", words(20), nullable=True),
        sa.Column("theme", words(10), server_default="system", nullable=False),
        sa.Column("density", words(12), server_default="comfortable", nullable=False),
        sa.Column("has_single_keys", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_menu_narrow", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("closed_areas", sa.JSON(), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        _of_member("preference"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint("staff_member_id", name="uq_preference_staff_member_id"),
    )
    op.create_table(
        "saved_view",
        sa.Column("screen", words(60), nullable=False),
        sa.Column("owner_id", BIG_ID, nullable=False),
        sa.Column("name", words(60), nullable=False),
        sa.Column("query", LONG_TEXT, nullable=False),
        sa.Column("is_shared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        _of_member("saved_view", "owner_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("owner_id", "screen", "name", name="uq_saved_view_name"),
    )
    op.create_index("ix_saved_view_screen", "saved_view", ["screen", "is_shared"], unique=False)
    op.create_table(
        "list_choice",
        sa.Column("staff_member_id", BIG_ID, nullable=False),
        sa.Column("screen", words(60), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=True),
        sa.Column("page_size", sa.Integer(), nullable=True),
        sa.Column("saved_view_id", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        _of_member("list_choice"),
        sa.ForeignKeyConstraint(
            ["saved_view_id"], ["saved_view.id"], name=op.f("fk_list_choice_saved_view_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_choice")),
        sa.UniqueConstraint("staff_member_id", "screen", name="uq_list_choice_screen"),
    )
    op.create_index("ix_list_choice_saved_view_id", "list_choice", ["saved_view_id"], unique=False)


def downgrade() -> None:
    op.drop_table("list_choice")
    op.drop_table("saved_view")
    op.drop_table("preference")
