from pathlib import Path

from equality.measures.catalogue import families, measures
from equality.measures.pages import pages

METHODS = Path(__file__).parents[3] / "docs" / "methods"
MARK = "<!-- Written from equality/measures/definitions"


class TestPages:
    def test_of_no_family_are_left_behind(self):
        written = {page.name for page in METHODS.glob("*.md") if page.read_text(encoding="utf-8").startswith(MARK)}

        assert written == pages().keys()

    def test_are_one_for_each_family_and_a_list(self):
        assert len(pages()) == len(families()) + 1

    def test_list_every_measure(self):
        assert all(f"`{measure_id}`" in pages()["measures.md"] for measure_id in measures())

    def test_work_one_example_of_every_measure(self):
        text = "".join(pages().values())

        assert text.count("**By hand.**") == len(measures())
        assert all(f"manage.py measure {measure_id} '" in text for measure_id in measures())

    def test_mark_what_is_not_confirmed(self):
        assert "Rating of a standard *(not confirmed)*" in pages()["measures.md"]
        assert "**Not confirmed: this definition rests on memory.**" in pages()["inspection.md"]
