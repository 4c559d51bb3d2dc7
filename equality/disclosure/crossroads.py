"""Where groups that no table brings together may meet, for the attacker: the cliques that they are of, those on the way
between, and who is there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, combinations, product
from math import prod

import networkx as nx
import numpy as np
from scipy import sparse

from equality.disclosure.exchange import Key, People, Published
from equality.disclosure.targets import MARGIN_DIMENSIONS, parts_of
from equality.disclosure.worlds import Floats, Frame, Integers, World, junctions

_MOST_PLACES = 100_000  # where groups may meet

Codes = Mapping[str, str]
Within = Mapping[str, frozenset[str]]
# Of every dimension the code, and who is meant by it.
Group = tuple[Codes, Within]


@dataclass(frozen=True)
class Meeting:
    """People in several groups, whose number is at least ``low`` and at most ``high``."""

    block: str
    codes: Codes
    people: People
    low: int
    high: int


@dataclass(frozen=True, eq=False)
class Members:
    """Groups of a clique (everybody, where it only leads from one clique to another), and the spots where it meets
    others: combinations of what they share, once for each time that somebody may have been there, because those who
    left and those who stayed are different people. ``within``: how many of each group are at each spot, ``everybody``
    who is there (rows over the unknowns: groups x spots, spots)."""

    clique: int
    groups: Sequence[Group]
    within: sparse.csr_array
    everybody: sparse.csr_array

    @property
    def spots(self) -> int:
        return int(self.everybody.shape[0])


@dataclass(frozen=True)
class Arm:
    """A clique that leads to a crossroads. ``spot``: its own, of each place."""

    members: Members
    spot: Integers


@dataclass(frozen=True)
class Room:
    """That there is no more of something at a spot of an arm than there is: of its group (``inside``), of everybody but
    its group (not), or of everybody (None). ``kinds``: which of those that share places need that room."""

    arm: int
    inside: bool | None
    kinds: tuple[int, ...] = (0,)

    def rows(self, members: Members, group: int) -> sparse.csr_array:
        """(spots, unknowns)"""
        if self.inside is None:
            return members.everybody
        some = members.within[group * members.spots : (group + 1) * members.spots]
        return some if self.inside else sparse.csr_array(members.everybody - some)

    def counts(self, within: Floats, everybody: Floats, groups: Integers) -> Floats:
        """Of some groups, from what there is of each: (groups, spots)."""
        if self.inside is None:
            return np.tile(everybody, (groups.size, 1))
        return within[groups] if self.inside else everybody - within[groups]


@dataclass(frozen=True)
class Crossroads:
    """Cliques whose groups may meet: first the ``ends`` that are asked about, then those that lead from one to
    another."""

    block: str
    arms: Sequence[Arm]
    ends: int

    @property
    def places(self) -> int:
        """How many there are, where groups may meet."""
        return self.arms[0].spot.size

    @property
    def combinations(self) -> int:
        """How many of groups there are, one of every arm."""
        return prod(len(arm.members.groups) for arm in self.arms)

    def rooms(self, *, outside: bool) -> list[Room]:
        """What those in all the groups need; or those who are outside of one at least, apart for each."""
        if not outside:
            return [Room(arm, inside=True) for arm in range(len(self.arms))]
        every = tuple(range(self.ends))
        return [Room(kind, inside=False, kinds=(kind,)) for kind in every] + [
            Room(arm, None, every) for arm in range(len(self.arms))
        ]

    def meeting(self, groups: Sequence[int], low: int, high: int) -> Meeting:
        chosen = [arm.members.groups[group] for arm, group in zip(self.arms, groups, strict=True)]
        codes = {name: code for some, _ in chosen for name, code in some.items()}
        people = frozenset(chain.from_iterable(within.items() for _, within in chosen))
        return Meeting(self.block, codes, (self.block, people), low, high)


def crossroads_of(published: Published, world: World, inhabited: Floats) -> Iterator[Crossroads | None]:
    """Every combination of up to three dimensions that no clique has all of, once, of as few cliques as have them; None
    for one that meets at too many places. ``inhabited``: one of every kind of people that there can be."""
    frame = world.frame
    ways = list(_ways(frame.cliques))
    for block in dict.fromkeys(chain(published.blocks, sorted(frame.holders))):
        parts = {name: _parts(published, world, block, name, inhabited) for name in frame.classes}
        members = cache(partial(_members, frame, block, parts))
        between = partial(_crossroads, frame, block, members, inhabited)
        done: set[frozenset[str]] = set()
        for size, (ends, shared) in product(range(2, MARGIN_DIMENSIONS + 1), ways if block in frame.holders else ()):
            for chosen in _choices([frame.cliques[end] for end in ends], size):
                names = frozenset(chain.from_iterable(chosen))
                new = len(names) == size and names not in done and all(parts[name] for name in names)
                if new and not frame.counts(names):
                    done.add(names)
                    yield between(shared, chosen)


def _parts(published: Published, world: World, block: str, name: str, inhabited: Floats) -> Within:
    """What a dimension may be split into: of parts with the same people one, none that holds nobody or everybody."""
    classes = world.frame.classes[name] if block in world.frame.holders else ()
    lived_in = [one for one in classes if inhabited[world.frame.columns((block, frozenset({(name, one)})))].any()]
    found: dict[frozenset[frozenset[str]], tuple[str, frozenset[str]]] = {}
    for code, leaves in parts_of(published, world, name).items():
        found.setdefault(frozenset(one for one in lived_in if one <= leaves), (code, leaves))
    return dict(part for people, part in found.items() if 0 < len(people) < len(lived_in))


def _choices(cliques: Sequence[Key], size: int) -> Iterator[list[Key]]:
    """At least one dimension of each clique, so many in all."""
    if len(cliques) == 1:
        yield from ([names] for names in combinations(cliques[0], size))
        return
    for number in range(1, size):
        for names, others in product(combinations(cliques[0], number), _choices(cliques[1:], size - number)):
            yield [names, *others]


def _groups(names: Key, parts: Mapping[str, Within]) -> list[Group]:
    chosen = product(*(parts[name].items() for name in names))
    return [
        (
            {name: code for name, (code, _) in zip(names, each, strict=True)},
            {name: leaves for name, (_, leaves) in zip(names, each, strict=True)},
        )
        for each in chosen
    ]


def _ways(cliques: Sequence[Key]) -> Iterator[tuple[tuple[int, ...], dict[int, Key]]]:
    """Some cliques, and the dimensions that they and each clique between them share with neighbours there; the fewest
    cliques first. A clique between others that shares no more than one neighbour does says nothing new."""
    tree = nx.Graph()
    tree.add_nodes_from(range(len(cliques)))
    tree.add_edges_from(junctions(cliques))
    for number in range(2, MARGIN_DIMENSIONS + 1):
        found = [(ends, _between(tree, ends)) for ends in combinations(range(len(cliques)), number)]
        for ends, kept in sorted(found, key=lambda way: len(way[1])):
            shared = {}
            for at in (*ends, *(node for node in kept if node not in ends)):
                around = [frozenset(cliques[at]).intersection(cliques[to]) for to in kept[at]]
                every = frozenset[str]().union(*around)
                if at in ends or every not in around:
                    shared[at] = tuple(name for name in cliques[at] if name in every)
            yield ends, shared


def _between(tree: nx.Graph, ends: Sequence[int]) -> nx.Graph:
    """What is left of a tree when everything is cut off that leads nowhere."""
    kept = tree.copy()
    while away := [node for node, ways in kept.degree if ways < 2 and node not in ends]:
        kept.remove_nodes_from(away)
    return kept


def _crossroads(
    frame: Frame,
    block: str,
    members: Callable[[int, Key, Key], Members],
    inhabited: Floats,
    shared: Mapping[int, Key],
    chosen: Sequence[Key],
) -> Crossroads | None:
    """``shared``: of the cliques that the groups are of first. Without places that nobody can be at."""
    met, times = tuple(sorted({*chain.from_iterable(shared.values())})), len(frame.holders[block])
    if times * _size(frame, met) > _MOST_PLACES:
        return None
    groups = dict(zip(shared, chosen, strict=False))
    arms = [
        Arm(
            members(clique, groups.get(clique, ()), names),
            _at_each_time(frame, _positions(frame, met, names), names, times).ravel(),
        )
        for clique, names in shared.items()
    ]
    lived_in = np.all([(arm.members.everybody @ inhabited)[arm.spot] > 0 for arm in arms], axis=0)
    return Crossroads(block, [Arm(arm.members, arm.spot[lived_in]) for arm in arms], len(chosen))


def _members(frame: Frame, block: str, parts: Mapping[str, Within], clique: int, chosen: Key, names: Key) -> Members:
    groups = _groups(chosen, parts)
    return Members(
        clique=clique,
        groups=groups,
        within=_counting(frame, block, clique, [within for _, within in groups], names),
        everybody=_counting(frame, block, clique, [{}], names),
    )


def _positions(frame: Frame, names: Key, some: Key) -> Integers:
    """Of every combination of classes of some dimensions, the number of the combination of fewer of them."""
    shape = tuple(len(frame.classes[name]) for name in names)
    size = prod(shape)
    if not some:
        return np.zeros(size, dtype=np.int64)
    every = np.unravel_index(np.arange(size), shape)
    picked = tuple(every[names.index(name)] for name in some)
    found = np.ravel_multi_index(picked, tuple(len(frame.classes[name]) for name in some))
    return np.asarray(found, dtype=np.int64)


def _counting(frame: Frame, block: str, clique: int, groups: Sequence[Within], names: Key) -> sparse.csr_array:
    """How many of every group of a clique are at every combination of some dimensions, at each time."""
    starts = np.array([frame.starts[holder, clique] for holder in frame.holders[block]])
    inside = [frame.places(frame.cliques[clique], within) for within in groups]
    at = _at_each_time(frame, _positions(frame, frame.cliques[clique], names), names, starts.size)
    many = starts.size * _size(frame, names)
    rows = np.concatenate([number * many + at[:, cells].ravel() for number, cells in enumerate(inside)])
    columns = np.concatenate([(starts[:, None] + cells).ravel() for cells in inside])
    return sparse.csr_array(
        sparse.coo_array((np.ones(rows.size), (rows, columns)), shape=(len(groups) * many, frame.size))
    )


def _at_each_time(frame: Frame, positions: Integers, names: Key, times: int) -> Integers:
    """Positions among the combinations of some dimensions, once for each time: (times, positions)"""
    found: Integers = np.arange(times)[:, None] * _size(frame, names) + positions
    return found


def _size(frame: Frame, names: Key) -> int:
    """How many combinations of classes there are."""
    return prod(len(frame.classes[name]) for name in names)
