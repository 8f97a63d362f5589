"""Areas as they are shown: in the unit that the plan wants its readers to see."""

from beltmap.geo.charter.force import charter
from beltmap.geo.claims.quantities import fixed
from beltmap.geo.language.messages import text
from beltmap.geo.units import AREA_UNITS, convert


def area_unit() -> str:
    """Give the unit of the plan that is spoken of, one of `geo.units.AREA_UNITS`."""
    return charter().unit or AREA_UNITS[0]


def per_km2() -> float:
    """
    Tell how many of that unit a square kilometre has.

    Examples
    --------
    >>> per_km2()
    1.0
    """
    return convert(1.0, of="km²", to=area_unit())


def area_in_words(km2: float, *, decimals: int = 2) -> str:
    """
    Say an area.

    Examples
    --------
    >>> area_in_words(4.4)
    '4.40 km²'
    """
    amount = fixed(km2 * per_km2(), decimals)
    return text(f"unit.{area_unit()}", amount=amount)


def in_area_unit(column: str) -> str:
    """
    Head a column of areas.

    Examples
    --------
    >>> in_area_unit("Stated area")
    'Stated area (km²)'
    """
    unit = text(f"unit.name.{area_unit()}")
    return text("report.in_unit", column=column, unit=unit)
