"""Which step a note files under, and which notes a step takes."""

import pytest

from sessions_app import engine
from sessions_app.engine import BadArgument, IllegalCommand

from .engine_room import Room, running


def test_a_note_goes_to_the_current_step():
    assert engine.note_step(running(step=4).state, kind="evidence") == 3


def test_a_note_from_offline_files_under_the_step_it_was_written_in():
    room = running(step=4).do("go_to", step=10)
    assert engine.note_step(room.state, kind="evidence", step_number="4") == 3


def test_a_step_refuses_a_kind_that_it_does_not_open():
    with pytest.raises(IllegalCommand, match="“Discuss” does not take this kind"):
        engine.note_step(running(step=4).state, kind="warm")


@pytest.mark.parametrize("step", range(1, 11))
def test_a_private_note_is_welcome_in_every_step(step):
    assert engine.note_step(running(step=step).state, kind="private") == step - 1


@pytest.mark.parametrize("kind", ["evidence", "private"])
def test_a_note_cannot_run_ahead_of_the_room(kind):
    with pytest.raises(IllegalCommand, match="not come to that step yet"):
        engine.note_step(running(step=4).state, kind=kind, step_number=8)


def test_a_note_may_file_under_a_step_that_the_room_went_back_from():
    room = running(step=8).do("go_to", step=2)
    assert engine.note_step(room.state, kind="evidence", step_number=8) == 7


@pytest.mark.parametrize("kind", ["evidence", "private"])
def test_there_are_no_notes_before_start(kind):
    with pytest.raises(IllegalCommand, match="has not started yet"):
        engine.note_step(Room().do("open").state, kind=kind, step_number=1)


def test_after_finish_only_a_note_that_says_its_step_is_taken():
    room = running(step=4).do("finish")
    assert engine.note_step(room.state, kind="evidence", step_number=4) == 3
    with pytest.raises(IllegalCommand, match="takes no new notes"):
        engine.note_step(room.state, kind="private")


@pytest.mark.parametrize("kind", ["gossip", "", None, 4, ["evidence"], {}])
def test_an_unknown_kind_is_a_bad_argument(kind):
    with pytest.raises(BadArgument, match="not a kind of note"):
        engine.note_step(running(step=4).state, kind=kind)


@pytest.mark.parametrize("step", [0, 11, "x", True, [4], 10**400])
def test_a_step_that_is_not_there_is_a_bad_argument(step):
    with pytest.raises(BadArgument):
        engine.note_step(running(step=4).state, kind="private", step_number=step)
