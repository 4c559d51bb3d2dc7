"""A file of the kind that other employers publish: foreign headings and wordings, no staff numbers, many tiny departments."""

import csv
import io
from random import Random

HEADINGS = ("Race/Ethnicity", "Sex", "Department", "Age", "Hourly Rate", "Regular/Temporary", "Employee Status")
MAPPING = """
[columns]
"Race/Ethnicity" = "ethnicity"
"Hourly Rate" = "hourly_pay"
"Age" = "age"
"Department" = "organisation_unit"
[values.ethnicity]
"Hispanic or Latino" = "HIGH_LEVEL_5:OTHER"
"White" = "HIGH_LEVEL_5:WHITE"
"Asian" = "HIGH_LEVEL_5:ASIAN"
"Black or African American" = "HIGH_LEVEL_5:BLACK"
"Two or More Races" = "HIGH_LEVEL_5:MIXED"
"Nat Hawaiian/Oth Pac Islander" = "HIGH_LEVEL_5:OTHER"
"American Indian/Alaska Native" = "HIGH_LEVEL_5:OTHER"
"Not Specified" = "UNKNOWN"
[values.sex]
"N" = "UNKNOWN"
[ignore]
columns = ["Employee Status", "Regular/Temporary"]
"""
_GROUPS = {"White": 54, "Asian": 16, "Black or African American": 13, "Hispanic or Latino": 6, "Two or More Races": 5,
           "Not Specified": 3, "Nat Hawaiian/Oth Pac Islander": 2, "American Indian/Alaska Native": 1}  # fmt: skip


def city_staff(departments: int = 30, largest: int = 900, seed: int = 3) -> bytes:
    """Synthetic staff; department sizes fall from the largest down to two or three people."""
    random = Random(seed)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for number in range(departments):
        for _ in range(max(2, int(largest * 0.8**number))):
            writer.writerow(
                [
                    random.choices(list(_GROUPS), list(_GROUPS.values()))[0],
                    random.choices(["M", "F", "N"], [60, 39, 0.5])[0],
                    f"Department {number:02d}",
                    random.randint(16, 80),
                    f"{random.uniform(17, 90):.3f}",
                    random.choice("RT"),
                    "A",
                ]
            )
    return text.getvalue().encode()
