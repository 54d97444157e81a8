"""What one person's screen shows, read only when a panel asks for it.

`Room` is made for one person and one moment. Everything that a step keeps closed, and everything of others
that is not revealed or shared yet, is left out here: templates cannot show what they are not given.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from esw.core.templatetags.esw import initials
from rubrics.queries import RubricGrid, grid
from sessions_app import access
from sessions_app.engine import (
    COMMANDS,
    State,
    current_step,
    in_progress,
    is_revealed,
    latest_round,
    notes_are_shared,
    planned_end,
)
from sessions_app.models import (
    Consensus,
    Done,
    NextStep,
    Note,
    NoteKind,
    Participant,
    Role,
    Score,
    Session,
    SessionEvent,
)
from sessions_app.queries.asked import asked_of, next_to_speak, speaks_at
from sessions_app.queries.parts import (
    EarlierNotes,
    Now,
    Person,
    RailStep,
    ScoreLevel,
    ScoreRow,
    SharedNote,
    TablePage,
    TableSample,
)
from sessions_app.queries.reveal import Reveal, reveal_of
from sessions_app.queries.scoring import missing_scores
from sessions_app.queries.state import LOBBY_STEP, public_state
from sessions_app.queries.striking import window
from sessions_app.queries.table import table_recording
from sessions_app.queries.task import pages_of_task
from work_samples.queries_look import alt_text
from work_samples.recording_queries import clock_words

ROLE_WORDS = {
    "facilitator": "facilitates",
    "co_facilitator": "co-facilitates",
    "presenter": "presents",
    "timekeeper": "keeps time",
    "recorder": "records",
    "participant": "",
}


class Room:
    """One session as one participant sees it at `now`; `here` are the ids of participants who are present."""

    def __init__(self, *, session: Session, me: Participant, here: frozenset[str], now: datetime) -> None:
        self.session = session
        self.me = me
        self.here = here
        self.at = now
        self.state = State.from_json(session.state)
        self.step = current_step(self.state) or LOBBY_STEP
        self.role = access.role_of(me, self.state)

    def context(self) -> dict[str, Any]:
        """Everything that a room's template may name; each is read when it is first shown."""
        lazy = (
            "rail", "planned_minutes", "ends_at", "now", "work", "people", "done_count", "people_count",
            "waiting_names", "not_heard_names", "notes", "notes_by_kind", "private_notes", "struck_notes",
            "earlier_notes", "reveal", "next_steps", "scores_here", "owners", "consensus", "warnings", "public",
            "may_plan", "may_look_through", "recordings", "task_pages",
        )  # fmt: skip
        return {
            "session": self.session,
            "me": self.me,
            "role": self.role,
            "commands": {name for name in COMMANDS if access.may_command(self.role, name)},
            "is_facilitating": self.role in access.FACILITATORS,
            "may_record": access.may_record(self.role),
            "may_set_focus": access.may_set_focus(self.role),
            "focus_visible": self.state.status != "planned" or self._worded_the_question(),
            "status": self.state.status,
            "version": self.session.version,
            "activity": self.session.activity,
        } | {name: self._reader(name) for name in lazy}

    def _worded_the_question(self) -> bool:
        """Until the room opens, the focus question is for who planned it, the presenter and the facilitator."""
        return access.may_set_focus(self.role) or self.session.created_by_id == self.me.user_id

    def _reader(self, name: str) -> Any:
        return lambda: getattr(self, name)

    @cached_property
    def may_plan(self) -> bool:
        return access.may_plan(self.me.user, self.session)

    # --- the whole ---------------------------------------------------------------------------------------

    @cached_property
    def public(self) -> dict[str, Any]:
        return public_state(self.session.pk, here=self.here, now=self.at)

    @cached_property
    def rail(self) -> list[RailStep]:
        steps = self.state.steps
        index = -1 if self.state.index is None else self.state.index
        finished = self.state.status == "finished"
        rows = []
        for at, step in enumerate(steps):
            before = steps[at - 1].block_label if at else ""
            rows.append(
                RailStep(
                    number=at + 1,
                    title=step.title,
                    minutes=step.minutes,
                    state="done" if at < index or finished else "now" if at == index else "ahead",
                    block=step.block_label,
                    block_of=f"{step.block_label}, {step.block_number} of {step.block_of}" if step.block_label else "",
                    starts_block=bool(step.block_label) and step.block_label != before,
                    after_block=not step.block_label and bool(before),
                )
            )
        return rows

    @cached_property
    def planned_minutes(self) -> float:
        return sum(step.minutes for step in self.state.steps)

    @cached_property
    def ends_at(self) -> datetime | None:
        return planned_end(self.state, now=self.at)

    # --- what to do now ----------------------------------------------------------------------------------

    @cached_property
    def grid(self) -> RubricGrid | None:
        return grid(self.session.rubric_version) if self.session.rubric_version else None

    @cached_property
    def labels(self) -> Mapping[str, str]:
        return {str(entry.sample_id): entry.label for entry in self.session.on_table.all()}

    @cached_property
    def seats(self) -> list[Participant]:
        return list(self.session.participants.select_related("user"))

    @cached_property
    def done_ids(self) -> frozenset[UUID]:
        if self.state.index is None:
            return frozenset()
        rows = Done.objects.filter(session=self.session, step=self.state.index)
        return frozenset(rows.values_list("participant_id", flat=True))

    @cached_property
    def now(self) -> Now:
        step = self.step
        missing = missing_scores(session=self.session, by=self.me, state=self.state)
        rows = self._score_rows()
        turn = next((seat for seat in self.seats if str(seat.pk) == self.state.turn), None)
        asked = asked_of(step, me=self.me, role=self.role, presenter=self.presenter_name)
        return Now(
            step=step,
            number=0 if self.state.index is None else self.state.index + 1,
            of=len(self.state.steps),
            call=asked.call,
            prompt=asked.prompt,
            listens=asked.listens,
            writes_for=asked.writes_for,
            listens_until=speaks_at(self.state.steps, self.state.index or 0) if asked.listens else "",
            sample_label=self.labels.get(step.sample or "", ""),
            kinds=tuple((kind, NoteKind(kind).label) for kind in asked.kinds),
            stems=tuple(stem.text for stem in step.stems),
            done=self.me.pk in self.done_ids,
            done_count=len(self.done_ids),
            people_count=len(self.seats),
            to_do=f"{len(rows) - missing} of {len(rows)} scored" if missing else "",
            may_be_done=in_progress(self.state) and not missing,
            turn=str(turn.user) if turn else "",
            turn_is_mine=turn is not None and turn.pk == self.me.pk,
            next_turn=self.next_turn,
            is_last=self.state.index == len(self.state.steps) - 1,
            score_rows=rows,
            task=self.session.assignment if "task" in step.open else None,
            rubric=self.grid if "rubric" in step.open else None,
            context_open="context" in step.open,
        )

    @cached_property
    def scores_here(self) -> bool:
        """Whether people score in this session."""
        return any(step.makes == "scores" for step in self.state.steps)

    @property
    def presenter_name(self) -> str:
        seat = next((seat for seat in self.seats if seat.role == Role.PRESENTER), None)
        return seat.user.short_name if seat else ""

    @cached_property
    def next_turn(self) -> Participant | None:
        """Who speaks next, where people speak in rounds."""
        if self.step.speaks != "rounds" or not in_progress(self.state):
            return None
        events = SessionEvent.objects.filter(session=self.session, name="called_on")
        here = (self.state.index or 0) + 1
        had = {data["person"] for data in events.values_list("data", flat=True) if data["step"] == here}
        return next_to_speak(self.seats, had=had, turn=self.state.turn)

    def _score_rows(self) -> tuple[ScoreRow, ...]:
        if self.step.makes != "scores" or self.grid is None or not in_progress(self.state):
            return ()
        samples = [self.step.sample] if self.step.sample else list(self.state.samples)
        mine: dict[tuple[str, UUID], Score] = {}
        kept = Score.objects.filter(
            participant=self.me, sample__in=[UUID(sample) for sample in samples], round=self.step.round or 1
        )
        for score in kept.order_by("-late"):  # one that came in time stands before a late one
            mine[str(score.sample_id), score.criterion_id] = score
        return tuple(
            self._score_row(sample, row, mine.get((sample, row.criterion_id)), self.grid)
            for sample in samples
            for row in self.grid.rows
        )

    @staticmethod
    def _score_row(sample: str, row: Any, score: Score | None, grid_: RubricGrid) -> ScoreRow:
        return ScoreRow(
            sample=sample,
            criterion_id=row.criterion_id,
            title=row.title,
            levels=tuple(
                ScoreLevel(
                    value=value,
                    name=name,
                    descriptor=text,
                    is_proficient_from=value == grid_.proficient_from,
                    chosen=score is not None and score.level == value,
                )
                for (value, name), text in zip(grid_.levels, row.descriptors, strict=True)
            ),
            rationale=score.rationale if score else "",
            page=score.page_id if score else None,
            x=score.x if score else None,
            y=score.y if score else None,
            is_late=score.late if score else False,
        )

    @cached_property
    def warnings(self) -> list[str]:
        """What the facilitator may want to know before going on; nothing here holds anybody up."""
        sample = self.step.sample
        if sample is None or not in_progress(self.state):
            return []
        label = self.labels.get(sample, "")
        if self.step.makes == "reveal" and not is_revealed(self.state, sample):
            return [f"Sample {label} is not revealed yet."]
        if self.step.makes == "consensus" and self.grid is not None:
            open_rows = len(self.grid.rows) - len(self.consensus)
            if open_rows:
                return [f"{open_rows} of {len(self.grid.rows)} criteria have no agreement written down yet."]
        return []

    # --- the work ----------------------------------------------------------------------------------------

    @property
    def recordings(self) -> list[TableSample]:
        """The samples on the table that have a recording."""
        return [sample for sample in self.work if sample.recording]

    @cached_property
    def work(self) -> list[TableSample]:
        if "work" not in self.step.open or not in_progress(self.state):
            return []
        entries = self.session.on_table.select_related("sample__recording").prefetch_related("sample__pages")
        return [
            TableSample(
                id=entry.sample_id,
                label=entry.label,
                is_now=str(entry.sample_id) == self.step.sample,
                revealed=is_revealed(self.state, str(entry.sample_id)),
                pages=tuple(self._page(page) for page in entry.sample.pages.all()),
                recording=table_recording(self.session.pk, entry.sample),
            )
            for entry in entries
        ]

    @cached_property
    def task_pages(self) -> list[TablePage]:
        """The pages of the task, as long as the step has it open."""
        return pages_of_task(self.session) if "task" in self.step.open and in_progress(self.state) else []

    def _page(self, page: Any) -> TablePage:
        # Where no picture is, the address is another one, so that a screen notices when the picture comes back.
        picture = "" if page.is_there else "?withdrawn"

        def address(name: str) -> str:
            return reverse(f"sessions_app:{name}", args=[self.session.pk, page.pk])

        return TablePage(
            id=page.pk,
            number=page.number,
            width=page.width,
            height=page.height,
            image_url=address("page_image") + picture,
            thumbnail_url=address("page_thumbnail") + picture,
            alt=alt_text(page.description) if page.is_there else "This page was withdrawn.",
            is_there=page.is_there,
            text_url=address("page_text") if page.description else "",
        )

    # --- people ------------------------------------------------------------------------------------------

    @cached_property
    def people(self) -> list[Person]:
        rows = []
        for seat in self.seats:
            role = access.role_of(seat, self.state)
            rows.append(
                Person(
                    id=seat.pk,
                    name=str(seat.user),
                    short_name=seat.user.short_name,
                    initials=initials(str(seat.user)),
                    role=role,
                    role_words=ROLE_WORDS[role],
                    here=str(seat.pk) in self.here,
                    is_me=seat.pk == self.me.pk,
                    has_turn=str(seat.pk) == self.state.turn,
                )
            )
        return rows

    @property
    def people_count(self) -> int:
        return len(self.seats)

    @property
    def done_count(self) -> int:
        return len(self.done_ids)

    @cached_property
    def waiting_names(self) -> list[str]:
        """Who is not done: for the facilitator alone."""
        if self.role not in access.FACILITATORS or not in_progress(self.state):
            return []
        return [
            "you" if seat.pk == self.me.pk else seat.user.short_name
            for seat in sorted(self.seats, key=lambda seat: seat.pk == self.me.pk)
            if seat.pk not in self.done_ids
        ]

    @cached_property
    def not_heard_names(self) -> list[str]:
        """Who has shared no note in this session yet: for the facilitator alone."""
        if self.role not in access.FACILITATORS or not in_progress(self.state):
            return []
        heard = set(
            Note.every.filter(session=self.session).exclude(kind="private").values_list("participant_id", flat=True)
        )
        if not heard:
            return []
        return [seat.user.short_name for seat in self.seats if seat.pk not in heard and seat.pk != self.me.pk]

    # --- what people wrote -------------------------------------------------------------------------------

    @cached_property
    def _readable_notes(self) -> list[Note]:
        """Shared notes, and my own private or struck ones, of the steps about what is on the table now."""
        if self.state.index is None:
            return []
        mine_too = Q(struck_at=None) | Q(participant=self.me)
        rows = Note.every.filter(mine_too, session=self.session).select_related("participant__user")
        return [note for note in rows if note.step in self._together and self._may_read(note)]

    @cached_property
    def _each_builds(self) -> bool:
        """Whether each step builds on those before it: nowhere are the samples taken one after the other."""
        return not any(step.sample for step in self.state.steps)

    @cached_property
    def _together(self) -> frozenset[int]:
        """The steps (indices) whose notes belong to what is on the table now."""
        steps, index = self.state.steps, self.state.index or 0
        if self._each_builds:
            return frozenset(range(self.state.reached + 1))
        return frozenset(
            at for at, step in enumerate(steps) if at == index or (self.step.sample and step.sample == self.step.sample)
        )

    def _may_read(self, note: Note) -> bool:
        if note.participant_id == self.me.pk:
            return True
        return note.kind != "private" and notes_are_shared(self.state, note.step)

    def _shared(self, note: Note, place: int | None) -> SharedNote:
        return SharedNote(
            id=note.pk,
            kind=note.kind,
            kind_label=NoteKind(note.kind).label,
            text=note.text,
            author=note.participant.user.short_name,
            is_mine=note.participant_id == self.me.pk,
            step=note.step,
            sample_label=self.labels.get(str(note.sample_id), ""),
            page=note.page_id,
            x=note.x,
            y=note.y,
            place_number=place,
            step_title=self.state.steps[note.step].title,
            is_struck=note.is_struck,
            sample=note.sample_id,
            at_seconds=note.at_seconds,
            at_words="" if note.at_seconds is None else clock_words(note.at_seconds),
        )

    @cached_property
    def _numbered(self) -> list[SharedNote]:
        rows, placed = [], 0
        for note in self._readable_notes:
            # A number is said aloud, so it must be the same on every screen.
            has_number = note.page_id is not None and not note.is_struck and note.kind != "private"
            placed += has_number
            rows.append(self._shared(note, placed if has_number else None))
        return rows

    @cached_property
    def _on_screen(self) -> list[SharedNote]:
        return [note for note in self._numbered if note.kind != "private" and not note.is_struck]

    @cached_property
    def notes(self) -> list[SharedNote]:
        """What was shared about what is on the table: of this step alone where each step builds on the one before."""
        return [note for note in self._on_screen if note.step == self.state.index or not self._each_builds]

    @cached_property
    def notes_by_kind(self) -> list[SharedNote]:
        """The same, in the order in which the step names their kinds."""

        def place(note: SharedNote) -> int:
            kinds = self.state.steps[note.step].kinds
            return kinds.index(note.kind) if note.kind in kinds else len(kinds)

        return sorted(self.notes, key=place)

    @cached_property
    def earlier_notes(self) -> list[EarlierNotes]:
        """What was shared in the steps before this one, the last one first, where each step builds on it."""
        if not self._each_builds:
            return []
        steps = sorted({note.step for note in self._on_screen if note.step != self.state.index}, reverse=True)
        return [
            EarlierNotes(at + 1, self.state.steps[at].title, tuple(n for n in self._on_screen if n.step == at))
            for at in steps
        ]

    @cached_property
    def private_notes(self) -> list[SharedNote]:
        return [note for note in self._numbered if note.kind == "private"]

    @cached_property
    def struck_notes(self) -> list[SharedNote]:
        """My own notes that the presenter has struck: nobody else's screen shows them."""
        return [note for note in self._numbered if note.is_struck]

    @cached_property
    def may_look_through(self) -> bool:
        """Whether this person presents, and something was noted that they may still strike."""
        return self.me.role == Role.PRESENTER and window(self.session, now=self.at).has_notes

    # --- what the room knows together --------------------------------------------------------------------

    @cached_property
    def reveal(self) -> Reveal | None:
        sample = self.step.sample
        if sample is None or self.grid is None or not in_progress(self.state):
            return None
        return reveal_of(
            session=self.session,
            state=self.state,
            sample=UUID(sample),
            label=self.labels.get(sample, ""),
            grid=self.grid,
            me=self.me,
        )

    @cached_property
    def consensus(self) -> list[Consensus]:
        if self.step.sample is None or latest_round(self.state, self.step.sample) is None:
            return []
        return list(
            Consensus.objects.filter(session=self.session, sample=UUID(self.step.sample)).select_related("criterion")
        )

    @cached_property
    def next_steps(self) -> list[NextStep]:
        return list(NextStep.objects.filter(session=self.session).select_related("owner"))

    @property
    def owners(self) -> list[Participant]:
        return self.seats
