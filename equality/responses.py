"""Whether a question was answered. Five kinds of silence are kept apart, none of them is a group, and none counts in a
percentage; a question that does not apply is no silence, and is kept apart from them all."""

from enum import StrEnum
from functools import cache

from equality.characteristics import VARIABLES
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
        return _LABELS[self]


_LABELS = {
    Response.DECLARED: "Declared",
    Response.DECLINED: "Prefer not to say",
    Response.NO_DECLARATION: "No declaration made",
    Response.DOES_NOT_KNOW: "Does not know",
    Response.NOT_AVAILABLE: "Not available",
    Response.WITHDRAWN: "Withdrawn",
    Response.NOT_APPLICABLE: "Does not apply",
}

NON_RESPONSES = tuple(kind for kind in Response if kind is not Response.DECLARED)
SILENCES = tuple(kind for kind in NON_RESPONSES if kind is not Response.NOT_APPLICABLE)

# What each reason in nonresponse_codes.csv may mean; the first is what it counts as.
_MAY_MEAN = {
    "declined": (Response.DECLINED,),
    "no_active_declaration": (Response.NO_DECLARATION,),
    "person_does_not_know": (Response.DOES_NOT_KNOW,),
    "not_collected": (Response.NOT_AVAILABLE,),
    "withdrawn": (Response.WITHDRAWN,),
    "not_applicable": (Response.NOT_APPLICABLE,),
    # "Not stated" of the criminal justice lists does not part refusal from not being asked.
    "not_stated_mixed": (Response.NO_DECLARATION, Response.DECLINED, Response.NOT_AVAILABLE),
}
_FOR_EVERY_QUESTION = {"PRODUCT", "CIVIL_SERVICE_STATS"}


class UnknownSilence(LookupError):
    """A list has a code that is no answer, and nonresponse_codes.csv does not say of which kind."""


def silent_kinds(variable: str) -> tuple[Response, ...]:
    """The kinds of non-response a variable can have. Always shown in full: that one is listed tells nobody
    anything."""
    return tuple(
        kind for kind in NON_RESPONSES if kind is not Response.NOT_APPLICABLE or VARIABLES[variable].may_not_apply
    )


def may_mean(variable: str, system: str, code: str) -> tuple[Response, ...]:
    """Every response that a code of a list may stand for, the one it counts as first; only ``DECLARED`` for an
    answer."""
    reason = _reasons().get((variable, system, code))
    return _MAY_MEAN[reason] if reason else (Response.DECLARED,)


@cache
def non_response_codes() -> dict[str, Response]:
    """Codes and plain wordings that mean "not answered" for every variable, in lower case."""
    known: dict[str, Response] = {kind.value.lower(): kind for kind in NON_RESPONSES}
    for row in rows("nonresponse_codes.csv"):
        if row["code_system"] in _FOR_EVERY_QUESTION and not row["variable"]:
            kind = _MAY_MEAN[row["nonresponse_reason"]][0]
            known.setdefault(row["code"].lower(), kind)
            known.setdefault(row["label"].lower(), kind)
    return known


@cache
def _reasons() -> dict[tuple[str, str, str], str]:
    return {
        (row["variable"], row["code_system"], row["code"]): row["nonresponse_reason"]
        for row in rows("nonresponse_codes.csv")
    }
