"""A session, who takes part, what is on its table, and its log of commands."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from esw.core.ids import join_code
from rubrics.models import Version as RubricVersion
from sessions_app.managers import SessionQuerySet
from sessions_app.models.protocols import ProtocolVersion
from teams.models import Team
from work_samples.models import Assignment, Sample, Task


class Status(models.TextChoices):
    PLANNED = "planned", "planned"
    LOBBY = "lobby", "room open"
    RUNNING = "running", "running"
    PAUSED = "paused", "paused"
    FINISHED = "finished", "finished"


class Purpose(models.TextChoices):
    """What a team comes together for; each suggests protocols."""

    CALIBRATE = "calibrate", "Agree on what proficient means"
    ALIGN_ASSESSMENT = "align_assessment", "Align local and classroom assessment"
    ALIGN_STANDARD = "align_standard", "Align curriculum, instruction and assessment to a standard"
    THINKING = "understand_thinking", "Understand student thinking"
    IMPROVE_TASK = "improve_task", "Improve a task"
    PLAN = "plan_instruction", "Plan next instruction"
    EQUITY = "equity", "Look at equity across groups of students"
    FOLLOW_UP = "follow_up", "Follow up on earlier next steps"
    REFLECT = "reflect", "Reflect on our practice"


class Role(models.TextChoices):
    """A person's part. Who facilitates now is in the session's state, because it can change hands."""

    PARTICIPANT = "participant", "participant"
    PRESENTER = "presenter", "presenter"
    TIMEKEEPER = "timekeeper", "timekeeper"
    RECORDER = "recorder", "recorder"
    CO_FACILITATOR = "co_facilitator", "co-facilitator"


class Session(models.Model):
    """One meeting.

    `state` is the engine's state as JSON (steps, clock, what is revealed): the one truth, changed only in
    `domain/`, under the row's lock. `version` counts commands and changes of done; `activity` counts what people
    share (notes, claims, consensus, next steps), so that a screen that missed a message notices.
    `status` repeats the state's, for queries.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="sessions")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="sessions")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    protocol_version = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="sessions")
    rubric_version = models.ForeignKey(
        RubricVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    purpose = models.CharField(max_length=20, choices=Purpose)
    focus_question = models.CharField(max_length=300)
    norms = models.JSONField(default=list, blank=True)
    norm_to_watch = models.CharField(max_length=200, blank=True)
    names_at_reveal = models.BooleanField("show names at the reveal", default=False)
    starts_at = models.DateTimeField()
    minutes_at_hand = models.PositiveSmallIntegerField()
    join_code = models.CharField(max_length=6, unique=True, default=join_code, editable=False)

    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    activity = models.PositiveIntegerField(default=0, editable=False)
    state = models.JSONField(editable=False)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    shuffle = models.UUIDField(
        default=uuid.uuid4, editable=False, help_text="Orders dots and scorers, anew in each session."
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["team", "status", "-starts_at"], name="session_by_team")]

    def __str__(self) -> str:
        return self.focus_question

    @property
    def is_over(self) -> bool:
        return self.status == Status.FINISHED

    @property
    def is_live(self) -> bool:
        """Whether there is a room to join now."""
        return self.status in {Status.LOBBY, Status.RUNNING, Status.PAUSED}


class SessionSample(models.Model):
    """A sample on this session's table, under the label it had then."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="on_table")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="on_tables")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=20)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "sample"], name="a_sample_once_a_session"),
            models.UniqueConstraint(fields=["session", "position"], name="a_position_once_a_session"),
        ]


class Participant(models.Model):
    """A person in a session. Its id is the person's id in the room and in the public state."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=15, choices=Role, default=Role.PARTICIPANT)
    joined_at = models.DateTimeField(null=True, blank=True, help_text="When they first entered the room.")

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="a_person_once_a_session")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class SessionEvent(models.Model):
    """The log: ids and counts, never words or levels."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="events")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=20)
    participant = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="+")
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["version", "pk"]


class Done(models.Model):
    """A person is done with a step (counted from 0)."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="dones")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="dones")
    step = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "step"], name="done_once_a_step")]
