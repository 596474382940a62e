"""The budget workshop (Fordeling): what it shows, made of the method's answers and nothing else."""

from nabolag.publish.views.money.allocation.model import AllocationView
from nabolag.publish.views.money.allocation.opened import Opened, names_of, opened
from nabolag.publish.views.money.allocation.page import allocation_page

__all__ = ["AllocationView", "Opened", "allocation_page", "names_of", "opened"]
