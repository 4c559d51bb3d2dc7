"""What would be printed of a checked submission, kept sealed until that is decided."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from monitoring.submissions.models import State, Submission
from monitoring.vault import seals
from monitoring.vault.documents import open_document, seal_document


def kept_preview(submission: Submission) -> dict[str, Any] | None:
    """What was kept last, if anything. Raises SealBroken."""
    return None if submission.preview is None else json.loads(open_document(submission.preview))


@transaction.atomic
def keep_preview(submission: Submission, said: dict[str, Any], *, at: datetime) -> None:
    """Keep it in place of what was kept before; nothing where the submission was decided meanwhile."""
    current = Submission.objects.select_for_update().get(pk=submission.pk)
    if current.state != State.CHECKED:
        return
    older, current.preview = current.preview, seal_document(json.dumps(said, ensure_ascii=False).encode(), at=at)
    current.save(update_fields=["preview"])
    seals.erase(older)
