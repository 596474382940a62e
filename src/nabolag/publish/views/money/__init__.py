"""Pages about money: what each of them says. They all have the same shape (`model.MoneyView`)."""

from __future__ import annotations

from nabolag.publish.views.money.model import AreaMoney, Field, MoneyView, TableFile

__all__ = ["AreaMoney", "Field", "MoneyView", "TableFile"]
