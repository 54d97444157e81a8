"""A meeting on paper, pure: the cells of a score sheet, what was typed into them, and the session's way to the reveal.

No Django here. The engine is only ever moved by its own commands, so what holds for it holds for paper: a round that
has closed takes no score, and what is shown is closed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sessions_app.engine import BadArgument, Command, Event, RunStep, State, apply, scores_sample

#: A whole staff on paper; the numbers are those that people wrote on their sheets.
HIGHEST_SHEET = 200
CELL = "cell-"
#: Of what somebody typed, that much is said back.
ECHO = 12
CHANGED = (
    "One of these cells is not on the sheets of this session any more, because its plan has changed: "
    "look over the sheet, and save it again."
)


class Place(NamedTuple):
    """Where a score belongs; ids as the engine has them."""

    sample: str
    criterion: str
    round: int

    @property
    def name(self) -> str:
        """Its name in the form."""
        return f"{CELL}{self.round}-{self.sample}-{self.criterion}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A place on the sheet, in words. `closed`: its round has closed, so it takes no score any more."""

    place: Place
    sample: str
    criterion: str
    closed: bool

    @property
    def words(self) -> str:
        later = ", after the discussion" if self.place.round > 1 else ""
        return f"sample {self.sample}, {self.criterion}{later}"


@dataclass(frozen=True, slots=True)
class Layout:
    """The sheet that everyone fills in: its cells by name, round by round and row by row, and the rubric's levels."""

    cells: Mapping[str, Cell]
    levels: tuple[int, ...]

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be typed into it any more."""
        return all(cell.closed for cell in self.cells.values())


class BadCells(BadArgument):
    """Cells that hold something else than a level; `cells` has a sentence for each, by its name in the form."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        super().__init__(next(iter(cells.values())))
        self.cells = cells


def layout(
    state: State, *, labels: Mapping[str, str], criteria: Sequence[tuple[str, str]], levels: Sequence[int]
) -> Layout:
    """The sheet of a session: for each round, each sample that is scored in it, each criterion (id, title)."""
    rounds = sorted({step.round or 1 for step in state.steps if step.makes == "scores"})
    places = [
        (Place(sample, criterion, number), title)
        for number in rounds
        for sample in state.samples
        if any(scores_sample(step, sample) and (step.round or 1) == number for step in state.steps)
        for criterion, title in criteria
    ]
    return Layout(
        cells={
            place.name: Cell(place, labels.get(place.sample, ""), title, (place.sample, place.round) in state.closed)
            for place, title in places
        },
        levels=tuple(levels),
    )


def read_cells(shown: Layout, typed: Mapping[str, object], *, sheet: int) -> dict[Place, int]:
    """The levels that were typed, by place; an empty cell is no score.

    Raises `BadCells` where something else than a level stands or a round has closed, `BadArgument` for a cell that is
    not on this session's sheet.
    """
    if any(name.startswith(CELL) and name not in shown.cells for name in typed):
        raise BadArgument(CHANGED)
    read: dict[Place, int] = {}
    wrong: dict[str, str] = {}
    for name, cell in shown.cells.items():
        text = as_text(typed.get(name))
        if text == "":
            continue
        where = f"Sheet {sheet}, {cell.words}"
        if cell.closed:
            wrong[name] = f"{where}: this sample has been revealed, so its scores are closed."
        elif _is_level(text, shown.levels):
            read[cell.place] = int(text)
        else:
            wrong[name] = (
                f"{where}: “{shorten(text)}” is not a level; write a whole number from {min(shown.levels)} to "
                f"{max(shown.levels)}, or leave the cell empty."
            )
    if wrong:
        raise BadCells(wrong)
    return read


def as_text(value: object) -> str:
    """What was typed into a cell, without blanks around it; what is no text and no number reads as such."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else "?"


def shorten(text: str) -> str:
    """The beginning of what was typed: whoever pastes a book gets a few words of it back."""
    return text if len(text) <= ECHO else f"{text[: ECHO - 1]}…"


def _is_level(text: str, levels: Sequence[int]) -> bool:
    return len(text) == 1 and text.isascii() and text.isdigit() and int(text) in levels


def to_json(cells: Mapping[Place, int]) -> list[list[str | int]]:
    """The cells as plain JSON, in an order that does not depend on how they were typed."""
    return [[*place, level] for place, level in sorted(cells.items())]


def from_json(rows: Sequence[Sequence[Any]]) -> dict[Place, int]:
    return {Place(sample, criterion, number): level for sample, criterion, number, level in rows}


# --- The session's way to the reveal ------------------------------------------------------------------------


def open_rounds(state: State, *, by: str, now: datetime) -> tuple[State, tuple[Event, ...]]:
    """The state in which every round of the plan has been opened: begun if it was not, and taken through each scoring
    step that the room had not come to. No time passes in them.
    """
    road: list[tuple[str, Mapping[str, object]]] = []
    if state.status == "planned":
        road.append(("open", {}))
    if state.status in {"planned", "lobby"}:
        road.append(("start", {}))
    for number, step in enumerate(state.steps, start=1):
        if step.makes == "scores" and not _rounds_of(step, state) <= state.opened:
            road.append(("go_to", {"step": number}))
    return _walk(state, road, by=by, now=now)


def show_all(state: State, *, back_to: int | None, by: str, now: datetime) -> tuple[State, tuple[Event, ...]]:
    """The state in which every scored sample is revealed and the room is back at the step `back_to` (an index).

    With None, of a meeting that was held on paper, it waits at the first step about what came out, its clock standing.
    """
    samples = [s for s in state.samples if any(scores_sample(step, s) for step in state.steps)]
    road: list[tuple[str, Mapping[str, object]]] = [("reveal", {"sample": sample}) for sample in samples]
    landing = _first_to_talk_about(state.steps) if back_to is None else back_to
    road.append(("go_to", {"step": landing + 1}))
    if back_to is None:
        road.append(("pause", {}))
    return _walk(state, road, by=by, now=now)


def _walk(
    state: State, road: Sequence[tuple[str, Mapping[str, object]]], *, by: str, now: datetime
) -> tuple[State, tuple[Event, ...]]:
    events: list[Event] = []
    for name, args in road:
        state, more = apply(state, Command(name, by, args), now=now)
        events += more
    return state, tuple(events)


def _rounds_of(step: RunStep, state: State) -> frozenset[tuple[str, int]]:
    scored = state.samples if step.sample is None else (step.sample,)
    return frozenset((sample, step.round or 1) for sample in scored)


def _first_to_talk_about(steps: Sequence[RunStep]) -> int:
    """The index of the first step that looks at a reveal or agrees; else of the one after all scoring, or the last."""
    last_scored = max(at for at, step in enumerate(steps) if step.makes == "scores")
    talks = (at for at, step in enumerate(steps) if step.makes in {"reveal", "consensus"})
    return next(talks, min(last_scored + 1, len(steps) - 1))
