"""The plan view's tables: figures with their words and where they come from."""

from typing import Final

import pandas as pd

from beltmap.geo.audit.comparison import comparison
from beltmap.geo.audit.priorities import named_matrix, priorities, priority_matrix
from beltmap.geo.audit.progress import progress
from beltmap.geo.charter.force import chartered
from beltmap.geo.claims.chapters import leading_city
from beltmap.geo.claims.faults import YEAR_BASES
from beltmap.geo.language.labels import sector_labels
from beltmap.geo.language.messages import text
from beltmap.geo.language.wording import Name, capital, in_a_row
from beltmap.geo.plan.plan import Plan
from beltmap.geo.report.areas import zone_labels
from beltmap.geo.report.statements import statements, year_words
from beltmap.geo.schema import SEPARATOR

ORIGIN: Final = (
    "counts",
    "year",
    "source",
    "place",
    "method",
    "rests_on",
    "note",
    "claim",
)
"""Columns that lead from a figure to its source."""

MOST_ZONES: Final = 40
"""Zones that fit into the matrix of priorities; those that serve none go first."""


@chartered
def progress_in_words(plan: Plan) -> pd.DataFrame:
    """
    Put the way to the goals into words.

    Parameters
    ----------
    plan
        The plan, whose leading city is told of.

    Returns
    -------
    told
        As `geo.audit.progress.progress`, with ``label``, the indicator; ``step``,
        the base year, the goal with its year in words, or what was measured;
        ``said``, the figure as claimed; and the columns `ORIGIN`, in which
        ``year`` is in words and ``when`` keeps the number. Also ``subject``.
    """
    way = progress(plan.claims, city=leading_city(plan.claims))
    told = _in_words(plan, way)
    bases = _horizon_bases(way)
    money = way.groupby("attribute")["measure"].transform("nunique") > 1
    names = [capital(Name("attribute", code).say()) for code in way["attribute"]]
    labels = [
        text("plan.in_currency", indicator=name, currency=currency_words(measure))
        if several
        else name
        for name, measure, several in zip(names, way["measure"], money, strict=True)
    ]
    steps = [
        text(
            f"plan.step.{row['role']}",
            horizon=row["horizon"],
            year=year_words({"year": row["when"], "year_basis": bases[row["horizon"]]})
            if row["role"] == "goal"
            else row["when"],
        )
        for row in told.to_dict("records")
    ]
    return told.assign(label=labels, step=steps, percent=(way["share"] * 100).round(1))


def _horizon_bases(way: pd.DataFrame) -> dict[int, str | None]:
    """Give the year of each horizon the basis of its weakest goal, and if it is all."""
    order = [None, *reversed(YEAR_BASES)]
    goals = way[way["role"] == "goal"]
    bases = {}
    for horizon, rows in goals.groupby("horizon"):
        weakest = min(rows["year_basis"], key=order.index)
        partly = weakest == "inferred" and len(set(rows["year_basis"])) > 1
        bases[int(str(horizon))] = "partly inferred" if partly else weakest
    return bases


@chartered
def comparison_in_words(plan: Plan) -> pd.DataFrame:
    """
    Put two cities side by side in words.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    told
        As `geo.audit.comparison.comparison`, with ``label``, the indicator;
        ``series``, whose figure it is; ``said``; and the columns `ORIGIN`.
    """
    pairs = comparison(plan.claims)
    told = _in_words(plan, pairs)
    labels = [text(f"indicator.{code}") for code in pairs["indicator"]]
    return told.assign(label=labels, series=told["subject"])


@chartered
def priorities_in_words(plan: Plan) -> pd.DataFrame:
    """
    Put the priorities and the zones that serve them into words.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    told
        One row a priority in the plan's order: ``priority``, its subject;
        ``title``; ``sectors``; ``zones``, the names of those that serve it,
        or that there is none; ``named``, those whose focus names it; ``served``,
        the number of those that serve it; ``source``,
        ``place`` and ``claim``.
    """
    rows = priorities(plan.zones, plan.claims, sectors=plan.sectors)
    names = dict(zip(plan.zones["id"], zone_labels(plan.zones), strict=True))
    said = statements(plan).drop_duplicates("claim").set_index("claim")
    first = said.reindex([claims[0] for claims in rows["claims"]])
    return pd.DataFrame(
        {
            "priority": rows["priority"],
            "title": [capital(plan.say(title)) for title in rows["title"]],
            "sectors": [
                sector_labels(plan.sectors, SEPARATOR.join(codes))
                for codes in rows["sectors"]
            ],
            "zones": [
                in_a_row(names[zone] for zone in zones) or text("plan.no_zone")
                for zones in rows["zones"]
            ],
            "named": [
                in_a_row(names[zone] for zone in zones) or text("plan.no_focus")
                for zones in rows["named"]
            ],
            "served": [len(zones) for zones in rows["zones"]],
            "source": first["source"].to_numpy(),
            "place": first["place"].to_numpy(),
            "claim": [", ".join(claims) for claims in rows["claims"]],
        }
    )


@chartered
def matrix_in_words(plan: Plan) -> pd.DataFrame:
    """
    List the cells of the matrix of priorities and zones.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    cells
        One row a cell: ``priority``, ``title``, ``zone``, the ``sectors``
        they share in words, and ``state``, one of "served", where the focus of
        the zone names the priority, "general", where only a general code or
        the zone's name leads to it, "empty" and "none". A first column of
        cells, named for it, holds the state "none" where no zone serves the
        priority. At most `MOST_ZONES` zones.
    """
    matrix = priority_matrix(plan.zones, plan.claims)
    named = named_matrix(plan.zones, plan.claims, sectors=plan.sectors)
    serving = (matrix != "").sum().sort_values(ascending=False, kind="stable")
    kept = [zone for zone in matrix.columns if zone in serving.index[:MOST_ZONES]]
    names = dict(zip(plan.zones["id"], zone_labels(plan.zones), strict=True))
    rows = []
    for told in priorities_in_words(plan).to_dict("records"):
        head = {"priority": told["priority"], "title": told["title"]}
        unserved = "empty" if told["served"] else "none"
        nobody = {"zone": text("plan.no_zone"), "sectors": "", "state": unserved}
        rows.append(head | nobody)
        for zone in kept:
            codes = matrix.loc[told["priority"], zone]
            shared = sector_labels(plan.sectors, str(codes))
            state = "general" if codes else "empty"
            state = "served" if named.loc[told["priority"], zone] else state
            cell = {"zone": names[zone], "sectors": shared, "state": state}
            rows.append(head | cell)
    columns = ["priority", "title", "zone", "sectors", "state"]
    return pd.DataFrame(rows, columns=columns)


def not_compared(told: pd.DataFrame) -> list[str]:
    """
    Say which outcomes no goal can be compared with, and why.

    Parameters
    ----------
    told
        As `progress_in_words` gives it.

    Returns
    -------
    sentences
        One for each indicator that was measured, but has no goal in the same
        unit or currency.
    """
    apart = told[(told["role"] == "outcome") & told["share"].isna()]
    sentences = []
    for attribute, rows in apart.groupby("attribute", sort=False):
        figures = in_a_row(
            text("plan.figure_of", figure=figure, year=year)
            for figure, year in zip(rows["said"], rows["year"], strict=True)
        )
        aims = told[(told["attribute"] == attribute) & (told["role"] == "goal")]
        reason = "other_unit" if len(aims) else "no_goal"
        name = capital(Name("attribute", str(attribute)).say())
        sentences.append(
            text(f"plan.not_compared.{reason}", indicator=name, figures=figures)
        )
    return sentences


def _in_words(plan: Plan, figures: pd.DataFrame) -> pd.DataFrame:
    """Add to figures the words of their claims; ``when`` keeps the year's number."""
    said = statements(plan, plan.claims[plan.claims["id"].isin(figures["claim"])])
    words = said.set_index("claim").reindex(figures["claim"]).reset_index()
    kept = [
        "subject",
        "said",
        "counts",
        "year",
        "source",
        "place",
        "method",
        "rests_on",
        "note",
    ]
    return figures.rename(columns={"year": "when"}).assign(
        **{name: words[name] for name in kept}
    )


def currency_words(measure: str) -> str:
    """Say which money a measure is."""
    return Name("currency", measure).say()
