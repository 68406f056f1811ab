"""A shop in Django's own admin: search, filters, cells to edit and two actions."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

NAME = "owner"
WORD = "of no worth at all"


def make_shop(folder: Path, products: Iterable[dict[str, Any]]) -> Callable[..., Any]:
    """The application, with its own file of products and an owner; once a process, for Django has one setting."""
    import django
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    settings.configure(
        DEBUG=True,
        SECRET_KEY=WORD,
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF="tests.benchmarks.peers.django_shop.addresses",
        STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "django.sqlite"}},
        INSTALLED_APPS=[
            *(f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages")),
            "django.contrib.staticfiles",
            "tests.benchmarks.peers.django_shop",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)

    from django.contrib.auth.models import User

    from tests.benchmarks.peers.django_shop.models import Brand, Category, Product

    User.objects.create_superuser(NAME, "owner@example.com", WORD)
    for values in products:
        links = {
            name: model.objects.get_or_create(name=values[name])[0] if values[name] else None
            for name, model in (("category", Category), ("brand", Brand))
        }
        Product.objects.create(**(values | links))
    return StaticFilesHandler(get_wsgi_application())
