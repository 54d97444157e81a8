"""What the demo's teams have looked at together, session by session, and what lies ahead. All of it is chosen by hand.

Labels are those of the tasks; `question` counts the bank's focus questions from 0; `away` are places among the
team's people. A piece is met again where a team follows up. Samples of the open room have never been scored.

A room stays divided over the pieces of `split_over` alone, so that the school page has criteria to show in whichever
months the sessions fall: ten agreed samples in one school year, from the first or the last sessions of a team.
"""

from dataclasses import dataclass

from home.demo.people import ALDER_FIVE, ALDER_SEVEN, ELSEWHERE_SEVEN, HAWTHORN_FIVE
from sessions_app.models import Purpose
from work_samples.models import Selection

REMARKABLE = "remarkable"  # the session that demo.json calls finished
ANCHORS = "Anchor pieces: longer lunch"


@dataclass(frozen=True)
class Held:
    """One finished session."""

    labels: str
    question: int
    purpose: str = Purpose.CALIBRATE
    split_over: str = ""
    away: tuple[int, ...] = ()
    next_steps: int = 1
    from_anchors: bool = False
    tag: str = ""
    is_shared: bool = False


@dataclass(frozen=True)
class Programme:
    """A team's year: its sessions from the first to the last, how its samples were chosen, the anchors it picked."""

    held: tuple[Held, ...]
    selection: str
    anchors: str = ""


PROGRAMMES = {
    ALDER_SEVEN.name: Programme(
        selection=Selection.ALL,
        anchors="AHIK",
        held=(
            Held("ABD", 2, split_over="B"),
            Held("FGI", 6, Purpose.THINKING, away=(5,)),
            Held("HJK", 1, split_over="K", is_shared=True),
            Held("MAG", 3, Purpose.ALIGN_ASSESSMENT),
            Held("DFI", 9, Purpose.THINKING),
            Held("BDK", 5, Purpose.IMPROVE_TASK, split_over="B", away=(4,)),
            Held("GHJ", 10, next_steps=0),
            Held("IJM", 8, Purpose.EQUITY, split_over="J"),
            Held("BFH", 0, split_over="BFH", tag=REMARKABLE, is_shared=True),
            Held("AFK", 11, Purpose.PLAN, away=(2,)),
            Held("AHI", 7, Purpose.ALIGN_STANDARD, from_anchors=True, away=(3,), next_steps=0),
            Held("DGM", 12, Purpose.ALIGN_ASSESSMENT, next_steps=0),
            Held("AGK", 4, Purpose.FOLLOW_UP, next_steps=2),
        ),
    ),
    ALDER_FIVE.name: Programme(
        selection=Selection.RANDOM,
        held=(
            Held("ACE", 1),
            Held("BDF", 3, Purpose.ALIGN_ASSESSMENT),
            Held("GHI", 0, Purpose.THINKING, split_over="H", away=(4,)),
            Held("JLN", 2, split_over="N", is_shared=True),
            Held("MAB", 4, Purpose.PLAN),
            Held("FGE", 9, Purpose.REFLECT, next_steps=0),
            Held("CGD", 7, Purpose.IMPROVE_TASK, split_over="G"),
            Held("INB", 10, Purpose.ALIGN_STANDARD, next_steps=0),
            Held("EHF", 6, split_over="E", away=(2,)),
            Held("AMC", 11, Purpose.THINKING, away=(1,)),
            Held("ILJ", 5, Purpose.EQUITY, next_steps=2),
            Held("NMH", 8, Purpose.FOLLOW_UP, next_steps=2),
        ),
    ),
    HAWTHORN_FIVE.name: Programme(
        selection=Selection.ALL,
        held=(
            Held("BEH", 5),
            Held("AI", 0, Purpose.THINKING),
            Held("DGM", 2, split_over="G", next_steps=2),
            Held("CFL", 8, Purpose.REFLECT, next_steps=2),
        ),
    ),
    ELSEWHERE_SEVEN.name: Programme(
        selection=Selection.ALL,
        held=(
            Held("ACF", 2, split_over="F"),
            Held("BH", 0),
            Held("DIL", 3, Purpose.ALIGN_ASSESSMENT, away=(4,)),
            Held("GKN", 6),
            Held("JMA", 4, Purpose.FOLLOW_UP, split_over="J", next_steps=2),
        ),
    ),
}


@dataclass(frozen=True)
class Ahead:
    """A session to come; roles are places among the team's people."""

    labels: str
    question: int
    purpose: str
    presenter: int
    timekeeper: int
    recorder: int
    minutes: int


LOBBY = Ahead("CLN", 1, Purpose.CALIBRATE, presenter=1, timekeeper=4, recorder=3, minutes=95)
PLANNED = Ahead("ADM", 4, Purpose.FOLLOW_UP, presenter=2, timekeeper=5, recorder=6, minutes=95)
