"""Reading: how far a phone is that brings photos."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from teams.models import User
from work_samples.models import Assignment, Phone


@dataclass(frozen=True)
class Arrived:
    """What a phone has brought: so many photos, which are of so many students' work."""

    photos: int
    students: int


@dataclass(frozen=True)
class Told:
    """`word` is 'off', 'waiting' (a link waits to be opened) or 'on' (a phone brings photos)."""

    word: str
    phone: Phone | None = None
    arrived: Arrived = Arrived(0, 0)

    @property
    def was(self) -> str:
        """Differs when there is something new to say."""
        return f"{self.word}-{self.arrived.photos}"


def arrived(*, phone: Phone) -> Arrived:
    """One query. What was refused has not arrived; what was removed from its sample since has."""
    here = phone.uploads.filter(finished_at__isnull=False, error="")
    counted = here.aggregate(photos=Count("pk"), students=Count("sample", distinct=True))
    return Arrived(counted["photos"], counted["students"])


def told(*, assignment: Assignment, user: User, now: datetime) -> Told:
    """What the person is told on the laptop of their phone for this assignment."""
    last = Phone.objects.filter(assignment=assignment, owner=user, ended_at=None).first()
    if last is None:
        return Told("off")
    if last.opened_at is None:
        return Told("waiting", last) if last.link_expires_at > now else Told("off")
    if not Phone.objects.bringing(now).filter(pk=last.pk).exists():
        return Told("off")
    return Told("on", last, arrived(phone=last))
