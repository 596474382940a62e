"""Addresses of everything that is read from a release. What they mean never changes."""

from __future__ import annotations

from django.urls import URLPattern, path

from nabolag.web.places.views import (
    analyses,
    downloads,
    maps,
    own_area,
    pages,
    search,
    standard,
)

urlpatterns: list[URLPattern] = [
    path("", pages.overview, name="overview"),
    path("omrade/<str:level>/<str:code>/", pages.area, name="area"),
    path("eget-omrade/", own_area.page, name="own_area"),
    path("eget-omrade/kart.geojson", own_area.layer, name="own_area_map"),
    path("eget-omrade/tall.<str:form>", own_area.table, name="own_area_file"),
    path("eget-omrade/figur/utvikling.<str:form>", own_area.figure, name="own_area_figure"),
    path("indikator/", pages.indicators, name="indicators"),
    path("indikator/<str:indicator>/", pages.indicator, name="indicator"),
    path("standardsett/", standard.standard_set, name="standard_set"),
    path("standardsett/<str:indicator>/", standard.standard_indicator, name="standard_indicator"),
    path("analyse/", analyses.index, name="analyses"),
    path("analyse/<str:analysis>/", analyses.page, name="analysis"),
    path("analyse/<str:analysis>/kart.geojson", analyses.layer, name="analysis_map"),
    path(
        "analyse/<str:analysis>/tabell/<str:table>.<str:form>",
        analyses.table,
        name="analysis_table",
    ),
    path(
        "analyse/<str:analysis>/figur/<str:picture>.<str:form>",
        analyses.picture,
        name="analysis_picture",
    ),
    path("metode/", pages.method, name="method"),
    path("sok/", search.page, name="search"),
    path("sok.json", search.suggestions, name="search_json"),
    path("kart.geojson", maps.layer, name="map"),
    path("last-ned/tall.<str:form>", downloads.table, name="download"),
    path("last-ned/standardsett.<str:form>", standard.download, name="standard_set_file"),
    path("last-ned/profil/<str:level>/<str:code>.pdf", downloads.profile, name="profile"),
    path("last-ned/steder/<str:level>/<str:code>.<str:form>", downloads.places, name="places_file"),
    path("last-ned/figur/<str:figure>.<str:form>", downloads.figure, name="figure"),
]
