"""Who facilitates and whose turn it is."""

import pytest

from sessions_app.engine import BadArgument, IllegalCommand

from .engine_room import Room, running


def test_hand_over_makes_somebody_else_the_facilitator():
    room = running().do("hand_over", person="tom")
    assert room.state.facilitator == "tom"
    assert room.events[0].data == {"from": "rosa", "to": "tom"}


def test_hand_over_is_possible_before_the_start():
    assert Room().do("hand_over", person="tom").do("open").do("hand_over", person="aisha").state.facilitator == "aisha"


def test_hand_over_to_the_facilitator_is_refused():
    with pytest.raises(IllegalCommand, match="facilitating already"):
        running().do("hand_over", person="rosa")


def test_hand_over_to_somebody_who_is_not_there_is_refused():
    with pytest.raises(IllegalCommand, match="not in this session"):
        running().do("hand_over", person="nobody")


@pytest.mark.parametrize("person", [None, "", 3, ["tom"], {"tom": 1}, True])
def test_hand_over_needs_a_person(person):
    with pytest.raises(BadArgument):
        running().do("hand_over", person=person)


def test_anybody_may_take_over_and_the_events_say_so():
    room = running().do("take_over", by="aisha")
    assert room.state.facilitator == "aisha"
    assert room.happened == ["taken_over"]
    assert room.events[0].data == {"from": "rosa", "to": "aisha"}


def test_taking_over_twice_changes_nothing():
    room = running().do("take_over", by="aisha")
    before = room.state
    assert room.do("take_over", by="aisha").state is before
    assert room.events == ()


def test_somebody_who_takes_over_from_outside_is_in_the_room():
    assert running().do("take_over", by="lena").state.people[-1] == "lena"


@pytest.mark.parametrize("before", [[], ["open"]])
def test_taking_over_works_before_the_start(before):
    room = Room()
    for name in before:
        room.do(name)
    assert room.do("take_over", by="tom").state.facilitator == "tom"


def test_call_on_gives_somebody_the_turn():
    room = running().do("call_on", person="tom")
    assert room.state.turn == "tom"
    assert room.events[0].data == {"person": "tom", "step": 1}


@pytest.mark.parametrize("nobody", ["", None])
def test_call_on_nobody_clears_the_turn(nobody):
    room = running().do("call_on", person="tom").do("call_on", person=nobody)
    assert room.state.turn is None
    assert room.do("call_on", person=nobody).events == ()


def test_calling_on_the_same_person_changes_nothing():
    room = running().do("call_on", person="tom")
    before = room.state
    assert room.do("call_on", person="tom").state is before


@pytest.mark.parametrize("name", ["next", "back", "finish"])
def test_the_turn_ends_with_the_step(name):
    assert running(step=4).do("call_on", person="tom").do(name).state.turn is None


def test_the_turn_survives_a_pause():
    assert running().do("call_on", person="tom").do("pause").do("resume").state.turn == "tom"


def test_call_on_somebody_who_is_not_there_is_refused():
    with pytest.raises(IllegalCommand, match="not in this session"):
        running().do("call_on", person="nobody")


def test_call_on_must_say_whom():
    with pytest.raises(BadArgument, match="whose turn"):
        running().do("call_on")
