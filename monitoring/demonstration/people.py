"""Synthetic staff of one organisation over several quarters, as the files its HR would send.

Shares follow ``calibration.csv``, which names the published figure behind each or says that it is an assumption. The
same seed makes the same people."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

_PAY = {"AO": 12.9, "EO": 15.1, "HEO": 18.4, "SEO": 22.7, "G7": 30.2, "G6": 37.6,
        "BAND2": 12.2, "PSO": 13.8, "PO": 18.9, "SPO": 22.9, "BAND6": 26.8, "HEAD_PDU": 33.5}  # fmt: skip
# Assumed: the chance to stand one grade higher falls by so much for women and for ethnic minorities.
_HIGHER = {"female": -0.10, "minority": -0.13}
_LEAVE, _DECLARE_LATER = 0.03, 0.08
_BROAD = {"WHITE": ("13", "14", "15", "16", "17"), "MIXED": ("11", "10", "9", "12"), "ASIAN": ("3", "4", "1", "2", "5"),
          "BLACK": ("7", "6", "8"), "OTHER": ("18", "19")}  # fmt: skip

HEADINGS = ("person_ref", "sex", "ethnicity", "disability", "age_band", "religion_or_belief", "sexual_orientation",
            "socio_economic_background", "grade", "organisation_unit", "working_pattern", "hourly_pay")  # fmt: skip


@dataclass(frozen=True)
class Employer:
    """``kind``: inspectorate or region, which decides the shares. ``units``: its departments."""

    slug: str
    kind: str
    size: int
    units: tuple[str, ...]
    seed: int


def quarters(employer: Employer, count: int) -> Iterator[list[dict[str, str]]]:
    """Rows of each quarter in turn. People leave, join, and some declare later what they had not."""
    rng = np.random.default_rng(employer.seed)
    staff = [_person(employer, number, rng) for number in range(employer.size)]
    hired = employer.size
    for quarter in range(count):
        if quarter:
            staff = [_later(person, rng) for person in staff if rng.random() > _LEAVE]
            joining = int(rng.poisson(employer.size * (_LEAVE + 0.005)))
            staff += [_person(employer, hired + number, rng) for number in range(joining)]
            hired += joining
        yield [{heading: person[heading] for heading in HEADINGS} for person in staff]


def as_csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADINGS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@cache
def calibration(what: str) -> dict[str, float]:
    """Code to figure."""
    path = Path(__file__).with_name("calibration.csv")
    with path.open(newline="", encoding="utf-8") as file:
        return {row["code"]: float(row["figure"]) for row in csv.DictReader(file) if row["what"] == what}


def _person(employer: Employer, number: int, rng: np.random.Generator) -> dict[str, str]:
    female = rng.random() < _percent("female_percent", employer)
    minority = rng.random() < _percent("ethnicity_minority_percent", employer)
    grade = _grade(employer, female=female, minority=minority, rng=rng)
    hidden = {
        "ethnicity": rng.random() < _percent("ethnicity_undeclared_percent", employer),
        "disability": rng.random() < _percent("disability_undeclared_percent", employer),
        "religion_or_belief": rng.random() < _percent("religion_undeclared_percent", employer),
        "sexual_orientation": rng.random() < _percent("orientation_undeclared_percent", employer),
        "socio_economic_background": rng.random() < _percent("socio_economic_undeclared_percent", employer),
    }
    true = {
        "ethnicity": _ethnicity(minority, rng),
        "disability": "DISABLED" if rng.random() < _percent("disabled_percent", employer) else "NOT_DISABLED",
        "religion_or_belief": _pick(calibration("religion"), rng),
        "sexual_orientation": rng.choice(["GL", "BI", "OTHER"])
        if rng.random() < _percent("lgbo_percent", employer)
        else "HET",
        "socio_economic_background": str(rng.choice(["PROF", "MGR", "CLER", "TECH", "ROUT"])),
    }
    silence = {name: "PNTS" if rng.random() < 0.2 else "UNKNOWN" for name in hidden}
    shown = {name: silence[name] if hidden[name] else str(true[name]) for name in hidden}
    pay = _PAY[grade] * float(np.exp(rng.normal(0, 0.05)))
    return {
        "person_ref": f"{employer.slug.upper()[:3]}{number:06d}",
        "sex": "F" if female else "M",
        "age_band": _pick(calibration("age_band"), rng),
        "grade": grade,
        "organisation_unit": str(rng.choice(employer.units)),
        "working_pattern": "PT" if rng.random() < (0.28 if female else 0.08) else "FT",
        "hourly_pay": f"{pay:.2f}",
        **shown,
        **{f"true {name}": str(value) for name, value in true.items()},
    }


def _later(person: dict[str, str], rng: np.random.Generator) -> dict[str, str]:
    """A quarter later: some of those who had made no declaration make one."""
    changed = dict(person)
    for name in ("ethnicity", "disability", "religion_or_belief", "sexual_orientation"):
        if changed[name] == "UNKNOWN" and rng.random() < _DECLARE_LATER:
            changed[name] = changed[f"true {name}"]
    return changed


def _grade(employer: Employer, *, female: bool, minority: bool, rng: np.random.Generator) -> str:
    shares = calibration(f"{employer.kind}_grade")
    lean = female * _HIGHER["female"] + minority * _HIGHER["minority"]
    return _pick({code: share * float(np.exp(lean * step)) for step, (code, share) in enumerate(shares.items())}, rng)


def _ethnicity(minority: bool, rng: np.random.Generator) -> str:  # noqa: FBT001
    groups = calibration("ethnicity_group")
    group = _pick({code: groups[code] for code in groups if (code != "WHITE") == minority}, rng)
    return _pick({code: calibration("ethnicity")[code] for code in _BROAD[group]}, rng)


def _percent(what: str, employer: Employer) -> float:
    known = calibration(what)
    return known.get(employer.kind, known.get("all", 0.0)) / 100


def _pick(weights: dict[str, float], rng: np.random.Generator) -> str:
    codes, shares = list(weights), np.array(list(weights.values()))
    return str(rng.choice(codes, p=shares / shares.sum()))
