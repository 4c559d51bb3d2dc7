import re

from equality import listpage
from equality.codelists import code_lists
from equality.recoding import place
from equality.responses import SILENCES
from equality.sources import sources


class TestThePage:
    def test_has_a_line_for_every_list_and_marks_those_for_senders(self):
        rows = [line for line in listpage.lines() if line.startswith("|") and "`" in line]

        assert len(rows) == len(code_lists())
        assert sum("**" in row for row in rows) == sum(one.accepted for one in code_lists())

    def test_names_sources_that_are_in_the_list(self):
        named = {name for one in code_lists() for name in (source.id for source in one.sources)}

        assert named <= sources().keys()
        assert all(any(name in line for line in listpage.lines()) for name in named)

    def test_names_every_kind_of_silence(self):
        text = "\n".join(listpage.lines())

        assert all(kind.label.lower() in text for kind in SILENCES)

    def test_gives_examples_that_hold(self):
        text = "\n".join(listpage.lines())
        for wording in ("White - British", "Asian/Asian British: Indian", "a1 - Indian", "A1"):
            assert f"`{wording}`" in text
            assert place("ethnicity", wording)
        for wording in ("W1", "O1"):
            assert re.search(rf"`{wording}`\s", text)
            assert place("ethnicity", wording) is None
