"""The student group that a sample is filed under: one that its district approves, never a name."""

from collections.abc import Sequence

from django.db import transaction

from esw.core.database import held
from teams.models import Team
from work_samples.models import GROUP_LENGTH, Sample

NOT_APPROVED = "That is no group of your district’s list. Choose one of the list, or none."


class NoSuchGroup(Exception):
    """The district has not approved that group; `sentence` says so."""

    sentence = NOT_APPROVED


def approved(team: Team) -> Sequence[str]:
    """The groups that the team's district allows, as it wrote them."""
    listed = team.school.district.groups
    return [group for group in listed if isinstance(group, str) and 0 < len(group) <= GROUP_LENGTH]


def file_under(*, sample: Sample, group: str) -> Sample:
    """File a sample under one of its district's groups, or under none. Raises NoSuchGroup.

    It may keep one that the district has taken off its list since.
    """
    wanted = group.strip()
    with transaction.atomic():
        locked: Sample = held(Sample.objects.all()).get(pk=sample.pk)
        if wanted and wanted != locked.group and wanted not in approved(sample.assignment.team):
            raise NoSuchGroup
        locked.group = wanted
        locked.save(update_fields=["group"])
    return locked
