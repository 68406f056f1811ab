"""How sentences count things."""

from collections.abc import Sequence


def plural(noun: str) -> str:
    first, of, rest = noun.partition(" of ")
    if of:
        return f"{plural(first)}{of}{rest}"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def counted(number: int, noun: str) -> str:
    """The number with its noun, as in `1 category` or `1,204 products`."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def joined(words: Sequence[str]) -> str:
    """The words as a sentence lists them, as in `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def first_few(names: Sequence[str], number: int) -> str:
    """The names there are, and how many of all `number` come on top, as in `MUG-1, MUG-2 and 4 more`."""
    more = number - len(names)
    return joined([*names, f"{more:,} more"]) if more > 0 and names else joined(names)
