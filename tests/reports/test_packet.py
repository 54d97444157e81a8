"""The packet for a meeting on paper: what is in it, what never is, for whom, and when it is made again."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from esw.core.models import Job
from reports import tasks
from reports.domain import kept, packet_file
from reports.models import KeptDocument
from sessions_app.models import Session
from tests.factories import MembershipFactory, UserFactory
from tests.reports.paper import elements, jpeg, opened, tags, text_of
from tests.reports.story import Story
from tests.sessions_app.meeting import START, Meeting
from work_samples.models import Page, Recording, Sample, Task, TaskPage

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


@pytest.fixture
def meeting():
    made = Meeting()
    store_pages(made)
    return made


@pytest.fixture
def quick(monkeypatch):
    """A document in no time, where what is in it does not matter."""
    monkeypatch.setattr(packet_file, "render_pdf", lambda **told: b"%PDF-quick " + uuid.uuid4().bytes)


def store_pages(meeting):
    for page in Page.objects.filter(sample__in=meeting.samples):
        default_storage.save(page.image.name, ContentFile(jpeg()))


def url(meeting, name="packet"):
    return reverse(f"reports:{name}", args=[meeting.session.pk])


def ask(meeting, person=None):
    return (person or meeting.people[4]).client.get(url(meeting), headers=JSON)


def work():
    for job in Job.objects.filter(task=kept.MAKE, state="pending"):
        tasks.make_document(str(job.pk))


def made(meeting):
    ask(meeting)
    work()
    answer = ask(meeting)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def words_of(pdf):
    return re.sub(r"\s+", " ", text_of(pdf))


def told(meeting):
    return packet_file.told_of(Session.objects.select_related(*packet_file.WHOLE).get(pk=meeting.session.pk))


def digest(meeting):
    return packet_file.digest_of(told(meeting))


# --- what is in it ---------------------------------------------------------------------------------------------


def test_it_holds_the_plan_the_task_the_work_the_rubric_and_a_sheet_a_person(meeting):
    pdf = made(meeting)
    text = words_of(pdf)
    for part in ("Where does a quotation become evidence?", "Norms and roles", "Read and score alone", "The rubric"):
        assert part in text
    assert meeting.assignment.prompt in text
    assert "Sample A · page 1 of 2" in text
    assert "Sample B · page 2 of 2" in text
    assert all(criterion.title in text for criterion in meeting.criteria)
    assert text.count("Keep it face down until all have scored") == len(meeting.people)
    assert "What we do next" in text


def test_it_is_tagged_has_a_title_a_language_and_words_for_each_picture(meeting):
    page = meeting.samples[0].pages.first()
    page.description = "A graph with two lines that cross at noon"
    page.save()
    with opened(made(meeting)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("en")
        assert str(document.docinfo["/Title"]) == "Where does a quotation become evidence?"
        told_alts = {str(element.Alt) for element in elements(document) if str(element.S) == "/Figure"}
        assert "Sample A, page 1 of 2: A graph with two lines that cross at noon" in told_alts
        assert "Sample B, page 2 of 2" in told_alts
        assert {"/H1", "/Table", "/TH"} <= set(tags(document))


def test_the_pages_of_the_task_are_in_it(meeting):
    task = Task.objects.create(assignment=meeting.assignment, by=meeting.users[1], made_at=timezone.now())
    name = default_storage.save(f"{uuid.uuid4()}.jpg", ContentFile(jpeg()))
    TaskPage.objects.create(task=task, number=1, image=name, thumbnail="t", width=300, height=400)
    assert "Task · page 1 of 1" in words_of(made(meeting))


def test_a_recording_is_named_with_its_transcript(meeting):
    Recording.objects.create(
        sample=meeting.samples[0], file="heard.m4a", seconds=83, transcript="I think the river was slower then."
    )
    text = words_of(made(meeting))
    assert "1:23" in text
    assert "I think the river was slower then." in text


def test_a_protocol_without_scores_has_no_score_sheet():
    meeting = Meeting(protocol="describe-wonder-plan")
    data = told(meeting).data
    assert (data["sheets"], data["rubric"], data["rounds"]) == (0, None, [])


def test_the_clock_on_the_wall_stands_beside_each_step(meeting):
    steps = told(meeting).data["steps"]
    hour, minute = map(int, re.match(r"(\d+):(\d+)", steps[1]["at"]).groups())
    zone = packet_file.zone_of(meeting.session)
    second = (START + timedelta(minutes=float(steps[0]["minutes"]))).astimezone(zone)
    assert (hour, minute) == (second.hour % 12 or 12, second.minute)


# --- what never is ---------------------------------------------------------------------------------------------


def test_a_withdrawn_page_is_left_out_and_said_so(meeting):
    page = meeting.samples[0].pages.first()
    page.held_image, page.image, page.description = page.image.name, "", ""
    page.withdrawn_at = timezone.now()
    page.save()
    packet = told(meeting)
    assert page.held_image not in {picture.stored for picture in packet.pictures}
    assert packet.data["samples"][0]["pages"][0]["gone"] == "is withdrawn"
    assert "Sample A · page 1 of 2 is withdrawn and is left out." in words_of(made(meeting))


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"confirmed_at": None}, "waits for somebody"), ({"withdrawn_at": START}, "withdrawn")],
)
def test_a_sample_that_is_not_to_be_seen_brings_no_page_and_no_words(meeting, changes, says):
    Sample.objects.filter(pk=meeting.samples[0].pk).update(**changes)
    Page.objects.filter(sample=meeting.samples[0]).update(description="Signed Marisol")
    packet = told(meeting)
    assert says in packet.data["samples"][0]["gone"]
    assert packet.data["samples"][0]["pages"] == []
    assert len(packet.pictures) == 2
    assert "Marisol" not in str(packet.data)


def test_what_is_left_out_is_not_asked_for_on_the_score_sheets(meeting):
    Sample.objects.filter(pk=meeting.samples[0].pk).update(withdrawn_at=START)
    text = words_of(made(meeting))
    sheets = text[text.index("Score sheet") :]
    assert "Sample B" in sheets
    assert "Sample A" not in sheets


def test_nothing_that_anybody_scored_or_noted_and_no_group_is_in_it():
    story = Story(finish=False)
    story.score(story.meeting.people[0], story.b, story.meeting.criteria[0], 4, rationale="line nine is a leap")
    story.note(story.meeting.people[1], "a shared observation")
    story.agree(story.a, story.meeting.criteria[0], 3, rationale="the middle ground")
    before = digest(story.meeting)
    Sample.objects.filter(pk=story.a.pk).update(group="Multilingual learners")
    data = str(told(story.meeting).data)
    for words in ("line nine is a leap", "a shared observation", "the middle ground", "Multilingual"):
        assert words not in data
    assert digest(story.meeting) == before


# --- for whom --------------------------------------------------------------------------------------------------


def test_it_is_made_in_a_job_and_kept_under_a_name_that_tells_nothing(meeting, quick):
    assert ask(meeting).status_code == 202
    work()
    answer = ask(meeting)
    assert answer["Content-Disposition"] == 'attachment; filename="esw-packet-2026-11-24.pdf"'
    assert KeptDocument.objects.get().kind == "packet"


def test_any_member_of_the_team_may_and_a_stranger_finds_nothing(meeting, quick):
    late = MembershipFactory(team=meeting.team).user
    for user, status in ((late, 202), (UserFactory(), 404)):
        client = meeting.person(user).client
        assert client.get(url(meeting), headers=JSON).status_code == status
    assert meeting.person(UserFactory()).client.post(url(meeting, "packet_again")).status_code == 404


def test_once_the_session_is_over_there_is_none_and_the_kept_one_goes(quick):
    story = Story(finish=False)
    store_pages(story.meeting)
    made(story.meeting)
    story.meeting.give("finish", minute=30)
    answer = ask(story.meeting)
    assert answer.status_code == 409
    assert "Its record has everything" in answer.json()["error"]
    KeptDocument.objects.update(checked_at=START - timedelta(days=1))
    tasks.tidy()
    assert not KeptDocument.objects.exists()


def test_the_session_page_leads_to_it_before_the_start(meeting):
    assert url(meeting) in meeting.people[4].get("room").content.decode()


# --- made again ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["focus", "time", "label", "description", "image", "task", "person"])
def test_it_is_made_again_when_what_it_tells_changes(meeting, change):
    before = digest(meeting)
    page = Page.objects.filter(sample=meeting.samples[0]).first()
    if change == "focus":
        Session.objects.update(focus_question="What does a claim need?")
    elif change == "time":
        Session.objects.update(starts_at=START + timedelta(minutes=15))
    elif change == "label":
        meeting.session.on_table.filter(position=1).update(label="Q")
    elif change == "description":
        Page.objects.filter(pk=page.pk).update(description="two lines")
    elif change == "image":
        Page.objects.filter(pk=page.pk).update(image="another.jpg")
    elif change == "task":
        meeting.assignment.prompt = "Another prompt"
        meeting.assignment.save()
    else:
        meeting.session.participants.filter(user=meeting.users[4]).delete()
    assert digest(meeting) != before


def test_what_is_as_it_was_is_not_made_again(meeting, quick):
    first = made(meeting)
    assert made(meeting) == first
    assert Job.objects.filter(task=kept.MAKE).count() == 1


def test_it_costs_the_same_queries_however_many_samples():
    def count(meeting):
        session = Session.objects.select_related(*packet_file.WHOLE).get(pk=meeting.session.pk)
        with CaptureQueriesContext(connection) as asked:
            packet_file.told_of(session)
        return len(asked)

    assert count(Meeting(samples=2)) == count(Meeting(samples=6))
