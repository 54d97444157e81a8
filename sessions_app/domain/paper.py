"""Typing in what was scored on paper: sheet by sheet, and all of them at once into the session's own rounds."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from sessions_app import access
from sessions_app.domain.commands import keep
from sessions_app.domain.locking import locked
from sessions_app.domain.writing import arrived_before
from sessions_app.engine import BadArgument, Event, IllegalCommand, State, ended, in_progress
from sessions_app.models import PaperSheet, Participant, Score, Session
from sessions_app.paper import HIGHEST_SHEET, Layout, from_json, open_rounds, read_cells, show_all, to_json
from sessions_app.queries.paper import free_number, layout_of

NOT_YOURS = "Whoever facilitates types the scores in: ask them, or take the session over in its room if that is agreed."
OVER = "This session is finished and its scores are closed, so nothing can be typed in any more."
NOTHING_TO_SCORE = "Nobody scores in this session, so there are no score sheets to type in."
CHANGED_SINCE = (
    "Nothing that was typed in belongs to this session any more, because its plan has changed: type the sheets in anew."
)
CLOSED = "The scores of this session are all in, and what was revealed stays as it is."


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the sheets; `skipped` scores were of samples that had been revealed before."""

    sheets: int
    scores: int
    skipped: int = 0


@transaction.atomic
def save_sheet(
    *,
    session: Session,
    by: Participant,
    number: int,
    typed: Mapping[str, object],
    client_id: uuid.UUID,
    now: datetime,
    seen: int | None = None,
    as_new: bool = False,
) -> PaperSheet:
    """Keep one sheet as it was typed (cells by their name in the form), in the place of what was typed before.

    `seen` is the revision that the typist looked at (0: there was no such sheet): another one is refused, so that two
    people with two piles never write over each other. `as_new` takes the next free number instead. The same post twice
    counts once. Raises `BadCells`, `BadArgument`, `IllegalCommand`, `PermissionDenied`.
    """
    row, _, shown = _open_sheet(session, by)
    cells = to_json(read_cells(shown, typed, sheet=number))
    if not cells:
        raise BadArgument(f"Nothing is typed into sheet {number} yet.")
    if arrived_before(by, client_id) and (sent := _sent_before(row, number, client_id, cells, seen=seen)):
        return sent
    if as_new:
        free = free_number(row)
        if free is None:
            raise IllegalCommand(f"There is room for {HIGHEST_SHEET} sheets, and all are typed in.")
        number, seen = free, 0
    sheet = row.paper_sheets.filter(number=number).first()
    revision = sheet.revision if sheet else 0
    if seen is not None and seen != revision:
        raise IllegalCommand(_meanwhile(sheet, number))
    sheet = sheet or PaperSheet(session=row, number=number)
    sheet.cells, sheet.client_id, sheet.revision = cells, client_id, revision + 1
    sheet.typed_by, sheet.typed_at = by, now
    sheet.save()
    return sheet


def _sent_before(
    row: Session, number: int, client_id: uuid.UUID, cells: list[list[str | int]], *, seen: int | None
) -> PaperSheet | None:
    """The sheet that a post made when it first arrived; None for a correction from an old form."""
    sheet = row.paper_sheets.filter(client_id=client_id).first()
    if sheet is not None and (sheet.cells == cells or seen is None):
        return sheet
    return row.paper_sheets.filter(number=number).first() if seen is None else None


def _meanwhile(sheet: PaperSheet | None, number: int) -> str:
    if sheet is None:
        return f"Sheet {number} has been taken out meanwhile: save it again if it should count."
    who = str(sheet.typed_by.user) if sheet.typed_by else "somebody"
    return (
        f"Sheet {number} has been typed in meanwhile by {who}: keep yours as a further sheet, or put it in its place."
    )


@transaction.atomic
def remove_sheet(*, session: Session, by: Participant, number: int) -> None:
    """Take a sheet out, say because it was typed twice. One that is not there is out already."""
    row, _, _ = _open_sheet(session, by)
    row.paper_sheets.filter(number=number, counted_at=None).delete()


@transaction.atomic
def count_sheets(
    *, session: Session, by: Participant, now: datetime, sheets: int | None = None, there: Collection[uuid.UUID] = ()
) -> Counted:
    """'These are all': every sheet becomes scores in the session's own rounds, and every sample is revealed.

    A session that had not begun is begun by this, and waits at its first step about what came out; one that runs stays
    at its step. `sheets` is how many the person saw, `there` are the participants who came to the meeting. Done once:
    asked again it says the same. Raises `IllegalCommand`, `PermissionDenied`.
    """
    row, before, shown = _open_sheet(session, by, counted_is_fine=True)
    waiting = list(row.paper_sheets.filter(counted_at=None))
    if not waiting:
        return _counted_before(row)
    if sheets is not None and sheets != len(waiting):
        raise IllegalCommand(
            f"Meanwhile {len(waiting)} sheets are typed in: look whether these are all, and say so again."
        )
    began = not in_progress(before)
    open_, opening = open_rounds(before, by=str(by.pk), now=now)
    scores, skipped = _scores(row, waiting, shown, open_, now=now)
    if not scores:
        raise IllegalCommand(CHANGED_SINCE)
    Score.objects.bulk_create(scores)
    after, ending = show_all(open_, back_to=None if began else before.index, by=str(by.pk), now=now)
    counts = {"sheets": len(waiting), "scores": len(scores), "began": int(began)}
    keep(row, before, after, (Event("typed_from_paper", counts), *opening, *ending), by=by, now=now)
    row.paper_sheets.filter(counted_at=None).update(counted_at=now, cells=[])
    if began:
        row.participants.filter(pk__in=[*there, by.pk], joined_at=None).update(joined_at=now)
    return Counted(len(waiting), len(scores), skipped)


def _scores(
    row: Session, sheets: Collection[PaperSheet], shown: Layout, state: State, *, now: datetime
) -> tuple[list[Score], int]:
    """The rows of all sheets, and how many cells have no place any more."""
    places = {cell.place for cell in shown.cells.values()}
    scores, skipped = [], 0
    for sheet in sheets:
        for place, level in from_json(sheet.cells).items():
            if place not in places or (place.sample, place.round) in state.closed:
                skipped += 1
                continue
            scores.append(
                Score(
                    session=row,
                    sheet=sheet,
                    sample_id=uuid.UUID(place.sample),
                    criterion_id=uuid.UUID(place.criterion),
                    round=place.round,
                    level=level,
                    updated_at=now,
                )
            )
    return scores, skipped


def _counted_before(row: Session) -> Counted:
    counted = row.paper_sheets.exclude(counted_at=None)
    if not counted:
        raise IllegalCommand("No sheet has been typed in yet.")
    return Counted(len(counted), Score.objects.filter(sheet__in=counted).count())


def _open_sheet(session: Session, by: Participant, *, counted_is_fine: bool = False) -> tuple[Session, State, Layout]:
    """The session's row under lock, its state and its sheet, for who may type into it now."""
    row = locked(session)
    state = State.from_json(row.state)
    if not access.may_type_scores(access.role_of(by, state)):
        raise PermissionDenied(NOT_YOURS)
    if ended(state):
        raise IllegalCommand(OVER)
    shown = layout_of(row)
    if shown is None:
        raise IllegalCommand(NOTHING_TO_SCORE)
    if shown.is_closed and not counted_is_fine:
        raise IllegalCommand(CLOSED)
    return row, state, shown
