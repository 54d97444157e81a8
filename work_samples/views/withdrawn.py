"""What is served where a page was: a picture that says so, which no browser keeps."""

from pathlib import Path

from django.http import HttpResponse

from work_samples.models import Page

GONE = 410
_PICTURE = (Path(__file__).resolve().parent.parent / "withdrawn.svg").read_text()
WITHDRAWN = ("This page was withdrawn", "Somebody is looking after it.")
DESTROYED = ("This page was destroyed", "Its number stays, so that the history holds.")


def withdrawn_answer(page: Page) -> HttpResponse:
    """A kind placeholder instead of a page that is withdrawn or destroyed (410)."""
    title, words = DESTROYED if page.destroyed_at else WITHDRAWN
    picture = _PICTURE.replace("{title}", title).replace("{words}", words)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(picture, status=GONE, content_type="image/svg+xml", headers=headers)
