"""What an address asks of a page about money."""

from __future__ import annotations

from django.http import HttpRequest

_LONGEST = 2048


def asked_of(request: HttpRequest) -> dict[str, str]:
    """Return what the address asks; the values of a name given several times, with commas."""
    asked = {name: ",".join(request.GET.getlist(name)) for name in request.GET}
    return {name: value.strip()[:_LONGEST] for name, value in asked.items() if value.strip()}
