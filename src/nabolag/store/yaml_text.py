"""Reading YAML that people write: plain data, and no key written twice."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """YAML's plain data. A key that stands twice is a mistake, not the last one's victory."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        wrong = "" if isinstance(key, Hashable) else f"{key!r} cannot be a key"
        if not wrong and key in seen:
            wrong = f"the key {key!r} is written twice"
        if wrong:
            raise yaml.constructor.ConstructorError(None, None, wrong, key_node.start_mark)
        seen.add(key)
    return dict(loader.construct_mapping(node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(text: str) -> Any:
    """Return what a text in YAML says. Raises `yaml.YAMLError`, with its line where it has one."""
    try:
        # A subclass of SafeLoader: nothing but plain data is ever built.
        return yaml.load(text, Loader=_Loader)  # noqa: S506
    except ValueError as wrong:  # what looks like a date, but is none: 2024-13-01
        raise yaml.YAMLError(str(wrong)) from wrong


def yaml_mistake(wrong: yaml.YAMLError) -> tuple[int | None, str]:
    """Return the row a mistake stands in, where it is known, and what the parser says of it."""
    if not isinstance(wrong, yaml.MarkedYAMLError):
        return None, str(wrong).splitlines()[0]
    row = wrong.problem_mark.line + 1 if wrong.problem_mark else None
    return row, wrong.problem or wrong.context or ""
