"""The way to an answer: patience with what passes, words for what does not, and manners."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from nabolag.core import Place, UserError
from nabolag.sources.producers import Answer, Request
from nabolag.sources.producers.refusals import seconds_of
from nabolag.sources.producers.transport import Politeness, Transport
from tests.support.pxweb_server import PxServer, population

QUICK = Politeness(first_pause=0.01, attempts=3, timeout=5)
PLACE = Place("[[fetch]] folketall (ssb 07459)")
SELECTION = "valueCodes[Region]=9901&valueCodes[ContentsCode]=Personer&valueCodes[Tid]=2024"


@pytest.fixture
def server() -> Iterator[PxServer]:
    table, lists = population()
    with PxServer([table], lists=lists).running() as running:
        yield running


def request(server: PxServer, name: str = "part-0001", table: str = "07459") -> Request:
    return Request(name, f"{server.url}/tables/{table}/data?{SELECTION}", format="jsonstat")


@pytest.mark.parametrize(
    "fault", ["429", "503", "500", "502", "reset", "truncated", "half-json", "empty"]
)
def test_what_passes_is_asked_again(server: PxServer, fault: str) -> None:
    server.faults[1] = fault
    with Transport(PLACE, QUICK) as transport:
        answer = transport.ask(request(server))
    assert answer.document["value"], "half an answer is never taken"
    assert server.count() == 2


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        ("429", "producer_too_many", "concurrency = 1"),
        ("503", "producer_closed", "maintenance"),
        ("500", "producer_failing", "500"),
        ("truncated", "producer_answer_broken", "not whole"),
        ("half-json", "producer_answer_broken", "not whole"),
        ("page", "producer_answer_page", "web page"),
    ],
)
def test_what_does_not_pass_is_told(server: PxServer, fault: str, code: str, said: str) -> None:
    server.faults = dict.fromkeys(range(1, 9), fault)
    with Transport(PLACE, QUICK) as transport, pytest.raises(UserError) as caught:
        transport.ask(request(server))
    (finding,) = caught.value.findings
    assert (finding.code, finding.place) == (code, PLACE)
    for lang in ("nb", "nn", "en"):
        assert "127.0.0.1" in finding.text(lang)
    assert said in finding.text("en")
    # A page is no accident of the line: it is not asked for again.
    assert server.count() == (1 if fault == "page" else QUICK.attempts)


def test_the_pause_asked_for_is_held(server: PxServer) -> None:
    server.faults[1] = "429"
    began = time.monotonic()
    with Transport(PLACE, QUICK) as transport:
        transport.ask(request(server))
    assert time.monotonic() - began >= 1.0


def test_a_longer_pause_than_we_wait_is_told_at_once() -> None:
    asked = []

    def closed(question: httpx2.Request) -> httpx2.Response:
        asked.append(question.url)
        return httpx2.Response(503, headers={"Retry-After": "7200"})

    network = httpx2.MockTransport(closed)
    with Transport(PLACE, QUICK, network) as transport, pytest.raises(UserError, match="closed"):
        transport.ask(Request("x", "https://example.org/data"))
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("", None, None), ("7", 7, 7), ("1.5", 1.5, 1.5), ("later", None, None),
     ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0), ("Thu, 31 Dec 2099 23:59:59 GMT", 1e9, 1e10)],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(text: str, low: Any, high: Any) -> None:
    found = seconds_of(text)
    assert found is None if low is None else low <= (found or 0) <= high


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (
            httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"),
            "producer_unsafe_line",
        ),
        (httpx2.ConnectError("Name or service not known"), "producer_not_reached"),
        (httpx2.ReadTimeout("slow"), "producer_silent"),
        (httpx2.ProxyError("403 Forbidden"), "producer_not_reached"),
        (httpx2.RemoteProtocolError("peer closed connection"), "producer_answer_broken"),
    ],
)
def test_every_broken_line_has_its_words(wrong: Exception, code: str) -> None:
    def broken(question: httpx2.Request) -> httpx2.Response:
        raise wrong

    network = httpx2.MockTransport(broken)
    with Transport(PLACE, QUICK, network) as transport, pytest.raises(UserError) as caught:
        transport.ask(Request("x", "https://data.example.org/v2/data"))
    (finding,) = caught.value.findings
    assert finding.code == code
    assert all("data.example.org" in finding.text(lang) for lang in ("nb", "nn", "en"))


def test_no_network_is_told(server: PxServer) -> None:
    with Transport(PLACE, QUICK) as transport, pytest.raises(UserError, match="cannot be reached"):
        transport.ask(Request("x", "http://127.0.0.1:9/data"))
    with Transport(PLACE, QUICK) as transport, pytest.raises(UserError, match="cannot be used"):
        transport.ask(Request("x", "ftp://127.0.0.1/data"))


def test_a_slow_answer_ends_in_words(server: PxServer) -> None:
    server.delay = 0.6
    polite = Politeness(first_pause=0.01, attempts=2, timeout=0.2)
    with Transport(PLACE, polite) as transport, pytest.raises(UserError, match="answer in time"):
        transport.ask(request(server))


def test_a_huge_answer_is_refused(server: PxServer) -> None:
    polite = Politeness(first_pause=0.01, attempts=1, most_bytes=100)
    with Transport(PLACE, polite) as transport, pytest.raises(UserError, match="larger than 100"):
        transport.ask(request(server))


def test_no_more_questions_are_open_than_declared(server: PxServer) -> None:
    server.delay = 0.05
    done: list[Answer] = []
    with Transport(PLACE, Politeness(concurrency=2)) as transport:
        transport.ask_all([request(server, f"p{n}") for n in range(8)], done.append)
    assert len(done) == 8
    assert server.open_most == 2


def test_the_window_of_the_producer_is_held(server: PxServer) -> None:
    server.window, server.enforced = 1, 3
    with Transport(PLACE, Politeness(concurrency=4, first_pause=5, attempts=1)) as transport:
        transport.limit(3, 1)
        began = time.monotonic()
        transport.ask_all([request(server, f"p{n}") for n in range(7)], lambda answer: None)
    assert time.monotonic() - began >= 2.0
    assert server.count() == 7, "no question was refused"


def test_answers_before_an_error_are_not_lost(server: PxServer) -> None:
    """The wrong one is the third; the first two, and one on its way, are handed over."""
    done: list[str] = []
    questions = [request(server, f"p{n}", "07459" if n != 2 else "99999") for n in range(6)]
    with Transport(PLACE, QUICK) as transport, pytest.raises(UserError, match="Non-existent table"):
        transport.ask_all(questions, lambda answer: done.append(answer.request.name))
    assert {"p0", "p1"} <= set(done)
    assert "p2" not in done


def test_done_is_called_in_the_asking_thread(server: PxServer) -> None:
    seen: set[int] = set()
    with Transport(PLACE, QUICK) as transport:
        transport.ask_all(
            [request(server, f"p{n}") for n in range(4)],
            lambda answer: seen.add(threading.get_ident()),
        )
    assert seen == {threading.get_ident()}
