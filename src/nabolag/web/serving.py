"""Views that read a release: opened once, answered with a name for the answer, safe to keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache, wraps
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from nabolag import __version__
from nabolag.store import Release
from nabolag.web.releases import current_release

View: TypeAlias = Callable[..., HttpResponse]
#: Kept by anybody, asked about every time: a new release is seen at once, an old answer costs 304.
CACHE_CONTROL = "public, max-age=0, must-revalidate"


def from_release(view: View) -> View:
    """Give a view the current release, and its answer an ETag made of release, code and address.

    A reader who has the same answer already gets 304 before anything is computed. Only for pages
    that are the same for everybody.
    """

    @require_safe
    @wraps(view)
    def served(request: HttpRequest, **parts: Any) -> HttpResponse:
        release = current_release()
        etag = etag_of(release, request.get_full_path())
        known = get_conditional_response(request, etag=etag)
        answer = known if known is not None else view(request, release, **parts)
        if answer.status_code in (200, 304):
            answer.headers["ETag"] = etag
            answer.headers["Cache-Control"] = CACHE_CONTROL
        return answer

    return served


def etag_of(release: Release, address: str) -> str:
    """Return the name of the answer at an address: changes with release, code and front end."""
    frontend = Path(settings.NABOLAG_FRONTEND) / ".vite" / "manifest.json"
    built = frontend.stat().st_mtime_ns if frontend.is_file() else 0
    made_of = "\n".join((release.id, _code_stamp(), str(built), address))
    return f'"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'


@lru_cache(maxsize=1)
def _code_stamp() -> str:
    """Return a mark of the code, templates and labels this process started with."""
    root = Path(str(files("nabolag")))
    parts = [*root.glob("**/*.py"), *root.glob("**/*.html"), *root.glob("**/*.toml")]
    parts += root.glob("**/*.yaml")
    newest = max((path.stat().st_mtime_ns for path in parts), default=0)
    return f"{__version__}-{len(parts)}-{newest}"
