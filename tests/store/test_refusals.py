"""What validators and the TOML reader say is put in words of three languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nabolag.analysis.stability import Stability
from nabolag.core import LANGS, UserError
from nabolag.sources.tables import SourceSpec
from nabolag.store import parse_section, read_toml
from nabolag.store.refusals import refusal
from tests.sources.tables import spec

SRC = Path(__file__).parents[2] / "src" / "nabolag"
#: What makes a module one whose refusals a writer of `nabolag.toml` can meet.
SPEC = re.compile(
    r"class \w+\((Section|AnalysisSpec|BaseModel)|(model|field)_validator|AfterValidator"
)


def own_refusals() -> list[str]:
    """Return the words of every `ValueError` of the specifications, placeholders as «x»."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SRC.rglob("*.py"))]
    specs = "\n".join(text for text in texts if SPEC.search(text))
    found = re.findall(r"raise ValueError\(\s*f?(\"|')(.+?)\1\s*\)", specs)
    return [re.sub(r"\{[^}]*\}", "x", words) for _, words in found]


def test_every_refusal_of_a_specification_has_norwegian_words() -> None:
    words = own_refusals()
    assert len(words) > 60
    for said in words:
        reasons = refusal({"msg": f"Value error, {said}", "type": "value_error"})
        assert reasons["reason_en"]
        assert reasons["reason_nb"] != said, said


def test_a_wrong_level_lists_the_levels_and_is_told_once() -> None:
    with pytest.raises(UserError) as caught:
        spec(area=[{"level": "delbydeler", "column": "kode"}])
    (found,) = caught.value.findings
    assert found.params["key"] == "source[1].area[1].level"
    assert "ventet en av 'land', 'fylke'" in found.text("nb")
    assert "Input should" not in " ".join(found.text(lang) for lang in LANGS)


def test_a_part_that_does_not_hang_together_shows_no_python() -> None:
    with pytest.raises(UserError) as caught:
        spec(period={})
    assert "period trenger value" in caught.value.findings[0].text("nb")
    assert "{'" not in caught.value.findings[0].text("nb")
    with pytest.raises(UserError) as caught:
        parse_section(SourceSpec, {"id": "Ærlig"}, "nabolag.toml", "source[1]")
    assert "små bokstaver" in caught.value.findings[0].text("nb")


def test_a_period_that_is_none_is_told_in_norwegian() -> None:
    with pytest.raises(UserError) as caught:
        parse_section(Stability, {"id": "s", "level": "grunnkrets", "indicators": ["a", "b"],
                                  "period": "i fjor"}, "nabolag.toml", "analysis[1]")  # fmt: skip
    (found,) = caught.value.findings
    assert found.params["key"] == "analysis[1].period"
    assert "'i fjor' er ikke en periode" in found.text("nb")


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        ("a = “x”\n", 1, "rette anførselstegn"),
        ("a = x\n", 1, "rette anførselstegn"),
        ('a = "x\nb = 1\n', 1, "ikke avsluttet"),
        ("a = { b = 1,\n c = 2 }\n", 1, "på én linje"),
        ("a = 1\na = 2\n", 2, "to ganger"),
        ('a = "\\d"\n', 1, "enkle anførselstegn"),
        ("[a]\n[a]\n", 2, "doble klammer"),
        ("a 1\n", 1, "mangler her"),
        ("a = [1, 2\n", None, "ikke lukket"),
    ],
)
def test_a_toml_mistake_is_explained(tmp_path: Path, text: str, row: int | None, said: str) -> None:
    path = tmp_path / "nabolag.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_toml(path)
    found = caught.value.findings[0]
    assert said in found.text("nb")
    assert row is None or found.place.row == row


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "nabolag.toml"
    path.write_bytes('\ufeffa = "å"\r\n\tb = 2\r\n'.encode())
    assert read_toml(path) == {"a": "å", "b": 2}
