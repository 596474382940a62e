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

__all__ = ["Covered", "Entry", "Grant", "Ledger", "ledger", "other_grants", "read_ledger"]
