"""Municipal accounts and budgets: lines as delivered, and what they come to for each inhabitant.

Every line is kept: what cannot be read or placed stands in a list with its file, row and column,
and what is read adds up to the øre.
"""

from nabolag.accounts.spec import AccountsSpec
from nabolag.accounts.sums import AccountsResult, held_to, read_accounts, summed

__all__ = ["AccountsResult", "AccountsSpec", "held_to", "read_accounts", "summed"]
