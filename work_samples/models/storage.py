"""What lies in the storage, for counting how much of it a team uses."""

from uuid import uuid4

from django.db import models
from django.utils import timezone

from teams.models import Team


class StoredFile(models.Model):
    """One file, written down as it is kept and crossed out as it goes. It names no work: other rows do that.

    `owner` is what the file's folder is called by: a sample, mostly. `team` is null where nobody knows whose it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    owner = models.UUIDField(db_index=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    size = models.PositiveBigIntegerField("bytes")
    created_at = models.DateTimeField(default=timezone.now)

    #: For `esw.core.stored`: a line in these books keeps no file.
    names_files = False

    def __str__(self) -> str:
        return self.name
