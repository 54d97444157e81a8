"""What the demo school is made of, as plain frozen values.

Everything in the demo is invented by the project. Nothing here touches the database: a loader reads these
values and makes rows from them. Levels are whole numbers on the rubric's scale (1 beginning … 4 beyond);
coordinates of what stands on a page are pixels of the sheet (see ``home.demo.paper``: 1440 × 1864).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# --- what we look for -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Level:
    """One level of a rubric's scale."""

    value: int
    name: str


@dataclass(frozen=True)
class Criterion:
    """One row of a rubric: a title and what can be seen in the work at each level."""

    key: str
    title: str
    descriptors: Mapping[int, str]


@dataclass(frozen=True)
class Rubric:
    """An analytic rubric; work is proficient from ``proficient_from`` on."""

    title: str
    levels: tuple[Level, ...]
    proficient_from: int
    criteria: tuple[Criterion, ...]


# --- what stands on a page --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Write:
    """Lines of handwriting; the first baseline at ``y``, the next ones ``step`` lower.

    A line may carry marks: ``~~crossed out~~``, ``^^put in above^^``, ``__underlined__``, ``%%rubbed out%%``,
    ``[[in a box]]`` and ``{3/4}`` for a fraction written with a bar. With ``room`` the hand grows or shrinks a little
    until the longest line takes that many pixels.
    """

    lines: tuple[str, ...]
    x: int = 215
    y: int = 0
    step: int = 80
    scale: float = 1.0
    room: int = 0


@dataclass(frozen=True)
class Printed:
    """A printed paragraph of a worksheet, ``size`` pixels high; ``{3/4}`` is set with a bar."""

    lines: tuple[str, ...]
    y: int
    x: int = 120
    size: int = 40
    bold: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar cut into ``parts`` with ``shaded`` of them hatched; ``uneven`` cuts miss their place by that share."""

    x: int
    y: int
    w: int
    h: int
    parts: int
    shaded: int
    uneven: float = 0.0
    label: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Pie:
    """A circle cut into ``parts``; ``stacked`` cuts it by parallel lines as children often do at first."""

    x: int
    y: int
    r: int
    parts: int
    shaded: int
    uneven: float = 0.0
    stacked: bool = False
    label: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Pan:
    """A rectangle cut into ``columns`` by ``rows`` with the first ``shaded`` cells hatched."""

    x: int
    y: int
    w: int
    h: int
    columns: int
    rows: int
    shaded: int
    label: str = ""
    tag: str = ""


@dataclass(frozen=True)
class NumberLine:
    """A number line; ``ticks`` are (share of the length, label), ``dots`` are shares that get a mark, ``hops`` arcs."""

    x: int
    y: int
    w: int
    ticks: tuple[tuple[float, str], ...]
    dots: tuple[float, ...] = ()
    hops: tuple[tuple[float, float, str], ...] = ()
    tag: str = ""


@dataclass(frozen=True)
class Arrow:
    """A hand-drawn arrow."""

    x: int
    y: int
    to_x: int
    to_y: int


@dataclass(frozen=True)
class Scribble:
    """A false start, scribbled out."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True)
class Ring:
    """A loop drawn around something."""

    x: int
    y: int
    w: int
    h: int


Element = Write | Printed | Bar | Pie | Pan | NumberLine | Arrow | Scribble | Ring


@dataclass(frozen=True)
class Page:
    """One sheet: its paper, how its top is filled in, what stands on it and how it became a picture.

    ``paper`` is a key of ``home.demo.paper.PAPERS``, ``head`` one of ``worksheet``, ``corner``, ``name``, ``none``,
    ``look`` one of ``desk``, ``tilted``, ``close``, ``scan``.
    """

    paper: str
    elements: tuple[Element, ...]
    head: str = "none"
    look: str = "desk"
    date: str = ""
    smudges: int = 0


# --- the work ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """A place in the work that a reason points to: in words, and as page (from 1) and line number or tag."""

    where: str
    page: int
    at: str


@dataclass(frozen=True)
class SampleContent:
    """One piece of student work, what a careful team would agree on, and why.

    ``name`` is an invented name that still stands on the page: such a sample waits for redaction.
    """

    label: str
    hand: str
    levels: Mapping[str, int]
    points: Mapping[str, Point]
    why: Mapping[str, str]
    shows: str
    pages: tuple[Page, ...]
    name: str = ""


# --- what teams say ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Split:
    """Two reasons that a team kept side by side because it did not agree."""

    criterion: str
    lower: int
    upper: int
    lower_reason: str
    upper_reason: str


@dataclass(frozen=True)
class NextStepText:
    """A next step, the students it is for, what will show that it worked, and what came back when it was done."""

    text: str
    students: str
    evidence: str
    outcome: str


@dataclass(frozen=True)
class Bank:
    """Sentences for believable sessions. ``{where}`` in a rationale stands for the sample's place in words."""

    rationales: Mapping[str, Mapping[int, tuple[str, ...]]]
    consensus: Mapping[str, Mapping[int, tuple[str, ...]]]
    notes: Mapping[str, tuple[str, ...]]
    splits: tuple[Split, ...]
    next_steps: tuple[NextStepText, ...]
    focus_questions: tuple[str, ...]
    session_titles: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Task:
    """An assignment with its rubric, its samples and its bank of sentences."""

    key: str
    title: str
    grade: str
    subject: str
    prompt: str
    context: str
    standards: tuple[str, ...]
    intended_learning: str
    rubric: Rubric
    samples: tuple[SampleContent, ...]
    bank: Bank

    @property
    def waiting(self) -> SampleContent:
        """The one sample that still shows an invented name."""
        return next(sample for sample in self.samples if sample.name)


# --- who --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """A member of staff; ``email`` is empty where the loader may make one up."""

    name: str
    email: str = ""

    @property
    def initials(self) -> str:
        """Two letters for a round badge."""
        words = self.name.split()
        return (words[0][0] + words[-1][0]).upper()


@dataclass(frozen=True)
class TeamContent:
    """A team: the task it looks at (its key), its norms in its own words, its people (the first one facilitates)."""

    name: str
    task: str
    norms: tuple[str, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True)
class SchoolContent:
    """A school and its teams."""

    name: str
    administrators: tuple[Person, ...]
    teams: tuple[TeamContent, ...]


@dataclass(frozen=True)
class DistrictContent:
    """A district, its schools, and who sets its rules and brings its standards."""

    name: str
    schools: tuple[SchoolContent, ...]
    administrators: tuple[Person, ...] = ()
