"""Notes: of the kinds a step opens, under their step, exactly once, seen by whom the step says."""

import uuid

import pytest

from sessions_app.models import Note
from tests.sessions_app.meeting import Meeting

pytestmark = pytest.mark.django_db


def test_it_says_saved_and_files_the_note_under_the_step():
    meeting = Meeting().to_making("notes")
    answer = meeting.people[4].note("clarifying", "Were they given the article?")
    assert answer.status_code == 200
    assert answer.json() == {"saved": True}
    assert Note.objects.get().step == meeting.fresh().state["index"]


def test_the_same_note_twice_is_one_note():
    meeting = Meeting().to_making("notes")
    client_id = str(uuid.uuid4())
    for _ in range(3):
        assert meeting.people[4].note("clarifying", "Once.", client_id=client_id).json() == {"saved": True}
    assert Note.objects.count() == 1


def test_a_kind_that_the_step_does_not_open_is_refused():
    meeting = Meeting().to_making("scores")
    answer = meeting.people[4].note("warm", "Lovely.")
    assert answer.status_code == 400
    assert "does not take this kind of note" in answer.json()["error"]


def test_a_note_that_waited_offline_files_under_the_step_it_was_written_in():
    meeting = Meeting().to_step(2)
    meeting.give("next")
    assert meeting.people[4].note("clarifying", "Written before.", step=2, seq=5).status_code == 200
    assert Note.objects.get().step == 1


def test_a_note_that_waited_past_the_end_is_still_kept():
    meeting = Meeting().to_step(2)
    meeting.give("finish")
    assert meeting.people[4].note("clarifying", "Late but mine.", step=2).status_code == 200
    assert meeting.people[4].note("clarifying", "No step.").status_code == 400


def test_a_note_is_taken_back_by_its_writer_alone_and_stays_once_the_session_is_finished():
    meeting = Meeting().to_making("notes")
    for text in ("First.", "Second."):
        meeting.people[4].note("clarifying", text)
    first, second = Note.objects.all()
    meeting.people[3].post("note_remove", None, first.pk)
    assert Note.objects.count() == 2
    assert meeting.people[4].post("note_remove", None, first.pk).json() == {"saved": True}
    meeting.give("finish")
    answer = meeting.people[4].post("note_remove", None, second.pk)
    assert answer.status_code == 400
    assert "record keeps what was written" in answer.json()["error"]
    assert list(Note.objects.all()) == [second]


@pytest.mark.parametrize(
    ("kind", "text"),
    [("clarifying", ""), ("clarifying", "   "), ("clarifying", "x" * 4001), ("nonsense", "x"), ("", "x"), (None, "x"),
     ("clarifying", None), ("clarifying", ["x"])],
)  # fmt: skip
def test_a_note_that_makes_no_sense_gets_one_sentence(kind, text):
    meeting = Meeting().to_making("notes")
    answer = meeting.people[4].note(kind, text)
    assert answer.status_code == 400, answer.content
    assert answer.json()["error"]
    assert not Note.objects.exists()


def test_a_note_with_a_zero_byte_is_refused_in_words():
    meeting = Meeting().to_making("notes")
    answer = meeting.people[4].note("clarifying", "a\x00b")
    assert answer.status_code == 400


def test_markup_in_a_note_is_shown_as_it_was_typed_and_never_run():
    meeting = Meeting().to_making("notes")
    meeting.people[4].note("clarifying", "<script>alert(1)</script>")
    page = meeting.people[3].get("panel", "notes").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_private_note_is_seen_by_its_writer_alone():
    meeting = Meeting().to_making("scores")
    meeting.people[4].note("private", "MINE-ALONE")
    for person in meeting.people:
        page = person.get("room").content.decode() + person.get("panel", "notes").content.decode()
        assert ("MINE-ALONE" in page) == (person is meeting.people[4])


def test_one_takes_back_one_s_own_note_and_nobody_else_s():
    meeting = Meeting().to_making("notes")
    meeting.people[4].note("clarifying", "Mine.")
    note = Note.objects.get()
    meeting.people[3].post("note_remove", {}, note.pk)
    assert Note.objects.exists()
    assert meeting.people[4].post("note_remove", {}, note.pk).json() == {"saved": True}
    assert not Note.objects.exists()
