"""Create inventory: locations, stock levels, stock movements."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, UTC_DATETIME, words

revision = "0005_create_inventory"
down_revision = "0004_create_catalog"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "location",
        sa.Column("name", words(120), nullable=False),
        sa.Column("code", words(40), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_token", BIG_ID, nullable=False),
        sa.Column("deleted_at", UTC_DATETIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("code", "deleted_token", name="uq_location_code"),
    )
    op.create_table(
        "stock_level",
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.Column("location_id", BIG_ID, nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_stock_level_reserved")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_stock_level_location_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_stock_level_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_level")),
        sa.UniqueConstraint("variant_id", "location_id", name="uq_stock_level_variant_location"),
    )
    op.create_index(op.f("ix_stock_level_location_id"), "stock_level", ["location_id"], unique=False)
    op.create_index("ix_stock_level_on_hand", "stock_level", ["on_hand", "id"], unique=False)
    op.create_table(
        "stock_movement",
        sa.Column("variant_id", BIG_ID, nullable=True),
        sa.Column("variant_label", words(400), nullable=False),
        sa.Column("location_id", BIG_ID, nullable=False),
        sa.Column("kind", words(12), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("balance_after", sa.Integer(), nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", words(254), nullable=False),
        sa.Column("reason", words(300), nullable=True),
        sa.Column("at", UTC_DATETIME, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.CheckConstraint(
            "kind IN ('delivery', 'count', 'sale', 'return', 'damage', 'transfer', 'correction', 'import', 'undo')",
            name=op.f("ck_stock_movement_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["staff_member.id"], name=op.f("fk_stock_movement_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_stock_movement_location_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_stock_movement_variant_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
    )
    op.create_index(op.f("ix_stock_movement_actor_id"), "stock_movement", ["actor_id"], unique=False)
    op.create_index("ix_stock_movement_at", "stock_movement", ["at", "id"], unique=False)
    op.create_index(op.f("ix_stock_movement_location_id"), "stock_movement", ["location_id"], unique=False)
    op.create_index("ix_stock_movement_variant_at", "stock_movement", ["variant_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_table("stock_movement")
    op.drop_table("stock_level")
    op.drop_table("location")
