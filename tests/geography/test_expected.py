"""Every area is accounted for: what lacks is missing, what is no more says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.core import Status
from nabolag.geography import Accounted, AreaRegister, account_for, build_register
from nabolag.store.statuses import MISSING
from tests.geography.places import KEYS, counts, inline, ranked, town


def account(values: pl.DataFrame, register: AreaRegister) -> Accounted:
    return account_for(ranked(values), register, KEYS)


def areas(frame: pl.DataFrame) -> list[str]:
    return frame["area"].sort().to_list()


def test_areas_beside_those_with_figures_are_waited_for() -> None:
    seen = account(counts({"0101": 10, "0201": 1}), town())
    assert areas(seen.absent) == ["0102", "0202"]
    assert seen.absent["rank"].to_list() == [MISSING, MISSING]
    assert seen.absent["numerator"].null_count() == 2
    assert seen.absent.schema == seen.given.schema
    assert areas(seen.whole) == ["0101", "0102", "0201", "0202"]


def test_each_period_is_waited_for_by_itself() -> None:
    whole = {"0101": 1, "0102": 1, "0201": 1, "0202": 1}
    values = pl.concat([counts(whole), counts({"0101": 1}, period="2019")])
    assert set(account(values, town()).absent["period"]) == {"2019"}


def test_another_municipality_is_not_waited_for() -> None:
    register = build_register((), [
        inline("kommune", {"0301": "Byen", "0302": "Nabobyen"}),
        inline("bydel", {"030101": "Øst", "030102": "Vest"}, parents=[{"level": "kommune", "constant": "0301"}]),
        inline("bydel", {"030201": "Nord"}, parents=[{"level": "kommune", "constant": "0302"}]),
    ])  # fmt: skip
    seen = account(counts({"030101": 1}, level="bydel"), register)
    assert areas(seen.absent) == ["030102"]


def test_where_no_area_lies_in_another_all_of_the_level_are_waited_for() -> None:
    register = build_register((), [inline("bydel", {"030101": "Øst", "030102": "Vest"})])
    assert areas(account(counts({"030101": 1}, level="bydel"), register).absent) == ["030102"]


def test_a_blank_of_an_area_that_is_no_more_is_set_aside_and_a_hidden_figure_is_not() -> None:
    seen = account(counts({"0101": 1, "0109": "missing", "9901": "missing"}), town())
    assert areas(seen.no_more) == ["0109"]
    assert areas(seen.given) == ["0101", "9901"]
    assert account(counts({"0109": "suppressed_rule"}), town()).no_more.is_empty()


@dataclass(frozen=True)
class Life:
    """What is declared about one area."""

    retired: bool
    shapeless: bool
    begins: int | None
    ends: int | None

    def expected(self, period: str) -> bool:
        """The rule in words: begun before the period is over, and not ended when it begins."""
        first, last = int(period[:4]), int(period[-4:])
        begun = self.begins is None or self.begins <= last
        return begun and not self.retired and (self.ends is None or self.ends > first)


CODES = ("0101", "0102", "0103")
YEARS = st.one_of(st.none(), st.integers(2015, 2020))
LIVES = st.fixed_dictionaries(
    dict.fromkeys(CODES, st.builds(Life, st.booleans(), st.booleans(), YEARS, YEARS))
)
ROWS = st.dictionaries(
    st.tuples(st.sampled_from(CODES), st.sampled_from(["2017", "2016-2018"])),
    st.sampled_from([status.value for status in Status if not status.has_value] + [3.0]),
    min_size=1,
)


def places(lives: dict[str, Life]) -> AreaRegister:
    """Three delbydeler of one bydel."""
    lists = [
        inline("delbydel", {code: code}, parents=[{"level": "bydel", "constant": "030101"}],
               retired=life.retired, shapeless=life.shapeless,
               valid_from=date(life.begins, 1, 1) if life.begins else "",
               valid_to=date(life.ends, 1, 1) if life.ends else "")
        for code, life in lives.items()
    ]  # fmt: skip
    return build_register((), [inline("bydel", {"030101": "Øst"}), *lists])


@given(LIVES, ROWS)
@settings(max_examples=60, deadline=None)
def test_the_rule_agrees_with_itself_area_by_area(
    lives: dict[str, Life], rows: dict[tuple[str, str], float | str]
) -> None:
    values = pl.concat([counts({area: v}, period=period) for (area, period), v in rows.items()])
    seen = account(values, places(lives))
    silent = {
        key for key, v in rows.items() if v == "missing" and not lives[key[0]].expected(key[1])
    }
    kept = set(rows) - silent
    awaited = {
        (code, period)
        for period in {period for _, period in kept}
        for code, life in lives.items()
        if life.expected(period) and not life.shapeless
    }
    for frame, keys in ((seen.given, kept), (seen.no_more, silent), (seen.absent, awaited - kept)):
        assert sorted(frame.select("area", "period").iter_rows()) == sorted(keys)
    assert (seen.absent["rank"] == MISSING).all()
