"""The grid that people type into: read from a post or a version, changed by its buttons, shown with problems.

Fields repeat, and their order in the page is their meaning: `level` once a column, then for each row
`criterion_key`, `criterion` and one `cell` a level. So rows and columns move without being renumbered, and
everything works as plain HTML.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from rubrics.domain.draft import MOST_CRITERIA, MOST_LEVELS, Draft, DraftCriterion, Problem
from rubrics.queries import RubricGrid

STARTING_LEVELS = ["beginning", "nearing", "proficient", "beyond"]
STARTING_FROM = 3
STARTING_ROWS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One field as the template shows it; `at` counts from 0."""

    at: int
    text: str
    problem: str
    level: str


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion as the template shows it."""

    at: int
    key: str
    title: str
    problem: str
    cells: list[Cell]
    is_first: bool
    is_last: bool


@dataclass
class Line:
    """One criterion as it was typed."""

    key: str = ""
    title: str = ""
    cells: list[str] = field(default_factory=list)

    def is_blank(self) -> bool:
        return not self.title.strip() and not any(cell.strip() for cell in self.cells)


@dataclass
class GridForm:
    """Everything on the editor's page. `proficient_from` counts from 1; 0 means that nothing is marked."""

    title: str = ""
    names: list[str] = field(default_factory=lambda: list(STARTING_LEVELS))
    proficient_from: int = STARTING_FROM
    lines: list[Line] = field(default_factory=lambda: [Line() for _ in range(STARTING_ROWS)])
    based_on: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._make_square()

    @classmethod
    def from_grid(cls, grid: RubricGrid, *, based_on: str) -> "GridForm":
        """The form as it opens on a version."""
        return cls(
            title=grid.title,
            names=[name for _, name in grid.levels],
            proficient_from=grid.proficient_from,
            lines=[Line(str(row.key), row.title, list(row.descriptors)) for row in grid.rows],
            based_on=based_on,
        )

    @classmethod
    def from_post(cls, post: QueryDict) -> "GridForm":
        """The form as it was sent; whatever is missing or too much is evened out, nothing is believed."""
        names = [str(name) for name in post.getlist("level")]
        titles = [str(title) for title in post.getlist("criterion")]
        keys = [str(key) for key in post.getlist("criterion_key")]
        cells = [str(cell) for cell in post.getlist("cell")]
        width = len(names)
        return cls(
            title=str(post.get("title", "")),
            names=names,
            proficient_from=_small_number(str(post.get("proficient_from", ""))),
            lines=[
                Line(keys[at] if at < len(keys) else "", title, cells[at * width : (at + 1) * width])
                for at, title in enumerate(titles)
            ],
            based_on=str(post.get("based_on", "")),
        )

    # --- what the buttons do --------------------------------------------------------------------------

    def act(self, action: str) -> bool:
        """Do what a button of the page says ('add-criterion', 'up:2' …); False when that is to save."""
        name, _, at = action.partition(":")
        actions: dict[str, Callable[[int], None]] = {
            "add-criterion": self._add_line,
            "remove-criterion": self._remove_line,
            "up": lambda place: self._move(place, place - 1),
            "down": lambda place: self._move(place, place + 1),
            "add-level": self._add_level,
            "remove-level": self._remove_level,
        }
        if name not in actions:
            return False
        actions[name](_small_number(at, otherwise=-1))
        return True

    def _add_line(self, _place: int) -> None:
        if len(self.lines) < MOST_CRITERIA:
            self.lines.append(Line(cells=[""] * len(self.names)))

    def _remove_line(self, place: int) -> None:
        if 0 <= place < len(self.lines):
            del self.lines[place]

    def _move(self, place: int, to: int) -> None:
        if 0 <= place < len(self.lines) and 0 <= to < len(self.lines):
            self.lines.insert(to, self.lines.pop(place))

    def _add_level(self, _place: int) -> None:
        if len(self.names) < MOST_LEVELS:
            self.names.append("")
            self._make_square()

    def _remove_level(self, place: int) -> None:
        if not 0 <= place < len(self.names):
            return
        del self.names[place]
        for line in self.lines:
            del line.cells[place]
        if self.proficient_from > place + 1 or self.proficient_from > len(self.names):
            self.proficient_from -= 1

    # --- what is saved --------------------------------------------------------------------------------

    def draft(self) -> Draft:
        """What was typed, as the domain takes it. Rows that were left blank are dropped, from the form too."""
        self.lines = [line for line in self.lines if not line.is_blank()]
        return Draft(
            title=self.title,
            levels=tuple(self.names),
            proficient_from=self.proficient_from,
            criteria=tuple(DraftCriterion(line.title, tuple(line.cells), _uuid(line.key)) for line in self.lines),
        )

    def refuse(self, problems: list[Problem]) -> None:
        """Show these problems beside their fields."""
        found: dict[str, str] = {}
        for problem in problems:
            found.setdefault(problem.where, problem.sentence)
        self.problems = found
        if not self.lines:
            self._add_line(0)

    # --- what the template shows ----------------------------------------------------------------------

    @property
    def title_problem(self) -> str:
        return self.problems.get("title", "")

    @property
    def grid_problem(self) -> str:
        return self.problems.get("grid", "") or self.problems.get("proficient_from", "")

    @property
    def levels(self) -> list[Cell]:
        return [
            Cell(at, name, self.problems.get(f"level-{at}", ""), name.strip() or f"level {at + 1}")
            for at, name in enumerate(self.names)
        ]

    @property
    def rows(self) -> list[Row]:
        levels = self.levels
        return [
            Row(
                at=at,
                key=line.key,
                title=line.title,
                problem=self.problems.get(f"criterion-{at}", ""),
                cells=[
                    Cell(level.at, text, self.problems.get(f"cell-{at}-{level.at}", ""), level.level)
                    for level, text in zip(levels, line.cells, strict=True)
                ],
                is_first=at == 0,
                is_last=at == len(self.lines) - 1,
            )
            for at, line in enumerate(self.lines)
        ]

    @property
    def may_add_level(self) -> bool:
        return len(self.names) < MOST_LEVELS

    @property
    def may_add_criterion(self) -> bool:
        return len(self.lines) < MOST_CRITERIA

    def _make_square(self) -> None:
        width = len(self.names)
        for line in self.lines:
            line.cells = [*line.cells[:width], *[""] * (width - len(line.cells))]


def _small_number(text: str, *, otherwise: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else otherwise  # noqa: PLR2004


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
