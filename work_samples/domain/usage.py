"""How much a team keeps and how much it may: the books of the storage, written as files come and go.

Every file that `files` keeps stands in them with its bytes, so the sum of a team is one question. A process that dies
between a file and its line leaves a small mistake, which `put_right` mends within the hour. The pieces of a file that
is on its way have no line: how much of it is here, and how much is still to come, its own row says (`PartialUpload`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Sum

from esw.core import clock
from esw.core.database import held
from esw.core.storage import Stored
from teams.models import Team
from work_samples.models import Assignment, PartialUpload, Sample, StoredFile, Task

AT_ONCE = 500
MB = 1_000_000  # as the district's page counts and as disks are sold
OVER = (
    "There is no room for this file: it has {size}, and your team uses {used} of the {quota} that it may keep. "
    "Take out work that you no longer need, in the library or where you brought it, or ask your administrator for "
    "more room."
)
COMING = " Files that are still on their way count, too."


class OverQuota(Exception):
    """The team may not keep so much; `sentence` says what it can do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Usage:
    """What a team uses and may use, in bytes; `promised` is what is still to come of files that are on their way."""

    used: int
    quota: int
    promised: int = 0

    @property
    def words(self) -> str:
        return f"{size_words(self.used)} of {size_words(self.quota)} used"

    @property
    def is_nearly_full(self) -> bool:
        return self.used * 10 >= self.quota * 9


def size_words(size: int) -> str:
    """'0 MB', 'less than 1 MB', '340 MB', '4.2 GB'."""
    if 0 < size < MB:
        return "less than 1 MB"
    if size < 1000 * MB:
        return f"{size // MB} MB"
    return f"{size / (1000 * MB):.1f} GB".replace(".0 GB", " GB")


def usage_of(team_id: UUID, *, but_for: UUID | None = None) -> Usage:
    """Three questions, however much the team keeps; `but_for`: one file that is on its way is left out.

    What is here of a file counts until the sweep has taken it away, however late that is.
    """
    used = StoredFile.objects.filter(team=team_id).aggregate(sum=Sum("size"))["sum"] or 0
    coming = PartialUpload.objects.unfinished().filter(assignment__team=team_id).exclude(pk=but_for)
    is_expected = Q(expires_at__gt=clock.now())
    sums = coming.aggregate(here=Sum("received"), left=Sum(F("size") - F("received"), filter=is_expected))
    theirs = Team.objects.filter(pk=team_id).values_list("school__district__team_quota_mb", flat=True).first()
    quota = (settings.TEAM_QUOTA_MB if theirs is None else theirs) * MB
    return Usage(used + (sums["here"] or 0), quota, sums["left"] or 0)


def check_quota(*, team_id: UUID, size: int, instead_of: UUID | None = None) -> None:
    """Whether the team may keep so many bytes more; in the place of a file that is on its way. Raises OverQuota.

    In a transaction, the team's row is the queue: of two that come at once, the second is counted with the first.
    """
    held(Team.objects.all()).filter(pk=team_id).first()
    usage = usage_of(team_id, but_for=instead_of)
    used = usage.used + usage.promised
    if used + size > usage.quota:
        words = {"size": size_words(size), "used": size_words(used), "quota": size_words(usage.quota)}
        raise OverQuota(OVER.format(**words) + (COMING if usage.promised else ""))


def reserve(*, name: str, owner: UUID, size: int, team_id: UUID, instead_of: UUID | None = None) -> None:
    """Write a file down before it is kept, if the team has room for it. Raises OverQuota.

    `instead_of`: the file that was on its way and is whole, whose pieces go with it.
    """
    with transaction.atomic():
        check_quota(team_id=team_id, size=size, instead_of=instead_of)
        StoredFile.objects.create(name=name, owner=owner, size=size, team_id=team_id, created_at=clock.now())


def record(files: Iterable[tuple[str, int]], *, owner: UUID) -> None:
    """Write down files, (name, bytes) each, that are kept already: pages are never refused."""
    team_id = _teams_of([owner]).get(owner)
    StoredFile.objects.bulk_create(
        [
            StoredFile(name=name, owner=owner, size=size, team_id=team_id, created_at=clock.now())
            for name, size in files
        ],
        ignore_conflicts=True,
    )


def forget(names: Collection[str]) -> None:
    """Cross out files that are gone."""
    if names:
        StoredFile.objects.filter(name__in=names).delete()


def forget_folder(kind: str, owner: UUID, *, keep: Collection[str]) -> None:
    """Cross out what an owner had in one folder, but for the files in `keep`."""
    StoredFile.objects.filter(owner=owner, name__startswith=f"{kind}/").exclude(name__in=keep).delete()


def put_right(*, there: Collection[Stored], before: datetime) -> None:
    """Bring the books in line with all files that were seen; what came or went since `before` is left alone."""
    written = set(StoredFile.objects.values_list("name", flat=True))
    fresh = [file for file in there if file.name not in written and file.modified < before]
    for at in range(0, len(fresh), AT_ONCE):
        _add(fresh[at : at + AT_ONCE], now=before)
    old = StoredFile.objects.filter(created_at__lt=before).values_list("name", flat=True)
    seen = {file.name for file in there}
    gone = [name for name in old.iterator() if name not in seen]
    for at in range(0, len(gone), AT_ONCE):
        forget(gone[at : at + AT_ONCE])


def _add(files: Collection[Stored], *, now: datetime) -> None:
    owners = {file.name: UUID(file.name.split("/")[1]) for file in files}
    teams = _teams_of(set(owners.values()))
    lines = [
        StoredFile(name=name, owner=owner, team_id=teams.get(owner), size=size, created_at=now)
        for name, owner, size in ((file.name, owners[file.name], file.size) for file in files)
    ]
    StoredFile.objects.bulk_create(lines, ignore_conflicts=True)


def _teams_of(owners: Collection[UUID]) -> dict[UUID, UUID]:
    """Whose they are: of samples, assignments and tasks."""
    teams = dict(Sample.objects.filter(pk__in=owners).values_list("pk", "assignment__team"))
    if len(teams) < len(owners):
        teams |= dict(Task.objects.filter(pk__in=owners).values_list("pk", "assignment__team"))
    if len(teams) < len(owners):
        teams |= dict(Assignment.objects.filter(pk__in=owners).values_list("pk", "team"))
    return teams
