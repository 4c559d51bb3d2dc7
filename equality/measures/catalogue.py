"""The catalogue: what each measure means, how it is worked out, what goes in and comes out, and where it is from.

The texts are data, ``definitions/*.toml``, one file for each family, read when first asked for. What rests on memory
is marked so there, and shown so everywhere."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from equality.measures.faults import CannotMeasure, Fault

FAMILIES = (
    "workforce_standards",
    "disproportionality",
    "adverse_impact",
    "pay",
    "representation",
    "inspection",
    "intervals",
    "tests",
    "variation",
)


@dataclass(frozen=True, slots=True)
class Input:
    """One named input. ``kind``: a key of ``inputs.KINDS``, or ``choice`` of ``choices``. Without a ``default`` it must
    be given, unless it is one of a measure's alternatives."""

    name: str
    kind: str
    meaning: str
    choices: tuple[str, ...] = ()
    default: Any = None


@dataclass(frozen=True, slots=True)
class Output:
    """One named output. A name in angle brackets stands for the names of the groups given."""

    name: str
    meaning: str
    unit: str


@dataclass(frozen=True, slots=True)
class Example:
    """``text``: the arithmetic by hand. ``inputs`` and ``answer``: the same for ``evaluate``, to four decimals."""

    text: str
    inputs: Mapping[str, Any]
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """A definition. ``within``: pairs of inputs of which the first is part of the second. ``either``: alternative sets
    of inputs, of which one is given in full. ``named_in``: pairs of which the first names a group of the second.
    ``status``: confirmed, or unconfirmed where the definition rests on memory; ``unconfirmed``: what of it does.
    ``vectors``: published or independently computed figures that it reproduces."""

    id: str
    family: str
    name: str
    meaning: str
    formula: str
    direction: str
    interval: str
    test: str
    minimum: str
    source: str
    status: str
    unconfirmed: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    within: tuple[tuple[str, str], ...]
    either: tuple[tuple[str, ...], ...]
    named_in: tuple[tuple[str, str], ...]
    example: Example
    vectors: tuple[str, ...]

    @property
    def unit(self) -> str:
        """The unit of the headline, which is the first output."""
        return self.outputs[0].unit

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Family:
    """Measures of one subject, with what a reader should know before any of them."""

    code: str
    title: str
    introduction: str
    measures: tuple[Measure, ...]


@cache
def families() -> tuple[Family, ...]:
    """Every family, in reading order."""
    return tuple(_family(code) for code in FAMILIES)


@cache
def measures() -> dict[str, Measure]:
    """Every measure by its id, in reading order."""
    return {measure.id: measure for family in families() for measure in family.measures}


def find(measure_id: object) -> Measure:
    """One measure. Raises CannotMeasure for an id that is not in the catalogue, with the nearest that are."""
    if isinstance(measure_id, str) and measure_id in measures():
        return measures()[measure_id]
    near = get_close_matches(str(measure_id), measures(), n=3)
    hint = f" Nearest: {', '.join(near)}." if near else ""
    raise CannotMeasure(Fault("MEASURE_UNKNOWN", "measure", f"there is no such measure in the catalogue.{hint}"))


def _family(code: str) -> Family:
    text = resources.files("equality.measures").joinpath("definitions", f"{code}.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    found = tuple(_measure(code, name, one, said) for name, one in said["measures"].items())
    return Family(code=code, title=said["title"], introduction=said["introduction"].strip(), measures=found)


def _measure(family: str, measure_id: str, one: Mapping[str, Any], said: Mapping[str, Any]) -> Measure:
    """A measure from its own table and the inputs and outputs that its file shares."""
    return Measure(
        id=measure_id,
        family=family,
        **{name: one[name].strip() for name in _TEXTS},
        unconfirmed=one.get("unconfirmed", "").strip(),
        inputs=tuple(_input(*pair) for pair in _shared(one["inputs"], said["inputs"])),
        outputs=tuple(Output(name=name, **texts) for name, texts in _shared(one["outputs"], said["outputs"])),
        within=_pairs(one.get("within", ())),
        either=tuple(map(tuple, one.get("either", ()))),
        named_in=_pairs(one.get("named_in", ())),
        example=Example(one["example"].strip(), json.loads(one["example_inputs"]), json.loads(one["example_answer"])),
        vectors=tuple(one.get("vectors", ())),
    )


_TEXTS = ("name", "meaning", "formula", "direction", "interval", "test", "minimum", "source", "status")


def _input(name: str, said: Mapping[str, Any]) -> Input:
    return Input(name=name, **{**said, "choices": tuple(said.get("choices", ()))})


def _shared(
    names: Sequence[str | Mapping[str, Any]], shared: Mapping[str, Mapping[str, Any]]
) -> list[tuple[str, Mapping[str, Any]]]:
    """Names looked up among what the file shares; a table in place of a name says it for this measure alone."""
    found = []
    for name in names:
        if isinstance(name, str):
            found.append((name, shared[name]))
        else:
            found.append((name["name"], {key: value for key, value in name.items() if key != "name"}))
    return found


def _pairs(said: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((part, whole) for part, whole in said)
