"""The back office of a small shop: Flask-Admin screens over its catalog."""

from datetime import timedelta

from flask import Flask, request
from flask_admin import Admin
from flask_admin.theme import Theme
from werkzeug.utils import import_string

from backoffice import dialects
from backoffice.config import ROOT, Config, read_config


def create_app(config: Config | None = None) -> Flask:
    """Make the application; raises ConfigProblems where the environment is not fit to serve."""
    config = config or read_config()
    app = Flask(__name__, instance_path=str(config.instance))
    _configure(app, config)
    _bind_extensions(app, config)
    _register_followups()
    _register_routes(app)
    _register_screens(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    from backoffice.staff.routes import cookie_settings
    from backoffice.web.templates import TranslatedEnvironment

    app.jinja_environment = TranslatedEnvironment
    app.config.update(
        ENVIRONMENT=config.environment,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_uri,
        SQLALCHEMY_ENGINE_OPTIONS=dialects.engine_options(config.database_uri),
        MEDIA_FOLDER=config.media_folder,
        MIGRATIONS=ROOT / "migrations",
        RATELIMIT_STORAGE_URI=config.limiter_uri,
        RATELIMIT_ENABLED=config.environment != "testing",
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=20_000,
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        WTF_CSRF_TIME_LIMIT=None,
        # The token is checked after the gate, so that a stranger is shown the way in, whatever they sent.
        WTF_CSRF_CHECK_DEFAULT=False,
        # Pages are compressed as they go; what is streamed stays streamed, and files are compressed once by themselves.
        COMPRESS_MIMETYPES=["text/html", "application/json"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_STREAMS=False,
        DEBUG=False,
        TESTING=False,
        **cookie_settings(config.is_guarded),
    )
    config.instance.mkdir(parents=True, exist_ok=True)


def _bind_extensions(app: Flask, config: Config) -> None:
    from backoffice import extensions
    from backoffice.staff import passwords
    from backoffice.web.reading import choose_locale

    if config.environment == "testing":
        passwords.use_quick_hashes()
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(ROOT / "migrations"))
    extensions.login_manager.init_app(app)
    extensions.bootstrap.init_app(app)
    extensions.compress.init_app(app)
    extensions.babel.init_app(app, locale_selector=choose_locale)
    extensions.limiter.init_app(app)
    app.before_request(_begin_work)
    extensions.csrf.init_app(app)


def _begin_work() -> None:
    from backoffice.web.access import is_unattended

    # Set for every request anew: the context of a thread outlives its request.
    if request.method in ("GET", "HEAD", "OPTIONS") or is_unattended():
        dialects.work_only_reads()
    else:
        dialects.work_may_write()


def _register_followups() -> None:
    """Import what acts on others' doing; each registers itself, once."""
    from backoffice.catalog import categories, pricing, slugs, touching, trash  # noqa: F401
    from backoffice.import_export import searching as import_searching  # noqa: F401
    from backoffice.inventory import stock  # noqa: F401
    from backoffice.inventory import trash as inventory_trash  # noqa: F401
    from backoffice.media import trash as media_trash  # noqa: F401
    from backoffice.search import checking, keeping  # noqa: F401


def _register_routes(app: Flask) -> None:
    from backoffice.health import routes as health
    from backoffice.media import routes as media
    from backoffice.staff import routes as staff
    from backoffice.web import access, assets, frame, frame_routes, once, responses

    app.before_request(responses.refuse_junk_address)
    app.before_request(access.guard_request)
    app.before_request(responses.check_token)
    once.register(app)
    responses.register(app)
    frame.register(app)
    for routes in (staff, frame_routes, assets, media, health):
        app.register_blueprint(routes.blueprint)


def _register_screens(app: Flask) -> None:
    from backoffice.screens import SCREENS
    from backoffice.web.lookups import Lookups

    screens = [(area, import_string(screen)()) for area, screen in SCREENS]
    app.extensions["screens"] = {screen.endpoint: screen for _, screen in screens}
    app.extensions["menu"] = [
        (area, [screen for its_area, screen in screens if its_area == area])
        for area in dict.fromkeys(area for area, _ in screens)
    ]
    app.extensions["lookups"] = Lookups()
    index, *others = [screen for _, screen in screens]
    admin = Admin(app, name="Back office", index_view=index, theme=Theme(folder="web", base_template="web/frame.html"))
    admin.add_views(*others)
    for screen in others:
        if hasattr(screen, "model"):
            app.extensions["lookups"].register(screen)
