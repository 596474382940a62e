"""The contracts themselves: frozen, complete, worded in three languages."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from nabolag.core import LANGS
from nabolag.registers import CONTRACTS, PERSON, Column, ForeignKey, RegisterSpec


@pytest.mark.parametrize("spec", CONTRACTS.values(), ids=list(CONTRACTS))
def test_every_register_and_column_has_words(spec: RegisterSpec) -> None:
    texts = [spec.label, *(spec.column_label(name) for name in spec.names)]
    assert all(text.in_(lang) for text in texts for lang in LANGS)
    assert spec.reference


@pytest.mark.parametrize("spec", CONTRACTS.values(), ids=list(CONTRACTS))
def test_links_lead_to_the_key_of_another_register(spec: RegisterSpec) -> None:
    for link in spec.foreign_keys:
        assert CONTRACTS[link.register].key == link.target
        assert len(link.columns) == len(link.target)
    for count in spec.counted_by:
        assert set(count.on) <= set(CONTRACTS[count.register].names)


@pytest.mark.parametrize("spec", CONTRACTS.values(), ids=list(CONTRACTS))
def test_key_and_partition_are_never_empty(spec: RegisterSpec) -> None:
    nullable = {column.name for column in spec.columns if column.nullable}
    assert not nullable & {*spec.key, spec.partition}
    assert spec.partition in spec.key


def test_a_contract_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        PERSON.key = ("person_id",)  # type: ignore[misc]


def test_a_contract_cannot_name_columns_it_lacks() -> None:
    with pytest.raises(ValueError, match="absent columns: b"):
        RegisterSpec("x", (Column("year", "i16"),), ("year", "b"))
    with pytest.raises(ValueError, match="absent columns: h"):
        RegisterSpec(
            "x", (Column("year", "i16"),), ("year",), (ForeignKey(("h",), "household", ("h",)),)
        )
