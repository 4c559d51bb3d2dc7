import inspect
import json

import pytest

from equality.measures import evaluate
from equality.measures.catalogue import FAMILIES, families, find, measures
from equality.measures.faults import CannotMeasure
from equality.measures.inputs import KINDS
from equality.measures.registry import MODULES, function_of
from tests.equality.measures.test_vectors import agrees, rows

every = pytest.mark.parametrize("measure", measures().values(), ids=lambda measure: measure.id)


class TestCatalogue:
    def test_defines_every_measure_of_the_vectors(self):
        assert {row["measure"] for row in rows()} <= measures().keys()

    def test_and_the_registry_name_the_same_measures(self):
        registered = [measure_id for ids in MODULES.values() for measure_id in ids]

        assert sorted(registered) == sorted(measures())

    def test_has_each_id_once(self):
        assert sum(len(family.measures) for family in families()) == len(measures())

    def test_has_every_definition_file_in_a_family(self):
        from importlib import resources

        files = resources.files("equality.measures").joinpath("definitions").iterdir()

        assert sorted(file.name.removesuffix(".toml") for file in files) == sorted(FAMILIES)

    def test_names_the_nearest_of_an_unknown_measure(self):
        with pytest.raises(CannotMeasure, match="wilson_ci") as refused:
            find("wilson")

        assert [fault.code for fault in refused.value.faults] == ["MEASURE_UNKNOWN"]


class TestDefinition:
    @every
    def test_says_everything(self, measure):
        texts = (measure.name, measure.meaning, measure.formula, measure.direction, measure.interval, measure.test,
                 measure.minimum, measure.source, measure.example.text)  # fmt: skip

        assert all(texts)
        assert measure.inputs
        assert all(one.meaning for one in measure.inputs)
        assert all(one.meaning and one.unit for one in measure.outputs)

    @every
    def test_says_what_rests_on_memory(self, measure):
        assert measure.status in {"confirmed", "unconfirmed"}
        assert measure.status == "confirmed" or measure.unconfirmed
        assert ("from memory" not in measure.source) or measure.unconfirmed

    @every
    def test_lists_the_vectors_that_prove_it(self, measure):
        assert list(measure.vectors) == [row["id"] for row in rows() if row["measure"] == measure.id]

    @every
    def test_takes_kinds_that_can_be_read(self, measure):
        assert all(one.kind == "choice" if one.choices else one.kind in KINDS for one in measure.inputs)

    @every
    def test_takes_what_its_function_takes(self, measure):
        parameters = inspect.signature(function_of(measure.id)).parameters
        required = {name for name, parameter in parameters.items() if parameter.default is inspect.Parameter.empty}
        alternatives = {name for names in measure.either for name in names}

        assert parameters.keys() == {one.name for one in measure.inputs}
        assert required == {one.name for one in measure.inputs if one.default is None} - alternatives

    @every
    def test_states_the_defaults_of_its_function(self, measure):
        parameters = inspect.signature(function_of(measure.id)).parameters
        stated = {one.name: one.default for one in measure.inputs if one.default is not None}
        held = {name: parameters[name].default for name in stated}

        assert stated == {name: list(value) if isinstance(value, tuple) else value for name, value in held.items()}

    @every
    def test_relates_inputs_that_it_has(self, measure):
        named = [*measure.within, *measure.either, *measure.named_in]

        assert {name for names in named for name in names} <= {one.name for one in measure.inputs}

    @every
    def test_example_worked_by_hand_is_what_is_answered(self, measure):
        found = evaluate(measure.id, measure.example.inputs)

        assert agrees(found, measure.example.answer, "abs 0.0000501"), found

    @every
    def test_answers_under_the_names_that_it_promises(self, measure):
        found = evaluate(measure.id, measure.example.inputs)
        promised = [one.name for one in measure.outputs]

        if not promised[0].startswith("<"):
            assert [*promised, "status", "reason"] == list(found)

    @every
    def test_can_be_sent_as_json(self, measure):
        assert json.loads(json.dumps(measure.as_dict(), allow_nan=False))["unit"] == measure.outputs[0].unit


class TestWhatIsUnconfirmed:
    def test_is_what_the_research_left_open(self):
        unconfirmed = {measure.id for measure in measures().values() if measure.status == "unconfirmed"}

        assert unconfirmed == {"race_disparity_ratio", "rri_ojjdp_code", "sd_binomial", "hmip_rating"}
