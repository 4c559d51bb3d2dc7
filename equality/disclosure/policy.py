"""What must not be told, to whom: the numbers of a disclosure policy, with their source."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """``threshold`` k: counts 1 to k-1 are small. ``width``: nobody may bound a small count more narrowly than this.
    ``declared``: least percentage declared for a characteristic to be split. ``pay``: fewest people behind an average
    of pay, ``pay_special``: the same where the groups are special-category data."""

    code: str
    label: str
    dated: str
    source: str
    threshold: int = 5
    width: int = 5
    declared: int = 60
    pay: int = 10
    pay_special: int = 30

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


PUBLISHED = Policy(
    code="published-2026",
    label="For publication",
    dated="2026-11-01",
    source=(
        "Thresholds of Civil Service Statistics 2023 (Cabinet Office): counts under 5, pay averages under 10, "
        "or under 30 for special-category data; declaration threshold of the HMPPS workforce statistics guide "
        "(60 per cent)"
    ),
)
