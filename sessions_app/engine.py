"""The live session as a pure state machine: values in, values out, the time passed in.

``apply(state, command, now=…)`` is the whole of it. No Django, no database, no clock of its own.
Who may give a command is decided in ``access.py``; what is saved and published, in ``domain/``.

Four things hold after every command (``tests/sessions_app/test_engine_machine.py`` tries to break them):

* a round of scoring that has closed never opens again;
* a sample that is shown has no open round: what is still being scored is never on display;
* a step keeps the seconds that it has used, so leaving it and coming back restores its clock;
* a command that changes nothing returns the very same state and no event.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sessions_app.engine_arguments import LONGEST_STEP_MINUTES, blank, minutes_argument, step_index, whole
from sessions_app.engine_state import (
    MAKES,
    NOTE_KINDS,
    SEES,
    SHARED_KINDS,
    SPEAKS,
    STATUSES,
    TABLE,
    BadArgument,
    Command,
    CommandError,
    Event,
    IllegalCommand,
    Round,
    RunStep,
    State,
    Stem,
)

# Callers import from here; how the values are laid out is the engine's own business.
__all__ = [
    "MAKES",
    "NOTE_KINDS",
    "SEES",
    "SHARED_KINDS",
    "SPEAKS",
    "STATUSES",
    "TABLE",
    "BadArgument",
    "Command",
    "CommandError",
    "Event",
    "IllegalCommand",
    "Round",
    "RunStep",
    "State",
    "Stem",
]

Outcome = tuple[State, tuple[Event, ...]]


# --- Making a state ---------------------------------------------------------------------------------------


def initial_state(
    *,
    steps: Sequence[RunStep],
    facilitator: str,
    people: Sequence[str],
    samples: Sequence[str] | None = None,
) -> State:
    """A planned session. ``samples`` (ids) defaults to those that the steps name, in their order."""
    named = [step.sample for step in steps if step.sample is not None]
    return State(
        status="planned",
        steps=tuple(steps),
        samples=tuple(dict.fromkeys(named if samples is None else samples)),
        facilitator=facilitator,
        people=tuple(dict.fromkeys([facilitator, *people])),
        spent=(0.0,) * len(steps),
    )


def join(state: State, person: str) -> State:
    """The state with ``person`` in the room; the same state when they already are."""
    if person in state.people:
        return state
    return replace(state, people=(*state.people, person))


# --- Reading a state --------------------------------------------------------------------------------------


def ended(state: State) -> bool:
    """Whether the session is finished."""
    return state.status == "finished"


def in_progress(state: State) -> bool:
    """Whether the session is at a step: running or paused."""
    return state.status in {"running", "paused"}


def current_step(state: State) -> RunStep | None:
    """The step the room is at (after finish: the one it stopped at); ``None`` before start."""
    return None if state.index is None else state.steps[state.index]


def seconds_spent(state: State, *, now: datetime) -> float:
    """Seconds the current step has used; 0 before start. A server clock set back counts as standing still."""
    if state.index is None:
        return 0.0
    running = (now - state.since).total_seconds() if state.since else 0.0
    return round(state.spent[state.index] + max(0.0, running), 6)


def seconds_left(state: State, *, now: datetime) -> int:
    """Whole seconds left in the step, rounded up; negative over time; 0 before start and after finish."""
    step = current_step(state)
    if step is None or not in_progress(state):
        return 0
    return math.ceil(round(step.minutes * 60 - seconds_spent(state, now=now), 6))


def planned_end(state: State, *, now: datetime) -> datetime | None:
    """When it ends if every step from here on takes its minutes; ``None`` unless in progress."""
    if state.index is None or not in_progress(state):
        return None
    left = max(0, seconds_left(state, now=now))
    ahead = range(state.index + 1, len(state.steps))
    left_ahead = sum(max(0.0, state.steps[at].minutes * 60 - state.spent[at]) for at in ahead)
    return now + timedelta(seconds=left + left_ahead)


def latest_round(state: State, sample: str) -> int | None:
    """The highest round of ``sample`` that was ever opened, closed or not."""
    return max((number for name, number in state.opened if name == sample), default=None)


def open_round(state: State, sample: str) -> int | None:
    """The highest round of ``sample`` that takes scores now."""
    return max((number for name, number in state.opened - state.closed if name == sample), default=None)


def is_revealed(state: State, sample: str) -> bool:
    """Whether the scores of ``sample`` are on display: revealed, not hidden, and no new round open since."""
    return sample in state.shown


def revealed_rounds(state: State, sample: str) -> frozenset[int]:
    """The rounds of ``sample`` that a reveal made known; others' scores of other rounds are never served."""
    return frozenset(number for name, number in state.revealed if name == sample)


def notes_are_shared(state: State, step: int) -> bool:
    """Whether others may read by now what people noted in the step (an index)."""
    sees = state.steps[step].sees
    return sees == "all" or (sees == "after" and (ended(state) or (state.index or 0) > step))


def scores_sample(step: RunStep, sample: str) -> bool:
    """Whether ``sample`` is scored in this step."""
    return step.makes == "scores" and step.sample in {None, sample}


@dataclass(frozen=True, slots=True)
class ScoreRound:
    """Where a score belongs: its round, and whether it comes after that round has closed."""

    number: int
    late: bool


def round_of(state: State, *, sample: str, step_number: object = None) -> ScoreRound:
    """The round that a score of ``sample`` counts in.

    A score that says in which step it was written (1-based, raw from HTTP) belongs to that step's round when
    the step scores this sample; any other score to the latest round that was opened. ``IllegalCommand`` when that
    round was never opened, ``BadArgument`` for a step number or a sample that the session does not have.
    """
    _known_sample(state, sample)
    number = latest_round(state, sample)
    if not blank(step_number):
        step = state.steps[step_index(step_number, count=len(state.steps))]
        if scores_sample(step, sample):
            number = step.round or 1
    if number is None or (sample, number) not in state.opened:
        raise IllegalCommand("This sample is not on the table yet, so it cannot be scored.")
    return ScoreRound(number=number, late=(sample, number) in state.closed)


def note_step(state: State, *, kind: str, step_number: object = None) -> int:
    """The index of the step that a note files under.

    ``step_number`` (1-based, raw from HTTP) is where the note was written; without it the note goes to the
    current step. A shared note needs a step that opens its kind. A private note is welcome in every step that
    has been reached: it is a person's own paper, and no step is made better by taking it away. After finish
    only a note that says its step is taken (it was written before, offline). ``BadArgument`` for an unknown
    kind or step, ``IllegalCommand`` for the rest.
    """
    if not isinstance(kind, str) or kind not in NOTE_KINDS:
        raise BadArgument("That is not a kind of note.")
    if state.index is None:
        raise IllegalCommand("This session has not started yet, so there is no step for a note.")
    if blank(step_number):
        if ended(state):
            raise IllegalCommand("This session is finished and takes no new notes.")
        index = state.index
    else:
        index = step_index(step_number, count=len(state.steps))
    if index > state.reached:
        raise IllegalCommand("The room has not come to that step yet.")
    if kind != "private" and kind not in state.steps[index].kinds:
        raise IllegalCommand(f"The step “{state.steps[index].title}” does not take this kind of note.")
    return index


# --- Commands ---------------------------------------------------------------------------------------------


def apply(state: State, command: Command, *, now: datetime) -> Outcome:
    """The state after ``command`` at ``now`` (aware), and the events to log.

    Raises ``IllegalCommand`` when the command is not possible in this state and ``BadArgument`` when it or
    its arguments make no sense. A command that changes nothing returns the same state and no events.
    """
    handler = _HANDLERS.get(command.name) if isinstance(command.name, str) else None
    if handler is None:
        raise BadArgument("There is no such command.")
    if not isinstance(command.args, Mapping):
        raise BadArgument("The command's arguments could not be read.")
    return handler(state, command, now.astimezone(UTC))


def _open(state: State, _command: Command, _now: datetime) -> Outcome:
    if state.status != "planned":
        raise IllegalCommand("The room is open already.")
    return replace(state, status="lobby"), (Event("opened", {"people": len(state.people)}),)


def _start(state: State, _command: Command, now: datetime) -> Outcome:
    if state.status == "planned":
        raise IllegalCommand("Open the room first, so that people can come in.")
    if state.status != "lobby":
        raise IllegalCommand("This session has started already.")
    if not state.steps:
        raise IllegalCommand("This session has no steps yet: choose a protocol first.")
    started, events = _enter(replace(state, status="running"), 0, now)
    return started, (Event("started", {"steps": len(state.steps)}), *events)


def _pause(state: State, _command: Command, now: datetime) -> Outcome:
    _need_progress(state)
    if state.status == "paused":
        raise IllegalCommand("The session is paused already.")
    return _bank(replace(state, status="paused"), now), (Event("paused", {"step": _number(state)}),)


def _resume(state: State, _command: Command, now: datetime) -> Outcome:
    _need_progress(state)
    if state.status == "running":
        raise IllegalCommand("The clock is running already.")
    return replace(state, status="running", since=now), (Event("resumed", {"step": _number(state)}),)


def _next(state: State, command: Command, now: datetime) -> Outcome:
    index = _index_on_screen(state, command)
    if index + 1 >= len(state.steps):
        raise IllegalCommand("This is the last step; finish the session when you are ready.")
    return _enter(state, index + 1, now)


def _back(state: State, command: Command, now: datetime) -> Outcome:
    index = _index_on_screen(state, command)
    if index == 0:
        raise IllegalCommand("This is the first step; there is nothing to go back to.")
    return _enter(state, index - 1, now)


def _go_to(state: State, command: Command, now: datetime) -> Outcome:
    _need_progress(state)
    if blank(command.args.get("step")):
        raise BadArgument("Say which step to go to.")
    index = step_index(command.args.get("step"), count=len(state.steps))
    if index == state.index:
        return state, ()
    return _enter(state, index, now)


def _extend(state: State, command: Command, _now: datetime) -> Outcome:
    index = _need_progress(state)
    minutes = minutes_argument(command.args.get("minutes"))
    step = state.steps[index]
    longer = whole(step.minutes + minutes)
    if longer > LONGEST_STEP_MINUTES:
        raise IllegalCommand("This step cannot grow any longer; go on to the next one or finish.")
    steps = (*state.steps[:index], replace(step, minutes=longer), *state.steps[index + 1 :])
    return replace(state, steps=steps), (Event("extended", {"step": index + 1, "minutes": minutes}),)


def _reveal(state: State, command: Command, _now: datetime) -> Outcome:
    _need_progress(state)
    sample = _sample_argument(state, command)
    first = next((at for at, step in enumerate(state.steps) if scores_sample(step, sample)), None)
    if first is None:
        raise IllegalCommand("This session has no scores to reveal for that sample.")
    if state.reached < first:
        raise IllegalCommand("The room has not come to that sample yet, so there is nothing to reveal.")
    if sample in state.shown:
        return state, ()
    rounds = frozenset(entry for entry in state.opened if entry[0] == sample)
    revealed = replace(
        state,
        closed=state.closed | rounds,
        revealed=state.revealed | rounds,
        shown=state.shown | {sample},
    )
    event = Event("revealed", {"sample": sample, "round": latest_round(state, sample)})
    return revealed, (*_closing_events(state, revealed), event)


def _hide(state: State, command: Command, _now: datetime) -> Outcome:
    _need_progress(state)
    sample = _sample_argument(state, command)
    if sample not in state.shown:
        return state, ()
    return replace(state, shown=state.shown - {sample}), (Event("hidden", {"sample": sample}),)


def _hand_over(state: State, command: Command, _now: datetime) -> Outcome:
    _need_unfinished(state)
    if blank(command.args.get("person")):
        raise BadArgument("Say who takes over from you.")
    person = _person(state, command.args.get("person"))
    if person == state.facilitator:
        raise IllegalCommand("That person is facilitating already.")
    event = Event("handed_over", {"from": state.facilitator, "to": person})
    return replace(state, facilitator=person), (event,)


def _take_over(state: State, command: Command, _now: datetime) -> Outcome:
    _need_unfinished(state)
    if command.by == state.facilitator:
        return state, ()
    event = Event("taken_over", {"from": state.facilitator, "to": command.by})
    return replace(join(state, command.by), facilitator=command.by), (event,)


def _call_on(state: State, command: Command, _now: datetime) -> Outcome:
    _need_progress(state)
    if "person" not in command.args:
        raise BadArgument("Say whose turn it is.")
    asked = command.args["person"]
    person = None if blank(asked) else _person(state, asked)
    if person == state.turn:
        return state, ()
    return replace(state, turn=person), (Event("called_on", {"person": person, "step": _number(state)}),)


def _finish(state: State, _command: Command, now: datetime) -> Outcome:
    _need_progress(state)
    stopped = replace(_bank(state, now), status="finished", turn=None, closed=state.opened)
    return stopped, (*_closing_events(state, stopped), Event("finished", {"step": _number(state)}))


def _reopen(state: State, _command: Command, now: datetime) -> Outcome:
    if not ended(state):
        raise IllegalCommand("This session is not finished, so it need not be reopened.")
    return replace(state, status="running", since=now), (Event("reopened", {"step": _number(state)}),)


_HANDLERS: Mapping[str, Callable[[State, Command, datetime], Outcome]] = {
    "open": _open,
    "start": _start,
    "pause": _pause,
    "resume": _resume,
    "next": _next,
    "back": _back,
    "go_to": _go_to,
    "extend": _extend,
    "reveal": _reveal,
    "hide": _hide,
    "hand_over": _hand_over,
    "take_over": _take_over,
    "call_on": _call_on,
    "finish": _finish,
    "reopen": _reopen,
}

#: The names of all commands.
COMMANDS: frozenset[str] = frozenset(_HANDLERS)


# --- Moving between steps ---------------------------------------------------------------------------------


def _bank(state: State, now: datetime) -> State:
    """The state with the running seconds added to the current step's and the clock standing."""
    if state.index is None or state.since is None:
        return replace(state, since=None)
    spent = list(state.spent)
    spent[state.index] = seconds_spent(state, now=now)
    return replace(state, spent=tuple(spent), since=None)


def _enter(state: State, index: int, now: datetime) -> Outcome:
    """Move to ``index``: its clock goes on where it stood, nobody is called on, its round opens."""
    banked = _bank(state, now)
    # A round opens once, so one that has closed stays closed.
    opening = _rounds_opened_by(state.steps, index, state.samples) - state.opened
    entered = replace(
        banked,
        index=index,
        reached=max(state.reached, index),
        since=now if state.status == "running" else None,
        turn=None,
        opened=state.opened | opening,
        shown=state.shown - {sample for sample, _ in opening},
    )
    stepped = Event("stepped", {"from": _number(state) if state.index is not None else None, "to": index + 1})
    return entered, (stepped, *(_round_event("round_opened", entry) for entry in sorted(opening)))


def _rounds_opened_by(steps: Sequence[RunStep], index: int, samples: Sequence[str]) -> frozenset[Round]:
    """The rounds that being at ``index`` opens.

    A scoring step opens its round. Another step about a sample opens the last round that was due before it,
    so that a room that jumps straight to a sample's discussion can still score and reveal it.
    """
    step = steps[index]
    if step.makes == "scores":
        scored = samples if step.sample is None else (step.sample,)
        return frozenset((sample, step.round or 1) for sample in scored)
    if step.sample is None:
        return frozenset()
    due = [before.round or 1 for before in steps[:index] if scores_sample(before, step.sample)]
    return frozenset({(step.sample, due[-1])}) if due else frozenset()


def _closing_events(before: State, after: State) -> tuple[Event, ...]:
    return tuple(_round_event("round_closed", entry) for entry in sorted(after.closed - before.closed))


def _round_event(name: str, entry: Round) -> Event:
    return Event(name, {"sample": entry[0], "round": entry[1]})


def _number(state: State) -> int:
    """The current step's number as people count, from 1; 0 before start."""
    return 0 if state.index is None else state.index + 1


# --- What must hold before a command ----------------------------------------------------------------------


def _need_progress(state: State) -> int:
    """The current index of a session in progress; ``IllegalCommand`` otherwise."""
    if ended(state):
        raise IllegalCommand("This session is finished; reopen it to go on.")
    if state.index is None or not in_progress(state):
        raise IllegalCommand("This session has not started yet.")
    return state.index


def _need_unfinished(state: State) -> None:
    if ended(state):
        raise IllegalCommand("This session is finished, so nobody needs to facilitate it.")


def _index_on_screen(state: State, command: Command) -> int:
    """The current index, when it is the one that the person saw on pressing the button."""
    index = _need_progress(state)
    seen = command.args.get("step")
    if not blank(seen) and step_index(seen, count=len(state.steps)) != index:
        raise IllegalCommand(
            f"The room has already moved on: it is at step {index + 1}, “{state.steps[index].title}”.",
        )
    return index


# --- Samples and people that a command names --------------------------------------------------------------


def _known_sample(state: State, sample: object) -> str:
    if not isinstance(sample, str) or sample not in state.samples:
        raise BadArgument("That sample is not part of this session.")
    return sample


def _sample_argument(state: State, command: Command) -> str:
    """The sample that the command names, else the one on the table."""
    asked = command.args.get("sample")
    if not blank(asked):
        return _known_sample(state, asked)
    step = current_step(state)
    if step is not None and step.sample is not None:
        return step.sample
    if len(state.samples) == 1:
        return state.samples[0]
    raise BadArgument("Say which sample.")


def _person(state: State, value: object) -> str:
    if not isinstance(value, str):
        raise BadArgument("That is not a person.")
    if value not in state.people:
        raise IllegalCommand("That person is not in this session.")
    return value
