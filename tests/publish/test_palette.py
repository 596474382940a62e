"""Colours: told apart by people with and without full colour vision."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from nabolag.publish.figures import palette

#: Viénot, Brettel and Mollon (1999): linear RGB as seen without red or green receptors.
PROTAN = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))
DEUTAN = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))
NORMAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
EYES = [NORMAL, PROTAN, DEUTAN]


def linear(color: str) -> list[float]:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def luminance(color: str) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(color: str, eye) -> tuple[float, float, float]:
    rgb = [max(0.0, sum(w * c for w, c in zip(row, linear(color), strict=True))) for row in eye]
    xyz = (
        (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505,
        0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2],
        (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089,
    )
    f = [v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def distance(one: str, other: str, eye) -> float:
    return sum((a - b) ** 2 for a, b in zip(lab(one, eye), lab(other, eye), strict=True)) ** 0.5


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("scale", [palette.SEQUENTIAL, tuple(palette.ACCUMULATION.values())])
def test_classes_grow_darker_and_are_told_apart(eye, scale):
    light = [lab(color, eye)[0] for color in scale]
    assert all(one - other > 8 for one, other in pairwise(light))
    assert min(distance(a, b, eye) for a, b in combinations(scale, 2)) > 15


@pytest.mark.parametrize("eye", EYES)
def test_hidden_and_missing_are_not_on_the_scale(eye):
    marks = (palette.STATUS["hidden"], palette.STATUS["missing"])
    classes = (*palette.SEQUENTIAL, *palette.ACCUMULATION.values())
    assert min(distance(mark, color, eye) for mark in marks for color in classes) > 6
    assert distance(*marks, eye) > 30


@pytest.mark.parametrize("eye", EYES)
def test_the_voices_of_a_comparison_are_told_apart(eye):
    voices = (palette.AREA, palette.MUNICIPALITY, palette.COUNTRY)
    assert min(distance(a, b, eye) for a, b in combinations(voices, 2)) > 15


@pytest.mark.parametrize(
    "color",
    [palette.INK, palette.MUTED, palette.AREA, palette.MUNICIPALITY, palette.COUNTRY],
)
def test_text_and_lines_read_on_white(color):
    assert contrast(color, palette.PAPER) >= 4.5


def test_borders_stand_out_from_what_is_light():
    light = [c for c in (*palette.SEQUENTIAL, *palette.ACCUMULATION.values()) if luminance(c) > 0.5]
    light += [palette.STATUS["missing"], palette.STATUS["not_applicable"]]
    assert min(contrast(palette.BORDER, color) for color in light) >= 3


def test_a_scale_has_as_many_colours_as_classes():
    for classes in range(1, 6):
        assert len(set(palette.sequential(classes))) == classes
    with pytest.raises(ValueError, match="1 to 5"):
        palette.sequential(6)
