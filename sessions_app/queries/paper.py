"""What the page shows on which a meeting's paper is typed in.

A sheet is shown again to whoever typed it, who had it in their hand, and to nobody else: the others learn that it is
there, and how many of its cells are filled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from rubrics.queries import grid
from sessions_app.engine import State
from sessions_app.models import PaperSheet, Participant, Session
from sessions_app.paper import HIGHEST_SHEET, Cell, Layout, as_text, from_json, layout, shorten


@dataclass(frozen=True, slots=True)
class TypedCell:
    """A cell with what stands in it, and what is wrong with that."""

    cell: Cell
    value: str
    problem: str

    @property
    def name(self) -> str:
        return self.cell.place.name


@dataclass(frozen=True, slots=True)
class Line:
    """A sample's row."""

    label: str
    cells: list[TypedCell]

    @property
    def closed(self) -> bool:
        return self.cells[0].cell.closed


@dataclass(frozen=True, slots=True)
class Table:
    """One round: a row a sample, a column a criterion."""

    round: int
    criteria: list[str]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet that was typed in, as everyone who may type sees it."""

    number: int
    filled: int
    of: int
    by: str


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One sheet to type in, and what is there already. `hidden_by` names who typed this sheet, if not who looks."""

    number: int
    exists: bool
    revision: int
    hidden_by: str
    tables: list[Table]
    sheets: list[SheetLine]
    free: int | None
    levels: list[tuple[int, str]]
    proficient_from: int = 0
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def scores(self) -> int:
        """How many scores have been typed in."""
        return sum(sheet.filled for sheet in self.sheets)


def layout_of(session: Session) -> Layout | None:
    """The sheet of this session as it is planned now; None where nobody scores. Four queries."""
    if session.rubric_version is None:
        return None
    state = State.from_json(session.state)
    rubric = grid(session.rubric_version)
    shown = layout(
        state,
        labels={str(entry.sample_id): entry.label for entry in session.on_table.all()},
        criteria=[(str(row.criterion_id), row.title) for row in rubric.rows],
        levels=[value for value, _ in rubric.levels],
    )
    return shown if shown.cells else None


def free_number(session: Session) -> int | None:
    """The lowest number that no sheet has; None when all are taken."""
    taken = set(session.paper_sheets.values_list("number", flat=True))
    return next((number for number in range(1, HIGHEST_SHEET + 1) if number not in taken), None)


def paper_page(
    session: Session,
    shown: Layout,
    *,
    me: Participant,
    number: int | None,
    typed: Mapping[str, object] | None = None,
    problems: Mapping[str, str] | None = None,
) -> PaperPage:
    """The page with the sheet `number`, or the next free one; `typed` is what was posted and not taken."""
    rows = list(session.paper_sheets.select_related("typed_by__user"))
    free = free_number(session)
    number = number or free or HIGHEST_SHEET
    sheet = next((row for row in rows if row.number == number), None)
    is_mine = sheet is None or sheet.typed_by_id == me.pk
    values = _said_back(typed) if typed is not None else _kept(sheet) if sheet and is_mine else {}
    return PaperPage(
        number=number,
        exists=sheet is not None,
        revision=sheet.revision if sheet else 0,
        hidden_by="" if sheet is None or is_mine else _typist(sheet),
        tables=_tables(shown, values, problems or {}),
        sheets=[_line(row, shown) for row in rows],
        free=free,
        levels=[(level.value, level.name) for level in session.rubric_version.levels.all()]
        if session.rubric_version
        else [],
        proficient_from=session.rubric_version.proficient_from if session.rubric_version else 0,
        problems=problems or {},
    )


def _line(sheet: PaperSheet, shown: Layout) -> SheetLine:
    """How far a sheet is; what the plan has let go of since it was typed does not count."""
    filled = sum(place.name in shown.cells for place in from_json(sheet.cells))
    return SheetLine(sheet.number, filled, len(shown.cells), _typist(sheet))


def _typist(sheet: PaperSheet) -> str:
    return str(sheet.typed_by.user) if sheet.typed_by else "somebody who is not in this session any more"


def _kept(sheet: PaperSheet) -> dict[str, str]:
    return {place.name: str(level) for place, level in from_json(sheet.cells).items()}


def _said_back(typed: Mapping[str, object]) -> dict[str, str]:
    return {name: shorten(as_text(value)) for name, value in typed.items()}


def _tables(shown: Layout, values: Mapping[str, str], problems: Mapping[str, str]) -> list[Table]:
    tables = []
    for number, of_round in groupby(shown.cells.values(), key=lambda cell: cell.place.round):
        lines = [
            Line(
                label=row[0].sample,
                cells=[
                    TypedCell(cell, values.get(cell.place.name, ""), problems.get(cell.place.name, "")) for cell in row
                ],
            )
            for row in (list(cells) for _, cells in groupby(of_round, key=lambda cell: cell.place.sample))
        ]
        tables.append(Table(number, [cell.cell.criterion for cell in lines[0].cells], lines))
    return tables
