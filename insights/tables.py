"""The tables of a school's page as plain rows: for files and for documents. A hidden cell is the word 'hidden'."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from insights.cells import HIDDEN, AgreementRow, Bar, ProficiencyYear

Cell = str | int
COARSE = "to the nearest 5; 5 is at most, 95 is at least"


@dataclass(frozen=True, slots=True)
class Table:
    """`name` in addresses and file names; the rows are as long as `columns`."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def agreement_table(rows: Sequence[AgreementRow]) -> Table:
    """One line a cell, in the page's order."""
    columns = (
        "Grade", "Subject", "Half-year", f"Agreement in per cent ({COARSE})", f"By chance in per cent ({COARSE})",
        "Pairs of scores (at least)", "Samples (at least)", "Scorers (at least)", "Why there is no figure",
    )  # fmt: skip
    return Table("agreement", columns, [_agreement_line(row) for row in rows])


def _agreement_line(row: AgreementRow) -> tuple[Cell, ...]:
    where = (row.grade, row.subject, row.half.words)
    if row.hidden:
        return (*where, *[row.instead] * 5, row.hidden)
    return (*where, row.exact, row.chance, row.pairs, row.samples, row.scorers, "")


def proficiency_table(years: Iterable[ProficiencyYear]) -> Table:
    """One line a cell; a year that the page hides in one line is one line here."""
    columns = (
        "School year", "Grade", "Subject", "Criterion", f"Proficient in per cent ({COARSE})",
        "Samples (at least)", "Scorers (at least)", "Why there is no figure",
    )  # fmt: skip
    lines: list[tuple[Cell, ...]] = []
    for year in years:
        if year.hidden:
            lines.append((year.words, "", "", f"All {len(year.rows)} criteria", *[HIDDEN] * 3, year.hidden))
            continue
        for row in year.rows:
            figures: tuple[Cell, ...] = (row.percent, row.samples, row.scorers)
            shown = (HIDDEN,) * 3 if row.hidden else figures
            lines.append((row.year, row.grade, row.subject, row.criterion, *shown, row.hidden))
    return Table("proficiency", columns, lines)


def months_table(months: Iterable[Bar]) -> Table:
    """One line a month, the newest first."""
    return Table("months", ("Month", "School year", "Sessions"), [(bar.label, bar.group, bar.count) for bar in months])
