"""Project a whole country: 14 000 areas × 25 years × 106 ages × 2 sexes, in expected numbers.

    python benchmarks/money_projection.py [--areas 14000] [--years 25]

Prints the seconds of one scenario kept as age groups, and the most memory held.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from nabolag.projection.axes import AGES, Ages, Places, bands
from nabolag.projection.engine import Course
from nabolag.projection.method import collected
from nabolag.projection.rates import Events, Smoothing, estimate
from nabolag.projection.step import Factors

MUNICIPALITIES = 357
EVENT_YEARS = 5


def country(areas: int, seed: int = 1) -> tuple[Places, np.ndarray, Events]:
    """Return areas with about 400 inhabitants each, and what happened in five years."""
    rng = np.random.default_rng(seed)
    inside = np.sort(rng.integers(0, MUNICIPALITIES, areas - MUNICIPALITIES))
    inside = np.sort(np.concatenate([inside, np.arange(MUNICIPALITIES)])).astype(np.int64)
    codes = tuple(f"{number:08d}" for number in range(areas))
    places = Places(codes, tuple(f"{n:04d}" for n in range(MUNICIPALITIES)), inside)
    ages = np.arange(AGES)
    shape = np.clip(1 - np.clip(ages - 60, 0, None) / 45, 0, 1)
    people = rng.poisson(2.4 * shape, (areas, 2, AGES)).astype(np.float64)
    whole = np.add.reduceat(people, places.starts, axis=0)
    yearly = np.broadcast_to(whole, (EVENT_YEARS, *whole.shape))
    dying = np.clip(0.0005 * np.exp(0.09 * (ages - 30)), 0.0005, 0.6)
    fertile = np.exp(-((ages - 31) ** 2) / 50) * 0.12
    events = Events(
        births=rng.poisson(yearly[:, :, 0] * fertile).astype(np.float64),
        deaths=rng.poisson(yearly * dying).astype(np.float64),
        moved_out=rng.poisson(yearly * 0.04).astype(np.float64),
        moved_in=rng.poisson(yearly * 0.045).astype(np.float64),
        moved_within=rng.poisson(yearly * 0.06).astype(np.float64),
    )
    return places, people, events


def main() -> None:
    """Measure, and say what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--areas", type=int, default=14_000)
    parser.add_argument("--years", type=int, default=25)
    asked = parser.parse_args()
    places, people, events = country(asked.areas)
    begun = time.perf_counter()
    starts = np.broadcast_to(people, (EVENT_YEARS, *people.shape))
    rates = estimate(events, starts, places, Smoothing(), 0.486)
    counted = time.perf_counter()
    groups = (Ages(0, 105), *bands((0, 6, 16, 20, 67, 80)))
    path = collected(Course(places, people, rates, (Factors(),) * asked.years), groups)
    done = time.perf_counter()
    flows = path.flows.sum(axis=1)
    ends = path.people[:, :, :, 0].sum(axis=(1, 2))
    off = np.abs(ends[:-1] + flows @ np.array([1, -1, 1, -1]) - ends[1:]).max()
    print(f"{asked.areas} areas × {asked.years} years × {AGES} ages × 2 sexes")
    print(f"rates {counted - begun:.1f} s, years {done - counted:.1f} s")
    print(f"persons {ends[0]:,.0f} -> {ends[-1]:,.0f}; balance off by at most {off:.1e}")
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
