from datetime import date

import pytest
import time_machine

from web.forms import DayField, GovukForm, NumberField, QuarterField, WordsField


class Example(GovukForm):
    day = DayField(label="Day", required=False, help_text="For example, 14 9 2026")
    words = WordsField(5, label="Words", required=False)
    number = NumberField(label="Number", required=False, min_value=1)


def day(*parts):
    return {f"day_{part}": value for part, value in zip(("day", "month", "year"), parts, strict=True)}


class TestADay:
    def test_is_read_from_three_boxes(self):
        form = Example(day("14", " 9 ", "2026"))

        assert form.is_valid()
        assert form.cleaned_data["day"] == date(2026, 9, 14)

    def test_may_be_left_out_where_it_is_optional(self):
        form = Example(day("", "", ""))

        assert form.is_valid()
        assert form.cleaned_data["day"] is None

    @pytest.mark.parametrize("parts", [("31", "9", "2026"), ("1", "", "2026"), ("one", "9", "2026"), ("1", "9", "0")])
    def test_that_is_none_is_a_mistake_of_its_first_box(self, parts):
        form = Example(day(*parts))

        assert form.summary() == [("Enter a real day, like 14 9 2026", "id_day_0")]
        assert str(form).count("govuk-input--error") == 3
        assert 'id="id_day_0"' in str(form)

    def test_starts_with_the_day_it_is_given(self):
        assert 'value="2026"' in str(Example(initial={"day": date(2026, 9, 14)}))


class TestAField:
    def test_points_at_its_hint_and_its_mistake(self):
        html = str(Example({"day_day": "x", "number": "none"}))

        assert 'aria-describedby="id_day-hint id_day-error"' in html
        assert 'aria-describedby="id_number-error"' in html
        assert 'id="id_number-error"' in html

    def test_of_words_says_how_many_there_may_be(self):
        html = str(Example())

        assert 'data-maxlength="5"' in html
        assert "You can enter up to 5 words" in html

    def test_of_a_number_is_a_text_box_for_digits(self):
        html = str(Example())

        assert 'inputmode="numeric"' in html
        assert 'type="number"' not in html


class TestQuarters:
    @pytest.mark.parametrize(
        ("today", "newest"), [("2026-09-30", "2026-Q2"), ("2026-10-01", "2026-Q3"), ("2027-01-01", "2026-Q4")]
    )
    def test_are_offered_once_they_have_ended(self, today, newest):
        with time_machine.travel(f"{today} 12:00"):
            choices = [code for code, _ in QuarterField().choices]

        assert choices[0] == newest
        assert len(choices) == 12
        assert choices == sorted(choices, reverse=True)


class TestTheSummary:
    def test_names_mistakes_in_the_order_of_the_page(self):
        form = Example({"day_day": "x", "number": "0"})

        assert [target for _, target in form.summary()] == ["id_day_0", "id_number"]

    def test_has_what_concerns_the_whole_form_first(self):
        form = Example({"number": "0"})
        form.add_error(None, "Not today")

        assert form.summary()[0] == ("Not today", "")
