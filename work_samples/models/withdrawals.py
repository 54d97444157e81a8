"""Pages that somebody took away from everybody at once, why, and what became of them; and work that is kept longer.

A page has a new id from the moment it is withdrawn, so that no browser can show it out of its cache: what was an
address of it is one no more. `FormerPage` knows the old ids, for words that were written about the page meanwhile.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from work_samples.models.assignments import Assignment
from work_samples.models.recordings import Recording
from work_samples.models.samples import Page, Sample

NOTE_LENGTH = 500
REASON_LENGTH = 300


class Reason(models.TextChoices):
    """Why a page is withdrawn: it shows who made it, or what it says makes somebody worry about a student."""

    NAME = "name", "A name shows"
    WORRY = "worry", "This worries me"


class Outcome(models.TextChoices):
    UNDONE = "undone", "it was pressed by mistake"
    COVERED = "covered", "the name is covered"
    BROUGHT_BACK = "brought_back", "it was brought back"
    DESTROYED = "destroyed", "it was destroyed"


class Withdrawal(models.Model):
    """One page, or a whole sample (`page` is null), withdrawn until it is settled.

    `note` is for those who may look at it, nobody else; it goes when the withdrawal is settled. `boxes` are drafts of
    what is to be covered, as the browser sends them. `client_id` makes a press that arrives twice count once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="withdrawals")
    page = models.ForeignKey(Page, null=True, blank=True, on_delete=models.CASCADE, related_name="withdrawals")
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    client_id = models.UUIDField(null=True, blank=True)
    boxes = models.JSONField(default=list, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=15, choices=Outcome, blank=True)

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "reason"],
                condition=Q(settled_at__isnull=True, page__isnull=False),
                name="a_page_withdrawn_once_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["sample", "reason"],
                condition=Q(settled_at__isnull=True, page__isnull=True),
                name="a_sample_withdrawn_once_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["raised_by", "client_id"],
                condition=Q(client_id__isnull=False),
                name="a_press_counts_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.sample_id}"

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def is_worry(self) -> bool:
        return self.reason == Reason.WORRY


class WithdrawalEvent(models.Model):
    """The log: who did what when, ids alone."""

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.CASCADE, related_name="events")
    name = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


class FormerPage(models.Model):
    """The id that a page had before it was withdrawn."""

    id = models.UUIDField(primary_key=True, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="former_ids")


class HeldRecording(models.Model):
    """The names of a recording's files, and its transcript, while its sample is withdrawn.

    `source` is the file as it was withdrawn, from the moment that somebody silences more of it or changes what is
    written down of it: each time it is made anew from that one, until it is settled.
    """

    recording = models.OneToOneField(Recording, on_delete=models.CASCADE, related_name="held")
    file = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True, default="")
    poster = models.CharField(max_length=200, blank=True)
    thumbnail = models.CharField(max_length=200, blank=True)
    transcript = models.TextField(blank=True)

    @property
    def is_as_asked(self) -> bool:
        """False while it waits to be made anew."""
        return bool(self.recording.silences == self.recording.made_silences)

    @property
    def is_changed(self) -> bool:
        """Whether anything was silenced, or written anew, since it was withdrawn."""
        return bool(self.source)


class KeptWork(models.Model):
    """A lead's word that an assignment's work stays although the district's time is over, `until` a day, and why."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="kept")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateField()
    reason = models.CharField(max_length=REASON_LENGTH)

    class Meta:
        ordering = ["-at"]
