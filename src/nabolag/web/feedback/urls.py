"""Addresses of feedback."""

from __future__ import annotations

from django.urls import path

from nabolag.web.feedback import views

urlpatterns = [
    path("", views.report, name="feedback"),
    path("takk/", views.thanks, name="feedback_thanks"),
]
