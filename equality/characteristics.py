"""The nine protected characteristics of the Equality Act 2010, and every variable that people are counted by.

A *characteristic* is what a finding is about (race). A *variable* is a question with a code list (ethnicity); several
variables may serve one characteristic. Legal flags come from ``lists/characteristics.csv``, with their sources there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from equality.listfiles import rows


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One row of ``characteristics.csv``. ``protected``: by the Equality Act 2010."""

    code: str
    label: str
    protected: bool
    special_category: bool
    verified: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """A question that people are counted by.

    ``systems`` are the code systems it accepts; the first is its own, whose bare codes need no prefix.
    ``plain_codes`` says that a bare code of another accepted system is understood too, where only one system has it.
    ``may_not_apply``: the question does not concern everybody. A variable without ``systems`` takes the sender's own
    names (departments)."""

    code: str
    label: str
    systems: tuple[str, ...] = ()
    characteristic: str | None = None
    plain_codes: bool = False
    may_not_apply: bool = False

    @property
    def special_category(self) -> bool:
        """Special-category data under UK GDPR Article 9: averages need larger groups."""
        return self.characteristic is not None and characteristics()[self.characteristic].special_category


@cache
def characteristics() -> dict[str, Characteristic]:
    """Every characteristic that a finding may be about, in the order of the list."""
    found = {}
    for row in rows("characteristics.csv"):
        special = row["uk_gdpr_special_category"].startswith(("yes", "health", "not by name", "may reveal"))
        found[row["code"]] = Characteristic(
            code=row["code"],
            label=row["label"],
            protected=row["equality_act_2010_protected"] == "yes",
            special_category=special,
            verified=row["verified"] == "yes",
        )
    return found


# An officer's impression is not an answer: observed codes (POLICE_OBSERVED_6_1) are no system of ethnicity here.
# Multiple-choice questions (impairments, Welsh skills, national identities ticked) are not yet taken.
VARIABLES: dict[str, Variable] = {
    variable.code: variable
    for variable in (
        Variable(
            "ethnicity",
            "Ethnic group",
            (
                "ONS_CENSUS2021_19", "HIGH_LEVEL_5", "GSS_EW_2021_19", "GOVUK_PATTERN_18", "CJS_SDE_18_1",
                "CJS_SDE_16_1", "HMPPS_NDELIUS", "HMPPS_NOMIS", "NHS_16_1", "HESA_STAFF_2012", "CIVIL_SERVICE_STATS",
            ),
            "race",
        ),
        Variable("sex", "Sex", ("GSS", "HMPPS", "CIVIL_SERVICE_STATS", "HMPPS_EM"), "sex"),
        Variable(
            "disability",
            "Disability",
            ("DERIVED_EA2010", "CIVIL_SERVICE_STATS", "HESA_STAFF_2022"),
            "disability",
        ),
        Variable("age_band", "Age group", ("CIVIL_SERVICE_STATS",), "age"),
        Variable(
            "religion_or_belief",
            "Religion or belief",
            ("GSS", "CENSUS2021_TS030", "CIVIL_SERVICE_STATS", "HMPPS_CURRENT"),
            "religion_or_belief",
        ),
        Variable(
            "sexual_orientation",
            "Sexual orientation",
            ("GSS", "CENSUS2021_TS079", "CIVIL_SERVICE_STATS", "HMPPS_NDELIUS", "HMPPS_NOMIS", "NHS_DD"),
            "sexual_orientation",
        ),
        Variable(
            "gender_identity",
            "Gender identity",
            ("GSS_SAME_AS_REGISTERED", "CENSUS2021_TS070"),
            "gender_reassignment",
        ),
        Variable(
            "marriage_civil_partnership",
            "Marriage and civil partnership",
            ("GSS",),
            "marriage_civil_partnership",
        ),
        Variable(
            "pregnancy_maternity",
            "Pregnancy and maternity",
            ("PRODUCT",),
            "pregnancy_maternity",
            may_not_apply=True,
        ),
        Variable(
            "socio_economic_background",
            "Socio-economic background",
            ("SMC_PARENT_OCCUPATION_14",),
            "socio_economic_background",
            may_not_apply=True,
        ),
        Variable(
            "caring_responsibility",
            "Caring responsibility",
            ("PRODUCT_WORKFORCE", "CENSUS2021_TS039"),
            "caring_responsibility",
        ),
        Variable(
            "national_identity",
            "National identity",
            ("CIVIL_SERVICE_STATS",),
            "national_identity",
        ),
        Variable("welsh_language", "Welsh language", ("CENSUS2021_TS032",), "welsh_language"),
        Variable(
            "grade",
            "Grade",
            ("CIVIL_SERVICE", "PROBATION_SERVICE", "INSPECTORATE_ROLE", "NHS_AFC"),
            plain_codes=True,
        ),
        Variable("organisation_unit", "Department or unit"),
        Variable("working_pattern", "Working pattern", ("working_pattern",)),
        Variable("appointment_status", "Appointment", ("appointment_status",)),
        Variable("contract_type", "Contract", ("contract_type",)),
        Variable("employment_status", "Employment status", ("employment_status",)),
        Variable("work_region", "Region of work", ("regions",)),
    )
}  # fmt: skip


def special_categories(names: Iterable[str]) -> frozenset[str]:
    """Those variables that are special-category data."""
    return frozenset(name for name in names if name in VARIABLES and VARIABLES[name].special_category)
