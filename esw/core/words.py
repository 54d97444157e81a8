"""Dates and counts as people say them. Pure: the moment that counts as now comes in, already in the person's zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

WEEK = 7
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True)
class DueTag:
    """What a tag says about a date, and in which colour of meaning ('stop', 'wait', 'accent', 'good')."""

    words: str
    kind: str


def day_words(day: date, *, today: date) -> str:
    """'Today', 'Tomorrow', 'Yesterday', a weekday within a week, else '12 December' (with the year if it differs)."""
    apart = (day - today).days
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}
    if apart in near:
        return near[apart]
    if abs(apart) < WEEK:
        return f"{day:%A}"
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"


def time_words(moment: datetime) -> str:
    """'3:00 pm'."""
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"  # noqa: PLR2004 (noon)


def when_words(moment: datetime, *, now: datetime) -> str:
    """'Today 3:00 pm', 'Thursday 9:15 am', '12 December, 9:15 am'; both moments in the person's own zone."""
    day = day_words(moment.date(), today=now.date())
    return f"{day}{',' if day[0].isdigit() else ''} {time_words(moment)}"


def until_words(moment: datetime, *, now: datetime) -> str:
    """'today, 3:00 pm', 'tomorrow', 'Tuesday', '12 December': when something closes, inside a sentence."""
    day = _inside(day_words(moment.date(), today=now.date()))
    return f"{day}, {time_words(moment)}" if moment.date() == now.date() else day


def due_tag(due: date | None, *, today: date, done: bool = False) -> DueTag:
    """The tag of a next step: overdue is said in words, due within a week waits, later is calm."""
    if done:
        return DueTag("Done", "good")
    if due is None:
        return DueTag("No date yet", "")
    if due < today:
        return DueTag(f"Was due {_inside(day_words(due, today=today))}", "stop")
    return DueTag(day_words(due, today=today), "wait" if due < today + timedelta(days=WEEK) else "accent")


def _inside(words: str) -> str:
    return words.lower() if words in {"Today", "Tomorrow", "Yesterday"} else words


def greeting(moment: datetime) -> str:
    """'Good morning' before noon, 'Good afternoon' before six, 'Good evening' until four in the morning."""
    hours = ((4, "Good evening"), (12, "Good morning"), (18, "Good afternoon"), (24, "Good evening"))
    return next(words for until, words in hours if moment.hour < until)


def count_words(count: int, one: str, many: str = "") -> str:
    """'no samples', 'one sample', 'three samples', '14 samples'."""
    number = SMALL[count] if count < len(SMALL) else str(count)
    return f"{number} {one if count == 1 else many or one + 's'}"
