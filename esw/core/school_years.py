"""School years. Dates in, dates and words out; no Django here."""

from datetime import date

#: School years begin on 1 August.
FIRST_MONTH = 8


def school_year(day: date) -> int:
    """The year in which the school year of `day` began."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def year_words(year: int) -> str:
    """2026 → '2026–27'."""
    return f"{year}–{(year + 1) % 100:02d}"


def first_day(year: int) -> date:
    """The day on which the school year that begins in `year` begins."""
    return date(year, FIRST_MONTH, 1)
