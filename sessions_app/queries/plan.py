"""A plan as it would run: the steps with their minutes, and advice when time is short."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sessions_app import protocol_format
from sessions_app.engine import RunStep
from sessions_app.engine_arguments import whole
from sessions_app.models import Purpose

DEFAULT_MINUTES = 90
MOST_MINUTES = 480
USUAL_SAMPLES = 3  # where a protocol takes them one after the other


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of the protocol, with the minutes of each time it is run and how often."""

    key: str
    title: str
    minutes: float
    times: int
    makes: str
    speaks: str

    @property
    def field(self) -> str:
        return f"minutes-{self.key}"


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """`parts` are all run steps in order, for the bar; `advice` is '' when the time suffices.

    `is_assumed`: no sample is chosen yet, and the plan is shown for as many as teams usually take. `scores`: it needs a
    rubric.
    """

    slug: str
    title: str
    summary: str
    source: str
    adaptation: str
    samples: int
    is_assumed: bool
    steps: tuple[PlannedStep, ...]
    parts: tuple[RunStep, ...]
    total: float
    minutes_at_hand: int
    advice: str
    scores: bool

    @property
    def shown_for(self) -> str:
        """What these minutes were worked out for; the form sends it back, so that stale ones are not believed."""
        return f"{self.slug}:{self.samples}:{self.minutes_at_hand}"


@dataclass(frozen=True, slots=True)
class Offer:
    """A protocol that a team can choose; `parts` and `minutes` are its own, for as many samples as teams usually take.

    `suits`: it is made for the purpose that was asked for.
    """

    slug: str
    title: str
    summary: str
    group: tuple[int, int]
    purposes: tuple[str, ...]
    suits: bool
    parts: tuple[RunStep, ...]
    minutes: float


def offers(purpose: str) -> tuple[Offer, ...]:
    """The protocols that ship, those that suit the purpose best first; an unknown purpose is one to calibrate for."""
    asked = purpose if purpose in Purpose.values else Purpose.CALIBRATE.value

    def fitness(offer: Offer) -> tuple[bool, int, str]:
        at = offer.purposes.index(asked) if offer.suits else 0
        return not offer.suits, at, offer.title

    made = (_offer(protocol, asked) for protocol in protocol_format.catalogue().values())
    return tuple(sorted(made, key=fitness))


def _offer(protocol: protocol_format.Protocol, purpose: str) -> Offer:
    run = protocol_format.expand(protocol, samples=_letters(USUAL_SAMPLES))
    return Offer(
        slug=protocol.slug,
        title=protocol.title,
        summary=protocol.summary,
        group=protocol.group,
        purposes=protocol.purposes,
        suits=purpose in protocol.purposes,
        parts=run,
        minutes=whole(protocol_format.total_minutes(run)),
    )


def scores(slug: str) -> bool:
    """Whether people score in this protocol; False for an unknown one."""
    protocol = protocol_format.catalogue().get(slug)
    return protocol is not None and protocol.scores


def _letters(count: int) -> list[tuple[str, str]]:
    return [(str(number), chr(ord("A") + number)) for number in range(count)]


def read_minutes(text: object) -> int:
    """The time at hand as typed, else the default."""
    try:
        minutes = int(str(text)[:6])
    except ValueError:
        return DEFAULT_MINUTES
    return minutes if 0 < minutes <= MOST_MINUTES else DEFAULT_MINUTES


def read_typed(data: Mapping[str, Any]) -> dict[str, float]:
    """The minutes in the steps' own fields (`minutes-<key>`), by key; unreadable ones are left to the protocol."""
    typed = {}
    for name, value in data.items():
        if not isinstance(name, str) or not name.startswith("minutes-"):
            continue
        try:
            minutes = float(str(value).replace(",", "."))
        except ValueError:
            continue
        if 0 < minutes <= MOST_MINUTES:
            typed[name.removeprefix("minutes-")] = minutes
    return typed


def preview(
    *, slug: str, samples: Sequence[str], minutes_at_hand: object, minutes: Mapping[str, float] | None = None
) -> PlanPreview:
    """The plan for so many samples in so much time. An unknown protocol shows the one that is offered first."""
    known = protocol_format.catalogue()
    protocol = known.get(slug) or known[offers("")[0].slug]
    at_hand = read_minutes(minutes_at_hand)
    count = min(len(samples), 12) or (USUAL_SAMPLES if protocol.loops_over_samples else 0)
    run = protocol_format.planned_steps(protocol, samples=_letters(count), minutes_at_hand=at_hand, minutes=minutes)
    return PlanPreview(
        slug=protocol.slug,
        title=protocol.title,
        summary=protocol.summary,
        source=protocol.source,
        adaptation=protocol.adaptation,
        samples=count,
        is_assumed=not samples,
        steps=tuple(_steps(run)),
        parts=run,
        total=whole(protocol_format.total_minutes(run)),
        minutes_at_hand=at_hand,
        advice=_advice(protocol, count, at_hand),
        scores=protocol.scores,
    )


def _steps(run: Iterable[RunStep]) -> Iterable[PlannedStep]:
    by_key: dict[str, list[RunStep]] = {}
    for step in run:
        by_key.setdefault(step.key, []).append(step)
    for key, steps in by_key.items():
        first = steps[0]
        yield PlannedStep(key, first.title, first.minutes, len(steps), first.makes, first.speaks)


def _advice(protocol: protocol_format.Protocol, samples: int, minutes: int) -> str:
    fit = protocol_format.fit(protocol, samples=samples, minutes=minutes)
    if not fit.enough and not protocol.loops_over_samples:
        least = whole(fit.minutes)
        return f"These steps need {least} minutes at the least. Find more time, or choose a shorter protocol."
    if not fit.enough:
        return f"Not even a minute a step fits into {minutes} minutes. Find more time, or look at fewer samples."
    if fit.dropped:
        kept = f"{fit.samples} sample{'' if fit.samples == 1 else 's'}"
        return f"Time is short: with {kept} there would be time to talk. As it is, every step gets shorter."
    if fit.scaled:
        return "The steps are a little shorter than the protocol's own, so that they fit."
    return ""
