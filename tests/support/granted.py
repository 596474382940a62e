"""Lists of grants beside the small towns and their ledger: sums to the krone, and wrong lines."""

from __future__ import annotations

from pathlib import Path

from tests.support.ledger import DECLARED as LEDGER
from tests.support.ledger import ROWS as BOOKED
from tests.support.projected import write_projected

DECLARED = """
[[grants]]
id = "tilskudd"
name = { nb = "Tilskudd til områder", nn = "Tilskot til område", en = "Grants to areas" }
file = "tilskudd.csv"
producer = "Prøvekommune"
read = { delimiter = ";", decimal = ",", thousands = " " }
year = "aar"
amount = "kroner"
municipal = "egne"
funder = "giver"
scheme = "ordning"
conditions = "vilkår"
area = { column = "krets", level = "grunnkrets", whole = ["felles"], municipality = "9901" }
published = "Tilsagnsbrevene er offentlige"

[[grants]]
id = "stotte"
name = { nb = "Støtte", nn = "Stønad", en = "Support" }
file = "stotte.csv"
read = { delimiter = ";" }
year = { constant = "2023" }
amount = "kroner"
funder = { constant = "IMDi" }
area = { column = "krets", level = "grunnkrets" }
persons = "personer"

[[grants]]
id = "anlegg"
name = { nb = "Nærmiljøanlegg", nn = "Nærmiljøanlegg", en = "Local facilities" }
file = "anlegg.csv"
read = { delimiter = ";" }
counts = { nb = "anlegg", nn = "anlegg", en = "facilities" }
year = { constant = "2023" }
funder = "giver"
unit = "anlegg"
area = { column = "krets", level = "grunnkrets" }
about_people = false
"""
ROWS = """aar;krets;giver;ordning;vilkår;kroner;egne
2023;99010000;KDD;Områdesatsing;Egenandel;250 000,50;250 000,50
2023;99010000;KD;Skole;;100 000;
2023;99010001;KDD;Områdesatsing;;50 000;150 000
2022;99010001;KDD;Områdesatsing;;40 000;
2023;felles;HOD;Folkehelse;;7 000;
"""
WRONG = """2023;99010009;KDD;Områdesatsing;;1 000,25;
2023;99010000;KDD;Skole;;12 O00;
20x3;99010000;KDD;Skole;;5;
2023;;KDD;Skole;;3;
"""
SUPPORT = """krets;kroner;personer
99010000;900000;40
99010001;70000;2
99010002;30000;
"""
FACILITIES = """krets;giver;anlegg
99010000;Kommunen;Ballbinge
99010000;Kommunen;Skatepark
99010001;KUD;Ballbinge
"""
NEED = """
[[source]]
id = "inntekt"
file = "inntekt.csv"
producer = "Prøvekommune"
title = "Lavinntekt"
geography = "2023"
read = { delimiter = ";" }
period = { column = "aar" }
area = [{ level = "grunnkrets", column = "krets" }]
measure = [{ id = "lav", column = "lav" }, { id = "alle", column = "alle" }]

[[indicator]]
id = "low_income_persistent"
source = "inntekt"
numerator = { measure = "lav" }
denominator = { measure = "alle" }

[[disclosure]]
owner = "Prøvekommune"
sources = ["inntekt"]
"""
#: The most exposed first; the last one has too few to be shown.
INCOMES = """aar;krets;lav;alle
2023;99010000;80;200
2023;99010001;40;200
2023;99010002;30;200
2023;99020003;25;200
2023;99020004;20;200
2023;99020005;2;200
"""


def write_granted(folder: Path, rows: str = ROWS + WRONG, declared: str = DECLARED) -> Path:
    """Write the workspace with its lists and its ledger, not built yet."""
    made = write_projected(folder, "", LEDGER + NEED + declared)
    (made / "inntekt.csv").write_text(INCOMES, encoding="utf-8")
    (made / "regnskap.csv").write_text(BOOKED, encoding="utf-8")
    (made / "tilskudd.csv").write_text(rows, encoding="utf-8")
    (made / "stotte.csv").write_text(SUPPORT, encoding="utf-8")
    (made / "anlegg.csv").write_text(FACILITIES, encoding="utf-8")
    return made
