"""Code lists: the categories of a variable in every code system it accepts.

A code has a meaning only inside its system, so a category is named ``SYSTEM:CODE`` (``CJS_SDE_16_1:O1``). Not
answering is never a category: it has a *response* of its own kind, and no group."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from equality.characteristics import VARIABLES, Variable
from equality.listfiles import rows


class Response(StrEnum):
    """Whether and how a question was answered. Only ``DECLARED`` counts in a percentage."""

    DECLARED = "DECLARED"
    DECLINED = "DECLINED"
    NO_DECLARATION = "NO_DECLARATION"
    DOES_NOT_KNOW = "DOES_NOT_KNOW"
    NOT_AVAILABLE = "NOT_AVAILABLE"
    WITHDRAWN = "WITHDRAWN"
    NOT_APPLICABLE = "NOT_APPLICABLE"

    @property
    def label(self) -> str:
        return _RESPONSE_LABELS[self]


_RESPONSE_LABELS = {
    Response.DECLARED: "Declared",
    Response.DECLINED: "Prefer not to say",
    Response.NO_DECLARATION: "No declaration made",
    Response.DOES_NOT_KNOW: "Does not know",
    Response.NOT_AVAILABLE: "Not available",
    Response.WITHDRAWN: "Withdrawn",
    Response.NOT_APPLICABLE: "Does not apply",
}

NON_RESPONSES = tuple(kind for kind in Response if kind is not Response.DECLARED)


def silent_kinds(variable: str) -> tuple[Response, ...]:
    """The kinds of non-response a variable can have. Always shown in full: that one is listed tells nobody
    anything."""
    return tuple(
        kind for kind in NON_RESPONSES if kind is not Response.NOT_APPLICABLE or VARIABLES[variable].may_not_apply
    )


_RESPONSE_OF_REASON = {
    "declined": Response.DECLINED,
    "no_active_declaration": Response.NO_DECLARATION,
    "person_does_not_know": Response.DOES_NOT_KNOW,
    "not_collected": Response.NOT_AVAILABLE,
    "withdrawn": Response.WITHDRAWN,
    "not_applicable": Response.NOT_APPLICABLE,
    # "Not stated" of the criminal justice lists does not part refusal from not being asked.
    "not_stated_mixed": Response.NO_DECLARATION,
}

GROUP = "GROUP"  # the broad groups of lists/groups.csv, as a code system


@dataclass(frozen=True, slots=True)
class Category:
    """One answer in one code system.

    ``own``: the code of the variable's own list that means exactly the same, or empty. ``group``: the broad group, or
    empty. ``verified``: the row was read in its source.
    """

    system: str
    code: str
    label: str
    group: str
    response: Response
    verified: bool
    own: str = ""

    @property
    def key(self) -> str:
        """``SYSTEM:CODE``, or the bare response for an answer that was not given."""
        return f"{self.system}:{self.code}" if self.response is Response.DECLARED else self.response.value


@dataclass(frozen=True, slots=True)
class Group:
    """A broad group of a variable, in its printing order. ``short``: for the head of a narrow column."""

    code: str
    label: str
    short: str
    verified: bool


@cache
def groups(variable: str) -> tuple[Group, ...]:
    """The broad groups of a variable in printing order; empty where the field has none."""
    return tuple(
        Group(row["code"], row["label"], row["short"] or row["label"], row["verified"] == "yes")
        for row in rows("groups.csv")
        if row["variable"] == variable
    )


@cache
def list_name(variable: str, system: str) -> str:
    """A code list in words, for the reader of a table; lists that nobody has confirmed say so."""
    for row in rows("systems.csv"):
        if (row["variable"], row["code_system"]) == (variable, system):
            return row["label"] if row["verified"] == "yes" else f"{row['label']} (not yet confirmed)"
    return "broad groups" if system == GROUP else system


@cache
def categories(variable: str) -> tuple[Category, ...]:
    """Every category of every system the variable accepts, systems in order of preference, codes in printing
    order."""
    question = VARIABLES[variable]
    read = [
        _category(question, row) for name in question.files for row in rows(name) if _system(row) in question.systems
    ]
    read.sort(key=lambda category: question.systems.index(category.system))
    own = [category for category in read if question.systems and category.system == question.systems[0]]
    broad = [
        Category(GROUP, group.code, group.label, group.code, Response.DECLARED, group.verified)
        for group in groups(variable)
    ]
    return tuple(_with_equal(category, own) for category in (*read, *broad))


@cache
def by_key(variable: str) -> dict[str, Category]:
    """Declared categories by ``SYSTEM:CODE``."""
    return {c.key: c for c in categories(variable) if c.response is Response.DECLARED}


@cache
def non_response_codes() -> dict[str, Response]:
    """Codes and plain wordings that mean "not answered" for every variable, in lower case."""
    known: dict[str, Response] = {kind.value.lower(): kind for kind in NON_RESPONSES}
    for row in rows("nonresponse_codes.csv"):
        if row["code_system"] in {"PRODUCT", "CIVIL_SERVICE_STATS"}:
            kind = _RESPONSE_OF_REASON[row["nonresponse_reason"]]
            known.setdefault(row["code"].lower(), kind)
            known.setdefault(row["label"].lower(), kind)
    return known


def _system(row: dict[str, str]) -> str:
    for column in ("code_system", "band_set", "ladder", "list_name"):
        if column in row:
            return row[column]
    return "regions"


def _category(question: Variable, row: dict[str, str]) -> Category:
    response = _response(row)
    return Category(
        system=_system(row),
        code=row["code"],
        label=row["label"],
        group=(row.get("group5") or row.get("group") or row.get("grade_group") or "")
        if response is Response.DECLARED and groups(question.code)
        else "",
        response=response,
        verified=row["verified"] == "yes",
        own=row["census2021_code"] if row.get("mapping_to_census2021") == "exact" else "",
    )


def _response(row: dict[str, str]) -> Response:
    kind = row.get("response_kind", "not_known" if row["code"] == "UNKNOWN" else "substantive")
    if kind == "substantive":
        return Response.DECLARED
    if kind == "prefer_not_to_say":
        return Response.DECLINED
    reasons = {
        other["nonresponse_reason"]
        for other in rows("nonresponse_codes.csv")
        if other["code"] == row["code"] and other["response_kind"] == kind
    }
    return _RESPONSE_OF_REASON[reasons.pop()] if len(reasons) == 1 else Response.NO_DECLARATION


def _with_equal(category: Category, own: list[Category]) -> Category:
    """Fill ``own`` where the own list has the same label, or exactly one category in the same group."""
    if category.own or category.response is not Response.DECLARED:
        return category
    if category in own:
        equal = category.code
    else:
        same_label = [c.code for c in own if c.label.casefold() == category.label.casefold()]
        same_group = [c.code for c in own if category.group and c.group == category.group]
        equal = same_label[0] if same_label else same_group[0] if len(same_group) == 1 else ""
    return replace(category, own=equal)
