"""Every number of every rule has words in three languages, and its values are written plainly."""

from __future__ import annotations

from nabolag.core import LANGS, has_label, label_keys
from nabolag.publish.rule_words import numbers_in_words, rule_value
from nabolag.rules import numbers_of, parameter_kinds


def test_every_number_has_words_and_none_are_left_over() -> None:
    named = {name for kind in parameter_kinds().values() for name in kind.numbers()}
    said = {k.split(".")[1] for k in label_keys() if k.startswith("rule_number.")}
    assert said == named
    assert all(has_label(f"rule_number.{name}") for name in named)


def test_numbers_of_the_house_are_written_in_each_language() -> None:
    kinds = parameter_kinds()
    debt = numbers_of(kinds["high_debt"].history()[0])
    assert numbers_in_words(debt, "nb") == "ganger inntekten = 3"
    work = numbers_of(kinds["outside_work"].history()[0])
    assert numbers_in_words(work, "nn").endswith("blir rekna som aktivitet = ja")
    assert [rule_value(0.25, lang) for lang in LANGS] == ["0,25", "0,25", "0.25"]
    for kind in kinds.values():
        for entry in kind.history():
            for lang in LANGS:
                told = numbers_in_words(numbers_of(entry), lang)
                assert "None" not in told
                assert "(" not in told.replace("(", "", told.count(" ("))
