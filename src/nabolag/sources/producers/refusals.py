"""What goes wrong on the way to an answer, and how it is told."""

from __future__ import annotations

import json
import re
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.parsers import expat

from nabolag.core import Finding, Place, Severity, UserError
from nabolag.sources.producers.protocol import Answer, Request

_JSON = ("json", "jsonstat", "geojson")
_TOO_MANY, _UNAVAILABLE = 429, 503
#: What a service of maps and features says is wrong (OGC OWS).
_EXCEPTION = re.compile(rb"<(?:\w+:)?ExceptionText>([^<]*)<")
_PASSING = (408, 425, _TOO_MANY, 500, 502, _UNAVAILABLE, 504)


class PassingError(Exception):
    """Trouble that may pass by itself (unless `for_good`); `wait` is the pause asked for."""

    def __init__(
        self, code: str, wait: float | None = None, *, for_good: bool = False, **params: Any
    ) -> None:
        """Keep the finding's code and facts."""
        super().__init__(code)
        self.code, self.wait, self.for_good, self.params = code, wait, for_good, params


class RefusedError(UserError):
    """A question the producer will not answer: its status and its own words of it."""

    def __init__(self, status: int, said: str, finding: Finding) -> None:
        """Keep what producers need to say it better."""
        super().__init__(finding)
        self.status, self.said = status, said


def refused(trouble: PassingError, request: Request, place: Place) -> UserError:
    """Return the error for trouble that did not pass."""
    params = {"host": host_of(request), "url": request.url, **trouble.params}
    if trouble.wait is not None:
        params["seconds"] = round(trouble.wait)
    return UserError(Finding(trouble.code, Severity.ERROR, place, params))


def line_trouble(wrong: Exception) -> PassingError:
    """Return what a failed connection is: no network, an unsafe line, silence, a broken line."""
    reason = str(wrong) or type(wrong).__name__
    if any(isinstance(part, ssl.SSLError) for part in _causes(wrong)) or "SSL" in reason:
        return PassingError("producer_unsafe_line", for_good=True, reason=reason)
    kind = type(wrong).__name__
    if kind in ("InvalidURL", "UnsupportedProtocol", "LocalProtocolError"):
        return PassingError("producer_address_wrong", for_good=True, reason=reason)
    if "Timeout" in kind:
        return PassingError("producer_silent")
    if kind in ("ConnectError", "ProxyError"):
        return PassingError("producer_not_reached", reason=reason)
    return PassingError("producer_answer_broken", reason=reason)


def status_trouble(answer: Answer, retry_after: str, place: Place) -> None:
    """Raise where the status says that this is no answer: `PassingError` or `RefusedError`."""
    status = answer.status
    if status < 400:
        return
    said = words_of(answer)
    if status in _PASSING:
        code = {_TOO_MANY: "producer_too_many", _UNAVAILABLE: "producer_closed"}.get(
            status, "producer_failing"
        )
        raise PassingError(code, seconds_of(retry_after), status=status, said=said)
    params = {
        "host": host_of(answer.request),
        "url": answer.request.url,
        "status": status,
        "said": said or "–",
    }
    raise RefusedError(status, said, Finding("producer_refused", Severity.ERROR, place, params))


def body_trouble(answer: Answer) -> None:
    """Raise `PassingError` where this is not what was asked for: a web page, half, nothing."""
    start = answer.content[:200].lstrip().lower()
    if not start:
        raise PassingError("producer_answer_broken", reason="0 bytes")
    expected = answer.request.format
    if start.startswith((b"<!doctype html", b"<html")):
        raise PassingError("producer_answer_page", for_good=True, expected=expected)
    if expected in _JSON:
        try:
            json.loads(answer.content)
        except ValueError as wrong:
            raise PassingError("producer_answer_broken", reason=str(wrong)) from wrong
    if expected == "gml":
        try:
            expat.ParserCreate().Parse(answer.content, True)
        except expat.ExpatError as wrong:
            raise PassingError("producer_answer_broken", reason=str(wrong)) from wrong


def words_of(answer: Answer) -> str:
    """Return what the producer says in an answer that is none: a problem's title and detail."""
    try:
        problem = json.loads(answer.content)
    except ValueError:
        said = _EXCEPTION.findall(answer.content)
        return "; ".join(text.decode(errors="replace").strip() for text in said)[:300]
    if not isinstance(problem, dict):
        return ""
    parts = [
        str(problem[key]) for key in ("title", "detail", "message", "error") if problem.get(key)
    ]
    return ": ".join(dict.fromkeys(parts))[:300]


def seconds_of(retry_after: str) -> float | None:
    """Return the pause a `Retry-After` asks for, in seconds or until a date; `None` if none."""
    text = retry_after.strip()
    if not text:
        return None
    if text.replace(".", "", 1).isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def host_of(request: Request) -> str:
    """Return the host a request goes to, for messages."""
    return urlsplit(request.url).netloc or request.url


def _causes(wrong: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    seen: BaseException | None = wrong
    while seen is not None and seen not in found:
        found.append(seen)
        seen = seen.__cause__ or seen.__context__
    return found
