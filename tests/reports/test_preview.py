"""What a sender sees before accepting."""

import pytest

from equality.disclosure.programmes import Programme
from reports.contents import Contents, Paragraph, TableBlock
from reports.preview import preview
from tests.factories import accepted, as_csv, brief, make_draft, staff, submit

pytestmark = pytest.mark.django_db


def tables(contents):
    return {
        block.id: block for section in contents.sections for block in section.blocks if isinstance(block, TableBlock)
    }


class TestThePreview:
    def test_prints_what_a_report_of_these_data_alone_prints(self, organisation):
        submission = submit(organisation, brief())
        shown = tables(preview(submission))

        accepted(organisation, brief())
        printed = {table.id: table for table in Contents.from_json(make_draft(organisation).contents).tables()}

        assert set(shown) == {"sex", "disability"}
        assert all(
            [c.value for c in shown[name].cells if c.measure == "headcount"]
            == [c.value for c in printed[name].cells if c.measure == "headcount"]
            for name in shown
        )

    def test_hides_small_numbers(self, organisation):
        submission = submit(organisation, as_csv([*staff(60, sex="F"), *staff(3, sex="M")][3:]))

        sex = tables(preview(submission))["sex"]

        assert {c.status for c in sex.cells if c.measure == "headcount" and c.dims["sex"] == "M"} == {"[c]"}

    def test_says_that_nothing_could_be_printed_where_the_data_cannot_be_protected(self, organisation, monkeypatch):
        submission = submit(organisation, as_csv([*staff(60, sex="F"), *staff(63, sex="M")[60:]]))
        monkeypatch.setattr(Programme, "witness", lambda *_, **__: None)
        monkeypatch.setattr(Programme, "at_any_price", lambda *_: (None, False))

        (section,) = preview(submission).sections

        (said,) = section.blocks
        assert isinstance(said, Paragraph)
        assert said.text.startswith("Nothing could be printed: these data cannot be protected.")
