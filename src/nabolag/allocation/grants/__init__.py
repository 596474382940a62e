"""State money: grants to area initiatives by place and ministry, others, what the state covers."""

from nabolag.allocation.grants.covered import Covered
from nabolag.allocation.grants.ledger import (
    Entry,
    Grant,
    Ledger,
    ledger,
    other_grants,
    read_ledger,
)
from nabolag.allocation.grants.listed import GrantsRead, read_grants
from nabolag.allocation.grants.released import (
    amounts,
    by_funder,
    by_place,
    covered,
    shown_sum,
    sums,
)
from nabolag.allocation.grants.spec import GrantsSpec

__all__ = [
    "Covered",
    "Entry",
    "Grant",
    "GrantsRead",
    "GrantsSpec",
    "Ledger",
    "amounts",
    "by_funder",
    "by_place",
    "covered",
    "ledger",
    "other_grants",
    "read_grants",
    "read_ledger",
    "shown_sum",
    "sums",
]
