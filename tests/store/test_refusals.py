"""What validators and the TOML reader say is put in words of three languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nabolag.core import LANGS, UserError
from nabolag.sources.tables import SourceSpec
from nabolag.store import parse_section, read_toml
from nabolag.store.refusals import refusal
from tests.sources.tables import spec

SRC = Path(__file__).parents[2] / "src" / "nabolag"
SPECS = (
    "sources/spec.py", "sources/given.py", "sources/file_form.py", "sources/row_rules.py",
    "sources/column_rules.py", "sources/vector_codes.py", "geography/spec.py", "indicators/binding.py",
    "analysis/spec.py", "disclosure/rules.py", "indicators/engine/spec.py",
)  # fmt: skip


def own_refusals() -> list[str]:
    """Return the words of every `ValueError` of the specifications, placeholders as «x»."""
    texts = [(SRC / name).read_text(encoding="utf-8") for name in SPECS]
    found = re.findall(r"raise ValueError\(\s*f?(\"|')(.+?)\1\s*\)", "\n".join(texts))
    return [re.sub(r"\{[^}]*\}", "x", words) for _, words in found]


def test_every_refusal_of_a_specification_has_norwegian_words() -> None:
    words = own_refusals()
    assert len(words) > 25
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
