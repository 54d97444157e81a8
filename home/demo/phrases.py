"""What people say in the demo: of the sentences that fit, always one that the team has said least.

Some sentences of a bank quote a piece of work or name it; those are said only where such a piece lies on the table.
"""

import random
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from home.demo.content import Bank, NextStepText, SampleContent, Split, Task

#: The piece that a split of the bank is about: by task, criterion and the two levels.
SPLIT_OVER = {
    ("lunch", "evidence", 2): "B",
    ("lunch", "claim", 2): "J",
    ("lunch", "reasoning", 3): "H",
    ("lunch", "claim", 1): "F",
    ("lunch", "evidence", 3): "K",
    ("brownies", "comparing", 2): "E",
    ("brownies", "representing", 2): "H",
    ("brownies", "communicating", 1): "N",
    ("brownies", "computing", 2): "G",
    ("brownies", "representing", 3): "D",
}
PRIVATE = (
    "I wavered between {lower} and {upper} in {criterion}.",
    "{criterion}: read the two neighbouring descriptors again before we talk.",
    "I went by my first impression in {criterion}. Look once more.",
    "Ask the others how they read {criterion} here.",
)
_QUOTED = re.compile(r"‘(.+?)’(?!\w)")
_NAMED = re.compile(r"\bsample ([A-Z])\b")
_COUNTED = re.compile(r"\b(?:all|of the) three\b")
_TWO_HAD = re.compile(r"Two of us had (\d)")
_MOVED = re.compile(r"moved us from (\d)")
THREE = 3
_NOT_FOUND = "do not find"
_LONG = "two-page"


@dataclass(frozen=True)
class Quotation:
    """Where a quotation stands: the piece's label, page and line (both from 1)."""

    label: str
    page: int
    line: int


@dataclass(frozen=True)
class Index:
    """What a bank's sentences are about (None: any piece), where its evidence stands, which pieces are long."""

    about: Mapping[str, frozenset[str] | None]
    quotations: Mapping[str, tuple[Quotation, ...]]
    long: frozenset[str]


def index_of(task: Task, texts: Mapping[str, Sequence[Sequence[str]]]) -> Index:
    """The index of the task's bank; `texts` holds each piece's pages, line by line."""
    return Index(
        about={text: _labels_of(text, texts) for text in _all_texts(task.bank)},
        quotations={text: tuple(_quotations(text, texts)) for text in task.bank.notes["evidence"]},
        long=frozenset(label for label, pages in texts.items() if len(pages) > 1),
    )


def plain(text: str) -> str:
    """Lower case, letters and digits only, single spaces: how quotations are compared."""
    return " ".join(re.sub(r"[^a-z0-9/ ]", "", text.lower().replace("\n", " ")).split())


class Phrases:
    """One team's words about one task."""

    def __init__(self, task: Task, index: Index, rng: random.Random) -> None:
        self._task, self._index, self._rng = task, index, rng
        self._said: Counter[str] = Counter()
        self._promised: Counter[str] = Counter()

    @property
    def bank(self) -> Bank:
        """The sentences of the task."""
        return self._task.bank

    def rationale(self, criterion: str, level: int, where: str, *, label: str, said: Collection[str] = ()) -> str:
        """Why somebody gave this level; '' when everything that fits is among what was `said`."""
        options = self._fitting(self.bank.rationales[criterion][level], [label])
        fresh = [text for text in options if text.format(where=where) not in said]
        return self._least_said(fresh).format(where=where) if fresh else ""

    def agreed(self, criterion: str, level: int, *, label: str, given: Sequence[int]) -> str:
        """What a recorder writes down for a level that the room agrees on, having given these levels."""
        options = self._fitting(self.bank.consensus[criterion][level], [label])
        true = [text for text in options if _is_true_of(text, given)]
        return self._least_said(true or options)

    def split(self, criterion: str, lower: int, label: str) -> Split | None:
        """The two reasons over this piece that the bank keeps for this criterion, if the room is divided there."""
        if SPLIT_OVER.get((self._task.key, criterion, lower)) != label:
            return None
        return next(one for one in self.bank.splits if (one.criterion, one.lower) == (criterion, lower))

    def splits_over(self, label: str) -> list[Split]:
        """Every split of the bank that is about this piece."""
        found = (self.split(one.criterion, one.lower, label) for one in self.bank.splits)
        return [one for one in found if one is not None]

    def note(self, kind: str, labels: Collection[str], *, said: Collection[str]) -> str | None:
        """A note of this kind about what lies on the table; None when everything that fits was `said`."""
        options = [text for text in self._fitting(self.bank.notes[kind], labels) if text not in said]
        return self._least_said(options) if options else None

    def evidence(self, piece: SampleContent, *, said: Collection[str]) -> tuple[str, int, str] | None:
        """What somebody points to in a piece, with its page and line (or drawing); None when all of it was `said`."""
        places = {
            text: (one.page, str(one.line))
            for text in self.bank.notes["evidence"]
            for one in self._index.quotations[text]
            if one.label == piece.label
        }
        places |= {text: (piece.points[key].page, piece.points[key].at) for key, text in piece.why.items()}
        fresh = [text for text in places if text not in said]
        if not fresh:
            return None
        text = self._least_said(fresh)
        return text, *places[text]

    def private(self, criterion: str, lower: int, upper: int) -> str:
        """Something that a person writes down for themselves."""
        return self._rng.choice(PRIVATE).format(criterion=criterion, lower=lower, upper=upper)

    def next_step(self, labels: Collection[str]) -> NextStepText:
        """What the team will do: first the bank's next steps, then what its notes imply for teaching."""
        implied = [NextStepText(text, "", "", "") for text in self._fitting(self.bank.notes["implication"], labels)]
        options = [*self.bank.next_steps, *implied]
        self._rng.shuffle(options)
        chosen = min(options, key=lambda step: (self._promised[step.text], not step.outcome))
        self._promised[chosen.text] += 1
        return chosen

    def focus_question(self) -> str:
        """A question to look with."""
        return self._least_said(self.bank.focus_questions)

    def _fitting(self, options: Iterable[str], labels: Collection[str]) -> list[str]:
        """The sentences that are true of what lies on the table."""
        return [
            text
            for text in options
            if ((about := self._index.about.get(text)) is None or about & set(labels))
            and (len(labels) == THREE or not _COUNTED.search(text))
            and (_LONG not in text or self._index.long & set(labels))
        ]

    def _least_said(self, options: Sequence[str]) -> str:
        least = min(self._said[text] for text in options)
        chosen = self._rng.choice([text for text in options if self._said[text] == least])
        self._said[chosen] += 1
        return chosen


def _all_texts(bank: Bank) -> Iterable[str]:
    for by_level in (*bank.consensus.values(), *bank.rationales.values()):
        yield from (text for texts in by_level.values() for text in texts)
    yield from (text for texts in bank.notes.values() for text in texts)


def _is_true_of(text: str, given: Sequence[int]) -> bool:
    """Whether a sentence that says what the room had before is right about it."""
    had, moved = _TWO_HAD.search(text), _MOVED.search(text)
    return (not had or given.count(int(had[1])) >= 2) and (not moved or int(moved[1]) in given)


def _labels_of(text: str, texts: Mapping[str, Sequence[Sequence[str]]]) -> frozenset[str] | None:
    """The pieces that a sentence is about: those it names, and those that hold what it quotes; None for any."""
    about = frozenset(texts)
    for quoted in map(plain, _QUOTED.findall(text)):
        holding = {label for label, pages in texts.items() if _holds(quoted, pages)}
        if holding:  # else the quotation is not a student's
            about &= set(texts) - holding if _NOT_FOUND in text else holding
    named = frozenset(_NAMED.findall(text))
    about = about & named if named else about
    return None if about == frozenset(texts) else about


def _holds(quoted: str, pages: Iterable[Sequence[str]]) -> bool:
    return any(f" {quoted} " in f" {plain(' '.join(lines))} " for lines in pages)


def _quotations(text: str, texts: Mapping[str, Sequence[Sequence[str]]]) -> Iterable[Quotation]:
    """Where the first quotation of `text` stands, in every piece that has it."""
    quoted = next(map(plain, _QUOTED.findall(text)), "")
    for label, pages in texts.items():
        for number, lines in enumerate(pages, start=1):
            line = _line_of(quoted, lines) if quoted else None
            if line is not None:
                yield Quotation(label, number, line)


def _line_of(quoted: str, lines: Sequence[str]) -> int | None:
    """The line (from 1) in which the quotation begins."""
    at = plain(" ".join(lines)).find(quoted)
    if at < 0:
        return None
    begun = 0
    for number, line in enumerate(lines, start=1):
        begun += len(plain(line)) + 1
        if at < begun:
            return number
    return None
