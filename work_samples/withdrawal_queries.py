"""Reading what was withdrawn: what waits for a person, what a page about one shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from esw.core import jobs
from esw.core.models import JobState
from teams.models import User
from work_samples import recording_queries, withdrawal_access
from work_samples.domain import silencing, withdrawing, withholding
from work_samples.models import HeldRecording, Page, Withdrawal

SHOWN = 8
#: What stands where the district has written nothing.
NO_DUTY = (
    "Follow your school’s procedure for worries about a student, and tell the person who is responsible there today. "
    "If somebody may be in danger now, do not wait. ESW reports nothing by itself."
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A withdrawal as one person sees it, and what they may do with it."""

    row: Withdrawal
    pages: list[Page]
    may_look: bool
    may_undo: bool
    may_cover: bool
    may_bring_back: bool
    may_destroy: bool
    waits: bool

    @property
    def is_mine(self) -> bool:
        return self.may_look or self.may_undo or self.may_cover or self.may_bring_back or self.may_destroy


def whole() -> QuerySet[Withdrawal]:
    """Withdrawals with everything that deciding about them reads."""
    return Withdrawal.objects.select_related("sample__assignment__team__school__district", "raised_by", "page")


def find(user: User, key: UUID) -> Withdrawal | None:
    """A withdrawal that exists for this person."""
    mine = Withdrawal.objects.filter(withdrawal_access.withdrawals_of(user), pk=key).values("pk")
    return whole().filter(pk__in=mine).first()


def seen(row: Withdrawal, *, user: User, now: datetime) -> Seen:
    return Seen(
        row=row,
        pages=withdrawing.pages_of(row),
        may_look=withdrawal_access.may_look(user, row),
        may_undo=withdrawal_access.may_undo(user, row) and now - row.raised_at <= withdrawing.UNDO_WITHIN,
        may_cover=withdrawal_access.may_cover(user, row),
        may_bring_back=withdrawal_access.may_bring_back(user, row),
        may_destroy=withdrawal_access.may_destroy(user, row),
        waits=withdrawal_access.waits_for_worry(row),
    )


@dataclass(frozen=True, slots=True)
class Silenced:
    """The recording of a withdrawal, for who may hear it: what is to be silent, as it is typed, and how far that is."""

    held: HeldRecording
    spans: str
    transcript: str
    typing_error: str
    is_busy: bool
    words: str
    failed: str


def silenced_of(row: Withdrawal, typed: Mapping[str, str]) -> Silenced | None:
    """None without a recording; `typed` is what could not be taken, and its `error`."""
    held = withholding.recording_of(row)
    if held is None:
        return None
    job = None if held.is_as_asked else jobs.latest(row.pk, task=silencing.SILENCE)
    is_failed = job is not None and job.state == JobState.FAILED
    is_running = job is not None and job.state == JobState.RUNNING
    return Silenced(
        held=held,
        spans=typed.get("spans", recording_queries.span_words(held.recording.silences)),
        transcript=typed.get("transcript", held.transcript),
        typing_error=typed.get("error", ""),
        is_busy=not held.is_as_asked and not is_failed,
        words=recording_queries.preparing_words(job.done, job.of) if job and is_running else "It waits its turn",
        failed=job.error if job and is_failed else "",
    )


def duty_of(row: Withdrawal) -> str:
    """What the district says that somebody who worries has to do, in its own words."""
    return row.sample.assignment.team.school.district.reporting_duty.strip() or NO_DUTY


def waiting_for(user: User) -> list[Withdrawal]:
    """What is withdrawn and waits for this person: names to cover, worries that they are told of, and what they took
    away themself.
    """
    name = Q(reason="name") & (
        Q(sample__assignment__team__memberships__user=user, sample__assignment__team__memberships__role="lead")
        | Q(sample__assignment__team__memberships__user=user, sample__uploader=user)
    )
    raised = Q(raised_by=user, sample__assignment__team__memberships__user=user)
    path = f"{withdrawal_access.DISTRICT}__concern_contact_email__iexact"
    worry = Q(reason="worry", **{path: user.email})
    mine = Withdrawal.objects.filter(name | worry | raised, settled_at=None).values("pk")
    return list(whole().filter(pk__in=mine).order_by("-raised_at")[:SHOWN])


def withheld(pages: Iterable[Page]) -> list[Page]:
    """Those of the pages that cannot be shown."""
    return [page for page in pages if not page.is_there]
