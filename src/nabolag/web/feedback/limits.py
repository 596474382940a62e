"""How often one sender may report, without keeping who the sender is."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings

from nabolag.web.feedback.models import Attempt


def sender_hash(address: str, secret: str) -> str:
    """Return a keyed hash of an address: equal senders are equal, and none can be read back."""
    return hmac.new(secret.encode(), address.encode(), hashlib.sha256).hexdigest()


def may_send(address: str, now: datetime) -> bool:
    """Count one attempt. False where the sender has used up the window's share.

    Attempts older than the window are deleted on the way.
    """
    oldest = now - timedelta(seconds=settings.NABOLAG_FEEDBACK_WINDOW)
    Attempt.objects.filter(at__lt=oldest).delete()
    sender = sender_hash(address, settings.SECRET_KEY)
    if Attempt.objects.filter(sender=sender).count() >= settings.NABOLAG_FEEDBACK_LIMIT:
        return False
    Attempt.objects.create(sender=sender, at=now)
    return True
