"""What is measured in each shop, and what we hold ourselves to."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.benchmarks.samples import PAGE_SIZE, Sample
from tests.benchmarks.shops import Operation, Shop

MOST_GROWTH = 1.5
LEAST_PAGES_A_SECOND = 150
MOST_MEMORY_MB = 120
PEERS = ("flask-admin", "django")


@dataclass(frozen=True)
class Task:
    """One line of the table. prepare: makes it ready in a shop, untimed; None where that shop has no such thing.

    rows: how many the page shows, None where it is no list; most_ms: how long ours may take; least: by peer, how many
    times as long that one takes at least.
    """

    name: str
    prepare: Callable[[Shop], Operation | None]
    rows: Callable[[Sample], int] | None
    most_ms: float | None = 12
    least: dict[str, float] = field(default_factory=dict)
    is_search: bool = False


def _both(times: float) -> dict[str, float]:
    return dict.fromkeys(PEERS, times)


def _page_of(found: Callable[[Sample], int]) -> Callable[[Sample], int]:
    return lambda sample: min(PAGE_SIZE, found(sample))


TASKS = (
    Task("first page", lambda shop: shop.get_list(), lambda sample: sample.rows_on_page(1), 12, _both(5)),
    Task("sort by name", lambda shop: shop.get_list(sort="name"), lambda sample: sample.rows_on_page(1), 12, _both(30)),
    Task(
        "search: a rare word",
        lambda shop: shop.get_list(search=shop.sample.rare),
        _page_of(lambda sample: sample.found[sample.rare]),
        12,
        _both(30),
        is_search=True,
    ),
    Task(
        "search: a common word, with its count",
        lambda shop: shop.get_list(search=shop.sample.common),
        _page_of(lambda sample: sample.found[sample.common]),
        25,
        _both(20),
        is_search=True,
    ),
    Task(
        "search: an exact SKU",
        lambda shop: shop.get_list(search=shop.sample.sku),
        _page_of(lambda sample: sample.found[sample.sku]),
        12,
        _both(30),
        is_search=True,
    ),
    Task(
        "filter: status and category",
        lambda shop: shop.get_list(status=shop.sample.status, category=shop.sample.category_id),
        _page_of(lambda sample: sample.in_category),
        12,
        _both(3),
    ),
    Task(
        "10,000 pages deep, by Next",
        # A shop that only counts pages off gets there by the number.
        lambda shop: shop.next_page(shop.sample.deep) or shop.get_list(page=shop.sample.deep),
        lambda sample: sample.rows_on_page(sample.deep),
        12,
        _both(30),
    ),
    Task(
        "10,000 pages deep, by number",
        lambda shop: shop.get_list(page=shop.sample.deep),
        lambda sample: sample.rows_on_page(sample.deep),
        12,
        _both(30),
    ),
    Task(
        "last page",
        lambda shop: shop.last_page(),
        lambda sample: sample.products % PAGE_SIZE or PAGE_SIZE,
        12,
        _both(30),
    ),
    Task("open a product", lambda shop: shop.open_form, None, 12, {"django": 1}),
    Task("save a product, one field changed", lambda shop: shop.save_form, None, 12, {"django": 1}),
)
