"""Makes data at scale: many schools with many finished sessions, believable as the demo's, in bounded memory.

The pages are drawn once and shared by all samples. A team is written at a time, each in its own transaction, its
sessions some at a time; what a run that was broken off has written stays.
"""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from home.demo import days, names
from home.demo.artist import Gallery, paint, texts_of
from home.demo.bring import Bringing, Piece, new_assignment
from home.demo.content import Person, SchoolContent, Task, TeamContent
from home.demo.groups import group_of
from home.demo.meeting import hold
from home.demo.people import TEAMS
from home.demo.phrases import index_of
from home.demo.room import Group, Plan, Room, seeded
from home.demo.rows import Codes, Rows, new_id
from home.demo.staff import Staffed, Staffing
from home.demo.tasks import TASKS
from sessions_app.models import Purpose, Role, Session
from sessions_app.signals import session_finished
from teams.models import Administration, District, User
from work_samples.domain import files
from work_samples.models import Assignment, Selection

YEAR = timedelta(days=300)
AT_ONCE = 25  # sessions that wait in memory
SMALLEST_TEAM, LARGEST_TEAM = 4, 8
OPENNESS = 0.5
_NAMES = uuid.UUID("5d0c2b7e-0f5b-4a36-8c51-1f2f8f3f9a10")


class SeedIsUsed(Exception):
    """Data of this seed is there already; the message is a sentence for who runs the command."""


@dataclass(frozen=True)
class Size:
    """How much to make: schools, teams in each, finished sessions of each team."""

    schools: int
    teams: int
    sessions: int


def make_data(size: Size, *, seed: int, now: datetime, password: str | None = None) -> str:
    """Make it all; returns the e-mail address of who administers the district. With `password` people can log in.

    Raises `SeedIsUsed`, and `FontsMissingError` when the pages cannot be drawn.
    """
    district = District(pk=uuid.uuid5(_NAMES, f"district {seed}"), name=f"District {seed}")
    if District.objects.filter(pk=district.pk).exists():
        raise SeedIsUsed(f"Data of seed {seed} is here already, perhaps from a run that was broken off. Take another.")
    with files.workbench(files.PAGES, uuid.uuid5(_NAMES, f"pages {seed}")) as bench:
        gallery = paint(bench, base_dir=settings.BASE_DIR)
        district.save(force_insert=True)
        maker = _Maker(gallery, bench=bench, district=district, seed=seed, now=now, password=password)
        for number in range(1, size.schools + 1):
            maker.school(number, teams=size.teams, sessions=size.sessions)
    return maker.administrator


class _Maker:
    """Makes one school after the other."""

    def __init__(
        self, gallery: Gallery, *, bench: Path, district: District, seed: int, now: datetime, password: str | None
    ) -> None:
        self._gallery, self._bench, self._district, self._seed = gallery, bench, district, seed
        self._zone = timezone.get_default_timezone()
        self._today = now.astimezone(self._zone)
        self._password = make_password(password)  # None: nobody can log in
        self._codes = Codes(random.Random(f"{seed} codes"))
        self._index = {task.key: index_of(task, texts_of(gallery, task.key)) for task in TASKS}
        self._domain = f"seed{seed}.demo.example"
        self.administrator = f"district@{self._domain}"
        with transaction.atomic():
            overseer = User.objects.create(
                pk=uuid.uuid5(_NAMES, f"overseer {seed}"),
                email=self.administrator,
                name=names.person(random.Random(f"{seed} overseer")),
                password=self._password,
            )
            Administration.objects.create(user=overseer, district=district)

    def school(self, number: int, *, teams: int, sessions: int) -> None:
        """One school with its teams and their sessions."""
        rng = random.Random(f"{self._seed} school {number}")
        rows = Rows()
        staffing = Staffing(
            rows,
            rng,
            password=self._password,
            founded=self._today - YEAR - timedelta(days=30),
            looked=self._today - timedelta(days=rng.randint(1, 9)),
        )
        content = SchoolContent(
            names.school(rng, number),
            (self._person(rng, number, "administrator"),),
            tuple(self._team_content(rng, number, team) for team in range(1, teams + 1)),
        )
        staffed = staffing.school(content, self._district, domain=self._domain)
        with transaction.atomic():
            rows.write()
        for at, team in enumerate(staffed):
            self._team(team, random.Random(f"{self._seed} team {number} {at}"), sessions=sessions)

    def _team_content(self, rng: random.Random, school: int, number: int) -> TeamContent:
        task = TASKS[(school + number) % len(TASKS)]
        people = rng.randint(SMALLEST_TEAM, LARGEST_TEAM)
        return TeamContent(
            name=f"Grade {task.grade} team {number}",
            task=task.key,
            norms=rng.choice(TEAMS).norms,
            people=tuple(self._person(rng, school, f"{number}-{place}") for place in range(1, people + 1)),
        )

    def _person(self, rng: random.Random, school: int, who: str) -> Person:
        return Person(names.person(rng), f"school{school}-{who}@{self._domain}")

    @transaction.atomic
    def _team(self, staffed: Staffed, rng: random.Random, *, sessions: int) -> None:
        task = next(task for task in TASKS if task.key == staffed.content.task)
        rows = Rows()
        open_days = days.school_days((self._today - YEAR).date(), (self._today - timedelta(days=1)).date())
        meets = [days.after_school(day, self._zone) for day in days.spread(open_days, sessions, rng)]
        group = group_of(staffed, task, self._index[task.key], rng=rng, at=meets[0] - timedelta(days=8))
        assignment, pieces = self._bring(rows, rng, group, task, meets[0] - timedelta(days=6))
        rows.write()
        for at, tables in enumerate(_tables(pieces, sessions, rng)):
            progress = at / max(1, sessions - 1)
            self._session(rows, rng, group, assignment, tables, starts_at=meets[at], progress=progress)
            if at % AT_ONCE == AT_ONCE - 1:
                rows.write()
        rows.write()

    def _bring(
        self, rows: Rows, rng: random.Random, group: Group, task: Task, at: datetime
    ) -> tuple[Assignment, Mapping[str, Piece]]:
        chosen = rng.choice((Selection.ALL, Selection.ALL, Selection.RANDOM, Selection.PICKED))
        assignment = new_assignment(task, team=group.team, by=group.people[0], at=at, rng=rng, selection=chosen)
        rows.add(assignment)
        bringing = Bringing(rows, rng, task=task, gallery=self._gallery, bench=self._bench)
        labels = {sample.label for sample in task.samples}
        return assignment, bringing.confirmed(assignment, labels, by=group.people[:3], at=at)

    def _session(
        self,
        rows: Rows,
        rng: random.Random,
        group: Group,
        assignment: Assignment,
        pieces: Sequence[Piece],
        *,
        starts_at: datetime,
        progress: float,
    ) -> None:
        session_rng = random.Random(rng.getrandbits(64))
        parts = session_rng.sample(group.people[1:], 3)
        plan = Plan(
            id=new_id(session_rng),
            assignment=assignment,
            pieces=pieces,
            starts_at=starts_at,
            minutes_at_hand=90,
            purpose=session_rng.choice(Purpose.values),
            focus_question=group.phrases.focus_question(),
            norm_to_watch=session_rng.choice(group.team.norms),
            roles=dict(zip((Role.PRESENTER, Role.TIMEKEEPER, Role.RECORDER), parts, strict=True)),
            planned_at=starts_at - timedelta(days=5),
            harmony=progress,
            openness=OPENNESS,
        )
        room = Room(group, plan, session_rng, rows)
        seeded(room.session, codes=self._codes, rng=session_rng)
        hold(room, today=self._today, next_steps=session_rng.randint(1, 2))
        transaction.on_commit(partial(session_finished.send_robust, sender=Session, session_id=plan.id))


def _tables(pieces: Mapping[str, Piece], sessions: int, rng: random.Random) -> list[list[Piece]]:
    """Two or three pieces for each session, each piece as often as every other."""
    order = list(pieces.values())
    rng.shuffle(order)
    every = cycle(order)
    return [list(islice(every, rng.choice((2, 3, 3)))) for _ in range(sessions)]
