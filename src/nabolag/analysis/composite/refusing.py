"""How a step says that it cannot be done."""

from __future__ import annotations


class CannotError(ValueError):
    """A step that cannot be done. `code` is a finding, `row` the column of figures it is about."""

    def __init__(self, code: str, row: int | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.params = params
