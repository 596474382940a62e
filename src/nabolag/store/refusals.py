"""Why `nabolag.toml` is refused, in three languages: what validators said, put in our words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from nabolag.core import LANGS, has_label, label
from nabolag.core.text import label_keys

_OURS, _KINDS, _TOML = "config_said.", "config_reason.", "toml_said."
#: What our own specifications say when they refuse, by the label that holds the words for it.
_SAID = {
    "pattern": "«{a}» is not a regular expression ({b})",
    "one_character": "one character is expected",
    "decimal_thousands": "decimal and thousands cannot be the same character",
    "one_test": "give exactly one of equals, in, not_in, matches, blank",
    "one_step": "give exactly one step in each pair of braces",
    "column_or_code": "give either column or code",
    "codes_or_lookup": "give either codes or lookup",
    "value_or_column": "give either value or column",
    "column_or_columns": "give either column or columns",
    "measure_without_code": "measure_column is given, but {a} has no code",
    "shares_added": "shares cannot be added up ({a})",
    "code_without_column": "a measure has a code, but measure_column is not given",
    "dimension_taken": "a dimension cannot be named {a}",
    "measure_twice": "two measures have the same id",
    "codes_stray": "codes are given for {a}, which is no dimension",
    "period_both": "the period stands both in period and in the column headings",
    "period_absent": "period needs value or column",
    "part_without_column": "part stands beside column",
    "bands_rising": "age bands are lowest ages, rising, the first 0",
    "limits_in_order": "unreliable_above must not be above missing_above",
    "column_or_constant": "give either column or constant, not both",
    "file_or_fetch": "give either file or fetch",
    "address_begins": "an address begins with https://",
    "geography_or_year": "give either geography or year",
    "file_or_pairs": "give either file (a table) or pairs (written by hand)",
    "pairs_need": "pairs need level and geography",
    "coordinates_need": "columns of coordinates need all of x, y and crs",
    "points_kinds": "points are schools or kindergartens",
    "members_or_file": "give either members (areas by code) or file (a drawn outline)",
    "members_level": "members are areas of another level",
    "code_spaces": "a code has no spaces",
    "file_or_names": "give either file (a code list) or names (areas by code)",
    "level_or_column": "give either level or level_column",
    "levels_absent": "level_column needs levels, which translates its words",
    "names_level": "names needs level",
    "date_quoted": "beside names, write a date without quotation marks: 2017-01-01",
    "not_dimension": "{a} is not a dimension of the source",
    "parts_absent": "give value, or both numerator and denominator",
    "everybody_stray": "everybody names {a}, which groups does not",
    "background_stray": "background names {a}, which groups does not",
    "indicators_or_preset": "give either indicators or a preset",
    "twice": "something in {a} is named twice",
    "not_period": "{a} is not a period ({b})",
    "access_within": "within are levels that areas of level lie in",
    "access_line": "a straight line needs both speed_km_h and detour",
    "development_years": "minimum_years must not be above years",
    "development_against": 'municipalities are compared with the country: against = "country"',
    "inequality_nothing": "give measures, or an indicator to look along",
    "nest_between": "nest must be a level between level and within",
    "against_own": "against never names the areas' own level",
    "regions_criteria": "criteria name something that is not in traits",
    "regions_meets": "meets is above the number of criteria",
    "regions_level": "regions are built of areas of another level than custom",
    "size_stray": "size names {a}, which is not among the indicators",
    "draws_few": "draws must be 0, or at least 99",
    "own_weight": "own_weight needs neighbours = true",
    "stability_between": "top_share must lie between lowest and highest",
    "stability_several": "several is above the number of indicators",
    "destination_way": "give either minutes (a travel-time table) or all of x, y and crs",
    "destination_places": "places have no level and no complete_to",
    "latest_within": 'period = "latest_within" and max_age of at least 1 go together',
    "level_code": "{a} is not level:code of a level that is classified",
    "because": "about_people = false needs a because",
    "contributors_groups": "contributors names {a}, which groups keeps apart",
    "contributors_where": "contributors names {a}, which where chooses from",
    "rounding_stray": 'base and seed are for method = "round"',
    "rounding_seed": 'method = "round" needs a seed, which decides what is rounded up',
    "rounding_zero": 'zero = "hide" does not go with method = "round": a 0 may be a small',
    "rounding_exempt": 'about_people = false does not go with method = "round"',
    "dominance_pair": "dominance_n and dominance_k belong together",
    "exempt_indicators": "about_people = false needs the indicators it is for",
    "index_weights": "weights must be given for every member, and for no other",
    "index_weights_below": "weights are not below 0, and not all 0",
    "index_budget": "each person's budget adds up to 100",
    "index_no_persons": "a budget needs at least one person's weights",
    "index_group_id": "two groups have the same id, or a group that of an indicator",
    "index_two_groups": "something is a member of two groups",
    "index_stray": "{a} is neither an indicator of the index nor a group",
    "index_circle": "groups are members of one another in a circle",
    "index_not_indicator": "{a} is not an indicator of the index",
    "index_known": "minimum_known is above the number of indicators",
    "index_low_high": "low must be below high",
    "index_bound": "the low bound must be below the high one",
    "index_bounds_minmax": 'bounds belong to how = "minmax"',
    "spending_model_or_column": "give either model or column",
    "spending_data_or_file": "give either data or file",
    "spending_own_name": "a model of one's own has a name",
    "spending_columns_named": "columns choose among those of a named model",
    "spending_areas_file": "analysis_areas belong to data; a file has a column of its own",
    "spending_columns_are": "columns are 1 to {a}",
    "spending_term": "terms: «{a}» is neither a variable nor a product of two",
    "spending_outcome": "terms never hold the outcome itself",
    "spending_cluster": "cluster names the groups that errors are clustered by",
    "spending_years": "years are the first and the last",
    "spending_years_twice": "year_dummies and a fixed effect of the year are the same twice",
    "spending_twice": "{a}: the same one twice",
    "spending_main": "main: no column has {a}",
    "accounts_years": "give either amount and year, or years (a column for each)",
    "grants_whole": "whole and municipality are given together",
    "grants_amount": "amount is needed where the list does not say what it counts",
    "grants_kroner_only": "thousands_of_kroner and municipal are for lists of kroner",
    "grants_place": "give area, unit or both",
    "grants_behind": "amounts about people need one of users, persons and published; others none",
    "grants_users": "users counts persons of areas; with unit, give persons",
    "need_people": "people is the column that counts are divided by, and for counts only",
    "need_counts": "counts are of criteria; sectors have indices",
    "need_criterion": "criteria need the column criterion in weights",
    "need_published": "published is for figures about people",
    "need_behind": "indices about people say who has published them",
    "index_base": "the index has no number for its base year",
    "index_above": "numbers of a price index are above 0",
    "ages_pair": "ages are written [from, to], both included",
    "ages_rising": "ages are rising numbers from 0 to {a}",
    "sexes_named": "sexes names what the source calls female and male",
    "scenario_main": "one scenario is called main",
    "ages_overlap": "age groups of a table must not overlap",
    "allowance_one_way": "give either budget or income_limit_raise",
    "allowance_nothing": "a reform changes at least one thing",
    "allowance_sizes": "sizes are numbers of persons from 1, each once",
    "norm_stages": "stages must be {a}, not {b}",
    "norm_owners": "owners must be public or private, not {a}",
    "norm_hours_needed": "hours_per_fte needs {a} and nothing else",
    "norm_hours_above": "hours_per_fte must be above 0",
    "text_lacks": "text lacks {a}: {b}",
}
_PLACEHOLDER = re.compile(r"\\\{(\w)\\\}")


def refusal(detail: Mapping[str, Any]) -> dict[str, str]:
    """Return `reason_nb`, `reason_nn` and `reason_en` for one error of a validator.

    Refusals of our own specifications are found by what they say, the validator's by their
    kind. What has no words is told as it was said.
    """
    said = str(detail["msg"]).removeprefix("Value error, ")
    key, params = _ours(said)
    kind = f"{_KINDS}{detail['type']}"
    if not key and has_label(kind):
        key, params = kind, dict(detail.get("ctx") or {})
        if "expected" in params:
            params["expected"] = str(params["expected"]).replace(" or ", ", ")
    return _in_all(key, params, said)


def toml_refusal(said: str) -> dict[str, str]:
    """Return `reason_nb`, `reason_nn` and `reason_en` for what the TOML reader said."""
    bare = re.sub(r" \(at .*\)$", "", said)
    slug = re.sub(r"[^a-z]+", "_", bare.lower())
    keys = sorted((k for k in label_keys() if k.startswith(_TOML)), key=len, reverse=True)
    key = next((k for k in keys if slug.startswith(k.removeprefix(_TOML))), "")
    return _in_all(key, {}, bare)


def _in_all(key: str, params: Mapping[str, Any], said: str) -> dict[str, str]:
    # A blank parameter makes the words be formatted, so that «{{» is written «{».
    given = {"": "", **params}
    return {f"reason_{lang}": label(key, lang, **given) if key else said for lang in LANGS}


def _ours(said: str) -> tuple[str, dict[str, str]]:
    """Return the label whose English words these are, and what stands in its placeholders."""
    for key, pattern in _patterns():
        found = pattern.fullmatch(said)
        if found:
            return key, found.groupdict()
    return "", {}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((_OURS + name, _pattern(words)) for name, words in _SAID.items())


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(_PLACEHOLDER.sub(r"(?P<\1>.*)", re.escape(words)), re.DOTALL)
