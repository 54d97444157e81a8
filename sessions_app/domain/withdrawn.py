"""What a session does when work on its table is withdrawn, comes back or is destroyed."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from sessions_app.domain.writing import shared
from sessions_app.models import Note, NoteKind, Score, Session

#: Where a picture of the work stands, or a word about it.
TOPICS = ("work", "now", "notes", "reveal")
QUOTATION_GONE = "(What stood here quoted work that was destroyed.)"


def show_anew(*, sample: UUID) -> None:
    """Let every screen of every room with this sample on its table show the work anew. Inside a transaction."""
    for session in Session.objects.filter(on_table__sample=sample):
        shared(session, *TOPICS)


def forget_quotations(*, sample: UUID, pages: Sequence[UUID], whole: bool) -> int:
    """Take away what was said at a place of these pages, and with a whole sample what was noted as evidence of it.

    The notes and levels stay, without their words; who wrote them, and when, is history. Returns how many.
    """
    about = Q(page__in=pages)
    if whole:
        about |= Q(sample=sample, kind=NoteKind.EVIDENCE)
    gone = Note.every.filter(about).update(text=QUOTATION_GONE)
    return gone + Score.objects.filter(page__in=pages).exclude(rationale="").update(rationale=QUOTATION_GONE)
