"""What stands on a page, in words, so that a colleague who cannot see it can take part."""

from django.db import transaction

from esw.core.database import held
from work_samples.models import DESCRIPTION_LENGTH, Page

TOO_LONG = (
    f"A page’s text has at most {DESCRIPTION_LENGTH} characters; this one has {{length}}. Nothing was cut off or saved."
)
CHANGED = "Somebody else has changed this text meanwhile. It stands below; put into yours what you want to keep of it."
GONE = "This page is not here any more, so its text was not saved."


class NotDescribed(Exception):
    """The text was not saved; `sentence` says why, and `meanwhile` what stands there if somebody else wrote it."""

    def __init__(self, sentence: str, *, meanwhile: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.meanwhile = meanwhile


def tidy(text: str) -> str:
    """One kind of line end, no spaces around, and nothing that no database keeps."""
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def describe_page(*, page: Page, text: str, seen: str) -> Page:
    """Keep `text` as what stands on the page; empty takes it away. `seen` is the text that the writer began with.

    Raises NotDescribed when it is too long, when the page has gone, and when somebody else wrote another meanwhile.
    """
    fresh = tidy(text)
    if len(fresh) > DESCRIPTION_LENGTH:
        raise NotDescribed(TOO_LONG.format(length=len(fresh)))
    with transaction.atomic():
        row: Page | None = held(Page.objects.all()).filter(pk=page.pk).first()
        if row is None or not row.is_there:
            raise NotDescribed(GONE)
        if row.description not in {tidy(seen), fresh}:
            raise NotDescribed(CHANGED, meanwhile=row.description)
        if row.description != fresh:
            row.description = fresh
            row.save(update_fields=["description"])
    return row
