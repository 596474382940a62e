"""What goes wrong at producers: every one of them refuses it in words, or asks again."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from nabolag.core import LANGS, UserError
from nabolag.sources.producers import Query
from tests.sources.producers.served import fetch, keep, producer_at, query, transport
from tests.support.producer_server import Fault, Served

#: Producer, query, and a part of the path that its figures come from.
ASKED: tuple[tuple[str, Query, str], ...] = (
    ("klass", query("131"), "131/codes"),
    ("kartverket", query("kommuneomrader", {"kommune": ("0301",)}), "omrade"),
    ("fhi", query("nokkel/187"), "187/data"),
    ("udir", query("grunnskoler/0301", {"enhet": ("974552124",)}), "enhet/974552124"),
)
BY_NAME = pytest.mark.parametrize(("name", "wanted", "path"), ASKED, ids=[a[0] for a in ASKED])


@BY_NAME
@pytest.mark.parametrize("fault", ["429", "500", "truncated", "cut-line"])
def test_what_passes_is_asked_again(
    served: Served, name: str, wanted: Query, path: str, fault: Fault
) -> None:
    served.fail(path, fault)
    answers = fetch(name, wanted, served)
    assert len(answers) == 1
    assert sum(path in asked.partition("?")[0] for asked in served.asked) == 2


@BY_NAME
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("400", "from er ikke en dato"),
        ("404", "404"),
        ("429-long", "asked too often"),
        ("html", "web page"),
        ("renamed", "another form"),
    ],
)
def test_what_does_not_pass_is_refused_in_words(
    served: Served, name: str, wanted: Query, path: str, fault: Fault, said: str
) -> None:
    served.fail(path, fault)
    with pytest.raises(UserError, match=said) as refusal:
        fetch(name, wanted, served)
    for lang in LANGS:
        words = refusal.value.findings[0].text(lang)
        assert "{" not in words.replace("{…}", "")


@pytest.mark.parametrize(
    ("name", "wanted", "path"),
    [
        ("klass", query("131"), "131/codes"),
        ("kartverket", query("kommuner"), "kommuner"),
        ("udir", query("grunnskoler/0301"), "enheter/kommune"),
        ("geonorge", query("kommuner/0301"), "codelists/area"),
        ("fhi", query("nokkel/187"), "nokkel/table"),
    ],
)
def test_an_empty_list_is_no_answer(served: Served, name: str, wanted: Query, path: str) -> None:
    served.fail(path, "empty")
    with pytest.raises(UserError, match="empty list"):
        fetch(name, wanted, served)


@BY_NAME
def test_trouble_that_lasts_is_given_up(
    served: Served, name: str, wanted: Query, path: str
) -> None:
    served.fail(path, "500", "500", "500")
    with pytest.raises(UserError, match="500"):
        fetch(name, wanted, served)
    assert not served.faults


def test_nobody_at_the_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nowhere = Served(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with transport() as line, pytest.raises(UserError, match="cannot be reached"):
            producer_at("klass", nowhere, line).describe("131")


KEPT = (*ASKED, ("geonorge", query("kommuner/0301"), "order"))


@pytest.mark.parametrize(("name", "wanted", "path"), KEPT, ids=[a[0] for a in KEPT])
def test_offline_gives_the_same_from_what_is_kept(
    served: Served, tmp_path: Path, name: str, wanted: Query, path: str
) -> None:
    online = fetch(name, wanted, served)
    kept = keep(name, wanted, served, tmp_path)
    asked = len(served.asked)
    offline = kept.answers()
    assert len(served.asked) == asked
    with transport() as line:
        producer = producer_at(name, served, line)
        assert producer.read(offline).frame.equals(producer.read(online).frame)
    if name != "geonorge":
        assert [a.content for a in offline] == [a.content for a in online]
    for answer, file in zip(offline, kept.files(), strict=True):
        assert file.read_bytes() == answer.content
