"""What a machine read on a page that its uploader has not confirmed yet, to offer places where a name may stand.

The words themselves never stand in the database: they lie in a file beside the page's draft image, which goes
when the sample is confirmed, deleted or let go of. A row knows places alone.
"""

from django.db import models

from work_samples.models.samples import Page


class Reading(models.Model):
    """One page, as it was read.

    `image` is the name of the picture that was read: when the page has got another one since, this reading is
    of no use. `words` is the file of the words, empty where nothing could be read. `places` and `dismissed` are
    lists of `[x, y, w, h]` in shares of the page: where a label says that a name may stand, and where the uploader
    said that none does.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="reading")
    image = models.CharField(max_length=100)
    words = models.CharField(max_length=200, blank=True)
    places = models.JSONField(default=list, blank=True)
    dismissed = models.JSONField(default=list, blank=True)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.page}, as it was read"
