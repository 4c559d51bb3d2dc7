"""Words for findings: programmes of inspection, themes, directions, severity, extent, evidence, partner
inspectorates."""

from functools import cache

from equality.listfiles import rows

PROGRAMME = "programme"
THEME = "diversity_finding_theme"
DIRECTION = "finding_polarity"
SEVERITY = "finding_severity"
EXTENT = "finding_extent"
EVIDENCE = "evidence_kind"
PARTNER = "partner_inspectorate"


@cache
def words(name: str) -> dict[str, str]:
    """Code to label of one list, in order. Raises LookupError for a list that is not there."""
    found = {row["code"]: row["label"] for row in rows("inspection_code_lists.csv") if row["list_name"] == name}
    if not found:
        raise LookupError(f"there is no list {name}")
    return found
