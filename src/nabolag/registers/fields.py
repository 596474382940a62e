"""Columns and code lists that several registers share."""

from __future__ import annotations

from typing import Final

from nabolag.registers.spec import Column, ForeignKey

YEAR: Final = Column("year", "i16", unit="year", minimum=1960, maximum=2100)
#: Code of the grunnkrets in the borders that the whole delivery is made in.
GRUNNKRETS: Final = Column("grunnkrets", "str", pattern=r"^\d{8}$")
PERSON_ID: Final = Column("person_id", "i64", minimum=1, private=True, varies=True)
HOUSEHOLD_ID: Final = Column("household_id", "i64", minimum=1, private=True, varies=True)
SCHOOL_ID: Final = Column("school_id", "i64", minimum=1)
#: Degrees in EPSG:4326, wide enough for Svalbard and Jan Mayen.
LONGITUDE: Final = Column("lon", "f64", unit="°E", minimum=-10, maximum=35, nullable=True)
LATITUDE: Final = Column("lat", "f64", unit="°N", minimum=57, maximum=82, nullable=True)

#: The person as of 1 January. Registers of a time later in the year also hold those who have
#: moved in since, so a person who is not there is told of and the row stays.
LATER_PERSON: Final = ForeignKey(
    ("year", "person_id"), "person", ("year", "person_id"), orphans="keep"
)
