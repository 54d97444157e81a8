"""Planning: one page, kind about what is missing, and never with work that still shows a name."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions_app.models import Session
from sessions_app.queries.plan import offers
from tests.factories import SampleFactory, TeamFactory, member_of
from tests.sessions_app.meeting import Meeting

pytestmark = pytest.mark.django_db


def form_of(meeting, **changes):
    data = {
        "purpose": "calibrate",
        "focus_question": "What counts as reasoning?",
        "protocol": "calibration-scoring",
        "assignment": str(meeting.assignment.pk),
        "samples": [str(sample.pk) for sample in meeting.samples],
        "rubric": str(meeting.rubric.rubric.pk) if meeting.rubric else "",
        "facilitator": str(meeting.users[0].pk),
        "presenter": str(meeting.users[1].pk),
        "timekeeper": "",
        "recorder": "",
        "people": [str(user.pk) for user in meeting.users],
        "starts_at": (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
        "minutes_at_hand": "60",
        "norm_to_watch": "",
    }
    return data | changes


def plan(meeting, **changes):
    return meeting.facilitator.client.post(reverse("sessions_app:plan"), form_of(meeting, **changes))


def test_a_plan_becomes_a_session_whose_steps_fit_the_time():
    meeting = Meeting(samples=3)
    answer = plan(meeting)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    session = Session.objects.exclude(pk=meeting.session.pk).get()
    assert session.status == "planned"
    assert sum(step["minutes"] for step in session.state["steps"]) <= 60
    assert min(step["minutes"] for step in session.state["steps"]) >= 1
    assert session.participants.get(user=meeting.users[1]).role == "presenter"


def test_the_minutes_that_were_typed_stand():
    meeting = Meeting()
    assert plan(meeting, **{"minutes-score": "7.5", "minutes-norms": "2"}).status_code == 302
    steps = Session.objects.exclude(pk=meeting.session.pk).get().state["steps"]
    assert {step["minutes"] for step in steps if step["key"] == "score"} == {7.5}
    assert next(step["minutes"] for step in steps if step["key"] == "norms") == 2


def test_work_that_still_waits_cannot_be_put_on_the_table():
    meeting = Meeting()
    waiting = SampleFactory(assignment=meeting.assignment, label="W", confirmed_at=None)
    answer = plan(meeting, samples=[str(waiting.pk)])
    assert answer.status_code == 422
    assert "names have not been checked yet" in answer.content.decode()
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("focus_question", ""), ("samples", []), ("starts_at", "soon"), ("minutes_at_hand", "5"), ("minutes_at_hand", "x"),
     ("purpose", "x"), ("protocol", "x"), ("rubric", "x"), ("assignment", "x"), ("facilitator", "x"), ("people", []),
     ("focus_question", "x" * 301)],
)  # fmt: skip
def test_what_is_missing_is_said_and_what_was_typed_is_kept(field, value):
    meeting = Meeting()
    answer = plan(meeting, **{"focus_question": "KEPT WORDS"} | {field: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert field == "focus_question" or "KEPT WORDS" in page
    assert Session.objects.count() == 1


def test_another_team_s_people_work_and_rubrics_cannot_be_chosen():
    meeting, other = Meeting(), Meeting()
    for field, value in [
        ("samples", [str(other.samples[0].pk)]),
        ("assignment", str(other.assignment.pk)),
        ("rubric", str(other.rubric.rubric.pk)),
        ("facilitator", str(other.users[0].pk)),
        ("people", [str(other.users[0].pk)]),
    ]:
        assert plan(meeting, **{field: value}).status_code == 422, field


def test_a_rubric_that_a_session_took_is_history():
    meeting = Meeting()
    meeting.rubric.refresh_from_db()
    assert meeting.rubric.used_at is not None


def test_a_plan_can_be_changed_until_the_session_starts():
    meeting = Meeting()
    url = meeting.url("edit")
    assert meeting.facilitator.client.get(url).status_code == 200
    assert meeting.people[4].client.get(url).status_code == 403
    answer = meeting.facilitator.client.post(url, form_of(meeting, samples=[str(meeting.samples[1].pk)]))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert [entry.label for entry in meeting.fresh().on_table.all()] == ["B"]
    assert meeting.fresh().state["samples"] == [str(meeting.samples[1].pk)]
    meeting.to_step(1)
    assert meeting.facilitator.client.get(url).status_code == 403


def test_the_focus_question_is_the_presenter_s_before_others_see_it():
    meeting = Meeting()
    question = meeting.session.focus_question
    assert question in meeting.presenter.get("room").content.decode()
    assert question not in meeting.people[4].get("room").content.decode()
    new = {"focus_question": "When does a quotation prove something?"}
    assert meeting.people[4].post("focus", new).status_code == 403
    assert meeting.presenter.post("focus", new).json() == {"saved": True}
    meeting.give("open")
    assert new["focus_question"] in meeting.people[4].get("room").content.decode()
    meeting.give("start")
    assert meeting.presenter.post("focus", new).status_code == 400


def test_one_joins_by_the_code_in_any_spelling():
    meeting = Meeting()
    code = meeting.session.join_code
    url = reverse("sessions_app:join")
    typed = f" {code[:3].lower()} {code[3:]} "
    assert meeting.people[4].client.post(url, {"code": typed}).url == meeting.url("room")
    assert meeting.people[4].client.get(url, {"code": code}).url == meeting.url("room")


def test_a_code_guessed_again_and_again_is_refused_for_a_while():
    meeting = Meeting()
    url, client = reverse("sessions_app:join"), meeting.person(member_of(TeamFactory())).client
    answers = [client.post(url, {"code": f"AAAA{n:02d}"}).status_code for n in range(12)]
    assert answers[:10] == [404] * 10
    assert answers[10:] == [429, 429]
    assert client.post(url, {"code": meeting.session.join_code}).status_code == 429
    script = client.post(url, {"code": "AAAA99"}, headers={"accept": "application/json"})
    assert (script.status_code, list(script.json())) == (429, ["error"])
    assert meeting.people[4].client.post(url, {"code": meeting.session.join_code}).status_code == 302


def test_another_team_s_code_opens_nothing():
    meeting = Meeting()
    stranger = meeting.person(member_of(TeamFactory())).client
    assert stranger.post(reverse("sessions_app:join"), {"code": meeting.session.join_code}).status_code == 404


def test_the_calendar_file_says_when_and_where():
    meeting = Meeting()
    answer = meeting.people[4].get("calendar")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20261124T150000Z" in text
    assert str(meeting.session.pk) in text.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_steps_follow_the_time_and_never_go_below_a_minute():
    meeting = Meeting()
    url = reverse("sessions_app:plan_steps")
    for minutes in ("10", "45", "abc", "-3", "1e9", "", "480"):
        answer = meeting.facilitator.client.get(url, {"minutes_at_hand": minutes, "samples": ["a", "b", "c"]})
        assert answer.status_code == 200


def test_next_steps_have_an_owner_and_come_back_on_the_board():
    meeting = Meeting().to_step(11)
    post = {"text": "Ask what a quotation proves.", "students": "those who quote", "due": "2026-12-12",
            "owner": str(meeting.people[4].seat.pk), "client_id": "7f1c9d9e-6f5b-4a44-9a2c-2f8d6d8c5b13"}  # fmt: skip
    for _ in range(2):
        assert meeting.people[3].post("next_step", post).json() == {"saved": True}
    step = meeting.session.next_steps.get()
    board = reverse("sessions_app:next_steps")
    assert "Ask what a quotation proves." in meeting.people[4].client.get(board).content.decode()
    url = reverse("sessions_app:next_step_update", args=[step.pk])
    moved = {"state": "done", "outcome": "Seven of nine could say it."}
    assert meeting.people[2].client.post(url, moved, headers={"accept": "application/json"}).status_code == 403
    assert meeting.people[4].client.post(url, moved).status_code == 302
    step.refresh_from_db()
    assert (step.state, step.outcome, step.done_at is not None) == ("done", "Seven of nine could say it.", True)
    stranger = meeting.person(member_of(TeamFactory())).client
    assert stranger.post(url, moved).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"), [("text", ""), ("text", "x" * 501), ("owner", "x"), ("owner", ""), ("due", "soon")]
)
def test_a_next_step_that_makes_no_sense_gets_one_sentence(field, value):
    meeting = Meeting().to_step(11)
    post = {"text": "Do it.", "students": "", "due": "", "owner": str(meeting.people[4].seat.pk),
            "client_id": "7f1c9d9e-6f5b-4a44-9a2c-2f8d6d8c5b14"}  # fmt: skip
    answer = meeting.people[3].post("next_step", post | {field: value})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_minutes_that_were_worked_out_for_another_time_are_not_believed():
    meeting = Meeting(samples=3)
    shown = {"minutes-score": "10", "minutes-discuss": "8", "minutes-read": "10"}
    assert plan(meeting, minutes_at_hand="60", shown_for="calibration-scoring:3:90", **shown).status_code == 302
    session = Session.objects.exclude(pk=meeting.session.pk).get()
    assert sum(step["minutes"] for step in session.state["steps"]) <= 60


def test_minutes_that_were_typed_stand_while_the_other_steps_are_scaled():
    meeting = Meeting(samples=3)
    url = reverse("sessions_app:plan_steps")
    asked = {"minutes_at_hand": "60", "samples": ["a", "b", "c"], "minutes-score": "7.5"}
    page = meeting.facilitator.client.get(url, asked).content.decode()
    assert 'name="minutes-score" type="number" inputmode="decimal" min="1" max="240" step="0.5" value="7.5"' in page
    assert 'name="minutes-discuss" type="number" inputmode="decimal" min="1" max="240" step="0.5" value="8"' not in page


# --- by which steps


def page_of(meeting):
    return meeting.facilitator.client.get(reverse("sessions_app:plan")).content.decode()


def test_the_page_offers_each_protocol_with_its_minutes_as_a_bar_and_those_for_the_purpose_first():
    page = page_of(Meeting())
    assert page.count('class="minutes-bar"') >= 4
    first = page.index('value="calibration-scoring"')
    assert first < page.index('value="atlas"')
    assert first < page.index('value="describe-wonder-plan"')
    assert "50 minutes" in page
    assert "91 minutes for three samples" in page


@pytest.mark.parametrize(
    ("purpose", "first"),
    [("calibrate", "calibration-scoring"), ("understand_thinking", "atlas"), ("equity", "atlas"),
     ("improve_task", "describe-wonder-plan"), ("nonsense", "calibration-scoring")],
)  # fmt: skip
def test_each_purpose_has_a_protocol_that_suits_it_best(purpose, first):
    assert offers(purpose)[0].slug == first
    suits = [offer.suits for offer in offers(purpose)]
    assert suits == sorted(suits, reverse=True)


def test_a_protocol_without_scores_needs_no_rubric():
    meeting = Meeting(protocol="atlas")
    answer = plan(meeting, protocol="atlas", purpose="understand_thinking", names_at_reveal="on")
    assert answer.status_code == 302, answer.content.decode()[:3000]
    session = Session.objects.exclude(pk=meeting.session.pk).get()
    assert session.rubric_version is None
    assert not session.names_at_reveal
    assert [step["key"] for step in session.state["steps"]][:2] == ["getting_started", "describing"]


def test_a_rubric_that_came_along_all_the_same_is_not_laid_on_the_table():
    meeting = Meeting()
    for rubric in (str(meeting.rubric.rubric.pk), "x"):
        assert plan(meeting, protocol="describe-wonder-plan", rubric=rubric).status_code == 302
    assert set(Session.objects.exclude(pk=meeting.session.pk).values_list("rubric_version", flat=True)) == {None}


def test_a_protocol_that_scores_still_asks_for_a_rubric():
    answer = plan(Meeting(), rubric="")
    assert answer.status_code == 422
    assert "Scoring needs a rubric" in answer.content.decode()


def test_the_page_asks_for_no_rubric_where_nobody_scores():
    meeting = Meeting(protocol="describe-wonder-plan")
    page = meeting.facilitator.client.get(meeting.url("edit")).content.decode()
    assert '<div data-when="scores" hidden>' in page
    assert "One sample is plenty" in page
    assert 'value="describe-wonder-plan" aria-describedby="about-describe-wonder-plan" checked' in page


def test_a_session_may_change_from_looking_to_scoring_and_back():
    meeting = Meeting()
    edit = meeting.url("edit")
    assert meeting.facilitator.client.post(edit, form_of(meeting, protocol="atlas")).status_code == 302
    assert meeting.fresh().rubric_version is None
    assert meeting.facilitator.client.post(edit, form_of(meeting)).status_code == 302
    assert meeting.fresh().rubric_version == meeting.rubric


def test_too_little_time_for_a_protocol_with_floors_is_said_with_what_it_needs():
    meeting = Meeting(protocol="atlas")
    query = {"protocol": "atlas", "minutes_at_hand": "12", "samples": [str(meeting.samples[0].pk)]}
    page = meeting.facilitator.client.get(reverse("sessions_app:plan_steps"), query).content.decode()
    assert "These steps need 20 minutes at the least" in page
    assert 'data-makes="looks"' in page
