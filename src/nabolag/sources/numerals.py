"""From the producer's text to a number or a status. No text is ever guessed into a number."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from nabolag.core import Status
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.marks import STATUS_OF_MARK, MarkMeaning

#: Space, no-break space, thin space and narrow no-break space: all are put between thousands.
_SPACE_CLASS = "[ \u00a0\u2009\u202f]"
#: Numbers that producers often write for «no number»: -99, -999, -9999.
SENTINEL = r"^-9{2,6}(?:[.,]0+)?$"


def number_pattern(options: ReadOptions) -> str:
    """Return the regular expression of a whole number text in the declared format.

    Groups of thousands must be groups of three; an exponent is allowed, for programs write it.
    """
    point = re.escape(options.decimal)
    whole = "[0-9]+"
    if options.thousands:
        sign = _SPACE_CLASS if options.thousands == " " else re.escape(options.thousands)
        whole = f"(?:[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+|[0-9]+)"
    return f"^[+\\-−]?(?:{whole}(?:{point}[0-9]+)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?$"


def read_numbers(text: pl.Expr, options: ReadOptions) -> pl.Expr:
    """Return the numbers of a column of texts; null where the text is no number."""
    clean = text.str.replace_all("−", "-", literal=True)
    if options.thousands == " ":
        clean = clean.str.replace_all(_SPACE_CLASS, "")
    elif options.thousands:
        clean = clean.str.replace_all(options.thousands, "", literal=True)
    if options.decimal == ",":
        clean = clean.str.replace_all(",", ".", literal=True)
    is_number = text.str.contains(number_pattern(options))
    number = pl.when(is_number).then(clean.str.strip_prefix("+")).cast(pl.Float64, strict=False)
    # What is too large for the machine's numbers («1e999») is no number either.
    return pl.when(number.is_finite()).then(number)


def with_figures(
    frame: pl.DataFrame, options: ReadOptions, marks: Mapping[str, MarkMeaning]
) -> pl.DataFrame:
    """Add `value`, `status` and `mark` to a frame that holds `_text` and `_mark`.

    `_text` is what stands in the value's cell, `_mark` what the producer put beside it (empty
    where there is nothing). `status` is null where neither a number nor a known mark stands:
    the caller makes errors of those. `mark` keeps the producer's own sign.
    """
    meaning = {mark: str(kind) for mark, kind in marks.items()}
    seen = pl.DataFrame(
        {"_sign": list(meaning), "_meaning": list(meaning.values())},
        schema={"_sign": pl.String, "_meaning": pl.String},
    )
    number = read_numbers(pl.col("_text"), options)
    in_cell = pl.col("_text").is_in(list(meaning)) & (pl.col("_text") != "")
    sign = (
        pl.when(in_cell)
        .then(pl.col("_text"))
        .when((pl.col("_mark") != "") | (pl.col("_text") == ""))
        .then(pl.col("_mark"))
    )
    # A number whose text is declared a mark (-999) is that mark, not a number.
    frame = frame.with_columns(pl.when(~in_cell).then(number).alias("_number"), sign.alias("_sign"))
    frame = frame.join(seen, on="_sign", how="left", maintain_order="left")
    return _settled(frame).drop("_number", "_sign", "_meaning")


def _settled(frame: pl.DataFrame) -> pl.DataFrame:
    """Let the mark's meaning decide the status, and the status whether a number may stand."""
    has_number, meaning = pl.col("_number").is_not_null(), pl.col("_meaning")
    unknown_text = (pl.col("_text") != "") & ~has_number & (pl.col("_sign") != pl.col("_text"))
    unmarked = pl.col("_sign").is_null()
    status = (
        pl.when(unmarked & has_number)
        .then(pl.lit(Status.VALUE.value))
        .when(unmarked | meaning.is_null() | unknown_text.fill_null(value=True))
        .then(pl.lit(None, pl.String))
        .when(meaning.is_in(["value", "unreliable"]) & ~has_number)
        .then(pl.lit(Status.MISSING.value))
        .otherwise(meaning.replace_strict(_STATUS_NAMES, return_dtype=pl.String, default=None))
    )
    frame = frame.with_columns(status.alias("status"))
    zero = (meaning == "zero") & ~has_number
    return frame.with_columns(
        pl.when(pl.col("status").is_in(_NUMBERED))
        .then(pl.when(zero).then(0.0).otherwise(pl.col("_number")))
        .alias("value"),
        pl.col("_sign").fill_null("").alias("mark"),
    )


_STATUS_NAMES = {name: status.value for name, status in STATUS_OF_MARK.items()}
_NUMBERED = [Status.VALUE.value, Status.UNRELIABLE.value]


def trouble_with(text: str, options: ReadOptions) -> str:
    """Return the finding code that best tells why a text is not a number here."""
    if re.fullmatch(r"[+\-−]?[0-9]+[.,][0-9]+", text) and options.decimal not in text:
        return "source_decimal_other"
    if not options.thousands and re.fullmatch(
        rf"[+\-−]?[0-9]{{1,3}}({_SPACE_CLASS}[0-9]{{3}})+([.,][0-9]+)?", text
    ):
        return "source_thousands_undeclared"
    if not any(letter.isalnum() for letter in text):
        return "source_mark_undeclared"
    return "source_not_number"


def ambiguous(text: pl.Expr, options: ReadOptions) -> pl.Expr:
    """Return true where a decimal could as well be a group of thousands («12.500»)."""
    return text.str.contains(f"^[+\\-−]?[1-9][0-9]{{0,2}}{re.escape(options.decimal)}[0-9]{{3}}$")


def grouped(number: float, decimal: str = ".") -> str:
    """Write a number with spaces between thousands and at most three decimals."""
    text = f"{number:,.3f}".replace(",", "\u202f").rstrip("0").rstrip(".")
    return text.replace(".", decimal) or "0"


def hundredths(text: pl.Expr, options: ReadOptions) -> pl.Expr:
    """Return numbers in whole hundredths (kroner in øre), exactly; null for what is no number."""
    point = re.escape(options.decimal)
    clean = text.str.strip_chars().str.replace_all("−", "-", literal=True)
    if options.thousands == " ":
        clean = clean.str.replace_all(r"[\s\u00a0\u2009\u202f]", "")
    elif options.thousands:
        clean = clean.str.replace_all(options.thousands, "", literal=True)
    bare = text.str.strip_chars()
    sound = bare.str.contains(number_pattern(options)) & ~bare.str.contains("[eE]")
    whole = clean.str.extract(rf"^[+-]?(\d*)(?:{point}\d{{0,2}}0*)?$", 1)
    part = clean.str.extract(rf"{point}(\d{{0,2}})0*$", 1).fill_null("").str.pad_end(2, "0")
    number = whole.str.pad_start(1, "0").cast(pl.Int64, strict=False) * 100
    number = number + part.cast(pl.Int64, strict=False)
    signed = pl.when(clean.str.starts_with("-")).then(-number).otherwise(number)
    return pl.when(sound & whole.is_not_null()).then(signed)
