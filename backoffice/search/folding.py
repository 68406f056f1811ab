"""Folding: letters without accents and case, so that "EMAIL" finds "Émail". Texts and what is typed are folded alike."""

import re
import unicodedata
from collections.abc import Iterable

# What no decomposition takes apart, though people type the plain letters.
PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ŋ": "n",
        "’": "'",
        "‐": "-",
        "‑": "-",
        "–": "-",
        "—": "-",
    }
)
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def fold(text: str) -> str:
    """The text in plain small letters; folding it again changes nothing."""
    if text.isascii():
        return CONTROLS.sub(" ", text.lower())
    folded = _without_marks(_without_marks(text).casefold()).translate(PLAIN)
    return CONTROLS.sub(" ", folded)


def _without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not _is_mark(letter))


def _is_mark(letter: str) -> bool:
    # Joiners, soft hyphens and lone surrogates are seen by nobody, nor typed.
    return bool(unicodedata.combining(letter)) or unicodedata.category(letter) in ("Cf", "Cs")


def folded_words(texts: Iterable[str | None]) -> list[str]:
    """The words of several texts in their order, each once."""
    return list(dict.fromkeys(fold(" ".join(text for text in texts if text)).split()))


def with_compact(code: str | None) -> str:
    """A number such as PAN-20, once more without its signs, as people often type it, and its short parts by themselves.

    A part of one or two letters is only found as the beginning of a word; a longer one is found wherever it stands.
    """
    parts = [part for part in re.split(r"[\W_]+", code or "") if part]
    if len(parts) < 2:
        return code or ""
    return " ".join([code or "", "".join(parts), *(part for part in parts[1:] if len(part) < 3)])
