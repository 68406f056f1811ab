"""Create the shop's settings."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, UTC_DATETIME, words

revision = "0003_create_settings"
down_revision = "0002_create_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_settings",
        sa.Column("shop_name", words(120), nullable=False),
        sa.Column("currency", words(3), nullable=False),
        sa.Column("locale", words(20), nullable=False),
        sa.Column("time_zone", words(60), nullable=False),
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_shop_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_settings")),
    )


def downgrade() -> None:
    op.drop_table("shop_settings")
