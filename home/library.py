"""The library: what is asked for in the address, what is found, and where a sample was used.

Everything is found by assignment, because a team has far fewer of them than of samples: a page of twelve assignments
costs the same with a hundred samples as with two hundred thousand.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page as PageOf
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from esw.core.school_years import school_year, year_words
from home.queries import FORGOTTEN, Thumb, first_page
from rubrics.models import MOST_LEVELS, Level, Rubric
from sessions_app.models import Consensus, Session, SessionSample, Status
from sessions_app.queries.questions import question_for, with_my_seat
from teams.models import Team, User
from work_samples import search
from work_samples.domain.groups import approved as groups_of
from work_samples.managers import SampleQuerySet
from work_samples.models import Assessment, Assignment, Recording, Sample

ASSIGNMENTS_A_PAGE = 12
COUNTED = 300  # of what is found, from the page on
SAMPLES_A_PAGE = 48
SHOWN_OF_EACH = {"sheet": 7, "list": 5}
USES_SHOWN = 3
NEWEST = 200  # assignments whose names and standards the filter offers; any other can be reached by words
LONGEST = 200  # characters of a word in the address


# --- what is asked ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Asked:
    """The address, read. What cannot be read is as if it were not there; what is nobody's of mine finds nothing."""

    q: str = ""
    team: UUID | None = None
    assignment: UUID | None = None
    standard: str = ""
    grade: str = ""
    subject: str = ""
    rubric: UUID | None = None
    level: int | None = None
    year: int | None = None
    group: str = ""
    kind: str = ""
    archived: str = ""
    view: str = "sheet"

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Asked":
        said = {name: " ".join(str(data.get(name, "")).replace("\0", " ").split())[:LONGEST] for name in FIELDS}
        return cls(
            q=said["q"],
            team=_key(said["team"]),
            assignment=_key(said["assignment"]),
            standard=said["standard"],
            grade=said["grade"],
            subject=said["subject"],
            rubric=_key(said["rubric"]),
            level=_number(said["level"], 1, MOST_LEVELS),
            year=_number(said["year"], 1990, 2200),
            group=said["group"],
            kind=said["kind"] if said["kind"] in Assessment else "",
            archived="1" if said["archived"] == "1" else "",
            view=said["view"] if said["view"] in SHOWN_OF_EACH else "sheet",
        )

    @property
    def address(self) -> str:
        """All of it as the query of an address, without the page."""
        said = {name: getattr(self, name) for name in FIELDS}
        return urlencode({name: value for name, value in said.items() if value and (name, value) != ("view", "sheet")})

    @property
    def narrows(self) -> bool:
        """Whether anything but the team is asked for."""
        return replace(self, team=None, view="sheet") != Asked()

    @property
    def filters(self) -> int:
        """How many filters beside the words and the team."""
        rest = (self.assignment, self.standard, self.grade, self.subject, self.rubric, self.level, self.year)
        return sum(map(bool, (self.group, self.kind))) + sum(bool(each) for each in rest)

    @property
    def is_about_samples(self) -> bool:
        """Whether an assignment counts only with a sample that is asked for."""
        return bool(self.rubric or self.level or self.year or self.group or self.archived)


FIELDS = tuple(each.name for each in fields(Asked))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str, least: int, most: int) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else 0
    return number if least <= number <= most else None


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What each filter offers, from this person's own assignments and rubrics."""

    assignments: list[Choice]
    standards: list[str]
    grades: list[Choice]
    subjects: list[Choice]
    rubrics: list[Choice]
    levels: list[Choice]
    years: list[Choice]
    groups: list[Choice]
    kinds: list[Choice]


def choices(user: User, asked: Asked, *, teams: Collection[Team], today: date) -> Choices:
    """In six queries; `teams` are the person's own, with their districts."""
    mine = _of(_keys(asked, teams)).order_by()
    pairs = list(mine.values_list("grade", "subject").distinct()[:1000])
    newest = list(mine.order_by("-created_at").values_list("pk", "title", "standards")[:NEWEST])
    if asked.assignment and asked.assignment not in {pk for pk, _, _ in newest}:
        newest += mine.filter(pk=asked.assignment).values_list("pk", "title", "standards")
    rubrics = Rubric.objects.visible_to(user).order_by("title", "pk").values_list("pk", "title")[:NEWEST]
    oldest = mine.filter(team=OuterRef("pk")).order_by("created_at").values("created_at")[:1]
    each = (
        Team.objects.filter(pk__in=_keys(asked, teams)).annotate(first=Subquery(oldest)).values_list("first", flat=True)
    )
    first = min((moment for moment in each if moment), default=None)
    groups = {group for team in teams for group in groups_of(team)} | ({asked.group} if asked.group else set())
    since = school_year(timezone.localdate(first)) if first else school_year(today)
    years = range(school_year(today), since - 1, -1)
    return Choices(
        assignments=_choices(((pk, title) for pk, title, _ in newest), asked.assignment),
        standards=sorted({code for _, _, codes in newest for code in codes}),
        grades=_choices(_each(grade for grade, _ in pairs), asked.grade),
        subjects=_choices(_each(subject for _, subject in pairs), asked.subject),
        rubrics=_choices(rubrics, asked.rubric),
        levels=_choices(_levels(asked), asked.level),
        years=_choices(((year, year_words(year)) for year in years), asked.year),
        groups=_choices(((group, group) for group in sorted(groups)), asked.group),
        kinds=_choices(((kind.value, str(kind.label).capitalize()) for kind in Assessment), asked.kind),
    )


def _each(words: Iterable[str]) -> list[tuple[str, str]]:
    found = {word for word in words if word}
    return [(word, word) for word in sorted(found, key=lambda word: (len(word) if word.isdigit() else 99, word))]


def _levels(asked: Asked) -> list[tuple[int, str]]:
    """With the rubric's own words once one is chosen."""
    named: dict[int, str] = {}
    if asked.rubric:
        named = dict(Level.objects.filter(version__rubric=asked.rubric).values_list("value", "name"))
    values = sorted(named) or range(1, MOST_LEVELS + 1)
    return [(value, f"{value} {named[value]}" if value in named else f"Level {value}") for value in values]


def _choices(pairs: Iterable[tuple[Any, str]], chosen: object) -> list[Choice]:
    return [Choice(str(value), name, value == chosen) for value, name in pairs]


# --- what is found ---------------------------------------------------------------------------------------
def _keys(asked: Asked, teams: Collection[Team]) -> list[UUID]:
    """Which of the person's own teams are asked for."""
    return [team.pk for team in teams if asked.team in (None, team.pk)]


def _of(teams: list[UUID]) -> QuerySet[Assignment]:
    """Of one team an index knows the order; that is most people's library."""
    return Assignment.objects.filter(team=teams[0]) if len(teams) == 1 else Assignment.objects.filter(team__in=teams)


def _within(asked: Asked, teams: list[UUID]) -> search.Within:
    return search.Within(teams, [asked.assignment] if asked.assignment else None)


def samples_asked_for(asked: Asked, *, teams: list[UUID], now: datetime) -> SampleQuerySet:
    """Confirmed samples that fit what is asked of a sample, words aside.

    Each condition is asked of one sample at a time, because only those of a page, or those that words have found, are
    looked at. Whose they are is asked of their assignments, where it costs less; what is shown is `visible_to` the
    person besides.
    """
    found = _by_themselves(asked, teams=teams, now=now)
    if asked.rubric or asked.level:
        found = found.filter(Exists(_uses(asked).filter(_sessions(asked, teams, "session__"), sample=OuterRef("pk"))))
    return found


def _by_themselves(asked: Asked, *, teams: list[UUID], now: datetime) -> SampleQuerySet:
    """The same as far as a sample tells it, whatever session it was in."""
    all_of_them = Sample.objects.confirmed()
    found: SampleQuerySet = all_of_them.archived() if asked.archived else all_of_them.current()
    if asked.year:
        begins, ends = (timezone.make_aware(datetime(year, 8, 1)) for year in (asked.year, asked.year + 1))  # noqa: DTZ001
        found = found.filter(created_at__gte=begins, created_at__lt=ends)
    if asked.group:
        found = found.filter(group=asked.group).exclude(group="")
    if asked.group or asked.level:  # neither is told while others are to score without it, so neither is it found
        found = found.exclude(pk__in=_on_open_tables(now).filter(session__team__in=teams).order_by().values("sample"))
    return found


def assignments_asked_for(
    asked: Asked, *, teams: list[UUID], now: datetime, said: search.Texts | None = None
) -> QuerySet[Assignment]:
    """The assignments of these teams that fit, newest first; `said` are the samples whose texts say the words."""
    samples = samples_asked_for(asked, teams=teams, now=now)
    found, within = _of(teams), _within(asked, teams)
    if asked.assignment:
        found = found.filter(pk=asked.assignment)
    if asked.grade:
        found = found.filter(grade=asked.grade)
    if asked.kind:
        found = found.filter(assessment=asked.kind)
    if asked.subject:
        found = found.filter(subject=asked.subject)
    if asked.standard:
        found = found.filter(search.to_standard(asked.standard, within=within))
    if asked.q:
        found = search.assignments_matching(found, asked.q, samples=samples, within=within, said=said)
    if asked.rubric or asked.level:  # a session's samples are all of its own assignment
        # Asked for themselves: as a subquery, PostgreSQL may compare every assignment with every one of them.
        fitting = _sessions_that_fit(asked, teams=teams, now=now).values_list("assignment", flat=True)
        found = found.filter(pk__in=list(fitting.distinct()))
    elif asked.is_about_samples:
        found = found.filter(Exists(samples.filter(assignment=OuterRef("pk"))))
    return found.order_by("-created_at", "pk")


def _uses(asked: Asked) -> QuerySet[Any]:
    """A sample in a session: where the level was agreed that is asked for (which is written down only after the
    reveal), else on the table.
    """
    return Consensus.objects.filter(level=asked.level) if asked.level else SessionSample.objects.order_by()


def _sessions(asked: Asked, teams: list[UUID], path: str = "") -> Q:
    """The teams' sessions with the rubric that is asked for; finished ones, when an agreed level is."""
    found = Q((f"{path}team__in", teams))
    if asked.rubric:
        found &= Q((f"{path}rubric_version__rubric", asked.rubric))
    return found & Q((f"{path}status", Status.FINISHED)) if asked.level else found


def _sessions_that_fit(asked: Asked, *, teams: list[UUID], now: datetime) -> QuerySet[Session]:
    """The sessions that used one of the samples that fit."""
    fits = Exists(_by_themselves(asked, teams=teams, now=now).filter(pk=OuterRef("sample")))
    used = _uses(asked).filter(fits, session=OuterRef("pk"))
    return Session.objects.filter(_sessions(asked, teams), Exists(used)).order_by()


def _agreed(user: User) -> QuerySet[Consensus]:
    """What finished sessions agreed on."""
    finished = Session.objects.visible_to(user).filter(status=Status.FINISHED)
    return Consensus.objects.filter(session__in=finished, level__isnull=False)


def _on_open_tables(now: datetime) -> QuerySet[SessionSample]:
    """What lies on the table of a session that is not over: an agreed level seen now would not leave people blind."""
    forgotten = Q(session__status=Status.PLANNED, session__starts_at__lt=now - FORGOTTEN)
    return SessionSample.objects.exclude(session__status=Status.FINISHED).exclude(forgotten)


# --- where it was used -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Agreed:
    """One criterion of a session's rubric, and the level that was agreed for the sample."""

    criterion: str
    level: int
    name: str


@dataclass(frozen=True, slots=True)
class Use:
    """A session that had the sample on its table; `levels` is empty while they would not leave people blind."""

    words: str
    label: str
    at: datetime
    status: str
    url: str
    levels: list[Agreed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a sample was used, the newest first, and how many times more."""

    rows: list[Use]
    more: int
    is_blind: bool


def uses_of(samples: Collection[UUID], *, user: User, now: datetime, most: int = USES_SHOWN) -> dict[UUID, Uses]:
    """For each of the samples (which this person may see) its `most` last sessions, in six queries for all of them."""
    visible = with_my_seat(Session.objects.visible_to(user), user).select_related("assignment")
    rows = SessionSample.objects.filter(sample__in=samples, session__in=visible.values("pk"))
    tables: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for sample, session, label in rows.order_by("-session__starts_at", "pk").values_list(
        "sample_id", "session_id", "label"
    ):
        tables[sample].append((session, label))
    shown = {session for uses in tables.values() for session, _ in uses[:most]}
    sessions = {session.pk: session for session in visible.filter(pk__in=shown)}
    blind = set(_on_open_tables(now).filter(sample__in=samples).values_list("sample_id", flat=True))
    levels = _levels_of(set(samples) - blind, user)
    return {
        sample: Uses(
            [
                _use(sessions[session], label, levels.get((session, sample), []), user)
                for session, label in tables[sample][:most]
            ],
            more=max(0, len(tables[sample]) - most),
            is_blind=sample in blind,
        )
        for sample in samples
    }


def _levels_of(samples: Collection[UUID], user: User) -> dict[tuple[UUID, UUID], list[Agreed]]:
    rows = _agreed(user).filter(sample__in=samples).order_by("criterion__position")
    told = list(rows.values_list("session_id", "sample_id", "criterion__version_id", "criterion__title", "level"))
    versions = {version for _, _, version, _, _ in told}
    known = Level.objects.filter(version__in=versions).values_list("version_id", "value", "name")
    names = {(version, value): name for version, value, name in known}
    found: dict[tuple[UUID, UUID], list[Agreed]] = defaultdict(list)
    for session, sample, version, title, level in told:
        found[session, sample].append(Agreed(title, level or 0, names.get((version, level or 0), "")))
    return found


def _use(session: Any, label: str, levels: list[Agreed], user: User) -> Use:
    is_over = session.status == Status.FINISHED
    return Use(
        words=question_for(session, user) or session.assignment.title,
        label=label,
        at=session.starts_at,
        status=session.get_status_display(),
        url=reverse("reports:record" if is_over else "sessions_app:room", args=[session.pk]),
        levels=levels,
    )


# --- a page of it ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Card:
    """One sample; `uses` is None on the contact sheet, which does not say them."""

    sample: Sample
    thumb: Thumb
    uses: Uses | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """An assignment with the first of its samples that were asked for, and how many there are."""

    assignment: Assignment
    cards: list[Card]
    total: int

    @property
    def thumbs(self) -> list[Thumb]:
        return [card.thumb for card in self.cards]

    @property
    def more(self) -> int:
        return self.total - len(self.cards)


@dataclass(frozen=True, slots=True)
class Found:
    """A page: of assignments, or of the samples of the one that was asked for (`is_one`)."""

    page: PageOf[Any]
    sheets: list[Sheet]
    is_one: bool


class Known(Paginator):
    """Pages of a list whose length came with the rows; `is_open`: there are more than that."""

    def __init__(self, total: int, *, is_open: bool = False) -> None:
        super().__init__(range(total), ASSIGNMENTS_A_PAGE)
        self.is_open = is_open


def find(user: User, asked: Asked, *, teams: Collection[Team], page: str | None, now: datetime) -> Found:
    """What the address asks for of the person's own `teams`. How many queries it costs does not depend on how much
    there is.
    """
    mine = _keys(asked, teams)
    fitting = samples_asked_for(asked, teams=mine, now=now)
    samples: QuerySet[Sample] = fitting.visible_to(user)
    said = search.texts(asked.q, within=_within(asked, mine)) if asked.q else {}
    assignments = assignments_asked_for(asked, teams=mine, now=now, said=said)
    if asked.assignment:
        row = assignments.first()
        if asked.q and row:
            samples = search.matching(samples, asked.q, within=_within(asked, mine), said=said)
        return _one(user, asked, row, samples, page=page, now=now)
    shown, keys = _page_of(assignments, page) if asked.narrows else _page_of_all(assignments, page)
    whole = Assignment.objects.visible_to(user).select_related("team").in_bulk(keys)
    rows = [whole[key] for key in keys if key in whole]
    if asked.q:  # words are looked for in these few again, to tell which of their samples they find
        samples = search.matching(samples, asked.q, within=search.Within(mine, list(whole)), said=said)
    ranked = _first_of_each(samples.filter(assignment__in=list(whole)), SHOWN_OF_EACH[asked.view])
    cards = _cards([key for key, _, _ in ranked], user, asked, now=now)
    kept: dict[UUID, list[Card]] = defaultdict(list)
    for card in cards:
        kept[card.sample.assignment_id].append(card)
    totals = {assignment: total for _, assignment, total in ranked}
    return Found(shown, [Sheet(row, kept[row.pk], totals.get(row.pk, 0)) for row in rows], is_one=False)


def _page_of_all(assignments: QuerySet[Assignment], page: str | None) -> tuple[PageOf[Any], list[UUID]]:
    """Counted and cut by an index alone."""
    shown = Paginator(assignments.values_list("pk", flat=True), ASSIGNMENTS_A_PAGE).get_page(page)
    return shown, list(shown.object_list)


def _page_of(assignments: QuerySet[Assignment], page: str | None) -> tuple[PageOf[Any], list[UUID]]:
    """How many there are is counted COUNTED ahead and no further: to count all, each had to be looked at."""
    rows = assignments.values_list("pk", flat=True)
    number = _number(page or "", 1, 99_999) or 1
    first = (number - 1) * ASSIGNMENTS_A_PAGE
    found = list(rows[first : first + COUNTED + 1])
    if not found and first:  # beyond the end, which no link leads to
        shown = Known(assignments.count()).get_page(number)
        first = (shown.number - 1) * ASSIGNMENTS_A_PAGE
        found = list(rows[first : first + ASSIGNMENTS_A_PAGE])
    known = Known(first + min(len(found), COUNTED), is_open=len(found) > COUNTED)
    return known.get_page(first // ASSIGNMENTS_A_PAGE + 1), found[:ASSIGNMENTS_A_PAGE]


def _one(
    user: User,
    asked: Asked,
    row: Assignment | None,
    samples: QuerySet[Sample],
    *,
    page: str | None,
    now: datetime,
) -> Found:
    mine = samples.filter(assignment=row).order_by("created_at", "label") if row else samples.none()
    shown = Paginator(mine.values_list("pk", flat=True), SAMPLES_A_PAGE).get_page(page)
    cards = _cards(list(shown.object_list), user, asked, now=now)
    return Found(shown, [Sheet(row, cards, len(cards))] if row else [], is_one=True)


def _first_of_each(samples: QuerySet[Sample], most: int) -> list[tuple[UUID, UUID, int]]:
    """(sample, assignment, how many samples the assignment has here) for the first few of each assignment."""
    ranked = samples.order_by().annotate(
        place=Window(RowNumber(), partition_by="assignment", order_by=["created_at", "label"]),
        total=Window(Count("pk"), partition_by="assignment"),
    )
    return list(ranked.filter(place__lte=most).values_list("pk", "assignment_id", "total"))


def _cards(keys: list[UUID], user: User, asked: Asked, *, now: datetime) -> list[Card]:
    whole = Sample.objects.filter(pk__in=keys).select_related("uploader", "recording").annotate(first=first_page("pk"))
    rows = list(whole.order_by("created_at", "label"))
    uses = uses_of(keys, user=user, now=now) if asked.view == "list" else {}
    return [Card(row, _thumb(row), uses.get(row.pk)) for row in rows]


def _thumb(sample: Any) -> Thumb:
    """`sample` with `first`, the id of its first page, and its recording, if it has one."""
    recording: Recording | None = getattr(sample, "recording", None)
    url = reverse("work_samples:sample", args=[sample.pk])
    key, has_picture = (recording.pk, bool(recording.thumbnail)) if recording else (None, False)
    return Thumb(sample.label, sample.first, url, key, has_picture)
