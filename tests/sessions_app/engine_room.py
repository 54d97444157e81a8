"""A small room to give commands to: two samples, ten steps, four people and a clock that the test turns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sessions_app import engine
from sessions_app.engine import Command, Event, RunStep, State

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PEOPLE = ("rosa", "david", "aisha", "tom")


def loop(sample: str) -> list[RunStep]:
    """What is done for each sample: score, reveal, discuss, agree."""
    return [
        RunStep("score", "Score alone", 10, "scores", "silent", sample=sample, round=1, kinds=("private",)),
        RunStep("reveal", "Reveal", 1, "reveal", sample=sample),
        RunStep("discuss", "Discuss", 8, "notes", sample=sample, kinds=("evidence", "interpretation")),
        RunStep("agree", "Agree", 3, "consensus", sample=sample),
    ]


#: 1 norms · 2–5 sample A · 6–9 sample B · 10 debrief
STEPS = (
    RunStep("norms", "Norms", 5, "nothing"),
    *loop("A"),
    *loop("B"),
    RunStep("debrief", "Debrief", 5, "debrief", kinds=("plus", "delta")),
)


class Room:
    """A state with its clock. ``do`` gives a command and keeps what came of it."""

    def __init__(self, steps=STEPS, samples=None, people=PEOPLE):
        self.state: State = engine.initial_state(steps=steps, facilitator=people[0], people=people, samples=samples)
        self.now = NOON
        self.events: tuple[Event, ...] = ()

    def do(self, name: str, by: str = "rosa", **args: object) -> Room:
        self.state, self.events = engine.apply(self.state, Command(name, by, args), now=self.now)
        return self

    def wait(self, seconds: float) -> Room:
        self.now += timedelta(seconds=seconds)
        return self

    @property
    def left(self) -> int:
        return engine.seconds_left(self.state, now=self.now)

    @property
    def number(self) -> int:
        return 0 if self.state.index is None else self.state.index + 1

    @property
    def happened(self) -> list[str]:
        return [event.name for event in self.events]


def running(step: int = 1, **kwargs: object) -> Room:
    """A room that runs, at ``step``."""
    room = Room(**kwargs).do("open").do("start")
    return room if step == 1 else room.do("go_to", step=step)
