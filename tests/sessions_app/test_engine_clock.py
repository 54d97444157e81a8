"""One clock: what it shows while time passes, and what survives pauses, detours and extensions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sessions_app import engine
from sessions_app.engine import BadArgument, Command, IllegalCommand

from .engine_room import NOON, Room, running


def test_the_clock_counts_down_in_whole_seconds():
    assert running().wait(0.4).left == 300
    assert running().wait(61).left == 239


def test_the_clock_goes_below_zero_over_time():
    assert running().wait(330).left == -30


def test_there_is_no_clock_before_start_and_after_finish():
    assert Room().left == 0
    assert running().wait(10).do("finish").left == 0


def test_the_clock_stands_while_paused():
    room = running().wait(60).do("pause").wait(3600)
    assert room.left == 240
    assert room.do("resume").wait(10).left == 230


def test_next_and_back_by_accident_restore_the_clock():
    room = running().wait(100).do("next").wait(7).do("back")
    assert room.left == 200


def test_a_step_that_was_visited_keeps_what_it_used():
    room = running().do("next").wait(120).do("back").wait(30).do("next")
    assert room.left == 600 - 120


def test_reopen_does_not_count_the_time_in_between():
    room = running().wait(60).do("finish").wait(86_400).do("reopen").wait(5)
    assert room.left == 300 - 65


def test_a_server_clock_that_is_set_back_counts_as_standing_still():
    assert running().wait(-500).left == 300
    assert running().wait(-500).do("pause").left == 300


def test_the_zone_of_now_does_not_matter():
    room = Room().do("open")
    there = NOON.astimezone(timezone(timedelta(hours=-7)))
    state, _ = engine.apply(room.state, Command("start", "rosa"), now=there)
    assert state.since == NOON
    assert state.since.tzinfo is UTC


def test_extend_adds_one_minute_when_nothing_is_said():
    room = running().wait(60).do("extend")
    assert room.left == 300
    assert room.events[0].data == {"step": 1, "minutes": 1}


@pytest.mark.parametrize(("minutes", "added"), [("2", 120), (1.5, 90), ("1.5", 90), (120, 7200), ("", 60), (None, 60)])
def test_extend_takes_whole_and_half_minutes(minutes, added):
    assert running().do("extend", minutes=minutes).left == 300 + added


@pytest.mark.parametrize(
    "minutes",
    [0, 0.5, -1, 121, 1.25, "1,5", "1e2", "nan", "٣", " 1", True, [1], {"m": 1}, 10**400, "9" * 5000, float("inf")],
)
def test_extend_refuses_anything_else(minutes):
    with pytest.raises(BadArgument, match="Minutes are a number from 1 to 120"):
        running().do("extend", minutes=minutes)


def test_extend_is_for_the_current_step_alone_and_stays_with_it():
    room = running(step=2).do("extend", minutes=3).do("next").do("back")
    assert [step.minutes for step in room.state.steps[:3]] == [5, 13, 1]


def test_a_step_does_not_grow_for_ever():
    room = running()
    for _ in range(3):
        room.do("extend", minutes=120)
    with pytest.raises(IllegalCommand, match="cannot grow any longer"):
        room.do("extend", minutes=120)


def test_whole_minutes_stay_whole():
    room = running().do("extend", minutes=1.5).do("extend", minutes=1.5)
    assert str(room.state.steps[0].minutes) == "8"


def test_the_planned_end_follows_pauses_and_overtime():
    room = running().wait(60)
    minutes = sum(step.minutes for step in room.state.steps)
    assert engine.planned_end(room.state, now=room.now) == NOON + timedelta(minutes=minutes)
    room.do("pause").wait(600)
    assert engine.planned_end(room.state, now=room.now) == NOON + timedelta(minutes=minutes + 10)
    assert engine.planned_end(Room().state, now=NOON) is None


def test_the_clock_survives_json_to_the_microsecond():
    room = running().wait(12.345678).do("pause").wait(1).do("resume").wait(0.000001)
    again = engine.State.from_json(room.state.to_json())
    assert again == room.state
    assert engine.seconds_spent(again, now=room.now) == 12.345679
    assert again.since == datetime(2026, 3, 2, 12, 0, 13, 345678, tzinfo=UTC)
