"""Notes and scores: filed under the step they were written in, exactly once, nothing lost."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from esw.core.database import held
from rubrics.models import Criterion, Level
from sessions_app import access, live
from sessions_app.domain.locking import locked
from sessions_app.engine import BadArgument, IllegalCommand, State, ended, is_revealed, note_step, round_of
from sessions_app.models import ClientPost, Note, Participant, Role, Score, Session, SessionSample
from sessions_app.queries.table import recordings_of
from work_samples.domain.withdrawing import current_page
from work_samples.models import Page, Recording


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a page of the session, in shares of its width and height."""

    page: uuid.UUID
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in a recording of the session, in seconds from its start."""

    recording: uuid.UUID
    seconds: float


def arrived_before(by: Participant, client_id: uuid.UUID) -> bool:
    """Note that the post has arrived; True when it already had. Undone if the transaction fails.

    Asked before anything else: a post whose answer was lost is sent again, and what was saved then is saved now,
    though the room may have gone on.
    """
    _, created = ClientPost.objects.get_or_create(participant=by, client_id=client_id)
    return not created


@transaction.atomic
def save_score(
    *,
    session: Session,
    by: Participant,
    sample: uuid.UUID,
    criterion: uuid.UUID,
    level: int,
    rationale: str,
    client_id: uuid.UUID,
    now: datetime,
    place: Place | None = None,
    step: object = None,
    seq: int | None = None,
) -> Score | None:
    """Keep one person's level for one criterion; None when this post had arrived before.

    The round is that of `step` (the number the screen showed) where that scores the sample, else the latest
    that was opened. After its round has closed a score is kept as late: its owner sees it, nothing counts it.
    Of two posts with a `seq` the higher wins, in whatever order they arrive.
    Raises `BadArgument` (not of this session, not a level) or `IllegalCommand` (not on the table yet).
    """
    if arrived_before(by, client_id):
        return None
    if session.rubric_version_id is None:
        raise IllegalCommand("This session has no rubric to score with.")
    row = Criterion.objects.filter(pk=criterion, version=session.rubric_version_id).first()
    if row is None:
        raise BadArgument("That criterion is not part of this session's rubric.")
    _check_level(session, level)
    page = _page(session, place, sample=sample)
    # Read under the lock: the reveal closes the round in the same way, so a score is before it or after it.
    state = State.from_json(locked(session).state)
    where = round_of(state, sample=str(sample), step_number=step)
    key = {"participant": by, "sample_id": sample, "criterion": row, "round": where.number, "late": where.late}
    values = {"level": level, "rationale": rationale, "seq": seq, "updated_at": now} | _at(page, place)
    score, created = held(Score.objects.all()).get_or_create(**key, defaults=values | {"session": session})
    if not created and not _is_older(seq, score.seq):
        for name, value in values.items():
            setattr(score, name, value)
        score.save()
    return score


@transaction.atomic
def save_note(
    *,
    session: Session,
    by: Participant,
    kind: str,
    text: str,
    client_id: uuid.UUID,
    now: datetime,
    sample: uuid.UUID | None = None,
    place: Place | None = None,
    moment: Moment | None = None,
    step: object = None,
) -> Note | None:
    """File a note under its step; None when this post had arrived before.

    Raises `BadArgument` or `IllegalCommand` when the step does not take it, `PermissionDenied` for a response that is
    not this person's to give.
    """
    if arrived_before(by, client_id):
        return None
    state = State.from_json(Session.objects.values_list("state", flat=True).get(pk=session.pk))
    if kind == "response" and not access.may_respond(access.role_of(by, state), presents=by.role == Role.PRESENTER):
        raise PermissionDenied("The presenter answers here, and who records may write it down for them.")
    index = note_step(state, kind=kind, step_number=step)
    page = _page(session, place, sample=sample)
    heard = _recording(session, moment, sample=sample or (page.sample_id if page else None))
    about = sample or (page.sample_id if page else None) or (heard.sample_id if heard else state.steps[index].sample)
    if about is not None and str(about) not in state.samples:
        raise BadArgument("That sample is not part of this session.")
    note = Note.objects.create(
        session=session,
        participant=by,
        step=index,
        kind=kind,
        text=text,
        sample_id=about,
        at_seconds=moment.seconds if moment else None,
        created_at=now,
        **_at(page, place),
    )
    if kind != "private":
        shared(session, "notes")
    return note


@transaction.atomic
def remove_note(*, session: Session, by: Participant, note: uuid.UUID) -> None:
    """Take one's own note back. Someone else's is not there to be removed.

    Raises `IllegalCommand` once the session is finished: its record keeps what was shared.
    """
    if ended(State.from_json(locked(session).state)):
        raise IllegalCommand("This session is finished, and its record keeps what was written.")
    deleted, _ = Note.every.filter(pk=note, session=session, participant=by).delete()
    if deleted:
        shared(session, "notes")


@transaction.atomic
def claim_score(*, session: Session, by: Participant, sample: uuid.UUID, criterion: uuid.UUID, claimed: bool) -> None:
    """Say 'this is mine' of one's own dots at a reveal, or take it back.

    Raises `IllegalCommand` before the reveal and when there is no score of one's own.
    """
    if not is_revealed(State.from_json(locked(session).state), str(sample)):
        raise IllegalCommand("These scores are not revealed yet.")
    mine = Score.objects.filter(session=session, participant=by, sample=sample, criterion=criterion, late=False)
    if not mine.update(claimed=claimed):
        raise IllegalCommand("You have no score here to claim.")
    shared(session, "reveal")


def shared(session: Session, *topics: str) -> None:
    """Something to look at has changed: count it and tell every screen on commit."""
    Session.objects.filter(pk=session.pk).update(activity=F("activity") + 1)
    live.publish_changed_on_commit(session.pk, topics)


def _check_level(session: Session, level: int) -> None:
    values = list(Level.objects.filter(version=session.rubric_version_id).values_list("value", flat=True))
    if level not in values:
        raise BadArgument(f"A level here is a whole number from {min(values)} to {max(values)}.")


def _page(session: Session, place: Place | None, *, sample: uuid.UUID | None) -> Page | None:
    """The page that a place names, if it lies on this session's table (and belongs to `sample`)."""
    if place is None:
        return None
    on_table = SessionSample.objects.filter(session=session).values("sample")
    page: Page | None = Page.objects.filter(pk=current_page(place.page), sample__in=on_table).first()
    if page is None or (sample is not None and page.sample_id != sample):
        raise BadArgument("That page is not part of this session.")
    return page


def _recording(session: Session, moment: Moment | None, *, sample: uuid.UUID | None) -> Recording | None:
    """The recording that a moment names, if it is on this session's table (and belongs to `sample`)."""
    if moment is None:
        return None
    found: Recording | None = recordings_of(session).filter(pk=moment.recording).first()
    if found is None or (sample is not None and found.sample_id != sample):
        raise BadArgument("That recording is not part of this session.")
    if moment.seconds > found.seconds + 1:
        raise BadArgument("A moment lies within the recording: seconds from its start.")
    return found


def _at(page: Page | None, place: Place | None) -> dict[str, object]:
    return {"page": page, "x": place.x if place else None, "y": place.y if place else None}


def _is_older(seq: int | None, kept: int | None) -> bool:
    return seq is not None and kept is not None and seq < kept
