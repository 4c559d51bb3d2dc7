"""Things that tests are about, made through the product's own doors."""

from tests.factories.findings import make_finding, make_inspection
from tests.factories.people import make_organisation, make_token, make_user
from tests.factories.reports import make_draft, make_published
from tests.factories.submissions import accepted, as_csv, brief, checked, staff, submit, unpaid

__all__ = [
    "accepted",
    "as_csv",
    "brief",
    "checked",
    "make_draft",
    "make_finding",
    "make_inspection",
    "make_organisation",
    "make_published",
    "make_token",
    "make_user",
    "staff",
    "submit",
    "unpaid",
]
