"""A rubric as somebody typed it, and what is wrong with it, in sentences. Values in, values out."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

MOST_CRITERIA = 20
FEWEST_LEVELS, MOST_LEVELS = 2, 8
TITLE_LENGTH, LEVEL_LENGTH, CRITERION_LENGTH, DESCRIPTOR_LENGTH = 120, 40, 80, 1000


@dataclass(frozen=True, slots=True)
class DraftCriterion:
    """One row; `descriptors` one a level, low to high. `key` tells which criterion of before this is."""

    title: str
    descriptors: tuple[str, ...] = ()
    key: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole grid; `levels` are the names from low to high, counted from 1 as `proficient_from` is."""

    title: str
    levels: tuple[str, ...]
    proficient_from: int
    criteria: tuple[DraftCriterion, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the field where: `title`, `level-0`, `criterion-2`, `cell-2-0`, `proficient_from`, `grid`."""

    where: str
    sentence: str


class BadDraft(Exception):
    """The draft cannot be saved; `problems` says why, at least one."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


def tidy(draft: Draft) -> Draft:
    """The draft without spaces around its words, each row as wide as there are levels."""
    return Draft(
        title=_one_line(draft.title),
        levels=tuple(_one_line(name) for name in draft.levels),
        proficient_from=draft.proficient_from,
        criteria=tuple(_tidy_row(row, len(draft.levels)) for row in draft.criteria),
    )


def problems_of(draft: Draft) -> list[Problem]:
    """What keeps a tidy draft from being saved, in the order of the page; empty when nothing does."""
    return [*_title_problems(draft), *_level_problems(draft), *_criterion_problems(draft), *_cell_problems(draft)]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tidy_row(row: DraftCriterion, width: int) -> DraftCriterion:
    cells = [text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in row.descriptors[:width]]
    cells += [""] * (width - len(cells))
    return replace(row, title=_one_line(row.title), descriptors=tuple(cells))


def _text_problem(where: str, text: str, what: str, most: int) -> list[Problem]:
    if "\x00" in text:
        return [Problem(where, f"{what} holds a character that cannot be kept; type it again.")]
    if len(text) > most:
        return [Problem(where, f"{what} is {len(text)} characters long; {most} are the most.")]
    return []


def _title_problems(draft: Draft) -> list[Problem]:
    if not draft.title:
        return [Problem("title", "Give the rubric a title.")]
    return _text_problem("title", draft.title, "The title", TITLE_LENGTH)


def _level_problems(draft: Draft) -> list[Problem]:
    count = len(draft.levels)
    if not FEWEST_LEVELS <= count <= MOST_LEVELS:
        return [Problem("grid", f"A rubric has {FEWEST_LEVELS} to {MOST_LEVELS} levels; this one has {count}.")]
    problems: list[Problem] = []
    repeated = _repeated(draft.levels)
    for at, name in enumerate(draft.levels):
        if not name:
            problems.append(Problem(f"level-{at}", f"Give level {at + 1} a name."))
        elif name.casefold() in repeated:
            problems.append(Problem(f"level-{at}", f"Two levels are called “{name}”; give each its own name."))
        problems += _text_problem(f"level-{at}", name, f"The name of level {at + 1}", LEVEL_LENGTH)
    if not 1 <= draft.proficient_from <= count:
        problems.append(Problem("proficient_from", "Mark the level from which work counts as proficient."))
    return problems


def _criterion_problems(draft: Draft) -> list[Problem]:
    if not draft.criteria:
        return [Problem("grid", "Name at least one criterion: what do you look for in the work?")]
    if len(draft.criteria) > MOST_CRITERIA:
        return [Problem("grid", f"A rubric has at most {MOST_CRITERIA} criteria; this one has {len(draft.criteria)}.")]
    problems: list[Problem] = []
    repeated = _repeated(row.title for row in draft.criteria)
    for at, row in enumerate(draft.criteria):
        if not row.title:
            problems.append(Problem(f"criterion-{at}", f"Give criterion {at + 1} a name, or remove its row."))
        elif row.title.casefold() in repeated:
            sentence = f"Two criteria are called “{row.title}”; give each its own name."
            problems.append(Problem(f"criterion-{at}", sentence))
        problems += _text_problem(f"criterion-{at}", row.title, f"The name of criterion {at + 1}", CRITERION_LENGTH)
    return problems


def _cell_problems(draft: Draft) -> list[Problem]:
    return [
        problem
        for at, row in enumerate(draft.criteria[:MOST_CRITERIA])
        for level, text in enumerate(row.descriptors)
        for problem in _text_problem(
            f"cell-{at}-{level}", text, f"The text for criterion {at + 1}, level {level + 1}", DESCRIPTOR_LENGTH
        )
    ]


def _repeated(names: Iterable[str]) -> set[str]:
    counted = Counter(name.casefold() for name in names if name)
    return {name for name, times in counted.items() if times > 1}
