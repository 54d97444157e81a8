"""Putting work out of the way, and bringing it back. Sessions that used it keep it, with its pages and its labels."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from teams.models import User
from work_samples.models import Sample

MOST = 500
NONE_CHOSEN = "Choose at least one sample first; nothing was changed."
TOO_MANY = f"Choose at most {MOST} samples at a time; nothing was changed."
NOT_CHECKED = "A sample that waits for its check cannot be archived; take it back instead. Nothing was changed."
DESTROYED = "Work that was destroyed cannot be brought back. Nothing was changed."
NOT_THERE = "Not all of these samples are there for you any more, so nothing was changed."


class NotArchived(Exception):
    """`sentence` says why, in words for a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def archive_samples(*, samples: Collection[UUID], by: User, now: datetime) -> list[UUID]:
    """Take samples of the person's teams out of the library; returns those that were in it. Raises NotArchived."""
    return _set(samples, by, was_archived=False, archived_at=now)


def restore_samples(*, samples: Collection[UUID], by: User) -> list[UUID]:
    """Bring them back, as long as they are not destroyed; returns those that were archived. Raises NotArchived."""
    return _set(samples, by, was_archived=True, archived_at=None)


@transaction.atomic
def _set(samples: Collection[UUID], by: User, *, was_archived: bool, archived_at: datetime | None) -> list[UUID]:
    wanted = set(samples)
    if not wanted:
        raise NotArchived(NONE_CHOSEN)
    if len(wanted) > MOST:
        raise NotArchived(TOO_MANY)
    there = list(Sample.objects.visible_to(by).filter(pk__in=wanted).distinct())
    if len(there) != len(wanted):
        raise NotArchived(NOT_THERE)
    if any(not sample.is_confirmed for sample in there):
        raise NotArchived(NOT_CHECKED)
    if any(sample.destroyed_at for sample in there):
        raise NotArchived(DESTROYED)
    moved = [sample.pk for sample in there if sample.is_archived == was_archived]
    Sample.objects.filter(pk__in=moved).update(archived_at=archived_at)
    return moved
