"""Every model of the activity, so that Django finds them. Each is defined in the folder of its subject."""

from monitoring.access.models import Grant, User
from monitoring.audit.models import Event, Head
from monitoring.figures.models import ReleasedRegion
from monitoring.inspections.models import Finding, FindingCharacteristic, GoodPractice, Inspection, Recommendation
from monitoring.jobs.models import Job
from monitoring.organisations.models import Organisation
from monitoring.submissions.models import ClosedPeriod, SavedMapping, Submission
from monitoring.vault.models import OrganisationKey, SealedDataset, SealedDocument

__all__ = [
    "ClosedPeriod",
    "Event",
    "Finding",
    "FindingCharacteristic",
    "GoodPractice",
    "Grant",
    "Head",
    "Inspection",
    "Job",
    "Organisation",
    "OrganisationKey",
    "Recommendation",
    "ReleasedRegion",
    "SavedMapping",
    "SealedDataset",
    "SealedDocument",
    "Submission",
    "User",
]
