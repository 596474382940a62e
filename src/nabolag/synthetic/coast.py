"""The land of the municipality: a mainland with a fjord arm into the town, and islands.

Coordinates are kilometres from the middle of the town, east and north.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

ISLANDS = 2


def land(rng: np.random.Generator) -> tuple[BaseGeometry, list[BaseGeometry]]:
    """Return the mainland and the islands, none touching another."""
    mainland = shapely.difference(_mainland(rng), _fjord(rng))
    largest = max(shapely.get_parts(mainland), key=shapely.area)
    return shapely.Polygon(largest.exterior), _islands(rng)


def _mainland(rng: np.random.Generator) -> BaseGeometry:
    """Return a rounded mainland whose west side is a ragged coast."""
    angle = np.linspace(0, 2 * np.pi, 361)[:-1]
    radius = 7.2 + sum(
        rng.normal(0, 0.55 / k) * np.cos(k * angle + rng.uniform(0, 2 * np.pi)) for k in range(2, 7)
    )
    west = np.clip(-np.cos(angle), 0, 1)
    ragged = sum(
        rng.normal(0, 1.1 / k) * np.cos(k * angle + rng.uniform(0, 2 * np.pi)) for k in range(9, 40)
    )
    radius = radius * (1 - 0.45 * west) + 0.8 * west * ragged
    return shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))


def _fjord(rng: np.random.Generator) -> BaseGeometry:
    """Return the arm of the sea that reaches the middle of the town from the south-west."""
    along = np.linspace(0, 1, 25)
    bend = 1.1 * np.sin(along * np.pi * 2.2 + rng.uniform(0, 1))
    middle = np.column_stack([-8.5 * along - 0.25, -4.0 * along - 0.1 + bend * along])
    side = np.column_stack([-middle[:, 1], middle[:, 0]])
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    half = (0.12 + 0.85 * along + 0.22 * rng.normal(size=25) * along)[:, None]
    return shapely.buffer(
        shapely.make_valid(
            shapely.Polygon(np.vstack([middle + side * half, (middle - side * half)[::-1]]))
        ),
        0,
    )


def _islands(rng: np.random.Generator) -> list[BaseGeometry]:
    """Return small islands off the coast."""
    angle = np.linspace(0, 2 * np.pi, 61)[:-1]
    found = []
    for north in (3.2, -0.2)[:ISLANDS]:
        radius = rng.uniform(0.7, 0.95) + sum(
            rng.normal(0, 0.25 / k) * np.cos(k * angle + rng.uniform(0, 2 * np.pi))
            for k in range(2, 9)
        )
        points = np.column_stack([radius * np.cos(angle) * 0.7, radius * np.sin(angle)])
        found.append(shapely.Polygon(points + np.array([-6.6, north])))
    return found
