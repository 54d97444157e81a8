"""Makes the demo school, once: everything that `make run` shows to a visitor.

The pages are drawn first; then one transaction writes the rows, so that there is a whole demo or none. The same
seed gives the same people, scores and words; dates follow the day on which the demo is made.
"""

import json
import os
import random
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from home.demo import days, looks, programme
from home.demo.artist import Gallery, paint, texts_of
from home.demo.bring import Bringing, Piece, new_assignment
from home.demo.groups import group_of
from home.demo.looking import look_together, room_of
from home.demo.meeting import hold
from home.demo.people import DISTRICTS, PASSWORD
from home.demo.phrases import index_of
from home.demo.programme import Ahead, Held
from home.demo.promises import Promise
from home.demo.room import Group, Plan, Room, seeded
from home.demo.rows import Codes, Rows
from home.demo.staff import Staffed, Staffing
from home.demo.standards import bring_standards
from home.demo.tasks import TASKS, task_by_key
from reports.domain.sharing import share_record
from sessions_app.models import NextStepState, Role, Session
from sessions_app.signals import session_finished
from teams.models import District, User
from work_samples.domain import files
from work_samples.models import Assignment, Selection

SEED = 7
YEAR = timedelta(days=300)
FILE_NAME = "demo.json"
_NAMES = uuid.UUID("a3f7c1de-5b0e-4d52-9b7e-2f4be6b41c07")
LOBBY, PLANNED, FINISHED = (uuid.uuid5(_NAMES, name) for name in ("lobby", "planned", "finished"))
DOMAINS = ("demo.example", "elsewhere.example")  # one for each district
ADMINISTRATOR = "admin@demo.example"
DISTRICT_ADMINISTRATOR = "district@demo.example"


class HalfThere(Exception):
    """Accounts of the demo exist, but the demo does not; the message is a sentence for who runs the command."""


def demo_exists() -> bool:
    """Whether the demo school is in the database."""
    return Session.objects.filter(pk=LOBBY).exists()


def make_demo(*, now: datetime) -> bool:
    """Make the demo school unless it is there, and its file; returns whether it was made.

    Raises `HalfThere`, and `FontsMissingError` when the pages cannot be drawn.
    """
    made = False
    if not demo_exists():
        _refuse_half()
        with files.workbench(files.PAGES, uuid.uuid5(_NAMES, "pages")) as bench:
            gallery = paint(bench, base_dir=settings.BASE_DIR)
            made = _write(gallery, bench=bench, now=now)
    path = Path(settings.DATA_DIR) / FILE_NAME
    if made or not _is_readable(path):
        write_file(path)
    return made


def _refuse_half() -> None:
    if User.objects.filter(email=ADMINISTRATOR).exists():
        raise HalfThere(
            f"There is an account {ADMINISTRATOR} here but no demo school. Use an empty DATA_DIR for the demo."
        )


@transaction.atomic
def _write(gallery: Gallery, *, bench: Path, now: datetime) -> bool:
    if demo_exists():  # made by another process while this one was drawing
        return False
    Demo(gallery, bench=bench, now=now).make()
    _district_office(now)
    return True


def _district_office(now: datetime) -> None:
    """What the district has brought for its teams."""
    by = User.objects.get(email=DISTRICT_ADMINISTRATOR)
    district = District.objects.get(administrators__user=by)
    bring_standards(district=district, by=by, now=now)


# --- the file ---------------------------------------------------------------------------------------------


def describe() -> dict[str, object]:
    """What demo.json says: the ids of what is there to be tried."""
    lobby = Session.objects.select_related("assignment").get(pk=LOBBY)
    confirmed = lobby.assignment.samples.confirmed().order_by("label")
    return {
        "sessions": {"lobby": str(LOBBY), "planned": str(PLANNED), "finished": str(FINISHED)},
        "assignment": str(lobby.assignment_id),
        "rubric": str(lobby.rubric_version_id),
        "team": str(lobby.team_id),
        "samples": [str(pk) for pk in confirmed.values_list("pk", flat=True)],
    }


def write_file(path: Path) -> None:
    """Write demo.json: wholly or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(describe(), indent=2) + "\n", encoding="utf-8")
    draft.replace(path)


def _is_readable(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    except (OSError, ValueError):
        return False


# --- the rows ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shelf:
    """What a team has brought: its assignment and pieces by label, and the same of the anchors that it picked."""

    assignment: Assignment
    pieces: Mapping[str, Piece]
    anchors: tuple[Assignment, Mapping[str, Piece]] | None


class Demo:
    """Everything in the demo school. Call `make` once, inside a transaction."""

    def __init__(self, gallery: Gallery, *, bench: Path, now: datetime) -> None:
        self._gallery, self._bench, self._now = gallery, bench, now
        self._zone = timezone.get_default_timezone()
        self._today = now.astimezone(self._zone)
        self._rows = Rows()
        self._codes = Codes(random.Random(f"{SEED} codes"))

    def make(self) -> None:
        """Write it all."""
        teams = self._staff()
        self._rows.write()
        User.objects.filter(email=ADMINISTRATOR).update(is_staff=True, is_superuser=True)
        for number, staffed in enumerate(teams):
            self._team(staffed, number)

    def _staff(self) -> list[Staffed]:
        staffing = Staffing(
            self._rows,
            random.Random(f"{SEED} people"),
            password=make_password(PASSWORD),
            founded=self._now - YEAR - timedelta(days=30),
            looked=self._now - timedelta(days=4),
        )
        return [
            team
            for district, domain in zip(DISTRICTS, DOMAINS, strict=True)
            for team in staffing.district(district, domain=domain)
        ]

    def _team(self, staffed: Staffed, number: int) -> None:
        """One team's year. The first team is the one that a visitor meets: it also has sessions ahead."""
        rng = random.Random(f"{SEED} {staffed.content.name}")
        task = task_by_key(staffed.content.task)
        plan = programme.PROGRAMMES[staffed.content.name]
        meets = self._days(len(plan.held), number, rng)
        index = index_of(task, texts_of(self._gallery, task.key))
        group = group_of(staffed, task, index, rng=rng, at=meets[0] - timedelta(days=8))
        shelf = self._bring(staffed, group, meets[0], number, rng)
        for at, held in enumerate(plan.held):
            self._hold(group, shelf, held, starts_at=meets[at], progress=at / max(1, len(plan.held) - 1), rng=rng)
        if number == 0:
            self._look_ahead(group, shelf, rng)
            self._describe(group, shelf, meets)
        self._rows.write()
        for at, held in enumerate(plan.held):
            if held.is_shared:
                self._share(group, meets[at])
        for session in Session.objects.filter(team=staffed.team, status="finished"):
            transaction.on_commit(partial(session_finished.send_robust, sender=Session, session_id=session.pk))

    def _days(self, count: int, team: int, rng: random.Random) -> list[datetime]:
        """When the team met: evenly over the year, the last time a few days ago."""
        open_days = days.school_days((self._today - YEAR).date(), (self._today - timedelta(days=1)).date())
        chosen = [*days.spread(open_days[: -2 * count], count - 1, rng), open_days[-2 - team]]
        return [days.after_school(day, self._zone, late=timedelta(minutes=rng.choice((0, 0, 5, 10)))) for day in chosen]

    # --- work

    def _bring(self, staffed: Staffed, group: Group, first: datetime, number: int, rng: random.Random) -> Shelf:
        task = task_by_key(staffed.content.task)
        plan = programme.PROGRAMMES[staffed.content.name]
        bringing = Bringing(self._rows, rng, task=task, gallery=self._gallery, bench=self._bench)
        at = first - timedelta(days=6)
        assignment = new_assignment(task, team=group.team, by=group.people[0], at=at, rng=rng, selection=plan.selection)
        self._rows.add(assignment)
        fresh = programme.LOBBY.labels if number == 0 else ""
        labels = {sample.label for sample in task.samples} - set(fresh)
        pieces = dict(bringing.confirmed(assignment, labels, by=group.people[:3], at=at + timedelta(hours=1)))
        if fresh:
            pieces |= bringing.confirmed(assignment, fresh, by=[group.people[1]], at=self._now - timedelta(days=2))
        if number < len(TASKS):  # the first two teams look at different tasks
            bringing.waiting(assignment, by=group.people[1], at=self._now - timedelta(hours=20))
        anchors = None
        if plan.anchors:
            picked = new_assignment(
                task,
                team=group.team,
                by=group.people[0],
                at=self._now - timedelta(days=75),
                rng=rng,
                selection=Selection.PICKED,
                title=programme.ANCHORS,
            )
            self._rows.add(picked)
            kept = bringing.confirmed(picked, plan.anchors, by=group.people[:1], at=self._now - timedelta(days=75))
            anchors = picked, kept
        return Shelf(assignment, pieces, anchors)

    # --- sessions

    def _hold(
        self, group: Group, shelf: Shelf, held: Held, *, starts_at: datetime, progress: float, rng: random.Random
    ) -> None:
        is_remarkable = held.tag == programme.REMARKABLE
        assignment, pieces = shelf.anchors if held.from_anchors and shelf.anchors else (shelf.assignment, shelf.pieces)
        absent = {group.people[place].pk for place in held.away}
        session_rng = random.Random(rng.getrandbits(64))
        plan = Plan(
            id=FINISHED if is_remarkable else uuid.UUID(int=session_rng.getrandbits(128), version=4),
            assignment=assignment,
            pieces=[pieces[label] for label in held.labels],
            starts_at=starts_at,
            minutes_at_hand=90 if len(held.labels) > 2 else 75,
            purpose=held.purpose,
            focus_question=group.phrases.bank.focus_questions[held.question],
            norm_to_watch=rng.choice(group.team.norms),
            roles=_roles([user for user in group.people[1:] if user.pk not in absent], rng),
            planned_at=starts_at - timedelta(days=rng.randint(4, 9), hours=rng.randint(1, 6)),
            absent=absent,
            harmony=progress,
            split_over=held.split_over,
        )
        room = Room(group, plan, session_rng, self._rows)
        seeded(room.session, codes=self._codes, rng=session_rng)
        promises = self._promises(starts_at) if is_remarkable else ()
        hold(room, today=self._today, promises=promises, next_steps=held.next_steps)

    def _promises(self, starts_at: datetime) -> Iterable[Promise]:
        """One next step in each state: done, being tried by the first teacher and due soon, planned and overdue."""
        today = self._today.date()
        done = min(starts_at + timedelta(days=9, minutes=55), self._today - timedelta(days=1))
        soon = days.weekday_from(today + timedelta(days=3))
        return (
            Promise((starts_at + timedelta(days=14)).date(), NextStepState.DONE, done, owner=2),
            Promise(soon, NextStepState.TRYING, owner=1),
            Promise(today - timedelta(days=5), NextStepState.PLANNED, owner=5),
        )

    def _look_ahead(self, group: Group, shelf: Shelf, rng: random.Random) -> None:
        """One room that is open now and one session that is planned."""
        room = self._ahead(group, shelf, programme.LOBBY, rng, pk=LOBBY, starts_at=days.next_quarter(self._today))
        room.command("open", at=self._now)
        room.close()
        next_week = days.weekday_from((self._today + timedelta(days=7)).date())
        starts_at = days.after_school(next_week, self._zone)
        self._ahead(group, shelf, programme.PLANNED, rng, pk=PLANNED, starts_at=starts_at).close()

    def _ahead(
        self, group: Group, shelf: Shelf, ahead: Ahead, rng: random.Random, *, pk: uuid.UUID, starts_at: datetime
    ) -> Room:
        people = group.people
        plan = Plan(
            id=pk,
            assignment=shelf.assignment,
            pieces=[shelf.pieces[label] for label in ahead.labels],
            starts_at=starts_at,
            minutes_at_hand=ahead.minutes,
            purpose=ahead.purpose,
            focus_question=group.phrases.bank.focus_questions[ahead.question],
            norm_to_watch=group.team.norms[1],
            roles={
                Role.PRESENTER: people[ahead.presenter],
                Role.TIMEKEEPER: people[ahead.timekeeper],
                Role.RECORDER: people[ahead.recorder],
            },
            planned_at=self._now - timedelta(days=1),
        )
        return Room(group, plan, rng, self._rows)

    def _describe(self, group: Group, shelf: Shelf, meets: Iterable[datetime]) -> None:
        """The meetings in which nobody scores: on days of their own, and with chance of their own."""
        taken = {moment.date() for moment in meets}
        for number, look in enumerate((*looks.HELD, looks.AHEAD)):
            rng = random.Random(f"{SEED} look {number}")
            day = days.free_day((self._today + timedelta(days=look.days)).date(), taken, ahead=look.days > 0)
            taken.add(day)
            starts_at = days.after_school(day, self._zone)
            room = room_of(
                look,
                group=group,
                assignment=shelf.assignment,
                pieces=shelf.pieces,
                starts_at=starts_at,
                planned_at=min(starts_at, self._now) - timedelta(days=3),
                rng=rng,
                rows=self._rows,
            )
            seeded(room.session, codes=self._codes, rng=rng)
            if look.days < 0:
                look_together(room, look, today=self._today)
            room.close()

    def _share(self, group: Group, starts_at: datetime) -> None:
        session = Session.objects.get(team=group.team, starts_at=starts_at)
        share_record(session=session, by=group.people[0], shared=True, now=starts_at + timedelta(days=1))


def _roles(people: list[User], rng: random.Random) -> dict[str, User]:
    """Three people who present, watch the time and write down."""
    return dict(zip((Role.PRESENTER, Role.TIMEKEEPER, Role.RECORDER), rng.sample(people, 3), strict=True))
