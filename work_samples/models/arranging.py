"""Arranging pages before their sample is confirmed: how a page was turned and cropped, and the last step, for undo."""

from django.conf import settings
from django.db import models

from work_samples.models.assignments import Assignment
from work_samples.models.samples import Page


class Shape(models.Model):
    """A page that is turned or cropped; gone when its sample is confirmed.

    The page's own `image` shows it as it is now. Here is the page as it was made, from which each change starts
    anew: `turn` quarter turns clockwise after the cut, `crop` in its pixels (left, top, right, bottom; null: all
    of it), and `cut_boxes`, the boxes over names that the cut took or shortened, in its pixels (x, y, w, h).
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="shape")
    image = models.FileField(max_length=200, upload_to="unset")
    thumbnail = models.FileField(max_length=200, upload_to="unset")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    turn = models.PositiveSmallIntegerField(default=0)
    crop = models.JSONField(null=True, blank=True)
    cut_boxes = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(turn__lte=3), name="a_turn_is_a_quarter")]


class LastStep(models.Model):
    """What a person last did with an assignment's pages and how things lay before, so that it can be undone.

    `before` holds keys, labels and numbers alone; `after` what the samples must still look like.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=120)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "person"], name="one_step_to_undo")]
