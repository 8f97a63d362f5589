"""How many cases a test by chance runs: a fixed few in the gate, many in `deep`."""

from hypothesis import settings

MANY = 50
GATE, DEEP = "gate", "deep"

# a slow machine is no fault of the code, and no run of the gate differs from another
settings.register_profile(GATE, deadline=None, database=None, derandomize=True)
settings.register_profile(
    DEEP,
    deadline=None,
    database=None,
    derandomize=False,
    max_examples=2000,
    print_blob=True,
)


def cases(gate, **others):
    """
    Give the settings of a test that runs so many cases in the gate.

    There they are the same ones every time; in `deep` there are `MANY` times
    as many, drawn by the seed that its first line prints.
    """
    deep = settings.get_current_profile_name() == DEEP
    return settings(max_examples=gate * MANY if deep else gate, **others)
