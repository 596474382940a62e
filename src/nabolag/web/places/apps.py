"""Places: the municipality, its areas, indicators, methods, search and downloads."""

from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Everything that is read from a release."""

    name = "nabolag.web.places"
    label = "places"

    def ready(self) -> None:
        """Take part in `check`."""
        from nabolag.web.places import checks  # noqa: F401, PLC0415 - registers itself
