"""How long work is kept: what a district's rule marks, what a lead keeps longer, and what is destroyed in the end.

Work of a school year is kept for so many school years after it. Then it is marked: its team's leads see for 30 days
what goes when, and may keep an assignment until the next school year, with a reason. What nobody kept is destroyed.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from esw.core.database import held
from esw.core.school_years import first_day, school_year
from teams.models import District, Team, User
from work_samples.domain import withholding
from work_samples.models import Assignment, KeptWork, Outcome, Sample
from work_samples.models.withdrawals import REASON_LENGTH
from work_samples.signals import pages_changed

log = logging.getLogger(__name__)

NOTICE = timedelta(days=30)
AT_ONCE = 500
NO_REASON = "Say in a sentence why this work is kept longer."
TOO_LONG = f"Please keep the reason under {REASON_LENGTH} characters."
NOT_MARKED = "Nothing of this assignment is going to be destroyed."


class NotKept(Exception):
    """`sentence` says why, in words for a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Leaving:
    """An assignment of which `samples` samples are destroyed from `goes_on` on."""

    assignment: Assignment
    samples: int
    goes_on: date


# --- the rule --------------------------------------------------------------------------------------------


def kept_since(*, years: int, today: date) -> date:
    """The first day whose work is still kept under a rule of `years` school years."""
    return first_day(school_year(today) - years)


def over(*, district: District, today: date) -> "QuerySet[Sample]":
    """The district's work that is older than its rule allows and that no lead keeps; nothing without a rule."""
    ours = Sample.objects.filter(assignment__team__school__district=district)
    if district.retention_years is None:
        return ours.none()
    since = timezone.make_aware(
        datetime.combine(kept_since(years=district.retention_years, today=today), datetime.min.time()),
        timezone.get_default_timezone(),
    )
    old = ours.confirmed().filter(confirmed_at__lt=since, destroyed_at=None)
    return old.exclude(assignment__in=KeptWork.objects.filter(until__gt=today).values("assignment"))


def _worried_about() -> "QuerySet[Sample]":
    return Sample.objects.filter(withdrawals__reason="worry", withdrawals__settled_at=None)


# --- on the schedule -------------------------------------------------------------------------------------


def run(*, now: datetime) -> tuple[int, int]:
    """Mark what is over, let go of marks that hold no more, destroy what is due; returns how many are marked anew and
    how many are destroyed.
    """
    today = timezone.localdate(now, timezone.get_default_timezone())
    marked = gone = 0
    _let_go_of_marks(today)
    for district in District.objects.filter(retention_years__isnull=False):
        fresh = over(district=district, today=today).filter(goes_on=None)
        marked += fresh.update(goes_on=today + NOTICE)
        gone += _destroy(district, today, now)
    if gone:
        log.info("%s samples were older than their districts keep work, and are destroyed", gone)
    return marked, gone


def _let_go_of_marks(today: date) -> None:
    """A rule was taken back or loosened: what it marked is not marked any more."""
    Sample.objects.filter(goes_on__isnull=False, assignment__team__school__district__retention_years=None).update(
        goes_on=None
    )
    for district in District.objects.filter(retention_years__isnull=False):
        ours = Sample.objects.filter(assignment__team__school__district=district, goes_on__isnull=False)
        ours.exclude(pk__in=over(district=district, today=today).values("pk")).update(goes_on=None)


def _destroy(district: District, today: date, now: datetime) -> int:
    due = over(district=district, today=today).filter(goes_on__lte=today)
    waiting = due.exclude(pk__in=_worried_about().values("pk"))  # what somebody worries about may be needed
    gone = 0
    for key in list(waiting.values_list("pk", flat=True)[:AT_ONCE]):
        gone += _destroy_one(key, district, today, now)
    return gone


@transaction.atomic
def _destroy_one(key: UUID, district: District, today: date, now: datetime) -> bool:
    """Destroy a sample, unless a lead kept it or the rule changed at this very moment."""
    rule = District.objects.get(pk=district.pk)
    held(Sample.objects.all()).get(pk=key)
    row = over(district=rule, today=today).filter(pk=key, goes_on__lte=today).first()
    if row is None:
        return False
    withholding.destroy_sample(sample=row, now=now)
    for withdrawal in row.withdrawals.filter(settled_at=None):
        withdrawal.settled_at, withdrawal.outcome = now, Outcome.DESTROYED
        withdrawal.note, withdrawal.boxes = "", []
        withdrawal.save()
        withdrawal.events.create(name=Outcome.DESTROYED, at=now)
    pages_changed.send(sender=Sample, sample_id=row.pk)
    return True


# --- what leads see and do -------------------------------------------------------------------------------


def leaving(team: Team) -> list[Leaving]:
    """What of the team's work is going to be destroyed, by assignment, the soonest first."""
    marked = Sample.objects.filter(assignment__team=team, goes_on__isnull=False, destroyed_at=None)
    found: dict[Assignment, list[date]] = {}
    for sample in marked.select_related("assignment").order_by("goes_on", "assignment__title"):
        if sample.goes_on:
            found.setdefault(sample.assignment, []).append(sample.goes_on)
    return [Leaving(assignment, len(days), min(days)) for assignment, days in found.items()]


def kept(team: Team, *, today: date) -> Iterable[KeptWork]:
    """What leads keep longer, and why."""
    rows = KeptWork.objects.filter(assignment__team=team, until__gt=today)
    return rows.select_related("assignment", "by")


@transaction.atomic
def keep(*, assignment: Assignment, by: User, reason: str, now: datetime) -> KeptWork:
    """Keep an assignment's work until the next school year begins, and then be asked again. Raises NotKept."""
    words = " ".join(reason.replace("\0", " ").split())
    if not words:
        raise NotKept(NO_REASON)
    if len(words) > REASON_LENGTH:
        raise NotKept(TOO_LONG)
    today = timezone.localdate(now, timezone.get_default_timezone())
    standing = KeptWork.objects.filter(assignment=assignment, until__gt=today).first()
    if standing is not None:
        return standing
    locked = held(Sample.objects.all()).filter(assignment=assignment, goes_on__isnull=False, destroyed_at=None)
    keys = list(locked.values_list("pk", flat=True))
    if not keys:
        raise NotKept(NOT_MARKED)
    Sample.objects.filter(pk__in=keys).update(goes_on=None)
    until = first_day(school_year(today) + 1)
    return KeptWork.objects.create(assignment=assignment, by=by, at=now, until=until, reason=words)
