"""Django settings from the environment (see `docs/web.md`). Importable without a workspace."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from nabolag.web.environment import read_environment

_HERE = Path(__file__).parent
_given = read_environment(os.environ)

NABOLAG_WORKSPACE = _given.workspace
NABOLAG_LANGUAGES = _given.languages
NABOLAG_FRONTEND = _HERE / "static" / "nabolag"
#: How many reports one sender may file in how many seconds.
NABOLAG_FEEDBACK_LIMIT = 5
NABOLAG_FEEDBACK_WINDOW = 3600

DEBUG = _given.debug
SECRET_KEY = _given.secret_key
ALLOWED_HOSTS = list(_given.hosts)
ROOT_URLCONF = "nabolag.web.urls"
WSGI_APPLICATION = "nabolag.web.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "nabolag.web.places",
    "nabolag.web.money",
    "nabolag.web.feedback",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "nabolag.web.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "nabolag.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nabolag.web.middleware.user_errors",
]
# The catch-all in `urls` mends slashes and absent languages in one redirect, not two.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": ["nabolag.web.context.page"],
            "builtins": ["nabolag.web.tags"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {"default": dict(_given.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
USE_I18N = True
LANGUAGE_CODE = _given.languages[0]
LANGUAGES = [(lang, lang) for lang in _given.languages]

STATIC_URL = "/static/"
STATICFILES_DIRS = [_HERE / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
#: The front end's build puts a hash of the content in the name: such a file never changes.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/nabolag/assets/.+[-.][0-9A-Za-z_-]{8,}\.\w+$"

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "nabolag.web.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if _given.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    CSRF_COOKIE_SECURE = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
