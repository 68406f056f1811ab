"""Create media: pictures."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, UTC_DATETIME, words

revision = "0006_create_media"
down_revision = "0005_create_inventory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("product_id", BIG_ID, nullable=False),
        sa.Column("checksum", words(64), nullable=True),
        sa.Column("source_url", words(2000), nullable=True),
        sa.Column("alt_text", words(500), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_token", BIG_ID, nullable=False),
        sa.Column("deleted_at", UTC_DATETIME, nullable=True),
        sa.CheckConstraint("checksum IS NOT NULL OR source_url IS NOT NULL", name=op.f("ck_picture_origin")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_picture_product_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("product_id", "checksum", "deleted_token", name="uq_picture_checksum"),
    )
    op.create_index(op.f("ix_picture_product_id"), "picture", ["product_id"], unique=False)
    op.create_table(
        "picture_variant",
        sa.Column("picture_id", BIG_ID, nullable=False),
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name=op.f("fk_picture_variant_picture_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_picture_variant_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("picture_id", "variant_id", name=op.f("pk_picture_variant")),
    )
    op.create_index(op.f("ix_picture_variant_variant_id"), "picture_variant", ["variant_id"], unique=False)


def downgrade() -> None:
    op.drop_table("picture_variant")
    op.drop_table("picture")
