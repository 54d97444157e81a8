"""Who may see what a school learns: who administers the school or its district, nobody else."""

from typing import TYPE_CHECKING

from django.db.models import Q

from teams.models import Administration

if TYPE_CHECKING:
    from teams.models import User


def schools_of(user: "User") -> Q:
    """For `School.objects.filter`: the schools whose page `user` may open, each once."""
    mine = Administration.objects.filter(user=user)
    return Q(pk__in=mine.exclude(school=None).values("school")) | Q(
        district__in=mine.exclude(district=None).values("district")
    )
