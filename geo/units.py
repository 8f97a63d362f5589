"""Units of the claims and one table that converts between them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Unit:
    """
    What a unit measures and how much of it.

    Parameters
    ----------
    measure
        What is measured: area, length, money of one currency and so on. Only
        figures of one measure can be compared.
    factor
        Base units in one of this unit, such as 1e6 (m²) in a km².
    """

    measure: str
    factor: float


UNSTATED_CURRENCY: Final = "currency not stated"
CURRENCIES: Final = ("CNY", "USD")

UNITS: Final = {
    "km²": Unit("area", 1e6),
    "ha": Unit("area", 1e4),
    "mu": Unit("area", 1e4 / 15),
    "10,000 mu": Unit("area", 1e8 / 15),
    "m²": Unit("area", 1.0),
    "km": Unit("length", 1e3),
    "m": Unit("length", 1.0),
    "count": Unit("count", 1.0),
    "%": Unit("share", 0.01),
    "year": Unit("time", 1.0),
    "CNY": Unit("CNY", 1.0),
    "million CNY": Unit("CNY", 1e6),
    "billion CNY": Unit("CNY", 1e9),
    "USD": Unit("USD", 1.0),
    "million USD": Unit("USD", 1e6),
    "billion USD": Unit("USD", 1e9),
    "million (currency not stated)": Unit(UNSTATED_CURRENCY, 1e6),
    "billion (currency not stated)": Unit(UNSTATED_CURRENCY, 1e9),
}
"""Every unit a claim may have; a mu (亩) is a fifteenth of a hectare."""

AREA_UNITS: Final = ("km²", "ha", "mu")
"""Units in which areas are shown, at the reader's choice."""

GIVEN_AREA_UNITS: Final = (*AREA_UNITS, "m²", "10,000 mu")
"""Units in which a file may give areas; all of them measure area."""

_TYPED: Final = {"km2": "km²", "m2": "m²", "亩": "mu", "万亩": "10,000 mu"}


def area_unit(name: str) -> str | None:
    """
    Find the unit of area that a person names.

    Parameters
    ----------
    name
        One of `GIVEN_AREA_UNITS`, or as it is typed without a raised two.

    Returns
    -------
    unit
        One of `GIVEN_AREA_UNITS`; None if no unit of area is called so.

    Examples
    --------
    >>> area_unit("km2"), area_unit("mu"), area_unit("CNY"), area_unit("km")
    ('km²', 'mu', None, None)
    """
    unit = _TYPED.get(name, name)
    return unit if unit in GIVEN_AREA_UNITS else None


_SPOKEN: Final = {
    "area": ("m²", "km²"),
    "length": ("m", "km"),
    "share": ("%",),
    "time": ("year",),
    "count": ("count",),
    "CNY": ("CNY", "million CNY", "billion CNY"),
    "USD": ("USD", "million USD", "billion USD"),
    UNSTATED_CURRENCY: (
        "million (currency not stated)",
        "billion (currency not stated)",
    ),
}
"""Units in which a quantity of each measure is spoken of, smallest first."""


def spoken_unit(value: float, *, measure: str) -> str:
    """
    Choose the unit in which people would give a quantity.

    Parameters
    ----------
    value
        Quantity in base units of the measure.
    measure
        What is measured, as in `Unit`.

    Returns
    -------
    unit
        Name of the largest usual unit of which there is at least one, or a
        hundredth of one for areas; else the smallest.

    Examples
    --------
    >>> spoken_unit(1.35e9, measure="USD")
    'billion USD'
    >>> spoken_unit(188_000, measure="area")
    'km²'
    """
    least = 0.01 if measure == "area" else 1.0
    smallest, *larger = _SPOKEN[measure]
    fits = [unit for unit in larger if abs(value) >= least * UNITS[unit].factor]
    return fits[-1] if fits else smallest


def convert(value: float, *, of: str, to: str) -> float:
    """
    Express a figure in another unit of the same measure.

    Parameters
    ----------
    value
        Figure in the unit `of`.
    of, to
        Names of units in `UNITS`.

    Returns
    -------
    converted
        The same quantity in the unit `to`.

    Raises
    ------
    ValueError
        If the units measure different things.

    Examples
    --------
    >>> convert(4.4, of="km²", to="mu")
    6600.0
    >>> round(convert(282, of="mu", to="km²"), 6)
    0.188
    """
    if UNITS[of].measure != UNITS[to].measure:
        raise ValueError(f"{of} and {to} measure different things")
    return value * UNITS[of].factor / UNITS[to].factor
