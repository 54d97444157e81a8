"""Protocols as data: what a protocol file may say, how it is read, and how it becomes the steps of a session.

A file is checked against ``catalogue/schema.json`` (published for those who write protocols) and then against
the rules that a schema cannot hold. Whatever is wrong with it, the answer is one sentence that names the step and
the field. No Django here: the plan page, the loader command and the tests all call the same plain functions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from sessions_app.engine_arguments import whole
from sessions_app.engine_state import RunStep, Stem
from sessions_app.protocol_schema import CATALOGUE, SCHEMA_FILE, BadProtocol, check_shape, place

__all__ = ["CATALOGUE", "SCHEMA_FILE", "BadProtocol"]  # what callers also import from here

#: Repeats count: three samples of four steps are twelve.
MAX_RUN_STEPS = 400
#: Nobody plans a meeting longer than a day.
MAX_MINUTES = 24 * 60
#: A plan that is short of time keeps all samples as long as every step keeps this share of its minutes: no team
#: should lose a sample for the sake of five minutes.
SQUEEZE = 0.85

#: The most minutes that a plan gives one step.
LONGEST_PLANNED = 240


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the protocol writes it; ``repeats`` is once, sample, table or round."""

    key: str
    title: str
    minutes: float
    repeats: str
    speaks: str
    open: tuple[str, ...]
    makes: str
    kinds: tuple[str, ...]
    sees: str
    prompt: str
    script: str
    stems: tuple[Stem, ...]
    turn_seconds: int | None
    round: int | None
    presenter_prompt: str = ""
    least: float = 1


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol that has been read and checked. ``group`` is its smallest and largest number of people."""

    slug: str
    version: int
    title: str
    source: str
    adaptation: str
    purposes: tuple[str, ...]
    group: tuple[int, int]
    summary: str
    steps: tuple[Step, ...]

    @property
    def loops_over_samples(self) -> bool:
        """Whether fewer samples make it shorter."""
        return any(step.repeats == "sample" for step in self.steps)

    @property
    def scores(self) -> bool:
        """Whether people score in it, so that it needs a rubric."""
        return any(step.makes == "scores" for step in self.steps)


class Item(NamedTuple):
    """A sample or a table: its id, and the label that people see."""

    id: str
    label: str


# --- Reading a file ---------------------------------------------------------------------------------------


def load(data: object) -> Protocol:
    """The protocol in ``data`` (parsed JSON, not trusted). Raises ``BadProtocol`` with one sentence."""
    protocol = _protocol(check_shape(data))
    _check_sense(protocol)
    return protocol


def load_text(text: str | bytes) -> Protocol:
    """The protocol in a JSON text. Raises ``BadProtocol``."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadProtocol("This file is not JSON, so it cannot be read as a protocol.") from error
    return load(data)


def catalogue() -> dict[str, Protocol]:
    """The protocols that ship with ESW, by slug."""
    return dict(_packaged())


def packaged_data() -> dict[str, dict[str, Any]]:
    """The same as their files say it, checked, for keeping as data."""
    files = sorted(file for file in CATALOGUE.glob("*.json") if file != SCHEMA_FILE)
    texts = [file.read_bytes() for file in files]
    return {load_text(text).slug: json.loads(text) for text in texts}


@cache
def _packaged() -> tuple[tuple[str, Protocol], ...]:
    return tuple((slug, load(data)) for slug, data in packaged_data().items())


def _protocol(data: Mapping[str, Any]) -> Protocol:
    smallest, largest = data["group"]
    return Protocol(
        slug=data["slug"],
        version=int(data["version"]),
        title=data["title"],
        source=data["source"],
        adaptation=data["adaptation"],
        purposes=tuple(data["purposes"]),
        group=(int(smallest), int(largest)),
        summary=data["summary"],
        steps=tuple(_step(entry) for entry in data["steps"]),
    )


def _step(entry: Mapping[str, Any]) -> Step:
    stems = entry.get("stems", {})
    return Step(
        key=entry["key"],
        title=entry["title"],
        minutes=whole(entry["minutes"]),
        repeats=entry.get("repeats", "once"),
        speaks=entry["speaks"],
        open=tuple(entry["open"]),
        makes=entry["makes"],
        kinds=tuple(entry.get("kinds", ())),
        sees=entry["sees"],
        prompt=entry["prompt"],
        script=entry.get("script", ""),
        stems=tuple(Stem(kind, text) for kind, texts in stems.items() for text in texts),
        turn_seconds=int(entry["turn_seconds"]) if "turn_seconds" in entry else None,
        round=int(entry.get("round", 1)) if entry["makes"] == "scores" else entry.get("round"),
        presenter_prompt=entry.get("presenter_prompt", ""),
        least=whole(entry.get("least", 1)),
    )


# --- What is wrong with a file ----------------------------------------------------------------------------


def _check_sense(protocol: Protocol) -> None:
    """The rules that a schema cannot hold."""
    smallest, largest = protocol.group
    if smallest > largest:
        raise BadProtocol("The protocol: “group” names the smallest group first, then the largest.")
    keys: set[str] = set()
    scored = False
    for number, step in enumerate(protocol.steps, start=1):
        complaint = _complaint(step, keys=keys, scored=scored)
        if complaint:
            raise BadProtocol(f"{place(number, {'title': step.title})}: {complaint}")
        keys.add(step.key)
        scored = scored or step.makes == "scores"


def _complaint(step: Step, *, keys: set[str], scored: bool) -> str | None:
    """What is wrong with one step, given the steps before it; ``None`` when it makes sense."""
    rules = (
        (step.key in keys, "“key” is used by an earlier step; each step needs its own."),
        (
            step.makes == "scores" and not {"work", "rubric"} <= set(step.open),
            "“open” must name the work and the rubric, because people score here.",
        ),
        (step.makes == "reveal" and not scored, "“makes” reveals scores, but no earlier step makes any."),
        (step.makes == "notes" and not step.kinds, "“kinds” must say which kinds of note people write here."),
        (step.round is not None and step.makes != "scores", "“round” belongs to steps that score."),
        (
            step.turn_seconds is not None and step.speaks != "rounds",
            "“turn_seconds” belongs to steps where people speak in rounds.",
        ),
        (step.least > max(1, step.minutes), "“least” must not be more than “minutes”."),
    )
    found = next((sentence for wrong, sentence in rules if wrong), None)
    return found or _misplaced_placeholder(step)


def _misplaced_placeholder(step: Step) -> str | None:
    written = [
        ("prompt", step.prompt),
        ("presenter_prompt", step.presenter_prompt),
        ("script", step.script),
        *(("stems", stem.text) for stem in step.stems),
    ]
    for name, text in written:
        for what in ("sample", "table", "round"):
            if f"{{{what}}}" in text and step.repeats != what:
                return f"“{name}” speaks of {{{what}}}, but the step does not repeat for each {what}."
    return None


# --- The steps of a session -------------------------------------------------------------------------------


def expand(
    protocol: Protocol,
    *,
    samples: Sequence[tuple[str, str]],
    tables: Sequence[tuple[str, str]] = (),
    rounds: int = 1,
) -> tuple[RunStep, ...]:
    """The steps as they are run. ``samples`` and ``tables`` are (id, label) in their order.

    Neighbouring steps that repeat alike are one block: score, reveal and discuss sample A, then sample B. A block
    for each sample vanishes without samples; a block for each table is run once, by everybody, without tables.
    Raises ``BadProtocol`` when this makes more than ``MAX_RUN_STEPS``.
    """
    items: Mapping[str, Sequence[Item | None]] = {
        "once": [None],
        "sample": [Item(*sample) for sample in samples],
        "table": [Item(*table) for table in tables] or [None],
        "round": [Item(str(number), str(number)) for number in range(1, rounds + 1)],
    }
    total = sum(len(items[step.repeats]) for step in protocol.steps)
    if total > MAX_RUN_STEPS:
        raise BadProtocol(f"With so many samples this makes {total} steps; {MAX_RUN_STEPS} are the most.")
    return tuple(
        _run_step(step, item=item, number=number, of=len(items[repeats]))
        for repeats, block in _blocks(protocol.steps)
        for number, item in enumerate(items[repeats], start=1)
        for step in block
    )


def _blocks(steps: Iterable[Step]) -> Iterator[tuple[str, list[Step]]]:
    for repeats, block in groupby(steps, key=lambda step: step.repeats):
        yield repeats, list(block)


def _run_step(step: Step, *, item: Item | None, number: int, of: int) -> RunStep:
    """``step`` for one sample, table or round; for none of them when ``item`` is ``None``."""
    called = _called(step.repeats, item)

    def fill(text: str) -> str:
        return text.replace(f"{{{step.repeats}}}", called)

    return RunStep(
        key=step.key,
        title=step.title,
        minutes=step.minutes,
        makes=step.makes,
        speaks=step.speaks,
        sample=item.id if item and step.repeats == "sample" else None,
        round=number if step.repeats == "round" and step.makes == "scores" else step.round,
        table=item.id if item and step.repeats == "table" else None,
        open=step.open,
        kinds=step.kinds,
        sees=step.sees,
        prompt=fill(step.prompt),
        script=fill(step.script),
        stems=tuple(Stem(stem.kind, fill(stem.text)) for stem in step.stems),
        turn_seconds=step.turn_seconds,
        presenter_prompt=fill(step.presenter_prompt),
        least=step.least,
        block_label=called[:1].upper() + called[1:] if item else "",
        block_number=number if item else None,
        block_of=of if item else None,
    )


def _called(repeats: str, item: Item | None) -> str:
    """What a prompt calls the thing at hand: 'sample B', also where the label is 'Sample B' already."""
    if item is None:
        return "the room"
    label = item.label.strip()
    if label.lower().startswith(f"{repeats} "):
        return repeats + label[len(repeats) :]
    return f"{repeats} {label}"


# --- Fitting the time at hand -----------------------------------------------------------------------------


def total_minutes(steps: Iterable[RunStep]) -> float:
    """Minutes of all steps together; an int when whole."""
    return whole(sum(step.minutes for step in steps))


def minutes_for(protocol: Protocol, *, samples: int, tables: int = 0, rounds: int = 1) -> float:
    """Minutes that the protocol takes by its own defaults with so many samples, tables and rounds."""
    times = {"once": 1, "sample": samples, "table": max(1, tables), "round": rounds}
    return whole(sum(step.minutes * times[step.repeats] for step in protocol.steps))


def scale(steps: Sequence[RunStep], *, minutes: float) -> tuple[RunStep, ...]:
    """The steps in proportion, so that they take ``minutes`` together, in whole or half minutes.

    No step goes below its ``least`` (a minute, or what its protocol says), so the total is larger than asked when there
    is not that much for each. Otherwise it is exact, to the half minute below. Steps that are alike (one step for
    several samples) stay alike as far as the total allows. Raises ``ValueError`` unless ``minutes`` is above 0 and at
    most ``MAX_MINUTES``.
    """
    _check_minutes(minutes)
    if not steps:
        return ()
    halves = _share_out(
        [step.minutes for step in steps],
        [step.key for step in steps],
        int(minutes * 2),
        least=[_halves(step.least) for step in steps],
    )
    return tuple(replace(step, minutes=whole(half / 2)) for step, half in zip(steps, halves, strict=True))


def planned_steps(
    protocol: Protocol,
    *,
    samples: Sequence[tuple[str, str]],
    minutes_at_hand: float,
    minutes: Mapping[str, float] | None = None,
) -> tuple[RunStep, ...]:
    """The steps as they will be run: scaled down to the time at hand, but for the ``minutes`` typed (by key)."""
    steps = expand(protocol, samples=samples)
    if total_minutes(steps) > minutes_at_hand:
        steps = scale(steps, minutes=minutes_at_hand)
    typed = minutes or {}
    return tuple(replace(step, minutes=_bounded(typed.get(step.key, step.minutes))) for step in steps)


def _bounded(minutes: float) -> float:
    return whole(min(max(round(minutes * 2) / 2, 1), LONGEST_PLANNED))


def _check_minutes(minutes: float) -> None:
    if not 0 < minutes <= MAX_MINUTES:
        raise ValueError(f"The time at hand is a number of minutes, at most {MAX_MINUTES}.")


def _halves(minutes: float) -> int:
    """Half minutes; no step takes less than a minute."""
    return max(2, math.ceil(minutes * 2))


def _share_out(weights: Sequence[float], keys: Sequence[str], total: int, *, least: Sequence[int]) -> list[int]:
    """``total`` half minutes shared out in proportion to ``weights``, at least ``least`` for each."""
    exact = _proportional(weights, total, least)
    shares = [max(low, math.floor(share + 1e-9)) for low, share in zip(least, exact, strict=True)]
    spare = total - sum(shares)
    groups: dict[tuple[str, float], list[int]] = {}
    for at, key in enumerate(keys):
        groups.setdefault((key, weights[at]), []).append(at)
    # First whole groups, so that the samples stay equal; what is left goes to the first steps of a group.
    left_out: list[int] = []
    for group in sorted(groups.values(), key=lambda group: shares[group[0]] - exact[group[0]]):
        if len(group) > spare:
            left_out += group
            continue
        spare -= len(group)
        for at in group:
            shares[at] += 1
    for at in left_out[: max(0, spare)]:
        shares[at] += 1
    return shares


def _proportional(weights: Sequence[float], total: int, least: Sequence[int]) -> list[float]:
    """Exact shares of ``total``; those that would fall below their ``least`` get it, and the others share the rest."""
    small: set[int] = set()
    while True:
        large = [at for at in range(len(weights)) if at not in small]
        rest = total - sum(least[at] for at in small)
        factor = rest / sum(weights[at] for at in large) if large else 0.0
        below = {at for at in large if weights[at] * factor < least[at]}
        if not below:
            return [least[at] if at in small else weights[at] * factor for at in range(len(weights))]
        small |= below


@dataclass(frozen=True, slots=True)
class Fit:
    """What to do about the time at hand, for the plan to offer.

    ``samples`` to keep and ``dropped``; whether the steps are ``scaled``; the ``minutes`` that result, which are
    more than there are when not even the least of each step fits (``enough`` is false then).
    """

    samples: int
    dropped: int
    scaled: bool
    minutes: float
    enough: bool


def fit(protocol: Protocol, *, samples: int, minutes: float, tables: int = 0, rounds: int = 1) -> Fit:
    """How ``samples`` samples fit into ``minutes``: first drop a sample, then scale, no step below its least.

    Samples are dropped, down to one, until the steps keep at least ``SQUEEZE`` of their minutes; scaling does the
    rest. Time to spare is left alone. Raises ``ValueError`` as ``scale`` does.
    """
    _check_minutes(minutes)
    keep = samples
    while keep > 1 and protocol.loops_over_samples:
        if minutes_for(protocol, samples=keep, tables=tables, rounds=rounds) * SQUEEZE <= minutes:
            break
        keep -= 1
    wanted = minutes_for(protocol, samples=keep, tables=tables, rounds=rounds)
    if wanted <= minutes:
        return Fit(keep, samples - keep, scaled=False, minutes=wanted, enough=True)
    times = {"once": 1, "sample": keep, "table": max(1, tables), "round": rounds}
    least = sum(times[step.repeats] * _halves(step.least) for step in protocol.steps) / 2
    result = max(least, int(minutes * 2) / 2)
    return Fit(keep, samples - keep, scaled=True, minutes=whole(result), enough=result <= minutes)
