"""Templates that are compiled once for each language, with what they say put in already.

A page says some hundred texts and shows some fifty icons, and looking each of them up takes a tenth of the time that
the page takes. What stands in a template as it is is therefore part of the compiled template.
"""

from collections.abc import Callable
from typing import Any

from babel.support import NullTranslations
from flask.templating import Environment
from jinja2 import nodes
from jinja2.utils import LRUCache
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from backoffice.languages import get_translations

MOST_TEMPLATES = 400


class TranslatedEnvironment(Environment):
    """Keeps the templates of each language apart; a language whose file changed is another one."""

    _caches: dict[NullTranslations, LRUCache]
    _constants: dict[str, Callable[[str], Markup]]

    def __init__(self, *options: Any, **named: Any) -> None:
        self._constants = {}
        super().__init__(*options, **named)

    def add_constant(self, function: Callable[[str], Markup]) -> None:
        """Offer templates a function whose answer for a constant is always the same markup."""
        self.globals[function.__name__] = function
        self._constants[function.__name__] = function

    @property
    def cache(self) -> LRUCache:
        translations = get_translations()
        kept = self._caches.get(translations)
        return kept if kept is not None else self._caches.setdefault(translations, LRUCache(MOST_TEMPLATES))

    @cache.setter
    def cache(self, _empty: Any) -> None:
        self._caches = {}

    def _generate(self, source: nodes.Template, *place: Any, **options: Any) -> str:
        folded = _Folding(get_translations(), self._constants).visit(source)
        return super()._generate(folded, *place, **options)


class _Folding(NodeTransformer):
    """Puts the answer in the place of each call that has only one: a text of the language, with gaps or without."""

    def __init__(self, translations: NullTranslations, constants: dict[str, Callable[[str], Markup]]) -> None:
        self.translations = translations
        self.constants = constants

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        given = [each.value for each in node.args if isinstance(each, nodes.Const)]
        if len(given) != 1 or len(node.args) != 1 or node.dyn_args or node.dyn_kwargs:
            return node
        if name == "_":
            return self._said(node, given[0])
        if name in self.constants:
            return nodes.TemplateData(str(self.constants[name](given[0])), lineno=node.lineno)
        return node

    def _said(self, node: nodes.Call, message: str) -> nodes.Expr:
        text = nodes.TemplateData(self.translations.ugettext(message), lineno=node.lineno)
        values = [nodes.Pair(nodes.Const(each.key), each.value, lineno=node.lineno) for each in node.kwargs]
        if not values and "%" not in text.data:
            return text
        return nodes.Mod(text, nodes.Dict(values, lineno=node.lineno), lineno=node.lineno)
