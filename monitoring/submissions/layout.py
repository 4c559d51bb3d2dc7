"""The layout of a collection: every column it takes, how it is read, and whether it is kept.

The workforce layout is ``workforce_snapshot`` of ``equality/lists/record_layouts.csv``. Only what a report needs is
mandatory: one characteristic. Only what a report needs is kept: the rest is checked, because wrong hours mean a wrong
export, and then left out."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from equality.characteristics import VARIABLES, Variable


class Reads(Enum):
    """How the text of a column is understood."""

    ANSWER = auto()  # a category of a code list
    UNIT = auto()  # the sender's own name
    NUMBER = auto()
    DATE = auto()
    YES_NO = auto()
    REFERENCE = auto()
    AGE = auto()  # whole years
    TEXT = auto()  # checked for formulas and length alone


@dataclass(frozen=True, slots=True)
class Column:
    """``synonyms``: headings under which senders are known to have it; proposed, never taken. ``low`` and ``high``
    bound a number. ``decimals``: how exactly a number is kept. ``also``: other names that the record layouts give it;
    taken."""

    name: str
    label: str
    reads: Reads
    kept: bool = False
    synonyms: tuple[str, ...] = ()
    low: float = 0
    high: float = 0
    decimals: int = 0
    variable: str = ""
    also: tuple[str, ...] = ()

    @property
    def question(self) -> Variable:
        return VARIABLES[self.variable]


def _answer(name: str, *synonyms: str, kept: bool = True, variable: str = "", also: tuple[str, ...] = ()) -> Column:
    question = VARIABLES[variable or name]
    label = question.label if not variable else name.replace("_", " ").capitalize()
    return Column(name, label, Reads.ANSWER, kept, synonyms, variable=question.code, also=also)


WORKFORCE = (
    Column("organisation_code", "Organisation", Reads.TEXT, synonyms=("organisation", "employer")),
    Column("reference_date", "Reference date", Reads.DATE, synonyms=("snapshot date", "as at date")),
    Column("person_ref", "Staff reference", Reads.REFERENCE, kept=True,
           synonyms=("employee number", "staff number", "employee id", "payroll number", "assignment number")),
    Column("contract_ref", "Contract reference", Reads.TEXT, synonyms=("contract number", "position number")),
    _answer("employment_status", "employee status", "status", kept=False),
    Column("paid_on_reference_date", "Paid on the reference date", Reads.YES_NO, synonyms=("on paid leave",)),
    Column("payroll_worker", "On the payroll", Reads.YES_NO, synonyms=("payroll",)),
    _answer("appointment_status", "regular/temporary", "permanent/temporary", "appointment type"),
    _answer("contract_type", "contract", "employment type"),
    _answer("working_pattern", "full time/part time", "full-time or part-time"),
    Column("contracted_hours", "Contracted hours", Reads.NUMBER, synonyms=("weekly hours",), high=168, decimals=2),
    Column("full_time_hours", "Full-time hours", Reads.NUMBER, synonyms=("standard hours",),
           low=1, high=60, decimals=2),
    Column("fte", "Full-time equivalent", Reads.NUMBER, synonyms=("full time equivalent",), high=2, decimals=5),
    _answer("grade", "pay band", "level", "job grade", also=("grade_code",)),
    _answer("substantive_grade", kept=False, variable="grade", also=("substantive_grade_code",)),
    Column("temporary_promotion", "Temporary promotion", Reads.YES_NO, synonyms=("temporary cover allowance",)),
    _answer("responsibility_level", kept=False, variable="grade"),
    Column("profession", "Profession", Reads.TEXT),
    Column("function", "Function", Reads.TEXT),
    Column("organisation_unit", "Department or unit", Reads.UNIT, kept=True,
           synonyms=("department", "directorate", "team", "division", "unit", "delivery unit", "section")),
    Column("job_role", "Job role", Reads.TEXT, synonyms=("job title", "post title", "position")),
    _answer("work_region", "region", "location region"),
    Column("work_postcode", "Work postcode", Reads.TEXT, synonyms=("postcode",)),
    Column("london_indicator", "London", Reads.YES_NO),
    Column("civil_service_start_date", "Start in the Civil Service", Reads.DATE, synonyms=("continuous service date",)),
    Column("organisation_start_date", "Start in the organisation", Reads.DATE,
           synonyms=("start date", "hire date", "date joined")),
    Column("board_member", "Board member", Reads.YES_NO),
    Column("board_voting", "Voting board member", Reads.YES_NO),
    Column("date_of_birth", "Date of birth", Reads.DATE, synonyms=("dob", "birth date")),
    Column("age", "Age in years", Reads.AGE, synonyms=("age at snapshot",), low=16, high=100),
    _answer("age_band", "age group", "age range"),
    Column("hourly_pay", "Hourly pay in pounds", Reads.NUMBER, kept=True,
           synonyms=("hourly rate", "pay per hour", "rate of pay"), low=0.01, high=1000, decimals=4),
    _answer("sex", "gender", "legal sex"),
    _answer("ethnicity", "race/ethnicity", "ethnic origin", "race", "ethnic group"),
    _answer("disability", "disability status", "disabled"),
    _answer("religion_or_belief", "religion", "belief", "faith"),
    _answer("sexual_orientation", "sexuality", "orientation"),
    _answer("gender_identity", "gender reassignment", "trans status"),
    _answer("marriage_civil_partnership", "marital status", "marriage"),
    _answer("pregnancy_maternity", "maternity"),
    _answer("socio_economic_background", "parental occupation", "social background"),
    _answer("caring_responsibility", "carer", "caring"),
    _answer("national_identity", "nationality"),
    _answer("welsh_language", "welsh"),
)  # fmt: skip

GROUPED_AGES = {"age", "date_of_birth"}  # kept as age groups alone
COLLECTIONS = {"workforce": WORKFORCE}
LAYOUT_VERSION = "workforce/1"


@cache
def columns(collection: str) -> dict[str, Column]:
    """Columns of a collection by name. Raises KeyError for an unknown collection."""
    return {column.name: column for column in COLLECTIONS[collection]}


def is_characteristic(column: Column) -> bool:
    """Whether the column alone makes a file worth sending."""
    if column.name in GROUPED_AGES:
        return True
    return column.reads is Reads.ANSWER and column.kept and column.question.characteristic is not None
