"""`python -m nabolag.web …`: Django's own commands (`migrate`, `check`, `feedback`)."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nabolag.web.settings")
execute_from_command_line(["nabolag.web", *sys.argv[1:]])
