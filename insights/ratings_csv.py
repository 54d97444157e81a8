"""Ratings from a file of comma-separated values, with one sentence for whatever is wrong with it."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from insights.agreement import BadRatings, Rating, Ratings, Unit

COLUMNS = ("sample", "criterion", "rater", "level")
REFERENCE = "consensus"
MOST_BYTES = 64_000_000
MOST_ROWS = 1_000_000
LONGEST_NAME = 200
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


class BadFile(BadRatings):
    """The file cannot be read as ratings; the message is a sentence for people."""


def read_ratings(path: Path, *, levels: tuple[int, int] | None = None) -> Ratings:
    """The ratings in `path`: columns sample, criterion, rater, level, in any order, and perhaps consensus.

    Commas, semicolons and tabs are understood. A row with no level is a missing rating. Raises `BadRatings`.
    """
    reader = _reader(_text(path))
    places = _places(_next(reader, 1) or [])
    rows: list[Rating] = []
    reference: dict[Unit, int] = {}
    for number, cells in _lines(reader):
        row, agreed = _row(number, cells, places)
        if agreed is not None:
            _note(reference, row[:2], agreed, number)
        if row[3]:
            rows.append(Rating(row[0], row[1], row[2], _level(row[3], number)))
        if len(rows) > MOST_ROWS:
            raise BadFile(f"The file has more than {MOST_ROWS:,} ratings; that is more than this command reads.")
    return Ratings.of(rows, levels=levels, reference=reference)


def parse_levels(text: str) -> tuple[int, int]:
    """'1..4' → (1, 4). Raises `BadRatings` for anything else."""
    low, dots, high = text.partition("..")
    if not dots or not _WHOLE.fullmatch(low) or not _WHOLE.fullmatch(high) or int(low) >= int(high):
        raise BadRatings("Give the levels as lowest..highest, for example 1..4.")
    return int(low), int(high)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "the name cannot be used"
        raise BadFile(f"The file could not be read: {why}.") from None
    if len(raw) > MOST_BYTES:
        raise BadFile(f"The file is larger than {MOST_BYTES // 1_000_000} MB; that is more than this command reads.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("The file is not text in UTF-8; save it as CSV (UTF-8) and try again.") from None
    if "\x00" in text:
        raise BadFile("The file is not text; save it as CSV (UTF-8) and try again.")
    return text


def _reader(text: str) -> Iterator[list[str]]:
    """The rows, by whichever separator the first line holds most of."""
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    return iter(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


def _places(header: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    if not any(names):
        raise BadFile("The file is empty; it needs a first line with sample, criterion, rater, level.")
    if missing := [name for name in COLUMNS if name not in names]:
        raise BadFile(f"The first line does not name {_spoken(missing)}; it needs sample, criterion, rater, level.")
    if double := [name for name in (*COLUMNS, REFERENCE) if names.count(name) > 1]:
        raise BadFile(f"The first line names {double[0]} twice.")
    return {name: names.index(name) for name in (*COLUMNS, REFERENCE) if name in names}


def _spoken(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lines(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, numbered as a table shows them: the heading is row 1."""
    number = 1
    while True:
        number += 1
        cells = _next(reader, number)
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield number, cells


def _next(reader: Iterator[list[str]], number: int) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error:
        raise BadFile(f"Row {number} cannot be read as comma-separated values.") from None


def _row(number: int, cells: list[str], places: dict[str, int]) -> tuple[tuple[str, str, str, str], int | None]:
    if len(cells) <= max(places[name] for name in COLUMNS):
        raise BadFile(f"Row {number} has too few columns.")
    sample, criterion, rater, level = (cells[places[name]].strip() for name in COLUMNS)
    for name, value in zip(COLUMNS, (sample, criterion, rater), strict=False):
        if not value:
            raise BadFile(f"Row {number} does not say which {name}.")
        if len(value) > LONGEST_NAME:
            raise BadFile(f"Row {number} has a {name} of more than {LONGEST_NAME} characters.")
    place = places.get(REFERENCE)
    agreed = cells[place].strip() if place is not None and place < len(cells) else ""
    return (sample, criterion, rater, level), _level(agreed, number) if agreed else None


def _level(text: str, number: int) -> int:
    if not _WHOLE.fullmatch(text):
        shown = text if len(text) <= 20 and text.isprintable() else f"{text[:20]!r}…"  # noqa: PLR2004
        raise BadFile(f"Row {number}: the level “{shown}” is not a whole number.")
    return int(text)


def _note(reference: dict[Unit, int], unit: Unit, agreed: int, number: int) -> None:
    if reference.setdefault(unit, agreed) != agreed:
        raise BadFile(f"Row {number} gives another consensus than a row before it for the same sample and criterion.")
