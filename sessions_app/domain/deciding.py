"""What the room agrees on, and what people will do about it."""

import uuid
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from rubrics.models import Criterion, Level
from sessions_app import access
from sessions_app.domain.locking import locked
from sessions_app.domain.writing import arrived_before, shared
from sessions_app.engine import BadArgument, IllegalCommand, State, in_progress, revealed_rounds
from sessions_app.models import Consensus, NextStep, Participant, Session
from teams.models import User


@transaction.atomic
def record_consensus(
    *,
    session: Session,
    by: Participant,
    sample: uuid.UUID,
    criterion: uuid.UUID,
    level: int | None,
    rationale: str,
    other_rationale: str,
    client_id: uuid.UUID,
    now: datetime,
) -> None:
    """Write down what the room agreed for one criterion: a level with its reason, or None for 'not agreed'.

    The recorder and who facilitates may. Raises `PermissionDenied`, `BadArgument`, or `IllegalCommand` before
    the sample has been revealed and after the session is over.
    """
    row = locked(session)
    state = State.from_json(row.state)
    if not access.may_record(access.role_of(by, state)):
        raise PermissionDenied("The recorder or the facilitator writes down what you agree on.")
    if arrived_before(by, client_id):
        return
    if str(sample) not in state.samples:
        raise BadArgument("That sample is not part of this session.")
    if not in_progress(state):
        raise IllegalCommand("This session is not running, so there is nothing to agree on now.")
    if not revealed_rounds(state, str(sample)):
        raise IllegalCommand("Reveal the scores first; then write down what you agree on.")
    if not Criterion.objects.filter(pk=criterion, version=row.rubric_version_id).exists():
        raise BadArgument("That criterion is not part of this session's rubric.")
    if level is not None and not Level.objects.filter(version=row.rubric_version_id, value=level).exists():
        raise BadArgument("That is not a level of this rubric.")
    Consensus.objects.update_or_create(
        session=row,
        sample_id=sample,
        criterion_id=criterion,
        defaults={
            "level": level,
            "rationale": rationale,
            "other_rationale": "" if level is not None else other_rationale,
            "by": by,
            "at": now,
        },
    )
    shared(row, "reveal", "decisions")


@transaction.atomic
def add_next_step(
    *,
    session: Session,
    by: Participant,
    text: str,
    students: str,
    owner: uuid.UUID,
    due: date | None,
    client_id: uuid.UUID,
    now: datetime,
) -> NextStep | None:
    """Write down a next step; None when this post had arrived before. `owner` is a participant.

    Raises `BadArgument` for an owner who is not in the session, `IllegalCommand` before it has started.
    """
    if arrived_before(by, client_id):
        return None
    if session.started_at is None:
        raise IllegalCommand("Next steps come once the session has started.")
    person = Participant.objects.filter(session=session, pk=owner).first()
    if person is None:
        raise BadArgument("That person is not in this session.")
    step = NextStep.objects.create(
        session=session,
        team=session.team,
        text=text,
        students=students,
        owner=person.user,
        due=due,
        created_by=by.user,
        created_at=now,
    )
    shared(session, "decisions")
    return step


@transaction.atomic
def update_next_step(
    *, step: NextStep, by: User, state: str, outcome: str, due: date | None, now: datetime
) -> NextStep:
    """Move a next step on. Its owner, who wrote it, and whoever leads the team may."""
    if not access.may_update_next_step(by, step):
        raise PermissionDenied("A next step is moved by whoever owns it.")
    step.state, step.outcome, step.due = state, outcome, due
    step.done_at = (step.done_at or now) if state == "done" else None
    step.save(update_fields=["state", "outcome", "due", "done_at"])
    shared(step.session, "decisions")
    return step
