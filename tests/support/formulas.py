"""A second reader of a workbook's formulas, written for the tests: cells, ranges, a few functions."""

from __future__ import annotations

import math
import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import numpy as np

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_XML_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)


def _half_up(value: Any, digits: float) -> Any:
    scale = 10.0 ** int(digits)
    return np.floor(np.asarray(value) * scale + 0.5) / scale


def _sum(*parts: Any) -> float:
    return float(sum(np.sum([v for v in np.ravel(p) if not isinstance(v, str)]) for p in parts))


_FUNCTIONS = {
    "SUM": _sum,
    "SUMPRODUCT": lambda a: float(np.sum(a)),
    "MAX": lambda a: float(np.max(a)),
    "MIN": lambda a: float(np.min(a)),
    "COUNT": lambda a: float(np.size(a)),
    "ROUND": lambda a, n: _half_up(a, n) if np.ndim(a) else float(_half_up(a, n)),
    "ROUNDUP": lambda a, n: math.ceil(a) if n == 0 else float("nan"),
    "INT": lambda a: float(np.floor(a)),
}


class Book:
    """The first sheet of a workbook, its formulas computed anew; cached values are apart."""

    def __init__(self, content: bytes) -> None:
        with ZipFile(BytesIO(content)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
            shared = re.findall(r"<si>.*?<t[^>]*>(.*?)</t>.*?</si>",
                                archive.read("xl/sharedStrings.xml").decode(), re.DOTALL)  # fmt: skip
        self.formulas: dict[str, str] = {}
        self.values: dict[str, Any] = {}
        self.kept: dict[str, float] = {}
        for name, attributes, body in _XML_CELL.findall(sheet):
            formula = re.search(r"<f>(.*?)</f>", body or "", re.DOTALL)
            value = re.search(r"<v>(.*?)</v>", body or "", re.DOTALL)
            if formula:
                text = formula.group(1)
                for escaped, plain in (
                    ("&gt;", ">"),
                    ("&lt;", "<"),
                    ("&quot;", '"'),
                    ("&amp;", "&"),
                ):
                    text = text.replace(escaped, plain)
                self.formulas[name] = text
                if value and value.group(1):
                    self.kept[name] = float(value.group(1))
            elif value:
                text = value.group(1)
                self.values[name] = shared[int(text)] if 't="s"' in attributes else float(text)

    def set(self, name: str, value: float) -> None:
        """Change a number, as a reader would, and forget what followed from the old one."""
        assert name not in self.formulas
        kept = {cell: v for cell, v in self.values.items() if cell not in self.formulas}
        self.values = {**kept, name: value}

    def get(self, name: str) -> Any:
        """Return what a cell comes to."""
        if name not in self.values and name in self.formulas:
            self.values[name] = self._compute(self.formulas[name])
        return self.values.get(name, "")

    def column(self, letter: str, first: int, last: int) -> list[Any]:
        """Return a column's values."""
        return [self.get(f"{letter}{row}") for row in range(first, last + 1)]

    def find(self, words: str) -> tuple[str, int]:
        """Return the column and row of the cell with these words."""
        cell = next(name for name, value in self.values.items() if value == words)
        found = re.match(r"([A-Z]+)(\d+)", cell)
        assert found is not None
        return found.group(1), int(found.group(2))

    def _compute(self, formula: str) -> Any:
        names: dict[str, Any] = {}

        def cell(found: re.Match[str]) -> str:
            left, top, right, bottom = found.groups()
            name = f"c{len(names)}"
            if right is None:
                names[name] = self.get(f"{left}{top}")
            else:
                assert left == right
                names[name] = np.array(self.column(left, int(top), int(bottom)), dtype=object)
                if not any(isinstance(v, str) for v in names[name]):
                    names[name] = names[name].astype(float)
            return name

        parts = re.split(r'("[^"]*")', formula)
        text = "".join(p if p.startswith('"') else _CELL.sub(cell, p) for p in parts)
        text = re.sub(r"(?<![<>=])=(?!=)", "==", text).replace("<>", "!=")
        text = re.sub(r"\bIF\(", "_if(", text)
        return eval(_lazy(text), {"__builtins__": {}}, {**_FUNCTIONS, **names})


def _lazy(text: str) -> str:
    """Write `_if(a,b,c)` as `(b if a else c)`, so that only one side is computed."""
    while (start := text.find("_if(")) >= 0:
        depth, parts, begin = 1, [], start + 4
        for at in range(begin, len(text)):
            depth += (text[at] == "(") - (text[at] == ")")
            if (text[at] == "," and depth == 1) or depth == 0:
                parts.append(text[begin:at])
                begin = at + 1
            if depth == 0:
                break
        test, yes, no = parts
        text = f"{text[:start]}(({yes}) if ({test}) else ({no})){text[begin:]}"
    return text
