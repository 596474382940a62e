"""Facts of one year: the unit's own rows, with what other registers know of each.

Only what is asked for is read. No row is lost on the way: every other register is looked up by a
key, and where it has nothing, its facts are unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import narwhals.stable.v2 as nw

from nabolag.indicators.engine.facts import EARLIER, MEDIANS, MOVES, UNITS, Lookup
from nabolag.indicators.engine.measures import Counted
from nabolag.indicators.engine.registers import Registers
from nabolag.rules.unknown import choose
from nabolag.store.engine import Lazy

_PERSON_KEY = "person_id"
AREA = "area"


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the registers. `earlier` gives persons' income per unit so many years before.

    `bands` are the lowest ages of the age bands.
    """

    registers: Registers
    year: int
    bands: tuple[int, ...]
    earlier: Mapping[int, Lazy]

    @property
    def at(self) -> date:
        """The date whose rules hold for the year: its first day."""
        return date(self.year, 1, 1)

    def facts(
        self, unit: Counted, wanted: frozenset[str], keys: frozenset[str] = frozenset()
    ) -> Lazy:
        """Return `area`, the facts wanted (but the medians) and columns of `keys`."""
        spec = UNITS[unit]
        asked = wanted - {"year"} - MEDIANS.keys()
        made = frozenset(asked & spec.worked_out.keys())
        needed = (asked - made).union(*(spec.worked_out[fact][1] for fact in made))
        lookups = [one for one in spec.lookups if needed & set(one.facts)]
        linked = keys | {one.key for one in lookups}
        linked |= {_PERSON_KEY} if made & EARLIER.keys() else frozenset()
        rows = self._rows(unit, needed, linked, made)
        # Registers of the unit's own key first, while rows still stand in its order.
        for fact in sorted(made & EARLIER.keys()):
            rows = self._income_before(rows, fact)
        for one in sorted(lookups, key=lambda found: found.key != f"{unit.value}_id"):
            found = self._found(one, needed & set(one.facts))
            ordered = one.key == f"{unit.value}_id"
            rows = self.registers.engine.look_up(rows, found, one.key, ordered=ordered)
            rows = _absent(rows, one, needed)
        if recipes := self._made(unit, made):
            rows = rows.with_columns(*recipes)
        return rows.select(AREA, *sorted(asked), *sorted(keys))

    def _rows(
        self, unit: Counted, needed: frozenset[str], keys: frozenset[str], made: frozenset[str]
    ) -> Lazy:
        """Return the unit's own rows: area, keys, own facts, and what ages are made of."""
        spec = UNITS[unit]
        register = self.registers.of(spec.register, self.year)
        if unit is Counted.EVENT:
            register = _both_ways(register)
        own = {fact: column for fact, column in spec.own.items() if fact in needed}
        if made & {"age", "age_band"}:
            keys = keys | {"birth_year"}
        return register.select(
            nw.col(spec.area).alias(AREA),
            *(nw.col(key) for key in sorted(keys)),
            *(nw.col(column).alias(fact) for fact, column in own.items()),
        )

    def _found(self, lookup: Lookup, facts: frozenset[str]) -> Lazy:
        """Return the facts another register has, under their names here, with the key."""
        columns = {fact: lookup.facts[fact] for fact in sorted(facts)}
        if lookup.unit is not None:
            inner = self.facts(lookup.unit, frozenset(columns.values()), frozenset({lookup.key}))
        elif lookup.source == "population_event":
            inner = _moves(self.registers.of(lookup.source, self.year))
        else:
            inner = self.registers.of(lookup.source, self.year)
        return inner.select(
            lookup.key, *(nw.col(column).alias(fact) for fact, column in columns.items())
        )

    def _income_before(self, rows: Lazy, fact: str) -> Lazy:
        """Look up a person's income of a year before; unknown where there is no such year."""
        before = self.earlier.get(EARLIER[fact])
        if before is None:
            return rows.with_columns(nw.lit(None).cast(nw.Float64).alias(fact))
        found = before.select(_PERSON_KEY, nw.col("income_per_unit").alias(fact))
        return self.registers.engine.look_up(rows, found, _PERSON_KEY, ordered=True)

    def _made(self, unit: Counted, made: frozenset[str]) -> list[nw.Expr]:
        """Work out the facts that are made of others."""
        born, income = nw.col("birth_year"), nw.col("income_after_tax")
        # On 1 January the year's own birthday is still to come; at the year's end it is behind.
        last = self.year if unit is Counted.EVENT else self.year - 1
        age = nw.lit(last) - born.cast(nw.Int64)
        recipes = {
            "age": age,
            "age_band": age_band(age, self.bands),
            "income_per_unit": income / nw.col("consumption_units"),
        }
        return [recipes[fact].alias(fact) for fact in sorted(made) if fact in recipes]


def age_band(age: nw.Expr, bands: tuple[int, ...]) -> nw.Expr:
    """Return `0-5`, `6-15` … `80+` for an age and the lowest ages of the bands."""
    names = band_names(bands)
    rising = [(age < low, name) for low, name in zip(bands[1:], names[:-1], strict=True)]
    return choose(rising, names[-1])


def band_names(bands: tuple[int, ...]) -> list[str]:
    """Return what the bands are called."""
    closed = [f"{low}-{high - 1}" for low, high in pairwise(bands)]
    return [*closed, f"{bands[-1]}+"]


def _absent(rows: Lazy, lookup: Lookup, needed: frozenset[str]) -> Lazy:
    filled = [fact for fact in lookup.absent if fact in needed]
    if not filled:
        return rows
    return rows.with_columns(
        nw.when(nw.col(fact).is_null())
        .then(nw.lit(lookup.absent[fact]))
        .otherwise(nw.col(fact))
        .alias(fact)
        for fact in filled
    )


def _moves(events: Lazy) -> Lazy:
    """Return for each person with events whether they came, left and moved within."""
    happened = [
        nw.when(nw.col("event") == event).then(nw.lit(1)).otherwise(nw.lit(0)).alias(fact)
        for fact, event in MOVES.items()
    ]
    counted = events.select(_PERSON_KEY, *happened).group_by(_PERSON_KEY)
    return counted.agg(nw.col(*MOVES).max()).with_columns(
        (nw.col(fact) > 0).alias(fact) for fact in MOVES
    )


def _both_ways(events: Lazy) -> Lazy:
    """Return each event once for the place somebody came to, and once for the place left."""
    came, left = (
        events.filter(~nw.col(place).is_null()).with_columns(
            nw.col(place).alias("grunnkrets"), nw.lit(direction).alias("direction")
        )
        for place, direction in (("to_grunnkrets", "in"), ("from_grunnkrets", "out"))
    )
    return nw.concat([came, left])
