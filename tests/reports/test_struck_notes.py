"""A struck note is in no copy of the record; the page tells its writer and the presenter, and nobody else."""

from datetime import timedelta

import pytest

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
