"""What comes out by subtraction, held against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from nabolag.disclosure.exact import components, recoverable


def determined(matrix: np.ndarray, hidden: np.ndarray) -> list[bool]:
    """A count is determined where its unit row is a combination of the equations: fractions."""
    rows = [[Fraction(int(x)) for x in row] for row in matrix[:, hidden]]
    basis: list[list[Fraction]] = []
    for row in rows:
        rest = reduced(row, basis)
        if any(rest):
            basis.append(rest)
    found = []
    places = np.flatnonzero(hidden)
    for k in range(matrix.shape[1]):
        unit = [Fraction(int(place == k)) for place in places]
        found.append(bool(hidden[k]) and not any(reduced(unit, basis)))
    return found


def reduced(row: list[Fraction], basis: list[list[Fraction]]) -> list[Fraction]:
    for other in basis:
        at = next(i for i, x in enumerate(other) if x)
        times = row[at] / other[at]
        row = [a - times * b for a, b in zip(row, other, strict=True)]
    return row


@st.composite
def systems(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = draw(st.integers(1, 7)), draw(st.integers(1, 9))
    cells = st.lists(st.sampled_from([0, 0, 1, 1, -1]), min_size=columns, max_size=columns)
    matrix = np.array(draw(st.lists(cells, min_size=rows, max_size=rows)), dtype=float)
    hidden = np.array(draw(st.lists(st.booleans(), min_size=columns, max_size=columns)))
    return matrix, hidden


@given(systems())
@settings(max_examples=400, deadline=None)
def test_the_same_counts_come_out_as_with_fractions(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    matrix, hidden = drawn
    found = recoverable(sparse.csr_array(matrix), hidden)
    assert found.tolist() == determined(matrix, hidden)


def test_several_equations_together_give_a_count_away_that_none_of_them_does() -> None:
    # Two cycles and a bridge between them: rows and columns of a table with no single gap.
    hidden_in_rows = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)]
    cell = {rc: k for k, rc in enumerate(hidden_in_rows)}
    matrix = np.zeros((8, len(cell)))
    for (r, c), k in cell.items():
        matrix[r, k] = matrix[4 + c, k] = 1
    found = recoverable(sparse.csr_array(matrix), np.ones(len(cell), dtype=bool))
    assert [rc for rc, k in cell.items() if found[k]] == [(1, 2)]


def test_counts_that_no_equation_links_are_parts_of_their_own() -> None:
    matrix = sparse.csr_array(np.array([[1.0, 1, 0, 0, 0], [0, 0, 1, 1, 0]]))
    n, part = components(matrix, np.array([True, True, True, True, False]))
    assert n == 2
    assert part[0] == part[1] != part[2] == part[3]
    assert part[4] == -1
