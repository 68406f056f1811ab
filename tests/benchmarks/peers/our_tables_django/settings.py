"""As in production: no debugging, templates kept, connections kept."""

import os
from urllib.parse import unquote, urlsplit

_URI = urlsplit(os.environ["PEER_DATABASE_URI"])
_TIMEOUT = int(os.environ["PEER_TIMEOUT_SECONDS"]) * 1000

DEBUG = False
SECRET_KEY = os.environ["PEER_PASSWORD"]
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.benchmarks.peers.our_tables_django.addresses"
STATIC_URL = "/static/"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _URI.path.removeprefix("/"),
        "USER": unquote(_URI.username or ""),
        "PASSWORD": unquote(_URI.password or ""),
        "HOST": _URI.hostname,
        "PORT": _URI.port or "",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"options": f"-c statement_timeout={_TIMEOUT}"},
    }
}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "tests.benchmarks.peers.our_tables_django.apps.ShopConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
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
]
