"""What `check` tells before anybody opens a page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from nabolag.core import label
from nabolag.web.tags import frontend_manifest


@checks.register()
def frontend_is_built(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Warn where scripts and styles are not built; the pages work without them, plainly."""
    if frontend_manifest(settings.NABOLAG_FRONTEND):
        return []
    what, do = (label(f"finding.web_frontend_absent.{part}", "en") for part in ("what", "do"))
    return [checks.Warning(what, hint=do, id="nabolag.W001")]
