"""The rows of one chunk of products, from the plan and the chunk's number alone.

How many keys a chunk takes is the same for all chunks, so that each can be made by itself, in any order, and its
keys follow from its number. Moments are texts of UTC, as every database takes them.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import product as combinations
from math import prod

from seed.load import words
from seed.load.world import DAYS, World

CHUNK_PRODUCTS = 2000
# Of 200 products, how many have that many variants.
_SHARES = {1: 124, 2: 26, 3: 20, 4: 12, 5: 4, 6: 6, 7: 1, 8: 2, 9: 1, 10: 1, 11: 1, 12: 2}
_VARIANT_COUNTS = tuple(count for count, share in _SHARES.items() for _ in range(share)) * (CHUNK_PRODUCTS // 200)
# How many values each option has, by the number of variants.
_SHAPES = {1: (), 6: (3, 2), 8: (4, 2), 9: (3, 3), 10: (5, 2), 12: (4, 3)}
VARIANTS_A_CHUNK = sum(_VARIANT_COUNTS)
LEVELS_A_CHUNK = VARIANTS_A_CHUNK + VARIANTS_A_CHUNK // 5
SALES_A_CHUNK = VARIANTS_A_CHUNK // 8


def _shape(variants: int) -> tuple[int, ...]:
    return _SHAPES.get(variants, (variants,))


KEYS_A_CHUNK = {
    "product": CHUNK_PRODUCTS,
    "option": sum(len(_shape(count)) for count in _VARIANT_COUNTS),
    "option_value": sum(sum(_shape(count)) for count in _VARIANT_COUNTS),
    "variant": VARIANTS_A_CHUNK,
    "price_change": VARIANTS_A_CHUNK,
    "stock_level": LEVELS_A_CHUNK,
    "stock_movement": LEVELS_A_CHUNK + SALES_A_CHUNK,
}

# In the order in which they are written: what is referred to comes first.
COLUMNS = {
    table: columns.split()
    for table, columns in {
        "product": (
            "id name slug description brand_id category_id tax_class_id status publish_at unpublish_at seo_title "
            "seo_description created_at updated_at version deleted_token"
        ),
        "product_tag": "product_id tag_id",
        "product_category": "product_id category_id",
        "option": "id product_id name position created_at updated_at version",
        "option_value": "id option_id name position created_at updated_at version",
        "variant": (
            "id product_id sku barcode option_key price_minor compare_at_price_minor cost_minor weight_grams "
            "low_stock_threshold tracks_stock allows_backorder position created_at updated_at version deleted_token"
        ),
        "variant_option_value": "variant_id option_value_id",
        "price_change": "id variant_id at new_price_minor currency",
        "stock_level": "id variant_id location_id on_hand reserved created_at updated_at",
        "stock_movement": "id variant_id variant_label location_id kind delta balance_after actor_name reason at",
    }.items()
}

Rows = dict[str, list[tuple]]

_PUBLISHED_LATER = "2031-03-01 08:00:00.000000"
_STOCK = (*range(1, 5), *range(5, 40), *range(40, 200, 8), *range(200, 900, 50))
_STOCK_WEIGHTS = (*(4,) * 4, *(3,) * 35, *(1,) * 20, *(0.3,) * 14)
# With the digits at the odd places counted once and those at the even ones three times: what four of them come to.
_GTIN_SUMS = [
    number // 1000 + 3 * (number // 100 % 10) + number // 10 % 10 + 3 * (number % 10) for number in range(10_000)
]


@dataclass
class _Chunk:
    """One chunk in the making. first: the key of its first row by table; counts: the variants of each product."""

    world: World
    chance: random.Random
    number: int
    products: int
    first: dict[str, int]
    counts: list[int]
    rows: Rows = field(default_factory=lambda: {table: [] for table in COLUMNS})


def chunks_of(products: int) -> int:
    return -(-products // CHUNK_PRODUCTS)


def make_chunk(world: World, number: int) -> Rows:
    """The rows of a chunk by table; number counts from 0."""
    plan = world.plan
    chance = random.Random(f"{plan.random_seed}/{number}")
    counts = list(_VARIANT_COUNTS)
    chance.shuffle(counts)
    first = {table: plan.first_keys[table] + number * keys for table, keys in KEYS_A_CHUNK.items()}
    products = min(CHUNK_PRODUCTS, plan.products - number * CHUNK_PRODUCTS)
    chunk = _Chunk(world, chance, number, products, first, counts)
    leaves = _make_products(chunk)
    labels = _make_variants(chunk, leaves)
    _make_stock(chunk, labels)
    return chunk.rows


def count_rows(rows: Rows) -> Counter[str]:
    return Counter({table: len(some) for table, some in rows.items()})


def gtin_13(key: int) -> str:
    """A barcode of its own for each key; those that begin with 2 mean no real company."""
    number = 200_000_000_000 + key * 7_919_317 % 100_000_000_000
    total = _GTIN_SUMS[number // 100_000_000] + _GTIN_SUMS[number // 10_000 % 10_000] + _GTIN_SUMS[number % 10_000]
    return f"{number}{-total % 10}"


def _make_products(chunk: _Chunk) -> list[int]:
    """Write the products with their tags and further categories; returns the place of each one's good."""
    world, chance, plan = chunk.world, chunk.chance, chunk.world.plan
    size = CHUNK_PRODUCTS
    leaves = chance.choices(world.ranked_leaves, cum_weights=world.leaf_weights, k=size)
    brands = chance.choices(plan.brand_ids, cum_weights=world.brand_weights, k=size)
    adjectives = chance.choices(world.adjectives, cum_weights=world.adjective_weights, k=size)
    materials = chance.choices(world.materials, cum_weights=world.material_weights, k=size)
    series = chance.choices(world.series, cum_weights=world.series_weights, k=size)
    statuses = chance.choices(("active", "draft", "archived"), (82, 11, 7), k=size)
    taxes = chance.choices(plan.tax_class_ids, [1 / rank**2 for rank in range(1, len(plan.tax_class_ids) + 1)], k=size)
    lengths = chance.choices(range(15), (6, 4, 6, 9, 11, 12, 11, 10, 8, 7, 5, 4, 3, 2, 2), k=size)
    luck = [chance.random() for _ in range(size)]
    days = _days(chunk)
    rows, first = chunk.rows["product"], chunk.first["product"]
    for place in range(chunk.products):
        key, lucky, status = first + place, luck[place], statuses[place]
        name = f"{series[place]} {adjectives[place]} {materials[place]} {world.goods[leaves[place]].name}"
        description = _description(chunk, lengths[place])
        created, updated, late = days[place]
        publish_at = unpublish_at = None
        if status == "active":
            if lucky < 0.3:
                publish_at = created
            elif lucky < 0.32:
                publish_at = _PUBLISHED_LATER
            elif lucky < 0.34:
                publish_at, unpublish_at = created, late
        has_seo = lucky > 0.7
        rows.append(
            (
                key,
                name,
                f"{name.replace(' ', '-').lower()}-{key}",
                description,
                None if 0.4 < lucky < 0.43 else brands[place],
                None if 0.5 < lucky < 0.52 else plan.leaf_ids[leaves[place]],
                taxes[place],
                status,
                publish_at,
                unpublish_at,
                f"{name} online" if has_seo else None,
                f"{name}: {world.sentences[key % 6000]}" if has_seo else None,
                created,
                updated,
                1,
                0,
            )
        )
    _make_links(chunk, leaves)
    return leaves


def _description(chunk: _Chunk, sentences: int) -> str | None:
    if not sentences:
        return None
    chosen = chunk.chance.choices(chunk.world.sentences, k=sentences)
    if sentences < 4:
        return f"<p>{' '.join(chosen)}</p>"
    if sentences < 9:
        return f"<p>{' '.join(chosen[:3])}</p><p>{' '.join(chosen[3:])}</p>"
    return f"<p>{' '.join(chosen[:4])}</p><ul><li>{'</li><li>'.join(chosen[4:])}</li></ul>"


def _days(chunk: _Chunk) -> list[tuple[str, str, str]]:
    """When each product was made, last changed, and a moment long after; they were made one after another, nearly."""
    chance, days, plan = chunk.chance, chunk.world.days, chunk.world.plan
    times = iter(chance.choices(chunk.world.times, k=3 * CHUNK_PRODUCTS))
    found = []
    for place in range(chunk.products):
        ordinal = chunk.number * CHUNK_PRODUCTS + place
        day = ordinal * (DAYS - 300) // plan.products + int(chance.random() * 90)
        left = DAYS - 2 - day
        # Changed long ago or just now, but rarely in between.
        changed = day + 1 + int(left * chance.random() ** 2)
        created = days[day] + next(times)
        updated = days[changed] + next(times) if chance.random() < 0.8 else created
        found.append((created, updated, days[changed + 1] + next(times)))
    return found


def _make_links(chunk: _Chunk, leaves: list[int]) -> None:
    chance, plan, first = chunk.chance, chunk.world.plan, chunk.first["product"]
    counts = chance.choices(range(7), (30, 25, 20, 12, 7, 4, 2), k=CHUNK_PRODUCTS)
    tags = chance.choices(plan.tag_ids, cum_weights=chunk.world.tag_weights, k=sum(counts))
    further = chance.choices(range(len(plan.leaf_ids)), k=CHUNK_PRODUCTS)
    chosen = iter(tags)
    for place in range(chunk.products):
        key = first + place
        own = dict.fromkeys(next(chosen) for _ in range(counts[place]))
        chunk.rows["product_tag"] += [(key, tag) for tag in own]
        if place % 5 == 0 and further[place] != leaves[place]:
            chunk.rows["product_category"].append((key, plan.leaf_ids[further[place]]))


def _make_variants(chunk: _Chunk, leaves: list[int]) -> list[tuple]:
    """Write options, values and variants. Returns of each variant: (label, created, updated, late, tracks stock)."""
    world, chance, plan = chunk.world, chunk.chance, chunk.world.plan
    prices = chance.choices(world.prices, cum_weights=world.price_weights, k=CHUNK_PRODUCTS)
    steps = chance.choices((0, 100, 200, 500), (70, 12, 12, 6), k=CHUNK_PRODUCTS)
    compared = chance.choices((0, 115, 120, 130, 150, 180), (86, 3, 4, 3, 3, 1), k=CHUNK_PRODUCTS)
    costs = chance.choices((0, *range(35, 66)), (4, *(1,) * 31), k=CHUNK_PRODUCTS)
    weights = chance.choices((None, *range(20, 400, 10), *range(400, 8000, 200)), k=CHUNK_PRODUCTS)
    luck = [chance.random() for _ in range(CHUNK_PRODUCTS)]
    variants, changes, links = (chunk.rows[table] for table in ("variant", "price_change", "variant_option_value"))
    key, labels = chunk.first["variant"], []
    next_keys = [chunk.first["option"], chunk.first["option_value"]]
    for place in range(chunk.products):
        made = chunk.rows["product"][place]
        product_key, name, status, created, updated = made[0], made[1], made[7], made[12], made[13]
        values = _make_options(chunk, place, leaves[place], next_keys, created)
        sku = f"{world.goods[leaves[place]].code}-{product_key:06}"
        lucky, price = luck[place], prices[place]
        for position, chosen in enumerate(values):
            own_price = None if status == "draft" and lucky < 0.2 else price + steps[place] * position
            own_sku = None if lucky > 0.98 else f"{sku}-{position + 1:02}" if len(values) > 1 else sku
            variants.append(
                (
                    key,
                    product_key,
                    own_sku,
                    None if 0.8 < lucky < 0.95 else gtin_13(key),
                    chosen[0],
                    own_price,
                    (own_price * compared[place] // 10_000 + 1) * 100 - 1 if own_price and compared[place] else None,
                    own_price * costs[place] // 100 if own_price and costs[place] else None,
                    weights[place],
                    10 if lucky < 0.05 else None,
                    not 0.3 < lucky < 0.33,
                    0.6 < lucky < 0.63,
                    position,
                    created,
                    updated,
                    1,
                    0,
                )
            )
            links += [(key, value) for value in chosen[2]]
            if own_price is not None:
                changes.append(
                    (key - chunk.first["variant"] + chunk.first["price_change"], key, created, own_price, plan.currency)
                )
            title = f"{name}, {chosen[1]}" if chosen[1] else name
            labels.append((key, f"{title} ({own_sku})" if own_sku else title, created, not 0.3 < lucky < 0.33))
            key += 1
    return labels


_NO_OPTIONS = [("", "", ())]


def _make_options(
    chunk: _Chunk, place: int, leaf: int, next_keys: list[int], created: str
) -> list[tuple[str, str, tuple[int, ...]]]:
    """Write a product's options and their values. Returns of each variant: (option key, title, keys of its values)."""
    shape = _shape(chunk.counts[place])
    if prod(shape) == 1:
        return _NO_OPTIONS
    product_key = chunk.first["product"] + place
    sides = []
    for position, size in enumerate(shape):
        name, offered = words.OPTIONS[leaf // 36 % len(words.OPTIONS)] if position == 0 else words.SECOND_OPTION
        option_key, next_keys[0] = next_keys[0], next_keys[0] + 1
        chunk.rows["option"].append((option_key, product_key, name, position, created, created, 1))
        start = (product_key + leaf) % (len(offered) - size + 1)
        values = [(next_keys[1] + number, offered[start + number]) for number in range(size)]
        next_keys[1] += size
        chunk.rows["option_value"] += [
            (key, option_key, value, number, created, created, 1) for number, (key, value) in enumerate(values)
        ]
        sides.append(values)
    return [
        (
            "-".join(str(key) for key, _ in chosen),
            " / ".join(value for _, value in chosen),
            tuple(key for key, _ in chosen),
        )
        for chosen in combinations(*sides)
    ]


def _make_stock(chunk: _Chunk, labels: list[tuple]) -> None:
    """Write the levels, each with the delivery that opened it; of some a part was sold since, or all."""
    chance, (main, other) = chunk.chance, chunk.world.plan.location_ids
    amounts = chance.choices(_STOCK, _STOCK_WEIGHTS, k=LEVELS_A_CHUNK)
    sellers = dict.fromkeys(chance.sample(range(LEVELS_A_CHUNK), SALES_A_CHUNK))
    seconds = chance.sample(range(VARIANTS_A_CHUNK), VARIANTS_A_CHUNK // 5)
    places = chance.choices((main, other), (4, 1), k=VARIANTS_A_CHUNK)
    days, times = chunk.world.days, chance.choices(chunk.world.times, k=SALES_A_CHUNK)
    homes = list(zip(range(VARIANTS_A_CHUNK), places))
    homes += [(ordinal, other if places[ordinal] == main else main) for ordinal in seconds]
    levels, movements = chunk.rows["stock_level"], chunk.rows["stock_movement"]
    first_level, first_movement = chunk.first["stock_level"], chunk.first["stock_movement"]
    sales = 0
    for number, (ordinal, location) in enumerate(homes):
        if ordinal >= len(labels):
            continue
        key, label, created, tracks_stock = labels[ordinal]
        if not tracks_stock:
            continue
        amount, on_hand, sold_at = amounts[number], amounts[number], created
        movements.append(
            (first_movement + number, key, label, location, "delivery", amount, amount, "", "Opening delivery", created)
        )
        if number in sellers:
            on_hand = 0 if sales % 2 else amount // 2
            sold_at = days[DAYS - 1] + times[sales]
            sold = (first_movement + LEVELS_A_CHUNK + sales, key, label, location, "sale", on_hand - amount, on_hand)
            movements.append((*sold, "", "Sold in the shop", sold_at))
            sales += 1
        levels.append((first_level + number, key, location, on_hand, 0, created, sold_at))
