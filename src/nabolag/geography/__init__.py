"""Areas: code lists, hierarchy, shapes; do the figures fit them, and what do they add up to."""

from nabolag.geography.build import build_register
from nabolag.geography.catchment_files import (
    CatchmentsRead,
    CatchmentsSpec,
    checked_catchments,
    read_catchments,
)
from nabolag.geography.catchments import Catchments, catchments_of
from nabolag.geography.contiguity import contiguity
from nabolag.geography.custom import (
    CustomArea,
    CustomAreaSpec,
    custom_areas,
    drawn,
    listed,
    parts_of,
    read_outline,
    sets_of,
    with_custom,
)
from nabolag.geography.expected import Accounted, account_for
from nabolag.geography.focus import focused, smaller_elsewhere
from nabolag.geography.lists import AreaListRead, read_area_list
from nabolag.geography.matching import match
from nabolag.geography.placing import PlacedPoints, place_everywhere, with_areas
from nabolag.geography.point_files import PointsRead, read_kept_points, read_points
from nabolag.geography.point_spec import PointsSpec
from nabolag.geography.points import Placed, place_points
from nabolag.geography.register import AreaRegister, ancestors_of, apart, empty_register
from nabolag.geography.rollup import roll_up, unlinked
from nabolag.geography.spec import AreaListSpec, Reclassify

__all__ = [
    "Accounted",
    "AreaListRead",
    "AreaListSpec",
    "AreaRegister",
    "Catchments",
    "CatchmentsRead",
    "CatchmentsSpec",
    "CustomArea",
    "CustomAreaSpec",
    "Placed",
    "PlacedPoints",
    "PointsRead",
    "PointsSpec",
    "Reclassify",
    "account_for",
    "ancestors_of",
    "apart",
    "build_register",
    "catchments_of",
    "checked_catchments",
    "contiguity",
    "custom_areas",
    "drawn",
    "empty_register",
    "focused",
    "listed",
    "match",
    "parts_of",
    "place_everywhere",
    "place_points",
    "read_area_list",
    "read_catchments",
    "read_kept_points",
    "read_outline",
    "read_points",
    "roll_up",
    "sets_of",
    "smaller_elsewhere",
    "unlinked",
    "with_areas",
    "with_custom",
]
