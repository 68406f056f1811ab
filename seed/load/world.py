"""What all chunks of one load share: its plan, and the words and chances made from its random seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import accumulate

from seed.load import words

FIRST_DAY = datetime(2019, 6, 3, tzinfo=UTC)
DAYS = 2400
MOST_BRANDS = 20_000
MOST_TAGS = 300


@dataclass(frozen=True)
class Plan:
    """What is loaded, and to what it refers; the same plan gives the same rows.

    first_keys: the key of the first row by table. leaf_ids: the keys of the categories of the third level, in the
    order of `goods()`. location_ids: two keys.
    """

    random_seed: int
    products: int
    currency: str
    first_keys: dict[str, int]
    brand_ids: list[int]
    leaf_ids: list[int]
    tag_ids: list[int]
    tax_class_ids: list[int]
    location_ids: list[int]


@dataclass(frozen=True)
class Good:
    """One kind of thing that is sold; a category of the third level. code: how its SKUs begin."""

    department: str
    group: str
    name: str
    code: str

    @property
    def category(self) -> str:
        return plural(self.name)


def plural(noun: str) -> str:
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def goods() -> list[Good]:
    return [
        Good(department, group, name, f"{department[:3]}{name.replace(' ', '').replace('-', '')[:4]}".upper())
        for department, groups in words.GOODS.items()
        for group, names in groups.items()
        for name in names.split(", ")
    ]


def brand_names(random_seed: int, products: int) -> list[str]:
    """About one for fifty products, each once; the first of them is the biggest."""
    number = max(20, min(products // 50, MOST_BRANDS))
    made: dict[str, None] = {}
    for name in _coined(random.Random(f"{random_seed}/brands")):
        made[name + words.BRAND_ENDINGS[len(made) % len(words.BRAND_ENDINGS)]] = None
        if len(made) == number:
            return list(made)
    raise AssertionError("The coining of names never ends.")


def tag_names() -> list[str]:
    plain = words.TAGS.split(", ")
    return (plain + [f"{tag} for {whom}" for whom in words.TAG_AUDIENCES.split(", ") for tag in plain])[:MOST_TAGS]


def _coined(chance: random.Random) -> Iterator[str]:
    """Words that no language has, over and over; some come twice."""
    syllables = words.SYLLABLES.split()
    while True:
        yield "".join(chance.choices(syllables, k=chance.choice((2, 2, 3, 3, 4)))).capitalize()


def zipf(number: int, exponent: float = 1.0) -> list[float]:
    """Weights, summed up as `random.choices` wants them, of which the second is half of the first, and so on."""
    return list(accumulate(1 / rank**exponent for rank in range(1, number + 1)))


class World:
    """Made once a process. Whatever is random here follows from the random seed alone."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        chance = random.Random(f"{plan.random_seed}/world")
        self.goods = goods()
        order = list(range(len(self.goods)))
        chance.shuffle(order)
        # From the biggest category to the smallest.
        self.ranked_leaves = order
        self.leaf_weights = zipf(len(order), 1.1)
        self.brand_weights = zipf(len(plan.brand_ids), 0.9)
        self.tag_weights = zipf(len(plan.tag_ids))
        coined = _coined(chance)
        self.series = list(dict.fromkeys(next(coined) for _ in range(6000)))
        self.series_weights = zipf(len(self.series), 0.8)
        self.adjectives = _shuffled(chance, words.ADJECTIVES)
        self.adjective_weights = zipf(len(self.adjectives), 0.7)
        self.materials = _shuffled(chance, words.MATERIALS)
        self.material_weights = zipf(len(self.materials), 0.7)
        self.sentences = self._sentences(chance, 6000)
        self.prices, self.price_weights = _prices()
        self.times = [_time_of_day(chance.randrange(7 * 3600, 22 * 3600)) for _ in range(5000)]

    @cached_property
    def days(self) -> list[str]:
        return [f"{FIRST_DAY + timedelta(days=day):%Y-%m-%d}" for day in range(DAYS)]

    def _sentences(self, chance: random.Random, number: int) -> list[str]:
        vocabulary = [*dict.fromkeys(words.COMMON_WORDS.split()), *(name.lower() for name in self.series)]
        weights = zipf(len(vocabulary))
        lengths = chance.choices(range(4, 19), weights=(1, 2, 3, 4, 5, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1), k=number)
        drawn = (chance.choices(vocabulary, cum_weights=weights, k=length) for length in lengths)
        return [f"{' '.join(chosen).capitalize()}." for chosen in drawn]


def _shuffled(chance: random.Random, text: str) -> list[str]:
    found = text.split(", ")
    chance.shuffle(found)
    return found


def _time_of_day(second: int) -> str:
    return f" {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000000"


def _prices() -> tuple[list[int], list[float]]:
    """Prices in minor units, most of them ending in .99, and how often each is taken: 10 to 40 above all."""
    prices, weights = [], []
    for unit in (*range(1, 60), *range(60, 200, 5), *range(200, 1000, 50)):
        common = 1 / (1 + abs(unit - 18) / 12) ** 2
        for minor, share in ((99, 0.5), (95, 0.17), (0, 0.15), (90, 0.1), (50, 0.08)):
            prices.append(unit * 100 + minor)
            weights.append(common * share)
    return prices, list(accumulate(weights))
