from monitoring.submissions.problems import LISTED, listed, problem
from web.problems import SHOWN, grouped


class TestGrouping:
    def test_tells_errors_first_then_warnings_then_notes(self):
        groups = grouped([problem("ROWS_BLANK", count=2), problem("NO_PERSON_REF"), problem("HEADER_ONLY")])

        assert [group.severity for group in groups] == ["Error", "Warning", "Note"]

    def test_gathers_the_rows_of_a_column(self):
        (group,) = grouped([problem("NUMBER_NOT_UNDERSTOOD", row=row, column="Pay") for row in (3, 9)])

        (place,) = group.places
        assert (place.column, place.rows, group.count) == ("Pay", [3, 9], 2)

    def test_keeps_columns_apart(self):
        (group,) = grouped([problem("NUMBER_NOT_UNDERSTOOD", row=3, column=name) for name in ("Pay", "Hours")])

        assert [place.column for place in group.places] == ["Pay", "Hours"]

    def test_keeps_wordings_apart_with_how_often_they_stand(self):
        said = [
            problem("VALUE_NOT_PLACED", row=2, column="Sex", value=v, count=n, target="sex")
            for v, n in (("X", 7), ("Y", 1))
        ]

        (group,) = grouped(said)

        assert [(place.value, place.count) for place in group.places] == [("X", 7), ("Y", 1)]
        assert group.count == 2
        assert group.wordings

    def test_counts_the_rows_that_the_check_did_not_name(self):
        (group,) = grouped(listed("PERSON_REF_EMPTY", range(2, LISTED + 52), column="ref"))

        (place,) = group.places
        assert len(place.first_rows) == SHOWN
        assert place.more == LISTED + 50 - SHOWN
        assert group.count == LISTED + 50

    def test_shows_only_so_many_places_and_says_how_many_more(self):
        told = {"heading": "H", "name": "sex"}
        (group,) = grouped(
            [problem("HEADING_NOT_PLACED", column=f"H{n}", nearest=("sex",), **told) for n in range(SHOWN + 3)]
        )

        assert len(group.first_places) == SHOWN
        assert group.more == 3
        assert group.proposals
        assert not group.wordings

    def test_a_problem_of_the_whole_file_has_no_place(self):
        (group,) = grouped([problem("NOT_IN_HEADCOUNT", count=12)])

        assert not group.placed
        assert group.count == 12

    def test_of_nothing_is_nothing(self):
        assert grouped([]) == []
