"""Index every list by what it is sorted by, so that any of its pages is as near as the first."""

import sqlalchemy as sa
from alembic import op

revision = "0017_index_lists"
down_revision = "0016_create_search"
branch_labels = None
depends_on = None

# table, name, columns before and after; None where there was none.
INDEXES = (
    ("product", "name", ["name", "id"], ["deleted_token", "name", "id"]),
    ("product", "updated_at", ["updated_at", "id"], ["deleted_token", "updated_at", "id"]),
    ("product", "status", ["status", "id"], ["deleted_token", "status", "id"]),
    (
        "product",
        "category_id",
        ["category_id"],
        ["category_id", "deleted_token", "status", "updated_at", "id"],
    ),
    ("product", "brand_id", ["brand_id"], ["brand_id", "deleted_token", "updated_at", "id"]),
    ("product", "publish_at", None, ["publish_at", "id"]),
    ("product", "unpublish_at", None, ["unpublish_at", "id"]),
    ("variant", "sku", None, ["deleted_token", "sku", "id"]),
    ("variant", "price_minor", ["price_minor", "id"], ["deleted_token", "price_minor", "id"]),
    ("variant", "updated_at", ["updated_at", "id"], ["deleted_token", "updated_at", "id"]),
    ("brand", "name", ["name", "id"], ["deleted_token", "name", "id"]),
    ("brand", "updated_at", None, ["deleted_token", "updated_at", "id"]),
    ("tag", "name", None, ["deleted_token", "name", "id"]),
    ("tag", "updated_at", None, ["deleted_token", "updated_at", "id"]),
    ("category", "updated_at", None, ["deleted_token", "updated_at", "id"]),
    ("picture", "updated_at", None, ["deleted_token", "updated_at", "id"]),
    ("price_change", "at", None, ["at", "id"]),
    ("slug_redirect", "old_slug", None, ["old_slug", "id"]),
    ("slug_redirect", "created_at", None, ["created_at", "id"]),
    ("stock_movement", "kind", None, ["kind", "at", "id"]),
    ("stock_level", "updated_at", None, ["updated_at", "id"]),
    ("sign_in", "created_at", None, ["created_at", "id"]),
    ("sign_in", "last_seen_at", None, ["last_seen_at", "id"]),
    ("change_set", "at", ["at"], ["at", "id"]),
)

# What most products leave empty is indexed only where it is filled, on the databases that can.
FILLED = {"ix_product_publish_at": "publish_at", "ix_product_unpublish_at": "unpublish_at"}


def upgrade() -> None:
    for table, name, before, after in INDEXES:
        _replace(table, f"ix_{table}_{name}", before, after)


def downgrade() -> None:
    for table, name, before, after in INDEXES:
        _replace(table, f"ix_{table}_{name}", after, before)


def _replace(table: str, name: str, old: list[str] | None, new: list[str] | None) -> None:
    if new is None:
        op.drop_index(name, table)
        return
    filled = sa.text(f"{FILLED[name]} IS NOT NULL") if name in FILLED else None
    if old is None:
        op.create_index(name, table, new, postgresql_where=filled, sqlite_where=filled)
        return
    # MySQL and MariaDB let no index go that a foreign key needs: another one stands in for it meanwhile.
    is_needed = op.get_context().dialect.name in ("mysql", "mariadb") and old[0].endswith("_id")
    if is_needed:
        op.create_index(f"{name}_meanwhile", table, old[:1])
    op.drop_index(name, table)
    op.create_index(name, table, new)
    if is_needed:
        op.drop_index(f"{name}_meanwhile", table)
