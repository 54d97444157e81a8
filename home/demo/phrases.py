"""What people say in the demo: of the sentences that fit, always one that the team has said least.

Some sentences of a bank quote a piece of work or name it; those are said only where that piece lies on the table.
"""

import random
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from home.demo.content import Bank, NextStepText, SampleContent, Split, Task

T = TypeVar("T", str, NextStepText)

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
_WORDS_OF_A_QUOTATION = 3


@dataclass(frozen=True)
class Quotation:
    """A quotation of a piece: its label, page and line (both from 1)."""

    label: str
    page: int
    line: int


def plain(text: str) -> str:
    """Lower case, letters and digits only, single spaces: how quotations are compared."""
    return " ".join(re.sub(r"[^a-z0-9/ ]", "", text.lower().replace("\n", " ")).split())


class Phrases:
    """One team's words about one task. `texts` holds each piece's pages, line by line."""

    def __init__(self, task: Task, texts: Mapping[str, Sequence[Sequence[str]]], rng: random.Random) -> None:
        self._task = task
        self._rng = rng
        self._said: Counter[str] = Counter()
        self._quotations = {text: tuple(_find(text, texts)) for text in _all_texts(task.bank)}

    @property
    def bank(self) -> Bank:
        """The sentences of the task."""
        return self._task.bank

    def rationale(self, criterion: str, level: int, where: str, *, said: Collection[str] = ()) -> str:
        """Why somebody gave this level; '' when everything that fits is among what was `said`."""
        options = [text for text in self.bank.rationales[criterion][level] if text.format(where=where) not in said]
        return self._least_said(options).format(where=where) if options else ""

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

    def note(self, kind: str, labels: Collection[str]) -> str | None:
        """A note of this kind about what lies on the table."""
        options = [text for text in self._fitting(self.bank.notes[kind], labels) if self._counts_right(text, labels)]
        return self._least_said(options) if options else None

    def evidence(self, piece: SampleContent, *, said: Collection[str]) -> tuple[str, int, str] | None:
        """What somebody points to in a piece, with its page and line (or drawing); None when all of it was `said`."""
        places = {
            text: (one.page, str(one.line))
            for text in self.bank.notes["evidence"]
            for one in self._quotations[text]
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
        return self._least_said([*self.bank.next_steps, *implied])

    def focus_question(self) -> str:
        """A question to look with."""
        return self._least_said(self.bank.focus_questions)

    # --- which sentence

    def _fitting(self, options: Iterable[str], labels: Collection[str]) -> list[str]:
        return [text for text in options if not self._labels(text) or self._labels(text) & set(labels)]

    def _labels(self, text: str) -> set[str]:
        return {one.label for one in self._quotations.get(text, ())} | set(_NAMED.findall(text))

    @staticmethod
    def _counts_right(text: str, labels: Collection[str]) -> bool:
        return len(labels) == 3 or not _COUNTED.search(text)

    def _least_said(self, options: Sequence[T]) -> T:
        def key(option: T) -> str:
            return option if isinstance(option, str) else option.text

        least = min(self._said[key(option)] for option in options)
        freshest = [option for option in options if self._said[key(option)] == least]
        # What a bank tells more about comes first.
        told = [option for option in freshest if not isinstance(option, NextStepText) or option.outcome]
        chosen = self._rng.choice(told or freshest)
        self._said[key(chosen)] += 1
        return chosen


def _all_texts(bank: Bank) -> Iterable[str]:
    yield from (text for texts in bank.notes.values() for text in texts)
    yield from (text for levels in bank.consensus.values() for texts in levels.values() for text in texts)


def _is_true_of(text: str, given: Sequence[int]) -> bool:
    """Whether a sentence that says what the room had before is right about it."""
    had, moved = _TWO_HAD.search(text), _MOVED.search(text)
    return (not had or given.count(int(had[1])) >= 2) and (not moved or int(moved[1]) in given)


def _find(text: str, texts: Mapping[str, Sequence[Sequence[str]]]) -> Iterable[Quotation]:
    """Every place that a quotation of `text` comes from; a word or two is no quotation."""
    for quoted in map(plain, _QUOTED.findall(text)):
        if len(quoted.split()) < _WORDS_OF_A_QUOTATION:
            continue
        for label, pages in texts.items():
            for number, lines in enumerate(pages, start=1):
                line = _line_of(quoted, lines)
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
