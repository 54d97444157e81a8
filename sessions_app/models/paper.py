"""A score sheet of a meeting on paper, as it was typed in."""

import uuid

from django.db import models

from sessions_app.models.session import Participant, Session


class PaperSheet(models.Model):
    """A sheet by its number; whose it was is not known to ESW.

    `cells` holds what was typed, as [sample, criterion, round, level], until 'these are all': then each becomes a
    `Score` of this sheet and `cells` is emptied. Until then nobody but who typed it is shown any of it.
    `revision` counts how often it was typed, `client_id` is that of the last post.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="paper_sheets")
    number = models.PositiveSmallIntegerField()
    cells = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    client_id = models.UUIDField()
    typed_by = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="+")
    typed_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="a_paper_sheet_once_a_session")]

    def __str__(self) -> str:
        return f"sheet {self.number} of {self.session_id}"
