"""Where to look for a change of one region when there are too many unknowns to look among all of them: among the
categories of its own people and of people much like them."""

from collections.abc import Iterator

import numpy as np

from equality.disclosure.model import Floats, Mask, Model, Vector

_SIZES = (2, 3, 4, 6)  # categories of each dimension
_FURTHER = 0.3  # how much less somebody counts with every answer that differs
_ONE_BY_ONE = 50  # people of a region to compare others with one by one


class Neighbourhoods:
    """Boxes of categories around the regions of a model. A category is what some region tells apart from others; of
    unknowns that no row tells apart one is enough, besides those that hold people."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.useful = model.useful
        self._asked: dict[int, tuple[dict[str, list[int]], dict[str, Floats]]] = {}
        self.leaves = {
            dimension.code: [sorted(dimension.position[leaf] for leaf in part) for part in model.alike[dimension.code]]
            for block in model.blocks
            for dimension in block.table.dimensions
        }
        self.category = {
            name: np.repeat(np.arange(len(parts)), [len(part) for part in parts])[np.argsort(np.concatenate(parts))]
            for name, parts in self.leaves.items()
        }

    def around(self, region: int) -> Iterator[Vector]:
        """The unknowns of some boxes, small ones first."""
        if region not in self._asked:
            self._asked[region] = self._categories(region)
        own, liked = self._asked[region]
        for size in _SIZES:
            within = {}
            for name, leaves in self.leaves.items():
                others = [at for at in np.argsort(-liked[name], kind="stable").tolist() if at not in own[name]]
                picked = [*own[name], *others[: max(1, size - len(own[name]))]]
                within[name] = [leaf for at in picked for leaf in leaves[at]]
            inside = np.zeros(self.useful.size, dtype=bool)
            for block in self.model.blocks:
                inside[block.columns(within)] = True
            yield np.flatnonzero(inside & self.useful)

    def _categories(self, region: int) -> tuple[dict[str, list[int]], dict[str, Floats]]:
        """Of every dimension the categories of the region's own people (of an empty region, those of its people that
        most others like them have), and how many there are in each that are much like them."""
        model, named = self.model, dict(self.model.regions[region].within)
        own: dict[str, list[int]] = {}
        liked: dict[str, Floats] = {}
        for block in sorted(model.blocks, key=lambda block: (block.name != model.regions[region].block, block.start)):
            names = block.table.names
            if set(names) <= liked.keys():
                continue
            people = np.argwhere(block.table.counts)
            weight = block.table.counts[tuple(people.T)].astype(float)
            answers = np.array([self.category[name][people[:, axis]] for axis, name in enumerate(names)]).T
            allowed = [self._within(name, named.get(name)) for name in names]
            fits = np.array([may[answers[:, axis]] for axis, may in enumerate(allowed)]).T
            mine = np.unique(answers[fits.all(axis=1)], axis=0)
            differ = (~fits).sum(axis=1)
            if 0 < len(mine) <= _ONE_BY_ONE:
                differ = (answers[:, None, :] != mine[None, :, :]).sum(axis=2).min(axis=1)
            near = weight * _FURTHER ** differ.astype(float)
            for axis, name in enumerate(names):
                if name not in liked:
                    counted = np.bincount(answers[:, axis], near, len(self.leaves[name]))
                    best = int(np.argmax(np.where(allowed[axis], counted, -1.0)))
                    liked[name] = counted.astype(float)
                    own[name] = np.unique(mine[:, axis]).tolist() if len(mine) else [best]
        return own, liked

    def _within(self, name: str, leaves: frozenset[str] | None) -> Mask:
        """The categories that are among some leaves; all, where a region includes the dimension in full."""
        return np.array([leaves is None or part <= leaves for part in self.model.alike[name]])
