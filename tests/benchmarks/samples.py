"""What is looked for, chosen from the data itself, so that it means the same at every size."""

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median_low

from sqlalchemy import Connection, create_engine, func, select

from backoffice import dialects
from backoffice.catalog.models import Category, Product, Variant

PAGE_SIZE = 50
SHORTEST_WORD = 4
RARE = range(1, 21)
MOST_TRIED, TRIED = 200, 10
COMMON_SHARE = (0.05, 0.2)


@dataclass(frozen=True)
class Sample:
    """found: how many products each of what is looked for finds; in_category: the same of the filter.

    deep: the number of the page ten thousand deep, or of the last one.
    """

    products: int
    rare: str
    common: str
    sku: str
    category_id: int
    category: str
    status: str
    product_id: int
    deep: int
    found: dict[str, int]
    in_category: int

    def rows_on_page(self, number: int) -> int:
        return max(0, min(PAGE_SIZE, self.products - (number - 1) * PAGE_SIZE))


def sample_of(uri: str) -> Sample:
    engine = create_engine(uri, **dialects.engine_options(uri))
    try:
        with dialects.only_reading(), engine.connect() as connection:
            return _sample(connection)
    finally:
        engine.dispose()


def _sample(connection: Connection) -> Sample:
    products = connection.scalar(select(func.count()).select_from(Product)) or 0
    words = _words(connection)
    rare = _rare(connection, words)
    shares = [number for number in words.values() if COMMON_SHARE[0] <= number / products <= COMMON_SHARE[1]]
    common = _closest(words, shares or [max(words.values())])
    category_id, category, status, in_category = _category(connection)
    product_id, sku = _product(connection, products)
    found = {word: _count_named(connection, word) for word in (rare, common)}
    found[sku] = 1
    deep = min(10_000, -(-products // PAGE_SIZE))
    return Sample(products, rare, common, sku, category_id, category, status, product_id, deep, found, in_category)


def _words(connection: Connection) -> Counter[str]:
    """In how many names each word is."""
    names = connection.execution_options(yield_per=10_000).scalars(select(Product.name))
    found = Counter(word for name in names for word in set(re.findall("[a-z]+", name.lower())))
    return Counter({word: number for word, number in found.items() if len(word) >= SHORTEST_WORD})


def _rare(connection: Connection, words: Counter[str]) -> str:
    """A word that is in few names, as a part of other words too; in a large shop the rarest may be in more than that."""
    few = [word for word, number in words.items() if number in RARE] or sorted(words, key=lambda word: words[word])
    tried = sorted(few[:MOST_TRIED], key=lambda word: (-len(word), word))[:TRIED]
    found = {word: _count_named(connection, word) for word in tried}
    return min(tried, key=lambda word: (found[word] not in RARE, found[word], word))


def _closest(words: Counter[str], numbers: list[int]) -> str:
    """A word that is in the middling number of names; of several the first by the alphabet."""
    wanted = median_low(numbers)
    return min(word for word, number in words.items() if number == wanted)


def _count_named(connection: Connection, word: str) -> int:
    return connection.scalar(select(func.count()).where(Product.name.icontains(word))) or 0


def _category(connection: Connection) -> tuple[int, str, str, int]:
    """The middling category of those that fill a page with products on sale, or the largest."""
    number = func.count()
    wanted = select(Product.category_id, number).where(Product.status == "active", Product.category_id.is_not(None))
    found = {key: count for key, count in connection.execute(wanted.group_by(Product.category_id))}
    full = [count for count in found.values() if count >= PAGE_SIZE] or [max(found.values())]
    key = min(key for key, count in found.items() if count == median_low(full))
    name = connection.scalar(select(Category.name).where(Category.id == key)) or ""
    return key, name, "active", found[key]


def _product(connection: Connection, products: int) -> tuple[int, str]:
    """A product from the middle of the catalog, and the SKU of its first variant."""
    wanted = select(Variant.product_id, Variant.sku).join(Product).where(Variant.sku.is_not(None))
    middle = wanted.where(Product.id >= products // 2).order_by(Product.id, Variant.id).limit(1)
    key, sku = connection.execute(middle).one()
    return key, sku
