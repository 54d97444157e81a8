"""Commands over HTTP: who may, what is answered, and that the room's truth moves once."""

import uuid

import pytest
from django.urls import reverse

from sessions_app.engine import COMMANDS
from sessions_app.models import SessionEvent
from tests.factories import TeamFactory, member_of
from tests.sessions_app.meeting import Meeting

pytestmark = pytest.mark.django_db


def test_a_command_answers_with_the_new_version():
    meeting = Meeting()
    before = meeting.fresh().version
    answer = meeting.facilitator.command("open")
    assert answer.status_code == 200
    assert answer.json() == {"version": before + 1}
    assert meeting.fresh().status == "lobby"


def test_a_command_out_of_turn_is_refused_with_one_sentence():
    meeting = Meeting()
    answer = meeting.facilitator.command("start")
    assert answer.status_code == 409
    assert set(answer.json()) == {"error"}
    assert meeting.fresh().status == "planned"


@pytest.mark.parametrize("name", sorted(COMMANDS - {"take_over"}))
def test_a_participant_may_not_command(name):
    meeting = Meeting().to_step(3)
    answer = meeting.people[4].command(name, step=4, minutes=1, person="x", sample="y")
    assert answer.status_code == 403
    assert "error" in answer.json()


def test_the_timekeeper_may_extend_and_nothing_else():
    meeting = Meeting().to_step(1)
    assert meeting.people[2].command("extend", minutes=2).status_code == 200
    assert meeting.people[2].command("next").status_code == 403
    assert meeting.facilitator.state()["step"]["minutes"] == meeting.session.state["steps"][0]["minutes"] + 2


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_stranger_is_told_that_there_is_nothing(name):
    meeting = Meeting().to_step(1)
    stranger = meeting.person(member_of(TeamFactory()))
    assert stranger.command(name).status_code == 404


def test_an_unknown_command_is_not_there():
    assert Meeting().facilitator.command("explode").status_code == 404


def test_nobody_commands_without_logging_in(client):
    meeting = Meeting()
    answer = client.post(meeting.url("command", "open"), headers={"accept": "application/json"})
    assert answer.status_code in {302, 401}
    assert meeting.fresh().status == "planned"


@pytest.mark.parametrize("step", ["99", "-1", "x", "1e3", "NaN", 1.5, [], {}, None, True, 10**30])
def test_a_malformed_argument_gets_a_sentence_and_changes_nothing(step):
    meeting = Meeting().to_step(1)
    version = meeting.fresh().version
    answer = meeting.facilitator.command("go_to", step=step)
    if step is True:  # JSON true is no number
        assert answer.status_code in {400, 409}
    assert answer.status_code in {400, 409}
    assert answer.json()["error"]
    assert meeting.fresh().version == version


def test_two_people_who_press_next_at_once_move_the_room_one_step():
    meeting = Meeting().to_step(1)
    other = meeting.people[4]
    assert other.command("take_over").status_code == 200
    assert meeting.people[4].command("next", step=1).status_code == 200
    second = meeting.people[4].command("next", step=1)
    assert second.status_code == 409
    assert meeting.fresh().state["index"] == 1


def test_any_member_may_take_over_and_everyone_sees_it():
    meeting = Meeting().to_step(1)
    assert meeting.people[4].command("take_over").status_code == 200
    roles = {row["id"]: row["role"] for row in meeting.facilitator.state()["people"]}
    assert roles[str(meeting.people[4].seat.pk)] == "facilitator"
    assert roles[str(meeting.facilitator.seat.pk)] == "participant"
    assert meeting.facilitator.command("next").status_code == 403


def test_a_member_of_the_team_who_was_not_planned_in_takes_a_seat():
    meeting = Meeting().to_step(1)
    late = meeting.person(member_of(meeting.team, name="Late Comer"))
    names = [row["name"] for row in late.state()["people"]]
    assert "Late Comer" in names
    assert late.command("take_over").status_code == 200


def test_a_command_that_changes_nothing_keeps_the_version():
    meeting = Meeting().to_making("reveal")
    first = meeting.facilitator.command("reveal", sample=str(meeting.samples[0].pk)).json()["version"]
    assert meeting.facilitator.command("reveal", sample=str(meeting.samples[0].pk)).json()["version"] == first


def test_the_log_holds_ids_and_counts_and_never_words_or_levels():
    meeting = Meeting().to_making("scores")
    meeting.score_all(meeting.people[4], 2, rationale="MARKED-WORDS")
    meeting.people[4].done(3)
    meeting.give("next", minute=4)
    meeting.give("reveal", minute=5)
    meeting.give("finish", minute=6)
    logged = str(list(SessionEvent.objects.values_list("name", "data")))
    assert "MARKED-WORDS" not in logged
    assert "level" not in logged
    assert {"started", "done", "revealed", "finished"} <= set(SessionEvent.objects.values_list("name", flat=True))


def test_a_plain_form_is_sent_back_to_the_room():
    meeting = Meeting()
    answer = meeting.facilitator.client.post(meeting.url("command", "open"), headers={"accept": "text/html"})
    assert answer.status_code == 302
    assert answer.url == reverse("sessions_app:room", args=[meeting.session.pk])


def test_a_room_that_does_not_exist_is_not_there():
    meeting = Meeting()
    url = reverse("sessions_app:command", args=[uuid.uuid4(), "open"])
    assert meeting.facilitator.client.post(url).status_code == 404
