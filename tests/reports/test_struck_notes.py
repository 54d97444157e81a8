"""A struck note is in no copy of the record; the page tells its writer and the presenter, and nobody else."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from esw.core.models import Job
from reports import tasks
from reports.domain import kept, record_file
from reports.models import KeptDocument
from sessions_app.domain.striking import strike_note
from tests.reports.story import Story
from tests.sessions_app.meeting import START

pytestmark = pytest.mark.django_db
WORDS = "THE-TASK-IS-MUDDLED"
HINT = "look through what was noted"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Set what the server's clock says; an hour after the start until then."""

    def says(moment):
        monkeypatch.setattr("esw.core.clock.now", lambda: moment)

    says(START + timedelta(hours=1))
    return says


@pytest.fixture
def story():
    story = Story()
    story.noted = story.note(story.meeting.people[4], WORDS)
    story.note(story.meeting.people[3], "Line 3 says so.")
    return story


def strike(story, *, struck=True):
    by, now = story.meeting.users[1], START + timedelta(hours=2)
    strike_note(session=story.session, by=by, note=story.noted.pk, struck=struck, now=now)


def page(story, user):
    return story.page(user).content.decode()


def test_it_is_on_the_page_and_in_the_json_of_nobody(story):
    story.share()
    administrator = story.administrator()
    strike(story)
    for user in [*story.meeting.users[:4], administrator]:
        assert WORDS not in page(story, user)
        assert WORDS not in str(story.json(user))
    assert WORDS not in str(story.json(story.meeting.users[4]))
    assert [note["text"] for note in story.json()["notes"]] == ["Line 3 says so."]


def test_the_record_does_not_say_that_anything_was_struck(story):
    before = page(story, story.meeting.users[3]).count("struck")
    strike(story)
    assert page(story, story.meeting.users[3]).count("struck") == before == 0
    assert "struck" not in str(story.json())


def test_its_writer_alone_finds_it_on_the_page_with_a_kind_word(story):
    strike(story)
    mine = page(story, story.meeting.users[4])
    assert WORDS in mine
    assert "One note of yours, struck by the presenter: only you see this" in mine


def test_brought_back_it_is_in_the_record_again(story):
    strike(story)
    strike(story, struck=False)
    assert WORDS in page(story, story.meeting.users[0])
    assert len(story.json()["notes"]) == 2


def test_the_page_shows_the_presenter_the_way_as_long_as_it_is_open(story, clock):
    presenter = story.meeting.users[1]
    assert HINT in page(story, presenter)
    assert all(HINT not in page(story, user) for user in (story.meeting.users[0], story.meeting.users[4]))
    clock(story.session.finished_at + timedelta(days=7))
    assert HINT not in page(story, presenter)


def test_who_only_left_a_struck_note_was_there(story):
    person = story.meeting.people[4]
    person.seat.joined_at = None
    person.seat.save()
    person.seat.scores.all().delete()
    strike(story)
    assert str(person.seat.user) in [one["name"] for one in story.json()["people"]]


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def printed(monkeypatch):
    """What each PDF was made from, with no PDF engine."""
    told = []

    def render(*, data, **_):
        told.append(str(data))
        return b"%PDF-" + str(len(told)).encode()

    monkeypatch.setattr(record_file, "render_pdf", render)
    monkeypatch.setattr(record_file, "chart_svg", lambda spec: b"<svg/>")
    return told


def ask(story, form="pdf"):
    client = story.client(story.meeting.users[3])
    return client.get(story.url(), {"format": form}, headers={"accept": "application/json"})


def work():
    for job in Job.objects.filter(task=kept.MAKE, state="pending"):
        tasks.make_document(str(job.pk))


def body(answer):
    return b"".join(answer.streaming_content)


def test_a_pdf_that_was_made_before_is_not_served_after_a_strike(story, printed):
    ask(story)
    work()
    assert body(ask(story)) == b"%PDF-1"
    assert WORDS in printed[0]
    strike(story)
    assert ask(story).status_code == 202
    work()
    assert body(ask(story)) == b"%PDF-2"
    assert WORDS not in printed[1]


def test_the_kept_file_goes_from_the_disk_at_once(story, printed, django_capture_on_commit_callbacks):
    ask(story)
    work()
    name = KeptDocument.objects.get().file
    with django_capture_on_commit_callbacks(execute=True):
        strike(story)
    assert not KeptDocument.objects.exists()
    assert not default_storage.exists(name)


def test_a_strike_while_a_pdf_is_being_made_leaves_nothing_of_it(
    story, monkeypatch, django_capture_on_commit_callbacks
):
    def render(**_):
        with django_capture_on_commit_callbacks(execute=True):
            strike(story)
        return b"%PDF-too-late"

    monkeypatch.setattr(record_file, "render_pdf", render)
    monkeypatch.setattr(record_file, "chart_svg", lambda spec: b"<svg/>")
    ask(story)
    work()
    assert not default_storage.exists(kept.FOLDER) or not any(
        default_storage.listdir(f"{kept.FOLDER}/{folder}")[1] for folder in default_storage.listdir(kept.FOLDER)[0]
    )
    assert ask(story).status_code == 202


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_that_is_fetched_after_a_strike_does_not_hold_it(story, form):
    def told():
        data = ask(story, form).content
        if form == "csv":
            return data.decode()
        book = zipfile.ZipFile(io.BytesIO(data))
        return "".join(book.read(name).decode() for name in book.namelist())

    assert WORDS in told()
    strike(story)
    assert WORDS not in told()
    assert "Line 3 says so." in told()
