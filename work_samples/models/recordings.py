"""What was recorded: a reading aloud, a talk, a performance. A sample has at most one, beside its pages or alone."""

import uuid

from django.db import models

from work_samples.managers import RecordingQuerySet
from work_samples.models.fields import TeamKey
from work_samples.models.samples import Sample, Upload

#: Two hours of talk.
TRANSCRIPT_LENGTH = 60_000


class Recording(models.Model):
    """Sound, or film with or without it, as ESW has made it anew: never the file that was brought.

    `silences` are the spans that are silent and black, pairs of seconds from the start; `made_silences` those that are
    burned into `file` already. They differ while it is made anew. `poster` and `thumbnail` are pictures of a film,
    empty for sound alone. `consent_at`: when its uploader said that consent is on file, without which it is not
    confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.OneToOneField(Sample, on_delete=models.CASCADE, related_name="recording")
    upload = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.SET_NULL, related_name="recordings")
    file = models.FileField(max_length=200, upload_to="unset")
    poster = models.FileField(max_length=200, upload_to="unset", blank=True)
    thumbnail = models.FileField(max_length=200, upload_to="unset", blank=True)
    seconds = models.FloatField()
    has_video = models.BooleanField(default=False)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    silences = models.JSONField(default=list, blank=True)
    made_silences = models.JSONField(default=list, blank=True)
    transcript = models.TextField(max_length=TRANSCRIPT_LENGTH, blank=True)
    team_key = TeamKey()
    consent_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(seconds__gt=0), name="a_recording_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.sample}, a recording"

    @property
    def content_type(self) -> str:
        return "video/mp4" if self.has_video else "audio/mp4"

    @property
    def kind_words(self) -> str:
        """As a person calls it."""
        return "video" if self.has_video else "recording"
