"""A ledger beside the small towns: two services in two areas, and three lines with something wrong."""

from __future__ import annotations

from pathlib import Path

from tests.support.projected import write_projected

DECLARED = """
[[accounts]]
id = "regnskap"
name = { nb = "Regnskapet", nn = "Rekneskapen", en = "The accounts" }
file = "regnskap.csv"
municipality = "9901"
producer = "Prøvekommune"
read = { delimiter = ";", decimal = ",", thousands = " " }
year = "aar"
amount = "beløp"
function = "funksjon"
unit = "enhet"
area = { column = "krets", level = "grunnkrets", whole = ["felles"] }
deflator = { base = 2023, index = { 2022 = 100.0, 2023 = 110.0 }, source = "Valgt", status = "example" }
[[accounts.service]]
id = "school"
name = { nb = "Grunnskole", nn = "Grunnskule", en = "School" }
functions = ["202"]
[[accounts.service]]
id = "welfare"
name = { nb = "Barnevern", nn = "Barnevern", en = "Child welfare" }
functions = ["244", "25*"]
"""
ROWS = """aar;krets;enhet;funksjon;beløp
2022;99010000;A;202;1 000 000,00
2023;99010000;A;202;1 100 000,50
2023;99010001;B;202;900 000
2023;felles;;251;500 000
"""
WRONG = """2023;felles;;251;50O
2023;felles;;333;10,25
2023;99010009;B;202;7
"""


def write_ledger(folder: Path, rows: str = ROWS + WRONG, declared: str = DECLARED) -> Path:
    """Write the workspace with its ledger, not built yet."""
    made = write_projected(folder, "", declared)
    (made / "regnskap.csv").write_text(rows, encoding="utf-8")
    return made
