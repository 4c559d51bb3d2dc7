"""Organisations that contain one another, in the same quarter: whoever works for a part works for the whole.

A reader can take a part's report from the whole's, and is left with everybody else of the whole. These are a
population of their own beside a new release: what was told of the whole is told of both together, what was told of
parts is told of a whole without them. No small number of theirs must be told.

Nobody can be followed from one organisation to another: their pseudonyms are made under keys of their own. Which of the
whole are those of the part is taken from their answers. Of several who answered alike it does not matter who."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from equality.disclosure.release import Counts, Region, Told, Within
from monitoring.figures.counting import People, people_of
from monitoring.figures.ledger import Population, Remembered, remembered, told_beside
from monitoring.organisations.models import Organisation
from monitoring.submissions.models import Submission

_Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Beside:
    """People of a whole who are in none of some parts that were reported on. ``block``: what they are called;
    ``counts``: who they are; ``size``: how many, which is known; ``groups``: those of them that public numbers tell of.
    ``combined``: what the release's own people are called with these (``sign`` 1) or without (-1); ``told``: what is
    public of them, by the organisations named ``others``."""

    block: str
    counts: Counts
    size: int
    groups: Sequence[Region]
    sign: int
    combined: str
    told: Mapping[Region, Told]
    others: Sequence[str]

    @property
    def inside(self) -> bool:
        """Are they all among the release's own people?"""
        return self.sign < 0


@dataclass(frozen=True)
class _Reported:
    """An organisation that something was told of, with its people."""

    organisation: Organisation
    people: People
    public: Remembered


def beside(population: Population, people: People) -> list[Beside]:
    """Whom a reader is left with who takes a population from a whole that was reported on, alone or with other parts of
    it; or parts of the population from it, each alone and all together. ``people``: the population's."""
    organisation = population.organisation
    told = {
        one.pk: reported
        for one in told_beside(population)
        if (reported := _reported(Population(one, population.collection, population.period))) is not None
    }
    found = []
    for above in organisation.above():
        if above.pk in told:
            others = [told[one.pk] for one in above.outermost(told, apart_from=organisation)]
            found.append(_whole(population, people, told[above.pk], []))
            found.append(_whole(population, people, told[above.pk], others) if others else None)
    below = [told[one.pk] for one in organisation.below().filter(pk__in=told)]
    found += [_parts(population, people, [one]) for one in below]
    together = [told[one.pk] for one in organisation.outermost(told)]
    found.append(_parts(population, people, together) if len(together) > 1 else None)
    return [one for one in found if one is not None]


def _reported(population: Population) -> _Reported | None:
    of_quarter = Submission.objects.accepted().of(population.organisation, population.collection, population.period)
    submission = of_quarter.select_related("dataset", "organisation").first()
    if submission is None:
        return None
    return _Reported(population.organisation, people_of(submission), remembered(population))


def _whole(population: Population, people: People, whole: _Reported, others: Sequence[_Reported]) -> Beside | None:
    """Those of a whole who are neither in a population that is part of it nor in other parts."""
    names = _alike(people, whole.people, *(other.people for other in others))
    free = _in_none(whole.people, [*(other.people for other in others), people], names)
    if free is None:
        return None
    block = f"{whole.organisation.name} without {_called([population.organisation, *(o.organisation for o in others)])}"
    combined = whole.organisation.name
    if others:
        combined += f" without {_called([other.organisation for other in others])}"
    told = _added_up([whole.public, *(other.public for other in others)], names, [1, *(-1 for _ in others)])

    # What is not asked alike is not known of them.
    counts = partial(whole.people.table_of, people.dimensions, asked=names, among=free)
    return _beside(people, block, cache(counts), 1, combined, told, [whole, *others])


def _parts(population: Population, people: People, parts: Sequence[_Reported]) -> Beside | None:
    """Those of a population who are in none of some parts of it."""
    names = _alike(people, *(part.people for part in parts))
    free = _in_none(people, [part.people for part in parts], names)
    if free is None:
        return None
    combined = _called([part.organisation for part in parts])
    block = f"{population.organisation.name} without {combined}"
    told = _added_up([part.public for part in parts], names, [1 for _ in parts])
    return _beside(people, block, cache(partial(people.table, among=free)), -1, combined, told, parts)


def _beside(
    people: People,
    block: str,
    counts: Counts,
    sign: int,
    combined: str,
    told: Mapping[Within, Told],
    others: Sequence[_Reported],
) -> Beside:
    """What is not true, because the data were corrected since or do not agree, is no fact."""
    true = {
        within: said
        for within, said in told.items()
        if said.holds(_count(people.table, within) + sign * _count(counts, within))
    }
    printed = [within for within, said in true.items() if said != Told()]
    return Beside(
        block=block,
        counts=counts,
        size=_count(counts, frozenset()),
        groups=[Region(block, within) for within in printed if _count(counts, within)],
        sign=sign,
        combined=combined,
        told={Region(combined, within): said for within, said in true.items()},
        others=[other.organisation.name for other in others],
    )


def _in_none(people: People, parts: Sequence[People], names: Sequence[str]) -> _Rows | None:
    """Rows of people who are in none of some parts, which have nobody in common; None where they are too few to hold
    them all."""
    answers = _answers(people, names)
    free = np.ones(people.size, dtype=bool)
    for part in parts:
        theirs = _places(answers, free, _answers(part, names))
        if theirs is None:
            return None
        free &= ~theirs
    return free


def _count(counts: Counts, within: Within) -> int:
    """People in a region."""
    table = counts(tuple(sorted(name for name, _ in within)))
    leaves = dict(within)
    places = [sorted(d.position[leaf] for leaf in leaves[d.code] if leaf in d.position) for d in table.dimensions]
    return int(table.counts[np.ix_(*places)].sum()) if places else int(table.counts)


def _called(organisations: Sequence[Organisation]) -> str:
    return " and ".join(one.name for one in organisations)


def _alike(people: People, *others: People) -> list[str]:
    """Variables that all have asked alike; units, where all have the same ones."""
    return [
        name
        for name in people.variables
        if all(people.dimensions[name] == other.dimensions.get(name) for other in others)
    ]


def _answers(people: People, names: Sequence[str]) -> list[NDArray[np.int64]]:
    """The answers of every row as one number, the same for the same answers to the same questions; then to fewer and
    fewer of them."""
    found = [np.zeros(people.size, dtype=np.int64)]
    for name in names:
        found.append(found[-1] * len(people.dimensions[name].leaves) + people.leaf_of_rows(name))
    return found[::-1]


def _places(whole: Sequence[NDArray[np.int64]], free: _Rows, part: Sequence[NDArray[np.int64]]) -> _Rows | None:
    """Rows of a whole, out of those that are free, that answered as those of a part did; where there are not enough,
    rows that answered nearly so. None where there are not enough of any."""
    if free.sum() < part[0].size:
        return None
    found, missing = np.zeros(free.size, dtype=bool), np.ones(part[0].size, dtype=bool)
    for theirs, ours in zip(whole, part, strict=True):
        rows, others = np.flatnonzero(free & ~found), np.flatnonzero(missing)
        one, other = _told_apart(theirs[rows], ours[others])
        _, taken, placed = np.intersect1d(one, other, assume_unique=True, return_indices=True)
        found[rows[taken]], missing[others[placed]] = True, False
    return found


def _told_apart(*several: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Numbers for the answers of several people, the same for the first of each who gave the same answer, for the
    second of each, and so on."""
    kinds, answers = np.unique(np.concatenate(several), return_inverse=True)
    start = 0
    for size in (one.size for one in several):
        mine = answers[start : start + size]
        order = np.argsort(mine, kind="stable")
        first = np.searchsorted(mine[order], mine[order], side="left")
        turn = np.empty(size, dtype=np.int64)
        turn[order] = np.arange(size) - first
        yield turn * kinds.size + mine
        start += size


def _added_up(public: Sequence[Remembered], names: Sequence[str], times: Sequence[int]) -> dict[Within, Told]:
    """What all of them print or hide, each once or, below zero, taken away; nothing where one of them hides it."""
    known = [{**dict.fromkeys((region.within for region in one.hidden), Told()), **one.last} for one in public]
    found = {}
    for within in known[0]:
        said = [one[within] for one in known if within in one]
        if len(said) == len(known) and {name for name, _ in within} <= set(names):
            found[within] = _sum(said, times)
    return found


def _sum(told: Sequence[Told], signs: Sequence[int]) -> Told:
    low, high = 0, 0
    for one, sign in zip(told, signs, strict=True):
        if one.high is None:
            return Told()
        low, high = low + min(sign * one.low, sign * one.high), high + max(sign * one.low, sign * one.high)
    return Told(max(0, low), high)
