"""What is delivered of registers and how strict the house is: `[[register]]` and `[registers]`."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from nabolag.core import Place, error
from nabolag.registers.contracts import CONTRACTS
from nabolag.sources.file_form import Format, ReadOptions
from nabolag.sources.given import Texts
from nabolag.store import CONFIG_NAME, Section, parse_section

Share = Annotated[float, Field(ge=0, le=1)]


def _texts(given: Any) -> Any:
    """Let a code be written as a number or as true and false: files hold texts."""
    if not isinstance(given, Mapping):
        return given
    return {str(key): _text(value) for key, value in given.items()}


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


Codes = Annotated[dict[str, str], BeforeValidator(_texts)]


class RegisterDelivery(Section):
    """One `[[register]]`: delivered files that hold a register, and how they are read.

    `file` is one path or several; `*` stands for any characters, so `year=*/*.parquet` fits a
    register that is split by year. `rename` gives delivered columns the contract's names
    (`fodselsaar = "birth_year"`). `codes` translates what stands in a column of the contract
    (`codes.sex = {1 = "male", 2 = "female"}`); a code that is not translated stays as it is and
    must be one that the contract knows, and one translated to "" is unknown. `constants` fill
    columns that the files lack. `unknown` lists the signs for an unknown value, beside blank
    cells. `year` says that every row is of that year, and fills the column where files lack it.

    `corrects` says that the files hold only rows that stand in place of earlier ones with the
    same key: those of deliveries without it, and of corrections further up in `nabolag.toml`.
    """

    register_name: str = Field(alias="register")
    file: Texts = Field(min_length=1)
    format: Format | None = None
    read: ReadOptions = ReadOptions()
    year: int | None = None
    rename: dict[str, str] = Field(default_factory=dict)
    codes: dict[str, Codes] = Field(default_factory=dict)
    constants: Codes = Field(default_factory=dict)
    unknown: Texts = ()
    corrects: bool = False


class ValidationLimits(Section):
    """How many wrong rows the house lives with, and what becomes of rows that refer to them.

    Above `fatal_share` of a register's rows in a year (or `by_register`'s own share) nothing
    of that register and year is taken in. No document says where the line goes: it is the
    house's declared choice. `refers_to_rejected` is for a row that is sound itself but refers
    to a row set apart: `keep` it, and what it refers to is unknown, or set it apart as well.
    """

    fatal_share: Share = 0.01
    by_register: dict[str, Share] = Field(default_factory=dict)
    refers_to_rejected: Literal["keep", "set_apart"] = "keep"

    def share(self, register: str) -> float:
        """Return the largest share of wrong rows that a register may have."""
        return self.by_register.get(register, self.fatal_share)


class RegisterSettings(Section):
    """`[registers]`: where registers are kept in the workspace, and the limits."""

    folder: str = "registers"
    quarantine: str = "quarantine"
    max_rejected_share: Share = 0.01
    max_rejected_shares: dict[str, Share] = Field(default_factory=dict)
    refers_to_rejected: Literal["keep", "set_apart"] = "keep"

    @property
    def limits(self) -> ValidationLimits:
        """The limits as the checks take them."""
        return ValidationLimits(
            fatal_share=self.max_rejected_share,
            by_register=self.max_rejected_shares,
            refers_to_rejected=self.refers_to_rejected,
        )


def read_settings(config: Mapping[str, Any]) -> RegisterSettings:
    """Read `[registers]`. Raises `UserError` for keys and registers that are not known."""
    settings = parse_section(
        RegisterSettings, config.get("registers", {}), CONFIG_NAME, "registers"
    )
    for name in settings.max_rejected_shares:
        _refuse_unknown(name)
    return settings


def read_deliveries(config: Mapping[str, Any]) -> tuple[RegisterDelivery, ...]:
    """Read every `[[register]]`. Raises `UserError` where one does not fit its contract."""
    given = config.get("register", [])
    listed = [given] if isinstance(given, Mapping) else given
    found = tuple(
        parse_section(RegisterDelivery, entry, CONFIG_NAME, f"register[{number}]")
        for number, entry in enumerate(listed, start=1)
    )
    for number, delivery in enumerate(found, start=1):
        _fits(delivery, number)
    return found


def _fits(delivery: RegisterDelivery, number: int) -> None:
    """Refuse names of registers and columns that no contract has, with the nearest that it has."""
    _refuse_unknown(delivery.register_name)
    known = CONTRACTS[delivery.register_name].names
    for key, names in (
        ("rename", delivery.rename.values()),
        ("codes", delivery.codes),
        ("constants", delivery.constants),
    ):
        for name in names:
            if name not in known:
                raise error(
                    "register_no_such_column",
                    Place(CONFIG_NAME),
                    key=f"register[{number}].{key}",
                    given=name,
                    register=delivery.register_name,
                    known=", ".join(known),
                    near=_near(name, known),
                )


def _refuse_unknown(name: str) -> None:
    if name not in CONTRACTS:
        known = tuple(CONTRACTS)
        place = Place(CONFIG_NAME)
        listed = ", ".join(known)
        raise error("register_unknown", place, given=name, known=listed, near=_near(name, known))


def _near(given: str, known: tuple[str, ...]) -> str:
    return next(iter(get_close_matches(given, known, n=1, cutoff=0)))
