"""One session of the demo, run by the real engine: its row, seats, table, commands and log.

Nothing is written here: the rows go to `rows`. What people write in the session is `meeting`'s.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from home.demo.bring import Piece
from home.demo.phrases import Phrases
from home.demo.rows import Codes, Rows, new_id
from rubrics.models import Criterion, Version
from sessions_app import protocol_format
from sessions_app.engine import Command, RunStep, State, apply, current_step, initial_state
from sessions_app.models import Done, Participant, ProtocolVersion, Role, Session, SessionEvent, SessionSample
from teams.models import Team, User
from work_samples.models import Assignment


@dataclass(frozen=True)
class Group:
    """A team that meets: its people (the first one facilitates), how severe each is, its rubric, protocol and words.

    Without a rubric nobody scores.
    """

    team: Team
    people: Sequence[User]
    severity: Mapping[UUID, float]
    rubric: Version | None
    criteria: Mapping[str, Criterion]
    protocol: ProtocolVersion
    script: protocol_format.Protocol
    phrases: Phrases


@dataclass(frozen=True)
class Plan:
    """One meeting as it is planned. `roles` are parts other than facilitating; `absent` (ids) did not come.

    `harmony` and `openness`: see `scorers`. `split_over`: labels of the samples over which the room stays divided
    where the bank has both reasons.
    """

    id: UUID
    assignment: Assignment
    pieces: Sequence[Piece]
    starts_at: datetime
    minutes_at_hand: int
    purpose: str
    focus_question: str
    norm_to_watch: str
    roles: Mapping[str, User]
    planned_at: datetime
    absent: Collection[UUID] = ()
    harmony: float = 0.5
    openness: float = 0.0
    split_over: Collection[str] = ()


@dataclass
class Room:
    """The room of one plan, from planning on; `close` finishes its row."""

    group: Group
    plan: Plan
    rng: random.Random
    rows: Rows
    session: Session = field(init=False)
    seats: list[Participant] = field(init=False)
    state: State = field(init=False)

    def __post_init__(self) -> None:
        self.session = self._session()
        self.seats = self._seats()
        self.rows.add(self.session, *self.seats, *self._table())
        self.state = initial_state(
            steps=protocol_format.planned_steps(
                self.group.script,
                samples=[(str(piece.sample.pk), piece.label) for piece in self.plan.pieces],
                minutes_at_hand=self.plan.minutes_at_hand,
            ),
            facilitator=str(self.facilitator.pk),
            people=[str(seat.pk) for seat in self.seats],
            samples=[str(piece.sample.pk) for piece in self.plan.pieces],
        )

    # --- reading

    @property
    def step(self) -> RunStep:
        """The step that the room is at."""
        step = current_step(self.state)
        if step is None:
            raise ValueError("The session has not started.")
        return step

    @property
    def index(self) -> int:
        """The number of that step, from 0."""
        return self.state.index or 0

    @property
    def facilitator(self) -> Participant:
        """The seat of the first of the team's people."""
        return self.seats[0]

    @property
    def recorder(self) -> Participant:
        """Who writes down what the room agrees on, if they came."""
        return next((seat for seat in self.present if seat.role == Role.RECORDER), self.facilitator)

    @property
    def present(self) -> list[Participant]:
        """Everybody who came."""
        return [seat for seat in self.seats if seat.user_id not in self.plan.absent]

    @property
    def labels(self) -> list[str]:
        """What the samples on the table are called."""
        return [piece.label for piece in self.plan.pieces]

    def piece(self) -> Piece:
        """The sample that the step is about."""
        return next(piece for piece in self.plan.pieces if str(piece.sample.pk) == self.step.sample)

    # --- moving

    def command(self, name: str, *, at: datetime, **arguments: object) -> None:
        """The facilitator gives a command, as `sessions_app.domain.commands` would take it."""
        before = self.state
        self.state, events = apply(before, Command(name, str(self.facilitator.pk), arguments), now=at)
        self._log(*((event.name, dict(event.data)) for event in events), by=self.facilitator, at=at)
        if before.index is None and self.state.index is not None:
            self.session.started_at = at
        if self.state.status == "finished":
            self.session.finished_at = at

    def done(self, seat: Participant, *, at: datetime, count: int) -> None:
        """One more person, the `count`-th, is done with the step."""
        self.rows.add(Done(session=self.session, participant=seat, step=self.index))
        self._log(("done", {"step": self.index + 1, "count": count}), by=None, at=at)

    def shared(self) -> None:
        """Something that everybody can see was written."""
        self.session.activity += 1

    def close(self) -> Session:
        """The session's row says what the state says."""
        self.session.state, self.session.status = self.state.to_json(), self.state.status
        return self.session

    # --- rows

    def _log(self, *events: tuple[str, Mapping[str, object]], by: Participant | None, at: datetime) -> None:
        if not events:
            return
        self.session.version += 1
        self.rows.add(
            *(
                SessionEvent(
                    session=self.session,
                    version=self.session.version,
                    name=name,
                    participant=by,
                    data=dict(data),
                    at=at,
                )
                for name, data in events
            )
        )

    def _session(self) -> Session:
        return Session(
            pk=self.plan.id,
            team=self.group.team,
            assignment=self.plan.assignment,
            protocol_version=self.group.protocol,
            rubric_version=self.group.rubric,
            purpose=self.plan.purpose,
            focus_question=self.plan.focus_question,
            norms=list(self.group.team.norms),
            norm_to_watch=self.plan.norm_to_watch,
            starts_at=self.plan.starts_at,
            minutes_at_hand=self.plan.minutes_at_hand,
            created_by=self.group.people[0],
            created_at=self.plan.planned_at,
        )

    def _seats(self) -> list[Participant]:
        roles = {user.pk: role for role, user in self.plan.roles.items()}
        return [
            Participant(pk=new_id(self.rng), session=self.session, user=user, role=roles.get(user.pk, Role.PARTICIPANT))
            for user in self.group.people
        ]

    def _table(self) -> list[SessionSample]:
        return [
            SessionSample(session=self.session, sample=piece.sample, position=position, label=piece.label)
            for position, piece in enumerate(self.plan.pieces)
        ]


def seeded(session: Session, *, codes: Codes, rng: random.Random) -> None:
    """Let the seed decide a session's join code and the order of its dots; for sessions that are history."""
    session.join_code, session.shuffle = codes.new(), new_id(rng)


def quarter_to(moment: datetime) -> datetime:
    """When a room is opened: some minutes before it starts."""
    return moment - timedelta(minutes=12)
