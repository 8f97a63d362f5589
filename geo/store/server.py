"""Connections to a store, and what can go wrong with them, in one line each."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from beltmap.geo.errors import Fault, PlanError, fault
from beltmap.geo.store.address import Address
from beltmap.geo.store.tables import literal

if TYPE_CHECKING:
    import psycopg

PATIENCE_S: Final = 3
"""Seconds that a connection may take to come about."""

CONFLICT: Final = "BM409"
"""How the store's triggers say that a row was changed by someone else meanwhile."""

PAGE: Final = "beltmap page"
"""What connects to change a plan on the page, as the history has it."""

BY_PROXY: Final = f"{PAGE}, named by "
"""The same where a proxy says who the reader is; the header follows."""

_REFUSALS: Final = {
    "28P01": "password",
    "28000": "role",
    "3D000": "database",
    "42501": "rights",
    "25006": "replica",
}


class StoreAwayError(PlanError):
    """A store that cannot be reached, as far as one can tell for a while."""


@contextmanager
def connected(
    address: Address, *, via: str, who: str | None = None, write: bool = False
) -> Iterator["psycopg.Connection[dict[str, Any]]"]:
    """
    Connect to a store for one transaction.

    Parameters
    ----------
    address
        Of the store.
    via
        What connects, as the history of the plan will name it.
    who
        Name that a person gave, which nobody has verified.
    write
        Whether something is to be written: of several servers that the address
        names, a replica will not do.

    Yields
    ------
    connection
        Committed at the end, or rolled back if something is raised.

    Raises
    ------
    StoreAwayError
        If there is no way to the store.
    PlanError
        If the store refuses.
    """
    psycopg = driver()
    # left to the address where nothing is written
    more = {"target_session_attrs": "read-write"} if write else {}
    try:
        with psycopg.connect(
            address.server,
            **more,
            connect_timeout=PATIENCE_S,
            application_name=via,
            row_factory=psycopg.rows.dict_row,
        ) as connection:
            if who:
                connection.execute(f"set local beltmap.who = {literal(who)}")
            yield connection
    except psycopg.Error as error:
        raise _told(address, error) from None


def driver() -> Any:  # noqa: ANN401 - a module
    """Import what speaks to PostgreSQL, which comes with an extra."""
    try:
        import psycopg
        import psycopg.rows
    except ImportError as error:
        raise PlanError([fault("E_STORE_DRIVER", "beltmap[office]")]) from error
    return psycopg


def _told(address: Address, error: Any) -> PlanError:  # noqa: ANN401 - psycopg.Error
    """Word what PostgreSQL or the way to it says; a password is in no word of it."""
    psycopg = driver()
    where = str(address)
    code = error.sqlstate or _state_of(str(error))
    if code == CONFLICT:
        told = json.loads(error.diag.message_detail)
        return PlanError([conflict(**told)])
    if code in _REFUSALS:
        said = error.diag.message_primary or ""
        return PlanError(
            [fault(f"E_STORE_REFUSED.{_REFUSALS[code]}", where, said=said)]
        )
    if isinstance(error, psycopg.errors.IntegrityError):
        return PlanError([_constraint(address, error)])
    if isinstance(error, psycopg.OperationalError):
        return StoreAwayError([fault("E_STORE_AWAY", where)])
    if isinstance(error, psycopg.ProgrammingError) and not error.sqlstate:
        # the address itself; what is said of it may repeat it
        return PlanError([fault("E_STORE_ADDRESS", where)])
    said = error.diag.message_primary or type(error).__name__
    return PlanError([fault("E_STORE_SAYS", where, said=said)])


def conflict(**told: Any) -> Fault:  # noqa: ANN401 - of JSON
    """Say that two have changed one row, and which version each has."""
    where = f"{told['table']} ({told['key']})"
    return fault("E_CHANGED_MEANWHILE", where, **told)


def _state_of(said: str) -> str | None:
    """Tell why a connection was refused, where only words say so."""
    words = {
        "password authentication failed": "28P01",
        "no password supplied": "28P01",
        "authentication failed": "28000",
        "no pg_hba.conf entry": "28000",
        'role "': "28000",
        'database "': "3D000",
        "session is read-only": "25006",
    }
    return next((code for word, code in words.items() if word in said), None)


def _constraint(address: Address, error: Any) -> Fault:  # noqa: ANN401 - psycopg.Error
    told = error.diag
    row = (told.message_detail or "").partition("\n")[0]
    name = told.constraint_name or told.message_primary
    where = told.table_name or str(address)
    return fault("E_STORE_CONSTRAINT", where, rule=name, row=row)
