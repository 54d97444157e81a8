"""The record as JSON; its shape is described in docs/record.md and is a promise to whoever reads it."""

from typing import Any

from django.urls import reverse

from insights.agreement import Agreement
from insights.agreement_json import FIGURES
from insights.queries import SessionAgreement
from reports.queries import Agreed, CriterionRecord, Mark, Record, SampleRecord
from rubrics.queries import RubricGrid


def record_json(record: Record) -> dict[str, Any]:
    """Plain JSON types. Nothing beside a score says whose it is."""
    session = record.session
    return {
        "session": str(session.pk),
        "audience": record.audience.value,
        "team": session.team.name,
        "school": session.team.school.name,
        "purpose": session.get_purpose_display(),
        "focus_question": session.focus_question,
        "protocol": session.protocol_version.protocol.title,
        "starts_at": session.starts_at.isoformat(),
        "started_at": session.started_at.isoformat() if session.started_at else None,
        "finished_at": session.finished_at.isoformat() if session.finished_at else None,
        "assignment": {
            "title": session.assignment.title,
            "grade": session.assignment.grade,
            "subject": session.assignment.subject,
            "standards": list(session.assignment.standards),
            "intended_learning": session.assignment.intended_learning,
            "assessment": session.assignment.get_assessment_display(),
        },
        "norms": list(session.norms),
        "norm_to_watch": session.norm_to_watch,
        "people": [{"name": person.name, "role": person.role} for person in record.people],
        "steps": [
            {
                "number": step.number,
                "title": step.title,
                "block": step.block,
                "planned_minutes": step.planned,
                "minutes": step.minutes,
                "reached": step.reached,
            }
            for step in record.steps
        ],
        "rubric": _rubric(record.rubric) if record.rubric else None,
        "samples": [_sample(sample, record) for sample in record.samples],
        "notes": [
            {
                "kind": group.kind,
                "text": note.text,
                "by": note.by or None,
                "sample": note.sample,
                "step": note.step,
                "at_seconds": note.at_seconds,
            }
            for group in record.notes
            for note in group.notes
        ],
        "next_steps": [
            {
                "text": step.text,
                "students": step.students,
                "owner": step.owner or None,
                "due": step.due.isoformat() if step.due else None,
                "state": step.state,
                "outcome": step.outcome,
            }
            for step in record.next_steps
        ],
        "agreement": {
            "before": _agreement(record.agreement),
            "after": _agreement(record.agreement_after),
            "hidden": record.agreement_hidden or None,
        },
    } | ({"typed_from_paper": record.on_paper.sentence} if record.on_paper else {})


def _rubric(grid: RubricGrid) -> dict[str, Any]:
    return {
        "id": str(grid.version_id),
        "title": grid.title,
        "proficient_from": grid.proficient_from,
        "levels": [{"value": value, "name": name} for value, name in grid.levels],
        "criteria": [
            {"id": str(row.criterion_id), "key": str(row.key), "title": row.title, "descriptors": row.descriptors}
            for row in grid.rows
        ],
    }


def _sample(sample: SampleRecord, record: Record) -> dict[str, Any]:
    def address(name: str, page: object) -> str:
        return reverse(f"sessions_app:{name}", args=[record.session.pk, page])

    return {
        "id": str(sample.sample_id),
        "label": sample.label,
        "revealed": sample.revealed,
        "pages": [
            {
                "number": page.number,
                "image": address("page_image", page.page_id),
                "thumbnail": address("page_thumbnail", page.page_id),
            }
            for page in sample.pages
        ],
        "recording": {
            "file": address("recording", sample.recording.recording_id),
            "seconds": sample.recording.seconds,
            "has_video": sample.recording.has_video,
        }
        if sample.recording
        else None,
        "criteria": [_criterion(row) for row in sample.criteria],
    }


def _criterion(row: CriterionRecord) -> dict[str, Any]:
    return {
        "id": str(row.criterion_id),
        "title": row.title,
        "scores": [_mark(mark) for mark in row.marks if mark.before is not None or mark.after is not None],
        "consensus": _agreed(row.agreed) if row.agreed else None,
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {"scorer": f"Scorer {mark.scorer}", "before": mark.before, "after": mark.after}


def _agreed(agreed: Agreed) -> dict[str, Any]:
    return {
        "agreed": agreed.level is not None,
        "level": agreed.level,
        "rationale": agreed.rationale,
        "other_rationale": agreed.other_rationale,
    }


def _agreement(figures: SessionAgreement | None) -> dict[str, Any] | None:
    if figures is None:
        return None
    return {
        "overall": _figures(figures.overall),
        "criteria": {row.title: _figures(row.figures) for row in figures.criteria},
        "reading": figures.sentence,
        "conversation_starter": figures.is_a_conversation_starter,
    }


def _figures(figures: Agreement) -> dict[str, Any]:
    known = [name for name in FIGURES if not name.startswith("consensus")]
    reasons = {name: reason for name, reason in figures.reasons.items() if name in known}
    return {name: getattr(figures, name) for name in known} | {"reasons": reasons}
