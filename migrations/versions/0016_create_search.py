"""Create the kept texts by which records are found, each engine's index over them, and fill them.

It may be run again after an interruption: what is there already is left, and only what is missing is filled.
Where the engine refuses its index (PostgreSQL without pg_trgm) all else is made; search then works, slower.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from migrations.column_types import BIG_ID, LONG_TEXT

revision = "0016_create_search"
down_revision = "0015_create_import_job"
branch_labels = None
depends_on = None

RECORDS_AT_ONCE = 2000
LONGEST_NAME = 120
# Whoever sorts or asks for a beginning does so by the letters' numbers, on every database.
NAME = (
    sa.String(LONGEST_NAME)
    .with_variant(mysql.VARCHAR(LONGEST_NAME, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb")
    .with_variant(sa.String(LONGEST_NAME, collation="C"), "postgresql")
)

# By entity: the statement of its keys, names and what else it is found by; then further words by its key.
READ = {
    "product": (
        "SELECT p.id, p.name, p.slug, b.name FROM product p LEFT JOIN brand b ON b.id = p.brand_id WHERE p.id {}",
        "SELECT v.product_id, v.sku, v.barcode FROM variant v JOIN product p ON p.id = v.product_id "
        "WHERE v.product_id {} AND (v.deleted_token = 0 OR (p.deleted_token <> 0 AND v.deleted_at = p.deleted_at)) "
        "ORDER BY v.product_id, v.id",
        "SELECT pt.product_id, NULL, t.name FROM product_tag pt JOIN tag t ON t.id = pt.tag_id AND t.deleted_token = 0 "
        "WHERE pt.product_id {} ORDER BY pt.product_id, t.id",
    ),
    "variant": (
        "SELECT v.id, p.name FROM variant v JOIN product p ON p.id = v.product_id WHERE v.id {}",
        "SELECT v.id, v.sku, v.barcode FROM variant v WHERE v.id {}",
        "SELECT vo.variant_id, NULL, o.name FROM variant_option_value vo JOIN option_value o "
        "ON o.id = vo.option_value_id WHERE vo.variant_id {} ORDER BY vo.variant_id, o.id",
    ),
    "brand": ("SELECT id, name, slug FROM brand WHERE id {}",),
    "category": ("SELECT id, full_name, slug FROM category WHERE id {}",),
    "tag": ("SELECT id, name, slug FROM tag WHERE id {}",),
    "picture": ("SELECT c.id, p.name, c.alt_text FROM picture c JOIN product p ON p.id = c.product_id WHERE c.id {}",),
    "slug_redirect": ("SELECT id, old_slug FROM slug_redirect WHERE id {}",),
    "stock_movement": ("SELECT id, variant_label, reason FROM stock_movement WHERE id {}",),
    "change_set": ("SELECT id, summary, actor_name, source FROM change_set WHERE id {}",),
    "sign_in": (
        "SELECT s.id, m.name, m.email, s.address FROM sign_in s "
        "JOIN staff_member m ON m.id = s.staff_member_id WHERE s.id {}",
    ),
    "import_job": ("SELECT id, file_name, substr(problem, 1, 2000) FROM import_job WHERE id {}",),
}

PLAIN = str.maketrans(
    dict(zip("øłđðħıŧæœþŋ’‐‑–—", ("o", "l", "d", "d", "h", "i", "t", "ae", "oe", "th", "n", "'", "-", "-", "-", "-")))
)


def upgrade() -> None:
    connection = op.get_bind()
    present = set(sa.inspect(connection).get_table_names())
    for entity in READ:
        table = f"{entity}_search"
        if table not in present:
            op.create_table(
                table,
                sa.Column("record_id", BIG_ID, autoincrement=False, nullable=False),
                sa.Column("name", NAME, nullable=False),
                sa.Column("text", LONG_TEXT, nullable=False),
                sa.PrimaryKeyConstraint("record_id", name=op.f(f"pk_{table}")),
            )
        indexes = {index["name"] for index in sa.inspect(connection).get_indexes(table)}
        fill(connection, entity)
        if f"ix_{table}_name" not in indexes:
            op.create_index(f"ix_{table}_name", table, ["name", "record_id"])
        make_own_index(connection, table, indexes | present)


def downgrade() -> None:
    for entity in READ:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TABLE IF EXISTS {entity}_search_fts")
        op.drop_table(f"{entity}_search")


def make_own_index(connection, table, present) -> None:
    name = {"sqlite": f"{table}_fts"}.get(connection.dialect.name, f"ix_{table}_text")
    if name in present:
        return
    try:
        with connection.begin_nested():
            for statement in own_index(connection.dialect.name, table):
                connection.execute(sa.text(statement))
    except sa.exc.DBAPIError:
        # `manage.py check` says what is missing, and `manage.py search rebuild` makes it once it can.
        return


def own_index(dialect, table):
    if dialect == "postgresql":
        yield "CREATE EXTENSION IF NOT EXISTS pg_trgm"
        yield "SET LOCAL maintenance_work_mem = '512MB'"
        yield "SET LOCAL statement_timeout = 0"
        yield f"CREATE INDEX ix_{table}_text ON {table} USING gin (text gin_trgm_ops)"
    elif dialect == "sqlite":
        fts = f"{table}_fts"
        gone = f"INSERT INTO {fts} ({fts}, rowid, text) VALUES ('delete', old.record_id, old.text);"
        came = f"INSERT INTO {fts} (rowid, text) VALUES (new.record_id, new.text);"
        yield (
            f"CREATE VIRTUAL TABLE {fts} USING fts5"
            f"(text, content='{table}', content_rowid='record_id', tokenize='trigram')"
        )
        yield f"INSERT INTO {fts} ({fts}) VALUES ('rebuild')"
        yield f"CREATE TRIGGER {fts}_insert AFTER INSERT ON {table} BEGIN {came} END"
        yield f"CREATE TRIGGER {fts}_update AFTER UPDATE ON {table} BEGIN {gone} {came} END"
        yield f"CREATE TRIGGER {fts}_delete AFTER DELETE ON {table} BEGIN {gone} END"
    else:
        yield f"CREATE FULLTEXT INDEX ix_{table}_text ON {table} (text)"


def fill(connection, entity) -> None:
    """Fill what is missing, some records at a time."""
    search = sa.table(f"{entity}_search", *(sa.column(name) for name in ("record_id", "name", "text")))
    source = sa.table(entity, sa.column("id"))
    filled = connection.scalar(sa.select(sa.func.max(search.c.record_id))) or 0
    while True:
        some = sa.select(source.c.id).where(source.c.id > filled).order_by(source.c.id).limit(RECORDS_AT_ONCE)
        keys = connection.scalars(some).all()
        if not keys:
            return
        texts = read(connection, entity, keys[0], keys[-1])
        rows = [
            {
                "record_id": key,
                "name": " ".join(fold(parts[0] or "").split())[:LONGEST_NAME].rstrip(),
                "text": search_text(connection.dialect.name, words(parts)),
            }
            for key, parts in texts.items()
        ]
        if rows:
            connection.execute(search.insert(), rows)
        filled = keys[-1]


def read(connection, entity, first, last):
    texts = {}
    for place, statement in enumerate(READ[entity]):
        # The name of a table needs quoting on none of them; the keys are numbers of ours.
        for key, *parts in connection.execute(sa.text(statement.format(f"BETWEEN {first} AND {last}"))):
            if place and parts[0]:
                parts[0] = with_compact(parts[0])
            texts.setdefault(key, []).extend(parts)
    return texts


def fold(text):
    if not text.isascii():
        text = without_marks(without_marks(text).casefold()).translate(PLAIN)
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text.lower() if text.isascii() else text)


def without_marks(text):
    letters = unicodedata.normalize("NFKD", text)
    return "".join(
        letter
        for letter in letters
        if not unicodedata.combining(letter) and unicodedata.category(letter) not in ("Cf", "Cs")
    )


def words(parts):
    return list(dict.fromkeys(fold(" ".join(part for part in parts if part)).split()))


def with_compact(code):
    parts = [part for part in re.split(r"[\W_]+", code) if part]
    if len(parts) < 2:
        return code
    return " ".join([code, "".join(parts), *(part for part in parts[1:] if len(part) < 3)])


def search_text(dialect, words):
    if dialect not in ("mysql", "mariadb"):
        return "".join(f"  {word}" for word in words) + "  "
    tails = {}
    for word in words:
        parts = [part for part in re.split(r"[\W_]+", word) if part]
        tails |= dict.fromkeys("".join(parts[place:]) for place in range(len(parts)))
    return " ".join(f"__{tail[:80]}" for tail in tails)
