"""What the projector shows: the room as nobody in particular sees it, in few and large words.

It is read through `Room` with a seat that nobody has, so that whatever the room keeps closed, private or not yet
revealed is left out here too; and of the room only what stands in `context` is handed on.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse

from sessions_app.models import Participant, Session
from sessions_app.queries.parts import Now, Person, SharedNote, TablePage
from sessions_app.queries.reveal import Reason, Reveal, RevealedCriterion
from sessions_app.queries.room import Room


@dataclass(frozen=True, slots=True)
class WallPage:
    """A page of the work on the wall: under which label, and which of how many."""

    page: TablePage
    label: str
    of: int


#: How many samples lie side by side on the wall.
BESIDE = 4


@dataclass(frozen=True, slots=True)
class WallRecording:
    """That there is a recording, under which label; `poster_url` is '' for sound alone. It is not played here."""

    id: UUID
    label: str
    has_video: bool
    poster_url: str


@dataclass(frozen=True, slots=True)
class WallReasons:
    """What was written about one criterion, from both ends: the wall may have no room for all of it."""

    id: UUID
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class WallStep:
    """A next step as it was written down."""

    id: UUID
    text: str
    owner: str
    students: str
    due: Any


class Projection:
    """One session as the projector `projector_id` shows it at `now`; `here` are the ids of who is present."""

    def __init__(self, *, projector_id: UUID, session: Session, here: frozenset[str], now: datetime) -> None:
        self._projector_id = projector_id
        self._session = session
        self._room = Room(session=session, me=Participant(session=session), here=here, now=now)

    def context(self) -> dict[str, Any]:
        """Everything that a projector's template may name; each is read when it is first shown."""
        lazy = (
            "public", "now", "pages", "spreads", "reveal", "focus", "reasons", "criteria", "notes", "next_steps",
            "people", "here_names", "layout", "recordings", "task_pages",
        )  # fmt: skip
        session = self._session
        return {
            "projector": self._projector_id,
            "title": session.assignment.title,
            "protocol": session.protocol_version.protocol.title,
            "focus_question": self._focus_question(),
            "norms": session.norms,
            "norm_to_watch": session.norm_to_watch,
            "code": session.join_code,
            "names_at_reveal": session.names_at_reveal,
            "status": self._room.state.status,
            "version": session.version,
            "activity": session.activity,
        } | {name: self._reader(name) for name in lazy}

    def _reader(self, name: str) -> Any:
        return lambda: getattr(self, name)

    def _focus_question(self) -> str:
        """Empty while its words are still being chosen, and where the step keeps it closed."""
        status = self._room.state.status
        if status in {"running", "paused"}:
            return self._session.focus_question if "focus_question" in self._room.step.open else ""
        return "" if status == "planned" else self._session.focus_question

    # --- read when they are shown ------------------------------------------------------------------------

    @cached_property
    def public(self) -> dict[str, Any]:
        return self._room.public

    @cached_property
    def now(self) -> Now:
        return self._room.now

    @cached_property
    def people(self) -> list[Person]:
        return self._room.people

    @property
    def here_names(self) -> list[str]:
        return [person.short_name for person in self.people if person.here]

    @cached_property
    def pages(self) -> list[WallPage]:
        """The pages of the sample that the step is about; of every sample on the table when it is about none."""
        samples = self._room.work
        about = [sample for sample in samples if sample.is_now] or samples
        return [
            WallPage(page=self._addressed(page), label=sample.label, of=len(sample.pages))
            for sample in about
            for page in sample.pages
        ]

    @cached_property
    def task_pages(self) -> list[TablePage]:
        """The pages of the task, as long as the step has it open."""
        return [self._addressed(page, at="projector_task_page") for page in self._room.task_pages]

    @cached_property
    def recordings(self) -> list[WallRecording]:
        """The recording of the sample that the step is about; of every sample when it is about none."""
        samples = self._room.work
        about = [sample for sample in samples if sample.is_now] or samples
        return [
            WallRecording(
                id=sample.recording.id,
                label=sample.label,
                has_video=sample.recording.has_video,
                poster_url=reverse("sessions_app:projector_recording", args=[self._projector_id, sample.recording.id])
                if sample.recording.has_video
                else "",
            )
            for sample in about
            if sample.recording
        ]

    @cached_property
    def spreads(self) -> list[list[WallPage]]:
        """The same pages, where several samples are on the table: up to four side by side, first their first pages."""
        samples = list(dict.fromkeys(page.label for page in self.pages))
        if len(samples) < 2:  # noqa: PLR2004 (one is not beside anything)
            return []
        found = []
        for at in range(0, len(samples), BESIDE):
            here = [page for page in self.pages if page.label in samples[at : at + BESIDE]]
            numbers = sorted({page.page.number for page in here})
            found += [[page for page in here if page.page.number == number] for number in numbers]
        return found

    def _addressed(self, page: TablePage, *, at: str = "projector_page") -> TablePage:
        address = reverse(f"sessions_app:{at}", args=[self._projector_id, page.id])
        image = address if page.is_there else f"{address}?withdrawn"
        return replace(page, image_url=image, thumbnail_url="", alt="", text_url="")

    @cached_property
    def reveal(self) -> Reveal | None:
        return self._room.reveal

    @cached_property
    def focus(self) -> RevealedCriterion | None:
        """The criterion to talk about: the widest split that nothing is agreed on yet."""
        if self.reveal is None:
            return None
        return next((each for each in self.reveal.criteria if each.consensus is None), None)

    @cached_property
    def reasons(self) -> list[WallReasons]:
        """The reasons of each criterion that has any: the lowest, the highest, the next lowest …"""
        found = []
        for criterion in self.reveal.criteria if self.reveal is not None else ():
            low = [reason for reason in criterion.reasons if reason.text]
            turns = [low.pop(0 if at % 2 == 0 else -1) for at in range(len(low))]
            if turns:
                found.append(WallReasons(id=criterion.id, reasons=tuple(turns)))
        return found

    @cached_property
    def criteria(self) -> list[str]:
        """What the rubric asks for, in its own order."""
        grid = self._room.grid
        return [row.title for row in grid.rows] if grid is not None else []

    @cached_property
    def notes(self) -> list[SharedNote]:
        """What the room has noted for everyone to see, the newest first."""
        return self._room.notes[::-1]

    @cached_property
    def next_steps(self) -> list[WallStep]:
        return [
            WallStep(id=row.pk, text=row.text, owner=row.owner.short_name, students=row.students, due=row.due)
            for row in self._room.next_steps
        ]

    @cached_property
    def layout(self) -> str:
        """Which of the screens it is: door, end, scores (all criteria), split (one), decide, work or words."""
        status = self._room.state.status
        if status in {"planned", "lobby"}:
            return "door"
        if status == "finished":
            return "end"
        if self.reveal is not None:
            return "split" if self._is_discussed and self.focus is not None else "scores"
        if self._room.step.makes in {"next_steps", "debrief"}:
            return "decide"
        return "work" if self.pages or self.recordings else "words"

    @property
    def _is_discussed(self) -> bool:
        return self._room.step.makes not in {"reveal", "consensus"}
