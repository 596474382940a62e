"""Money: what areas cost, how it is shared, and what comes."""

from __future__ import annotations

from django.apps import AppConfig


class MoneyConfig(AppConfig):
    """The pages about money."""

    name = "nabolag.web.money"
    label = "money"
