"""What readers reported, and how often a sender has reported lately."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Report(models.Model):
    """One reader's word about one figure (or about the whole page).

    `release`, `level`, `area`, `indicator` and `period` say which figure was seen, as codes of
    the release; an empty one means «not about that». `contact` is the reader's own choice.
    """

    created_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(
        auto_now_add=True, db_index=True
    )
    handled_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        null=True, blank=True
    )
    release: models.CharField[str, str] = models.CharField(max_length=64)
    level: models.CharField[str, str] = models.CharField(max_length=32, blank=True)
    area: models.CharField[str, str] = models.CharField(max_length=32, blank=True)
    indicator: models.CharField[str, str] = models.CharField(max_length=128, blank=True)
    period: models.CharField[str, str] = models.CharField(max_length=16, blank=True)
    lang: models.CharField[str, str] = models.CharField(max_length=2)
    message: models.TextField[str, str] = models.TextField()
    contact: models.EmailField[str, str] = models.EmailField(blank=True)

    class Meta:
        """Oldest first, as they are to be answered."""

        ordering = ("created_at", "id")

    def __str__(self) -> str:
        """Return which figure the report is about."""
        return f"{self.level}:{self.area} {self.indicator} {self.period}"


class Attempt(models.Model):
    """One sending, kept for as long as the limit looks back and then deleted.

    `sender` is a keyed hash of the sender's address: it can be counted, not read.
    """

    sender: models.CharField[str, str] = models.CharField(max_length=64)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        """Counted by sender and time."""

        indexes = (models.Index(fields=("sender", "at"), name="feedback_attempt_sender_at"),)

    def __str__(self) -> str:
        """Return the time only."""
        return self.at.isoformat()
