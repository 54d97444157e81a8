"""What a step asks of one person: who speaks, what they read, and which notes they may write.

The step says it for everybody; the presenter's part is another one. Values in, values out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sessions_app import access
from sessions_app.engine import RunStep
from sessions_app.models import Participant, Role

CALLS = {
    "silent": "Now · alone and silent",
    "presenter": "Now · the presenter speaks",
    "participants": "Now · together",
    "all": "Now · together",
    "rounds": "Now · in turn",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """`listens`: this person is asked to listen to the others. `kinds` are the notes that they may write here.

    `writes_for`: the presenter whose answer they may write down, '' where what they write is their own.
    """

    call: str
    prompt: str
    kinds: tuple[str, ...]
    listens: bool
    writes_for: str


def asked_of(step: RunStep, *, me: Participant, role: str, presenter: str) -> Asked:
    """What `step` asks of `me`, who has this `role` now; `presenter` is a short name, '' where nobody presents."""
    presents = me.role == Role.PRESENTER
    kinds = _kinds(step, presents=presents, role=role)
    listens = presents and step.speaks == "participants"
    return Asked(
        call=_call(step, presents=presents, presenter=presenter),
        prompt=step.presenter_prompt if presents and step.presenter_prompt else step.prompt,
        kinds=("private",) if listens else kinds,
        listens=listens,
        writes_for=presenter if "response" in kinds and not presents else "",
    )


def _call(step: RunStep, *, presents: bool, presenter: str) -> str:
    if step.speaks == "presenter" and presenter:
        return "Now · you speak" if presents else f"Now · {presenter} speaks"
    if step.speaks == "participants" and presenter:
        return "Now · you listen" if presents else f"Now · together, while {presenter} listens"
    return CALLS[step.speaks]


def _kinds(step: RunStep, *, presents: bool, role: str) -> tuple[str, ...]:
    may_respond = access.may_respond(role, presents=presents)
    return tuple(kind for kind in step.kinds if kind != "response" or may_respond)


def speaks_at(steps: Sequence[RunStep], index: int) -> str:
    """The title of the next step from `index` on in which the presenter speaks; '' when there is none."""
    return next((step.title for step in steps[index + 1 :] if step.speaks == "presenter"), "")


def next_to_speak(seats: Sequence[Participant], *, had: Collection[str], turn: str | None) -> Participant | None:
    """Who comes after the one whose `turn` it is, in the order of the seats; None when everybody `had` theirs.

    Who has never come in is passed over. Who is here this second says nothing: each screen would name somebody else.
    """
    at_table = [seat for seat in seats if seat.joined_at]
    ids = [str(seat.pk) for seat in at_table]
    after = ids.index(turn) + 1 if turn in ids else 0
    in_order = [*at_table[after:], *at_table[:after]]
    return next((seat for seat in in_order if str(seat.pk) not in had and str(seat.pk) != turn), None)
