"""The packet for a meeting without screens: what it holds of a planned session, as plain JSON for `typst/packet.typ`.

It is made from the plan alone: nobody's score, note or group is read here, so none can come into it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from esw.core.templatetags.esw import whole
from esw.core.words import count_words
from reports.record_document import NOT_FOR_EVALUATION, RUNNING, picture_name, shorten
from rubrics.queries import RubricGrid, grid
from sessions_app.access import role_of
from sessions_app.engine import RunStep, State
from sessions_app.models import Role, Session, SessionSample
from work_samples import task_queries
from work_samples.models import Page, Sample, TaskPage
from work_samples.recording_queries import heard

#: One score sheet a person; a whole staff copies the rest.
MOST_SHEETS = 40
SPEAKS = {
    "silent": "nobody, in silence",
    "presenter": "the presenter",
    "participants": "everyone but the presenter",
    "all": "all",
    "rounds": "each in turn",
}
NOT_CHECKED = "This sample is left out: it waits for somebody to check it for names."
TAKEN_AWAY = "This sample is left out: it was withdrawn."


@dataclass(frozen=True, slots=True)
class Picture:
    """A page image of the private storage, by the name that the document knows it by."""

    name: str
    stored: str


@dataclass(frozen=True, slots=True)
class Packet:
    """What the document tells (`data` of `packet.typ`), and its pictures in their order."""

    data: dict[str, Any]
    pictures: list[Picture]


def packet_of(session: Session, *, zone: ZoneInfo) -> Packet:
    """The packet of a session that is not over, in a fixed number of queries; times are those of `zone`."""
    state = State.from_json(session.state)
    on_table = session.on_table.select_related("sample__recording").prefetch_related("sample__pages")
    entries: list[SessionSample] = list(on_table)
    pictures: list[Picture] = []
    starts = session.starts_at.astimezone(zone)
    rubric = grid(session.rubric_version) if session.rubric_version else None
    people = list(session.participants.select_related("user"))
    rounds = _rounds(state.steps) if rubric else []
    minutes = sum(step.minutes for step in state.steps)
    data = {
        "title": session.focus_question,
        "running": shorten(session.focus_question, RUNNING),
        "running-right": _day(starts),
        "footer": NOT_FOR_EVALUATION,
        "lang": "en",
        "eyebrow": f"On paper · {starts:%A} {_day(starts)}, {_clock(starts)}",
        "where": f"{session.team.name}, {session.team.school.name}",
        "what": f"{session.protocol_version.protocol.title} · {whole(minutes)} minutes",
        "facts": _facts(session, rubric),
        "norms": list(session.norms),
        "roles": [
            {"name": str(person.user), "role": str(Role(role).label) if role in Role.values else role}
            for person in people
            for role in [role_of(person, state)]
        ],
        "steps": _steps(state.steps, starts),
        "task": _task(session, pictures),
        "samples": [_sample(place, entry, pictures) for place, entry in enumerate(entries, start=1)],
        "rubric": _rubric(rubric) if rubric else None,
        "rounds": rounds,
        "sheets": min(max(len(people), 1), MOST_SHEETS) if rounds else 0,
    }
    return Packet(data, pictures)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _clock(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"  # noqa: PLR2004 (noon)


def _facts(session: Session, rubric: RubricGrid | None) -> list[dict[str, str]]:
    task = session.assignment
    described = " · ".join(
        part for part in (task.title, f"grade {task.grade}" if task.grade else "", task.subject) if part
    )
    rows = [
        ("Purpose", str(session.get_purpose_display())),
        ("Focus question", session.focus_question),
        ("Task", described),
        ("Standards", ", ".join(task.standards)),
        ("Rubric", rubric.title if rubric else ""),
        ("On the table", count_words(session.on_table.count(), "sample")),
        ("Norm to watch", session.norm_to_watch),
    ]
    return [{"term": term, "text": text} for term, text in rows if text]


def _steps(steps: Iterable[RunStep], starts: datetime) -> list[dict[str, str]]:
    """Each step as it is run, with the time by the clock on the wall; what repeats has its prompt once."""
    told, at, said = [], starts, set()
    for number, step in enumerate(steps, start=1):
        again = step.key in said
        said.add(step.key)
        told.append(
            {
                "number": str(number),
                "title": step.title,
                "block": step.block_label,
                "at": _clock(at),
                "minutes": whole(step.minutes),
                "speaks": SPEAKS.get(step.speaks, step.speaks),
                "prompt": "" if again else step.prompt,
            }
        )
        at += timedelta(minutes=step.minutes)
    return told


def _rounds(steps: Iterable[RunStep]) -> list[dict[str, Any]]:
    """The rounds in which people score, for a grid each."""
    numbers = sorted({step.round or 1 for step in steps if step.makes == "scores"})
    return [{"number": number, "title": "After the discussion" if number > 1 else ""} for number in numbers]


def _rubric(rubric: RubricGrid) -> dict[str, Any]:
    return {
        "title": rubric.title,
        "levels": [{"value": value, "name": name} for value, name in rubric.levels],
        "from": rubric.proficient_from,
        "rows": [{"title": row.title, "descriptors": row.descriptors} for row in rubric.rows],
    }


def _task(session: Session, pictures: list[Picture]) -> dict[str, Any]:
    kept = session.task or task_queries.standing(session.assignment)
    pages: Sequence[TaskPage] = list(kept.pages.all()) if kept else []
    task = session.assignment
    return {
        "title": task.title,
        "prompt": task.prompt,
        "learning": task.intended_learning,
        "pages": [
            {
                "file": _picture(f"task-page-{at}.jpg", page.image.name, pictures),
                "name": f"Task · page {at} of {len(pages)}",
                "alt": f"Task, page {at} of {len(pages)}",
                "gone": "",
            }
            for at, page in enumerate(pages, start=1)
        ],
    }


def _sample(place: int, entry: SessionSample, pictures: list[Picture]) -> dict[str, Any]:
    """A sample under the label it has at this table, and nothing else that is known of it."""
    sample = entry.sample
    left_out = _left_out(sample)
    pages: list[Page] = [] if left_out else list(sample.pages.all())
    return {
        "label": entry.label,
        "gone": left_out,
        "pages": [
            _page(page, place=(place, at), called=f"Sample {entry.label}", count=len(pages), pictures=pictures)
            for at, page in enumerate(pages, start=1)
        ],
        "recording": None if left_out else _recording(sample),
    }


def _left_out(sample: Sample) -> str:
    if sample.withdrawn_at is not None or sample.destroyed_at is not None:
        return TAKEN_AWAY
    return "" if sample.is_confirmed else NOT_CHECKED


def _page(page: Page, *, place: tuple[int, int], called: str, count: int, pictures: list[Picture]) -> dict[str, str]:
    """A page by its place, (sample, page) from 1; without a picture and its words while it is taken away."""
    number, at = place
    spoken = f"{called}, page {at} of {count}"
    gone = "" if page.is_there else "was destroyed" if page.destroyed_at else "is withdrawn"
    return {
        "file": "" if gone else _picture(picture_name(number, at), page.image.name, pictures),
        "name": f"{called} · page {at} of {count}",
        "alt": f"{spoken}: {page.description}" if page.description and not gone else spoken,
        "gone": gone,
    }


def _picture(name: str, stored: str | None, pictures: list[Picture]) -> str:
    pictures.append(Picture(name, stored or ""))
    return name


def _recording(sample: Sample) -> dict[str, str] | None:
    found = getattr(sample, "recording", None)
    if found is None or not found.file:
        return None
    return {"kind": found.kind_words.capitalize(), "length": heard(found).length, "transcript": found.transcript}
