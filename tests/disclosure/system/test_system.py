"""Which equations a release has, worked out by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from nabolag.disclosure import DisclosureRule
from nabolag.disclosure.system import Block, System, area_sums, linear_system
from tests.disclosure.make import CATALOGUE, figure, frame, links

TOWN = links(
    ("grunnkrets:1", "delomrade:a"), ("grunnkrets:2", "delomrade:a"), ("grunnkrets:3", "delomrade:b"),
    ("grunnkrets:2", "levekarssone:x"), ("grunnkrets:3", "levekarssone:x"),
    *((f"grunnkrets:{n}", "kommune:K") for n in "1234"),
    ("delomrade:a", "kommune:K"), ("delomrade:b", "kommune:K"), ("levekarssone:x", "kommune:K"),
)  # fmt: skip


def system(*rows: dict, **more: object) -> System:
    return linear_system(frame(rows), CATALOGUE, more.pop("links", TOWN), **more)  # type: ignore[arg-type]


def cell_names(block: Block) -> list[str]:
    places = [f"{level}:{area}" for level, area in block.areas.areas.iter_rows()]
    counts = [":".join(row) for row in block.counts.iter_rows()]
    return [f"{place}/{count}" for place in places for count in counts]


def equations(found: System) -> set[str]:
    """Every equation in words: the whole = its parts, sorted."""
    told = set()
    for block in found.blocks:
        names = cell_names(block)
        matrix = block.equations
        for e in range(matrix.shape[0]):
            part = slice(matrix.indptr[e], matrix.indptr[e + 1])
            terms = dict(zip(matrix.indices[part], matrix.data[part], strict=True))
            whole = [names[c] for c, v in terms.items() if v < 0]
            parts = sorted(names[c] for c, v in terms.items() if v > 0)
            told.add(f"{' + '.join(whole)} = {' + '.join(parts)}")
    return told


def places(found: System) -> set[str]:
    """Equations between areas only, without the counts' names."""
    told = set()
    for text in equations(found):
        names = {name.split("/")[1] for name in text.replace(" = ", " + ").split(" + ")}
        if len(names) == 1:
            told.add(" ".join(word.split("/")[0] for word in text.split(" ")))
    return told


def test_a_whole_is_its_parts_through_every_level_and_what_is_left_over():
    rows = [figure(f"grunnkrets:{n}", "people", x) for n, x in zip("1234", (10, 20, 30, 7), strict=True)]  # fmt: skip
    rows += [
        figure("delomrade:a", "people", 30), figure("delomrade:b", "people", 30),
        figure("levekarssone:x", "people", 50), figure("kommune:K", "people", 67),
    ]  # fmt: skip
    assert places(system(*rows)) == {
        "delomrade:a = grunnkrets:1 + grunnkrets:2",
        "delomrade:b = grunnkrets:3",
        "levekarssone:x = grunnkrets:2 + grunnkrets:3",
        "levekarssone:x = delomrade:b + grunnkrets:2",
        # Neither the zones nor the sub-districts fill the municipality: unit 4 is in none of them.
        "kommune:K = delomrade:a + delomrade:b + grunnkrets:4",
        "kommune:K = grunnkrets:1 + grunnkrets:4 + levekarssone:x",
        "kommune:K = grunnkrets:1 + grunnkrets:2 + grunnkrets:3 + grunnkrets:4",
    }


def test_a_longer_sum_that_shorter_ones_imply_is_not_written_twice():
    tree = links(
        ("grunnkrets:1", "bydel:a"), ("grunnkrets:2", "bydel:a"), ("grunnkrets:3", "bydel:b"),
        ("bydel:a", "kommune:K"), ("bydel:b", "kommune:K"),
    )  # fmt: skip
    rows = [figure(f"grunnkrets:{n}", "people", 10) for n in "123"]
    rows += [figure("bydel:a", "people", 20), figure("bydel:b", "people", 10),
             figure("kommune:K", "people", 30)]  # fmt: skip
    assert "kommune:K = grunnkrets:1 + grunnkrets:2 + grunnkrets:3" not in places(
        system(*rows, links=tree)
    )
    assert "kommune:K = bydel:a + bydel:b" in places(system(*rows, links=tree))


def test_an_area_lies_in_another_where_all_its_smallest_areas_do():
    crossing = links(
        ("grunnkrets:1", "delomrade:a"), ("grunnkrets:2", "delomrade:a"),
        ("grunnkrets:1", "custom:mine"), ("grunnkrets:2", "custom:mine"), ("grunnkrets:3", "custom:mine"),
    )  # fmt: skip
    areas = pl.DataFrame(
        {"level": ["grunnkrets", "delomrade", "custom"], "area": ["3", "a", "mine"]}
    )
    sums = area_sums(areas, crossing)
    inside = {(int(i), int(j)) for i, j in zip(*np.nonzero(sums.inside.toarray()), strict=True)}
    assert inside == {(0, 2), (1, 2)}
    assert {tuple(row) for row in sums.sums.toarray().astype(int).tolist()} == {(1, 1, -1)}


def test_numbers_that_do_not_add_up_are_no_equation():
    rows = [figure("grunnkrets:1", "people", 10), figure("grunnkrets:2", "people", 20),
            figure("delomrade:a", "people", 33)]  # fmt: skip
    assert places(system(*rows)) == set()
    rows[2] = figure("delomrade:a", "people", 30.4)
    assert places(system(*rows)) == {"delomrade:a = grunnkrets:1 + grunnkrets:2"}


def test_where_a_number_is_not_known_the_register_is_believed_unless_others_contradict():
    hidden = figure("grunnkrets:1", "people", None, status="suppressed_primary", reason="producer")
    rows = [hidden, figure("grunnkrets:2", "people", 20), figure("delomrade:a", "people", 30)]
    assert places(system(*rows)) == {"delomrade:a = grunnkrets:1 + grunnkrets:2"}
    groups = [figure(p, "people", x, group=f"sex={sex}") for sex in (1, 2)
              for p, x in (("grunnkrets:1", 5), ("grunnkrets:2", 10), ("delomrade:a", 99))]  # fmt: skip
    assert places(system(*rows, *groups)) == set()


def test_a_share_speaks_of_three_counts_and_shares_its_denominator():
    found = system(figure("grunnkrets:1", "poor", 8, 40), figure("grunnkrets:1", "people", 40))
    (block,) = found.blocks
    # The count of people and the denominator of the share are one cell.
    assert equations(found) == {
        "grunnkrets:1/poor:denominator:2020: = "
        "grunnkrets:1/poor:complement:2020: + grunnkrets:1/poor:numerator:2020:"
    }
    assert block.shape == (1, 3)
    assert sorted(block.value[0]) == [8, 32, 40]


def test_what_the_catalogue_declares_adds_up():
    found = system(
        figure("grunnkrets:1", "homes", 100), figure("grunnkrets:1", "own", 60, 100),
        figure("grunnkrets:1", "rent", 30, 100), figure("grunnkrets:1", "coop", 10, 100),
    )  # fmt: skip
    texts = equations(found)
    assert any(
        all(part in text.split(" = ")[1] for part in ("own:numerator", "rent:numerator", "coop:numerator"))
        for text in texts
    )  # fmt: skip
    assert len(found.blocks) == 1


def test_groups_crossings_and_spans_add_up():
    groups = {"sex=1": 4, "sex=2": 6, "": 10}
    rows = [figure("grunnkrets:1", "people", x, group=g) for g, x in groups.items()]
    crossed = {"age=1;sex=1": 1, "age=2;sex=1": 3, "age=1;sex=2": 2, "age=2;sex=2": 4}
    rows += [figure("grunnkrets:1", "people", x, group=g) for g, x in crossed.items()]
    rows += [figure("grunnkrets:1", "people", 11, period="2021"),
             figure("grunnkrets:1", "people", 21, period="2020-2021")]  # fmt: skip
    name = "grunnkrets:1/people:count:{}".format
    assert equations(system(*rows)) == {
        f"{name('2020:')} = {name('2020:sex=1')} + {name('2020:sex=2')}",
        f"{name('2020:sex=1')} = {name('2020:age=1;sex=1')} + {name('2020:age=2;sex=1')}",
        f"{name('2020:sex=2')} = {name('2020:age=1;sex=2')} + {name('2020:age=2;sex=2')}",
        f"{name('2020-2021:')} = {name('2020:')} + {name('2021:')}",
    }


def test_a_mean_of_years_is_told_from_a_sum_by_the_numbers():
    rows = [figure("grunnkrets:1", "people", x, period=p)
            for p, x in (("2020", 10), ("2021", 20), ("2020-2021", 15))]  # fmt: skip
    (block,) = system(*rows).blocks
    assert block.equations.toarray().tolist() == [[1, 1, -2]]


def test_means_follow_their_denominator_and_keep_their_sums():
    rows = [figure("grunnkrets:1", "income", 4e6, 10), figure("grunnkrets:2", "income", 8e6, 20),
            figure("delomrade:a", "income", 12e6, 30)]  # fmt: skip
    roles = {role for block in system(*rows).blocks for role in block.counts["role"]}
    assert roles == {"amount", "denominator"}
    assert places(system(*rows)) == {"delomrade:a = grunnkrets:1 + grunnkrets:2"}


def test_counts_that_are_equal_everywhere_are_one():
    rows = []
    for n, people in enumerate((40, 50, 60, 70)):
        rows += [figure(f"grunnkrets:{n}", "born", 8, people),
                 figure(f"grunnkrets:{n}", "events", 5, people)]  # fmt: skip
    assert [block.shape for block in system(*rows).blocks] == [(4, 4)]
    rows[1] = figure("grunnkrets:0", "events", 5, 41)
    assert sorted(block.shape for block in system(*rows).blocks) == [(4, 2), (4, 3)]


def test_a_bound_that_is_printed_tells_the_denominator():
    shown = figure("grunnkrets:1", "born", 8, 40)
    bare = {**shown, "numerator": None, "denominator": None,
            "lower": 0.10500862, "upper": 0.34757187}  # fmt: skip
    (block,) = system(bare).blocks
    assert sorted(block.value[0]) == pytest.approx([8, 32, 40], abs=1e-6)


def test_a_share_without_counts_is_rounded_share_times_what_it_is_counted_among():
    bare = {**figure("grunnkrets:1", "poor", None), "value": 0.104}
    (block,) = system(bare, figure("grunnkrets:1", "people", 1000)).blocks
    assert sorted(block.value[0]) == pytest.approx([104, 896, 1000])


def test_schools_do_not_fill_a_municipality():
    both = links(
        ("grunnkrets:1", "kommune:K"), ("grunnkrets:2", "kommune:K"), ("school:S", "kommune:K")
    )
    rows = [figure("grunnkrets:1", "people", 10), figure("grunnkrets:2", "people", 20),
            figure("school:S", "people", 12), figure("kommune:K", "people", 30)]  # fmt: skip
    assert places(system(*rows, links=both)) == {"kommune:K = grunnkrets:1 + grunnkrets:2"}


def test_cells_are_found_by_name():
    found = system(figure("grunnkrets:1", "poor", 8, 40), figure("grunnkrets:1", "people", 40))
    asked = pl.DataFrame(
        {"level": ["grunnkrets"] * 2, "area": ["1"] * 2, "indicator": ["poor", "people"],
         "role": ["denominator", "count"], "period": ["2020"] * 2, "group": [""] * 2}
    )  # fmt: skip
    placed = found.located(asked)
    values = [
        found.blocks[b].value[i, c] for b, i, c in placed.select("block", "place", "column").rows()
    ]
    assert values == [40, 40]
    assert placed["column"].n_unique() == 1


def test_figures_that_are_not_about_people_are_not_in_the_system():
    rule = DisclosureRule(indicators=("people",), about_people=False, because="boliger")
    assert system(figure("grunnkrets:1", "people", 3), rules=[rule]).blocks == ()


def test_an_unknown_indicator_is_refused():
    with pytest.raises(KeyError):
        system({**figure("grunnkrets:1", "people", 3), "indicator": "nothing"})
