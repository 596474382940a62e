"""Text in the three languages of the house, and the one place labels come from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias, cast

Lang: TypeAlias = Literal["nb", "nn", "en"]
LANGS: tuple[Lang, ...] = ("nb", "nn", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in bokmål, nynorsk and English."""

    nb: str
    nn: str
    en: str

    def in_(self, lang: Lang) -> str:
        """Return the words in one language."""
        return cast("str", getattr(self, lang))

    @classmethod
    def same(cls, words: str) -> Text:
        """Return a name that reads the same in every language (a place, a file)."""
        return cls(words, words, words)

    @classmethod
    def of(cls, value: str | Mapping[str, str] | Text) -> Text:
        """Build from a plain string (same everywhere) or a table with `nb`, `nn` and `en`.

        Raises `ValueError` naming the languages that are absent: a label is never
        borrowed from another language without a word.
        """
        if isinstance(value, Text):
            return value
        if isinstance(value, str):
            return cls.same(value)
        absent = [lang for lang in LANGS if not value.get(lang)]
        if absent:
            raise ValueError(f"text lacks {', '.join(absent)}: {dict(value)!r}")
        return cls(value["nb"], value["nn"], value["en"])

    def as_dict(self) -> dict[str, str]:
        """Return `{"nb": …, "nn": …, "en": …}`."""
        return {lang: self.in_(lang) for lang in LANGS}


def label(key: str, lang: Lang, /, *, n: int | None = None, **params: Any) -> str:
    """Return a label of `core/labels` in one language, its `{placeholders}` filled.

    `n` chooses between the forms `one` and `other` of a label that has both, and is
    itself available as `{n}`. Raises `KeyError` for a key that no file holds.
    """
    forms = _labels()[key]
    form = "one" if n == 1 and "one" in forms else "other"
    words = forms[form].in_(lang)
    given = params if n is None else {"n": n, **params}
    return words.format_map(given) if given else words


def has_label(key: str) -> bool:
    """Tell whether a label exists."""
    return key in _labels()


def label_text(key: str) -> Text:
    """Return a label in all languages, unfilled."""
    return _labels()[key]["other"]


def label_keys() -> tuple[str, ...]:
    """Return every label key, sorted."""
    return tuple(sorted(_labels()))


@cache
def _labels() -> dict[str, dict[str, Text]]:
    found: dict[str, dict[str, Text]] = {}
    folder = files("nabolag.core") / "labels"
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".toml"):
            continue
        tree = tomllib.loads(entry.read_text(encoding="utf-8"))
        for key, forms in _leaves(tree, ""):
            if key in found:
                raise ValueError(f"{entry.name}: label {key!r} is written twice")
            found[key] = forms
    return found


def _leaves(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Text]]]:
    if set(tree) >= set(LANGS) and all(isinstance(tree[lang], str) for lang in LANGS):
        yield prefix, {"other": Text.of({lang: tree[lang] for lang in LANGS})}
        return
    if set(tree) == {"one", "other"}:
        yield prefix, {form: Text.of(tree[form]) for form in ("one", "other")}
        return
    for name, branch in tree.items():
        if not isinstance(branch, Mapping):
            raise ValueError(f"label {prefix}.{name} must be a table with nb, nn and en")
        yield from _leaves(branch, f"{prefix}.{name}" if prefix else name)
