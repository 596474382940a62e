"""A small workspace whose borders change: lists, changes, people, and figures of other years."""

from __future__ import annotations

from pathlib import Path

HISTORY = """level;code;name;from;to
kommune;0101;Ås;;2010-01-01
kommune;0102;Vik;;2010-01-01
kommune;0103;Åsvik;2010-01-01;2020-01-01
kommune;0104;Nye Ås;2020-01-01;
kommune;0105;Nye Vik;2020-01-01;
kommune;0201;Dal;;2015-01-01
kommune;0301;Dal;2015-01-01;
"""
CHANGES = """from;from_name;to;to_name;date
0101;Ås;0103;Åsvik;2010-01-01
0102;Vik;0103;Åsvik;2010-01-01
0201;Dal;0301;Dal;2015-01-01
0103;Åsvik;0104;Nye Ås;2020-01-01
0103;Åsvik;0105;Nye Vik;2020-01-01
"""
PEOPLE = "kommune;aar;personer\n0104;2020;7 000\n0105;2020;3 000\n"
#: Each year's figures stand in that year's own borders.
OWN = """kommune;aar;trangbodd;alle
0101;2005;60;600
0102;2005;80;400
0201;2005;50;500
0103;2018;150;1 000
0301;2018;40;500
0104;2021;100;700
0105;2021;90;300
0301;2021;45;500
"""
#: Figures of 2005, with a price that no count stands behind.
OLD = "kommune;pris\n0101;20 000\n0102;30 000\n0201;25 000\n"
CONFIG = """
[workspace]
name = "Flyttet"
main_level = "kommune"
geography = "2024"
synthetic = true

[[area_history]]
id = "history"
file = "history.csv"
level_column = "level"
levels = { kommune = "kommune" }
valid_from = "from"
valid_to = "to"
[area_history.read]
delimiter = ";"

[[changes]]
id = "changes"
file = "changes.csv"
level = "kommune"
from_code = "from"
to_code = "to"
from_name = "from_name"
to_name = "to_name"

[[area_population]]
id = "people"
file = "people.csv"
level = "kommune"
code = "kommune"
persons = "personer"
year = "aar"

[[areas]]
id = "municipalities"
level = "kommune"
names = { "0104" = "Nye Ås", "0105" = "Nye Vik", "0301" = "Dal" }

[[custom_area]]
code = "gamle_asvik"
name = "Gamle Åsvik"
level = "kommune"
members = ["0104", "0105"]

[[source]]
id = "own"
file = "own.csv"
producer = "Prøve"
title = "Hvert år i egne grenser"
geography = "own"
area = { level = "kommune", column = "kommune" }
period = { column = "aar" }
[source.read]
thousands = " "
[[source.measure]]
id = "crowded"
column = "trangbodd"
[[source.measure]]
id = "households"
column = "alle"

[[source]]
id = "old"
file = "old.csv"
producer = "Prøve"
title = "Pris i grensene fra 2005"
geography = "2005"
area = { level = "kommune", column = "kommune" }
period = { value = "2005" }
[source.read]
thousands = " "
[[source.measure]]
id = "price"
column = "pris"

[[indicator]]
id = "crowded_households"
source = "own"
numerator = { measure = "crowded" }
denominator = { measure = "households" }
interval = "none"

[[indicator]]
id = "house_price_m2"
source = "old"
value = { measure = "price" }

[[disclosure]]
owner = "Prøve"
numerator = 5
denominator = 5
complement = 5
"""


def write_moved(folder: Path, config: str = CONFIG) -> Path:
    """Write the workspace into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "history.csv": HISTORY, "changes.csv": CHANGES, "people.csv": PEOPLE, "own.csv": OWN,
        "old.csv": OLD, "nabolag.toml": config,
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
