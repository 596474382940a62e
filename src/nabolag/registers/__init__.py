"""Contracts for microdata, and the checks that hold a delivery to them."""

from nabolag.registers.contracts import (
    ACTIVITY,
    CONTRACTS,
    DWELLING,
    EDUCATION,
    EMPLOYMENT,
    HOUSEHOLD,
    INCOME_YEAR,
    PERSON,
    POPULATION_EVENT,
    SOCIAL_ASSISTANCE,
)
from nabolag.registers.files import register_part, scan_register, write_part
from nabolag.registers.services import ACCOUNT_LINE, KINDERGARTEN, PUPIL, SCHOOL
from nabolag.registers.spec import (
    Column,
    CountedBy,
    ForeignKey,
    NotAbove,
    OnlyWhere,
    RegisterSpec,
)
from nabolag.registers.validate import ValidationReport, validate, validate_all

__all__ = [
    "ACCOUNT_LINE",
    "ACTIVITY",
    "CONTRACTS",
    "DWELLING",
    "EDUCATION",
    "EMPLOYMENT",
    "HOUSEHOLD",
    "INCOME_YEAR",
    "KINDERGARTEN",
    "PERSON",
    "POPULATION_EVENT",
    "PUPIL",
    "SCHOOL",
    "SOCIAL_ASSISTANCE",
    "Column",
    "CountedBy",
    "ForeignKey",
    "NotAbove",
    "OnlyWhere",
    "RegisterSpec",
    "ValidationReport",
    "register_part",
    "scan_register",
    "validate",
    "validate_all",
    "write_part",
]
