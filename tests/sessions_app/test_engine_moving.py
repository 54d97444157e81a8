"""How a session opens, moves from step to step, stops and goes on."""

import pytest

from sessions_app import engine
from sessions_app.engine import BadArgument, IllegalCommand

from .engine_room import STEPS, Room, running


def test_it_knows_exactly_the_commands_of_the_design():
    names = "open start pause resume next back go_to extend reveal hide hand_over take_over call_on finish reopen"
    assert sorted(engine.COMMANDS) == sorted(names.split())


def test_a_planned_session_is_at_no_step():
    room = Room()
    assert (room.state.status, room.state.index, room.state.reached) == ("planned", None, -1)
    assert engine.current_step(room.state) is None


def test_open_lets_people_into_the_lobby():
    room = Room().do("open")
    assert room.state.status == "lobby"
    assert room.happened == ["opened"]


def test_start_begins_at_the_first_step_with_the_clock_running():
    room = Room().do("open").do("start")
    assert (room.state.status, room.number, room.left) == ("running", 1, 300)
    assert room.happened == ["started", "stepped"]


def test_start_needs_an_open_room():
    with pytest.raises(IllegalCommand, match="Open the room first"):
        Room().do("start")


def test_start_needs_steps():
    with pytest.raises(IllegalCommand, match="no steps yet"):
        Room(steps=()).do("open").do("start")


@pytest.mark.parametrize("name", ["open", "start"])
def test_what_began_cannot_begin_again(name):
    with pytest.raises(IllegalCommand):
        running().do(name)


@pytest.mark.parametrize(
    "name", ["pause", "resume", "next", "back", "go_to", "extend", "reveal", "hide", "call_on", "finish"]
)
@pytest.mark.parametrize("before", [[], ["open"]])
def test_nothing_moves_before_start(name, before):
    room = Room()
    for command in before:
        room.do(command)
    with pytest.raises(IllegalCommand, match="has not started yet"):
        room.do(name, step=2, person="tom", sample="A", minutes=1)


def test_next_goes_one_step_on_and_back_one_step_back():
    room = running().do("next")
    assert room.number == 2
    assert room.do("back").number == 1
    assert room.state.reached == 1


def test_next_on_the_last_step_says_to_finish():
    with pytest.raises(IllegalCommand, match="last step; finish"):
        running(step=10).do("next")


def test_back_on_the_first_step_is_refused():
    with pytest.raises(IllegalCommand, match="first step"):
        running().do("back")


def test_next_waits_for_neither_scores_nor_reveal_nor_consensus():
    room = running()
    while room.number < len(STEPS):
        room.do("next")
    assert room.state.shown == frozenset()


@pytest.mark.parametrize("name", ["next", "back"])
def test_a_double_tap_moves_once(name):
    room = running(step=3).do(name, step="3")
    moved_to = room.number
    with pytest.raises(IllegalCommand, match=f"already moved on: it is at step {moved_to}"):
        room.do(name, step="3")
    assert room.number == moved_to


def test_a_late_tap_on_the_last_step_hears_where_the_room_is():
    with pytest.raises(IllegalCommand, match="already moved on"):
        running(step=10).do("next", step=9)


@pytest.mark.parametrize("seen", [None, "", 3, "3", 3.0])
def test_next_takes_the_step_that_the_screen_showed_or_none(seen):
    assert running(step=3).do("next", step=seen).number == 4


def test_go_to_counts_from_one_and_jumps_both_ways():
    assert running().do("go_to", step="9").do("go_to", step=2).number == 2


def test_go_to_the_current_step_changes_nothing():
    room = running(step=4).do("call_on", person="tom")
    before = room.state
    assert room.do("go_to", step=4).state is before
    assert room.events == ()


@pytest.mark.parametrize("step", [None, "", 0, 11, -1, "two", "2.5", True, [2], {}, "٢", 1e300, float("nan")])
def test_go_to_a_step_that_is_not_there_is_a_bad_argument(step):
    with pytest.raises(BadArgument):
        running().do("go_to", step=step)


def test_pause_and_resume():
    room = running().do("pause")
    assert room.state.status == "paused"
    assert room.do("resume").state.status == "running"


@pytest.mark.parametrize(("first", "again"), [("pause", "pause"), ("next", "resume")])
def test_pausing_or_resuming_twice_is_refused_with_a_sentence(first, again):
    with pytest.raises(IllegalCommand, match="already"):
        running().do(first).do(again)


def test_moving_while_paused_stays_paused():
    room = running().do("pause").do("next")
    assert (room.state.status, room.state.since, room.number) == ("paused", None, 2)


@pytest.mark.parametrize("before", [[], ["pause"]])
def test_finish_is_legal_whenever_the_session_is_in_progress(before):
    room = running(step=3)
    for name in before:
        room.do(name)
    room.do("finish")
    assert engine.ended(room.state)
    assert (room.number, room.left, room.state.since) == (3, 0, None)


@pytest.mark.parametrize("name", sorted(engine.COMMANDS - {"reopen"}))
def test_a_finished_session_takes_no_command_but_reopen(name):
    room = running(step=3).do("finish")
    with pytest.raises(IllegalCommand):
        room.do(name, by="tom", step=2, person="tom", sample="A", minutes=1)


def test_reopen_goes_on_where_the_session_stopped():
    room = running(step=5).do("pause").do("finish").do("reopen")
    assert (room.state.status, room.number) == ("running", 5)


def test_reopen_needs_a_finished_session():
    with pytest.raises(IllegalCommand, match="not finished"):
        running().do("reopen")


def test_an_unknown_command_is_a_bad_argument():
    with pytest.raises(BadArgument, match="no such command"):
        running().do("explode")


def test_somebody_who_joins_twice_is_there_once():
    state = engine.join(Room().state, "lena")
    assert state.people[-1] == "lena"
    assert engine.join(state, "lena") is state
