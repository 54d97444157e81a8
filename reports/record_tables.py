"""The record as plain tables, for spreadsheets and other programs; the columns are a promise (docs/record.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from insights.agreement import Agreement
from insights.agreement_json import FIGURES
from reports.queries import Record

Cell = str | int | float | None

#: The figures of agreement that a record has; what rests on a consensus stands in the consensus itself.
AGREEMENT = tuple(name for name in FIGURES if not name.startswith("consensus"))
ALL_CRITERIA = "All criteria"


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` have one cell a column; the last `later` columns came when those of all tables were promised already."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    later: int = 0

    @property
    def first_columns(self) -> tuple[str, ...]:
        return self.columns[: len(self.columns) - self.later]


def tables(told: Record) -> list[Table]:
    """All tables, those without a row too."""
    return [
        Table("About", ("item", "text", "role"), list(_about(told))),
        Table("Time", ("number", "step", "block", "planned_minutes", "minutes", "reached"), list(_time(told))),
        Table("Scores", ("sample", "criterion", "scorer", "round", "level"), list(_scores(told))),
        Table(
            "Consensus",
            ("sample", "criterion", "agreed", "level", "level_name", "reason", "other_reason"),
            list(_consensus(told)),
        ),
        Table("Notes", ("kind", "text", "by", "sample", "step", "at_seconds"), list(_notes(told)), later=1),
        Table("Next steps", ("text", "students", "owner", "due", "state", "outcome"), list(_next_steps(told))),
        Table("Agreement", ("round", "criterion", *AGREEMENT), list(_agreement(told))),
    ]


def _about(told: Record) -> Iterator[tuple[Cell, ...]]:
    session, task = told.session, told.session.assignment
    rows: list[tuple[str, Cell]] = [
        ("session", str(session.pk)),
        ("audience", told.audience.value),
        ("team", session.team.name),
        ("school", session.team.school.name),
        ("purpose", str(session.get_purpose_display())),
        ("focus_question", session.focus_question),
        ("protocol", session.protocol_version.protocol.title),
        ("started_at", session.started_at.isoformat() if session.started_at else ""),
        ("finished_at", session.finished_at.isoformat() if session.finished_at else ""),
        ("typed_from_paper", told.on_paper.sentence if told.on_paper else ""),
        ("minutes", told.minutes if told.is_timed else ""),
        ("task", task.title),
        ("grade", str(task.grade)),
        ("subject", task.subject),
        *(("standard", code) for code in task.standards),
        *(("norm", norm) for norm in session.norms),
        ("norm_to_watch", session.norm_to_watch),
    ]
    if told.rubric:
        rows += [("rubric", told.rubric.title), ("proficient_from", told.rubric.proficient_from)]
        rows += [(f"level_{value}", name) for value, name in told.rubric.levels]
    rows += [("why_no_agreement", told.agreement_hidden)]
    for item, text in rows:
        if text not in {"", None}:
            yield item, text, None
    for person in told.people:
        yield "person", person.name, person.role or None


def _time(told: Record) -> Iterator[tuple[Cell, ...]]:
    for step in told.steps:
        yield step.number, step.title, step.block, step.planned, step.minutes, "yes" if step.reached else "no"


def _scores(told: Record) -> Iterator[tuple[Cell, ...]]:
    for sample in told.samples:
        for row in sample.criteria:
            for mark in row.marks:
                for which, level in (("before", mark.before), ("after", mark.after)):
                    if level is not None:
                        yield sample.label, row.title, f"Scorer {mark.scorer}", which, level


def _consensus(told: Record) -> Iterator[tuple[Cell, ...]]:
    for sample in told.samples:
        for row in sample.criteria:
            if row.agreed:
                one = row.agreed
                is_agreed = "no" if one.level is None else "yes"
                other = one.other_rationale if one.level is None else ""
                yield sample.label, row.title, is_agreed, one.level, one.level_name, one.rationale, other


def _notes(told: Record) -> Iterator[tuple[Cell, ...]]:
    for group in told.notes:
        for note in group.notes:
            yield group.kind, note.text, note.by, note.sample, note.step, note.at_seconds


def _next_steps(told: Record) -> Iterator[tuple[Cell, ...]]:
    for step in told.next_steps:
        due = step.due.isoformat() if step.due else ""
        yield step.text, step.students, step.owner, due, step.state, step.outcome


def _agreement(told: Record) -> Iterator[tuple[Cell, ...]]:
    for which, figures in (("before", told.agreement), ("after", told.agreement_after)):
        if figures:
            for row in figures.criteria:
                yield which, row.title, *_figures(row.figures)
            yield which, ALL_CRITERIA, *_figures(figures.overall)


def _figures(figures: Agreement) -> tuple[Any, ...]:
    return tuple(getattr(figures, name) for name in AGREEMENT)
