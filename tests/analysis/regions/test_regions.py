"""Proposed analysis areas: as scikit-learn, by what must always hold, planted ones found."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from nabolag.analysis.method import Given
from nabolag.analysis.regions import Regions
from nabolag.analysis.regions.layout import overlap
from nabolag.analysis.regions.merging import Wanted, regions
from nabolag.core import LANGS, Level, UserError
from nabolag.geography import CustomAreaSpec
from nabolag.publish.exports.frames import analysis_bytes
from nabolag.publish.views.analyses import analysis_page, area_findings
from nabolag.store import Release, conform
from nabolag.store.frames import AREAS, LINKS, OBSERVATIONS
from tests.analysis.space.planted import catalogue, codes, grid
from tests.analysis.space.test_space import near
from tests.support.analysed import release_of

TRAITS = ("low_income_households", "crowded_households")
TOWN = ("kommune", "9901")
SIDE = 8


def given_of(
    exposed: np.ndarray, people: np.ndarray, hidden: tuple[int, ...] = (), drawn_as: str = "",
    seed: int = 1,
) -> Given:  # fmt: skip
    """A grid whose `exposed` areas have 30 % of each trait, the others 10 %, with some noise."""
    chance = np.random.default_rng(seed)
    names, rows = codes(SIDE), []
    total = {trait: [0.0, 0.0] for trait in TRAITS}
    for at, area in enumerate(names):
        n, shown = float(people[at]), at not in hidden
        rows.append({"level": "grunnkrets", "area": area, "indicator": "population", "value": n,
                     "status": "value"})  # fmt: skip
        for trait in TRAITS:
            part = float(chance.binomial(int(n), 0.3 if exposed[at] else 0.1))
            total[trait][0] += part
            total[trait][1] += n
            status = "value" if shown else "suppressed_primary"
            rows.append({"level": "grunnkrets", "area": area, "indicator": trait,
                         "value": part / n, "numerator": part, "denominator": n,
                         "status": status})  # fmt: skip
    for trait, (n, d) in total.items():
        rows.append({"level": "kommune", "area": "9901", "indicator": trait, "value": n / d,
                     "numerator": n, "denominator": d, "status": "value"})  # fmt: skip
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        period=pl.lit("2024"), group=pl.lit("")
    )
    areas = [("grunnkrets", c, f"Krets {c[-2:]}") for c in names] + [(*TOWN, "Byen")]
    links = [("grunnkrets", c, *TOWN) for c in names]
    if drawn_as:
        areas.append(("custom", drawn_as, "Vårt område"))
        links += [("grunnkrets", c, "custom", drawn_as)
                  for c, is_exposed in zip(names, exposed, strict=True) if is_exposed]  # fmt: skip
    return Given(
        conform(frame, OBSERVATIONS), catalogue(), pl.DataFrame(links, schema=LINKS, orient="row"),
        conform(pl.DataFrame(areas, schema=["level", "code", "name"], orient="row"), AREAS),
        grid(SIDE), TOWN,
    )  # fmt: skip


def block(rows: slice, columns: slice) -> np.ndarray:
    where = np.zeros((SIDE, SIDE), dtype=bool)
    where[rows, columns] = True
    return where.ravel()


EXPOSED = block(slice(1, 4), slice(2, 5))
PEOPLE = np.full(SIDE * SIDE, 1000.0)
CRITERIA = dict.fromkeys(TRAITS, 0.2)


def spec(**more) -> Regions:
    return Regions(**{"id": "r", "level": Level.GRUNNKRETS, "traits": TRAITS, "minimum": 3000,
                      **more})  # fmt: skip


def test_with_alike_people_it_is_ward_as_scikit_learn_has_it():
    cluster = pytest.importorskip("sklearn.cluster")
    values = np.random.default_rng(3).normal(size=(64, 3))
    own = near(8)
    for count in (3, 9, 20):
        ours = regions(values, np.ones(64), own, Wanted(0, count))
        theirs = cluster.AgglomerativeClustering(
            count, connectivity=own.matrix(), linkage="ward"
        ).fit_predict(values)
        # The same partition: every pair together in both, or in neither.
        assert ((ours[:, None] == ours) == (theirs[:, None] == theirs)).all()


def test_by_hand_in_a_row_of_four():
    # 0 and 1 are most alike, then 2 and 3; each pair has the two people that are asked for.
    from nabolag.analysis.neighbours import Neighbours

    row = Neighbours(4, np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2]))
    found = regions(np.array([[0.0], [0.1], [5.0], [5.3]]), np.ones(4), row, Wanted(2))
    assert found.tolist() == [0, 0, 1, 1]
    assert regions(np.zeros((4, 1)), np.ones(4), row, Wanted(4)).tolist() == [0] * 4


@settings(max_examples=30, deadline=None)
@drawn(st.integers(0, 10_000), st.integers(1, 6), st.one_of(st.none(), st.integers(1, 10)))
def test_regions_are_contiguous_large_enough_and_not_too_many(seed, least, most):
    from scipy.sparse.csgraph import connected_components

    chance = np.random.default_rng(seed)
    own, people = near(6), chance.integers(1, 4, 36).astype(float)
    found = regions(chance.normal(size=(36, 2)), people, own, Wanted(least, most))
    assert sorted(set(found.tolist())) == list(range(found.max() + 1))
    assert most is None or found.max() + 1 <= most
    for region in range(found.max() + 1):
        inside = found == region
        assert people[inside].sum() >= least
        parts, _ = connected_components(own.among(inside).matrix() if inside.sum() > 1
                                        else np.zeros((1, 1)))  # fmt: skip
        assert parts == 1


@pytest.mark.parametrize("seed", range(3))
def test_planted_exposed_places_are_found_again(seed):
    held = given_of(EXPOSED, PEOPLE, seed=seed)
    found = spec(criteria=CRITERIA).analyse(held)
    chosen = set(found.tables["regions"].filter("chosen")["region"])
    members = found.tables["members"]
    said = members["region"].is_in(list(chosen)).to_numpy()
    precision, recall = (said & EXPOSED).sum() / said.sum(), (said & EXPOSED).sum() / 9
    assert precision >= 0.9
    assert recall >= 0.9
    assert (found.tables["regions"]["residents"] >= 3000).all()


def test_the_layout_is_with_and_without_the_areas():
    held = given_of(EXPOSED, PEOPLE, drawn_as="vart")
    found = spec(criteria=CRITERIA).analyse(held)
    drawn_row = found.tables["layout"].filter(set="drawn", indicator=TRAITS[0]).row(0, named=True)
    own = held.observations.filter(indicator=TRAITS[0], level="grunnkrets")
    n, d = (own[name].to_numpy() for name in ("numerator", "denominator"))
    assert drawn_row["inside"] == pytest.approx(n[EXPOSED].sum() / d[EXPOSED].sum())
    assert drawn_row["municipality"] == pytest.approx(n.sum() / d.sum())
    assert drawn_row["rest"] == pytest.approx(n[~EXPOSED].sum() / d[~EXPOSED].sum())
    # Counted in itself, the municipality lies nearer to its areas than the rest does.
    assert drawn_row["rest"] < drawn_row["municipality"] < drawn_row["inside"]


def test_hidden_areas_are_in_no_proposal_and_leave_the_rest_unknown():
    held = given_of(EXPOSED, PEOPLE, hidden=(10,), drawn_as="vart")
    found = spec(criteria=CRITERIA).analyse(held)
    assert codes(SIDE)[10] not in set(found.tables["members"]["area"])
    assert found.facts["left_out"] == [codes(SIDE)[10]]
    assert "regions_left_out" in {f.code for f in found.findings}
    row = found.tables["layout"].filter(set="drawn", indicator=TRAITS[0]).row(0, named=True)
    assert (row["areas"], row["known"], row["rest"]) == (9, 8, None)


def test_overlap_in_people_by_hand():
    one = pl.DataFrame({"region": ["R1", "R1", "R2"], "area": ["a", "b", "c"]})
    other = pl.DataFrame({"drawn": ["X", "X"], "area": ["b", "c"]})
    people = pl.DataFrame({"area": ["a", "b", "c"], "residents": [100.0, 300.0, 50.0]})
    rows = overlap(one, other, people).to_dicts()
    assert [(r["region"], r["shared"]) for r in rows] == [("R1", 300), ("R2", 50)]
    assert rows[0]["of_region"] == pytest.approx(0.75)
    assert rows[0]["of_drawn"] == pytest.approx(300 / 350)
    assert rows[0]["jaccard"] == pytest.approx(300 / 450)
    assert rows[1]["of_region"] == pytest.approx(1.0)


def test_an_area_of_ones_own_is_found_in_the_overlap():
    found = spec(criteria=CRITERIA).analyse(given_of(EXPOSED, PEOPLE, drawn_as="vart"))
    chosen = found.tables["regions"].filter("chosen")["region"].to_list()
    inside = found.tables["overlap"].filter(pl.col("region").is_in(chosen))
    assert inside["of_drawn"].sum() >= 0.9


def test_what_cannot_be_done_is_told():
    tiny = given_of(EXPOSED, PEOPLE)
    lone = spec(minimum=1_000_000).analyse(tiny)
    assert "regions_too_small" in {f.code for f in lone.findings}
    nothing = replace(tiny, observations=tiny.observations.clear())
    assert [f.code for f in spec().analyse(nothing).findings][:1] == ["regions_nothing"]


@pytest.mark.parametrize(
    ("more", "code"),
    [({"traits": ("immigrants",)}, "analysis_background"),
     ({"population": TRAITS[0]}, "regions_no_count"),
     ({"traits": ("population",), "criteria": {"population": 5}}, "analysis_background")],
)  # fmt: skip
def test_refusals(more, code):
    with pytest.raises(UserError) as refused:
        spec(**more).analyse(given_of(EXPOSED, PEOPLE))
    assert code in {f.code for f in refused.value.findings}
    with pytest.raises(ValueError, match="not in traits"):
        spec(criteria={"x": 1})


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder: Path = tmp_path_factory.mktemp("regions")
    held = given_of(EXPOSED, PEOPLE, hidden=(60,), drawn_as="vart")
    return release_of(folder, held, [spec(criteria=CRITERIA)])


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_proposes_and_says_that_it_does(release: Release, lang: str):
    view = analysis_page(release, "r", lang)
    chosen = int(release.analyses["r"].table("regions")["chosen"].sum())
    assert (f"{chosen} " in view.opening.text) or chosen == 1
    assert [table.name for table in view.tables] == [
        "regions", "values", "layout", "overlap", "members",
    ]  # fmt: skip
    assert view.map is not None
    assert len(view.sure) == 3
    inside = codes(SIDE)[10]
    assert area_findings(release, "grunnkrets", inside, lang)
    assert not area_findings(release, "grunnkrets", codes(SIDE)[60], lang)


def test_the_proposal_can_be_pasted_into_a_workspace(release: Release):
    text = analysis_bytes(release, "r", "members", "toml", "nb").decode()
    read = tomllib.loads(text)["custom_area"]
    specs = [CustomAreaSpec.model_validate(one) for one in read]
    members = release.analyses["r"].table("members")
    assert {code for one in specs for code in one.members} == set(members["area"])
    assert "least = 3000" in text.splitlines()[1]
    with pytest.raises(UserError):
        analysis_bytes(release, "r", "regions", "toml", "nb")


def test_the_tenth_region_comes_after_the_ninth():
    found = spec(minimum=500).analyse(given_of(EXPOSED, PEOPLE))
    numbers = [int(region[1:]) for region in found.tables["values"]["region"]]
    assert max(numbers) > 9
    assert numbers == sorted(numbers)
