"""A load from its beginning to its end: planned, written in chunks, its indexes built after; and gone on with.

Its change set is written first and says what is unfinished; the same command finds it there and goes on.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Table, func

from backoffice import dialects
from backoffice.audit.models import ChangeSet
from backoffice.audit.recorder import note_counts
from backoffice.catalog.models import Product
from backoffice.errors import Refusal
from backoffice.extensions import db
from backoffice.settings.shop import shop_settings
from seed.load.homes import Homes, find_homes, next_key, write_homes
from seed.load.rows import COLUMNS, KEYS_A_CHUNK, chunks_of, count_rows, make_chunk
from seed.load.work import missing_chunks, write_chunks
from seed.load.world import Plan, World

UNFINISHED = "unfinished"
# Of the plan, what is found by name each time, and too long to keep.
_FOUND_AGAIN = {"brand_ids", "leaf_ids", "tag_ids"}

Tell = Callable[[str], None]


@dataclass
class Load:
    """A load at work. counts: rows by table, of what it has made; is_resumed: whether another start began it."""

    change_set_id: int
    plan: Plan
    counts: Counter[str]
    is_resumed: bool = False


def tables() -> list[Table]:
    """What a load writes many rows to, in the order of writing."""
    return [db.metadata.tables[name] for name in COLUMNS]


def begin_or_resume(products: int, random_seed: int) -> Load:
    """Plan the load and note its change set, or find the one that was stopped; flushes, never commits.

    Raises Refusal where another load was stopped.
    """
    stopped = _unfinished()
    if stopped is None:
        return _begin(products, random_seed)
    kept = stopped.counts[UNFINISHED]
    if (kept["products"], kept["random_seed"]) != (products, random_seed):
        raise Refusal(
            f"A load of {kept['products']:,} products was stopped. Finish it first: seed load --products "
            f"{kept['products']} --random-seed {kept['random_seed']}. Or empty the shop with --reset."
        )
    homes = find_homes(random_seed, products)
    write_homes(homes)
    plan = Plan(**kept, **_found_again(homes))
    made = Counter({table: number for table, number in stopped.counts.items() if table != UNFINISHED})
    return Load(stopped.id, plan, made + _present_rows(plan), True)


def expected_rows(products: int, random_seed: int) -> Counter[str]:
    """About how many rows a load would write: exactly up to one chunk, by the measure of the first beyond that."""
    homes = find_homes(random_seed, products)
    plan = _plan(homes, products, random_seed)
    rows = count_rows(make_chunk(World(plan), 0))
    scale = products / rows["product"]
    counts = Counter({table: round(number * scale) for table, number in rows.items()})
    return counts + Counter({table: len(missing) for table, missing in homes.missing.items()})


def write(load: Load, uri: str, tell: Tell, helpers: int | None = None) -> None:
    """Write what is missing of a load over connections of its own, each chunk in a transaction of its own.

    The session must be in no transaction.
    """
    engine = dialects.bulk_engine(uri)
    try:
        with engine.begin() as connection:
            numbers = missing_chunks(connection, load.plan)
            if _is_larger_than_the_rest(connection, load.plan):
                dialects.drop_indexes(connection, tables())
        _write_chunks(load, uri, numbers, tell, helpers)
        with engine.connect() as connection:
            missing = dialects.missing_indexes(connection, tables())
        for number, index in enumerate(missing, 1):
            tell(f"Building index {number} of {len(missing)}")
            with engine.begin() as connection:
                index.create(connection)
        _after_rows(load, tell)
        tell("Counting for the planner")
        with engine.begin() as connection:
            dialects.refresh_statistics(connection, [*tables(), *_home_tables()])
    finally:
        engine.dispose()


def finish(load: Load) -> None:
    """Let the change set say what was made; flushes, never commits."""
    _write_counts(load.change_set_id, dict(sorted(load.counts.items())))


def _after_rows(load: Load, tell: Tell) -> None:
    """What follows from the rows is made here, once they are all there and before the database counts them."""


def _begin(products: int, random_seed: int) -> Load:
    homes = find_homes(random_seed, products)
    plan = _plan(homes, products, random_seed)
    connection = db.session.connection()
    for table, keys in KEYS_A_CHUNK.items():
        last = plan.first_keys[table] + keys * chunks_of(products) - 1
        dialects.reserve_keys(connection, db.metadata.tables[table], last)
    write_homes(homes)
    made = Counter({table: len(rows) for table, rows in homes.missing.items() if rows})
    kept = {name: value for name, value in asdict(plan).items() if name not in _FOUND_AGAIN}
    return Load(note_counts({**made, UNFINISHED: kept}), plan, made)


def _plan(homes: Homes, products: int, random_seed: int) -> Plan:
    return Plan(
        random_seed=random_seed,
        products=products,
        currency=shop_settings().currency,
        first_keys={table: next_key(db.metadata.tables[table]) for table in KEYS_A_CHUNK},
        tax_class_ids=homes.tax_class_ids,
        location_ids=homes.location_ids,
        **_found_again(homes),
    )


def _found_again(homes: Homes) -> dict[str, list[int]]:
    return {field.name: getattr(homes, field.name) for field in fields(homes) if field.name in _FOUND_AGAIN}


def _unfinished() -> ChangeSet | None:
    seeds = db.session.scalars(db.select(ChangeSet).where(ChangeSet.kind == "seed").order_by(ChangeSet.id.desc()))
    return next((one for one in seeds if one.counts and UNFINISHED in one.counts), None)


def _write_counts(change_set_id: int, counts: dict[str, Any]) -> None:
    db.session.execute(
        db.update(ChangeSet).where(ChangeSet.id == change_set_id).values(counts=counts),
        execution_options={"synchronize_session": False},
    )


def _present_rows(plan: Plan) -> Counter[str]:
    """How many rows of the load there are, by table, whoever wrote them."""
    counts: Counter[str] = Counter()
    for table in tables():
        owner = next((name for name in ("product", "variant") if f"{name}_id" in table.c and "id" not in table.c), None)
        key = table.c[f"{owner}_id"] if owner else table.c.id
        kind = owner or table.name
        first = plan.first_keys[kind]
        last = first + KEYS_A_CHUNK[kind] * chunks_of(plan.products) - 1
        counts[table.name] = db.session.scalar(
            db.select(func.count()).select_from(table).where(key.between(first, last))
        )
    return counts


def _is_larger_than_the_rest(connection: Any, plan: Plan) -> bool:
    key, first = Product.__table__.c.id, plan.first_keys["product"]
    others = (
        db.select(func.count()).select_from(Product.__table__).where(~key.between(first, first + plan.products - 1))
    )
    return plan.products > (connection.scalar(others) or 0)


def _home_tables() -> list[Table]:
    return [db.metadata.tables[name] for name in ("brand", "category", "tag")]


def _write_chunks(load: Load, uri: str, numbers: list[int], tell: Tell, helpers: int | None) -> None:
    started, written, rows_written = time.monotonic(), 0, 0
    tell(f"{load.counts['product']:,} of {load.plan.products:,} products")
    chunks = write_chunks(uri, load.plan, numbers, helpers)
    try:
        for number, counts in enumerate(chunks, 1):
            load.counts += counts
            written, rows_written = number, rows_written + counts.total()
            seconds = time.monotonic() - started
            left = seconds / written * (len(numbers) - written)
            tell(
                f"{load.counts['product']:,} of {load.plan.products:,} products · "
                f"{rows_written / seconds:,.0f} rows a second · {_duration(left)} left"
            )
    finally:
        chunks.close()


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
