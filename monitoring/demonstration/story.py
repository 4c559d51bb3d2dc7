"""The synthetic inspectorate as ``story.toml`` tells it: organisations, people, six inspections and their findings."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from monitoring.demonstration.people import Employer


@cache
def story() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("story.toml").read_text(encoding="utf-8"))


def employers() -> list[Employer]:
    """Organisations that send workforce data."""
    return [
        Employer(said["slug"], said["shares"], said["staff"], tuple(said["units"]), said["seed"])
        for said in story()["organisations"]
        if "staff" in said
    ]


def inspectorate() -> str:
    """Short name of the inspectorate that leads every inspection."""
    (slug,) = (said["slug"] for said in story()["organisations"] if said["kind"] == "inspectorate")
    return str(slug)
