"""The parts of a room's screen, as its templates name them: plain frozen values, read by `room.Room`."""

from dataclasses import dataclass
from uuid import UUID

from rubrics.queries import RubricGrid
from sessions_app.engine import RunStep
from sessions_app.models import Participant
from work_samples.models import Assignment


@dataclass(frozen=True, slots=True)
class RailStep:
    """One row of the rail; `state` is done, now or ahead."""

    number: int
    title: str
    minutes: float
    state: str
    block: str
    block_of: str
    starts_block: bool
    after_block: bool


@dataclass(frozen=True, slots=True)
class ScoreLevel:
    value: int
    name: str
    descriptor: str
    is_proficient_from: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One criterion to score, with what is mine so far."""

    sample: str
    criterion_id: UUID
    title: str
    levels: tuple[ScoreLevel, ...]
    rationale: str
    page: UUID | None
    x: float | None
    y: float | None
    is_late: bool

    @property
    def has_place(self) -> bool:
        return self.page is not None

    @property
    def is_scored(self) -> bool:
        return any(level.chosen for level in self.levels)


@dataclass(frozen=True, slots=True)
class Now:
    """What is asked of this person now.

    `kinds` are the notes that they may write, each with its label; `writes_for` is whose words those are, '' for their
    own. `listens_until` is the step in which a presenter who is to listen speaks again. In rounds `turn` speaks, then
    `next_turn`; `turn_is_mine`.
    """

    step: RunStep
    number: int
    of: int
    call: str
    prompt: str
    listens: bool
    listens_until: str
    writes_for: str
    sample_label: str
    kinds: tuple[tuple[str, str], ...]
    stems: tuple[str, ...]
    done: bool
    done_count: int
    people_count: int
    to_do: str
    may_be_done: bool
    turn: str
    turn_is_mine: bool
    next_turn: Participant | None
    is_last: bool
    score_rows: tuple[ScoreRow, ...]
    task: Assignment | None
    rubric: RubricGrid | None
    context_open: bool

    @property
    def writes_for_all(self) -> bool:
        """Whether what this person may write is for everybody to read."""
        return any(kind != "private" for kind, _ in self.kinds)

    @property
    def asks_about(self) -> bool:
        """Whether what is written may be about one sample of several; an answer is about what was heard."""
        return self.writes_for_all and self.step.makes != "response"

    @property
    def is_quiet(self) -> bool:
        """Whether this is a time to look, in which one may write for oneself and need not."""
        return self.step.speaks == "silent" and not self.score_rows and [kind for kind, _ in self.kinds] == ["private"]

    @property
    def notes_come(self) -> bool:
        """Whether what others write in this step appears here."""
        return self.step.sees != "own" and any(kind != "private" for kind in self.step.kinds)


@dataclass(frozen=True, slots=True)
class TablePage:
    """A page of the work; `alt` is what its text says in short, `text_url` where the whole is read; '' without one.

    `is_there`: it is neither withdrawn nor destroyed.
    """

    id: UUID
    number: int
    width: int
    height: int
    image_url: str
    thumbnail_url: str
    alt: str = ""
    text_url: str = ""
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class TableRecording:
    """A recording on the table; `length` in words, `seconds` exactly. Addresses that it has not are ''."""

    id: UUID
    has_video: bool
    width: int
    height: int
    seconds: float
    length: str
    content_type: str
    transcript: str
    url: str
    poster_url: str
    captions_url: str


@dataclass(frozen=True, slots=True)
class TableSample:
    id: UUID
    label: str
    is_now: bool
    revealed: bool
    pages: tuple[TablePage, ...]
    recording: TableRecording | None = None


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    name: str
    short_name: str
    initials: str
    role: str
    role_words: str
    here: bool
    is_me: bool
    has_turn: bool


@dataclass(frozen=True, slots=True)
class SharedNote:
    """A note as the room sees it; `place_number` numbers those that point to a place, as the work shows them.

    `at_seconds`: the moment in the recording of `sample` that it speaks of, `at_words` the same for a person.
    """

    id: UUID
    kind: str
    kind_label: str
    text: str
    author: str
    is_mine: bool
    step: int
    sample_label: str
    page: UUID | None
    x: float | None
    y: float | None
    place_number: int | None
    step_title: str
    is_struck: bool
    sample: UUID | None = None
    at_seconds: float | None = None
    at_words: str = ""


@dataclass(frozen=True, slots=True)
class EarlierNotes:
    """What was shared in a step that lies behind, for a step that builds on it."""

    number: int
    title: str
    notes: tuple[SharedNote, ...]
