"""Addresses of everything that is read from a release."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
