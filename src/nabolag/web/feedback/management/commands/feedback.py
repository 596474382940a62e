"""`python -m nabolag.web feedback`: what readers have reported."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from nabolag.web.feedback.listing import reports
from nabolag.web.feedback.models import Report


class Command(BaseCommand):
    """List reports as JSON lines, or mark one as handled."""

    help = "List what readers have reported as JSON lines; --handled ID marks one as handled."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the two options."""
        parser.add_argument("--all", action="store_true", help="also those that are handled")
        parser.add_argument("--handled", type=int, metavar="ID", help="mark a report as handled")

    def handle(self, *args: Any, **options: Any) -> None:
        """Mark or list."""
        if options["handled"] is not None:
            waiting = Report.objects.filter(pk=options["handled"], handled_at=None)
            if not waiting.update(handled_at=timezone.now()):
                raise CommandError(f"no unhandled report has the id {options['handled']}")
            return
        for entry in reports(handled=options["all"]):
            self.stdout.write(json.dumps(entry, ensure_ascii=False))
