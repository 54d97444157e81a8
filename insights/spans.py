"""School years and their halves. Dates in, dates and words out; no Django here."""

from datetime import date
from typing import NamedTuple

from esw.core.school_years import FIRST_MONTH, school_year

#: School years begin on 1 August, their second halves on 1 February.
SECOND_MONTH = 2


class Half(NamedTuple):
    """Half a school year: of the one that began in `year`, the first (0, from August) or the second (1)."""

    year: int
    second: int

    @property
    def words(self) -> str:
        """'Aug 2026 – Jan 2027', 'Feb 2027 – Jul 2027'."""
        after = self.year + 1
        return f"Feb {after} – Jul {after}" if self.second else f"Aug {self.year} – Jan {after}"

    @property
    def next(self) -> "Half":
        """The half that follows."""
        return Half(self.year + 1, 0) if self.second else Half(self.year, 1)


def half_of(day: date) -> Half:
    """The half in which `day` lies."""
    return Half(school_year(day), int(SECOND_MONTH <= day.month < FIRST_MONTH))


def whole_years(since: date | None, until: date | None) -> tuple[date | None, date | None]:
    """The span from `since` to `until` (both included) made wider to whole school years: (first day, day after)."""
    first = _day(school_year(since), FIRST_MONTH) if since else None
    after = _day(school_year(until) + 1, FIRST_MONTH) if until else None
    return first, after


def whole_halves(since: date | None, until: date | None) -> tuple[date | None, date | None]:
    """The same to whole halves."""
    first = _first_day(half_of(since)) if since else None
    after = _first_day(half_of(until).next) if until else None
    return first, after


def _first_day(half: Half) -> date | None:
    return _day(half.year + half.second, SECOND_MONTH if half.second else FIRST_MONTH)


def _day(year: int, month: int) -> date | None:
    """The first of that month; None at the ends of the calendar, where nothing lies beyond."""
    return date(year, month, 1) if date.min.year < year < date.max.year else None
