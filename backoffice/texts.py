"""Every text of the back office that can be translated, and the files that say it in other languages.

A text is found where it is written (`_("…")` in Python, templates and scripts) or where it stands as a fact: of a
screen, a model, a role. `manage.py texts` brings each file of `translations` up to date and tells what is missing.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from babel import Locale, UnknownLocaleError
from babel.messages import Catalog, Message
from babel.messages.extract import extract_javascript
from babel.messages.pofile import normalize, read_po
from flask import Flask, current_app
from jinja2 import nodes

from backoffice import languages
from backoffice.command_line import Outcome, command
from backoffice.errors import Refusal
from backoffice.records import models_by_table
from backoffice.staff.permissions import AREAS, ROLES, VERBS
from backoffice.web.attributes import attributes_of
from backoffice.wording import plural

HOME = Path(__file__).resolve().parent
# Where a call has its message, and the one for several after it; a noun's own plural follows from the English one.
MESSAGES = {name: 0 for name in ("_", "gettext", "lazy_gettext", "marked", "said", "ngettext", "said_counted")}
MESSAGES["said_counted"] = 1
COUNTED = {"ngettext", "said_counted"}
NOUNS = {"counted": 1, "marked_noun": 0}
SCRIPT_CALLS = ("text", "backoffice.text", "window.backoffice.text")
# What a screen's facts are called that people read.
FACTS = re.compile(r"(?:^|_)(?:labels?|descriptions|phrases|hints?|words|title|question|explanation)$")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")

# A message, and the one for several where it counts, else nothing.
Text = tuple[str, str]


def collect(app: Flask) -> dict[str, str]:
    """Every message of the source with its plural, empty where it counts nothing."""
    found: dict[str, str] = {}
    for message, several in sorted({*_written(app), *_facts(app)}):
        if re.search(r"[^\W\d_]", message):
            found[message] = several or found.get(message, "")
    return found


def _written(app: Flask) -> Iterator[Text]:
    for path in sorted(HOME.rglob("*.py")):
        yield from python_texts(path.read_text(encoding="utf-8"))
    for path in sorted((HOME / "templates").rglob("*.html")):
        yield from template_texts(app, path.read_text(encoding="utf-8"))
    for path in sorted((HOME / "static" / "js").rglob("*.js")):
        yield from script_texts(path)


def python_texts(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            yield from _texts_of_call(name, [list(_python_literals(one)) for one in node.args])


def _python_literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _python_literals(node.body)
        yield from _python_literals(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def template_texts(app: Flask, source: str) -> Iterator[Text]:
    for node in app.jinja_env.parse(source).find_all(nodes.Call):
        if isinstance(node.node, nodes.Name):
            yield from _texts_of_call(node.node.name, [list(_template_literals(one)) for one in node.args])


def _template_literals(node: nodes.Expr | None) -> Iterator[str]:
    if isinstance(node, nodes.CondExpr):
        yield from _template_literals(node.expr1)
        yield from _template_literals(node.expr2)
    elif isinstance(node, nodes.MarkSafeIfAutoescape):
        yield from _template_literals(node.expr)
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value


def _texts_of_call(name: str, given: list[list[str]]) -> Iterator[Text]:
    """given: the texts that each argument may be, none where it is no text of the source."""
    if name in NOUNS and len(given) > NOUNS[name]:
        yield from ((noun, plural(noun)) for noun in given[NOUNS[name]])
    place = MESSAGES.get(name, len(given))
    several = given[place + 1] if name in COUNTED and len(given) > place + 1 else []
    for number, message in enumerate(given[place] if place < len(given) else []):
        yield message, several[number] if number < len(several) else ""


def script_texts(path: Path) -> Iterator[Text]:
    with path.open("rb") as file:
        for _line, _name, given, _comments in extract_javascript(file, SCRIPT_CALLS, (), {}):
            message = given[0] if isinstance(given, tuple) else given
            if message:
                yield message, ""


def _facts(app: Flask) -> Iterator[Text]:
    screens = app.extensions["screens"].values()
    yield from ((area, "") for area, _screens in app.extensions["menu"])
    for screen in screens:
        yield from _facts_of_screen(screen)
    shown = {getattr(screen, "model", None) for screen in screens}
    for table, model in models_by_table().items():
        if model.__module__.startswith("backoffice.") and (getattr(model, "is_recorded", False) or model in shown):
            noun = table.replace("_", " ")
            yield noun, plural(noun)
            yield from _facts_of_model(model)
    for name, (description, _allowed) in ROLES.items():
        yield from ((name.capitalize(), ""), (description, ""))
    for word in (*AREAS, *VERBS):
        yield word.replace("_", " ").capitalize(), ""


def _facts_of_screen(screen: Any) -> Iterator[Text]:
    yield screen.name, ""
    for name in dir(type(screen)):
        if FACTS.search(name):
            yield from ((text, "") for text in _texts_in(getattr(type(screen), name)))
    if getattr(screen, "noun", ""):
        yield screen.noun, plural(screen.noun)
    for columns in ("column_list", "column_filters", "column_details_list", "form_columns"):
        for name in getattr(screen, columns, None) or ():
            yield screen.label_of(name), ""
    for name in getattr(screen, "action_rights", None) or ():
        yield screen.action_labels.get(name, name.capitalize()), ""


def _texts_in(fact: Any) -> Iterator[str]:
    if isinstance(fact, str):
        yield fact
    elif isinstance(fact, dict):
        yield from (value for value in fact.values() if isinstance(value, str))


def _facts_of_model(model: Any) -> Iterator[Text]:
    for attribute in attributes_of(model).values():
        if not attribute.info.get("is_untold") or "label" in attribute.info:
            yield attribute.label, ""
        yield from ((label, "") for _value, label in attribute.choices)
        if attribute.unit:
            yield attribute.unit, ""


@dataclass(frozen=True)
class Language:
    """One language's file beside what the source says now.

    missing: messages that are not in it, or say nothing in it, or only a guess. added, gone: what the source has
    and the file lacks, and the other way round. text: the file as it should be.
    """

    code: str
    path: Path
    messages: int
    missing: list[str]
    added: list[str]
    gone: list[str]
    text: str

    @property
    def is_stale(self) -> bool:
        return not self.path.is_file() or self.path.read_text(encoding="utf-8") != self.text

    @property
    def words(self) -> str:
        told = [f"{len(self.missing):,} of {self.messages:,} messages not translated"]
        told += [f"{len(self.added):,} new"] if self.added else []
        told += [f"{len(self.gone):,} no longer in the source"] if self.gone else []
        return f"{self.code}: {', '.join(told)}"


def language(code: str, texts: dict[str, str]) -> Language:
    """What a language's file says of the source's messages, and how it should read."""
    path = languages.catalog_path(code)
    before = Catalog(locale=code)
    if path.is_file():
        with path.open("rb") as file:
            before = read_po(file, locale=code)
    known = {_key(message.id): message for message in before if message.id}
    old = {_key(message.id): message for message in before.obsolete.values()}
    now = [_taken_over(message, several, known, old, before.num_plurals) for message, several in texts.items()]
    gone = [message for key, message in known.items() if key not in texts]
    kept = [message for message in (*gone, *old.values()) if _key(message.id) not in texts and _is_said(message)]
    missing = [_key(message.id) for message in now if "fuzzy" in message.flags or not _is_said(message)]
    added = [message for message in texts if message not in known]
    text = _file(code, before, now, kept)
    return Language(code, path, len(texts), missing, added, [_key(one.id) for one in gone], text)


def _key(text: Any) -> str:
    return text if isinstance(text, str) else text[0]


def _said(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _is_said(message: Message) -> bool:
    return all(_said(message))


def _taken_over(message: str, several: str, known: dict[str, Message], old: dict[str, Message], forms: int) -> Message:
    """The message with what its file says of it; one that counts only now keeps its word for one."""
    before = known.get(message) or old.get(message)
    said = _said(before) if before else []
    string: Any = tuple((said + [""] * forms)[:forms]) if several else (said[0] if said else "")
    flags = before.flags & {"fuzzy"} if before else ()
    return Message((message, several) if several else message, string, flags=flags)


def _file(code: str, catalog: Catalog, now: Iterable[Message], kept: Iterable[Message]) -> str:
    """The whole file, the same for the same messages whoever writes it, wherever and whenever."""
    name = Locale.parse(code).english_name
    head = (
        f"# {name}. `python3 manage.py texts` keeps the messages in step with the source; write what they say in it.\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {code}\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    )
    entries = [_entry(message) for message in sorted(now, key=_order)]
    past = ["".join(f"#~ {line}\n" for line in _lines(one)) for one in sorted(kept, key=_order)]
    return "\n".join([head, *entries, *past])


def _order(message: Message) -> tuple[str, str]:
    return _key(message.id).casefold(), _key(message.id)


def _entry(message: Message) -> str:
    flags = sorted(message.flags) + (["python-format"] if PLACEHOLDER.search(_key(message.id)) else [])
    marks = [f"#, {', '.join(dict.fromkeys(flags))}"] if flags else []
    return "\n".join(marks + _lines(message)) + "\n"


def _lines(message: Message) -> list[str]:
    """The message and what it says, without flags: a reader of files takes flags of a past message for an entry."""
    lines = [f"msgid {normalize(_key(message.id), width=0)}"]
    if isinstance(message.id, str):
        lines.append(f"msgstr {normalize(message.string, width=0)}")
    else:
        lines.append(f"msgid_plural {normalize(message.id[1], width=0)}")
        lines += [f"msgstr[{place}] {normalize(one, width=0)}" for place, one in enumerate(message.string)]
    return "\n".join(lines).splitlines()


@command("texts")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a file is missing a message or not in step.")
@click.option("--new", "new_code", metavar="LANGUAGE", help="Begin a language, such as fr.")
def texts(check: bool, new_code: str | None) -> Outcome:
    """Bring the files of all languages in step with the source, and tell what is not translated yet."""
    found = collect(current_app)
    codes = [_checked_code(new_code)] if new_code else sorted(path.stem for path in languages.FOLDER.glob("*.po"))
    seen = [language(code, found) for code in codes]
    if not check:
        for one in seen:
            one.path.parent.mkdir(exist_ok=True)
            one.path.write_text(one.text, encoding="utf-8")
    facts = {
        one.code: {"messages": one.messages, "missing": one.missing, "new": one.added, "gone": one.gone} for one in seen
    }
    is_behind = any(one.missing or one.is_stale for one in seen)
    words = "\n".join(one.words + (", not in step" if one.is_stale else "") for one in seen)
    return Outcome(words or f"{len(found):,} messages, and no language but English.", facts, int(check and is_behind))


def _checked_code(code: str) -> str:
    try:
        code = str(Locale.parse(code))
    except (UnknownLocaleError, ValueError):
        raise Refusal(f"There is no language “{code}”. Write it like fr or pt_BR.") from None
    if code in languages.languages():
        raise Refusal(f"There is a file of “{code}” already. Leave --new out to bring it in step.")
    return code
