"""The plan view's tables: figures with their words and where they come from."""

from typing import Final

import pandas as pd

from geo.claims.chapters import leading_city
from geo.language.labels import sector_labels
from geo.language.messages import text
from geo.language.wording import Name
from geo.plan import Plan
from geo.policy.comparison import comparison
from geo.policy.priorities import priorities, priority_matrix
from geo.policy.progress import progress
from geo.policy.statements import statements
from geo.schema import SEPARATOR
from layers.ledger import zone_labels

ORIGIN: Final = ("year", "source", "place", "method", "note", "claim")
"""Columns that lead from a figure to its source."""

MOST_ZONES: Final = 40
"""Zones that fit into the matrix of priorities; those that serve none go first."""


def progress_told(plan: Plan) -> pd.DataFrame:
    """
    Put the way to the goals into words.

    Parameters
    ----------
    plan
        The plan, whose leading city is told of.

    Returns
    -------
    told
        As `geo.policy.progress.progress`, with ``label``, the indicator; ``step``,
        the base year, the goal with its year in words, or what was measured;
        ``said``, the figure as claimed; and the columns `ORIGIN`, in which
        ``year`` is in words and ``when`` keeps the number. Also ``subject``.
    """
    way = progress(plan.claims, city=leading_city(plan.claims))
    told = _told(plan, way)
    money = way.groupby("attribute")["measure"].transform("nunique") > 1
    names = [_capital(Name("attribute", code).say()) for code in way["attribute"]]
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
            year=row["year"] if row["role"] == "goal" else row["when"],
        )
        for row in told.to_dict("records")
    ]
    return told.assign(label=labels, step=steps, percent=(way["share"] * 100).round(1))


def comparison_told(plan: Plan) -> pd.DataFrame:
    """
    Put two cities side by side in words.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    told
        As `geo.policy.comparison.comparison`, with ``label``, the indicator;
        ``series``, whose figure it is; ``said``; and the columns `ORIGIN`.
    """
    pairs = comparison(plan.claims)
    told = _told(plan, pairs)
    labels = [text(f"indicator.{code}") for code in pairs["indicator"]]
    return told.assign(label=labels, series=told["subject"])


def priorities_told(plan: Plan) -> pd.DataFrame:
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
        or that there is none; ``served``, their number; ``source``,
        ``place`` and ``claim``.
    """
    rows = priorities(plan.zones, plan.claims)
    names = dict(zip(plan.zones["id"], zone_labels(plan.zones), strict=True))
    said = statements(plan).drop_duplicates("claim").set_index("claim")
    first = said.reindex([claims[0] for claims in rows["claims"]])
    return pd.DataFrame(
        {
            "priority": rows["priority"],
            "title": [_capital(plan.say(title)) for title in rows["title"]],
            "sectors": [
                sector_labels(plan.sectors, SEPARATOR.join(codes))
                for codes in rows["sectors"]
            ],
            "zones": [
                text("list.comma").join(names[zone] for zone in zones)
                or text("plan.no_zone")
                for zones in rows["zones"]
            ],
            "served": [len(zones) for zones in rows["zones"]],
            "source": first["source"].to_numpy(),
            "place": first["place"].to_numpy(),
            "claim": [", ".join(claims) for claims in rows["claims"]],
        }
    )


def matrix_told(plan: Plan) -> pd.DataFrame:
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
        they share in words, and ``state``, one of "served", "empty" and
        "none". A first column of cells, named for it, holds the state "none"
        where no zone serves the priority. At most `MOST_ZONES` zones.
    """
    matrix = priority_matrix(plan.zones, plan.claims)
    serving = (matrix != "").sum().sort_values(ascending=False, kind="stable")
    kept = [zone for zone in matrix.columns if zone in serving.index[:MOST_ZONES]]
    names = dict(zip(plan.zones["id"], zone_labels(plan.zones), strict=True))
    rows = []
    for told in priorities_told(plan).to_dict("records"):
        head = {"priority": told["priority"], "title": told["title"]}
        unserved = "empty" if told["served"] else "none"
        nobody = {"zone": text("plan.no_zone"), "sectors": "", "state": unserved}
        rows.append(head | nobody)
        for zone in kept:
            codes = matrix.loc[told["priority"], zone]
            shared = sector_labels(plan.sectors, str(codes))
            state = "served" if codes else "empty"
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
        As `progress_told` gives it.

    Returns
    -------
    sentences
        One for each indicator that was measured, but has no goal in the same
        unit or currency.
    """
    apart = told[(told["role"] == "outcome") & told["share"].isna()]
    sentences = []
    for attribute, rows in apart.groupby("attribute", sort=False):
        figures = text("list.separator").join(
            text("plan.figure_of", figure=figure, year=year)
            for figure, year in zip(rows["said"], rows["year"], strict=True)
        )
        aims = told[(told["attribute"] == attribute) & (told["role"] == "goal")]
        reason = "other_unit" if len(aims) else "no_goal"
        name = _capital(Name("attribute", str(attribute)).say())
        sentences.append(
            text(f"plan.not_compared.{reason}", indicator=name, figures=figures)
        )
    return sentences


def headed(told: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """
    Choose columns and head them in words, for reading and downloading.

    Parameters
    ----------
    told
        Any table of this module, or `geo.policy.statements.statements`.
    columns
        Codes of the columns wanted, those that it lacks left out.

    Returns
    -------
    table
        The columns in this order, headed in words.
    """
    kept = [name for name in columns if name in told.columns]
    heads = {name: text(f"plan.column.{name}") for name in kept}
    return told[kept].rename(columns=heads)


def _told(plan: Plan, figures: pd.DataFrame) -> pd.DataFrame:
    """Add to figures the words of their claims; `when` keeps the year's number."""
    said = statements(plan, plan.claims[plan.claims["id"].isin(figures["claim"])])
    words = said.set_index("claim").reindex(figures["claim"]).reset_index()
    kept = ["subject", "said", "year", "source", "place", "method", "note"]
    return figures.rename(columns={"year": "when"}).assign(
        **{name: words[name] for name in kept}
    )


def currency_words(measure: str) -> str:
    """Say which money a measure is."""
    return Name("currency", measure).say()


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
