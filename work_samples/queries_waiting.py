"""Which work cannot be put on a table yet, and whom it waits for: counts and colleagues' names, never a label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from teams.models import User
from work_samples.models import Assignment, Sample


@dataclass(frozen=True)
class StillWaiting:
    """Of one assignment: whose samples are not covered yet and how many, and how many wait for a second look.

    `for_me` of the latter are such that this person may look at.
    """

    assignment: Assignment
    to_cover: Sequence[tuple[str, int]]
    to_look_at: int
    for_me: int


def still_waiting(assignments: QuerySet[Assignment], user: User) -> list[StillWaiting]:
    """Assignments with work that waits, in a handful of queries whatever their number."""
    rows = list(
        Sample.objects.filter(assignment__in=assignments, confirmed_at=None)
        .select_related("assignment", "uploader")
        .order_by("assignment__title", "uploader__name")
    )
    by_assignment: dict[Assignment, list[Sample]] = {}
    for row in rows:
        by_assignment.setdefault(row.assignment, []).append(row)
    return [_of(assignment, samples, user) for assignment, samples in by_assignment.items()]


def _of(assignment: Assignment, samples: Sequence[Sample], user: User) -> StillWaiting:
    covered = [sample for sample in samples if sample.waits_for_second]
    drafts = Counter("you" if row.uploader_id == user.pk else str(row.uploader) for row in samples if row.is_draft)
    return StillWaiting(
        assignment=assignment,
        to_cover=list(drafts.items()),
        to_look_at=len(covered),
        for_me=sum(sample.uploader_id != user.pk for sample in covered),
    )
