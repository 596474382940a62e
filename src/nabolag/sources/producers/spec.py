"""`[[fetch]]` in `nabolag.toml`: what is asked of which producer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from nabolag.sources.producers.protocol import Query, Selection
from nabolag.store import Section


def _text(given: Any) -> Any:
    """Take a whole number for the text it is written as; a year is often written so."""
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


def _texts(given: Any) -> Any:
    return tuple(map(_text, given)) if isinstance(given, list | tuple) else (_text(given),)


CodeTexts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class Wanted(Section):
    """What is wanted of one dimension: codes, expressions, and a code list they belong to."""

    codes: CodeTexts = ("*",)
    code_list: str = ""


class FetchSpec(Section):
    """One `[[fetch]]`: a query to a producer, answered into `raw/fetched/<id>/`.

    `select` gives each dimension its codes: `["0301", "1103"]`, `"*"`, a pattern such as
    `"03*"`, an expression the producer knows (`"top(5)"`, `"from(2015)"`), or a code list and
    codes of it: `{ code_list = "agg_KommSummer", codes = "*" }`. `concurrency` is how many
    questions may be open at a time.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    producer: str
    table: str = Field(min_length=1)
    address: str = ""
    language: str = ""
    select: dict[str, Wanted] = Field(default_factory=dict)
    options: dict[str, Annotated[str, BeforeValidator(_text)]] = Field(default_factory=dict)
    concurrency: int = Field(default=2, ge=1, le=8)

    @field_validator("select", mode="before")
    @classmethod
    def _codes_or_table(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {
            name: one if isinstance(one, Mapping) else {"codes": one} for name, one in given.items()
        }

    @field_validator("address")
    @classmethod
    def _an_address(cls, given: str) -> str:
        if given and not given.startswith(("https://", "http://")):
            raise ValueError("an address begins with https://")
        return given.rstrip("/")

    @property
    def query(self) -> Query:
        """The query, as producers take it."""
        select = {
            name: Selection(wanted.codes, wanted.code_list) for name, wanted in self.select.items()
        }
        return Query(self.table, select, self.language, self.options)

    @property
    def code_lists(self) -> tuple[str, ...]:
        """The code lists that the query names."""
        named = [wanted.code_list for wanted in self.select.values() if wanted.code_list]
        return tuple(dict.fromkeys(named))
