"""Contracts for microdata, and the checks that hold a delivery to them."""

from nabolag.registers.contracts import (
    CONTRACTS,
    DWELLING,
    EDUCATION,
    EMPLOYMENT,
    HOUSEHOLD,
    INCOME_YEAR,
    PERSON,
    POPULATION_EVENT,
)
from nabolag.registers.files import register_part, scan_register, write_part
from nabolag.registers.spec import Column, CountedBy, ForeignKey, NotAbove, RegisterSpec
from nabolag.registers.validate import ValidationReport, validate, validate_all

__all__ = [
    "CONTRACTS",
    "DWELLING",
    "EDUCATION",
    "EMPLOYMENT",
    "HOUSEHOLD",
    "INCOME_YEAR",
    "PERSON",
    "POPULATION_EVENT",
    "Column",
    "CountedBy",
    "ForeignKey",
    "NotAbove",
    "RegisterSpec",
    "ValidationReport",
    "register_part",
    "scan_register",
    "validate",
    "validate_all",
    "write_part",
]
