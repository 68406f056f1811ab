"""How sentences count things."""


def plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def counted(number: int, noun: str) -> str:
    """The number with its noun, as in `1 category` or `1,204 products`."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"
