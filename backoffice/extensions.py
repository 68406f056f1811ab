"""The extensions, made once and bound to an application in create_app."""

from functools import cached_property
from typing import Any

from babel.support import NullTranslations
from flask import current_app, g
from flask_babel import Babel, Domain, get_domain
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from backoffice.languages import SOURCE, find_translations_by, get_locale, translations_for

# Every constraint has a name, so that a migration can drop it and an error can be told by it.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


def files_may_change() -> bool:
    """Whether somebody may write the files of the application while it runs: where it is developed and tested."""
    return not current_app or current_app.config["ENVIRONMENT"] in ("development", "testing")


class Catalogs(Domain):
    """Our own files of translations, each looked for once a request."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        found = translations_for(str(locale or SOURCE), files_may_change())
        if g:
            g.translations = (locale, found)
        return found


def _translations_at_hand() -> NullTranslations:
    """The same, looked for where Flask-Babel notes the locale of a request, before it looks in ten places itself."""
    try:
        here = g._get_current_object().__dict__
    except RuntimeError:
        here = {}
    noted, found = here.get("_flask_babel"), here.get("translations")
    if found is not None and noted is not None and found[0] is getattr(noted, "babel_locale", None):
        return found[1]
    return get_domain().get_translations()


find_translations_by(_translations_at_hand)


class Languages(Babel):
    """Flask-Babel, with our catalogs."""

    @cached_property
    def domain_instance(self) -> Catalogs:
        return Catalogs()


db: Any = SQLAlchemy(model_class=Base, disable_autonaming=False)
migrate = Migrate(render_as_batch=True, compare_type=True)
login_manager = LoginManager()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=False)
bootstrap = Bootstrap5()
babel = Languages()
compress = Compress()
