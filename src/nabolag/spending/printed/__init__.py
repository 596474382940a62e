"""Printed regression tables: read, held against their own stars, and shown beside corrections."""

from nabolag.spending.printed.checking import Checked, check
from nabolag.spending.printed.errata import Erratum, errata
from nabolag.spending.printed.marks import Corrected, Mark, Reason
from nabolag.spending.printed.model import Cell, Column, Key, Printed, PrintedTable
from nabolag.spending.printed.numerals import Numeral, numeral
from nabolag.spending.printed.own import read_own
from nabolag.spending.printed.reading import SOURCE, checked_report, report
from nabolag.spending.printed.stars import Convention, Followed, all_followed

__all__ = [
    "SOURCE",
    "Cell",
    "Checked",
    "Column",
    "Convention",
    "Corrected",
    "Erratum",
    "Followed",
    "Key",
    "Mark",
    "Numeral",
    "Printed",
    "PrintedTable",
    "Reason",
    "all_followed",
    "check",
    "checked_report",
    "errata",
    "numeral",
    "read_own",
    "report",
]
