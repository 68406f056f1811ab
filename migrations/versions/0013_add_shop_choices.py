"""Add what the shop decides: when stock is low, how prices are rounded, how long the past is kept."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import words

revision = "0013_add_shop_choices"
down_revision = "0012_create_preference"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shop_settings", sa.Column("low_stock_threshold", sa.Integer(), server_default="5", nullable=False))
    op.add_column("shop_settings", sa.Column("price_rounding", words(10), server_default="none", nullable=False))
    op.add_column("shop_settings", sa.Column("history_kept_days", sa.Integer(), nullable=True))
    op.add_column("shop_settings", sa.Column("trash_kept_days", sa.Integer(), nullable=True))
    op.add_column("variant", sa.Column("low_stock_threshold", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("variant") as batch:
        batch.drop_column("low_stock_threshold")
    with op.batch_alter_table("shop_settings") as batch:
        for name in ("trash_kept_days", "history_kept_days", "price_rounding", "low_stock_threshold"):
            batch.drop_column(name)
