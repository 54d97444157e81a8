"""The record as PDF: made once in a job, kept, made again when it would tell something else, for who may read it."""

import errno
import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.urls import reverse

from esw.core import clock, jobs
from esw.core.models import Job
from esw.core.storage import private_storage
from reports import tasks
from reports.documents import CannotMake
from reports.domain import kept, record_file
from reports.makers import MAKERS
from reports.models import KeptDocument
from rubrics.models import Criterion
from sessions_app.models import Note, Session
from tests.factories import MembershipFactory
from tests.reports.paper import elements, jpeg, opened, text_of
from tests.reports.story import Story
from work_samples.models import Page

pytestmark = pytest.mark.django_db

PDF = {"format": "pdf"}
JSON = {"accept": "application/json"}


@pytest.fixture
def story():
    told = Story()
    for page in Page.objects.filter(sample__in=[told.a, told.b]):
        default_storage.save(page.image.name, ContentFile(jpeg()))
    return told


@pytest.fixture
def quick(monkeypatch):
    """A document in no time, where what is in it does not matter."""
    monkeypatch.setattr(record_file, "render_pdf", lambda **told: b"%PDF-quick " + uuid.uuid4().bytes)
    monkeypatch.setattr(record_file, "chart_svg", lambda spec: b"<svg/>")


def ask(story, user=None, **headers):
    return story.client(user or story.meeting.users[4]).get(story.url(), PDF, headers=headers or JSON)


def work():
    """A worker comes by."""
    for job in Job.objects.filter(task=kept.MAKE, state="pending"):
        tasks.make_document(str(job.pk))


def made(story, user=None):
    ask(story, user)
    work()
    answer = ask(story, user)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


# --- asking ---------------------------------------------------------------------------------------------------


def test_it_is_made_in_a_job_and_then_served(story, quick):
    first = ask(story)
    assert first.status_code == 202
    assert first.json() == {"state": "pending", "done": 0, "of": 0, "error": None}
    work()
    answer = ask(story)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_its_name_says_when_and_neither_who_nor_what(story, quick):
    made(story)
    assert ask(story)["Content-Disposition"] == 'attachment; filename="esw-record-2026-11-24.pdf"'


def test_a_browser_asks_each_time_and_fetches_it_once(story, quick):
    made(story)
    answer = ask(story)
    assert answer["Cache-Control"] == "private, no-cache"
    again = ask(story, accept="*/*", **{"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_two_who_ask_at_once_start_one_job(story, quick):
    for user in story.meeting.users:
        assert ask(story, user).status_code == 202
    assert Job.objects.filter(task=kept.MAKE).count() == 1
    work()
    assert all(ask(story, user).status_code == 200 for user in story.meeting.users)
    assert KeptDocument.objects.count() == 1


def test_how_far_it_is_can_be_seen(story, quick):
    ask(story)
    job = Job.objects.get(task=kept.MAKE)
    jobs.report(jobs.claim(job.pk, now=clock.now()), done=3, of=6, now=clock.now())
    assert ask(story).json() == {"state": "running", "done": 3, "of": 6, "error": None}
    page = ask(story, accept="text/html").content.decode()
    assert "3 of 6 parts done" in page
    assert '<progress aria-labelledby="kept-words" value="3" max="6">' in page


def test_the_page_that_waits_asks_for_itself_and_can_be_left(story, quick):
    page = ask(story, accept="text/html")
    text = page.content.decode()
    assert page.status_code == 202
    assert f'hx-get="{story.url()}?format=pdf"' in text
    assert "You can leave this page" in text
    assert "Look again" in text


def test_to_the_waiting_page_it_is_offered_and_not_poured_in(story, quick):
    made(story)
    fragment = ask(story, **{"hx-request": "true"})
    text = fragment.content.decode()
    assert fragment.status_code == 200
    assert "Download the PDF" in text
    assert "<html" not in text
    assert "hx-get" not in text


def test_before_the_end_there_is_none():
    story = Story(finish=False)
    assert ask(story).status_code == 409
    assert not Job.objects.filter(task=kept.MAKE).exists()


# --- kept, and made again ---------------------------------------------------------------------------------------


def test_what_is_fresh_is_not_made_again(story, quick):
    assert made(story) == made(story)
    assert Job.objects.filter(task=kept.MAKE).count() == 1


def change_next_step(story):
    story.next_step("Ask what a quotation proves.", story.meeting.presenter)


def strike_note(story):
    Note.objects.filter(session=story.session).delete()


def reopen(story):
    story.meeting.give("reopen", minute=31)
    story.meeting.give("finish", minute=45)


def page_replaced(story):
    Page.objects.filter(sample=story.a, number=1).delete()


@pytest.mark.parametrize("change", [change_next_step, strike_note, reopen, page_replaced])
def test_what_tells_something_else_now_is_made_again(story, quick, change):
    story.note(story.meeting.people[2], "Line 4 quotes the article.")
    before = made(story)
    old = KeptDocument.objects.get().file
    change(story)
    assert ask(story).status_code == 202
    work()
    after = b"".join(ask(story).streaming_content)
    assert after != before
    assert KeptDocument.objects.get().file != old


def test_the_file_that_it_replaces_is_deleted(story, quick, django_capture_on_commit_callbacks):
    made(story)
    old = KeptDocument.objects.get().file
    change_next_step(story)
    ask(story)
    with django_capture_on_commit_callbacks(execute=True):
        work()
    assert not default_storage.exists(old)
    assert default_storage.exists(KeptDocument.objects.get().file)


def test_what_is_gone_from_the_disk_is_made_again(story, quick):
    made(story)
    default_storage.delete(KeptDocument.objects.get().file)
    assert ask(story).status_code == 202
    assert made(story)


def test_a_job_that_is_handed_out_twice_makes_it_once(story, quick):
    ask(story)
    job = Job.objects.get(task=kept.MAKE)
    tasks.make_document(str(job.pk))
    name = KeptDocument.objects.get().file
    tasks.make_document(str(job.pk))
    assert KeptDocument.objects.get().file == name


def test_a_run_that_lost_its_lease_leaves_nothing_behind(story, quick):
    ask(story)
    job = jobs.claim(Job.objects.get(task=kept.MAKE).pk, now=clock.now())

    def meanwhile(_done, _of):
        Job.objects.filter(pk=job.pk).update(attempts=9)

    kept.make(job=job, report=meanwhile, makers=MAKERS)
    row = KeptDocument.objects.get()
    assert row.file == ""
    assert list(private_storage().walk(f"{kept.FOLDER}/{row.pk.hex}")) == []


# --- when it cannot be made -------------------------------------------------------------------------------------


@pytest.fixture
def broken(story, quick, monkeypatch):
    def refuse(**_told):
        raise CannotMake("time")

    monkeypatch.setattr(record_file, "render_pdf", refuse)
    ask(story)
    work()
    return story


def test_a_failure_is_a_sentence_with_a_way_to_try_again(broken):
    assert ask(broken).json()["state"] == "failed"
    assert "took too long" in ask(broken).json()["error"]
    page = ask(broken, accept="text/html").content.decode()
    assert "took too long" in page
    assert reverse("reports:again", args=[broken.session.pk]) in page
    assert "Traceback" not in page


def test_asking_does_not_try_again_what_failed(broken):
    for _ in range(3):
        ask(broken)
    assert Job.objects.filter(task=kept.MAKE).count() == 1


def test_trying_again_does(broken, monkeypatch):
    monkeypatch.setattr(record_file, "render_pdf", lambda **told: b"%PDF")
    answer = broken.client(broken.meeting.users[2]).post(reverse("reports:again", args=[broken.session.pk]))
    assert (answer.status_code, answer["Location"]) == (302, f"{broken.url()}?format=pdf")
    work()
    assert ask(broken).status_code == 200


def test_trying_again_what_did_not_fail_makes_nothing(story, quick):
    ask(story)
    work()
    for _ in range(3):
        story.client(story.meeting.users[2]).post(reverse("reports:again", args=[story.session.pk]))
    assert Job.objects.filter(task=kept.MAKE).count() == 1


def test_a_record_that_tells_something_else_is_tried_by_itself(broken):
    change_next_step(broken)
    assert ask(broken).json()["state"] == "pending"


def test_a_full_disk_is_said_in_words(story, quick, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    ask(story)
    monkeypatch.setattr(default_storage, "save", full)
    work()
    assert "no room left on the server" in ask(story).json()["error"]


def test_a_job_that_was_given_up_speaks_of_the_file_and_not_of_photos(story, quick):
    ask(story)
    jobs.fail(Job.objects.get(task=kept.MAKE), jobs.GAVE_UP, now=clock.now())
    assert ask(story).json()["error"] == kept.GAVE_UP


def test_a_session_that_is_open_again_meanwhile_has_nothing_to_make(story, quick):
    ask(story)
    Session.objects.filter(pk=story.session.pk).update(status="running")
    work()
    assert not KeptDocument.objects.exists()


# --- for whom ---------------------------------------------------------------------------------------------------


def test_a_stranger_is_told_that_there_is_nothing(story, quick):
    stranger = MembershipFactory().user
    assert ask(story, stranger).status_code == 404
    again = story.client(stranger).post(reverse("reports:again", args=[story.session.pk]))
    assert again.status_code == 404
    assert not KeptDocument.objects.exists()


def test_the_school_has_its_own_copy_once_it_is_shared(story, quick):
    administrator = story.administrator()
    assert ask(story, administrator).status_code == 404
    made(story)
    story.share()
    assert ask(story, administrator).status_code == 202
    work()
    assert ask(story, administrator)["Content-Disposition"].endswith('"esw-record-2026-11-24-school-copy.pdf"')
    assert set(KeptDocument.objects.values_list("variant", flat=True)) == {"team", "school"}


def test_what_is_no_longer_shared_is_served_to_nobody_above(story, quick):
    administrator = story.administrator()
    story.share()
    made(story, administrator)
    story.share(shared="no")
    assert ask(story, administrator).status_code == 404


# --- letting go -------------------------------------------------------------------------------------------------


def tidy(**after):
    return kept.tidy(makers=MAKERS, now=clock.now() + timedelta(**after))


def test_what_is_true_and_asked_for_stays(story, quick):
    made(story)
    assert tidy(hours=2) == 0
    assert KeptDocument.objects.exists()


def test_what_is_no_longer_true_goes_within_the_hour_asked_for_or_not(story, quick):
    story.note(story.meeting.people[2], "Line 4 quotes the article.")
    made(story)
    name = KeptDocument.objects.get().file
    strike_note(story)
    assert tidy(hours=2) == 1
    assert not default_storage.exists(name)


def test_the_schools_copy_goes_when_it_is_no_longer_shared(story, quick):
    story.share()
    made(story, story.administrator())
    story.share(shared="no")
    tidy(hours=2)
    assert not KeptDocument.objects.exists()


def test_what_nobody_asked_for_in_a_month_goes(story, quick):
    made(story)
    tidy(days=31)
    assert not KeptDocument.objects.exists()


def test_files_that_no_row_names_go(story, quick):
    made(story)
    lost = default_storage.save(f"{kept.FOLDER}/{uuid.uuid4().hex}/x.pdf", ContentFile(b"x"))
    assert tidy(minutes=1) == 0
    assert tidy(hours=2) == 1
    assert not default_storage.exists(lost)
    assert default_storage.exists(KeptDocument.objects.get().file)


# --- what it tells ----------------------------------------------------------------------------------------------


@pytest.fixture
def told(story):
    claim, evidence, _ = story.meeting.criteria
    story.agree(story.a, claim, 3, "Line 2 states it.")
    story.agree(story.a, evidence, None, "It only quotes.", "It explains the cost.")
    story.note(story.meeting.people[4], "La cita está en la línea 4.")
    story.next_step("Ask what a quotation proves.", story.meeting.presenter, students="group two")
    story.session.scores.update(rationale="MARK-rationale")
    return story


def test_it_tells_the_whole_story(told):
    text = text_of(made(told)).replace("\n", " ")
    for words in [
        "Where does a quotation become evidence?", "Agree on what proficient means", "Calibration scoring",
        "Line 2 states it.", "not agreed", "It only quotes.", "It explains the cost.", "Never revealed",
        "La cita está en la línea 4.", "Ask what a quotation proves.", "For: group two", "by 12 December 2026",
        "Where the scores lay", "With one sample", "conversation starter", "Where the time went", "not reached",
        "It is not for evaluating teachers.",
    ]:  # fmt: skip
        assert words in text, words


def test_it_shows_the_pages_that_were_looked_at_and_says_which(told):
    with opened(made(told)) as document:
        said = [str(one.get("/Alt", "")) for one in elements(document) if str(one.S) == "/Figure"]
    assert said[:2] == ["Sample A, page 1 of 2", "Sample A, page 2 of 2"]
    assert "how many scores lie on each level" in said[-1]


def test_where_a_page_is_no_longer_kept_it_says_so(told):
    default_storage.delete(told.a.pages.first().image.name)
    assert "Sample A, page 1 of 2: no longer kept." in text_of(made(told)).replace("\n", " ")


def test_nobody_stands_beside_a_score_in_words_or_in_what_a_reader_does_not_see(told):
    pdf = made(told)
    text = text_of(pdf)
    assert "MARK-rationale" not in text
    for user in told.meeting.users[:4]:
        people = text[text.index("Who was there") : text.index("What we looked at")]
        assert str(user) in people
        scores = text[text.index("What we looked at") : text.index("What we said")]
        assert str(user) not in scores
    with opened(pdf) as document:
        about = str(document.open_metadata()) + str(document.docinfo)
        structure = " ".join(str(one.get(key, "")) for one in elements(document) for key in ("/Alt", "/ActualText"))
    for user in told.meeting.users:
        assert str(user) not in about + structure
        assert user.email not in about + structure + text
    for secret in [told.session.shuffle, *told.session.participants.values_list("pk", flat=True)]:
        assert str(secret) not in about + structure + text


def test_the_schools_copy_has_neither_work_nor_scores_nor_names_beside_words(told):
    told.share()
    pdf = made(told, told.administrator())
    text = text_of(pdf).replace("\n", " ")
    assert "It leaves out the student work" in text
    assert "Line 2 states it." in text
    assert "Scorer 1" not in text
    assert "Where the scores lay" not in text
    assert str(told.meeting.users[4]) not in text[text.index("What we said") :]
    with opened(pdf) as document:
        assert not [one for one in elements(document) if str(one.S) == "/Figure"]


def test_a_second_round_stands_after_an_arrow_and_in_the_chart(told):
    state = told.session.state
    state["revealed"].append([str(told.a.pk), 2])
    Session.objects.filter(pk=told.session.pk).update(state=state)
    for person in told.meeting.people:
        for criterion in told.meeting.criteria:
            told.score(person, told.a, criterion, 2, round=2)
    text = text_of(made(told))
    assert "→" in text
    assert re.search(r"before\D+after", text)
    assert "After the discussion" in text


def test_a_criterion_in_arabic_has_its_chart_too(told):
    QuerySet(Criterion).filter(pk=told.meeting.criteria[0].pk).update(title="الدليل")
    assert "Where the scores lay" in text_of(made(told))


def test_a_session_without_a_rubric_has_one(story):
    story.session.scores.all().delete()
    Session.objects.filter(pk=story.session.pk).update(rubric_version=None)
    assert "What we do next" in text_of(made(story))
