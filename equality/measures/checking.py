"""Whether inputs are ones that a measure can have: names, kinds, and what must hold between them."""

from collections.abc import Iterator, Mapping
from typing import Any

from equality.measures.catalogue import Input, Measure
from equality.measures.faults import CannotMeasure, Fault
from equality.measures.inputs import KINDS, choice


def check(measure: Measure, given: object) -> dict[str, Any]:
    """The inputs as the measure takes them. Raises CannotMeasure with every fault."""
    if not isinstance(given, Mapping):
        raise CannotMeasure(Fault("NOT_A_RECORD", "inputs", "must be an object of input and value"))
    faults = [*_unknown(measure, given), *_missing(measure, given)]
    sound = {}
    for expected in measure.inputs:
        if expected.name in given:
            before = len(faults)
            value = _read(expected, given[expected.name], faults)
            if len(faults) == before:
                sound[expected.name] = value
    faults.extend(_disagreeing(measure, sound))
    if faults:
        raise CannotMeasure(*faults)
    return sound


def _read(expected: Input, value: Any, faults: list[Fault]) -> Any:
    kind = choice(*expected.choices) if expected.choices else KINDS[expected.kind]
    return kind.read(value, expected.name, faults)


def _unknown(measure: Measure, given: Mapping[Any, Any]) -> Iterator[Fault]:
    known = [expected.name for expected in measure.inputs]
    for name in given:
        if name not in known:
            yield Fault("INPUT_UNKNOWN", str(name), f"is not an input of {measure.id}; it takes {', '.join(known)}")


def _missing(measure: Measure, given: Mapping[Any, Any]) -> Iterator[Fault]:
    alternatives = {name for names in measure.either for name in names}
    for expected in measure.inputs:
        if expected.name not in given and expected.default is None and expected.name not in alternatives:
            yield Fault("INPUT_MISSING", expected.name, f"must be given: {expected.meaning}")
    if measure.either:
        yield from _one_alternative(measure, given)


def _one_alternative(measure: Measure, given: Mapping[Any, Any]) -> Iterator[Fault]:
    """Exactly one set of alternatives, in full."""
    started = [names for names in measure.either if any(name in given for name in names)]
    wanted = "; or ".join(", ".join(names) for names in measure.either)
    if len(started) > 1:
        yield Fault("INPUTS_MIXED", "inputs", f"must be one of these sets, not several: {wanted}")
    elif not started:
        yield Fault("INPUT_MISSING", "inputs", f"must be one of these sets: {wanted}")
    else:
        for name in started[0]:
            if name not in given:
                yield Fault("INPUT_MISSING", name, f"must be given together with {', '.join(started[0])}")


def _disagreeing(measure: Measure, sound: Mapping[str, Any]) -> Iterator[Fault]:
    for part, whole in measure.within:
        if part in sound and whole in sound:
            yield from _not_within(part, sound[part], whole, sound[whole])
    for name, groups in measure.named_in:
        if name in sound and groups in sound and sound[name] not in sound[groups]:
            yield Fault("NAME_NOT_LISTED", name, f"must be one of the names in {groups}")


def _not_within(part_name: str, part: Any, whole_name: str, whole: Any) -> Iterator[Fault]:
    """A part over its whole: number by number where both are lists; the sum where the whole is named places."""
    if isinstance(part, list) and isinstance(whole, list) and len(part) != len(whole):
        yield Fault("LENGTHS_DIFFER", part_name, f"must have as many entries as {whole_name}")
        return
    parts = part if isinstance(part, list) else [part]
    wholes = whole if isinstance(whole, list) else [sum(whole.values()) if isinstance(whole, Mapping) else whole]
    for number, value in enumerate(parts):
        if value > wholes[min(number, len(wholes) - 1)]:
            place = f"{part_name}[{number}]" if isinstance(part, list) else part_name
            yield Fault("PART_OVER_WHOLE", place, f"may not be more than {whole_name}")
