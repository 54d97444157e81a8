"""Holds a meeting of the demo in which nobody scores: what is said in each step is written down in `looks`."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from home.demo.bring import Piece
from home.demo.looks import Doing, Look, Said
from home.demo.room import Group, Plan, Room, quarter_to
from home.demo.rows import Rows, new_id
from sessions_app import protocol_format
from sessions_app.domain.catalogue import newest
from sessions_app.models import NextStep, NextStepState, Note, Participant, Role
from work_samples.models import Assignment

PACE = (0.85, 1.08)  # how much of its planned time a step takes
FIRST, LAST = 0.15, 0.9  # between which shares of a step people speak


def room_of(
    look: Look,
    *,
    group: Group,
    assignment: Assignment,
    pieces: Mapping[str, Piece],
    starts_at: datetime,
    planned_at: datetime,
    rng: random.Random,
    rows: Rows,
) -> Room:
    """The meeting as it is planned: the team with this protocol, and without a rubric."""
    protocol = newest(look.protocol)
    people = group.people
    plan = Plan(
        id=UUID(int=rng.getrandbits(128), version=4),
        assignment=assignment,
        pieces=[pieces[label] for label in look.labels],
        starts_at=starts_at,
        minutes_at_hand=look.minutes,
        purpose=look.purpose,
        focus_question=look.focus_question,
        norm_to_watch=group.team.norms[look.norm],
        roles={
            Role.PRESENTER: people[look.presenter],
            Role.TIMEKEEPER: people[look.timekeeper],
            Role.RECORDER: people[look.recorder],
        },
        planned_at=planned_at,
    )
    looking = replace(group, protocol=protocol, script=protocol_format.load(protocol.data), rubric=None, criteria={})
    return Room(looking, plan, rng, rows)


def look_together(room: Room, look: Look, *, today: datetime) -> None:
    """Run the whole meeting: everybody comes, each says in its step what they say, and somebody will do something."""
    rng = room.rng
    now = room.plan.starts_at + timedelta(seconds=rng.randint(20, 120))
    room.command("open", at=quarter_to(room.plan.starts_at))
    for seat in room.present:
        seat.joined_at = room.plan.starts_at + timedelta(seconds=rng.randint(-540, 15))
    room.command("start", at=now)
    for _ in room.state.steps:
        ends = now + timedelta(seconds=round(room.step.minutes * 60 * rng.uniform(*PACE)))
        _play(room, look, begins=now, ends=ends, today=today)
        now = ends
        room.command("next" if room.index + 1 < len(room.state.steps) else "finish", at=now)
    room.close()


def _play(room: Room, look: Look, *, begins: datetime, ends: datetime, today: datetime) -> None:
    """What happens in one step, at even distances of time."""

    def at(number: int, of: int) -> datetime:
        return begins + (ends - begins) * (FIRST + (LAST - FIRST) * number / max(1, of - 1))

    said = look.said.get(room.step.key, ())
    for number, one in enumerate(said):
        seat = room.seats[one.who]
        if room.step.speaks == "rounds":
            room.command("call_on", at=at(number, len(said)), person=str(seat.pk))
        room.rows.add(_note(room, one, seat, at(number, len(said)) + timedelta(seconds=4)))
        room.shared()
    if room.step.makes == "next_steps":
        for number, doing in enumerate(look.doing):
            room.rows.add(_next_step(room, doing, at(number, len(look.doing)), today))
            room.shared()


def _note(room: Room, said: Said, seat: Participant, at: datetime) -> Note:
    piece = next((piece for piece in room.plan.pieces if piece.label == said.label), None)
    note = Note(
        pk=new_id(room.rng),
        session=room.session,
        participant=seat,
        step=room.index,
        kind=said.kind,
        text=said.text,
        sample=piece.sample if piece else None,
        created_at=at,
    )
    if piece and said.line:
        note.page = piece.pages[0]
        note.x, note.y = (round(one, 4) for one in piece.drawn[0].places[str(said.line)])
    return note


def _next_step(room: Room, doing: Doing, at: datetime, today: datetime) -> NextStep:
    due = (at + timedelta(days=doing.days)).date()
    done_at = at + timedelta(days=doing.days - 2) if doing.outcome else None
    is_over = done_at is not None and done_at < today
    return NextStep(
        pk=new_id(room.rng),
        team=room.group.team,
        session=room.session,
        text=doing.text,
        students=doing.students,
        owner=room.group.people[doing.who],
        due=due,
        state=NextStepState.DONE if is_over else NextStepState.TRYING,
        outcome=doing.outcome if is_over else "",
        created_by=room.recorder.user,
        created_at=at,
        done_at=done_at if is_over else None,
    )
