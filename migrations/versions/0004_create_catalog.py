"""Create the catalog: products, variants, options and what orders them."""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BIG_ID, LONG_TEXT, UTC_DATETIME, words

revision = "0004_create_catalog"
down_revision = "0003_create_settings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brand",
        sa.Column("name", words(120), nullable=False),
        sa.Column("slug", words(120), nullable=False),
        sa.Column("description", words(2000), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_token", BIG_ID, nullable=False),
        sa.Column("deleted_at", UTC_DATETIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand")),
        sa.UniqueConstraint("slug", "deleted_token", name="uq_brand_slug"),
    )
    op.create_index("ix_brand_name", "brand", ["name", "id"], unique=False)
    op.create_table(
        "category",
        sa.Column("name", words(120), nullable=False),
        sa.Column("slug", words(120), nullable=False),
        sa.Column("parent_id", BIG_ID, nullable=True),
        sa.Column("parent_key", BIG_ID, nullable=False),
        sa.Column("path", words(400), nullable=False),
        sa.Column("full_name", words(1000), nullable=False),
        sa.Column("description", words(2000), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_token", BIG_ID, nullable=False),
        sa.Column("deleted_at", UTC_DATETIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["category.id"], name=op.f("fk_category_parent_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("parent_key", "slug", "deleted_token", name="uq_category_slug"),
    )
    op.create_index(
        "ix_category_full_name", "category", ["full_name", "id"], unique=False, mysql_length={"full_name": 191}
    )
    op.create_index(op.f("ix_category_parent_id"), "category", ["parent_id"], unique=False)
    op.create_index("ix_category_path", "category", ["path"], unique=False)
    op.create_table(
        "tag",
        sa.Column("name", words(80), nullable=False),
        sa.Column("slug", words(80), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_token", BIG_ID, nullable=False),
        sa.Column("deleted_at", UTC_DATETIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("slug", "deleted_token", name="uq_tag_slug"),
    )
    op.create_table(
        "tax_class",
        sa.Column("name", words(80), nullable=False),
        sa.Column("slug", words(80), nullable=False),
        sa.Column("rate_basis_points", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_token", BIG_ID, nullable=False),
        sa.Column("deleted_at", UTC_DATETIME, nullable=True),
        sa.CheckConstraint(
            "rate_basis_points >= 0 AND rate_basis_points <= 10000", name=op.f("ck_tax_class_rate_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_class")),
        sa.UniqueConstraint("slug", "deleted_token", name="uq_tax_class_slug"),
    )
    op.create_table(
        "product",
        sa.Column("name", words(200), nullable=False),
        sa.Column("slug", words(200), nullable=False),
        sa.Column("description", LONG_TEXT, nullable=True),
        sa.Column("brand_id", BIG_ID, nullable=True),
        sa.Column("category_id", BIG_ID, nullable=True),
        sa.Column("tax_class_id", BIG_ID, nullable=True),
        sa.Column("status", words(10), nullable=False),
        sa.Column("publish_at", UTC_DATETIME, nullable=True),
        sa.Column("unpublish_at", UTC_DATETIME, nullable=True),
        sa.Column("seo_title", words(200), nullable=True),
        sa.Column("seo_description", words(500), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_token", BIG_ID, nullable=False),
        sa.Column("deleted_at", UTC_DATETIME, nullable=True),
        sa.CheckConstraint("status IN ('draft', 'active', 'archived')", name=op.f("ck_product_status")),
        sa.CheckConstraint(
            "unpublish_at IS NULL OR publish_at IS NULL OR unpublish_at > publish_at", name=op.f("ck_product_dates")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_product_brand_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_product_category_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["tax_class_id"], ["tax_class.id"], name=op.f("fk_product_tax_class_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("slug", "deleted_token", name="uq_product_slug"),
    )
    op.create_index(op.f("ix_product_brand_id"), "product", ["brand_id"], unique=False)
    op.create_index(op.f("ix_product_category_id"), "product", ["category_id"], unique=False)
    op.create_index("ix_product_name", "product", ["name", "id"], unique=False)
    op.create_index("ix_product_status", "product", ["status", "id"], unique=False)
    op.create_index(op.f("ix_product_tax_class_id"), "product", ["tax_class_id"], unique=False)
    op.create_index("ix_product_updated_at", "product", ["updated_at", "id"], unique=False)
    op.create_table(
        "option",
        sa.Column("product_id", BIG_ID, nullable=False),
        sa.Column("name", words(60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_option_product_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_option")),
        sa.UniqueConstraint("product_id", "name", name="uq_option_name"),
    )
    op.create_table(
        "product_category",
        sa.Column("product_id", BIG_ID, nullable=False),
        sa.Column("category_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_product_category_category_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_category_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", "category_id", name=op.f("pk_product_category")),
    )
    op.create_index(op.f("ix_product_category_category_id"), "product_category", ["category_id"], unique=False)
    op.create_table(
        "product_tag",
        sa.Column("product_id", BIG_ID, nullable=False),
        sa.Column("tag_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_tag_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_product_tag_tag_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("product_id", "tag_id", name=op.f("pk_product_tag")),
    )
    op.create_index(op.f("ix_product_tag_tag_id"), "product_tag", ["tag_id"], unique=False)
    op.create_table(
        "slug_redirect",
        sa.Column("kind", words(10), nullable=False),
        sa.Column("old_slug", words(400), nullable=False),
        sa.Column("product_id", BIG_ID, nullable=True),
        sa.Column("category_id", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.CheckConstraint("(product_id IS NULL) <> (category_id IS NULL)", name=op.f("ck_slug_redirect_one_target")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_slug_redirect_category_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_slug_redirect_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slug_redirect")),
        sa.UniqueConstraint("kind", "old_slug", name="uq_slug_redirect_old"),
    )
    op.create_index(op.f("ix_slug_redirect_category_id"), "slug_redirect", ["category_id"], unique=False)
    op.create_index(op.f("ix_slug_redirect_product_id"), "slug_redirect", ["product_id"], unique=False)
    op.create_table(
        "variant",
        sa.Column("product_id", BIG_ID, nullable=False),
        sa.Column("sku", words(64), nullable=True),
        sa.Column("barcode", words(32), nullable=True),
        sa.Column("option_key", words(120), nullable=False),
        sa.Column("price_minor", BIG_ID, nullable=True),
        sa.Column("compare_at_price_minor", BIG_ID, nullable=True),
        sa.Column("cost_minor", BIG_ID, nullable=True),
        sa.Column("weight_grams", sa.Integer(), nullable=True),
        sa.Column("tracks_stock", sa.Boolean(), nullable=False),
        sa.Column("allows_backorder", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_token", BIG_ID, nullable=False),
        sa.Column("deleted_at", UTC_DATETIME, nullable=True),
        sa.CheckConstraint("compare_at_price_minor >= 0", name=op.f("ck_variant_compare_at_price")),
        sa.CheckConstraint("cost_minor >= 0", name=op.f("ck_variant_cost")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_variant_price")),
        sa.CheckConstraint("weight_grams >= 0", name=op.f("ck_variant_weight")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_variant_product_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("product_id", "option_key", "deleted_token", name="uq_variant_options"),
        sa.UniqueConstraint("sku", "deleted_token", name="uq_variant_sku"),
    )
    op.create_index("ix_variant_barcode", "variant", ["barcode"], unique=False)
    op.create_index("ix_variant_price_minor", "variant", ["price_minor", "id"], unique=False)
    op.create_index("ix_variant_updated_at", "variant", ["updated_at", "id"], unique=False)
    op.create_table(
        "option_value",
        sa.Column("option_id", BIG_ID, nullable=False),
        sa.Column("name", words(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", UTC_DATETIME, nullable=False),
        sa.Column("updated_at", UTC_DATETIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"], ["option.id"], name=op.f("fk_option_value_option_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_option_value")),
        sa.UniqueConstraint("option_id", "name", name="uq_option_value_name"),
    )
    op.create_table(
        "price_change",
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.Column("at", UTC_DATETIME, nullable=False),
        sa.Column("old_price_minor", BIG_ID, nullable=True),
        sa.Column("new_price_minor", BIG_ID, nullable=True),
        sa.Column("currency", words(3), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_price_change_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_change")),
    )
    op.create_index("ix_price_change_variant_at", "price_change", ["variant_id", "at"], unique=False)
    op.create_table(
        "variant_option_value",
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.Column("option_value_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["option_value_id"],
            ["option_value.id"],
            name=op.f("fk_variant_option_value_option_value_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_variant_option_value_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("variant_id", "option_value_id", name=op.f("pk_variant_option_value")),
    )
    op.create_index(
        op.f("ix_variant_option_value_option_value_id"), "variant_option_value", ["option_value_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("variant_option_value")
    op.drop_table("price_change")
    op.drop_table("option_value")
    op.drop_table("variant")
    op.drop_table("slug_redirect")
    op.drop_table("product_tag")
    op.drop_table("product_category")
    op.drop_table("option")
    op.drop_table("product")
    op.drop_table("tax_class")
    op.drop_table("tag")
    op.drop_table("category")
    op.drop_table("brand")
