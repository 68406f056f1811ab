"""What templates say is put in when they are compiled, once for each language."""

import pytest
from flask import Flask, render_template_string

from backoffice.languages import force_locale


def said(app: Flask, source: str, language: str = "en", **values: object) -> str:
    with app.test_request_context(), force_locale(language):
        # What a string is compiled to is not kept; a file's template is, for each language.
        return render_template_string(source, **values)


@pytest.mark.parametrize(
    "source, english, german",
    [
        ("{{ _('Save') }}", "Save", "Speichern"),
        ("{{ _('New %(noun)s', noun=what) }}", "New &lt;b&gt;", "Neu: &lt;b&gt;"),
        ("{{ _('New %(noun)s', noun=_('product')) }}", "New product", "Neu: Produkt"),
        ("{{ _('Save') if what else _('Name') }}", "Save", "Speichern"),
        ("{% set words = _('Save') %}{{ words | upper }}", "SAVE", "SPEICHERN"),
        ("{{ _(kept) }}", "Name", "Name"),
        ("{{ _('A share of 5 %%') }}", "A share of 5 %", "A share of 5 %"),
    ],
)
def test_a_text_is_said_in_the_readers_language(app: Flask, source: str, english: str, german: str) -> None:
    values = {"what": "<b>", "kept": "Name"}

    assert said(app, source, "en", **values) == english
    assert said(app, source, "de", **values) == german


def test_a_text_that_never_changes_is_part_of_the_template(app: Flask) -> None:
    source = "<p>{{ _('Save') }} {{ icon('plus-lg') }}</p>{{ icon(sign) }}"
    with app.test_request_context(), force_locale("de"):
        code = app.jinja_env.compile(source, raw=True)

    assert '<p>Speichern <span class="bi bi-plus-lg"' in code.replace("\\'", "'")
    assert said(app, source, sign='"><i>').endswith('<span class="bi bi-&#34;&gt;&lt;i&gt;" aria-hidden="true"></span>')


def test_templates_of_two_languages_are_kept_apart(app: Flask) -> None:
    kept = []
    for language in ("en", "de", "en"):
        with app.test_request_context(), force_locale(language):
            kept.append(app.jinja_env.get_template("web/list.html"))

    assert kept[0] is kept[2]
    assert kept[0] is not kept[1]
