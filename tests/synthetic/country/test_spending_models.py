"""The spending models of the demo: declared where they can be estimated, and then they are."""

from __future__ import annotations

import tomllib

import pytest

from nabolag.spending.declared import SpendingSpec
from nabolag.synthetic.country import spending
from nabolag.synthetic.country.demo import demo_spec
from nabolag.synthetic.country.spending import spending_config
from nabolag.synthetic.ground import lay_ground


@pytest.fixture(scope="module")
def grounds():
    return [lay_ground(town) for town in demo_spec(seed=3, persons=20_000).towns]


def test_every_model_of_the_demo_hangs_together(grounds):
    entries = tomllib.loads(spending_config(grounds))["spending"]
    models = [SpendingSpec.model_validate(entry) for entry in entries]
    assert len(models) == 7
    for model in models:
        model.check()
    assert len(models[0].analysis_areas) > 8


def test_without_the_library_they_are_comments(grounds, monkeypatch):
    monkeypatch.setattr(spending, "find_spec", lambda name: None)
    text = spending_config(grounds)
    assert tomllib.loads(text) == {}
    assert 'model = "table-02"' in text
