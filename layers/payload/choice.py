"""What the browser filters zones by: bits a value, areas, words."""

import base64
from typing import Final

import numpy as np
import orjson

from beltmap.geo.query.matches import Index, Memberships

MOST_BYTES: Final = 2 * 2**20
"""Bits of all values up to which the browser gets them."""


def choice_payload(index: Index) -> bytes | None:
    """
    Write what the browser filters zones by.

    Parameters
    ----------
    index
        Zones made ready by `geo.query.matches.index_zones`.

    Returns
    -------
    payload
        JSON: number of ``rows``; ``facets``, of each the ``values`` and for each
        value the ``bits`` of the rows that have it, as of `numpy.packbits` in
        base64; ``area`` in square kilometres, null where there is none; ``words``,
        folded. None where they are too many to be sent: there the server filters.
    """
    rows = len(index.area_km2)
    values = sum(len(members.values) for members in index.facets.values())
    if values * (rows // 8 + 1) > MOST_BYTES:
        return None
    area = index.area_km2
    content = {
        "rows": rows,
        "facets": {
            name: {"values": members.values, "bits": _bits(members, rows)}
            for name, members in index.facets.items()
        },
        # orjson writes what is not a number as null
        "area": area.tolist(),
        "words": index.words.tolist(),
    }
    return orjson.dumps(content)


def _bits(members: Memberships, rows: int) -> list[str]:
    """Write the rows of each value as bits."""
    found = np.zeros((len(members.values), rows), bool)
    found[members.codes, members.rows] = True
    return [base64.b64encode(bits).decode() for bits in np.packbits(found, axis=1)]
