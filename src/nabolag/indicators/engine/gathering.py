"""Facts of one year: the unit's own rows, with what other registers know of each.

Only what is asked for is read. No row is lost on the way: every other register is looked up by a
key, and where it has nothing, its facts are unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import narwhals.stable.v2 as nw

from nabolag.indicators.engine.facts import (
    ABROAD,
    ARRIVED,
    CAME_FROM,
    EARLIER,
    MEDIANS,
    MOVES,
    SOMEWHERE,
    UNITS,
    Lookup,
    day_of,
)
from nabolag.indicators.engine.measures import Counted
from nabolag.indicators.engine.registers import Registers
from nabolag.rules import HOUSE_NUMBERS, InForce, RuleNumbers
from nabolag.rules.unknown import choose
from nabolag.store.engine import Lazy

AREA: Final = "area"
INCOME: Final = "income_per_unit"
PERSON_KEY: Final = "person_id"
HOUSEHOLD_KEY: Final = "household_id"
#: Between a municipality and a unit of it, where a line of the accounts is the unit's.
PART_OF: Final = "/"


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the registers.

    `bands` are the lowest ages of the age bands. `incomes` gives persons' income per unit of so
    many years before, 0 for the year itself. `kept` are units whose facts are gathered already,
    with the key that others know them by. `numbers` are those that rules use.
    """

    registers: Registers
    year: int
    bands: tuple[int, ...]
    incomes: Mapping[int, Lazy] = field(default_factory=dict)
    kept: Mapping[Counted, Lazy] = field(default_factory=dict)
    numbers: RuleNumbers = HOUSE_NUMBERS

    def in_force(self, unit: Counted) -> InForce:
        """Return the rules that hold for a unit: those of the day its register is taken."""
        return self.numbers.on(day_of(unit, self.year))

    def parts(self, unit: Counted, wanted: frozenset[str]) -> Iterator[Lazy]:
        """Yield `area` and the facts wanted (but the medians), a part of the rows at a time.

        Every row of the unit stands in one of the parts, which the engine makes as large as it
        likes.
        """
        return self._gathered(unit, wanted, (AREA,), whole=False)

    def facts(self, unit: Counted, wanted: frozenset[str], also: Sequence[str]) -> Lazy:
        """Return the facts wanted, and `also` columns of keys or `area`, of every row in order."""
        (everybody,) = self._gathered(unit, wanted, also, whole=True)
        return everybody

    def _gathered(
        self, unit: Counted, wanted: frozenset[str], also: Sequence[str], *, whole: bool
    ) -> Iterator[Lazy]:
        asked = wanted - {"year"} - MEDIANS.keys()
        shown = (*also, *sorted(asked))
        engine, together = self.registers.engine, "" if whole else AREA
        if unit in self.kept:
            rows = self.kept[unit].select(*shown)
            yield from engine.gather(rows, (), whole=whole, together=together)
            return
        incomes = self._incomes(unit, asked)
        made = asked & UNITS[unit].worked_out.keys() - incomes.keys()
        needed = _needed(unit, asked - incomes.keys(), made)
        lookups = [one for one in UNITS[unit].lookups if needed & set(one.facts)]
        found = [self._income_before(fact, step) for fact, step in incomes.items()
                 if step in self.incomes]  # fmt: skip
        found += [(one.key, self._found(one, needed & set(one.facts))) for one in lookups]
        born = {"birth_year"} if made & {"age", "age_band"} else set()
        rows = self._rows(unit, needed, {*also, *born, *(key for key, _ in found)})
        steps = (_absent(lookups, needed), [*self._made(unit, made), *self._not_known(incomes)])
        for part in engine.gather(rows, found, whole=whole, together=together):
            for columns in steps:
                part = part.with_columns(*columns) if columns else part  # noqa: PLW2901
            yield part.select(*shown)

    def _rows(self, unit: Counted, needed: frozenset[str], columns: set[str]) -> Lazy:
        """Return the unit's own rows: own facts, and columns that are no facts, `area` renamed."""
        spec = UNITS[unit]
        register = self.registers.of(spec.register, self.year)
        if unit in _PLACED:
            register = _PLACED[unit](register)
        named = {column: column for column in sorted(columns)}
        named |= {AREA: spec.area} if AREA in columns else {}
        named |= {fact: column for fact, column in spec.own.items() if fact in needed}
        rows = register.select(nw.col(column).alias(name) for name, column in named.items())
        return self.registers.engine.shorten(rows, [AREA]) if AREA in columns else rows

    def _found(self, lookup: Lookup, facts: frozenset[str]) -> Lazy:
        """Return the facts another register has, under their names here, with the key."""
        columns = {fact: lookup.facts[fact] for fact in sorted(facts)}
        if lookup.unit is not None:
            inner = self.facts(lookup.unit, frozenset(columns.values()), (lookup.key,))
        else:
            inner = self.registers.of(lookup.source, self.year - lookup.before)
            if lookup.source == "population_event":
                inner = _origins(inner) if lookup.before else _moves(inner)
        return inner.select(
            lookup.key, *(nw.col(column).alias(fact) for fact, column in columns.items())
        )

    def _incomes(self, unit: Counted, asked: frozenset[str]) -> dict[str, int]:
        """Return the facts that are persons' incomes of some year, with how long before."""
        if unit is not Counted.PERSON:
            return {}
        own = {INCOME: 0} if 0 in self.incomes else {}
        return {fact: step for fact, step in {**own, **EARLIER}.items() if fact in asked}

    def _income_before(self, fact: str, step: int) -> tuple[str, Lazy]:
        return PERSON_KEY, self.incomes[step].select(PERSON_KEY, nw.col(INCOME).alias(fact))

    def _not_known(self, incomes: Mapping[str, int]) -> list[nw.Expr]:
        """Say that the incomes of years without registers are unknown."""
        nothing = nw.lit(None).cast(nw.Float64)
        return [nothing.alias(fact) for fact, step in incomes.items() if step not in self.incomes]

    def _made(self, unit: Counted, made: frozenset[str]) -> list[nw.Expr]:
        """Work out the facts that are made of others."""
        born, income = nw.col("birth_year"), nw.col("income_after_tax")
        # On 1 January the year's own birthday is still to come; at the year's end it is behind.
        last = self.year if unit is Counted.EVENT else self.year - 1
        age = nw.lit(last) - born.cast(nw.Int64)
        recipes = {
            "age": age,
            "age_band": age_band(age, self.bands),
            INCOME: income / nw.col("consumption_units"),
        }
        return [recipes[fact].alias(fact) for fact in sorted(made) if fact in recipes]


def _needed(unit: Counted, asked: frozenset[str], made: frozenset[str]) -> frozenset[str]:
    """Return the facts that have to be read: those asked for, and what others are made of."""
    recipes = UNITS[unit].worked_out
    return (asked - made).union(*(recipes[fact][1] for fact in made))


def age_band(age: nw.Expr, bands: tuple[int, ...]) -> nw.Expr:
    """Return `0-5`, `6-15` … `80+` for an age and the lowest ages of the bands."""
    names = band_names(bands)
    rising = [(age < low, name) for low, name in zip(bands[1:], names[:-1], strict=True)]
    return choose(rising, names[-1])


def band_names(bands: tuple[int, ...]) -> list[str]:
    """Return what the bands are called."""
    closed = [f"{low}-{high - 1}" for low, high in pairwise(bands)]
    return [*closed, f"{bands[-1]}+"]


def _absent(lookups: Iterable[Lookup], needed: frozenset[str]) -> list[nw.Expr]:
    """Say what it means that a register does not have somebody, where it means something."""
    return [
        nw.when(nw.col(fact).is_null()).then(nw.lit(meaning)).otherwise(nw.col(fact)).alias(fact)
        for lookup in lookups
        for fact, meaning in lookup.absent.items()
        if fact in needed
    ]


def _moves(events: Lazy) -> Lazy:
    """Return for each person with events whether they came, left and moved within."""
    happened = [
        nw.when(nw.col("event") == event).then(nw.lit(1)).otherwise(nw.lit(0)).alias(fact)
        for fact, event in MOVES.items()
    ]
    counted = events.select(PERSON_KEY, *happened).group_by(PERSON_KEY)
    return counted.agg(nw.col(*MOVES).max()).with_columns(
        (nw.col(fact) > 0).alias(fact) for fact in MOVES
    )


def _origins(events: Lazy) -> Lazy:
    """Return for each person who moved in where they came from, the last word standing for all."""
    event, left = nw.col("event"), nw.col("from_grunnkrets")
    came = events.filter((event == MOVES["moved_in"]) | (event == MOVES["moved_within"])).select(
        PERSON_KEY,
        nw.when(event == MOVES["moved_in"])
        .then(nw.lit(ABROAD))
        .otherwise(nw.when(left.is_null()).then(nw.lit(SOMEWHERE)).otherwise(left))
        .alias(CAME_FROM),
    )
    # Words stand after codes: who came from abroad and then moved within has come from abroad.
    last = came.group_by(PERSON_KEY).agg(nw.col(CAME_FROM).max())
    return last.with_columns((nw.col(CAME_FROM) != "").alias(ARRIVED))


def _both_ways(events: Lazy) -> Lazy:
    """Return each event once for the place somebody came to, and once for the place left."""
    came, left = (
        events.filter(~nw.col(place).is_null()).with_columns(
            nw.col(place).alias("grunnkrets"), nw.lit(direction).alias("direction")
        )
        for place, direction in (("to_grunnkrets", "in"), ("from_grunnkrets", "out"))
    )
    return nw.concat([came, left])


def _by_unit(lines: Lazy) -> Lazy:
    """Let lines of a unit lie in the unit, written with its municipality before it."""
    municipality, unit = nw.col("municipality"), nw.col("unit")
    inside = nw.concat_str([municipality, unit], separator=PART_OF)
    return lines.with_columns(
        nw.when(unit == "").then(municipality).otherwise(inside).alias("municipality")
    )


#: Units whose rows lie elsewhere than where their register writes.
_PLACED: Final = {Counted.EVENT: _both_ways, Counted.ACCOUNT: _by_unit}
