"""Holds a meeting of the demo: people come, score alone, see, talk, agree or not, decide and look back.

Step by step as the protocol has them, each at a believable moment of its step, by people who are there.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from home.demo import scorers
from home.demo.bring import Piece
from home.demo.promises import Promise, promise
from home.demo.room import Room, quarter_to
from home.demo.rows import new_id
from sessions_app.models import Consensus, NextStep, NextStepState, Note, Participant, Score

#: How much of its planned time a step takes.
PACE = {"scores": (0.8, 1.04), "notes": (0.9, 1.2), "debrief": (0.7, 1.1)}
USUAL_PACE = (0.75, 1.1)
OVER = timedelta(seconds=45)  # a facilitator who sees that a talk needs longer adds time about then
REASONS = 0.72  # the share of scores with a rationale
PLACES = 0.6  # the share of rationales that point to the page
DONE_READING = 0.8  # the share of people who say that they have read task and rubric
CLAIMS = 0.12  # the share of scores whose owner says so after the reveal
HAND_SHAKES = 0.011  # how far beside a place people tap


@dataclass(frozen=True)
class Moment:
    """The step that is running: from when to when."""

    begins: datetime
    ends: datetime

    def at(self, share: float) -> datetime:
        """The moment at this share (0 to 1) of the step."""
        return self.begins + (self.ends - self.begins) * share


def hold(room: Room, *, today: datetime, promises: Iterable[Promise] = (), next_steps: int = 1) -> None:
    """Run the whole meeting.

    `promises` say what becomes of its next steps; without them there are `next_steps`, and time decides until `today`.
    """
    rng = room.rng
    start = room.plan.starts_at + timedelta(seconds=rng.randint(20, 200))
    room.command("open", at=quarter_to(room.plan.starts_at))
    for seat in room.present:
        seat.joined_at = room.plan.starts_at + timedelta(seconds=rng.randint(-540, 15))
    room.command("start", at=start)
    # Chance of its own, so that scores and words are the same on whichever day the demo is made.
    fate = random.Random(rng.getrandbits(64))
    promised = list(promises) or [promise(fate, made=start.date(), today=today) for _ in range(next_steps)]
    acts = Acts(room, promised)
    now = start
    for _ in room.state.steps:
        moment = Moment(now, now + _length(room, rng))
        acts.play(moment)
        now = moment.ends
        room.command("next" if room.index + 1 < len(room.state.steps) else "finish", at=now)
    room.close()


def _length(room: Room, rng: random.Random) -> timedelta:
    slow, fast = PACE.get(room.step.makes, USUAL_PACE)
    return timedelta(seconds=round(room.step.minutes * 60 * rng.uniform(slow, fast)))


class Acts:
    """What people do in a step, by what the step makes."""

    def __init__(self, room: Room, promises: list[Promise]) -> None:
        self._room, self._rng, self._rows = room, room.rng, room.rows
        self._phrases = room.group.phrases
        self._promises = promises
        self._levels: dict[tuple[str, str], list[int]] = {}  # by label and criterion's key
        self._reasons: dict[tuple[str, str], set[str]] = {}  # likewise
        self._noted: set[str] = set()

    def play(self, moment: Moment) -> None:
        """Everything that happens in the step that the room is at, in the order of time."""
        makes = self._room.step.makes
        acts: dict[str, Callable[[Moment], None]] = {
            "scores": self._score,
            "reveal": self._reveal,
            "consensus": self._agree,
            "next_steps": self._decide,
            "debrief": self._look_back,
        }
        if makes == "notes":
            (self._talk if self._room.step.sample else self._read)(moment)
        elif makes in acts:
            acts[makes](moment)

    # --- alone

    def _read(self, moment: Moment) -> None:
        for share in self._shares(self._rng.randint(1, 3), 0.2, 0.75):
            self._note("clarifying", self._anyone(), moment.at(share))
        ready = [seat for seat in self._in_any_order() if self._rng.random() < DONE_READING]
        for count, (share, seat) in enumerate(zip(self._shares(len(ready), 0.5, 0.97), ready, strict=True), start=1):
            self._room.done(seat, at=moment.at(share), count=count)

    def _score(self, moment: Moment) -> None:
        piece, criteria = self._room.piece(), self._room.group.criteria
        shares = self._shares(len(self._room.present), 0.5, 0.98)
        for count, (share, seat) in enumerate(zip(shares, self._in_any_order(), strict=True), start=1):
            for number, key in enumerate(criteria, start=1):
                at = moment.at(share * (0.25 + 0.75 * number / len(criteria)))
                self._rows.add(self._one_score(seat, piece, key, at))
            self._room.done(seat, at=moment.at(share + 0.01), count=count)
        if self._rng.random() < 0.5:
            self._private_note(piece, moment.at(self._rng.uniform(0.4, 0.9)))

    def _one_score(self, seat: Participant, piece: Piece, key: str, at: datetime) -> Score:
        level = scorers.given(
            self._quality(piece, key),
            severity=self._room.group.severity[seat.user_id],
            harmony=self._room.plan.harmony,
            rng=self._rng,
        )
        self._levels.setdefault((piece.label, key), []).append(level)
        score = Score(
            pk=new_id(self._rng),
            session=self._room.session,
            participant=seat,
            sample=piece.sample,
            criterion=self._room.group.criteria[key],
            level=level,
            claimed=self._rng.random() < CLAIMS,
            updated_at=at,
        )
        if self._rng.random() < REASONS:
            point = piece.content.points[key]
            said = self._reasons.setdefault((piece.label, key), set())
            score.rationale = self._phrases.rationale(key, level, point.where, label=piece.label, said=said)
            said.add(score.rationale)
            if score.rationale and self._rng.random() < PLACES:
                self._place(score, piece, point.page, point.at)
        if score.claimed:
            self._room.shared()
        return score

    def _quality(self, piece: Piece, key: str) -> float:
        """The work's level with what makes it doubtful; half way between where the bank has a split over it."""
        if piece.label in self._room.plan.split_over:
            for split in self._phrases.splits_over(piece.label):
                if split.criterion == key:
                    return (split.lower + split.upper) / 2
        task = self._room.plan.assignment.title
        return piece.content.levels[key] + scorers.leaning(f"{task} {piece.label} {key}")

    # --- together

    def _reveal(self, moment: Moment) -> None:
        self._room.command("reveal", at=moment.at(self._rng.uniform(0.08, 0.3)))

    def _talk(self, moment: Moment) -> None:
        piece = self._room.piece()
        planned = moment.begins + timedelta(minutes=self._room.step.minutes)
        is_longer = moment.ends > planned + OVER
        shares = self._shares(self._rng.randint(3, 6), 0.08, 0.9)
        kinds = ["evidence", "interpretation", "evidence", "clarifying", "interpretation", "evidence"]
        for share, kind in zip(shares, kinds, strict=False):
            at = moment.at(share)
            if kind == "evidence":
                self._evidence(piece, at)
            else:
                self._note(kind, self._anyone(), at, piece)
        if is_longer:
            self._room.command("extend", at=planned + timedelta(seconds=5), minutes=2)

    def _agree(self, moment: Moment) -> None:
        piece = self._room.piece()
        shares = self._shares(len(self._room.group.criteria), 0.2, 0.95)
        for share, key in zip(shares, self._room.group.criteria, strict=True):
            self._rows.add(self._one_consensus(piece, key, moment.at(share)))
            self._room.shared()

    def _one_consensus(self, piece: Piece, key: str, at: datetime) -> Consensus:
        levels = self._levels[piece.label, key]
        verdict = scorers.settle(
            levels, true=piece.content.levels[key], openness=self._room.plan.openness, rng=self._rng
        )
        kept = self._phrases.split(key, verdict.lower, piece.label)
        if kept and piece.label in self._room.plan.split_over and min(levels) < max(levels):
            verdict = scorers.Verdict(None, verdict.lower, verdict.upper)
        row = Consensus(
            session=self._room.session,
            sample=piece.sample,
            criterion=self._room.group.criteria[key],
            level=verdict.level,
            by=self._room.recorder,
            at=at,
        )
        where = piece.content.points[key].where
        if verdict.level is not None:
            row.rationale = self._phrases.agreed(key, verdict.level, label=piece.label, given=levels)
        elif kept:
            row.rationale, row.other_rationale = kept.lower_reason, kept.upper_reason
        else:
            row.rationale = self._phrases.rationale(key, verdict.lower, where, label=piece.label)
            row.other_rationale = self._phrases.rationale(key, verdict.upper, where, label=piece.label)
        return row

    # --- afterwards

    def _decide(self, moment: Moment) -> None:
        shares = self._shares(len(self._promises), 0.3, 0.95)
        for share, made in zip(shares, self._promises, strict=True):
            text = self._phrases.next_step(self._room.labels)
            is_done = made.done_at is not None and bool(text.outcome)
            owner = self._room.group.people[made.owner] if made.owner is not None else self._anyone().user
            self._rows.add(
                NextStep(
                    pk=new_id(self._rng),
                    team=self._room.group.team,
                    session=self._room.session,
                    text=text.text,
                    students=text.students,
                    owner=owner,
                    due=made.due,
                    state=made.state if is_done or not made.done_at else NextStepState.TRYING,
                    outcome=text.outcome if is_done else "",
                    created_by=self._room.recorder.user,
                    created_at=moment.at(share),
                    done_at=made.done_at if is_done else None,
                )
            )
            self._room.shared()

    def _look_back(self, moment: Moment) -> None:
        kinds = ["plus", "delta", "implication", "plus", "implication", "delta"][: self._rng.randint(4, 6)]
        for share, kind in zip(self._shares(len(kinds), 0.1, 0.9), kinds, strict=True):
            self._note(kind, self._anyone(), moment.at(share))

    # --- what people write

    def _note(self, kind: str, seat: Participant, at: datetime, piece: Piece | None = None) -> None:
        text = self._phrases.note(kind, [piece.label] if piece else self._room.labels, said=self._noted)
        if text:
            self._noted.add(text)
            self._keep(self._new_note(kind, text, seat, at, piece))

    def _evidence(self, piece: Piece, at: datetime) -> None:
        found = self._phrases.evidence(piece.content, said=self._noted)
        if found is None:
            self._note("interpretation", self._anyone(), at, piece)
            return
        text, page, place = found
        self._noted.add(text)
        note = self._new_note("evidence", text, self._anyone(), at, piece)
        self._place(note, piece, page, place)
        self._keep(note)

    def _private_note(self, piece: Piece, at: datetime) -> None:
        key, criterion = self._rng.choice(list(self._room.group.criteria.items()))
        lower = min(scorers.HIGHEST - 1, piece.content.levels[key])
        text = self._phrases.private(criterion.title, lower, lower + 1)
        self._rows.add(self._new_note("private", text, self._anyone(), at, piece))

    def _new_note(self, kind: str, text: str, seat: Participant, at: datetime, piece: Piece | None) -> Note:
        return Note(
            pk=new_id(self._rng),
            session=self._room.session,
            participant=seat,
            step=self._room.index,
            kind=kind,
            text=text,
            sample=piece.sample if piece else None,
            created_at=at,
        )

    def _keep(self, note: Note) -> None:
        self._rows.add(note)
        self._room.shared()

    def _place(self, row: Note | Score, piece: Piece, page: int, at: str) -> None:
        x, y = piece.drawn[page - 1].places[at]
        row.page = piece.pages[page - 1]
        row.x, row.y = (round(min(0.98, max(0.02, one + self._rng.gauss(0, HAND_SHAKES))), 4) for one in (x, y))

    # --- who and when

    def _anyone(self) -> Participant:
        return self._rng.choice(self._room.present)

    def _shares(self, count: int, first: float, last: float) -> list[float]:
        return sorted(self._rng.uniform(first, last) for _ in range(count))

    def _in_any_order(self) -> list[Participant]:
        return self._rng.sample(self._room.present, len(self._room.present))
