"""Planning a session: why, with what, by which steps, who does what, when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from rubrics.domain.editing import use_version
from rubrics.models import Version
from sessions_app import access, live, protocol_format
from sessions_app.domain.locking import locked
from sessions_app.engine import BadArgument, IllegalCommand, RunStep, State, initial_state
from sessions_app.models import Participant, ProtocolVersion, Role, Session, SessionSample
from teams.models import Team, User
from work_samples.models import Assignment, Sample


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as somebody filled it in. `roles` has a facilitator, and may name others; `minutes` are by step key."""

    purpose: str
    focus_question: str
    assignment: Assignment
    protocol: ProtocolVersion
    samples: Sequence[Sample]
    rubric: Version | None
    people: Sequence[User]
    roles: Mapping[str, User]
    starts_at: datetime
    minutes_at_hand: int
    norm_to_watch: str = ""
    names_at_reveal: bool = False
    minutes: Mapping[str, float] | None = None


@transaction.atomic
def plan_session(*, team: Team, by: User, draft: Draft, now: datetime) -> Session:
    """A planned session of `team` (the caller has checked that `by` belongs to it).

    Raises `BadArgument` when a sample is not confirmed or not of the assignment, or the rubric is missing.
    """
    _check(team, draft)
    session = Session(
        team=team,
        created_by=by,
        created_at=now,
        norms=list(team.norms),
        state={},
        **_columns(draft),
    )
    session.save()
    _seat_people(session, draft)
    _lay_table(session, draft)
    session.state = _fresh_state(session, draft).to_json()
    session.save(update_fields=["state"])
    if draft.rubric is not None:
        use_version(version=draft.rubric, now=now)
    return session


@transaction.atomic
def change_plan(*, session: Session, by: User, draft: Draft, now: datetime) -> Session:
    """The same session planned anew, as long as it has not started.

    Raises `PermissionDenied`, `IllegalCommand` once it has started, `BadArgument` as `plan_session` does.
    """
    row = locked(session)
    if row.state["index"] is not None:
        raise IllegalCommand("This session has started, so its plan can no longer change.")
    if not access.may_plan(by, row):
        raise PermissionDenied("Only who planned the session, its facilitator and the team's leads change its plan.")
    _check(row.team, draft)
    for name, value in _columns(draft).items():
        setattr(row, name, value)
    _seat_people(row, draft)
    _lay_table(row, draft)
    row.state = replace(_fresh_state(row, draft), status=row.status).to_json()
    row.version += 1
    row.save()
    if draft.rubric is not None:
        use_version(version=draft.rubric, now=now)
    live.publish_state_on_commit(row)
    return row


@transaction.atomic
def set_focus(*, session: Session, by: Participant, focus_question: str, norm_to_watch: str) -> Session:
    """Change the focus question and the norm to watch before the start: the presenter's and facilitator's to do."""
    row = locked(session)
    state = State.from_json(row.state)
    if not access.may_set_focus(access.role_of(by, state)):
        raise PermissionDenied("The presenter or the facilitator words the focus question.")
    if state.index is not None:
        raise IllegalCommand("The session has started with its focus question.")
    if norm_to_watch and norm_to_watch not in row.norms:
        raise BadArgument("Choose one of the team's own norms to watch.")
    row.focus_question = focus_question
    row.norm_to_watch = norm_to_watch or row.norm_to_watch
    row.version += 1
    row.save(update_fields=["focus_question", "norm_to_watch", "version"])
    live.publish_state_on_commit(row)
    return row


def _check(team: Team, draft: Draft) -> None:
    if draft.assignment.team_id != team.pk:
        raise BadArgument("That assignment is not your team's.")
    for sample in draft.samples:
        if sample.assignment_id != draft.assignment.pk:
            raise BadArgument(f"Sample {sample.label} belongs to another assignment.")
        if not sample.is_confirmed:
            raise BadArgument(f"Sample {sample.label} still waits: its names have not been checked and confirmed.")
    protocol = protocol_format.load(draft.protocol.data)
    if not draft.samples and any("work" in step.open for step in protocol.steps):
        raise BadArgument("Choose at least one sample to look at.")
    if draft.rubric is None and protocol.scores:
        raise BadArgument("This protocol scores, so it needs a rubric.")
    if draft.rubric is not None and draft.rubric.rubric.team_id != team.pk:
        raise BadArgument("That rubric is not your team's.")
    if not len(draft.focus_question.strip()) >= 1:
        raise BadArgument("A session needs a focus question.")


def _columns(draft: Draft) -> dict[str, object]:
    return {
        "assignment": draft.assignment,
        "protocol_version": draft.protocol,
        "rubric_version": draft.rubric,
        "purpose": draft.purpose,
        "focus_question": draft.focus_question,
        "norm_to_watch": draft.norm_to_watch,
        "names_at_reveal": draft.names_at_reveal,
        "starts_at": draft.starts_at,
        "minutes_at_hand": draft.minutes_at_hand,
    }


def _fresh_state(session: Session, draft: Draft) -> State:
    """The plan before it has begun; all the work is the session's, whether or not a step is about one sample alone."""
    return initial_state(
        steps=_steps(draft),
        facilitator=_facilitator(session, draft),
        people=_people(session),
        samples=[str(sample.pk) for sample in draft.samples],
    )


def _steps(draft: Draft) -> tuple[RunStep, ...]:
    return protocol_format.planned_steps(
        protocol_format.load(draft.protocol.data),
        samples=[(str(sample.pk), sample.label) for sample in draft.samples],
        minutes_at_hand=draft.minutes_at_hand,
        minutes=draft.minutes,
    )


def _seat_people(session: Session, draft: Draft) -> None:
    """A place for everyone who is to take part, with their role; who was dropped from the plan leaves."""
    roles = {user.pk: role for role, user in draft.roles.items() if role in Role.values}
    everyone = {user.pk: user for user in [*draft.people, *draft.roles.values()]}
    session.participants.exclude(user__in=everyone.values()).delete()
    for user in everyone.values():
        Participant.objects.update_or_create(
            session=session, user=user, defaults={"role": roles.get(user.pk, Role.PARTICIPANT)}
        )


def _lay_table(session: Session, draft: Draft) -> None:
    session.on_table.all().delete()
    SessionSample.objects.bulk_create(
        SessionSample(session=session, sample=sample, position=position, label=sample.label)
        for position, sample in enumerate(draft.samples)
    )


def _facilitator(session: Session, draft: Draft) -> str:
    return str(session.participants.get(user=draft.roles["facilitator"]).pk)


def _people(session: Session) -> list[str]:
    return [str(pk) for pk in session.participants.values_list("pk", flat=True)]
