"""Meetings in which nobody scores: ATLAS and Describe, wonder, plan, from the start to the record, over HTTP."""

import uuid

import pytest
from django.urls import reverse

from sessions_app.engine import SHARED_KINDS
from sessions_app.models import Note
from teams.models import Administration
from tests.factories import UserFactory
from tests.sessions_app.meeting import Meeting

pytestmark = pytest.mark.django_db

PROTOCOLS = ["atlas", "describe-wonder-plan"]
TO_SCORES = ("Score", "score", "rubric", "Reveal", "proficient")


def opened(protocol, **more):
    """A meeting that has started, with Ada Noor facilitating and Maya Ellis presenting."""
    meeting = Meeting(protocol=protocol, people=4, **more)
    for user, name in zip(meeting.users, ("Ada Noor", "Maya Ellis", "Tom Weller", "Wen Wu"), strict=True):
        user.name = name
        user.save(update_fields=["name"])
    for name in ("open", "start"):
        assert meeting.facilitator.command(name).status_code == 200
    return meeting


def at(meeting, key):
    """The meeting, gone to the step of that key."""
    keys = [step["key"] for step in meeting.fresh().state["steps"]]
    if meeting.fresh().state["index"] != keys.index(key):
        assert meeting.facilitator.command("go_to", step=keys.index(key) + 1).status_code == 200
    return meeting


def screen(person, panel=""):
    answer = person.get("panel", panel) if panel else person.get("room")
    assert answer.status_code == 200
    return answer.content.decode()


def now_of(person):
    """What the person's screen asks of them, without the rest of the page."""
    page = screen(person)
    return page[page.index('<section class="room-now"') : page.index('<footer class="room-people"')]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_meeting_runs_to_its_end_and_each_step_takes_its_own_notes_alone(protocol):
    meeting = opened(protocol)
    talker = meeting.people[2]
    steps = meeting.fresh().state["steps"]
    for number, step in enumerate(steps, start=1):
        state = talker.state()
        assert (state["step"]["number"], state["step"]["title"]) == (number, step["title"])
        assert state["step"]["open"] == step["open"]
        assert state["rubric"] == {"id": None, "levels": [], "criteria": []}
        for kind in SHARED_KINDS:
            writer = meeting.presenter if kind == "response" else talker
            answer = writer.note(kind, f"{kind} in {step['key']}")
            assert answer.status_code == (200 if kind in step["kinds"] else 400), (kind, step["key"])
        assert talker.note("private", "For me.").status_code == 200
        if step["makes"] == "next_steps":
            said = {"text": "Read drafts aloud.", "owner": str(talker.seat.pk), "client_id": str(uuid.uuid4())}
            assert talker.post("next_step", said).status_code == 200
        assert talker.done(number).status_code == 200
        for person in meeting.people[:3]:
            assert step["title"] in screen(person)
        assert meeting.facilitator.command("next" if number < len(steps) else "finish").status_code == 200
    record = talker.client.get(reverse("reports:record", args=[meeting.session.pk]), {"format": "json"}).json()
    assert [note["kind"] for note in record["notes"]] == [kind for step in steps for kind in shared(step)]
    assert [step["text"] for step in record["next_steps"]] == ["Read drafts aloud."]
    assert record["rubric"] is None


def shared(step):
    return [kind for kind in step["kinds"] if kind != "private"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_speaks_of_scores_where_nobody_scores(protocol):
    meeting = opened(protocol)
    steps = meeting.fresh().state["steps"]
    for number in range(1, len(steps) + 1):
        if number > 1:
            meeting.facilitator.command("next")
        for person in meeting.people[:3]:
            said = now_of(person)
            assert not [word for word in TO_SCORES if word in said], (number, word_in(said))
    meeting.facilitator.command("finish")
    said = now_of(meeting.facilitator)
    assert not [word for word in TO_SCORES if word in said], word_in(said)


def word_in(text):
    return next((text[max(0, text.index(word) - 60) : text.index(word) + 60] for word in TO_SCORES if word in text), "")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_record_has_no_section_for_what_nobody_did(protocol):
    meeting = opened(protocol)
    meeting.facilitator.command("next")
    meeting.people[2].note("observation", "A word is crossed out.")
    meeting.facilitator.command("finish")
    page = meeting.facilitator.client.get(reverse("reports:record", args=[meeting.session.pk])).content.decode()
    assert "What we looked at</h2>" in page
    assert "A word is crossed out." in page
    for heading in ("what we agreed", "How far we agreed", "Looking back", "Scorer", "We agreed", "not discussed"):
        assert heading not in page


def test_the_record_tells_the_kinds_in_the_order_of_the_steps_and_the_debrief_at_the_end():
    meeting = opened("atlas")
    talker = meeting.people[2]
    for key, kind in [("debrief", "delta"), ("interpreting", "speculation"), ("describing", "observation")]:
        at(meeting, key)
        assert talker.note(kind, f"{kind} WORDS").status_code == 200
    at(meeting, "presenter_reflects")
    assert meeting.presenter.note("response", "response WORDS").status_code == 200
    meeting.facilitator.command("finish")
    page = meeting.facilitator.client.get(reverse("reports:record", args=[meeting.session.pk])).content.decode()
    told = ["Observations", "Speculations", "Presenter’s response", "What we do next", "Looking back", "Deltas"]
    assert [page.index(f"{title}</h") for title in told] == sorted(page.index(f"{title}</h") for title in told)


def test_a_team_and_its_school_see_such_a_session_everywhere_without_stumbling():
    meeting = opened("atlas")
    school = meeting.team.school
    head = UserFactory()
    Administration.objects.create(user=head, school=school)
    client = meeting.facilitator.client
    pages = ["/", f"/teams/{meeting.team.pk}/", "/me/", "/library/", f"/assignments/{meeting.assignment.pk}/"]
    for command in ("pause", "resume", "finish"):
        meeting.facilitator.command(command)
        assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    client.force_login(head)
    assert client.get(f"/schools/{school.pk}/").status_code == 200


# --- the presenter


def test_the_presenter_is_asked_to_listen_and_writes_for_themselves_alone():
    meeting = at(opened("atlas"), "describing")
    theirs, others = now_of(meeting.presenter), now_of(meeting.people[2])
    assert "Now · you listen" in theirs
    assert "You speak in ‘Presenter reflects’" in theirs
    assert "Listen while the others describe." in theirs
    assert 'name="kind" value="private"' in theirs
    assert "I want to come back to …" in theirs
    assert 'value="observation"' not in theirs
    assert "Now · together, while Maya listens" in others
    assert 'name="kind" value="observation"' in others


def test_who_presents_still_presents_when_they_take_over():
    meeting = at(opened("atlas"), "describing")
    assert meeting.presenter.command("take_over").status_code == 200
    assert "Now · you listen" in now_of(meeting.presenter)


def test_the_presenter_answers_and_who_records_may_write_it_down_for_them():
    meeting = at(opened("atlas"), "presenter_reflects")
    facilitator, presenter, listener, recorder = meeting.people
    assert "Now · you speak" in now_of(presenter)
    assert "Now · Maya speaks" in now_of(listener)
    assert 'name="text"' not in now_of(listener)
    assert "Write down what Maya says" in now_of(recorder)
    answer = listener.note("response", "I would have said …")
    assert answer.status_code == 403
    assert "The presenter answers here" in answer.json()["error"]
    for person in (presenter, recorder, facilitator):
        assert person.note("response", f"Heard by {person.seat.user}.").status_code == 200
    assert Note.objects.filter(kind="response").count() == 3


def test_without_a_presenter_nobody_is_named_and_who_facilitates_may_answer():
    meeting = opened("atlas")
    meeting.presenter.seat.role = "participant"
    meeting.presenter.seat.save()
    at(meeting, "presenter_reflects")
    assert "Now · the presenter speaks" in now_of(meeting.people[2])
    assert "Write down what" not in now_of(meeting.facilitator)
    assert meeting.facilitator.note("response", "Nobody presented.").status_code == 200


# --- what lies on the table, and what came before


def test_the_work_is_served_from_describing_on_and_not_before():
    meeting = opened("atlas")
    page = meeting.samples[0].pages.first()
    assert meeting.people[2].get("page_image", page.pk).status_code == 404
    assert "strip-page" not in screen(meeting.people[2])
    at(meeting, "describing")
    assert "strip-page" in screen(meeting.people[2])


def test_the_norms_are_read_at_the_start_beside_the_task():
    meeting = Meeting(protocol="atlas", people=4)
    meeting.session.norms = ["Describe before you judge."]
    meeting.session.norm_to_watch = "Describe before you judge."
    meeting.session.save()
    meeting.to_step(1)
    page = screen(meeting.people[2])
    assert meeting.assignment.prompt in page
    assert page.count("Describe before you judge.") >= 2


def test_a_step_shows_its_own_notes_and_those_before_it_apart():
    meeting = at(opened("atlas"), "describing")
    talker, reader = meeting.people[2], meeting.people[3]
    assert "Nothing is noted yet. What you add appears here" in screen(reader, "notes")
    assert "Nothing is noted yet. What the others write appears here" in screen(meeting.presenter, "notes")
    talker.note("observation", "A word is crossed out.")
    at(meeting, "interpreting")
    talker.note("speculation", "Perhaps it was read aloud.")
    talker.note("interpretation", "The student reads their own draft.")
    shown = screen(reader, "notes")
    now, before = shown[: shown.index("From the steps before")], shown[shown.index("From the steps before") :]
    assert "A word is crossed out." not in now
    assert now.index("Interpretation") < now.index("Speculation")
    assert "Describing" in before
    assert "A word is crossed out." in before


def test_the_presenter_finds_their_own_notes_again_when_they_speak():
    meeting = at(opened("atlas"), "describing")
    meeting.presenter.note("private", "I had only ever corrected line 14.")
    at(meeting, "presenter_reflects")
    assert "I had only ever corrected line 14." in screen(meeting.presenter, "notes")
    assert "line 14" not in screen(meeting.facilitator, "notes")


# --- which sample a note is about


def test_a_note_says_which_of_several_samples_it_is_about_or_all():
    meeting = at(opened("describe-wonder-plan", samples=3), "what_do_you_see")
    talker = meeting.people[2]
    assert 'aria-label="About which sample"' in now_of(talker)
    page = meeting.samples[1].pages.first()
    assert talker.note("observation", "In all.", sample="").status_code == 200
    assert talker.note("observation", "In C.", sample=str(meeting.samples[2].pk)).status_code == 200
    assert talker.note("observation", "Here.", page=str(page.pk), x=0.5, y=0.5).status_code == 200
    about = {note.text: note.sample and note.sample.label for note in Note.objects.select_related("sample")}
    assert about == {"In all.": None, "In C.": "C", "Here.": "B"}


def test_one_sample_alone_need_not_be_named():
    meeting = at(opened("describe-wonder-plan", samples=1), "what_do_you_see")
    assert 'aria-label="About which sample"' not in now_of(meeting.people[2])


def test_a_pin_has_the_same_number_on_every_screen():
    meeting = at(opened("describe-wonder-plan"), "what_do_you_see")
    place = {"page": str(meeting.samples[0].pages.first().pk), "x": 0.5, "y": 0.5}
    meeting.people[2].note("private", "Only mine.", **place)
    meeting.people[3].note("observation", "For all.", **place)
    for person in meeting.people[2:]:
        assert 'data-n="1" data-says="For all."' in screen(person, "notes")


# --- silence and turns


def test_the_silent_step_is_quiet():
    meeting = opened("describe-wonder-plan")
    said = now_of(meeting.people[2])
    assert "Now · alone and silent" in said
    assert "Write something for yourself" in said
    assert "Nothing is noted yet" not in said
    meeting.people[3].note("private", "SECRET")
    assert "SECRET" not in screen(meeting.people[2])
    assert "SECRET" in screen(meeting.people[3])


def test_turns_go_round_in_the_order_of_the_seats():
    meeting = at(opened("describe-wonder-plan"), "what_do_you_see")
    facilitator, listener = meeting.facilitator, meeting.people[3]
    for person in meeting.people:
        screen(person)  # they come in
    assert "We go round, about 30 seconds each. <b>Ada begins.</b>" in now_of(listener)
    assert "Call on Ada" in now_of(facilitator)
    assert "Call on" not in now_of(listener)
    by_name = sorted(meeting.people, key=lambda person: person.seat.user.name)
    said = []
    for person in by_name:
        assert facilitator.command("call_on", person=str(person.seat.pk)).status_code == 200
        assert "It is your turn" in now_of(person)
        said.append(now_of(listener))
    assert "<b>Maya Ellis speaks now</b>, then Tom." in said[1]
    assert "Then everybody has had a turn." in said[3]
    at(meeting, "what_do_you_wonder")
    assert "Ada begins." in now_of(listener)
