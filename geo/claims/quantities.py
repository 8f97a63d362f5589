"""Numbers with their units, as a reader is told them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from babel.numbers import format_compact_decimal, format_decimal

from beltmap.geo.language.messages import spoken, text
from beltmap.geo.language.wording import Listing
from beltmap.geo.schema import SEPARATOR
from beltmap.geo.units import CURRENCIES, UNITS, UNSTATED_CURRENCY, spoken_unit

MONEY: Final = (*CURRENCIES, UNSTATED_CURRENCY)


@dataclass(frozen=True)
class Quantity:
    """
    A number with its measure.

    Parameters
    ----------
    value
        Quantity in base units of the measure.
    measure
        What is measured, as in `geo.units.Unit`.
    qualifier
        One of `geo.claims.faults.QUALIFIERS`.
    most
        Where a range ends, in base units; used for ranges only.
    """

    value: float
    measure: str
    qualifier: str = "exact"
    most: float = math.nan

    def say(self) -> str:
        """
        Give the quantity in the unit in which people speak of it.

        Returns
        -------
        words
            Number and unit.

        Examples
        --------
        >>> Quantity(1.35e9, "USD").say()
        '1.35 billion USD'
        >>> Quantity(244_000, "count").say()
        '244,000'
        >>> Quantity(30, "count", "more than").say()
        'more than 30'
        """
        unit = spoken_unit(self.value, measure=self.measure)
        factor = UNITS[unit].factor
        return _qualified(
            self.value / factor,
            unit,
            qualifier=self.qualifier,
            most=self.most / factor,
        )


def in_unit(value: float, unit: str) -> str:
    """
    Say a number with its unit.

    Parameters
    ----------
    value
        Number in that unit.
    unit
        Name of a unit in `geo.units.UNITS`.

    Returns
    -------
    words
        The number to four digits, more where it is a thousand or larger.

    Examples
    --------
    >>> in_unit(40.0, "km²")
    '40 km²'
    >>> in_unit(300_000, "m²")
    '300,000 m²'
    """
    if spoken() == "zh" and UNITS[unit].measure in MONEY:
        # Chinese counts money in 万 and 亿, which the number itself says
        value *= UNITS[unit].factor
    amount = number(value)
    return text(f"unit.{unit}", amount=amount)


def number(value: float) -> str:
    """
    Write a number for a reader.

    Parameters
    ----------
    value
        Any finite number.

    Returns
    -------
    words
        Four digits without trailing zeros; whole, with commas, from a
        thousand; in Chinese without commas, and by 万 and 亿 from ten thousand.

    Examples
    --------
    >>> number(59.4), number(0.188), number(240_000), number(33.75)
    ('59.4', '0.188', '240,000', '33.75')
    >>> from beltmap.geo.language.messages import speaking
    >>> with speaking("zh"):
    ...     [number(value) for value in (1500, 244_000, 1.35e9)]
    ['1500', '24.4万', '13.5亿']
    """
    locale = spoken()
    if locale == "zh" and abs(value) >= 10_000:  # noqa: PLR2004 - 万
        return str(format_compact_decimal(value, locale=locale, fraction_digits=4))
    whole = abs(value) >= 1000  # noqa: PLR2004 - from here on four digits are whole
    shown = f"{value:.0f}" if whole else f"{value:.4g}"
    # Chinese sets no thousands apart below 万
    pattern = "0.######" if locale == "zh" else "#,##0.######"
    return str(format_decimal(Decimal(shown), format=pattern, locale=locale))


def as_certain(value: float, off_by: float) -> float:
    """
    Round a number to the digits that its certainty bears.

    Parameters
    ----------
    value
        Any finite number.
    off_by
        How far off it may be; exact, if 0.

    Returns
    -------
    rounded
        To the first digit of `off_by`, but with one digit of its own at least.

    Examples
    --------
    >>> as_certain(3127.4, 150), as_certain(3127.4, 24_000), as_certain(3127.4, 0)
    (3100.0, 3000.0, 3127.4)
    """
    if not off_by or not value:
        return value
    place = min(math.floor(math.log10(abs(one))) for one in (off_by, value))
    return float(round(value, -place))


def fixed(value: float, places: int = 1) -> str:
    """
    Write a number with a given number of decimals, as in a table.

    Parameters
    ----------
    value
        Any finite number.
    places
        Decimals, zeros included.

    Returns
    -------
    words
        The number with thousands set apart.

    Examples
    --------
    >>> fixed(1234.5, 2), fixed(12, 0)
    ('1,234.50', '12')
    """
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, format=pattern, locale=spoken()))


def claim_words(claim: Mapping[str, object]) -> str:
    """
    Say what a claim claims, with its qualifier and in its own unit.

    Parameters
    ----------
    claim
        One row of the claims, as a dict.

    Returns
    -------
    words
        The figure, or the claim's text with its values in a row.

    Examples
    --------
    >>> bases = {"text": None, "value": 3, "value_max": 5, "unit": "count"}
    >>> claim_words(bases | {"qualifier": "range"})
    '3 to 5'
    >>> claim_words({"text": "Japan;South Korea"})
    'Japan, South Korea'
    """
    if claim["text"] is not None:
        return Listing(tuple(str(claim["text"]).split(SEPARATOR))).say()
    return _qualified(
        float(str(claim["value"])),
        str(claim["unit"]),
        qualifier=str(claim["qualifier"]),
        most=float(str(claim["value_max"])),
    )


def _qualified(value: float, unit: str, *, qualifier: str, most: float) -> str:
    amount = in_unit(value, unit)
    values = {"amount": amount}
    if qualifier == "range":
        largest = in_unit(most, unit)
        values = {"least": number(value), "most": largest}
    key = qualifier.replace(" ", "_")
    return text(f"qualifier.{key}", **values)
