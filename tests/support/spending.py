"""A small delivery of spending by sub-district and school: who stands behind what.

Everything is invented. In 0101 one school has nine tenths of the spending; the other areas have four
schools with about a fourth each. School `s9` has something in two areas.
"""

from __future__ import annotations

from pathlib import Path

AREAS = {"0101": "990101", "0102": "990101", "0103": "990101", "0201": "990102", "0202": "990102"}
#: Kroner by area and school.
SPENDING = {
    "0101": {"s1": 9_000_000, "s2": 600_000, "s3": 400_000},
    "0102": {"s4": 3_000_000, "s5": 2_800_000, "s6": 2_500_000, "s9": 2_600_000},
    "0103": {"s9": 1_900_000, "s10": 2_100_000, "s11": 2_000_000, "s12": 2_300_000},
    "0201": {"s13": 4_100_000, "s14": 4_000_000, "s15": 3_900_000, "s16": 3_000_000},
    "0202": {"s17": 2_500_000, "s18": 2_400_000, "s19": 2_200_000, "s20": 2_300_000},
}
PUPILS = {"0101": 900, "0102": 800, "0103": 850, "0201": 1_100, "0202": 700}

CONFIG = """
[workspace]
name = "Prøvekommune"
main_level = "delbydel"
geography = "2024"
municipality = { level = "kommune", code = "9901" }
synthetic = true
catalogue = ["egne.yaml"]

[[areas]]
id = "kommune"
level = "kommune"
names = { "9901" = "Prøvekommune" }

[[areas]]
id = "bydeler"
level = "bydel"
names = { "990101" = "Sør", "990102" = "Nord" }
parents = [{ level = "kommune", constant = "9901" }]

[[areas]]
id = "delbydeler"
file = "områder.csv"
level = "delbydel"
code = "Kode"
name = "Navn"
parents = [{ level = "bydel", column = "Bydel" }]
read = { delimiter = ";", encoding = "utf-8" }

[[source]]
id = "regnskap"
file = "regnskap.csv"
producer = "Prøvekommune"
title = "Regnskap etter skole"
licence = "CC BY 4.0"
retrieved = "2026-11-01"
geography = "2024"
period = { column = "År" }
area = [{ level = "delbydel", column = "Delbydel" }]
dimensions = { school = "Skole" }
measure = [
  { id = "kroner", column = "Kroner" },
  { id = "elever", column = "Elever", min = 0 },
]
read = { delimiter = ";", encoding = "utf-8" }

[[indicator]]
id = "school_spending"
source = "regnskap"
value = { measure = "kroner" }
contributors = "school"
absent = "zero"

[[disclosure]]
indicators = ["school_spending"]
about_people = false
because = "Beløp som skoler har brukt, ikke tall om personer."
dominance_n = 1
dominance_k = 80
"""

CATALOGUE = """
school_spending:
  label: {nb: Utgifter til skole, nn: Utgifter til skule, en: Spending on schools}
  definition: {nb: Det skolene har brukt., nn: Det skulane har brukt., en: What schools have spent.}
  unit: nok
  kind: background
  worse: neither
  ring: education
  reference: Prøve
  decimals: 0
spending_per_pupil:
  label: {nb: Utgifter per elev, nn: Utgifter per elev, en: Spending per pupil}
  definition: {nb: Utgifter delt på elever., nn: Utgifter delte på elevar., en: Spending over pupils.}
  unit: nok
  kind: background
  worse: neither
  ring: education
  reference: Prøve
  decimals: 0
"""


def write_spending(folder: Path, *changes: tuple[str, str], table: str = "") -> Path:
    """Write the delivery into a folder, with some texts of its configuration replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    text = CONFIG
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "nabolag.toml").write_text(text, encoding="utf-8")
    (folder / "egne.yaml").write_text(CATALOGUE, encoding="utf-8")
    places = [f"{code};Område {code};{bydel}" for code, bydel in AREAS.items()]
    (folder / "områder.csv").write_text("\n".join(["Kode;Navn;Bydel", *places, ""]), "utf-8")
    (folder / "regnskap.csv").write_text(table or spending(), "utf-8")
    return folder


def spending(had: dict[str, dict[str, int]] | None = None) -> str:
    """Return the table as text; an area's pupils are shared out evenly among its schools."""
    lines = ["Delbydel;År;Skole;Kroner;Elever"]
    for area, schools in (had or SPENDING).items():
        each = PUPILS[area] // len(schools)
        lines += [f"{area};2023;{school};{kroner};{each}" for school, kroner in schools.items()]
    return "\n".join([*lines, ""])
