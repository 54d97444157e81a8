"""Dates and counts as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from esw.core import words
from esw.core.templatetags import look

TODAY = date(2026, 12, 9)  # a Wednesday


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 12, 9), "Today"),
        (date(2026, 12, 10), "Tomorrow"),
        (date(2026, 12, 8), "Yesterday"),
        (date(2026, 12, 11), "Friday"),
        (date(2026, 12, 4), "Friday"),
        (date(2026, 12, 16), "16 December"),
        (date(2027, 1, 2), "2 January 2027"),
    ],
)
def test_a_day_is_said_as_people_say_it(day, said):
    assert words.day_words(day, today=TODAY) == said


@pytest.mark.parametrize(
    ("hour", "said"), [(0, "12:05 am"), (9, "9:05 am"), (12, "12:05 pm"), (15, "3:05 pm"), (23, "11:05 pm")]
)
def test_a_time_is_said_with_am_or_pm(hour, said):
    assert words.time_words(datetime(2026, 12, 9, hour, 5, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("day", "said"), [(9, "today, 3:00 pm"), (10, "tomorrow"), (15, "Tuesday"), (16, "16 December")]
)
def test_the_end_of_something_is_said_in_the_middle_of_a_sentence(day, said):
    now = datetime(2026, 12, 9, 10, tzinfo=UTC)
    assert words.until_words(datetime(2026, 12, day, 15, tzinfo=UTC), now=now) == said


def test_a_far_day_has_a_comma_before_its_time():
    now = datetime(2026, 12, 9, 10, tzinfo=UTC)
    assert words.when_words(datetime(2026, 12, 9, 15, tzinfo=UTC), now=now) == "Today 3:00 pm"
    assert words.when_words(datetime(2026, 12, 20, 15, tzinfo=UTC), now=now) == "20 December, 3:00 pm"


@pytest.mark.parametrize(
    ("due", "done", "said", "kind"),
    [
        (date(2026, 12, 7), False, "Was due Monday", "stop"),
        (date(2026, 12, 8), False, "Was due yesterday", "stop"),
        (date(2026, 12, 9), False, "Today", "wait"),
        (date(2026, 12, 11), False, "Friday", "wait"),
        (date(2026, 12, 24), False, "24 December", "accent"),
        (None, False, "No date yet", ""),
        (date(2026, 12, 1), True, "Done", "good"),
    ],
)
def test_a_due_date_says_what_it_means(due, done, said, kind):
    assert words.due_tag(due, today=TODAY, done=done) == words.DueTag(said, kind)


@pytest.mark.parametrize(
    ("hour", "said"), [(3, "evening"), (4, "morning"), (11, "morning"), (12, "afternoon"), (18, "evening")]
)
def test_the_greeting_follows_the_clock(hour, said):
    assert words.greeting(datetime(2026, 12, 9, hour, tzinfo=UTC)) == f"Good {said}"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "no samples"), (1, "one sample"), (3, "three samples"), (14, "14 samples")]
)
def test_counts_are_words_where_words_are_shorter_to_read(count, said):
    assert words.count_words(count, "sample") == said


def test_two_people_are_people():
    assert Template('{% load look %}{{ 2|counted:"person,people" }}').render(Context()) == "two people"


def test_the_bar_fills_its_width_and_marks_the_scoring():
    steps = [{"title": "Norms", "minutes": 5}, {"title": "Score", "minutes": 15, "makes": "scores"}]
    first, second = look.segments(steps)
    assert (first.x, second.x) == (0, 250)
    assert second.x + second.width == 1000 - look.SEAM
    assert (first.strong, second.strong) == (False, True)


def test_a_bar_of_nothing_is_empty_and_not_an_error():
    assert look.segments([]) == []
    assert look.segments([{"title": "Norms", "minutes": 0}])[0].width == 1


def test_the_summary_says_once_what_repeats():
    steps = [
        {"title": "Norms", "minutes": 5, "block_label": ""},
        {"title": "Score", "minutes": 10, "block_label": "Sample A"},
        {"title": "Discuss", "minutes": 2.5, "block_label": "Sample A"},
        {"title": "Score", "minutes": 10, "block_label": "Sample B"},
        {"title": "Debrief", "minutes": 5, "block_label": ""},
    ]
    assert look.summary(steps) == "Norms 5 · two samples 22½ · Debrief 5"


def test_a_day_within_a_sentence_begins_small_and_a_date_has_its_on():
    today = timezone.localdate()
    assert look.on_day(today) == f'<time datetime="{today.isoformat()}">today</time>'
    assert look.on_day(today - timedelta(days=1)).endswith(">yesterday</time>")
    assert look.on_day(date(2001, 5, 3)) == 'on <time datetime="2001-05-03">3 May 2001</time>'
    assert look.on_day(None) == ""
