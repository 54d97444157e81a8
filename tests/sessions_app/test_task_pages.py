"""The task's pages in the room: open where the step opens the task, and the session keeps those that it began with."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from tests.factories import TeamFactory, member_of
from tests.sessions_app.meeting import START, Meeting
from tests.sessions_app.test_projector_shows import Wall
from work_samples.domain import task_pages
from work_samples.models import Task, TaskPage

pytestmark = pytest.mark.django_db


def bring(meeting, name="one"):
    """A task of one page, as the job leaves it."""
    task = Task.objects.create(
        assignment=meeting.assignment, by=meeting.users[0], created_at=timezone.now(), made_at=timezone.now()
    )
    folder = f"pages/{task.pk.hex}"
    files = [default_storage.save(f"{folder}/{name}.{kind}", ContentFile(b"x")) for kind in ("jpg", "webp")]
    return TaskPage.objects.create(task=task, number=1, image=files[0], thumbnail=files[1], width=10, height=10)


def step_with(meeting, *, task):
    steps = meeting.fresh().state["steps"]
    return next(at for at, step in enumerate(steps, 1) if ("task" in step["open"]) is task)


def status(person, page, name="task_page_image"):
    return person.get(name, page.pk).status_code


@pytest.fixture
def meeting():
    return Meeting(people=3)


def test_they_are_open_while_the_step_opens_the_task(meeting):
    page = bring(meeting)
    person = meeting.people[2]
    assert status(person, page) == 404  # planned
    meeting.to_step(step_with(meeting, task=True))
    assert {status(person, page), status(person, page, "task_page_thumbnail")} == {200}
    address = meeting.url("task_page_image", page.pk)
    assert address in person.get("panel", "all").text
    meeting.give("go_to", step=step_with(meeting, task=False))
    assert status(person, page) == 404
    assert str(page.pk) not in person.get("panel", "all").text
    meeting.give("finish")
    assert status(person, page) == 200  # the record


def test_what_the_task_is_meant_to_show_stands_beside_it(meeting):
    meeting.assignment.intended_learning, meeting.assignment.assessment = "To argue from evidence", "common"
    meeting.assignment.save()
    meeting.to_step(step_with(meeting, task=True))
    text = meeting.facilitator.get("panel", "all").text
    assert "To argue from evidence" in text
    assert "Common assessment of a team" in text
    meeting.give("go_to", step=step_with(meeting, task=False))
    assert "To argue from evidence" not in meeting.facilitator.get("panel", "all").text


def test_a_session_keeps_the_pages_that_it_began_with(meeting):
    first = bring(meeting)
    meeting.to_step(step_with(meeting, task=True))
    assert meeting.fresh().task_id == first.task_id
    second = bring(meeting, "two")
    meeting.give("pause")
    person = meeting.people[2]
    assert (status(person, first), status(person, second)) == (200, 404)


def test_pages_of_a_running_session_stay_when_the_task_is_taken_away(meeting, django_capture_on_commit_callbacks):
    page = bring(meeting)
    meeting.to_step(step_with(meeting, task=True))
    with django_capture_on_commit_callbacks(execute=True):
        task_pages.remove_task(assignment=meeting.assignment, now=START)
    assert status(meeting.people[2], page) == 200
    assert default_storage.exists(page.image.name)


def test_pages_that_come_late_are_kept_from_the_next_command_on(meeting):
    meeting.to_step(step_with(meeting, task=True))
    page = bring(meeting)
    assert status(meeting.people[2], page) == 200
    meeting.give("pause")
    assert meeting.fresh().task_id == page.task_id


def test_a_page_of_another_task_and_a_stranger_get_nothing(meeting):
    page = bring(meeting)
    other = bring(Meeting(people=2))
    meeting.to_step(step_with(meeting, task=True))
    assert status(meeting.facilitator, other) == 404
    stranger = meeting.people[0].client
    stranger.force_login(member_of(TeamFactory()))
    assert stranger.get(reverse("sessions_app:task_page_image", args=[meeting.session.pk, page.pk])).status_code == 404


def test_the_projector_shows_them_while_the_step_opens_the_task():
    wall = Wall()
    page = bring(wall.meeting)
    address = f"{wall.base}task/{page.pk}/image/"
    assert wall.browser.get(address).status_code == 404
    wall.meeting.to_step(1)
    steps = wall.meeting.fresh().state["steps"]
    at = next(n for n, step in enumerate(steps, 1) if "task" in step["open"] and "work" not in step["open"])
    wall.meeting.give("go_to", step=at)
    assert address in wall.see()
    assert wall.browser.get(address).status_code == 200
    wall.meeting.give("go_to", step=step_with(wall.meeting, task=False))
    assert wall.browser.get(address).status_code == 404
    assert str(page.pk) not in wall.see()
    wall.meeting.give("finish")
    assert wall.browser.get(address).status_code == 404
