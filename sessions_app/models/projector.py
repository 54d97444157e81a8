"""A projector: a screen that shows a session to everyone in the room and is nobody in it."""

import uuid

from django.db import models
from django.db.models import Q

from sessions_app.managers import ProjectorQuerySet
from sessions_app.models.session import Participant, Session


class Projector(models.Model):
    """A link that opens once, and the screen that opened it.

    Neither the link's code nor the screen's cookie is kept, only their hashes (SHA-256 of long random words).
    A session has at most one that has not ended: making another ends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="projectors")
    made_by = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    link_hash = models.CharField(max_length=64, unique=True)
    link_expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    cookie_hash = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = ProjectorQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["session"], condition=Q(ended_at=None), name="one_projector_a_session"),
            models.CheckConstraint(
                condition=Q(opened_at=None, cookie_hash="") | (Q(opened_at__isnull=False) & ~Q(cookie_hash="")),
                name="a_cookie_for_each_opened_link",
            ),
        ]

    def __str__(self) -> str:
        return f"projector of {self.session_id}"
