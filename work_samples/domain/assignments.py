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
) -> Assignment:
    """A new assignment of `team`; `selection` is one of `Selection`."""
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
) -> Assignment:
    """Change the words; the team stays, because its samples are that team's records."""
    assignment.title, assignment.prompt = title, prompt
    assignment.grade, assignment.subject = grade, subject
    assignment.standards, assignment.selection = standards, selection
    assignment.save(update_fields=["title", "prompt", "grade", "subject", "standards", "selection"])
    return assignment
