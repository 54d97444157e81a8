"""What a person writes in the room: notes and scores, each delivered exactly once."""

import uuid
from typing import cast

from django.db import models
from django.db.models import Q

from rubrics.models import Criterion
from sessions_app.managers import ShownNotes
from sessions_app.models.paper import PaperSheet
from sessions_app.models.session import Participant, Session
from work_samples.models import Page, Sample


class NoteKind(models.TextChoices):
    PRIVATE = "private", "private note"
    OBSERVATION = "observation", "observation"
    CLARIFYING = "clarifying", "clarifying question"
    PROBING = "probing", "probing question"
    SPECULATION = "speculation", "speculation"
    WARM = "warm", "warm feedback"
    COOL = "cool", "cool feedback"
    INTERPRETATION = "interpretation", "interpretation"
    IMPLICATION = "implication", "implication"
    EVIDENCE = "evidence", "evidence"
    PATTERN = "pattern", "pattern"
    PLUS = "plus", "plus"
    DELTA = "delta", "delta"
    RESPONSE = "response", "presenter’s response"


class ClientPost(models.Model):
    """A post that has arrived, by the id that the browser gave it: the same one twice counts once."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="posts")
    client_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "client_id"], name="a_post_once")]


class Placed(models.Model):
    """Something that may point to a place on a page, in shares of its width and height (0 to 1)."""

    page = models.ForeignKey(Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)

    class Meta:
        abstract = True


class Note(Placed):
    """A note under the step (counted from 0) that it was written in.

    `struck_at`: the presenter chose to leave it out. `Note.objects`, and with it `session.notes`, knows nothing of
    a struck note, so that no reader can forget to leave it out; `Note.every` is for its writer and the presenter.
    `at_seconds`: the moment in its sample's recording that it speaks of, from the start.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="notes")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="notes")
    step = models.PositiveSmallIntegerField()
    at_seconds = models.FloatField(null=True, blank=True)
    kind = models.CharField(max_length=15, choices=NoteKind)
    text = models.TextField(max_length=4000)
    sample = models.ForeignKey(Sample, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)

    objects = ShownNotes()
    every = models.Manager["Note"]()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["session", "step"], name="note_by_step")]

    @property
    def is_struck(self) -> bool:
        return self.struck_at is not None


class Score(Placed):
    """One person's level for one criterion of one sample in one round.

    It is a participant's, given on a screen, or a nameless sheet's, typed in from paper: one of the two.
    `late`: it arrived after its round had closed; shown to its owner alone and never counted.
    `claimed`: after the reveal its owner said 'this is mine'.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="scores")
    participant = models.ForeignKey(Participant, null=True, blank=True, on_delete=models.CASCADE, related_name="scores")
    sheet = models.ForeignKey(PaperSheet, null=True, blank=True, on_delete=models.CASCADE, related_name="scores")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    level = models.PositiveSmallIntegerField()
    rationale = models.TextField(max_length=2000, blank=True)
    late = models.BooleanField(default=False)
    claimed = models.BooleanField(default=False)
    seq = models.BigIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "sample", "criterion", "round"],
                condition=Q(late=False),
                name="a_score_once_a_round",
            ),
            models.UniqueConstraint(
                fields=["participant", "sample", "criterion", "round"],
                condition=Q(late=True),
                name="a_late_score_once_a_round",
            ),
            models.UniqueConstraint(
                fields=["sheet", "sample", "criterion", "round"],
                condition=Q(sheet__isnull=False),
                name="a_score_once_a_round_and_sheet",
            ),
            models.CheckConstraint(
                condition=Q(participant__isnull=False, sheet=None) | Q(participant=None, sheet__isnull=False),
                name="a_score_is_somebodys",
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=8), name="a_score_is_a_level"),
        ]
        indexes = [models.Index(fields=["session", "sample", "round"], name="score_by_sample")]

    @property
    def scorer_id(self) -> uuid.UUID:
        """Whose it is among the scores of its session: the participant's id, or that of the nameless sheet."""
        return cast("uuid.UUID", self.participant_id or self.sheet_id)
