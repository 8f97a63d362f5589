"""Charters of plans that are open together, merged into one."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from beltmap.geo.charter.charter import Charter, Difference, Structure, Words
from beltmap.geo.language.messages import LANGUAGES, catalogue

T = TypeVar("T")


def merged(charters: Mapping[str, Charter], *, head: Charter | None = None) -> Charter:
    """
    Merge what several plans say of themselves.

    Parameters
    ----------
    charters
        Of each plan by its name, in the order in which they are shown.
    head
        What is said of all of them together, which comes before what each says.

    Returns
    -------
    charter
        Kinds, cities, statuses, sectors and words of all; where two plans say
        something different of one code, the first is followed, and the charter's
        ``differences`` tell it. A structure that two plans have is counted in each
        by itself, and named with its plan. Titles stand one after the other; an
        author or a licence that not all have is said with the plan that has it.
    """
    apart = {
        name: replace(one, structures=tuple(own_structures(name, charters).values()))
        for name, one in charters.items()
    }
    every = [*([head] if head else []), *apart.values()]
    plans = [one for one in every if one is not head]
    found: list[Difference] = [d for one in plans for d in one.differences]

    def joined(of: Callable[[Charter], Mapping[str, T]]) -> dict[str, T]:
        return first_of(
            {name: of(one) for name, one in apart.items()},
            head=of(head) if head else {},
            found=found,
        )

    def said(of: Callable[[Charter], Words]) -> Words:
        if head and of(head) != Words("", ""):
            return of(head)
        return _in_a_row([of(one) for one in plans])

    def owned(of: Callable[[Charter], Words]) -> Words:
        """Say whose it is: what one plan says of itself is true of no other."""
        if head and of(head) != Words("", ""):
            return of(head)
        each = {name: of(one) for name, one in apart.items()}
        if len(set(each.values())) == 1:
            return next(iter(each.values()))
        own = [
            Words(*(f"{said} ({name})" for said in (words.en, words.zh)))
            for name, words in each.items()
            if words != Words("", "")
        ]
        return _in_a_row(own)

    def chosen(of: Callable[[Charter], T]) -> T:
        return next((of(one) for one in every if of(one)), of(every[0]))

    # a plan that does not choose shows all of its own, and so do all together
    chooses = all(one.columns is not None for one in plans)
    shown = joined(lambda one: one.columns or {}) if chooses else None
    # one kind may stand in files of two names, which says nothing of the kind
    kinds = joined(lambda one: {k.code: replace(k, file="") for k in one.kinds})
    files = {k.code: k.file for one in reversed(every) for k in one.kinds}
    structures = [each for one in every for each in one.structures]
    return Charter(
        title=said(lambda one: one.title),
        subtitle=_subtitle(plans, head),
        kinds=tuple(replace(kind, file=files[code]) for code, kind in kinds.items()),
        statuses=joined(lambda one: one.statuses),
        structures=tuple({each.code: each for each in structures}.values()),
        cities=tuple(joined(lambda one: {c.code: c for c in one.cities}).values()),
        sectors=tuple(joined(lambda one: {s.code: s for s in one.sectors}).values()),
        licence=owned(lambda one: one.licence),
        author=owned(lambda one: one.author),
        date=(head.date if head else None) or _same(plans, "date"),
        version=(head.version if head else None) or _same(plans, "version"),
        feedback=(head.feedback if head else None) or _same(plans, "feedback"),
        unit=chosen(lambda one: one.unit),
        views=chosen(lambda one: one.views),
        other_colour=every[0].other_colour,
        basemap=chosen(lambda one: one.basemap),
        words=joined(lambda one: one.words),
        columns=shown,
        plans=head.plans if head else (),
        differences=tuple(dict.fromkeys(found)),
    )


def own_structures(name: str, charters: Mapping[str, Charter]) -> dict[str, Structure]:
    """
    Give the structures of a plan as they are called among others.

    Parameters
    ----------
    name
        Name of the plan.
    charters
        Of each plan by its name.

    Returns
    -------
    structures
        By the code that the plan itself has: one that another plan has as well is
        called with its plan, since its zones are counted in its own plan.
    """
    codes = Counter(s.code for one in charters.values() for s in one.structures)
    return {
        each.code: each
        if codes[each.code] == 1
        else replace(each, code=of_plan(each.code, name), name=_of(each.name, name))
        for each in charters[name].structures
    }


def of_plan(code: str, plan: str) -> str:
    """
    Call something with its plan that another plan has as well.

    Examples
    --------
    >>> of_plan("park-1", "north")
    'park-1 (north)'
    """
    # these two join several codes in one cell, and a source with a place in it
    return f"{code} ({re.sub('[;,]', '_', plan)})"


def first_of(
    given: Mapping[str, Mapping[str, T]],
    *,
    head: Mapping[str, T],
    found: list[Difference],
) -> dict[str, T]:
    """
    Join what several plans say by code, the first before the others.

    Parameters
    ----------
    given
        What each plan says, by its name.
    head
        What comes before all of them.
    found
        Where to note what a plan says differently from the one that is followed.

    Returns
    -------
    joined
        What is followed, by code.
    """
    joined, owners = dict(head), dict.fromkeys(head, "")
    for name, said in given.items():
        for code, value in said.items():
            if code not in joined:
                joined[code], owners[code] = value, name
            elif owners[code] and joined[code] != value:
                found.append(Difference(code, owners[code], name))
    return joined


def _of(words: Words, plan: str) -> Words:
    return Words(of_plan(words.en, plan), of_plan(words.zh, plan))


def _subtitle(plans: list[Charter], head: Charter | None) -> Words:
    """Say of which plan a subtitle is, unless it is of all of them."""
    if head and head.subtitle != Words("", ""):
        return head.subtitle
    each = [one.subtitle for one in plans]
    if len(set(each)) == 1:
        return each[0]
    return _in_a_row([_with_title(o) for o in plans if o.subtitle != Words("", "")])


def _with_title(one: Charter) -> Words:
    said = {}
    for language in LANGUAGES:
        words = catalogue(language).gettext("merge.subtitle")
        title, subtitle = (w.say(language=language) for w in (one.title, one.subtitle))
        said[language] = words.format(title=title, subtitle=subtitle)
    return Words(**said)


def _in_a_row(words: list[Words]) -> Words:
    """Say one after the other, each once."""
    told = [one for one in dict.fromkeys(words) if one != Words("", "")]
    return Words(" · ".join(one.en for one in told), " · ".join(one.zh for one in told))


def _same(charters: list[Charter], name: str) -> str:
    """Give what all say; nothing where they differ, since it is of each alone."""
    found = {str(getattr(one, name)) for one in charters}
    return found.pop() if len(found) == 1 else ""
