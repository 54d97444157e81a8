"""Reading what was withdrawn: what waits for a person, what a page about one shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from teams.models import User
from work_samples import withdrawal_access
from work_samples.domain import withdrawing
from work_samples.models import Page, Withdrawal

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
