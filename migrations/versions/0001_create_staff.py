"""Create staff: roles, permissions, people, sign-ins."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, UTC_DATETIME, words

revision = "0001_create_staff"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "role",
        sa.Column("name", words(60), nullable=False),
        sa.Column("description", words(300), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name="uq_role_name"),
    )
    op.create_table(
        "permission",
        sa.Column("role_id", BIG_ID, nullable=False),
        sa.Column("area_name", words(30), nullable=False),
        sa.Column("verb", words(30), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_permission_role_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permission")),
        sa.UniqueConstraint("role_id", "area_name", "verb", name="uq_permission_role_area_verb"),
    )
    op.create_table(
        "staff_member",
        sa.Column("email", words(254), nullable=False),
        sa.Column("name", words(120), nullable=False),
        sa.Column("password_hash", words(255), nullable=False),
        sa.Column("role_id", BIG_ID, nullable=False),
        sa.Column("is_locked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_staff_member_role_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("email", name="uq_staff_member_email"),
    )
    op.create_index(op.f("ix_staff_member_role_id"), "staff_member", ["role_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("staff_member_id", BIG_ID, nullable=False),
        sa.Column("token_hash", words(64), nullable=False),
        sa.Column("address", words(45), nullable=True),
        sa.Column("browser", words(300), nullable=True),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("last_seen_at", UTC_DATETIME, nullable=False),
        sa.Column("ended_at", UTC_DATETIME, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_member_id"], ["staff_member.id"], name=op.f("fk_sign_in_staff_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_token_hash"),
    )
    op.create_index(op.f("ix_sign_in_staff_member_id"), "sign_in", ["staff_member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("sign_in")
    op.drop_table("staff_member")
    op.drop_table("permission")
    op.drop_table("role")
