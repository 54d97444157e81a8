"""The record as a document: what `typst/record.typ` shows, as plain JSON, in the words of the page."""

from collections.abc import Container
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from esw.core.templatetags.esw import whole
from esw.core.words import count_words
from insights.agreement import Agreement
from insights.queries import SessionAgreement
from insights.templatetags.insights import percent
from reports.queries import (
    Agreed,
    CriterionRecord,
    NoteGroup,
    Record,
    RecordNextStep,
    RecordNote,
    SampleRecord,
    StepTime,
)
from reports.record_chart import LevelCounts, level_counts

CHART = "scores.svg"
RUNNING = 80  # characters of the title that stand at the head of each page
#: With more scorers the table has no room for a column each, and they stand in a line; an arrow needs room too.
MOST_COLUMNS, MOST_WITH_ARROWS = 12, 8
STARTER = (
    "With fewer than ten samples or three people this is a conversation starter, not a measurement: use it to find the "
    "words of the rubric that you read differently."
)
PAIRS = (
    "A pair is two people’s scores for the same work and criterion. ‘By chance’ is what two scores drawn from all of "
    "this session’s would give: agreement means something as far as it lies above that."
)
SCHOOLS_COPY = (
    "The team shared this record with the school. It leaves out the student work, what single people scored, and who "
    "said what."
)
NUMBERS = (
    "Scorer 1 to {scorers} are the people of this session in an order made for it alone: a number here says nothing "
    "about a number in another record, or about a name."
)
NOT_FOR_EVALUATION = "ESW helps a team learn from work. It is not for evaluating teachers."


def record_data(told: Record, *, zone: ZoneInfo, gone: Container[str] = ()) -> dict[str, Any]:
    """The data of `record.typ`; pages are pictures named by `picture_name`, the chart is `CHART`.

    `gone` are names of pictures that are no longer kept: a line stands in their place.
    """
    session = told.session
    met = _day((session.finished_at or session.starts_at).astimezone(zone))
    counts = level_counts(told)
    return {
        "title": session.focus_question,
        "running": shorten(session.focus_question, RUNNING),
        "running-right": met,
        "footer": NOT_FOR_EVALUATION,
        "lang": "en",
        "eyebrow": f"Record · {_weekday((session.finished_at or session.starts_at).astimezone(zone))}",
        "where": f"{session.team.name}, {session.team.school.name}",
        "what": f"{session.protocol_version.protocol.title} · {_took(told)}",
        "paper": told.on_paper.sentence if told.on_paper else "",
        "copy": "" if told.is_for_the_team else SCHOOLS_COPY,
        "summary": summary(told),
        "facts": _facts(told),
        "norms": list(session.norms),
        "people": [{"name": person.name, "role": person.role} for person in told.people],
        "scale": _scale(told),
        "numbers": NUMBERS.format(scorers=told.scorers) if told.scorers else "",
        "samples": [_sample(sample, told, gone) for sample in told.samples],
        "chart": _chart(counts, told) if counts else None,
        "agreement": _agreement(told),
        "notes": [_group(group) for group in told.said],
        "looked-back": [_group(group) for group in told.looked_back],
        "next-steps": [_next_step(step) for step in told.next_steps],
        "time": [
            {
                "title": step.title,
                "block": step.block,
                "planned": whole(step.planned),
                "taken": _taken(step, told),
            }
            for step in told.steps
        ],
        "time-total": {
            "planned": whole(sum(step.planned for step in told.steps)),
            "taken": whole(told.minutes) if told.is_timed else "–",
        },
    }


def _took(told: Record) -> str:
    return f"{whole(told.minutes)} minutes" if told.is_timed else "on paper"


def _taken(step: StepTime, told: Record) -> str:
    if not told.is_timed:
        return "–"
    return whole(step.minutes) if step.reached else "not reached"


def shorten(text: str, most: int) -> str:
    """At most `most` characters, cut between words where there are any."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return f"{cut.rsplit(maxsplit=1)[0] if ' ' in cut[most // 2 :] else cut}…"


def picture_name(sample: int, page: int) -> str:
    """The name of a page's picture: sample and page by their place, from 1."""
    return f"sample-{sample}-page-{page}.jpg"


def _weekday(moment: datetime) -> str:
    return f"{moment:%A} {_day(moment)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _facts(told: Record) -> list[dict[str, str]]:
    session, task = told.session, told.session.assignment
    described = " · ".join(
        part for part in (task.title, f"grade {task.grade}" if task.grade else "", task.subject) if part
    )
    rows = [
        ("Purpose", str(session.get_purpose_display())),
        ("Focus question", session.focus_question),
        ("Task", described),
        ("Standards", ", ".join(task.standards)),
        ("Rubric", f"{told.rubric.title}: {', '.join(row.title for row in told.rubric.rows)}" if told.rubric else ""),
        ("Protocol", session.protocol_version.protocol.title),
        ("Norm we watched", session.norm_to_watch),
    ]
    return [{"term": term, "text": text} for term, text in rows if text]


def _scale(told: Record) -> dict[str, Any] | None:
    if told.rubric is None or not told.samples:
        return None
    return {
        "levels": [{"value": value, "name": name} for value, name in told.rubric.levels],
        "from": told.rubric.proficient_from,
    }


# --- the work ---------------------------------------------------------------------------------------------------


def _called(sample: SampleRecord, at: int, *, says: str) -> str:
    """What is said to who cannot see the page, with the page's own text where somebody wrote it down."""
    name = f"Sample {sample.label}, page {at} of {len(sample.pages)}"
    return f"{name}: {says}" if says else name


def _sample(sample: SampleRecord, told: Record, gone: Container[str]) -> dict[str, Any]:
    place = told.samples.index(sample) + 1
    in_columns = told.scorers <= (MOST_WITH_ARROWS if sample.has_second_round else MOST_COLUMNS)
    return {
        "label": sample.label,
        "pages": [
            {
                "file": picture_name(place, at),
                "alt": _called(sample, at, says="" if picture_name(place, at) in gone else page.alt),
                "gone": picture_name(place, at) in gone,
            }
            for at, page in enumerate(sample.pages, 1)
        ],
        "gone": told.is_for_the_team and not sample.pages,
        "numbers": list(told.numbers) if sample.has_scores and in_columns else [],
        "in-lines": sample.has_scores and not in_columns,
        "rows": [_criterion(row) for row in sample.criteria] if sample.revealed or sample.has_agreed else [],
        "remark": _remark(sample, told),
    }


def _remark(sample: SampleRecord, told: Record) -> str:
    if not sample.criteria or not told.is_for_the_team:
        return ""
    if not sample.revealed:
        return "Never revealed: the scores of this sample are known to nobody but those who gave them."
    if not sample.has_scores:
        return "Nobody scored this sample."
    if sample.has_second_round:
        return "An arrow shows a score that changed after the discussion."
    return ""


def _criterion(row: CriterionRecord) -> dict[str, Any]:
    return {
        "title": row.title,
        "marks": [
            {"scorer": mark.scorer, "before": mark.before, "after": mark.after if mark.changed else None}
            for mark in row.marks
        ],
        "agreed": _agreed(row.agreed),
    }


def _agreed(agreed: Agreed | None) -> dict[str, Any] | None:
    if agreed is None:
        return None
    return {
        "level": agreed.level,
        "name": agreed.level_name,
        "reason": agreed.rationale,
        "other": "" if agreed.level is not None else agreed.other_rationale,
    }


def _chart(counts: list[LevelCounts], told: Record) -> dict[str, Any]:
    levels = [f"{value} {name}" for value, name in told.rubric.levels] if told.rubric else []
    has_after = any(row.after for row in counts)
    rounds = "before and after the discussion" if has_after else "before the discussion"
    return {
        "file": CHART,
        "alt": f"Bars: how many scores lie on each level, by criterion, {rounds}. The table below has the numbers.",
        "levels": levels,
        "rows": [
            {"title": row.title, "round": name, "counts": [str(count) for count in given]}
            for row in counts
            for name, given in (("before", row.before), ("after", row.after))
            if given
        ],
        "has-after": has_after,
    }


# --- how far we agreed ------------------------------------------------------------------------------------------


def _agreement(told: Record) -> dict[str, Any] | None:
    if told.agreement_hidden:
        return {"hidden": told.agreement_hidden}
    if told.rubric is None or told.agreement is None:
        return None
    tables = [{"title": "Before the discussion" if told.agreement_after else "", "rows": _rows(told.agreement)}]
    if told.agreement_after:
        tables.append({"title": "After the discussion", "rows": _rows(told.agreement_after)})
    return {
        "hidden": "",
        "sentence": told.agreement.sentence,
        "starter": STARTER if told.agreement.is_a_conversation_starter else "",
        "tables": tables,
        "pairs": PAIRS,
    }


def _rows(figures: SessionAgreement) -> list[dict[str, Any]]:
    rows = [_row(row.title, row.figures) for row in figures.criteria]
    return [*rows, _row("All criteria", figures.overall) | {"total": True}]


def _row(title: str, one: Agreement) -> dict[str, Any]:
    if one.exact is None:
        shown = [one.reasons.get("exact", ""), "", "", ""]
    else:
        shown = [
            percent(one.exact),
            percent(one.exact_chance) or "one sample",
            percent(one.adjacent),
            percent(one.adjacent_chance) or "one sample",
        ]
    return {"title": title, "figures": shown, "pairs": str(one.n_pairs), "scores": str(one.n_ratings), "total": False}


# --- what was said, and what comes next -------------------------------------------------------------------------


def _group(group: NoteGroup) -> dict[str, Any]:
    return {"title": group.title, "notes": [_note(note) for note in group.notes]}


def _note(note: RecordNote) -> dict[str, Any]:
    at = f"at {note.at_words}" if note.at_words else ""
    where = [note.by, f"Sample {note.sample}" if note.sample else "", at, note.step]
    return {"text": note.text, "where": [part for part in where if part]}


def _next_step(step: RecordNextStep) -> dict[str, Any]:
    return {
        "text": step.text,
        "state": step.state,
        "owner": step.owner,
        "due": f"by {_day(step.due)}" if step.due else "",
        "students": step.students,
        "outcome": step.outcome,
    }


def summary(told: Record) -> str:
    """'three samples, seven people, two next steps': for the first lines of a document."""
    return ", ".join(
        [
            count_words(len(told.samples), "sample"),
            count_words(len(told.people), "person", "people"),
            count_words(len(told.next_steps), "next step"),
        ]
    )
