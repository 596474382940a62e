"""Feedback: a reader tells the owner of the data that a figure looks wrong."""

from __future__ import annotations

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """The part of the application that is stored in the relational database."""

    name = "nabolag.web.feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"
