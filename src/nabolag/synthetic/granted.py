"""Grants and expenditure need of the demo, all invented: money, facilities, criteria, weights.

Two lines are planted with something wrong: a district that does not exist, and no amount.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from nabolag.synthetic.ground import Ground

GRANTS: Final = "tilskudd.csv"
FACILITIES: Final = "anlegg.csv"
CRITERIA: Final = "utgiftsbehov.csv"
WEIGHTS: Final = "utgiftsbehov_vekter.csv"
#: Invented weights: sector, criterion of its key (blank for the sector itself), weight.
_WEIGHTS: Final = (
    ("grunnskole", "", "0,40"), ("barnehage", "", "0,25"), ("sosial", "", "0,35"),
    ("grunnskole", "innb_6_15", "0,90"), ("grunnskole", "lavinntekt", "0,10"),
    ("barnehage", "innb_1_5", "1,00"),
    ("sosial", "lavinntekt", "0,70"), ("sosial", "innb_6_15", "0,30"),
)  # fmt: skip
#: Funder, scheme, conditions, kroner to the first district and what each later one has less, and
#: how much of it the municipality adds.
_SCHEMES: Final = (
    ("Departement A (oppdiktet)", "Områdesatsing", "Kommunen legger til like mye", 6_000_000,
     1_500_000, 1.0),
    ("Departement B (oppdiktet)", "Tidlig innsats", "Rapport hvert år", 2_400_000, 400_000, 0.25),
    ("Direktorat C (oppdiktet)", "Nærmiljø", "", 900_000, 150_000, 0.5),
)  # fmt: skip
_YEARS: Final = 3
_KINDS: Final = ("Ballbinge", "Lekeplass", "Skatepark")


def write_grants(folder: Path, ground: Ground) -> None:
    """Write the lists, the criteria and their weights in `leveranse/`."""
    lists = {GRANTS: _grants(ground), FACILITIES: _facilities(ground),
             CRITERIA: _criteria(ground), WEIGHTS: _weights()}  # fmt: skip
    for name, lines in lists.items():
        text = "\n".join(lines) + "\n"
        (folder / "leveranse" / name).write_text(text, encoding="utf-8")


def _grants(ground: Ground) -> list[str]:
    lines = ["År;Bydel;Giver;Ordning;Vilkår;Tilskudd;Kommunens midler"]
    years = ground.spec.all_years[-_YEARS:]
    for at, year in enumerate(years):
        for order, name in enumerate(ground.areas.bydel_names):
            for funder, scheme, conditions, first, less, beside in _SCHEMES:
                kroner = first - order * less + at * 50_000
                if kroner > 0:
                    own = round(kroner * beside)
                    lines.append(f"{year};{name};{funder};{scheme};{conditions};{kroner};{own}")
    funder, scheme = _SCHEMES[2][:2]
    lines.append(f"{years[-1]};Ukjent bydel;{funder};{scheme};;75000;")
    lines.append(f"{years[0]};{ground.areas.bydel_names[-1]};{funder};{scheme};;ikke avklart;")
    return lines


def _facilities(ground: Ground) -> list[str]:
    year = ground.spec.all_years[-1]
    codes = sorted(ground.areas.codes)
    lines = ["År;Grunnkrets;Anlegg;Giver"]
    for at, code in enumerate(codes):
        count = (at * 7 + 3) % 4
        lines += [f"{year};{code};{_KINDS[one % 3]} {one + 1};Kommunen" for one in range(count)]
    return lines


def _criteria(ground: Ground) -> list[str]:
    """Return made-up counts by district: fewer children and less low income in each later one."""
    lines = ["Bydel;Innbyggere;Barn 1-5;Barn 6-15;Lavinntekt"]
    for order, code in enumerate(ground.areas.bydel_codes):
        people = 3_000 + 12_000 // (order + 1)
        shares = (0.045 + 0.02 / (order + 1), 0.1 + 0.03 / (order + 2), 0.05 + 0.1 / (order + 1))
        counts = ";".join(str(round(people * share)) for share in shares)
        lines.append(f"{code};{people};{counts}")
    return lines


def _weights() -> list[str]:
    return ["Sektor;Kriterium;Vekt", *(";".join(row) for row in _WEIGHTS)]
