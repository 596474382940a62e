"""Contracts for microdata, and the checks that hold a delivery to them."""

from nabolag.registers.contracts import (
    ACTIVITY,
    BACKGROUND,
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
from nabolag.registers.delivery import (
    RegisterDelivery,
    RegisterSettings,
    ValidationLimits,
    read_deliveries,
    read_settings,
)
from nabolag.registers.files import register_part, scan_register, write_part
from nabolag.registers.months import PackedMonths, pack_months
from nabolag.registers.quarantine import read_quarantine, rejected_reasons
from nabolag.registers.receive import (
    check_folder,
    check_path,
    check_workspace,
    last_report,
    receive,
)
from nabolag.registers.report import DeliveryReport, Noted, YearReport
from nabolag.registers.services import ACCOUNT_LINE, KINDERGARTEN, PUPIL, SCHOOL
from nabolag.registers.spec import (
    Column,
    CountedBy,
    ForeignKey,
    NotAbove,
    OnlyWhere,
    RegisterSpec,
)
from nabolag.registers.telling import reasons_in_words, report_markdown, report_text
from nabolag.registers.validate import ValidationReport, validate, validate_all

__all__ = [
    "ACCOUNT_LINE",
    "ACTIVITY",
    "BACKGROUND",
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
    "DeliveryReport",
    "ForeignKey",
    "NotAbove",
    "Noted",
    "OnlyWhere",
    "PackedMonths",
    "RegisterDelivery",
    "RegisterSettings",
    "RegisterSpec",
    "ValidationLimits",
    "ValidationReport",
    "YearReport",
    "check_folder",
    "check_path",
    "check_workspace",
    "last_report",
    "pack_months",
    "read_deliveries",
    "read_quarantine",
    "read_settings",
    "reasons_in_words",
    "receive",
    "register_part",
    "rejected_reasons",
    "report_markdown",
    "report_text",
    "scan_register",
    "validate",
    "validate_all",
    "write_part",
]
