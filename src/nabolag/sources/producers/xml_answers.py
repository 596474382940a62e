"""What stands in an answer in XML, without the shapes: elements, their attributes and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from nabolag.sources.producers.documents import changed
from nabolag.sources.producers.protocol import Answer


@dataclass(frozen=True, slots=True)
class Element:
    """One element. Names are without their namespaces; `leaf` is one without elements inside."""

    path: tuple[str, ...]
    attributes: Mapping[str, str]
    text: str
    leaf: bool

    @property
    def name(self) -> str:
        """The element's own name."""
        return self.path[-1]


def elements(answer: Answer, deepest: int) -> tuple[Element, ...]:
    """Return the elements down to a depth (the root is 1), in the order in which they end.

    Raises `UserError` where the answer is no XML.
    """
    reading = _Reading(deepest)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.write
    try:
        parser.Parse(answer.content, True)
    except expat.ExpatError as wrong:
        raise changed(answer, str(wrong)) from wrong
    return tuple(reading.found)


class _Reading:
    """One reading of a document, from its first element to its last."""

    def __init__(self, deepest: int) -> None:
        self.found: list[Element] = []
        self._deepest = deepest
        self._depth = 0
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._inside: list[bool] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Note that an element begins."""
        self._depth += 1
        if self._inside:
            self._inside[-1] = True
        if self._depth <= self._deepest:
            plain = {_local(key): value for key, value in attributes.items()}
            self._open.append((_local(name), plain, []))
            self._inside.append(False)

    def write(self, text: str) -> None:
        """Note what stands in the element that is open."""
        if self._depth <= self._deepest:
            self._open[-1][2].append(text)

    def end(self, _name: str) -> None:
        """Note that an element ends."""
        if self._depth <= self._deepest:
            path = tuple(name for name, _, _ in self._open)
            _, attributes, texts = self._open.pop()
            leaf = not self._inside.pop()
            self.found.append(Element(path, attributes, "".join(texts).strip(), leaf))
        self._depth -= 1


def _local(name: str) -> str:
    return name.rsplit(" ", 1)[-1]
