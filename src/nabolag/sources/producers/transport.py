"""Asking over the network: politely, patiently, and never believing half an answer.

Few questions are open at a time, and no more are sent within a window than the producer allows.
What may pass by itself (too many requests, maintenance, a broken line, half an answer) is asked
again with growing pauses, or after the pause the producer names. What will not pass is refused
at once, in words.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nabolag._version import __version__
from nabolag.core import Place
from nabolag.sources.producers.protocol import Answer, Request
from nabolag.sources.producers.refusals import (
    PassingError,
    body_trouble,
    line_trouble,
    refused,
    status_trouble,
)

if TYPE_CHECKING:
    import httpx2

#: Seconds added to a producer's window: it counts from when a question arrives, we from when it
#: is sent.
_MARGIN = 0.2
#: The headers that tell something of an answer, kept beside it.
_KEPT_HEADERS = ("content-type", "date", "etag", "last-modified", "server")


@dataclass(frozen=True, slots=True)
class Politeness:
    """How gently a producer is asked. Times are seconds.

    `concurrency` is how many questions may be open at once, `attempts` how often one is sent
    before giving up, `first_pause` the pause after the first failure (it doubles), and
    `longest_pause` the longest the producer may ask us to wait.
    """

    concurrency: int = 2
    attempts: int = 5
    first_pause: float = 1.0
    longest_pause: float = 120.0
    timeout: float = 90.0
    most_bytes: int = 512 * 1024 * 1024


class Transport(AbstractContextManager["Transport"]):
    """A connection to one producer. Thread-safe; close it, or use it in a `with`."""

    def __init__(
        self,
        place: Place,
        politeness: Politeness | None = None,
        network: httpx2.BaseTransport | None = None,
    ) -> None:
        """Name the fetch for messages. `network` stands in for the network in tests."""
        import httpx2  # noqa: PLC0415

        # Without a handler of ours, Python would print every new attempt on standard error.
        logging.getLogger("stamina").addHandler(logging.NullHandler())
        self._place = place
        self._polite = politeness or Politeness()
        self._window = _Window()
        self._client = httpx2.Client(
            headers={"User-Agent": f"nabolag/{__version__}"},
            timeout=self._polite.timeout,
            follow_redirects=True,
            transport=network,
        )

    def __exit__(self, *raised: object) -> None:
        """Close every connection."""
        self._client.close()

    def limit(self, calls: int, seconds: float) -> None:
        """Send at most so many questions within so many seconds, as the producer asks."""
        self._window.limit(calls, seconds + _MARGIN)

    def ask(self, request: Request) -> Answer:
        """Ask until there is a whole answer. Raises `UserError` where there is none to get.

        An answer with status 4xx is `RefusedError`, which carries what the producer said of it.
        """
        import stamina  # noqa: PLC0415

        polite = self._polite
        attempts = stamina.retry_context(
            on=self._pause,
            attempts=polite.attempts,
            timeout=None,
            wait_initial=polite.first_pause,
            wait_max=polite.longest_pause,
            wait_jitter=polite.first_pause / 2,
        )
        try:
            for attempt in attempts:
                with attempt:
                    return self._once(request)
        except PassingError as trouble:
            raise refused(trouble, request, self._place) from trouble
        raise AssertionError("an attempt returns or raises")

    def ask_all(self, requests: Sequence[Request], done: Callable[[Answer], None]) -> None:
        """Ask many, a few at a time; `done` is called here with each answer as it comes.

        Raises the first `UserError`; answers that came before it, or are on their way, are
        handed to `done` all the same.
        """
        todo = iter(requests)
        with ThreadPoolExecutor(self._polite.concurrency) as pool:
            open_: set[Future[Answer]] = set()
            try:
                for request in todo:
                    open_.add(pool.submit(self.ask, request))
                    if len(open_) >= self._polite.concurrency:
                        open_ = self._collect(open_, done)
                while open_:
                    open_ = self._collect(open_, done)
            except BaseException:
                for answer in _whole(open_):
                    # The first error is the one to tell; a later one must not take its place.
                    with suppress(Exception):
                        done(answer)
                raise

    def _collect(
        self, waiting: set[Future[Answer]], done: Callable[[Answer], None]
    ) -> set[Future[Answer]]:
        ready, rest = wait(waiting, return_when=FIRST_COMPLETED)
        waiting -= ready
        for answer in _whole(ready):
            done(answer)
        for future in ready:
            future.result()
        return rest

    def _pause(self, trouble: Exception) -> bool | float:
        """Tell whether and when to ask again."""
        if not isinstance(trouble, PassingError) or trouble.for_good:
            return False
        if trouble.wait is None:
            return True
        return trouble.wait if trouble.wait <= self._polite.longest_pause else False

    def _once(self, request: Request) -> Answer:
        import httpx2  # noqa: PLC0415

        self._window.enter()
        headers = {"Accept": request.accept}
        if request.body:
            headers["Content-Type"] = request.content_type
        try:
            with self._client.stream(
                request.method, request.url, content=request.body or None, headers=headers
            ) as response:
                content = self._content(response)
        except (httpx2.TransportError, httpx2.DecodingError, httpx2.InvalidURL) as wrong:
            raise line_trouble(wrong) from wrong
        answer = Answer(
            request,
            content,
            f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            response.status_code,
            {k: response.headers[k] for k in _KEPT_HEADERS if k in response.headers},
        )
        status_trouble(answer, response.headers.get("retry-after", ""), self._place)
        body_trouble(answer)
        return answer

    def _content(self, response: httpx2.Response) -> bytes:
        parts: list[bytes] = []
        size, most = 0, self._polite.most_bytes
        for part in response.iter_bytes():
            size += len(part)
            if size > most:
                raise PassingError("producer_answer_huge", for_good=True, limit=most)
            parts.append(part)
        return b"".join(parts)


class _Window:
    """At most `calls` entries within `seconds`, over all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls = 0
        self._seconds = 0.0
        self._entered: deque[float] = deque()

    def limit(self, calls: int, seconds: float) -> None:
        self._calls, self._seconds = calls, seconds

    def enter(self) -> None:
        """Wait for a place in the window, and take it."""
        while (pause := self._try()) > 0:
            time.sleep(pause)

    def _try(self) -> float:
        with self._lock:
            now = time.monotonic()
            # Before the limit is known every question is remembered: it counts them too.
            while self._calls and self._entered and now - self._entered[0] >= self._seconds:
                self._entered.popleft()
            if self._calls and len(self._entered) >= self._calls:
                return self._seconds - (now - self._entered[0])
            self._entered.append(now)
            return 0.0


def _whole(futures: set[Future[Answer]]) -> Iterator[Answer]:
    """Yield the answers of those that ended well, once they have ended."""
    for future in futures:
        if not future.cancelled() and future.exception() is None:
            yield future.result()
