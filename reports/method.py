"""What every quarterly report explains: what it does not show, where its data come from, its symbols and definitions.
The texts stand in ``method.toml``."""

import tomllib
from pathlib import Path

from equality.codelists import code_lists
from equality.disclosure.policy import AVERAGE_STEPS, Policy
from reports import sentences
from reports.contents import Block, Items, Paragraph, Subheading
from reports.material import Material
from reports.percentages import LEAST_ROUNDED
from reports.wording import listed, written_day, zero
from reports.workforce import GRADE, breakdown_of, categories_of, characteristics_of, title_of

_TEXTS = tomllib.loads(Path(__file__).with_name("method.toml").read_text(encoding="utf-8"))
_NAMED_SINGLY = 2  # grades of a group; more are better known by the name of the group


def rounded_to(policy: Policy) -> str:
    """``to the nearest 5``."""
    said: str = _TEXTS[policy.form]["to"].format(base=policy.base)
    return said


def rounding(policy: Policy) -> str:
    """How all numbers of people are rounded, and what they stand for."""
    least, most = policy.stands_for(policy.base)
    said: str = _TEXTS["rounding"].format(
        to=rounded_to(policy), base=policy.base, least=least, most=most, zero=zero(policy)
    )
    return said


def no_changes(policy: Policy) -> str:
    """Why a report that rounds gives no changes."""
    return _TEXTS["no_changes"].format(base=policy.base)


def not_compared() -> str:
    """Why it does not compare who holds senior grades."""
    text: str = _TEXTS["not_compared"]
    return text


def what_is_hidden(material: Material) -> list[Block]:
    """What is not shown, and why."""
    policy = material.policy
    blocks: list[Block] = [
        *([Paragraph(_small(policy))] if policy.hides else []),
        *([Paragraph(_rounded(policy))] if policy.rounds else []),
        *([Paragraph(_TEXTS["movers"])] if policy.movers else []),
        *([Paragraph(_TEXTS["beside"].format(others=listed(list(material.beside))))] if material.beside else []),
        Paragraph(_of_pay(policy)),
    ]
    if material.protected is None:
        return blocks
    lines = [f"{title_of(table)}: {table.hidden} of {table.size} numbers" for table in material.tables if table.hidden]
    blocks += (
        [Paragraph("Hidden in this report:"), Items(tuple(lines))]
        if lines
        else [Paragraph("No number of people had to be hidden.")]
    )
    if material.protected.everything_hidden:
        blocks.append(Paragraph("Only the number of people could be shown: the figures could not be protected singly."))
    elif material.protected.nearby:
        blocks.append(Paragraph(_TEXTS["nearby"]))
    return blocks


def _small(policy: Policy) -> str:
    said = [_TEXTS["hidden"].format(most=policy.threshold - 1, width=policy.width)]
    said += [_TEXTS["group"]] if policy.group else []
    return " ".join([*said, _TEXTS["zeros_hidden" if policy.zeros else "zeros_shown"]])


def _rounded(policy: Policy) -> str:
    effect = _TEXTS[policy.form]["effect"].format(small=policy.threshold - 1, width=policy.width)
    return " ".join([rounding(policy), effect, _TEXTS["percentages"].format(needed=LEAST_ROUNDED)])


def _of_pay(policy: Policy) -> str:
    exact, whole = (policy.people_for(step) for step in AVERAGE_STEPS[:2])
    return _TEXTS["pay"].format(pay=policy.pay, pay_special=policy.pay_special, exact=exact, whole=whole)


def quality(material: Material) -> list[Block]:
    """Where the data come from, and how many declared what."""
    blocks: list[Block] = []
    if material.submission is not None:
        digest = material.submission.digest
        blocks.append(Paragraph(_TEXTS["origin"].format(day=written_day(material.quarter.last_day), digest=digest)))
    if material.people is not None and material.protected is not None:
        lines = [
            f"{t.dimension(name).label}: {sentences.declaration(t)} {categories_of(t)}"
            for name in characteristics_of(material.people)
            if (t := material.protected.tables[name])
        ]
        blocks += [Paragraph("How many declared, and by which list:"), Items(tuple(lines))]
    blocks.append(
        Paragraph("Findings are counted by the day on which they were observed. Withdrawn findings are left out.")
    )
    return blocks


def how_to_read(material: Material) -> list[Block]:
    """Definitions, the policy, and sources."""
    policy = material.policy
    grades = _grades(material)
    texts = [_TEXTS, _TEXTS["comparisons"]] if policy.exact else [_TEXTS]
    definitions, sources = ([line for part in texts for line in part[kind]] for kind in ("definitions", "sources"))
    return [
        Subheading("Definitions"),
        Items((*definitions, *([grades] if grades else ()))),
        Subheading("Disclosure policy"),
        Paragraph(f"{policy.label}, {policy.dated}. {policy.source}."),
        Subheading("Sources of definitions"),
        Items(tuple(sources)),
    ]


def _grades(material: Material) -> str | None:
    """What the heads of columns of grades stand for, where a table has such columns."""
    if material.people is None or breakdown_of(material.people) != GRADE:
        return None
    dimension = material.people.dimensions[GRADE]
    systems = [one for one in code_lists(GRADE) if one.name == dimension.version]
    labels = {category.code: category.label for one in systems for category in one.categories}
    said = []
    for code in dimension.broad:
        inside = [labels.get(leaf, leaf) for leaf in dimension.groups[code]]
        meaning = " or ".join(inside) if len(inside) <= _NAMED_SINGLY else dimension.labels[code]
        if meaning != dimension.short[code]:
            said.append(f"{dimension.short[code]} means {meaning}")
    return f"Grades: {'; '.join(said)}." if said else None
