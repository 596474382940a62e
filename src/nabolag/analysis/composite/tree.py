"""Indicators in groups, and groups in an index: who is joined with whom, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self, TypeAlias

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from nabolag.analysis.arrays import Floats
from nabolag.analysis.composite.aggregating import Aggregation, joined, principal_weights
from nabolag.analysis.composite.normalising import Normalise, scaled
from nabolag.analysis.composite.refusing import CannotError
from nabolag.store import Section, Words

#: Each person's hundred points, by what they are given to.
Budget: TypeAlias = tuple[dict[str, float], ...]
#: Alike, from the first principal component, given, or the mean of several persons' budgets.
Weights: TypeAlias = Literal["equal", "principal"] | dict[str, float] | Budget
#: The name of the index itself among its groups.
ROOT = ""
_POINTS = 100.0


def _told(how: object) -> object:
    """Let a scale be named by a word, or described by a table."""
    return {"how": how} if isinstance(how, str) else how


Scaling: TypeAlias = Annotated[Normalise, BeforeValidator(_told)]


class Group(Section):
    """A group of indicators, or of groups: its members, their weights, how they are joined.

    `aggregate` is the index's own where it is not given. With `normalise` the joined figure is put
    on a scale again before it goes on, as domains are in the English indices.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    name: Words | None = None
    members: tuple[str, ...] = Field(min_length=1)
    weights: Weights = "equal"
    aggregate: Aggregation | None = None
    normalise: Scaling | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_weights(self.weights, self.members)
        return self


def check_weights(weights: Weights, members: Sequence[str]) -> None:
    """Raise `ValueError` for weights that are not one for each member, 0 or more, not all 0."""
    if isinstance(weights, str):
        return
    for given in (weights,) if isinstance(weights, dict) else weights:
        if set(given) != set(members):
            raise ValueError("weights must be given for every member, and for no other")
        if min(given.values()) < 0 or not sum(given.values()):
            raise ValueError("weights are not below 0, and not all 0")
        if not isinstance(weights, dict) and abs(sum(given.values()) - _POINTS) > 1e-9:
            raise ValueError("each person's budget adds up to 100")
    if not weights:
        raise ValueError("a budget needs at least one person's weights")


@dataclass(frozen=True, slots=True)
class Node:
    """One thing that is joined: its name, its members (leaves or nodes before it), and how."""

    name: str
    members: tuple[str, ...]
    weights: Weights
    aggregate: Aggregation | None
    normalise: Normalise | None


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes in the order they are joined; the last one is the index itself."""

    leaves: tuple[str, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """What a tree gave: scores by node, those before they were put on a scale again, weights."""

    scores: Mapping[str, Floats]
    before: Mapping[str, Floats]
    weights: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Joining:
    """How nodes are joined that do not say how themselves, and what is held fixed.

    `weights` has those of every node (… × members), where they are not the nodes' own; `lift`
    is how far above 0 figures are moved before they are joined geometrically or harmonically;
    `base` is what nodes that are put on a scale again are held against.
    """

    how: Aggregation
    weights: Mapping[str, Floats] | None = None
    lift: float | None = None
    base: Mapping[str, Floats] | None = None


def join_up(tree: Tree, leaves: Floats, asked: Joining) -> Joined:
    """Return the score of every node (… × areas) from scaled leaves (… × k × areas).

    Raises `CannotError` (with `member`, the node) for what cannot be joined so.
    """
    scores = {name: leaves[..., row, :] for row, name in enumerate(tree.leaves)}
    before: dict[str, Floats] = {}
    weights: dict[str, Floats] = {}
    for node in tree.nodes:
        below = np.stack([scores[member] for member in node.members], axis=-2)
        try:
            own = asked.weights[node.name] if asked.weights else weights_of(node, below)
            weights[node.name] = own
            before[node.name] = joined(below, own, node.aggregate or asked.how, asked.lift)
            base = None if asked.base is None else asked.base[node.name]
            scores[node.name] = _again(before[node.name], node.normalise, base)
        except CannotError as wrong:
            raise CannotError(wrong.code, None, **{"member": node.name, **wrong.params}) from wrong
    return Joined({node.name: scores[node.name] for node in tree.nodes}, before, weights)


def weights_of(node: Node, below: Floats) -> Floats:
    """Return the weights of a node's members (m); those that are not given add up to 1.

    `below` are the members' figures (m × areas). Raises `CannotError` where their principal
    component cannot be taken, or a member varies against the others.
    """
    given = node.weights
    if given == "equal":
        return np.full(len(node.members), 1.0 / len(node.members))
    if given == "principal":
        found, against = principal_weights(below)
        if against.any():
            opposed = node.members[int(np.argmax(against))]
            raise CannotError("index_principal_against", member=opposed)
        return found
    if isinstance(given, dict):
        return np.array([given[member] for member in node.members], dtype=float)
    mean: Floats = people(node).mean(axis=0)
    return mean


def people(node: Node) -> Floats:
    """Return each person's weights (persons × m), adding up to 1. Only budgets have persons."""
    if not isinstance(node.weights, tuple):
        raise TypeError("only budgets have persons")
    shares = np.array([[one[m] for m in node.members] for one in node.weights], dtype=float)
    return shares / _POINTS


def _again(own: Floats, how: Normalise | None, base: Floats | None) -> Floats:
    if how is None:
        return own
    held = None if base is None else base[None, :]
    found: Floats = scaled(own[..., None, :], np.ones(1), how, (ROOT,), held)[..., 0, :]
    return found


def planted(leaves: tuple[str, ...], groups: Sequence[Group], root: Mapping[str, object]) -> Tree:
    """Return the tree. Raises `ValueError` where it is none: twice, nowhere, or in a circle."""
    by_id = {group.id: group for group in groups}
    named = [member for group in groups for member in group.members]
    if len(by_id) != len(groups) or set(by_id) & set(leaves):
        raise ValueError("two groups have the same id, or a group that of an indicator")
    if len(set(named)) != len(named):
        raise ValueError("something is a member of two groups")
    if stray := sorted(set(named) - set(by_id) - set(leaves)):
        raise ValueError(f"{stray[0]} is neither an indicator of the index nor a group")
    top = tuple(name for name in (*by_id, *leaves) if name not in named)
    order = list(_deepest_first(top, by_id))
    if len(order) != len(by_id):
        raise ValueError("groups are members of one another in a circle")
    nodes = [Node(g.id, g.members, g.weights, g.aggregate, g.normalise) for g in order]
    return Tree(leaves, (*nodes, Node(ROOT, top, **root)))  # type: ignore[arg-type]


def _deepest_first(members: Sequence[str], groups: Mapping[str, Group]) -> Iterator[Group]:
    for member in members:
        if member in groups:
            yield from _deepest_first(groups[member].members, groups)
            yield groups[member]
