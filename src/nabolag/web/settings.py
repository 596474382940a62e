"""Settings of the web application."""

SECRET_KEY = "tests"
INSTALLED_APPS: list[str] = []
USE_TZ = True
