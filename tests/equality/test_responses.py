import pytest

from equality import codelists
from equality.codelists import code_lists, find
from equality.responses import NON_RESPONSES, SILENCES, Response, UnknownSilence, may_mean


class TestSilence:
    def test_is_of_five_kinds_and_not_applying_is_none_of_them(self):
        assert set(SILENCES) == {
            Response.DECLINED,
            Response.NO_DECLARATION,
            Response.DOES_NOT_KNOW,
            Response.NOT_AVAILABLE,
            Response.WITHDRAWN,
        }
        assert set(NON_RESPONSES) - set(SILENCES) == {Response.NOT_APPLICABLE}

    def test_every_kind_has_words_of_its_own(self):
        assert len({kind.label for kind in Response}) == len(Response)

    @pytest.mark.parametrize(
        ("place", "response"),
        [
            (("ethnicity", "HMPPS_NDELIUS", "NS"), Response.DECLINED),
            (("ethnicity", "NHS_16_1", "Z"), Response.DECLINED),
            (("ethnicity", "NHS_16_1", "X"), Response.NOT_AVAILABLE),
            (("ethnicity", "HESA_STAFF_2012", "90"), Response.DOES_NOT_KNOW),
            (("sex", "HMPPS", "NS"), Response.NOT_AVAILABLE),
            (("free_school_meals", "SMC_FREE_SCHOOL_MEALS", "NA"), Response.NOT_APPLICABLE),
            (("religion_or_belief", "CENSUS2021_TS030", "NA"), Response.NO_DECLARATION),
            (("judgement", "judgement", "NA"), Response.NOT_APPLICABLE),
            (("judgement", "judgement", "N"), Response.DECLARED),
        ],
    )
    def test_a_code_is_read_in_its_own_list(self, place, response):
        assert find(*place).response is response

    def test_not_stated_does_not_part_refusal_from_not_being_asked(self):
        assert set(may_mean("ethnicity", "CJS_SDE_16_1", "NS")) == {
            Response.NO_DECLARATION,
            Response.DECLINED,
            Response.NOT_AVAILABLE,
        }

    def test_every_kind_but_withdrawal_occurs_in_some_list(self):
        """A withdrawal is an act under the Data Protection Act, and no box on anybody's form."""
        found = {category.response for one in code_lists() for category in one.categories}

        assert found == set(Response) - {Response.WITHDRAWN}

    def test_a_code_that_a_file_calls_no_answer_must_be_of_a_known_kind(self, monkeypatch):
        monkeypatch.setattr(codelists, "may_mean", lambda *_: (Response.DECLARED,))

        with pytest.raises(UnknownSilence, match="GSS:PNTS of sex"):
            codelists._read.__wrapped__("sex", "GSS")
