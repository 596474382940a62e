"""Addresses of the pages about money. What they mean never changes."""

from __future__ import annotations

from django.urls import URLPattern, path

from nabolag.web.money import allocation, spending, views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="money"),
    path("fordeling/kart.geojson", allocation.layer, name="allocation_map"),
    path("fordeling/regneark.xlsx", allocation.workbook, name="allocation_book"),
    path("utgiftsmodeller/oppsett/<str:model>.<str:form>", spending.layout, name="spending_layout"),
    path("<str:page>/", views.page, name="money_page"),
    path("<str:page>/tabell/<str:table>.<str:form>", views.table, name="money_table"),
    path("<str:page>/figur/<str:picture>.<str:form>", views.picture, name="money_picture"),
]
