"""What home, the library and the about page gather from every room. The number of queries never grows with the rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from esw.core.words import count_words
from sessions_app.models import NextStep, NextStepState, Session, SessionSample, Status
from sessions_app.queries.questions import question_for, with_my_seat
from sessions_app.queries.striking import ToLookThrough, to_look_through
from teams.models import Team, User
from teams.queries import teams_of
from work_samples.models import Assignment, Page, Sample

FIRST_LOOK = timedelta(days=14)
FORGOTTEN = timedelta(days=14)
SESSIONS_SHOWN = 6
STEPS_SHOWN = 5
WAITING_SHOWN = 5
CHANGES_SHOWN = 8
THUMBS_SHOWN = 6
SHEET_SHOWN = 7
LIVE = (Status.RUNNING, Status.PAUSED, Status.LOBBY)


@dataclass(frozen=True, slots=True)
class Thumb:
    """A sample in a strip: its label, the id of its first page, where it leads ('' = nowhere).

    `recording` is the id of what there is to hear or watch, if anything; `has_picture`: a picture of it is kept.
    """

    label: str
    page: UUID | None
    url: str = ""
    recording: UUID | None = None
    has_picture: bool = False


@dataclass(frozen=True, slots=True)
class Ahead:
    """A session that is on or to come, as a card shows it; `question` is '' while it is not this person's to see."""

    session: Session
    question: str
    steps: list[dict[str, Any]]
    people: int
    joined: int
    is_missed: bool
    thumbs: list[Thumb] = field(default_factory=list)
    more: int = 0

    @property
    def minutes(self) -> float:
        return float(sum(step["minutes"] for step in self.steps))


@dataclass(frozen=True, slots=True)
class Change:
    """One line of 'since you were here'; `view` and `of` say where its link leads."""

    at: datetime
    text: str
    link: str
    view: str
    of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that home shows to one person."""

    teams: list[Team]
    next: Ahead | None
    later: list[Ahead]
    steps: list[NextStep]
    more_steps: int
    waiting: list[Sample]
    more_waiting: int
    changes: list[Change]
    to_look_through: list[ToLookThrough]


def home_of(user: User, *, now: datetime, since: datetime | None) -> Gathered:
    """What this person's home shows; `since` is when they last looked (None: the last two weeks)."""
    teams = list(teams_of(user))
    sessions = list(ahead_of(user, now=now)[:SESSIONS_SHOWN])
    first = sessions[0] if sessions else None
    steps = list(open_steps(user)[: STEPS_SHOWN + 1])
    waiting = list(waiting_work(user)[: WAITING_SHOWN + 1])
    return Gathered(
        teams=teams,
        next=ahead(first, user=user, now=now, thumbs=table_thumbs(first)) if first else None,
        later=[ahead(session, user=user, now=now) for session in sessions[1:]],
        steps=steps[:STEPS_SHOWN],
        more_steps=open_steps(user).count() - STEPS_SHOWN if len(steps) > STEPS_SHOWN else 0,
        waiting=waiting[:WAITING_SHOWN],
        more_waiting=waiting_work(user).count() - WAITING_SHOWN if len(waiting) > WAITING_SHOWN else 0,
        changes=changes(user, since=since or now - FIRST_LOOK),
        to_look_through=to_look_through(user, now=now),
    )


def ahead_of(user: User, *, now: datetime) -> QuerySet[Session]:
    """Sessions of this person's teams that are not over: open rooms first, then the soonest, then missed ones.

    A planned session that nobody opened is forgotten two weeks after its time.
    """
    place = Case(
        When(status__in=LIVE, then=Value(0)),
        When(starts_at__gte=now - timedelta(hours=3), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    sessions = with_people(
        Session.objects.visible_to(user)
        .exclude(status=Status.FINISHED)
        .exclude(status=Status.PLANNED, starts_at__lt=now - FORGOTTEN)
    )
    return with_my_seat(sessions, user).order_by(place, "starts_at", "pk")


def with_people(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Sessions with their team, task and protocol, `people` invited and `joined` (came into the room)."""
    together = sessions.select_related("team", "assignment", "protocol_version__protocol")
    return together.defer("protocol_version__data").annotate(  # large, and no card shows it
        people=Count("participants", distinct=True),
        joined=Count("participants", filter=Q(participants__joined_at__isnull=False), distinct=True),
    )


def ahead(session: Any, *, user: User, now: datetime, thumbs: list[Thumb] | None = None) -> Ahead:
    """One session (of `ahead_of`) as a card shows it to `user`."""
    thumbs = thumbs or []
    return Ahead(
        session=session,
        question=question_for(session, user),
        steps=list(session.state.get("steps", [])),
        people=session.people,
        joined=session.joined,
        is_missed=session.status == Status.PLANNED and session.starts_at < now - timedelta(hours=3),
        thumbs=thumbs[:THUMBS_SHOWN],
        more=max(0, len(thumbs) - THUMBS_SHOWN),
    )


def first_page(of: str) -> Subquery:
    """The id of a sample's first page, as an annotation; `of` is the field that holds the sample's id."""
    return Subquery(Page.objects.filter(sample=OuterRef(of)).order_by("number").values("pk")[:1])


def table_thumbs(session: Session) -> list[Thumb]:
    """What lies on a session's table, in its order."""
    rows = SessionSample.objects.filter(session=session).annotate(first=first_page("sample")).order_by("position")
    found = rows.values_list("label", "first", "sample__recording", "sample__recording__thumbnail")
    return [
        Thumb(label, page, recording=recording, has_picture=bool(picture)) for label, page, recording, picture in found
    ]


def open_steps(user: User) -> QuerySet[NextStep]:
    """What this person has promised and not yet done, the soonest first, undated last."""
    undated = Case(When(due__isnull=True, then=Value(1)), default=Value(0), output_field=IntegerField())
    mine = NextStep.objects.visible_to(user).filter(owner=user).exclude(state=NextStepState.DONE)
    return mine.order_by(undated, "due", "created_at")


def waiting_work(user: User) -> QuerySet[Sample]:
    """Samples that this person brought and has not yet confirmed; nobody else sees them."""
    mine: QuerySet[Sample] = Sample.objects.visible_to(user).waiting().filter(uploader=user)
    return mine.select_related("assignment", "recording").annotate(page_count=Count("pages")).order_by("created_at")


def changes(user: User, *, since: datetime) -> list[Change]:
    """What others did since then, newest first."""
    found = [*_work_brought(user, since), *_sessions_finished(user, since), *_steps_done(user, since)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:CHANGES_SHOWN]


def _work_brought(user: User, since: datetime) -> Iterable[Change]:
    rows = (
        Sample.objects.visible_to(user)
        .filter(confirmed_at__gt=since)
        .exclude(uploader=user)
        .select_related("assignment", "uploader")
        .order_by("assignment_id", "uploader_id", "-confirmed_at")[:200]
    )
    for _, group in groupby(rows, key=lambda sample: (sample.assignment_id, sample.uploader_id)):
        samples = list(group)
        first = samples[0]
        brought = count_words(len(samples), "sample")
        yield Change(
            at=first.confirmed_at,
            text=f"{first.uploader.short_name} brought {brought} for ‘{first.assignment.title}’.",
            link="Look",
            view="work_samples:assignment",
            of=first.assignment_id,
        )


def _sessions_finished(user: User, since: datetime) -> Iterable[Change]:
    rows = (
        Session.objects.visible_to(user)
        .filter(status=Status.FINISHED, finished_at__gt=since)
        .select_related("team")
        .defer("state")  # large, and no line of news shows it
        .annotate(looked_at=Count("on_table", distinct=True), steps=Count("next_steps", distinct=True))
        .order_by("-finished_at")[:CHANGES_SHOWN]
    )
    for session in rows:
        decided = f" and decided on {count_words(session.steps, 'next step')}" if session.steps else ""
        looked = count_words(session.looked_at, "sample")
        yield Change(
            at=session.finished_at,
            text=f"{session.team.name} looked at {looked}{decided}: ‘{session.focus_question}’",
            link="Read the record",
            view="reports:record",
            of=session.pk,
        )


def _steps_done(user: User, since: datetime) -> Iterable[Change]:
    rows = (
        NextStep.objects.visible_to(user)
        .filter(state=NextStepState.DONE, done_at__gt=since)
        .exclude(owner=user)
        .select_related("owner")
        .order_by("-done_at")[:CHANGES_SHOWN]
    )
    for step in rows:
        yield Change(
            at=step.done_at or since,
            text=f"{step.owner.short_name} finished a next step: ‘{step.text}’",
            link="See the board",
            view="sessions_app:next_steps",
        )


# --- library ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sheet:
    """An assignment with the first of its confirmed samples."""

    assignment: Assignment
    thumbs: list[Thumb]
    more: int
    total: int


def assignments_of(user: User, *, team: UUID | None = None) -> QuerySet[Assignment]:
    """The assignments of this person's teams (or of one of them), newest first."""
    mine = Assignment.objects.visible_to(user).select_related("team")
    return (mine.filter(team=team) if team else mine).order_by("-created_at", "pk")


def sheets(assignments: Iterable[Assignment]) -> list[Sheet]:
    """Each assignment with thumbnails of what everybody in the team may see: confirmed samples only."""
    assignments = list(assignments)
    rows = (
        Sample.objects.confirmed()
        .current()
        .filter(assignment__in=assignments)
        .annotate(first=first_page("pk"))
        .order_by("assignment_id", "created_at", "label")
        .values_list("assignment_id", "pk", "label", "first", "recording", "recording__thumbnail")
    )
    by_assignment: dict[UUID, list[Thumb]] = defaultdict(list)
    for assignment, sample, label, page, recording, picture in rows:
        url = reverse("work_samples:sample", args=[sample])
        by_assignment[assignment].append(Thumb(label, page, url, recording, bool(picture)))
    return [_sheet(assignment, by_assignment[assignment.pk]) for assignment in assignments]


def _sheet(assignment: Assignment, thumbs: list[Thumb]) -> Sheet:
    return Sheet(assignment, thumbs[:SHEET_SHOWN], max(0, len(thumbs) - SHEET_SHOWN), len(thumbs))
