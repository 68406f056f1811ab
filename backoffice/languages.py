"""The languages people read: each text in the source is English, and one file a language says it in another.

`backoffice/translations/de.po` is German; a third language takes one file more. A catalog is read as it is
written, without a step between. Facts of screens and models (titles, nouns, labels, hints, choices) stay plain
English where they stand, and are translated where they are shown; `manage.py texts` collects them all.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask_babel import LazyString, force_locale, get_domain, get_locale, ngettext

__all__ = [
    "Said",
    "force_locale",
    "get_locale",
    "get_translations",
    "gettext",
    "kept_again",
    "lazy_gettext",
    "marked",
    "ngettext",
    "said",
    "said_counted",
    "tell",
]

FOLDER = Path(__file__).resolve().parent / "translations"
SOURCE = "en"
_AS_WRITTEN = NullTranslations()


class Lazy(LazyString):
    """A text that is translated when it is shown; it knows its English message."""

    @property
    def message(self) -> str:
        return self._args[0]


_at_hand: Callable[[], NullTranslations] | None = None


def find_translations_by(find: Callable[[], NullTranslations]) -> None:
    """Say how the reader at hand is looked up: a page asks some hundred times."""
    global _at_hand
    _at_hand = find


def get_translations() -> NullTranslations:
    """What the reader at hand is told."""
    return _at_hand() if _at_hand is not None else get_domain().get_translations()


def gettext(message: str, **values: Any) -> str:
    """A text in the language of the reader at hand."""
    text = get_translations().ugettext(message)
    return text % values if values else text


def lazy_gettext(message: str, **values: Any) -> Lazy:
    return Lazy(gettext, message, **values)


def marked(message: str) -> str:
    """The message as it is: a mark for the collector, where the text is translated later by whoever shows it."""
    return message


def languages() -> dict[str, str]:
    """The languages there are, by code, each with the name that its speakers use."""
    return {code: (Locale.parse(code).display_name or code).capitalize() for code in _codes()}


def _codes() -> list[str]:
    return [SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po"))]


def catalog_path(language: str) -> Path:
    """Where a language's file is, or would be."""
    return FOLDER / f"{language}.po"


def language_of(locale: str) -> str | None:
    """The language there is for a locale: German for de_AT; None where there is none."""
    return next((code for code, _state in _languages_for(locale)), None)


def language_asked_for(tag: str) -> str | None:
    """The language there is for what a browser asks for: pt_BR for pt-BR, and for pt, which any Portuguese answers."""
    locale = _known_locale(tag.replace("-", "_"))
    if locale is None:
        return None
    return language_of(locale) or next((code for code in _codes() if code.startswith(f"{locale}_")), None)


def _known_locale(tag: str) -> str | None:
    """The locale as it is written, pt_BR for pt_br; without the country where nobody knows that one."""
    for text in (tag, tag.partition("_")[0]):
        with suppress(UnknownLocaleError, ValueError):
            return str(Locale.parse(text))
    return None


def _languages_for(locale: str) -> Iterator[tuple[str, int | None]]:
    """The languages there are for a locale, the closest first, with the state of their files: zh_Hant_TW, zh_Hant, zh."""
    parts = locale.split("_")
    for code in ("_".join(parts[:length]) for length in range(len(parts), 0, -1)):
        if code == SOURCE:
            yield code, None
        elif (state := _state_of(code)) is not None:
            yield code, state


def nearest_language(locale: str) -> str:
    """The language in which a reader of a locale reads: the one there is for it, else English."""
    return language_of(locale) or SOURCE


def _state_of(code: str) -> int | None:
    """When a language's file was last changed, None where there is no such file."""
    try:
        return os.stat(catalog_path(code)).st_mtime_ns
    except OSError:
        return None


def translations_for(locale: str, may_change: bool = True) -> NullTranslations:
    """What a reader of a locale is told, read from its .po file once, and again when that changed where it may."""
    return _newest_translations(locale) if may_change else _translations_once(locale)


@cache
def _translations_once(locale: str) -> NullTranslations:
    return _newest_translations(locale)


def _newest_translations(locale: str) -> NullTranslations:
    language, state = next(_languages_for(locale), (SOURCE, None))
    return _read_catalog(catalog_path(language), state) if state is not None else _AS_WRITTEN


@cache
def _read_catalog(path: Path, _changed_at: int) -> Translations:
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    translations = Translations(compiled)
    # The file's own head stands under the empty message, and nobody who shows an empty text means it.
    translations._catalog.pop("", None)
    return translations


class Said(str):
    """A sentence that is kept: English as a string, and what it was made of, so that each reads it in their language."""

    message: dict[str, Any]


def said(message: str, **values: Any) -> Said:
    """Make a sentence that is stored with what it was made of; values are text, numbers, lazy texts or other ones."""
    kept = {name: _kept(value) for name, value in values.items()}
    return _as_said({"text": message, "values": kept} if kept else {"text": message})


def said_counted(number: int, one: str, many: str) -> Said:
    """The number with its noun, as in `3 products`."""
    return _as_said({"text": one, "plural": many, "number": number})


def kept_again(message: Any) -> Said:
    """A sentence that was kept, to be part of another one."""
    return _as_said(message) if isinstance(message, Mapping) else said("%(text)s", text=message)


def _as_said(message: dict[str, Any]) -> Said:
    sentence = Said(_put(message, str, lambda one, many, number: one if number == 1 else many, SOURCE))
    sentence.message = message
    return sentence


def _kept(value: Any) -> Any:
    if isinstance(value, Said):
        return value.message
    if isinstance(value, Lazy):
        return {"text": value.message}
    return value if isinstance(value, int) else str(value)


def tell(message: Mapping[str, Any] | None, otherwise: str) -> str:
    """A kept sentence in the reader's language; `otherwise` where it was kept without what it was made of."""
    return _put(message, gettext, ngettext, str(get_locale() or SOURCE)) if message else otherwise


def _put(message: Any, one_text: Any, counted_text: Any, locale: str) -> str:
    """locale: in which the numbers of a message are written; the texts come from the two functions."""
    if isinstance(message, int):
        return format_decimal(message, locale=locale)
    if not isinstance(message, Mapping):
        return str(message)
    if "plural" in message:
        number = message["number"]
        return f"{format_decimal(number, locale=locale)} {counted_text(message['text'], message['plural'], number)}"
    values = {name: _put(value, one_text, counted_text, locale) for name, value in message.get("values", {}).items()}
    text = one_text(message["text"])
    return text % values if values else text
