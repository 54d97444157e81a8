"""The presenter strikes what was noted on their work: gone for everybody else at once, back again within the window."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from sessions_app import live
from sessions_app.domain.striking import strike_note
from sessions_app.engine import BadArgument, IllegalCommand
from sessions_app.models import Note, Participant, SessionEvent
from sessions_app.queries import striking
from sessions_app.signals import notes_struck
from tests.factories import MembershipFactory
from tests.sessions_app.meeting import START, Meeting

pytestmark = pytest.mark.django_db
SEVEN_DAYS = timedelta(days=7)
WORDS = "THE-TASK-IS-MUDDLED"


@pytest.fixture
def meeting():
    """A meeting at a step for shared notes; `people[4]` has noted WORDS."""
    meeting = Meeting().to_making("notes")
    assert meeting.people[4].note("clarifying", WORDS).status_code == 200
    return meeting


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Set what the server's clock says; an hour after the start until then."""

    def says(moment):
        monkeypatch.setattr("esw.core.clock.now", lambda: moment)

    says(START + timedelta(hours=1))
    return says


def strike(meeting, note=None, *, by=None, struck="yes"):
    return (by or meeting.presenter).post("note_strike", {"struck": struck}, (note or Note.every.get()).pk)


def sees(person):
    """Everything that a person's screens of the room hold."""
    return (
        "".join(person.get("panel", name).content.decode() for name in ("notes", "all", "now"))
        + person.get("room").content.decode()
    )


def struck_after(meeting, after, **more):
    """Strike straight in the domain, so long after the finish."""
    session = meeting.fresh()
    strike_note(
        session=session,
        by=meeting.presenter.seat.user,
        note=Note.every.get().pk,
        now=session.finished_at + after,
        **{"struck": True, **more},
    )


# --- who ------------------------------------------------------------------------------------------------------


def test_the_presenter_reads_what_was_noted_without_its_writer_s_name(meeting):
    page = meeting.presenter.get("strike")
    assert page.status_code == 200
    assert WORDS in page.content.decode()
    assert meeting.people[4].seat.user.name not in page.content.decode()


@pytest.mark.parametrize("who", [0, 2, 3, 4])
def test_nobody_else_in_the_team_may_look_or_strike_the_facilitator_and_the_writer_neither(meeting, who):
    person = meeting.people[who]
    assert person.get("strike").status_code == 403
    answer = strike(meeting, by=person)
    assert answer.status_code == 403
    assert "presented" in answer.json()["error"]
    assert Note.objects.exists()


def test_who_leads_the_team_and_was_not_there_may_not_either_and_takes_no_seat_by_looking(meeting):
    lead = MembershipFactory(team=meeting.team, role="lead").user
    person = meeting.person(lead)
    assert person.get("strike").status_code == 403
    assert not Participant.objects.filter(user=lead).exists()


def test_for_a_stranger_there_is_no_such_page(meeting):
    stranger = Meeting().presenter
    assert stranger.client.get(meeting.url("strike")).status_code == 404
    url = meeting.url("note_strike", Note.every.get().pk)
    assert stranger.client.post(url, {"struck": "yes"}).status_code == 404
    assert Note.objects.filter(text=WORDS).exists()


def test_who_presents_and_has_taken_over_as_facilitator_still_presents(meeting):
    meeting.give("take_over", by=meeting.presenter)
    assert strike(meeting).status_code == 200
    assert not Note.objects.exists()


def test_a_note_of_another_session_is_not_there(meeting):
    other = Meeting().to_making("notes")
    other.people[4].note("clarifying", "Elsewhere.")
    note = Note.objects.get(text="Elsewhere.")
    assert strike(meeting, note).status_code == 400
    assert Note.objects.filter(pk=note.pk).exists()


# --- what -----------------------------------------------------------------------------------------------------


def test_a_struck_note_is_gone_from_every_screen_but_its_writer_s(meeting):
    assert strike(meeting).json() == {"saved": True}
    for person in meeting.people[:4]:
        assert WORDS not in sees(person), person.seat.role
    mine = meeting.people[4].get("panel", "notes").content.decode()
    assert WORDS in mine
    assert "Struck by the presenter" in mine
    assert "Your words stay with you" in mine
    for person in meeting.people[:4]:
        assert "Struck by the presenter" not in sees(person)


def test_a_private_note_is_not_on_the_page_and_cannot_be_struck(meeting):
    meeting.people[4].note("private", "MINE-ALONE")
    private = Note.every.get(kind="private")
    assert "MINE-ALONE" not in meeting.presenter.get("strike").content.decode()
    assert strike(meeting, private).status_code == 400
    private.refresh_from_db()
    assert not private.is_struck


@pytest.mark.parametrize(("sees_", "during", "afterwards"), [("own", 0, 0), ("after", 0, 1), ("all", 1, 1)])
def test_what_others_may_not_read_yet_the_presenter_does_not_read_here_either(meeting, sees_, during, afterwards):
    session = meeting.fresh()
    session.state["steps"][session.state["index"]]["sees"] = sees_
    session.save()
    assert meeting.presenter.get("strike").content.decode().count(WORDS) == during
    assert (strike(meeting, struck="no").status_code == 200) == bool(during)
    meeting.give("finish")
    assert meeting.presenter.get("strike").content.decode().count(WORDS) == afterwards
    assert (strike(meeting).status_code == 200) == bool(afterwards)


def test_the_presenter_s_own_note_can_be_struck_too(meeting):
    meeting.presenter.note("clarifying", "I said that.")
    meeting.give("finish")
    assert strike(meeting, Note.objects.get(text="I said that.")).status_code == 200
    assert [note.text for note in Note.objects.all()] == [WORDS]


def test_markup_in_a_note_is_shown_as_typed(meeting):
    meeting.people[4].note("clarifying", "<script>alert(1)</script>")
    page = meeting.presenter.get("strike").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_nothing_that_reads_notes_in_the_usual_way_finds_a_struck_one(meeting):
    strike(meeting)
    session = meeting.fresh()
    assert not Note.objects.exists()
    assert not session.notes.exists()
    assert not meeting.people[4].seat.notes.exists()
    assert Note.every.count() == 1


def test_the_page_costs_the_same_with_five_hundred_notes_as_with_one(meeting, django_assert_num_queries):
    def asked():
        with django_assert_num_queries(7) as queries:
            meeting.presenter.get("strike")
        return len(queries)

    few = asked()
    first = Note.objects.get()
    Note.objects.bulk_create(
        Note(session=first.session, participant=first.participant, step=first.step, kind="clarifying",
             text=f"Number {n}.", created_at=START)
        for n in range(500)
    )  # fmt: skip
    assert asked() == few


# --- striking is undone, done twice, and told -----------------------------------------------------------------


def test_it_can_be_brought_back(meeting):
    strike(meeting)
    page = meeting.presenter.get("strike").content.decode()
    assert "Bring back" in page
    assert WORDS in page
    assert strike(meeting, struck="no").status_code == 200
    assert WORDS in sees(meeting.people[3])
    assert "Struck by the presenter" not in sees(meeting.people[4])


def test_the_same_post_twice_is_one_strike(meeting):
    for _ in range(3):
        assert strike(meeting).status_code == 200
    assert SessionEvent.objects.filter(name="struck").count() == 1
    assert strike(meeting, struck="no").status_code == 200
    assert strike(meeting, struck="no").status_code == 200
    assert SessionEvent.objects.filter(name="brought_back").count() == 1


def test_the_log_keeps_ids_and_no_words(meeting):
    note = Note.objects.get()
    strike(meeting)
    event = SessionEvent.objects.get(name="struck")
    assert event.data == {"note": str(note.pk)}
    assert event.participant == meeting.presenter.seat


def test_every_screen_is_told_to_fetch_the_notes_anew_and_not_which(
    meeting, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr(live, "publish_changed", lambda session, topics: told.append((session, topics)))
    before = meeting.fresh().activity
    with django_capture_on_commit_callbacks(execute=True):
        strike(meeting)
    assert told == [(meeting.session.pk, ("notes",))]
    assert meeting.fresh().activity == before + 1


def test_it_tells_the_rooms_above(meeting, django_capture_on_commit_callbacks):
    heard = []

    def hear(session_id, **_):
        heard.append(session_id)

    notes_struck.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            strike(meeting)
        with django_capture_on_commit_callbacks(execute=True):
            strike(meeting)
    finally:
        notes_struck.disconnect(hear)
    assert heard == [meeting.session.pk]


def test_its_writer_may_still_take_a_struck_note_back(meeting):
    strike(meeting)
    note = Note.every.get()
    assert meeting.people[4].post("note_remove", None, note.pk).json() == {"saved": True}
    assert not Note.every.exists()
    answer = strike(meeting, note, struck="no")
    assert answer.status_code == 400
    assert "taken it back" in answer.json()["error"]


def test_who_was_struck_still_counts_as_heard(meeting):
    def not_heard():
        page = meeting.facilitator.get("panel", "people").content.decode()
        return page.partition("Not heard yet:")[2].partition("</p>")[0]

    meeting.people[3].note("clarifying", "Another.")
    before = not_heard()
    strike(meeting, Note.objects.get(text=WORDS))
    assert not_heard() == before


# --- when -----------------------------------------------------------------------------------------------------


def test_before_the_first_note_the_page_teaches():
    meeting = Meeting().to_making("notes")
    page = meeting.presenter.get("strike")
    assert page.status_code == 200
    assert "Nothing has been noted yet" in page.content.decode()


def test_it_is_open_from_the_first_note_until_seven_days_after_the_finish(meeting):
    meeting.give("finish", minute=50)
    struck_after(meeting, SEVEN_DAYS - timedelta(microseconds=1))
    assert not Note.objects.exists()
    with pytest.raises(IllegalCommand, match="seven days"):
        struck_after(meeting, SEVEN_DAYS, struck=False)
    assert not Note.objects.exists()


def test_a_session_that_is_reopened_counts_from_its_new_finish(meeting):
    meeting.give("finish", minute=10)
    first = meeting.fresh().finished_at
    meeting.give("reopen", minute=60 * 24 * 8)
    assert striking.window(meeting.fresh(), now=first + SEVEN_DAYS * 2).is_open
    meeting.give("finish", minute=60 * 24 * 9)
    assert striking.window(meeting.fresh(), now=first + SEVEN_DAYS * 2).is_open


def test_after_seven_days_page_and_post_say_so(meeting, clock):
    meeting.give("finish")
    strike(meeting)
    clock(meeting.fresh().finished_at + SEVEN_DAYS)
    page = meeting.presenter.get("strike")
    assert page.status_code == 409
    assert "so the record stays as it is" in page.content.decode()
    assert WORDS not in page.content.decode()
    answer = strike(meeting, struck="no")
    assert answer.status_code == 409
    assert "seven days" in answer.json()["error"]
    form = meeting.presenter.client.post(meeting.url("note_strike", Note.every.get().pk), {"struck": "no"})
    assert form.status_code == 409
    assert "seven days" in form.content.decode()
    assert not Note.objects.exists()
    script = meeting.presenter.get("strike", accept="application/json")
    assert script.status_code == 409
    assert script.json()["error"]


def test_a_note_that_arrives_after_the_finish_can_be_struck(meeting):
    step = meeting.fresh().state["index"] + 1
    meeting.give("finish")
    meeting.people[3].note("clarifying", "Waited for Wi-Fi.", step=step)
    assert strike(meeting, Note.objects.get(text="Waited for Wi-Fi.")).status_code == 200


# --- without a script, and bad input --------------------------------------------------------------------------


def test_a_plain_form_comes_back_to_the_note(meeting):
    note = Note.objects.get()
    answer = meeting.presenter.client.post(meeting.url("note_strike", note.pk), {"struck": "yes"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{meeting.url('strike')}#note-{note.pk}"
    page = meeting.presenter.get("strike").content.decode()
    assert f'id="note-{note.pk}"' in page


@pytest.mark.parametrize("body", [b'{"struck": "perhaps"}', b"[]", b"{", b'{"struck": null}'])
def test_what_makes_no_sense_is_refused_and_nothing_is_struck(meeting, body):
    answer = meeting.presenter.client.post(
        meeting.url("note_strike", Note.objects.get().pk), body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert json.loads(answer.content)["error"]
    assert Note.objects.exists()


def test_a_note_that_never_was_gets_a_sentence(meeting):
    with pytest.raises(BadArgument):
        strike_note(session=meeting.session, by=meeting.presenter.seat.user, note=uuid.uuid4(), struck=True, now=START)
    with pytest.raises(PermissionDenied):
        strike_note(session=meeting.session, by=meeting.users[0], note=uuid.uuid4(), struck=True, now=START)


def test_looking_is_not_striking(meeting):
    url = meeting.url("note_strike", Note.objects.get().pk)
    assert meeting.presenter.client.get(url).status_code == 405
    assert Note.objects.exists()


# --- the way there --------------------------------------------------------------------------------------------


def test_the_room_shows_the_way_to_the_presenter_alone_once_something_is_noted(meeting):
    address = meeting.url("strike")
    for panel in ("notes", "now"):
        for person in meeting.people:
            assert (address in person.get("panel", panel).content.decode()) == (person is meeting.presenter), panel
        if not meeting.fresh().is_over:
            meeting.give("finish")
    nothing = Meeting().to_making("notes")
    assert nothing.url("strike") not in sees(nothing.presenter)


def test_home_shows_the_presenter_the_way_until_the_window_closes(meeting, clock):
    meeting.give("finish")
    finished = meeting.fresh().finished_at

    def home(person, after):
        clock(finished + after)
        return person.client.get(reverse("home:home")).content.decode()

    address = meeting.url("strike")
    assert address in home(meeting.presenter, timedelta(days=1))
    assert address not in home(meeting.facilitator, timedelta(days=1))
    assert address not in home(meeting.presenter, SEVEN_DAYS)


def test_home_says_nothing_of_a_session_without_notes():
    meeting = Meeting().to_making("notes")
    meeting.people[4].note("private", "Mine.")
    meeting.give("finish")
    assert meeting.url("strike") not in meeting.presenter.client.get(reverse("home:home")).content.decode()
