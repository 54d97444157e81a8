"""The record of a session: the story of one meeting, in one read.

Only rounds that a reveal made known are read, late scores never count, and nobody is named beside a score:
scorers are Scorer 1, 2, …, in an order that comes from the session's own secret shuffle. Rationales stay in the
room: a sentence that somebody recognises would give a number its name, and with it all that person's scores.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from insights.agreement import Agreement
from insights.queries import SessionAgreement, agreement_figures
from insights.small_cells import why_hidden
from reports.access import Audience
from reports.on_paper import OnPaper, on_paper
from rubrics.queries import RubricGrid, grid
from sessions_app.access import role_of
from sessions_app.engine import RunStep, State, revealed_rounds
from sessions_app.models import (
    Consensus,
    Done,
    NextStep,
    Note,
    NoteKind,
    Participant,
    Score,
    Session,
    SessionSample,
)
from work_samples.models import Page, Recording, Sample
from work_samples.recording_queries import clock_words

ROLES = {
    "facilitator": "facilitated",
    "co_facilitator": "co-facilitated",
    "presenter": "presented",
    "timekeeper": "kept time",
    "recorder": "recorded",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was there; `role` is '' for a participant."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step as it was run; `minutes` is what it took, to the nearest half minute."""

    number: int
    title: str
    block: str
    planned: float
    minutes: float
    reached: bool


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of the work, by its id; `alt`: what stands on it, '' where nobody wrote it down."""

    page_id: UUID
    number: int
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class RecordRecording:
    """A recording of the work, by its id; `length` in words."""

    recording_id: UUID
    has_video: bool
    seconds: float
    length: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What one scorer gave; a level of None is no score."""

    scorer: int
    before: int | None
    after: int | None

    @property
    def changed(self) -> bool:
        return self.after is not None and self.after != self.before


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was written down: a level with its reason, or 'not agreed' (`level` None) with both reasons."""

    level: int | None
    level_name: str
    rationale: str
    other_rationale: str


@dataclass(frozen=True, slots=True)
class CriterionRecord:
    """One criterion of one sample; `marks` has one entry a scorer of the session, in the order of the numbers."""

    criterion_id: UUID
    title: str
    marks: list[Mark]
    agreed: Agreed | None


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """One sample; without `criteria` where there was no rubric, without marks where it was never revealed."""

    sample_id: UUID
    label: str
    pages: list[RecordPage]
    revealed: bool
    has_second_round: bool
    criteria: list[CriterionRecord]
    recording: RecordRecording | None = None

    @property
    def has_scores(self) -> bool:
        return any(row.marks for row in self.criteria)

    @property
    def has_agreed(self) -> bool:
        return any(row.agreed for row in self.criteria)


@dataclass(frozen=True, slots=True)
class RecordNote:
    """A shared note; `by` is '' in the school's copy.

    `at_seconds`: the moment in its sample's recording that it speaks of, `at_words` the same for a person.
    """

    text: str
    by: str
    sample: str
    step: str
    at_seconds: float | None = None
    at_words: str = ""


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """All notes of one kind, in the order of the steps. `looks_back`: of the debrief, on how the meeting went."""

    kind: str
    title: str
    notes: list[RecordNote]
    looks_back: bool = False


@dataclass(frozen=True, slots=True)
class RecordNextStep:
    """`owner` is '' in the school's copy."""

    text: str
    students: str
    owner: str
    due: date | None
    state: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Record:
    """The whole story. `scorers` counts who scored; `agreement_hidden` says why a figure is not shown."""

    session: Session
    audience: Audience
    people: list[Person]
    steps: list[StepTime]
    rubric: RubricGrid | None
    samples: list[SampleRecord]
    scorers: int
    notes: list[NoteGroup]
    next_steps: list[RecordNextStep]
    agreement: SessionAgreement | None
    agreement_after: SessionAgreement | None
    agreement_hidden: str
    on_paper: OnPaper | None = None

    @property
    def is_for_the_team(self) -> bool:
        return self.audience == Audience.TEAM

    @property
    def said(self) -> list[NoteGroup]:
        """What was noted on the work, by kind."""
        return [group for group in self.notes if not group.looks_back]

    @property
    def looked_back(self) -> list[NoteGroup]:
        """What was noted in the debrief, by kind."""
        return [group for group in self.notes if group.looks_back]

    @property
    def is_timed(self) -> bool:
        """Whether the clock of the room is that of the meeting."""
        return self.on_paper is None or not self.on_paper.held

    @property
    def minutes(self) -> float:
        """What the whole took."""
        return sum(step.minutes for step in self.steps)

    @property
    def numbers(self) -> range:
        """Scorer 1, 2, …"""
        return range(1, self.scorers + 1)


def record_of(session: Session, audience: Audience) -> Record:
    """The record of a finished session as `audience` may read it, in a fixed number of queries."""
    state = State.from_json(session.state)
    shown = grid(session.rubric_version) if session.rubric_version else None
    entries = list(session.on_table.select_related("sample__recording").prefetch_related("sample__pages"))
    scores = _revealed_scores(session, state)
    first = [score for score in scores if score.round == 1]
    after = _last_round(scores)
    agreement, hidden = _shown_to(audience, agreement_figures(session, first))
    for_the_team = audience == Audience.TEAM
    return Record(
        session=session,
        audience=audience,
        people=_people(session, state),
        steps=[_step(at, step, state) for at, step in enumerate(state.steps)],
        rubric=shown,
        samples=_samples(session, state, entries, shown, scores if for_the_team else [], for_the_team=for_the_team),
        scorers=len({score.scorer_id for score in scores}) if for_the_team else 0,
        notes=_notes(session, state, entries, named=for_the_team),
        next_steps=_next_steps(session, named=for_the_team),
        agreement=agreement,
        agreement_after=_shown_to(audience, agreement_figures(session, after))[0] if after else None,
        agreement_hidden=hidden,
        on_paper=on_paper(session, scores),
    )


def scorer_numbers(session: Session, scorers: Iterable[UUID]) -> dict[UUID, int]:
    """Scorer (participant or sheet of paper) → 1, 2, …: the order of a keyed digest, so that no name, id or time tells
    whose number it is.

    The key never leaves the server and is another one in each session.
    """

    def place(scorer: UUID) -> bytes:
        return hmac.digest(session.shuffle.bytes, b"scorer" + scorer.bytes, hashlib.sha256)

    return {scorer: number for number, scorer in enumerate(sorted(set(scorers), key=place), start=1)}


# --- scores ---------------------------------------------------------------------------------------------------


def _revealed_scores(session: Session, state: State) -> list[Score]:
    known = {(UUID(sample), number) for sample in state.samples for number in revealed_rounds(state, sample)}
    if not known:
        return []
    rows = Score.objects.filter(session=session, late=False)
    return [row for row in rows if (row.sample_id, row.round) in known]


def _last_round(scores: Iterable[Score]) -> list[Score]:
    """The last round of each sample that had more than one."""
    last: dict[UUID, int] = defaultdict(int)
    scores = list(scores)
    for score in scores:
        last[score.sample_id] = max(last[score.sample_id], score.round)
    return [score for score in scores if score.round > 1 and score.round == last[score.sample_id]]


def _samples(
    session: Session,
    state: State,
    entries: Iterable[SessionSample],
    shown: RubricGrid | None,
    scores: list[Score],
    *,
    for_the_team: bool,
) -> list[SampleRecord]:
    numbers = scorer_numbers(session, [score.scorer_id for score in scores])
    before = _by_place(score for score in scores if score.round == 1)
    after = _by_place(_last_round(scores))
    agreed = {(row.sample_id, row.criterion_id): row for row in Consensus.objects.filter(session=session)}
    names = dict(shown.levels) if shown else {}
    return [
        SampleRecord(
            sample_id=entry.sample_id,
            label=entry.label,
            pages=[_page(page) for page in entry.sample.pages.all()] if for_the_team else [],
            revealed=bool(revealed_rounds(state, str(entry.sample_id))),
            has_second_round=any(sample == entry.sample_id for sample, _ in after),
            criteria=[
                CriterionRecord(
                    criterion_id=row.criterion_id,
                    title=row.title,
                    marks=_marks(
                        numbers,
                        before.get((entry.sample_id, row.criterion_id), {}),
                        after.get((entry.sample_id, row.criterion_id), {}),
                    ),
                    agreed=_agreed(agreed.get((entry.sample_id, row.criterion_id)), names),
                )
                for row in (shown.rows if shown else [])
            ],
            recording=_recording(entry.sample) if for_the_team else None,
        )
        for entry in entries
    ]


def _by_place(scores: Iterable[Score]) -> dict[tuple[UUID, UUID], dict[UUID, int]]:
    """(sample, criterion) → scorer → level."""
    places: dict[tuple[UUID, UUID], dict[UUID, int]] = defaultdict(dict)
    for score in scores:
        places[score.sample_id, score.criterion_id][score.scorer_id] = score.level
    return places


def _marks(numbers: Mapping[UUID, int], before: Mapping[UUID, int], after: Mapping[UUID, int]) -> list[Mark]:
    marks = [Mark(number, before.get(person), after.get(person)) for person, number in numbers.items()]
    return marks if before or after else []


def _agreed(row: Consensus | None, names: Mapping[int, str]) -> Agreed | None:
    if row is None:
        return None
    return Agreed(
        level=row.level,
        level_name=names.get(row.level, "") if row.level is not None else "",
        rationale=row.rationale,
        other_rationale=row.other_rationale,
    )


def _shown_to(audience: Audience, figures: SessionAgreement | None) -> tuple[SessionAgreement | None, str]:
    """The figures as far as this audience may see them, and the reason where not."""
    if figures is None or audience == Audience.TEAM:
        return figures, ""
    hidden = min(
        (why_hidden(scorers=row.n_raters, samples=row.n_samples) for row in _every(figures)), key=lambda why: not why
    )
    return (None, hidden) if hidden else (figures, "")


def _every(figures: SessionAgreement) -> list[Agreement]:
    """All rows of the table: they are shown together or not at all, so that none can be taken from the others."""
    return [figures.overall, *(row.figures for row in figures.criteria)]


# --- the rest of the story ------------------------------------------------------------------------------------


def _people(session: Session, state: State) -> list[Person]:
    """Who came into the room before it closed, or wrote something in it."""
    theirs = {"participant": OuterRef("pk")}
    wrote = (
        Exists(Note.every.filter(**theirs))  # whose note was struck was there all the same
        | Exists(Done.objects.filter(**theirs))
        | Exists(Score.objects.filter(**theirs, late=False))
    )
    came = Q(joined_at__lte=session.finished_at) if session.finished_at else Q(joined_at__isnull=False)
    seats = session.participants.select_related("user").filter(came | wrote)
    return [Person(_name(seat), ROLES.get(role_of(seat, state), "")) for seat in seats.order_by("user__name", "pk")]


def _name(seat: Participant) -> str:
    return str(seat.user)


def _step(at: int, step: RunStep, state: State) -> StepTime:
    seconds = state.spent[at] if at < len(state.spent) else 0.0
    return StepTime(
        number=at + 1,
        title=step.title,
        block=step.block_label,
        planned=step.minutes,
        minutes=round(seconds / 30) / 2,
        reached=seconds > 0 or at == state.index,
    )


def _page(page: Page) -> RecordPage:
    return RecordPage(page.pk, page.number, page.width, page.height, " ".join(page.description.split()))


def _notes(session: Session, state: State, entries: Iterable[SessionSample], *, named: bool) -> list[NoteGroup]:
    """Shared notes by kind, the kinds in the order of the steps, the debrief last. What is private or struck, and what
    was written in a step in which each sees only their own, stays with its writer.
    """
    labels = {entry.sample_id: entry.label for entry in entries}
    rows = Note.objects.filter(session=session).exclude(kind=NoteKind.PRIVATE).select_related("participant__user")
    groups: dict[tuple[bool, str], list[RecordNote]] = {
        (step.makes == "debrief", kind): [] for step in state.steps for kind in step.kinds
    }
    for note in rows.order_by("step", "created_at", "pk"):
        if note.step < len(state.steps) and state.steps[note.step].sees != "own":
            step = state.steps[note.step]
            groups.setdefault((step.makes == "debrief", note.kind), []).append(_note(note, step, labels, named=named))
    return [
        NoteGroup(kind, _plural(NoteKind(kind)), notes, looks_back=looks_back)
        for (looks_back, kind), notes in sorted(groups.items(), key=lambda group: group[0][0])
        if notes
    ]


def _note(note: Note, step: RunStep, labels: Mapping[UUID, str], *, named: bool) -> RecordNote:
    sample = note.sample_id or (UUID(step.sample) if step.sample else None)
    return RecordNote(
        text=note.text,
        by=_name(note.participant) if named else "",
        sample=labels.get(sample, "") if sample else "",
        step=step.title,
        at_seconds=note.at_seconds,
        at_words="" if note.at_seconds is None else clock_words(note.at_seconds),
    )


def _recording(sample: Sample) -> RecordRecording | None:
    found: Recording | None = getattr(sample, "recording", None)
    if found is None or not found.file:
        return None
    return RecordRecording(found.pk, found.has_video, found.seconds, clock_words(found.seconds))


def _plural(kind: NoteKind) -> str:
    """'Observations'; feedback and evidence have no plural."""
    label = str(kind.label)
    mass = kind in {NoteKind.WARM, NoteKind.COOL, NoteKind.EVIDENCE, NoteKind.RESPONSE}
    plural = label if mass else f"{label}es" if kind == NoteKind.PLUS else f"{label}s"
    return plural[:1].upper() + plural[1:]


def _next_steps(session: Session, *, named: bool) -> list[RecordNextStep]:
    return [
        RecordNextStep(
            text=step.text,
            students=step.students,
            owner=str(step.owner) if named else "",
            due=step.due,
            state=step.get_state_display(),
            outcome=step.outcome,
        )
        for step in NextStep.objects.filter(session=session).select_related("owner")
    ]


# --- for the school ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A record that a team shared, as a line in a list."""

    session_id: UUID
    focus_question: str
    team: str
    finished_at: datetime


def shared_records(school_id: UUID, *, most: int = 50) -> list[SharedLine]:
    """The records that the teams of a school have shared, the newest first."""
    rows = Session.objects.filter(team__school=school_id, shared_record__isnull=False, status="finished")
    return [
        SharedLine(row.pk, row.focus_question, row.team.name, row.finished_at or row.starts_at)
        for row in rows.select_related("team").order_by("-finished_at", "pk")[:most]
    ]
