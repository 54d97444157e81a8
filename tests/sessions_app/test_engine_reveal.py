"""Blind until the reveal: rounds open once, close for good, and nothing open is ever on display."""

import pytest

from sessions_app import engine
from sessions_app.engine import BadArgument, IllegalCommand, RunStep, ScoreRound

from .engine_room import STEPS, Room, running

TWO_ROUNDS = (
    *STEPS[:5],
    RunStep("again", "Score again", 5, "scores", sample="A", round=2),
    RunStep("reveal_again", "Reveal", 1, "reveal", sample="A"),
)


def test_entering_a_scoring_step_opens_its_round():
    room = running(step=2)
    assert engine.open_round(room.state, "A") == 1
    assert room.happened == ["stepped", "round_opened"]
    assert engine.open_round(room.state, "B") is None


def test_entering_the_reveal_step_reveals_nothing():
    room = running(step=2).do("next")
    assert not engine.is_revealed(room.state, "A")
    assert engine.open_round(room.state, "A") == 1


def test_reveal_closes_the_round_and_shows_the_sample_on_the_table():
    room = running(step=2).do("reveal")
    assert engine.is_revealed(room.state, "A")
    assert engine.open_round(room.state, "A") is None
    assert engine.latest_round(room.state, "A") == 1
    assert engine.revealed_rounds(room.state, "A") == {1}
    assert room.happened == ["round_closed", "revealed"]


def test_reveal_twice_changes_nothing():
    room = running(step=3).do("reveal")
    before = room.state
    assert room.do("reveal", sample="A").state is before
    assert room.events == ()


def test_reveal_before_the_scoring_step_is_refused():
    with pytest.raises(IllegalCommand, match="has not come to that sample yet"):
        running(step=2).do("reveal", sample="B")


def test_reveal_later_than_its_step_is_legal():
    room = running(step=2).do("go_to", step=10).do("reveal", sample="A")
    assert engine.is_revealed(room.state, "A")


def test_reveal_after_going_back_before_the_step_is_legal():
    assert engine.is_revealed(running(step=2).do("back").do("reveal", sample="A").state, "A")


def test_reveal_is_legal_while_paused():
    assert engine.is_revealed(running(step=2).do("pause").do("reveal").state, "A")


@pytest.mark.parametrize("sample", ["Z", 7, ["A"], {"A": 1}, True, "A "])
@pytest.mark.parametrize("name", ["reveal", "hide"])
def test_a_sample_that_is_not_in_the_session_is_a_bad_argument(name, sample):
    with pytest.raises(BadArgument, match="not part of this session"):
        running(step=2).do(name, sample=sample)


def test_without_a_sample_on_the_table_the_command_must_name_one():
    with pytest.raises(BadArgument, match="which sample"):
        running(step=10).do("reveal")


def test_the_only_sample_need_not_be_named():
    room = running(steps=(*STEPS[:5], STEPS[-1]), step=6).do("reveal")
    assert engine.is_revealed(room.state, "A")


def test_a_protocol_without_scores_has_nothing_to_reveal():
    steps = (RunStep("look", "Look", 5, "notes", sample="A", kinds=("observation",)),)
    with pytest.raises(IllegalCommand, match="no scores to reveal"):
        running(steps=steps).do("reveal")


def test_hide_takes_it_off_display_and_reopens_nothing():
    room = running(step=3).do("reveal").do("hide")
    assert not engine.is_revealed(room.state, "A")
    assert engine.open_round(room.state, "A") is None
    assert engine.revealed_rounds(room.state, "A") == {1}
    assert engine.is_revealed(room.do("reveal").state, "A")
    assert room.happened == ["revealed"]


def test_hiding_what_is_not_shown_changes_nothing():
    room = running(step=2)
    before = room.state
    assert room.do("hide").state is before
    assert room.events == ()


@pytest.mark.parametrize("detour", [["back"], ["hide", "back"], ["finish", "reopen", "back"], ["next", "back", "back"]])
def test_no_detour_reopens_a_closed_round(detour):
    room = running(step=3).do("reveal")
    for name in detour:
        room.do(name)
    assert room.number == 2
    assert engine.open_round(room.state, "A") is None
    assert engine.round_of(room.state, sample="A", step_number=2) == ScoreRound(1, late=True)


def test_a_second_round_opens_after_the_first_and_closes_at_its_own_reveal():
    room = running(steps=TWO_ROUNDS, step=3).do("reveal").do("go_to", step=6)
    assert engine.open_round(room.state, "A") == 2
    assert not engine.is_revealed(room.state, "A"), "what is being scored again is not on display"
    assert engine.revealed_rounds(room.state, "A") == {1}
    room.do("reveal")
    assert engine.open_round(room.state, "A") is None
    assert engine.revealed_rounds(room.state, "A") == {1, 2}


def test_one_reveal_closes_every_open_round():
    room = running(steps=TWO_ROUNDS, step=2).do("go_to", step=6).do("reveal")
    assert room.state.closed == {("A", 1), ("A", 2)}


def test_jumping_into_the_middle_of_a_sample_opens_its_round():
    room = running(step=7)
    assert engine.open_round(room.state, "B") == 1
    assert engine.open_round(room.state, "A") is None


def test_a_sample_revealed_without_any_round_is_covered_again_when_it_is_scored():
    room = running(step=6).do("reveal", sample="A")
    assert engine.revealed_rounds(room.state, "A") == frozenset()
    room.do("go_to", step=2)
    assert engine.open_round(room.state, "A") == 1
    assert not engine.is_revealed(room.state, "A")


def test_a_scoring_step_for_the_whole_session_opens_every_sample():
    steps = (RunStep("score", "Score all", 15, "scores", round=1),)
    room = running(steps=steps, samples=("A", "B"))
    assert room.state.opened == {("A", 1), ("B", 1)}
    room.do("reveal", sample="B")
    assert (engine.open_round(room.state, "A"), engine.open_round(room.state, "B")) == (1, None)


def test_finish_closes_rounds_but_reveals_nothing():
    room = running(step=2).do("finish")
    assert room.happened == ["round_closed", "finished"]
    assert not engine.is_revealed(room.state, "A")
    assert engine.revealed_rounds(room.state, "A") == frozenset()
    assert engine.round_of(room.state, sample="A", step_number=2).late


def test_after_reopening_what_finish_closed_can_still_be_revealed():
    room = running(step=2).do("finish").do("reopen").do("reveal")
    assert engine.revealed_rounds(room.state, "A") == {1}


# --- Which round a score belongs to -----------------------------------------------------------------------


def test_a_score_counts_in_the_open_round():
    assert engine.round_of(running(step=2).state, sample="A") == ScoreRound(1, late=False)


def test_a_score_written_offline_counts_in_the_round_of_its_step():
    room = running(steps=TWO_ROUNDS, step=2).do("reveal").do("go_to", step=6)
    assert engine.round_of(room.state, sample="A", step_number="2") == ScoreRound(1, late=True)
    assert engine.round_of(room.state, sample="A", step_number=6) == ScoreRound(2, late=False)


def test_a_score_written_in_another_kind_of_step_goes_to_the_latest_round():
    room = running(step=4)
    assert engine.round_of(room.state, sample="A", step_number=4) == ScoreRound(1, late=False)
    assert engine.round_of(room.do("go_to", step=6).state, sample="A", step_number=6).number == 1


@pytest.mark.parametrize("step", [None, 6])
def test_a_score_for_a_sample_that_has_not_come_is_refused(step):
    with pytest.raises(IllegalCommand, match="not on the table yet"):
        engine.round_of(running(step=2).state, sample="B", step_number=step)


def test_there_are_no_scores_before_start():
    with pytest.raises(IllegalCommand, match="not on the table yet"):
        engine.round_of(Room().state, sample="A")


@pytest.mark.parametrize(("sample", "step"), [("Z", None), (None, None), ("A", 99), ("A", "x"), ("A", [2])])
def test_a_score_that_names_what_is_not_there_is_a_bad_argument(sample, step):
    with pytest.raises(BadArgument):
        engine.round_of(running(step=2).state, sample=sample, step_number=step)
