"""What can be wrong with a document of the exchange format: every fault by a code that never changes, the place, what
was expected and what to do next; never with a value of a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from equality.disclosure.exchange import FORMAT, MOST_DECIMALS, STOCK_FLOW


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. ``code`` never changes. ``where``: the place, like ``tables[3].cells[0].key``. ``what`` is
    wrong, what was ``expected``, and what to do ``next``. Never repeats a value."""

    code: str
    where: str
    what: str
    expected: str
    next: str

    def __str__(self) -> str:
        return f"{self.code} {self.where}: {self.what} Expected: {self.expected} {self.next}"

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("code", "where", "what", "expected", "next")}


class BadDocument(ValueError):
    """A document that cannot be used. ``faults``: everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


# What every fault says, whatever the place: (what is wrong, what was expected, what to do next).
FAULTS: Mapping[str, tuple[str, str, str]] = {
    "NOT_JSON": ("The text is not JSON.", "one JSON object.", "Check where the file was cut or joined."),
    "WRONG_TYPE": ("The value has the wrong type.", "{}.", "Correct the value."),
    "NAME_TWICE": ("An object gives one name twice.", "every name once.", "Take one of them out."),
    "FIELD_MISSING": ("A field is missing.", "{}.", "Add the field."),
    "FIELD_UNKNOWN": ("There is no such field here.", "{}.", "Take the field out, or correct its name."),
    "NOT_PUBLISHED": (
        "This is a RELEASE.json, with records of people.",
        "what may be published of it.",
        "Protect it first, and give what that prints.",
    ),
    "FORMAT_UNKNOWN": ("The format is not known.", f'"{FORMAT}".', "Write the document in that format."),
    "TOO_LARGE": ("A number is too large.", "{} or less.", "Correct the number."),
    "TOO_SMALL": ("A number is too small.", "{} or more.", "Correct the number."),
    "EMPTY": ("There is nothing in this list.", "at least one entry.", "Add the entries."),
    "CODE_TWICE": ("A code stands for two things.", "leaves and groups of different codes.", "Rename one of them."),
    "GROUP_LEAF_UNKNOWN": ("A group sums a leaf that is not there.", "leaves of the dimension.", "Correct the group."),
    "DIMENSION_UNKNOWN": ("There is no such dimension.", "a name under dimensions.", "Correct the name."),
    "DIMENSION_TWICE": ("A dimension is used twice.", "each dimension once, in dims or in where.", "Take one out."),
    "DIMENSIONS_NOT_ORDERED": ("The order leaves dimensions out.", "every dimension once.", "Complete dims_order."),
    "CODE_UNKNOWN": ("The dimension has no such code.", "a leaf or a group of it: {}.", "Correct the code."),
    "KEY_LENGTH": ("A key does not fit its table.", "one code for each dimension.", "Correct the key."),
    "CELL_FORM": (
        "A cell must be printed in one form.",
        "one of: value; suppressed; lo and hi; rounded, base and mode; percent, dp and of.",
        "Keep one form, or write the other as a cell of its own.",
    ),
    "RANGE_REVERSED": ("A range ends before it begins.", "the smaller end first.", "Exchange the ends."),
    "MODE_UNKNOWN": ("There is no such rounding.", "nearest or adjacent.", "Correct the mode."),
    "NOT_A_MULTIPLE": ("A rounded number is no multiple of its base.", "a multiple.", "Correct number or base."),
    "TOO_MANY_DECIMALS": ("A number has too many decimals.", f"at most {MOST_DECIMALS}.", "Round the number."),
    "PERCENT_DECIMALS": ("A percentage has more decimals than dp says.", "at most dp decimals.", "Correct dp."),
    "DENOMINATOR_UNKNOWN": (
        "A percentage is of a cell that the table does not have.",
        "the key of a cell of the same table.",
        "Correct the key, or add the cell (as suppressed where its count is not shown).",
    ),
    "TABLE_TWICE": ("Two tables of a block have one id.", "an id for each table.", "Rename one of them."),
    "POLICY_UNKNOWN": ("There is no policy of that code.", "{}.", "Correct the code, or write the rules out."),
    "FACTS_CONTRADICT": (
        "The same people are printed in two ways that cannot both be true.",
        "forms that some count fits.",
        "Correct one of them.",
    ),
    "LINK_KIND_UNKNOWN": ("There is no such kind of link.", f'"{STOCK_FLOW}".', "Correct the kind."),
    "LINK_TO_ITSELF": ("A block is linked to itself.", "two blocks.", "Correct from or to."),
    "LINK_TWICE": ("Two blocks are linked twice.", "one link between two blocks.", "Take one out."),
    "BLOCK_UNKNOWN": ("There is no such block.", "a block that something is known of.", "Correct the block."),
    "FORM_UNKNOWN": ("There is no such form.", "exact, nearest, controlled or ranges.", "Correct the form."),
    "RECORD_LENGTH": (
        "Records have the wrong number of codes.",
        "one leaf for each dimension.",
        "Correct the records.",
    ),
    "RECORD_CODE_UNKNOWN": ("Records have codes that are not leaves.", "a leaf: {}.", "Correct the records."),
    "RECORD_ID_TWICE": ("An identifier stands in two records of a block.", "each person once.", "Correct the records."),
    "PORTION_UNTRUE": (
        "The records do not agree with a portion.",
        "as many people in the part as times, least and most allow of the whole.",
        "Correct the portion or the records.",
    ),
    "LEDGER_DIFFERS": (
        "A dimension has other leaves in the ledger.",
        "the same leaves in both.",
        "Translate one of them to the codes of the other.",
    ),
    "CONTRADICTORY": (
        "No population agrees with all the facts.",
        "numbers that people could have been counted to.",
        "Look for a table that was corrected or counted apart from the others, or a portion that is not so.",
    ),
    "CANNOT_PROTECT": (
        "No safe answer was found.",
        "tables that can be shown with enough of their numbers hidden.",
        "Leave out tables, or use broader groups.",
    ),
    "NOT_A_REPORT": (
        "This is not a report.json.",
        "the report.json of a published report.",
        "Take it from the page of the report.",
    ),
    "ONLY_REPORTS": (
        "Only reports are attacked together.",
        "a report.json, also of --also and --part.",
        "Write tables of the exchange format into one document.",
    ),
    "OTHER_ORGANISATION": (
        "The report is of another organisation.",
        "other versions or quarters of the first report.",
        "Give a part of its organisation as --part.",
    ),
    "NOT_A_PART": (
        "The report is of the same organisation, or of another quarter.",
        "reports of parts of the first one's organisation, each once, in its quarter.",
        "Give another quarter or version of the first report as --also.",
    ),
    "NOT_READ": ("The file cannot be read.", "the path of a file, or - for standard input.", "Correct the path."),
    "NOT_UTF8": ("The file is not UTF-8 text.", "JSON in UTF-8.", "Save it in that encoding."),
    "NO_SUCH_CELL": ("No table has the cell.", "TABLE:CODE,CODE, one code a dimension; {}.", "Correct --member."),
}


def fault(code: str, where: str, expected: str = "", *, more: str = "") -> Fault:
    """The fault of a code. ``expected``: fills in what the catalogue leaves open. ``more``: how many, and where."""
    what, wanted, then = FAULTS[code]
    return Fault(code, where or "document", f"{what} {more}".rstrip(), wanted.format(expected), then)
