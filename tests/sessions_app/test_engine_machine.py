"""Any order of commands, good and hostile, against what must always hold."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sessions_app import engine
from sessions_app.engine import BadArgument, Command, Event, IllegalCommand, RunStep, State

from .engine_room import NOON, PEOPLE, STEPS

#: Two rounds for B, and a last step that scores everything once more: all ways in which a round can open.
LONG = (
    *STEPS[:9],
    RunStep("again", "Score again", 5, "scores", sample="B", round=2),
    RunStep("agree_again", "Agree", 2, "consensus", sample="B"),
    RunStep("all_again", "Score all again", 5, "scores", round=3),
)

# The names that events may carry; everything else in them must be a number or nothing.
IDS = {*PEOPLE, "lena", "A", "B"}

ARGUMENTS: dict[str, st.SearchStrategy[dict[str, object]]] = {
    "next": st.fixed_dictionaries({}, optional={"step": st.integers(1, 12)}),
    "back": st.fixed_dictionaries({}, optional={"step": st.integers(1, 12)}),
    "go_to": st.fixed_dictionaries({"step": st.integers(1, 12)}),
    "extend": st.fixed_dictionaries({}, optional={"minutes": st.sampled_from([1, "1.5", 3, 40])}),
    "reveal": st.fixed_dictionaries({}, optional={"sample": st.sampled_from(["A", "B"])}),
    "hide": st.fixed_dictionaries({}, optional={"sample": st.sampled_from(["A", "B"])}),
    "hand_over": st.fixed_dictionaries({"person": st.sampled_from(PEOPLE)}),
    "call_on": st.fixed_dictionaries({"person": st.sampled_from([*PEOPLE, ""])}),
}
COMMANDS = st.sampled_from(sorted(engine.COMMANDS)).flatmap(
    lambda name: st.tuples(st.just(name), ARGUMENTS.get(name, st.just({})))
)
STEADY = st.sampled_from(["next", "reveal", "pause", "resume", "hide", "back"])


class Meeting(RuleBasedStateMachine):
    """One session, and beside it the simplest bookkeeping that could be right."""

    def __init__(self) -> None:
        super().__init__()
        self.state = engine.initial_state(steps=LONG, facilitator="rosa", people=PEOPLE)
        self.through_json = self.state
        self.now = NOON
        self.used = [0.0] * len(LONG)
        self.reached = -1
        self.ever_closed: frozenset[engine.Round] = frozenset()
        self.ever_revealed: frozenset[engine.Round] = frozenset()

    @initialize(commands=st.sampled_from([(), ("open", "start"), ("open", "start", "pause")]))
    def begin(self, commands: tuple[str, ...]) -> None:
        for name in commands:
            self.give(name, {})

    def give(self, name: str, args: dict[str, object], by: str = "rosa") -> None:
        before = self.state
        command = Command(name, by, args)
        try:
            self.state, events = engine.apply(before, command, now=self.now)
        except (IllegalCommand, BadArgument) as refusal:
            check_sentence(refusal)
            self.refused_through_json(command)
            return
        assert (self.state is before) == (not events)
        assert self.state != before or not events
        check_events(events)
        self.through_json, repeated = engine.apply(reload(self.through_json), command, now=self.now)
        assert (self.through_json, repeated) == (self.state, events)

    def refused_through_json(self, command: Command) -> None:
        with suppress(IllegalCommand, BadArgument):
            engine.apply(reload(self.through_json), command, now=self.now)
            raise AssertionError("JSON made a command legal")

    @rule(command=COMMANDS, by=st.sampled_from([*PEOPLE, "lena"]))
    def anybody_commands(self, command: tuple[str, dict[str, object]], by: str) -> None:
        self.give(*command, by=by)

    @rule(name=STEADY)
    def the_meeting_goes_on(self, name: str) -> None:
        self.give(name, {})

    @rule(step=st.integers(1, len(LONG)))
    def the_meeting_jumps(self, step: int) -> None:
        self.give("go_to", {"step": step})

    @rule(sample=st.sampled_from(["A", "B"]))
    def a_sample_is_revealed(self, sample: str) -> None:
        self.give("reveal", {"sample": sample})

    @precondition(lambda self: engine.ended(self.state))
    @rule()
    def the_meeting_is_reopened(self) -> None:
        self.give("reopen", {})

    @rule(seconds=st.sampled_from([0, 0.25, 1, 59, 600, 4000]))
    def time_passes(self, seconds: float) -> None:
        left = engine.seconds_left(self.state, now=self.now)
        self.now += timedelta(seconds=seconds)
        if self.state.status == "running":
            self.used[self.state.index] += seconds
            assert engine.seconds_left(self.state, now=self.now) <= left
        else:
            assert engine.seconds_left(self.state, now=self.now) == left

    @invariant()
    def the_clock_is_the_sum_of_what_each_step_used(self) -> None:
        step = engine.current_step(self.state)
        if step and engine.in_progress(self.state):
            wanted = math.ceil(step.minutes * 60 - self.used[self.state.index])
            assert engine.seconds_left(self.state, now=self.now) == wanted

    @invariant()
    def the_state_is_of_one_piece(self) -> None:
        state = self.state
        assert state.status in engine.STATUSES
        assert (state.index is None) == (state.status in {"planned", "lobby"})
        assert state.index is None or 0 <= state.index <= state.reached < len(state.steps)
        assert (state.since is not None) == (state.status == "running")
        assert state.facilitator in state.people
        assert state.turn is None or (state.turn in state.people and engine.in_progress(state))
        assert len(state.spent) == len(state.steps)
        assert len(set(state.people)) == len(state.people)

    @invariant()
    def what_was_reached_stays_reached(self) -> None:
        assert self.state.reached >= self.reached
        self.reached = self.state.reached

    @invariant()
    def a_round_that_closed_stays_closed(self) -> None:
        assert self.ever_closed <= self.state.closed <= self.state.opened
        assert self.ever_revealed <= self.state.revealed <= self.state.closed
        self.ever_closed, self.ever_revealed = self.state.closed, self.state.revealed

    @invariant()
    def nothing_open_is_on_display(self) -> None:
        for sample in self.state.shown:
            assert engine.open_round(self.state, sample) is None
            assert engine.latest_round(self.state, sample) in {None, *engine.revealed_rounds(self.state, sample)}

    @invariant()
    def a_finished_session_takes_no_score_on_time(self) -> None:
        if engine.ended(self.state):
            assert self.state.opened == self.state.closed

    @invariant()
    def json_gives_back_the_same_state(self) -> None:
        assert reload(self.state) == self.state


def reload(state: State) -> State:
    return State.from_json(json.loads(json.dumps(state.to_json(), allow_nan=False)))


def check_sentence(refusal: engine.CommandError) -> None:
    assert refusal.sentence[0].isupper()
    assert refusal.sentence.endswith(".")
    assert len(refusal.sentence) < 200


def check_events(events: tuple[Event, ...]) -> None:
    for event in events:
        for value in event.data.values():
            assert value is None or value in IDS or isinstance(value, int | float)


TestMeeting = Meeting.TestCase
TestMeeting.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


# --- Hostile arguments ------------------------------------------------------------------------------------

HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -(10**400), "9" * 6000, "٣", "²", "1\n", "\x00", "\ud800", "nan", "1e9", "0x2", "A "]),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=20),
    st.binary(max_size=5),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def prepared() -> list[State]:
    """A session in each of its conditions, and one without steps or people."""
    states = [engine.initial_state(steps=LONG, facilitator="rosa", people=PEOPLE)]
    for name in ("open", "start", "next", "pause", "finish"):
        states.append(engine.apply(states[-1], Command(name, "rosa"), now=NOON)[0])
    return [*states, engine.initial_state(steps=(), facilitator="rosa", people=())]


PREPARED = prepared()


@settings(max_examples=400, deadline=None)
@given(
    state=st.sampled_from(PREPARED),
    name=st.one_of(st.sampled_from(sorted(engine.COMMANDS)), HOSTILE),
    args=st.one_of(
        st.dictionaries(st.sampled_from(["step", "minutes", "sample", "person", "other"]), HOSTILE, max_size=3),
        HOSTILE,
    ),
)
def test_no_argument_makes_the_engine_trip(state: State, name: object, args: object) -> None:
    try:
        after, events = engine.apply(state, Command(name, "rosa", args), now=NOON)
    except (IllegalCommand, BadArgument) as refusal:
        check_sentence(refusal)
    else:
        assert reload(after) == after
        check_events(events)


@settings(max_examples=300, deadline=None)
@given(state=st.sampled_from(PREPARED), sample=HOSTILE, kind=HOSTILE, step=HOSTILE)
def test_no_score_and_no_note_makes_the_engine_trip(state: State, sample, kind, step) -> None:
    with suppress(IllegalCommand, BadArgument):
        engine.round_of(state, sample=sample, step_number=step)
    with suppress(IllegalCommand, BadArgument):
        engine.round_of(state, sample="A", step_number=step)
    with suppress(IllegalCommand, BadArgument):
        assert 0 <= engine.note_step(state, kind=kind, step_number=step) <= state.reached
    with suppress(IllegalCommand, BadArgument):
        assert 0 <= engine.note_step(state, kind="private", step_number=step) <= state.reached
