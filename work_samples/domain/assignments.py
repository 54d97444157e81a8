"""Writing assignments: the task that students were given."""

from datetime import datetime

from django.db import transaction

from teams.models import Team, User
from work_samples.models import Assignment


@transaction.atomic
def create_assignment(
    *,
    team: Team,
    by: User,
    title: str,
    prompt: str,
    grade: str,
    subject: str,
    standards: list[str],
    selection: str,
    now: datetime,
    intended_learning: str = "",
    assessment: str = "",
) -> Assignment:
    """A new assignment of `team`; `selection` is one of `Selection`, `assessment` one of `Assessment` or empty."""
    return Assignment.objects.create(
        team=team,
        created_by=by,
        created_at=now,
        title=title,
        prompt=prompt,
        grade=grade,
        subject=subject,
        standards=standards,
        selection=selection,
        intended_learning=intended_learning,
        assessment=assessment,
    )


@transaction.atomic
def edit_assignment(
    *,
    assignment: Assignment,
    title: str,
    prompt: str,
    grade: str,
    subject: str,
    standards: list[str],
    selection: str,
    intended_learning: str,
    assessment: str,
) -> Assignment:
    """Change the words; the team stays, because its samples are that team's records."""
    assignment.title, assignment.prompt = title, prompt
    assignment.grade, assignment.subject = grade, subject
    assignment.standards, assignment.selection = standards, selection
    assignment.intended_learning, assignment.assessment = intended_learning, assessment
    assignment.save(
        update_fields=[
            "title",
            "prompt",
            "grade",
            "subject",
            "standards",
            "selection",
            "intended_learning",
            "assessment",
        ]
    )
    return assignment
