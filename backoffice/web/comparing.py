"""Two texts side by side: which words went, which came, and a few that stayed around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

FEWEST_WORDS = 3
MOST_WORDS = 4_000
STAYING_WORDS = 5


@dataclass(frozen=True)
class Part:
    """kind: same, gone or new."""

    kind: str
    text: str


def compare_words(old: str, new: str) -> list[Part]:
    """The changed words of a text marked; empty where marking would not help: a short one, or one all new."""
    before, after = _words(old), _words(new)
    if min(len(before), len(after)) < FEWEST_WORDS or max(len(before), len(after)) > MOST_WORDS:
        return []
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > 1000)
    if matcher.quick_ratio() < 0.3:
        return []
    return list(_parts(before, after, matcher.get_opcodes()))


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _parts(before: list[str], after: list[str], steps: list[tuple[str, int, int, int, int]]) -> Iterator[Part]:
    for place, (kind, i1, i2, j1, j2) in enumerate(steps):
        if kind == "equal":
            yield Part("same", _shortened(before[i1:i2], place == 0, place == len(steps) - 1))
            continue
        if i1 < i2:
            yield Part("gone", "".join(before[i1:i2]))
        if j1 < j2:
            yield Part("new", "".join(after[j1:j2]))


def _shortened(words: list[str], is_first: bool, is_last: bool) -> str:
    """A stretch that stayed: only what lies next to a change."""
    if len(words) <= 2 * STAYING_WORDS + 2:
        return "".join(words)
    start = [] if is_first else words[:STAYING_WORDS]
    end = [] if is_last else words[-STAYING_WORDS:]
    return f"{''.join(start)}… {''.join(end)}" if end else f"{''.join(start)}…"
