"""What a sample and a page carry once somebody takes them away: withdrawn for a while, or destroyed for good."""

from django.db import models


class TakenSample(models.Model):
    """`withdrawn_at`: somebody took all of the sample away. `goes_on`: the day on which the district's rule destroys
    it. `destroyed_at`: no file of it is left; its label and the numbers of its pages stay.
    """

    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    goes_on = models.DateField(null=True, blank=True, editable=False, db_index=True)
    destroyed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class TakenPage(models.Model):
    """While a page is withdrawn the names of its files stand in `held_image` and `held_thumbnail`, and `image` and
    `thumbnail` are empty, so that nothing can serve it by accident. Of one that is destroyed all four are empty.
    """

    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_image = models.CharField(max_length=200, blank=True, default="", editable=False)
    held_thumbnail = models.CharField(max_length=200, blank=True, default="", editable=False)
    held_description = models.TextField(blank=True, default="", editable=False)
    destroyed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
