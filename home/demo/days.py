"""When teams meet: afternoons of school days, spread over a year. Dates and times in, dates and times out."""

import random
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

QUARTER = timedelta(minutes=15)
BELL = time(15, 0)


def is_school_day(day: date) -> bool:
    """A weekday outside the summer and the days around new year."""
    summer = (7, 1) <= (day.month, day.day) <= (8, 14)
    holidays = (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 2)
    return day.weekday() < 5 and not summer and not holidays


def school_days(first: date, last: date) -> list[date]:
    """Every school day from `first` to `last`, both included."""
    every = (first + timedelta(days=after) for after in range((last - first).days + 1))
    return [day for day in every if is_school_day(day)]


def free_day(day: date, taken: Collection[date], *, ahead: bool) -> date:
    """That day, or the next weekday after it (`ahead`) or before it on which nobody meets."""
    step = timedelta(days=1 if ahead else -1)
    while day.weekday() >= 5 or day in taken:
        day += step
    return day


def spread(days: Sequence[date], count: int, rng: random.Random) -> list[date]:
    """`count` of the days in their order, about evenly spread; a day comes twice only when there are too few."""
    width = len(days) / count
    return [days[min(len(days) - 1, int((at + rng.uniform(0.1, 0.9)) * width))] for at in range(count)]


def after_school(day: date, zone: tzinfo, *, late: timedelta = timedelta(0)) -> datetime:
    """Three o'clock that day, or somewhat later."""
    return datetime.combine(day, BELL, zone) + late


def next_quarter(now: datetime) -> datetime:
    """The next full quarter of an hour after `now`."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return hour + ((now - hour) // QUARTER + 1) * QUARTER


def weekday_from(day: date) -> date:
    """That day, or the Monday after when it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)
