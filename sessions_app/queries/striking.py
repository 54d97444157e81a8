"""What was noted on the presenter's task and teaching, as the presenter looks through it; what was struck of mine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from sessions_app import access
from sessions_app.engine import RunStep, State, notes_are_shared
from sessions_app.models import Note, NoteKind, Session, Status
from teams.models import User

#: Counted from the finish, by the server's clock.
OPEN_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Window:
    """Until when notes may be struck (None while the session is not finished), and whether that is still to come."""

    session_id: UUID
    until: datetime | None
    is_open: bool

    @property
    def has_notes(self) -> bool:
        """Whether it is open and anything was noted for others to read, struck by now or not."""
        return self.is_open and _noted().filter(session=self.session_id).exists()


@dataclass(frozen=True, slots=True)
class Noted:
    """A note without its writer: what stays is decided by the words. `page` is where it points, '' for nowhere."""

    id: UUID
    text: str
    kind: str
    sample: str
    page: int | None
    is_struck: bool


@dataclass(frozen=True, slots=True)
class NotedStep:
    """What was noted in one step, in its order; `block` is 'Sample B' or ''."""

    number: int
    title: str
    block: str
    notes: list[Noted]


@dataclass(frozen=True, slots=True)
class ToLookThrough:
    """A finished session that somebody presented in, as a line on their home."""

    session: Session
    until: datetime


def window(session: Session, *, now: datetime) -> Window:
    """Until when the session's presenter may strike, and whether that is still to come."""
    if session.finished_at is None:
        return Window(session.pk, None, is_open=True)
    until = session.finished_at + OPEN_FOR
    return Window(session.pk, until, is_open=now < until)


def _noted() -> QuerySet[Note]:
    return Note.every.exclude(kind=NoteKind.PRIVATE)


def shared_note(session: Session, state: State, note: UUID) -> Note | None:
    """The note, struck or not, if others may read it by now. A private one does not exist for anybody else."""
    found = _noted().filter(session=session, pk=note).first()
    return found if found is not None and _is_shared(found, state) else None


def _is_shared(note: Note, state: State) -> bool:
    return note.step < len(state.steps) and notes_are_shared(state, note.step)


def noted_in(session: Session) -> list[NotedStep]:
    """Everything that others may read by now, step by step, what was struck included. Two queries."""
    state = State.from_json(session.state)
    labels = {entry.sample_id: entry.label for entry in session.on_table.all()}
    rows = _noted().filter(session=session).select_related("page").order_by("step", "created_at", "pk")
    shared = [note for note in rows if _is_shared(note, state)]
    return [
        _step(at, state.steps[at], [_note(note, labels) for note in notes])
        for at, notes in groupby(shared, key=lambda note: note.step)
    ]


def _step(at: int, step: RunStep, notes: list[Noted]) -> NotedStep:
    return NotedStep(at + 1, step.title, step.block_label, notes)


def _note(note: Note, labels: dict[UUID, str]) -> Noted:
    return Noted(
        id=note.pk,
        text=note.text,
        kind=NoteKind(note.kind).label,
        sample=labels.get(note.sample_id, "") if note.sample_id else "",
        page=note.page.number if note.page else None,
        is_struck=note.is_struck,
    )


def struck_of(session: Session, user: User) -> list[str]:
    """The words of this person's own notes that the presenter struck: theirs alone to see. One query."""
    rows = _noted().filter(session=session, participant__user=user).exclude(struck_at=None)
    return list(rows.order_by("step", "created_at", "pk").values_list("text", flat=True))


def open_until(session: Session, user: User, *, now: datetime) -> datetime | None:
    """Until when `user` may look through what was noted in a finished session; None when it is not theirs to do."""
    asked = window(session, now=now)
    return asked.until if asked.is_open and access.may_strike(user, session) else None


def to_look_through(user: User, *, now: datetime) -> list[ToLookThrough]:
    """The sessions whose notes this person may still look through, the first to close first. One query."""
    rows = (
        Session.objects.visible_to(user)
        .filter(access.presents(user), Exists(_noted().filter(session=OuterRef("pk"))))
        .filter(status=Status.FINISHED, finished_at__gt=now - OPEN_FOR)
        .defer("state")  # large, and no line shows it
        .order_by("finished_at")
    )
    return [ToLookThrough(session, session.finished_at + OPEN_FOR) for session in rows if session.finished_at]
