"""A small memory of what was worked out from a release, which never changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from nabolag.store import Release

T = TypeVar("T")


class Kept(Generic[T]):
    """The last `size` results, by release and key. Safe to share between threads."""

    def __init__(self, size: int) -> None:
        """Start empty."""
        self._size = size
        self._found: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, release: Release, key: Hashable, make: Callable[[], T]) -> T:
        """Return the result of `make`, made once. Two threads may make the same; one is kept."""
        whole = (str(release.bundle.path), key)
        with self._lock:
            if whole in self._found:
                self._found.move_to_end(whole)
                return self._found[whole]
        made = make()
        with self._lock:
            self._found[whole] = made
            while len(self._found) > self._size:
                self._found.popitem(last=False)
        return made
