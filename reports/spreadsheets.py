"""Tables as XLSX and CSV, so that no cell is run as a formula and no program stumbles over a character. No Django."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from esw.core.fonts import clean
from reports.record_tables import Cell, Table

#: With one of these in front a spreadsheet runs what it should show.
SIGNS = frozenset("=+-@＝＋－＠")
BREAKS = ("\t", "\r", "\n")
LONGEST = 32_767  # characters that Excel keeps in a cell
WIDEST = 60  # characters
BOM = "\ufeff"


def safe(cell: Cell) -> Cell:
    """Numbers as they are; text without controls, and with an apostrophe before what would be run."""
    if not isinstance(cell, str):
        return cell
    text = clean(cell)
    return f"'{text}" if cell.startswith(BREAKS) or _first_shown(cell) in SIGNS else text


def _first_shown(text: str) -> str:
    """The first character that can be seen; '' where there is none. Programs differ in what they skip before it."""
    return next((each for each in text if not each.isspace() and unicodedata.category(each)[0] != "C"), "")


def csv_bytes(tables: Sequence[Table]) -> bytes:
    """One table of all: the column `part` says which one a line belongs to, and what a part lacks is empty.

    UTF-8 with a byte order mark, because Excel reads anything else wrongly; lines end as RFC 4180 says.
    """
    first = [column for table in tables for column in table.first_columns]
    columns = list(dict.fromkeys([*first, *(column for table in tables for column in table.columns)]))
    written = io.StringIO(newline="")
    written.write(BOM)
    lines = csv.writer(written)
    lines.writerow(["part", *columns])
    for table in tables:
        places = [columns.index(column) for column in table.columns]
        for row in table.rows:
            line: list[Cell] = [None] * len(columns)
            for place, cell in zip(places, row, strict=True):
                line[place] = safe(cell)
            lines.writerow([table.name, *line])
    return written.getvalue().encode("utf-8", "replace")


def one_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One table alone, its columns as they are; encoded as `csv_bytes` is."""
    written = io.StringIO(newline="")
    written.write(BOM)
    csv.writer(written).writerows([columns, *([safe(cell) for cell in row] for row in rows)])
    return written.getvalue().encode("utf-8", "replace")


def xlsx_bytes(tables: Iterable[Table], *, title: str, made_at: datetime) -> bytes:
    """A workbook with a sheet a table: plain cells, a header that stays, no macro, nobody's name as its author."""
    from openpyxl import Workbook  # noqa: PLC0415 (slow, and rarely needed)

    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _add_sheet(book, table)
    book.properties.creator = "Examining Student Work"
    book.properties.lastModifiedBy = "Examining Student Work"
    book.properties.title = title
    book.properties.created = book.properties.modified = made_at.replace(tzinfo=None)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _add_sheet(book: object, table: Table) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    sheet = book.create_sheet(table.name)  # type: ignore[attr-defined]
    bold, fill = Font(bold=True), PatternFill("solid", fgColor="DCEBE7")
    wrapped = Alignment(vertical="top", wrap_text=True)
    for at, column in enumerate(table.columns, start=1):
        head = sheet.cell(1, at, column.replace("_", " "))
        head.font, head.fill = bold, fill
    for down, row in enumerate(table.rows, start=2):
        for at, value in enumerate(row, start=1):
            shown = safe(value)
            if shown is None or shown == "":
                continue
            cell = sheet.cell(down, at)
            if isinstance(shown, str):
                cell.value = shown[:LONGEST]
                cell.data_type = "s"  # whatever it looks like, it is text
                cell.alignment = wrapped
            else:
                cell.value = shown
                cell.alignment = Alignment(vertical="top")
    for at, column in enumerate(table.columns, start=1):
        lengths = [len(str(row[at - 1])) for row in table.rows if row[at - 1] is not None]
        width = min(WIDEST, max([len(column), *lengths]) + 2)
        sheet.column_dimensions[get_column_letter(at)].width = max(10, width)
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
