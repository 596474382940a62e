"""A sharing as a workbook whose formulas compute the same kroner again when a weight is changed."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nabolag.allocation import Allocation
from nabolag.allocation.model import Criterion
from nabolag.allocation.numbers import kroner
from nabolag.allocation.scores import criterion_scores, index_parts, index_scores
from nabolag.allocation.sharing import guaranteed
from nabolag.core import Lang, Text, label

#: Rows and columns of the sheet, counted from 1 as spreadsheets do.
_BUDGET, _BASE, _RATE, _PUPILS, _GUARANTEE, _LINE, _LEFT, _SCALE, _BOUND, _CHECK = range(4, 14)
_WEIGHTS = 16


@dataclass(frozen=True, slots=True)
class BookWords:
    """What things are called: the sharing, its units, what size counts, and the needs by id."""

    title: Text
    units: Text
    size: Text
    needs: Mapping[str, Text]
    facts: Mapping[str, str]


def allocation_book(made: Allocation, words: BookWords, lang: Lang) -> bytes:
    """Return the workbook. The first sheet holds amounts, weights, units and live formulas.

    Only for models of one pot. Formulas use nothing that LibreOffice and Excel do not share, and
    round as the method does (`allocation.rounding`), so both reach the same kroner.
    """
    import xlsxwriter  # noqa: PLC0415

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    _Sheet(book, made, words, lang).write()
    about = book.add_worksheet(label("analysis.file.about", lang))
    about.set_column(0, 0, 28)
    about.set_column(1, 1, 110)
    for row, (what, told) in enumerate(words.facts.items()):
        about.write_row(row, 0, [what, told])
    book.close()
    return buffer.getvalue()


def column_name(place: int) -> str:
    """Return a column's letters: 0 is A."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class _Sheet:
    """Writes the sheet: what stands in which column, and the formulas between them."""

    def __init__(self, book: Any, made: Allocation, words: BookWords, lang: Lang) -> None:
        self.made, self.words, self.lang = made, words, lang
        self.pot = made.model.pots[0]
        self.sheet = book.add_worksheet(label("allocation.title", lang)[:31])
        formats = {"head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
                   "title": {"bold": True, "font_size": 14}, "kroner": {"num_format": "#,##0"},
                   "given": {"num_format": "#,##0.######", "bg_color": "#fff7e0", "border": 1},
                   "share": {"num_format": "0.00 %", "bg_color": "#fff7e0", "border": 1},
                   "part": {"num_format": "0.00 %"}, "number": {"num_format": "0.######"},
                   "sum": {"num_format": "#,##0", "bold": True, "top": 1}}  # fmt: skip
        self.formats = {name: book.add_format(form) for name, form in formats.items()}
        self.criteria = self.pot.criteria if self.pot.by_need else ()
        self.head = _WEIGHTS + max(len(self.criteria), 1) + 2
        self.first = self.head + 1
        self.last = self.head + len(made.units)
        self.columns: dict[str, int] = {}
        self.known = known_columns(made, self.criteria)

    def _word(self, key: str, **params: Any) -> str:
        return label(f"allocation.book.{key}", self.lang, **params)

    def all(self, name: str) -> str:
        """Return the whole column of a name as a range."""
        letter = column_name(self.columns[name])
        return f"${letter}${self.first}:${letter}${self.last}"

    def at(self, name: str, row: int) -> str:
        """Return a column's cell in a row."""
        return f"${column_name(self.columns[name])}{row}"

    def write(self) -> None:
        """Write everything."""
        self._layout()
        self._top()
        self._weights()
        self._units()
        self.sheet.set_column(0, 0, 30)
        self.sheet.set_column(1, 1, 26)
        self.sheet.set_column(2, len(self.columns), 14)
        self.sheet.freeze_panes(self.head, 2)

    def _layout(self) -> None:
        needs = [f"need {name}" for name in dict.fromkeys(n for c in self.criteria for n in c.need)]
        scores = [f"score {one.id}" for one in self.criteria]
        index = ["index"] if self.pot.rule == "index" and self.criteria else []
        promised = ["promise", "ratio", "reached"] if self.made.model.guarantee else []
        largest = self.made.model.rounding == "largest_remainder"
        steps = ["floor", "remainder", "order", "turn"] if largest else []
        given = ["unit", "name", "size", *needs, "own", "today"]
        made = [*scores, *index, "share", *promised, "exact", *steps, "kroner", "difference"]
        self.columns = {name: place for place, name in enumerate([*given, *made])}

    def _top(self) -> None:
        made, model = self.made, self.made.model
        self.sheet.write(0, 0, self.words.title.in_(self.lang), self.formats["title"])
        self.sheet.write(1, 0, self._word("how"))
        given = {
            _BUDGET: (self._word("budget"), made.budget, "given"),
            _BASE: (self._word("base"), model.base, "given"),
            _RATE: (self._word("rate"), float(model.per_pupil), "given"),
            _PUPILS: (self._word("pupils"), float(self.pot.pupils), "share"),
        }
        if model.guarantee:
            given[_GUARANTEE] = (self._word("guarantee"), float(model.guarantee.share), "share")
        if self.pot.zone and self.pot.zone.threshold is not None:
            given[_LINE] = (self._word("line"), float(self.pot.zone.threshold), "share")
        for row, (words, value, form) in given.items():
            self.sheet.write(row - 1, 0, words)
            self.sheet.write_number(row - 1, 1, value, self.formats[form])
        units = f"COUNT({self.all('size')})"
        spent = f"{units}*$B${_BASE}+SUM({self.all('own')})+$B${_RATE}*SUM({self.all('size')})"
        self._formula(_LEFT, 1, f"=$B${_BUDGET}-({spent})", self._left(), "kroner", "left")
        if model.guarantee:
            self._promises()
        check = f"=SUM({self.all('kroner')})-$B${_BUDGET}"
        self._formula(_CHECK, 1, check, made.sum - made.budget, "kroner", "check")

    def _left(self) -> float:
        made = self.made
        return made.budget - float(sum(map(sum, (made.base, made.per_pupil, made.special))))

    def _promises(self) -> None:
        """Write up to which ratio promises bind, and what the others' shares are scaled by."""
        within = f"({self.all('reached')}<=$B${_BUDGET})"
        bound = f"=SUMPRODUCT(MAX({within}*{self.all('ratio')}))"
        ratios = zip(self.known["ratio"], self.known["reached"], strict=True)
        within_now = [r or 0 for r, f in ratios if f is not None and f <= self.made.budget]
        self._formula(_BOUND, 1, bound, max(within_now, default=0), "number", "bound")
        held = f"SUMPRODUCT(({self.all('ratio')}>$B${_BOUND})*{self.all('promise')})"
        free = f"SUMPRODUCT(({self.all('ratio')}<=$B${_BOUND})*{self.all('share')})"
        scale = f"=($B${_BUDGET}-{held})/{free}"
        self._formula(_SCALE, 1, scale, self._scale_now(), "number", "scale")

    def _scale_now(self) -> float:
        """Return what the shares of units above their promise are scaled by."""
        made, promises = self.made, self.known["promise"]
        for share, exact, promise in zip(made.before_guarantee, made.exact, promises, strict=True):
            if share and exact > (promise or 0):
                return float(exact / share)
        return 1.0

    def _formula(
        self, row: int, column: int, formula: str, value: float, form: str, key: str = ""
    ) -> None:
        if key:
            self.sheet.write(row - 1, column - 1, self._word(key))
        self.sheet.write_formula(row - 1, column, formula, self.formats[form], value)

    def _weights(self) -> None:
        heads = (self._word("criterion"), self._word("points"), self._word("weight"))
        self.sheet.write_row(_WEIGHTS - 2, 0, heads, self.formats["head"])
        last = _WEIGHTS + len(self.criteria) - 1
        for place, one in enumerate(self.criteria):
            row, weight = _WEIGHTS + place, float(one.weight or 0)
            self.sheet.write(row - 1, 0, self._need(one))
            self.sheet.write_number(row - 1, 1, weight * 100, self.formats["given"])
            part = f"=B{row}/SUM($B${_WEIGHTS}:$B${last})"
            self._formula(row, 2, part, weight, "part")

    def _need(self, one: Criterion) -> str:
        names = (self.words.needs.get(name) for name in one.need)
        return " × ".join(
            n.in_(self.lang) if n else i for n, i in zip(names, one.need, strict=True)
        )

    def _units(self) -> None:
        for name, place in self.columns.items():
            self.sheet.write(self.head - 1, place, self._heading(name), self.formats["head"])
        order = {unit: place for place, unit in enumerate(sorted(self.made.units.ids), start=1)}
        for at, unit in enumerate(self.made.units.ids):
            self._given(at, unit, order[unit])
            self._computed(at, self.first + at)
        end = self.last + 1
        self.sheet.write(end - 1, 1, self._word("sum"), self.formats["sum"])
        for name in ("size", "own", "today", "share", "exact", "kroner", "difference"):
            values = self._values(name)
            known = [value for value in values if value is not None]
            total = f"=SUM({self.all(name)})"
            self.sheet.write_formula(end - 1, self.columns[name], total, self.formats["sum"],
                                     sum(known))  # fmt: skip

    def _heading(self, name: str) -> str:
        if name == "size":
            return self.words.size.in_(self.lang).capitalize()
        kind, _, need = name.partition(" ")
        if kind == "need":
            told = self.words.needs.get(need)
            return told.in_(self.lang) if told else need
        if kind == "score":
            one = next(c for c in self.criteria if c.id == need)
            return self._word("score", need=self._need(one))
        return self._word(f"column.{name}")

    def _values(self, name: str) -> Sequence[float | None]:
        """Return what a column comes to, for programs that show a workbook without computing."""
        return self.known[name]

    def _given(self, at: int, unit: str, order: int) -> None:
        """Write what a unit has: code, name, numbers."""
        made, row = self.made, self.first + at - 1
        self.sheet.write_string(row, 0, unit)
        self.sheet.write_string(row, 1, made.units.names[at])
        for name in ("size", "own", "today"):
            value = self._values(name)[at]
            if value is not None:
                self.sheet.write_number(row, self.columns[name], value, self.formats["kroner"])
        for name in self.columns:
            kind, _, need = name.partition(" ")
            known = made.units.needs[need].values[at] if kind == "need" else None
            if known is not None:
                form = self.formats["number"]
                self.sheet.write_number(row, self.columns[name], float(known), form)
        if "order" in self.columns:
            self.sheet.write_number(row, self.columns["order"], order)

    def _computed(self, at: int, row: int) -> None:
        """Write a unit's formulas, each with the value it has now."""
        made = self.made
        for one in self.criteria:
            self._cell(f"score {one.id}", row, self._score(one, row), "number")
        if "index" in self.columns:
            parts = [f"$C${_WEIGHTS + k}*{self.at(f'score {one.id}', row)}"
                     for k, one in enumerate(self.criteria)]  # fmt: skip
            self._cell("index", row, "=" + "+".join(parts), "number")
        self._cell("share", row, self._share(row), "number")
        exact = f"={self.at('share', row)}"
        if made.model.guarantee:
            exact = self._promise(row)
        self._cell("exact", row, exact, "number")
        self._cell("kroner", row, self._kroner(row), "kroner")
        today, given = self.at("today", row), self.at("kroner", row)
        step = f'=IF({today}="","",{given}-{today})'
        self._cell("difference", row, step, "kroner")

    def _cell(self, name: str, row: int, formula: str, form: str) -> None:
        value = self.known[name][row - self.first]
        told = "" if value is None else value
        self.sheet.write_formula(row - 1, self.columns[name], formula, self.formats[form], told)

    def _score(self, one: Criterion, row: int) -> str:
        size = self.at("size", row)
        own = "*".join(self.at(f"need {name}", row) for name in one.need)
        every = "*".join(self.all(f"need {name}") for name in one.need)
        counts = all(self.made.units.needs[name].measure == "count" for name in one.need)
        match self.pot.rule:
            case "share":
                return f"={own}" if counts else f"={own}*{size}"
            case "zone":
                return self._zone(own, size)
            case "index" if counts:
                own, every = f"{own}/{size}", f"{every}/{self.all('size')}"
        low, high = f"SUMPRODUCT(MIN({every}))", f"SUMPRODUCT(MAX({every}))"
        gap = f"({high}-{own})" if one.worse == "low" else f"({own}-{low})"
        if self.pot.rule == "index":
            return f"=IF({high}={low},0,{gap}/({high}-{low})*{size})"
        return f"={gap}*{size}" if self.pot.times_size else f"={gap}"

    def _zone(self, own: str, size: str) -> str:
        zone = self.pot.zone
        if zone is None or zone.threshold is not None:
            return f"=IF({own}>=$B${_LINE},{size},0)"
        parts = [f"({own}={name})*{float(weight)!r}" for name, weight in zone.weights.items()]
        return f"=({'+'.join(parts)})*{size}"

    def _share(self, row: int) -> str:
        """Return base amounts, rate and the pot's parts, not rounded."""
        size, sizes = self.at("size", row), self.all("size")
        fixed = f"$B${_BASE}+{self.at('own', row)}+$B${_RATE}*{size}"
        by_size = f"$B${_PUPILS}*{size}/SUM({sizes})"
        if not self.criteria:
            return f"={fixed}+$B${_LEFT}*{by_size}"
        if "index" in self.columns:
            need = f"{self.at('index', row)}/SUM({self.all('index')})"
        else:
            scores = [f"score {one.id}" for one in self.criteria]
            need = "+".join(
                f"$C${_WEIGHTS + k}*{self.at(score, row)}/SUM({self.all(score)})"
                for k, score in enumerate(scores)
            )
        return f"={fixed}+$B${_LEFT}*({by_size}+(1-$B${_PUPILS})*({need}))"

    def _promise(self, row: int) -> str:
        today, share = self.at("today", row), self.at("share", row)
        promise, ratio = self.at("promise", row), self.at("ratio", row)
        least = f"=ROUNDUP(ROUND({today}*$B${_GUARANTEE},6),0)"
        self._cell("promise", row, least, "kroner")
        self._cell("ratio", row, f"=IF({share}=0,1E+99,{promise}/{share})", "number")
        scaled = f"{ratio}*{self.all('share')}"
        promised = self.all("promise")
        reached = f"=SUMPRODUCT(({promised}>{scaled})*{promised}+({promised}<={scaled})*{scaled})"
        self._cell("reached", row, reached, "number")
        return f"=IF({ratio}>$B${_BOUND},{promise},$B${_SCALE}*{share})"

    def _kroner(self, row: int) -> str:
        exact = self.at("exact", row)
        if self.made.model.rounding == "nearest":
            return f"=ROUND({exact},0)"
        floor, rest = self.at("floor", row), self.at("remainder", row)
        self._cell("floor", row, f"=INT(ROUND({exact},6))", "kroner")
        self._cell("remainder", row, f"=ROUND(ROUND({exact},6)-{floor},6)", "number")
        rests, order = self.all("remainder"), self.at("order", row)
        before = f"SUMPRODUCT(({rests}>{rest})*1)"
        equal = f"SUMPRODUCT(({rests}={rest})*({self.all('order')}<{order}))"
        self._cell("turn", row, f"={before}+{equal}", "kroner")
        left = f"$B${_BUDGET}-SUM({self.all('floor')})"
        return f"={floor}+IF({self.at('turn', row)}<ROUND({left},0),1,0)"


def known_columns(
    made: Allocation, criteria: Sequence[Criterion]
) -> dict[str, Sequence[float | None]]:
    """Return what every column of the sheet comes to, as the method has it."""
    units, pot = made.units, made.model.pots[0]
    none = (0,) * len(units)
    beside = zip(units.base or none, units.special or none, strict=True)
    index = pot.rule == "index" and bool(criteria)
    scores = (
        index_parts(pot, units) if index else [criterion_scores(pot, c, units) for c in criteria]
    )
    return {
        "size": _floats(units.sizes[pot.size]),
        "own": [base + special for base, special in beside],
        "today": units.today or (None,) * len(units),
        **{f"score {c.id}": _floats(one) for c, one in zip(criteria, scores, strict=True)},
        "index": _floats(index_scores(pot, units)) if index else (),
        "share": _floats(made.before_guarantee),
        **_promised(made),
        "exact": _floats(made.exact),
        **_turns(made),
        "kroner": made.kroner,
        "difference": made.difference,
    }


def _floats(column: Sequence[Any]) -> list[float]:
    return [float(one) for one in column]


def _promised(made: Allocation) -> dict[str, Sequence[float | None]]:
    """Return what is promised, its ratio to the share, and what all get where that ratio binds."""
    import numpy as np  # noqa: PLC0415

    if made.model.guarantee is None:
        return {}
    promises = np.array(guaranteed(made.model, made.units), dtype=np.float64)
    shares = np.array(_floats(made.before_guarantee))
    ratios = np.where(shares > 0, promises / np.where(shares > 0, shares, 1), 1e99)
    reached = [float(np.maximum(promises, ratio * shares).sum()) for ratio in ratios]
    return {"promise": promises.tolist(), "ratio": ratios.tolist(), "reached": reached}


def _turns(made: Allocation) -> dict[str, Sequence[float | None]]:
    """Return whole kroner, remainders, the order among equals, and each one's turn."""
    millionths = [kroner(one * 10**6) for one in made.exact]
    rests = [one % 10**6 for one in millionths]
    ids = made.units.ids
    first = sorted(range(len(ids)), key=lambda at: (-rests[at], ids[at]))
    turn = {at: place for place, at in enumerate(first)}
    return {
        "floor": [one // 10**6 for one in millionths],
        "remainder": [rest / 10**6 for rest in rests],
        "turn": [turn[at] for at in range(len(ids))],
    }
