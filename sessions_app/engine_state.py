"""What a live session is made of: its steps, its state, its commands and events, and how they become JSON.

Plain frozen values without Django. ``engine.py`` moves them; everyone else imports them from there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

#: A session is in one of these, in this order; paused and running alternate, finished may be reopened.
STATUSES: tuple[str, ...] = ("planned", "lobby", "running", "paused", "finished")

#: What a step asks each person to make.
MAKES: tuple[str, ...] = (
    "nothing",
    "notes",
    "scores",
    "reveal",
    "consensus",
    "response",
    "sort",
    "survey",
    "commitments",
    "next_steps",
    "debrief",
)

#: Who speaks in a step. ``rounds``: each in turn.
SPEAKS: tuple[str, ...] = ("silent", "presenter", "participants", "all", "rounds")

#: What may lie on the table; what a step does not name is closed and is not served.
TABLE: tuple[str, ...] = ("task", "focus_question", "rubric", "work", "context")

#: What people may see of each other's in a step: only their own, everybody's at once, everybody's afterwards.
SEES: tuple[str, ...] = ("own", "all", "after")

#: Kinds of note that a step can open for sharing, and the one that is always a person's own.
SHARED_KINDS: tuple[str, ...] = (
    "observation",
    "clarifying",
    "probing",
    "speculation",
    "warm",
    "cool",
    "interpretation",
    "implication",
    "evidence",
    "pattern",
    "plus",
    "delta",
    "response",
)
NOTE_KINDS: tuple[str, ...] = (*SHARED_KINDS, "private")


class CommandError(Exception):
    """A command that cannot be obeyed; ``sentence`` says why to the person who gave it."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence that the screen will show."""
        super().__init__(sentence)
        self.sentence = sentence


class IllegalCommand(CommandError):
    """Well formed, but not possible now (HTTP 409)."""


class BadArgument(CommandError):
    """Missing, malformed, or naming something this session does not have (HTTP 400)."""


class Stem(NamedTuple):
    """The beginning of a sentence; ``kind`` is a note kind, ``rationale``, ``consensus`` or ``next_step``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class RunStep:
    """One step as it is run; a step that repeats for three samples is three of these.

    ``minutes`` is an int when whole, else a multiple of a half. ``block_*`` place a repeated step for the
    rail: label 'Sample B', number 2, of 3; they are ``''``, ``None``, ``None`` for a step that is done once.
    A scoring step without a sample scores every sample of the session. ``presenter_prompt`` is what the presenter reads
    instead of the prompt (``''``: the same); ``least`` are the minutes below which the step is not scaled.
    """

    key: str
    title: str
    minutes: float
    makes: str
    speaks: str = "all"
    sample: str | None = None
    round: int | None = None
    table: str | None = None
    open: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sees: str = "all"
    prompt: str = ""
    script: str = ""
    stems: tuple[Stem, ...] = ()
    turn_seconds: int | None = None
    presenter_prompt: str = ""
    least: float = 1
    block_label: str = ""
    block_number: int | None = None
    block_of: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The step in plain JSON types."""
        data = dict(zip(_STEP_FIELDS, _step_values(self), strict=True))
        data["open"], data["kinds"] = list(self.open), list(self.kinds)
        data["stems"] = [list(stem) for stem in self.stems]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RunStep:
        """The step that ``to_json`` wrote. A field added since then takes its default."""
        known = data if data.keys() <= _STEP_NAMES else {name: data[name] for name in _STEP_NAMES & data.keys()}
        return cls(
            **{
                **known,
                "open": tuple(data.get("open", ())),
                "kinds": tuple(data.get("kinds", ())),
                "stems": tuple(map(Stem._make, data.get("stems", ()))),
            }
        )


_STEP_FIELDS = tuple(entry.name for entry in dataclasses.fields(RunStep))
_STEP_NAMES = frozenset(_STEP_FIELDS)
_step_values = attrgetter(*_STEP_FIELDS)

#: (sample, number): one round of scoring one sample.
Round = tuple[str, int]


@dataclass(frozen=True, slots=True)
class State:
    """Everything that all screens of a session agree on.

    ``spent`` holds the seconds that each step used before ``since``, the moment (aware, UTC) from which the
    current step's clock runs now. ``opened``, ``closed`` and ``revealed`` only ever grow; ``shown`` is what
    is on display and may shrink. A round can be closed and not revealed (the session finished first).
    """

    status: str
    steps: tuple[RunStep, ...]
    samples: tuple[str, ...]
    facilitator: str
    people: tuple[str, ...]
    index: int | None = None
    reached: int = -1
    spent: tuple[float, ...] = ()
    since: datetime | None = None
    turn: str | None = None
    opened: frozenset[Round] = frozenset()
    closed: frozenset[Round] = frozenset()
    revealed: frozenset[Round] = frozenset()
    shown: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """The state in plain JSON types; ``from_json`` gives back an equal one."""
        return {
            "status": self.status,
            "steps": [step.to_json() for step in self.steps],
            "samples": list(self.samples),
            "facilitator": self.facilitator,
            "people": list(self.people),
            "index": self.index,
            "reached": self.reached,
            "spent": list(self.spent),
            "since": self.since.isoformat() if self.since else None,
            "turn": self.turn,
            "opened": _rounds_to_json(self.opened),
            "closed": _rounds_to_json(self.closed),
            "revealed": _rounds_to_json(self.revealed),
            "shown": sorted(self.shown),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> State:
        """The state that ``to_json`` wrote."""
        return cls(
            status=data["status"],
            steps=tuple(RunStep.from_json(step) for step in data["steps"]),
            samples=tuple(data["samples"]),
            facilitator=data["facilitator"],
            people=tuple(data["people"]),
            index=data["index"],
            reached=data["reached"],
            spent=tuple(data["spent"]),
            since=datetime.fromisoformat(data["since"]) if data["since"] else None,
            turn=data["turn"],
            opened=_rounds_from_json(data["opened"]),
            closed=_rounds_from_json(data["closed"]),
            revealed=_rounds_from_json(data["revealed"]),
            shown=frozenset(data["shown"]),
        )


def _rounds_to_json(rounds: Iterable[Round]) -> list[list[str | int]]:
    return [[sample, number] for sample, number in sorted(rounds)]


def _rounds_from_json(rows: Iterable[Sequence[Any]]) -> frozenset[Round]:
    return frozenset((sample, number) for sample, number in rows)


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody asked for: ``name``, the id of the person, and arguments raw from HTTP."""

    name: str
    by: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, for the log: ids and counts only, never words or levels. Step numbers count from 1."""

    name: str
    data: Mapping[str, str | int | float | None] = field(default_factory=dict)
