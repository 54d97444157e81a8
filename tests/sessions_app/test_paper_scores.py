"""Typing in what was scored on paper: who may, what is refused and kept, who sees what when, and what comes of it."""

import json
import re
import uuid
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from insights.queries import session_agreement
from insights.scorers import Scorers
from reports.access import Audience
from reports.queries import record_of
from reports.record_document import record_data
from reports.record_json import record_json
from reports.record_tables import tables
from sessions_app.domain import paper as domain
from sessions_app.engine import RunStep, State
from sessions_app.models import PaperSheet, Participant, Score, Session, SessionEvent
from sessions_app.queries.paper import layout_of
from tests.factories import SampleFactory, UserFactory, member_of
from tests.sessions_app.meeting import START, Meeting

pytestmark = pytest.mark.django_db
LEVELS = [(1, 2), (2, 2), (2, 3), (4, 3), (4, 1)]  # of each scorer, for sample A and B


@pytest.fixture
def meeting():
    return Meeting()


def cells_of(meeting, *levels):
    """What is typed for each sample in turn: its level on every criterion."""
    return {
        f"cell-1-{sample.pk}-{criterion.pk}": str(level)
        for sample, level in zip(meeting.samples, levels, strict=False)
        for criterion in meeting.criteria
    }


def post(person, data, **headers):
    return person.client.post(person.meeting.url("paper"), data, headers=headers)


def as_json(person, data):
    return person.post("paper", {"client_id": str(uuid.uuid4())} | data)


def type_in(meeting, number, *levels, by=None, **more):
    answer = as_json(by or meeting.facilitator, {"sheet": number} | cells_of(meeting, *levels) | more)
    assert answer.status_code == 200, answer.content
    return answer.json()


def all_sheets(meeting):
    for number, levels in enumerate(LEVELS, start=1):
        type_in(meeting, number, *levels)


def count(meeting, **more):
    answer = as_json(meeting.facilitator, {"do": "all"} | more)
    assert answer.status_code == 200, answer.content
    return answer.json()


def page(person, query=""):
    return person.client.get(person.meeting.url("paper") + query)


def values_on(answer):
    return [value for value in re.findall(r'name="cell-[^"]*" value="([^"]*)"', answer.content.decode()) if value]


def join_on_screens(meeting):
    """The same scores given on screens, everyone their own, and revealed."""
    meeting.to_step(1)
    steps = meeting.fresh().state["steps"]
    for at, sample in enumerate(meeting.samples):
        here = next(n for n, s in enumerate(steps, 1) if s["makes"] == "scores" and s["sample"] == str(sample.pk))
        meeting.give("go_to", step=here)
        for person, levels in zip(meeting.people, LEVELS, strict=True):
            meeting.score_all(person, levels[at], sample=at)
        meeting.give("reveal", sample=str(sample.pk))


# --- who may ------------------------------------------------------------------------------------------------


def test_the_facilitator_types_and_a_member_may_not(meeting):
    assert page(meeting.facilitator).status_code == 200
    for person in meeting.people[1:]:
        assert page(person).status_code == 403
        assert as_json(person, {"sheet": 1} | cells_of(meeting, 1)).status_code == 403
        assert as_json(person, {"do": "all"}).status_code == 403
    assert not PaperSheet.objects.exists()


def test_a_co_facilitator_may_and_so_may_who_took_over(meeting):
    Participant.objects.filter(pk=meeting.people[4].seat.pk).update(role="co_facilitator")
    assert page(meeting.people[4]).status_code == 200
    meeting.people[3].command("take_over")
    assert page(meeting.people[3]).status_code == 200
    assert page(meeting.facilitator).status_code == 403


def test_a_stranger_finds_nothing_and_nobody_is_sent_to_log_in(meeting):
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(meeting.url("paper")).status_code == 404
    assert stranger.post(meeting.url("paper"), {"do": "all"}).status_code == 404
    assert Client().get(meeting.url("paper")).status_code == 302


def test_being_refused_takes_no_seat(meeting):
    late = meeting.person(member_of(meeting.team))
    assert page(late).status_code == 403
    assert not Participant.objects.filter(user=late.client.session["_auth_user_id"], session=meeting.session).exists()


def test_the_domain_asks_once_more_who_may(meeting):
    with pytest.raises(PermissionDenied):
        domain.count_sheets(session=meeting.session, by=meeting.people[4].seat, now=START)


# --- typing -------------------------------------------------------------------------------------------------


def test_a_sheet_is_kept_and_the_next_one_offered(meeting):
    said = type_in(meeting, 1, 3, 2)
    assert said["scores"] == 2 * len(meeting.criteria)
    assert said["next"].endswith("?sheet=2&saved=1")
    shown = meeting.facilitator.client.get(said["next"])
    assert b"<h2>Sheet 2</h2>" in shown.content
    assert b"Sheet 1 is saved" in shown.content
    assert not Score.objects.exists()


def test_it_works_as_a_plain_form(meeting):
    answer = post(meeting.facilitator, {"sheet": "1", "seen": "0", "do": "save"} | cells_of(meeting, 3))
    assert (answer.status_code, answer.url) == (302, meeting.url("paper") + "?sheet=2&saved=1")
    assert len(PaperSheet.objects.get().cells) == len(meeting.criteria)


def test_an_empty_cell_is_no_score_and_an_empty_sheet_no_sheet(meeting):
    first = next(iter(cells_of(meeting, 3)))
    type_in(meeting, 1, 3, **{first: "  "})
    assert len(PaperSheet.objects.get().cells) == len(meeting.criteria) - 1
    answer = as_json(meeting.facilitator, {"sheet": 2})
    assert (answer.status_code, answer.json()["error"]) == (400, "Nothing is typed into sheet 2 yet.")


def test_typing_again_corrects(meeting):
    type_in(meeting, 1, 3, 2)
    type_in(meeting, 1, 4, seen=1)
    sheet = PaperSheet.objects.get()
    assert {level for *_, level in sheet.cells} == {4}
    assert (sheet.revision, len(sheet.cells)) == (2, len(meeting.criteria))


def test_the_same_form_twice_counts_once(meeting):
    same = {"client_id": str(uuid.uuid4()), "seen": "0", "sheet": "1"} | cells_of(meeting, 3)
    answers = [as_json(meeting.facilitator, same) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert PaperSheet.objects.get().revision == 1
    further = {"client_id": str(uuid.uuid4()), "sheet": "1", "as_new": "1"} | cells_of(meeting, 3)
    assert [as_json(meeting.facilitator, further).json()["sheet"] for _ in range(2)] == [2, 2]
    assert PaperSheet.objects.count() == 2


def test_a_correction_from_an_old_form_is_not_taken_for_a_repetition(meeting):
    form = {"client_id": str(uuid.uuid4()), "seen": "0", "sheet": "1"}
    as_json(meeting.facilitator, form | cells_of(meeting, 3))
    answer = post(meeting.facilitator, form | cells_of(meeting, 2))
    assert answer.status_code == 409
    assert set(values_on(answer)) == {"2"}
    again = re.search(rb'name="client_id" value="([^"]+)"', answer.content)[1].decode()
    assert (
        as_json(meeting.facilitator, form | {"client_id": again, "seen": "1"} | cells_of(meeting, 2)).status_code == 200
    )
    assert {level for *_, level in PaperSheet.objects.get().cells} == {2}


def test_two_people_with_two_piles_never_write_over_each_other(meeting):
    Participant.objects.filter(pk=meeting.people[4].seat.pk).update(role="co_facilitator")
    type_in(meeting, 1, 3, seen=0)
    answer = post(meeting.people[4], {"sheet": "1", "seen": "0"} | cells_of(meeting, 1))
    assert answer.status_code == 409
    assert b"typed in meanwhile by" in answer.content
    assert set(values_on(answer)) == {"1"}
    assert b"Keep it as sheet 2" in answer.content
    assert as_json(meeting.people[4], {"sheet": 1, "as_new": "1"} | cells_of(meeting, 1)).json()["sheet"] == 2
    assert {level for *_, level in PaperSheet.objects.get(number=1).cells} == {3}


def test_a_sheet_is_taken_out_and_taking_it_out_again_changes_nothing(meeting):
    type_in(meeting, 1, 3)
    for _ in range(2):
        assert as_json(meeting.facilitator, {"do": "remove", "sheet": 1}).status_code == 200
    assert not PaperSheet.objects.exists()


# --- what is refused ----------------------------------------------------------------------------------------


ODD_CELLS = ["0", "5", "-1", "3.0", "3,", "33", "x", "½", "٣", "３", "NaN", "1e1", "<i>1</i>", "\u202e1"]


def test_a_bad_cell_is_named_in_one_sentence_and_nothing_is_lost(meeting):
    cells = cells_of(meeting, 3, 2)
    name = f"cell-1-{meeting.samples[1].pk}-{meeting.criteria[0].pk}"
    for typed in ODD_CELLS:
        answer = post(meeting.facilitator, {"sheet": "2"} | cells | {name: typed})
        assert answer.status_code == 400
        said = as_json(meeting.facilitator, {"sheet": "2"} | cells | {name: typed}).json()
        assert said["error"].startswith(f"Sheet 2, sample B, {meeting.criteria[0].title}: “{typed}” is not a level;")
        assert said["error"].count(".") - typed.count(".") == 1
        assert said["cells"] == {name: said["error"]}
        assert len(values_on(answer)) == len(cells)
        assert b"aria-invalid" in answer.content
        assert b"<i>1</i>" not in answer.content
    assert not PaperSheet.objects.exists()


def test_a_megabyte_in_a_cell_is_a_sentence_and_not_sent_back(meeting):
    name = next(iter(cells_of(meeting, 1)))
    answer = post(meeting.facilitator, {"sheet": "1", name: "9" * 1_000_000})
    assert answer.status_code == 400
    assert len(answer.content) < 100_000
    assert "“99999999999…” is not a level".encode() in answer.content


def test_cells_of_other_sessions_and_no_cells_at_all_are_refused(meeting):
    other = Meeting()
    strays = [
        cells_of(other, 3),
        {f"cell-1-{SampleFactory(assignment=meeting.assignment).pk}-{meeting.criteria[0].pk}": "3"},
        {f"cell-2-{meeting.samples[0].pk}-{meeting.criteria[0].pk}": "3"},
        {"cell-": "3"},
        {"cell-1-../../etc": "3"},
    ]
    for stray in strays:
        answer = as_json(meeting.facilitator, {"sheet": 1} | cells_of(meeting, 3) | stray)
        assert answer.status_code == 400, stray
        assert "plan has changed" in answer.json()["error"]
    assert not PaperSheet.objects.exists()


ODD_FIELDS = [
    {"sheet": 0}, {"sheet": 201}, {"sheet": "x"}, {"sheet": None}, {"sheet": [1]}, {"sheet": True},
    {"sheet": "9" * 5000},
    {"client_id": "x"}, {"client_id": ["a"]}, {"seen": "x"}, {"seen": [1]}, {"do": "drop"}, {"do": ["save"]},
]  # fmt: skip


def test_odd_fields_get_a_sentence(meeting):
    name = next(iter(cells_of(meeting, 1)))
    for odd in [*ODD_FIELDS, *({name: value} for value in ([3], {"a": 3}, True, 3.0, [[]]))]:
        answer = as_json(meeting.facilitator, {"sheet": 1} | cells_of(meeting, 3) | odd)
        assert answer.status_code == 400, odd
        assert answer.json()["error"].endswith(".")
    assert not PaperSheet.objects.exists()


def test_odd_addresses_show_the_next_sheet(meeting):
    for query in ("?sheet=x", "?sheet=0", "?sheet=999999999999", "?sheet=-1&saved=y", "?sheet=%00"):
        assert b"<h2>Sheet 1</h2>" in page(meeting.facilitator, query).content
    assert meeting.facilitator.client.put(meeting.url("paper")).status_code == 405


def test_without_scoring_there_is_nothing_to_type_in():
    meeting = Meeting(protocol="atlas")
    answer = page(meeting.facilitator)
    assert answer.status_code == 409
    assert b"Nobody scores in this session" in answer.content
    assert as_json(meeting.facilitator, {"sheet": 1}).status_code == 409


def test_a_finished_session_takes_nothing(meeting):
    type_in(meeting, 1, 3)
    meeting.to_making("scores")
    meeting.give("finish")
    for answer in (page(meeting.facilitator), post(meeting.facilitator, {"sheet": "1"} | cells_of(meeting, 3))):
        assert answer.status_code == 409
        assert b"Open the record" in answer.content
    assert as_json(meeting.facilitator, {"do": "all"}).status_code == 409
    assert not Score.objects.exists()


def test_what_was_revealed_on_screens_stays_closed(meeting):
    type_in(meeting, 1, 3, 2)
    meeting.to_making("scores")
    meeting.give("reveal", sample=str(meeting.samples[0].pk))
    answer = as_json(meeting.facilitator, {"sheet": 2} | cells_of(meeting, 3, 2))
    assert answer.status_code == 400
    assert "Sheet 2, sample A" in answer.json()["error"]
    assert "has been revealed" in answer.json()["error"]
    said = count(meeting)
    assert (said["scores"], said["skipped"]) == (len(meeting.criteria), len(meeting.criteria))
    assert set(Score.objects.values_list("sample", flat=True)) == {meeting.samples[1].pk}


def test_no_sheets_are_not_all_and_a_sheet_more_than_was_seen_is_said(meeting):
    assert as_json(meeting.facilitator, {"do": "all"}).status_code == 409
    type_in(meeting, 1, 3)
    type_in(meeting, 2, 3)
    answer = as_json(meeting.facilitator, {"do": "all", "sheets": 1})
    assert (answer.status_code, "Meanwhile 2 sheets" in answer.json()["error"]) == (409, True)
    assert meeting.fresh().status == "planned"


def test_sheets_that_the_plan_left_behind_do_not_close_it(meeting):
    sheet = PaperSheet.objects.create(
        session=meeting.session, number=1, client_id=uuid.uuid4(), typed_by=meeting.facilitator.seat, typed_at=START,
        cells=[[str(uuid.uuid4()), str(uuid.uuid4()), 1, 3]],
    )  # fmt: skip
    assert b"0 of" in page(meeting.facilitator).content
    answer = as_json(meeting.facilitator, {"do": "all"})
    assert answer.status_code == 409
    assert meeting.fresh().status == "planned"
    assert PaperSheet.objects.get(pk=sheet.pk).counted_at is None


# --- blind until the reveal ---------------------------------------------------------------------------------


def test_before_these_are_all_nobody_but_the_typist_sees_a_level(meeting):
    Participant.objects.filter(pk=meeting.people[4].seat.pk).update(role="co_facilitator")
    type_in(meeting, 1, 4, 4)
    assert set(values_on(page(meeting.facilitator, "?sheet=1"))) == {"4"}
    assert values_on(page(meeting.people[4], "?sheet=1")) == []
    assert b"not shown to you" in page(meeting.people[4], "?sheet=1").content
    assert not Score.objects.exists()
    for person in meeting.people:
        state = person.get("state", accept="application/json").json()
        assert state["version"] == meeting.session.version
        assert not any(sample["revealed"] for sample in state["samples"])
        assert person.client.get(reverse("reports:record", args=[meeting.session.pk])).status_code == 409
    assert not SessionEvent.objects.filter(name="typed_from_paper").exists()


def test_no_page_with_a_level_on_it_is_kept_by_a_browser(meeting):
    type_in(meeting, 1, 4)
    assert "no-store" in page(meeting.facilitator, "?sheet=1").headers["Cache-Control"]


def test_who_takes_over_from_the_typist_does_not_see_their_sheets(meeting):
    type_in(meeting, 1, 4)
    meeting.people[3].command("take_over")
    assert values_on(page(meeting.people[3], "?sheet=1")) == []


# --- these are all ------------------------------------------------------------------------------------------


def test_after_it_the_figures_are_those_of_the_same_scores_on_screens(meeting):
    all_sheets(meeting)
    assert count(meeting)["scores"] == 5 * 2 * len(meeting.criteria)
    screens = Meeting()
    join_on_screens(screens)
    on_paper, on_screens = (
        session_agreement(each.fresh(), State.from_json(each.fresh().state)) for each in (meeting, screens)
    )
    assert on_paper.overall == on_screens.overall
    assert [row.figures for row in on_paper.criteria] == [row.figures for row in on_screens.criteria]
    for each in (meeting, screens):
        each.give("finish", minute=5)
    told, same = (record_of(each.fresh(), Audience.TEAM) for each in (meeting, screens))
    assert told.scorers == same.scorers == 5
    assert told.agreement.overall == same.agreement.overall

    def levels(record):
        return [[sorted(mark.before for mark in row.marks) for row in sample.criteria] for sample in record.samples]

    assert levels(told) == levels(same)


def test_the_session_has_begun_and_waits_with_everything_revealed(meeting):
    all_sheets(meeting)
    count(meeting)
    state = meeting.people[4].state()
    assert state["status"] == "paused"
    assert state["step"]["makes"] == "reveal"
    assert all(sample["revealed"] for sample in state["samples"])
    row = meeting.fresh()
    assert sum(row.state["spent"]) == 0
    assert sorted(row.state["closed"]) == sorted(row.state["opened"]) == sorted(row.state["revealed"])
    panel = meeting.people[4].get("panel", "reveal").content.decode()
    assert "5 scores" in panel
    assert "Scorer" not in panel


def test_the_log_says_how_many_and_by_whom_and_no_level(meeting):
    all_sheets(meeting)
    count(meeting)
    event = SessionEvent.objects.get(name="typed_from_paper")
    assert event.participant == meeting.facilitator.seat
    assert event.data == {"sheets": 5, "scores": 10 * len(meeting.criteria), "began": 1}
    assert meeting.fresh().version == meeting.session.version + 1


def test_saying_it_twice_counts_once(meeting):
    all_sheets(meeting)
    first, again = count(meeting), count(meeting)
    assert first == again
    assert SessionEvent.objects.filter(name="typed_from_paper").count() == 1
    assert not any(PaperSheet.objects.values_list("cells", flat=True))
    shown = page(meeting.facilitator)
    assert b"The scores are in" in shown.content
    assert as_json(meeting.facilitator, {"sheet": 6} | cells_of(meeting, 3)).status_code == 409


def test_what_was_agreed_and_noted_goes_in_through_the_room(meeting):
    all_sheets(meeting)
    count(meeting)
    agreed = {"sample": str(meeting.samples[0].pk), "criterion": str(meeting.criteria[0].pk), "level": 2}
    answer = meeting.facilitator.post("consensus", agreed | {"rationale": "line 4", "client_id": str(uuid.uuid4())})
    assert answer.status_code == 200, answer.content
    steps = meeting.fresh().state["steps"]
    at = next(n for n, step in enumerate(steps, 1) if step["makes"] == "notes" and "evidence" in step["kinds"])
    assert meeting.facilitator.command("go_to", step=at).status_code == 200
    assert meeting.facilitator.note("evidence", "from the paper", step=at).status_code == 200
    done = meeting.facilitator.client.post(
        meeting.url("command", "finish"),
        {"next": reverse("reports:record", args=[meeting.session.pk])},
        headers={"accept": "text/html"},
    )
    assert done.url == reverse("reports:record", args=[meeting.session.pk])


def test_a_session_that_runs_stays_at_its_step(meeting):
    meeting.to_step(3)
    all_sheets(meeting)
    count(meeting)
    row = meeting.fresh()
    assert (row.status, row.state["index"]) == ("running", 2)
    assert SessionEvent.objects.get(name="typed_from_paper").data["began"] == 0
    assert all(sample["revealed"] for sample in meeting.facilitator.state()["samples"])


def test_those_who_were_there_are_those_who_were_ticked(meeting):
    all_sheets(meeting)
    there = [str(person.seat.pk) for person in meeting.people[1:3]]
    answer = post(meeting.facilitator, {"do": "all", "there": [*there, "x", str(uuid.uuid4())]})
    assert answer.status_code == 302
    meeting.facilitator.command("finish")
    people = {person.name for person in record_of(meeting.fresh(), Audience.TEAM).people}
    assert people == {str(person.seat.user) for person in meeting.people[:3]}


def test_a_second_round_is_typed_in_beside_the_first(meeting):
    state = State.from_json(meeting.session.state)
    sample = str(meeting.samples[0].pk)
    again = RunStep(key="again", title="Score again", minutes=5, makes="scores", sample=sample, round=2)
    longer = replace(state, steps=(*state.steps, again), spent=(*state.spent, 0.0))
    Session.objects.filter(pk=meeting.session.pk).update(state=longer.to_json())
    later = {f"cell-2-{sample}-{criterion.pk}": "4" for criterion in meeting.criteria}
    type_in(meeting, 1, 1, 2, **later)
    type_in(meeting, 2, 3, 2, **later)
    count(meeting)
    meeting.give("finish", minute=5)
    told = record_of(meeting.fresh(), Audience.TEAM)
    assert told.samples[0].has_second_round
    assert sorted((mark.before, mark.after) for mark in told.samples[0].criteria[0].marks) == [(1, 4), (3, 4)]
    assert told.agreement_after.overall.exact == 1


# --- what it leaves behind ----------------------------------------------------------------------------------


def finished(meeting):
    all_sheets(meeting)
    count(meeting)
    meeting.give("finish", minute=5)
    return reverse("reports:record", args=[meeting.session.pk])


def test_the_record_says_in_a_sentence_that_it_was_typed_in(meeting):
    address = finished(meeting)
    client = meeting.people[4].client
    sentence = "The scores were given on paper, and typed in afterwards."
    shown = client.get(address).content.decode()
    assert sentence in shown
    assert "not reached" not in shown
    assert client.get(address, {"format": "json"}).json()["typed_from_paper"].startswith(sentence)
    assert sentence in client.get(address, {"format": "csv"}).content.decode()
    told = record_of(meeting.fresh(), Audience.TEAM)
    assert ("typed_from_paper", told.on_paper.sentence, None) in tables(told)[0].rows  # the workbook's
    assert record_data(told, zone=ZoneInfo("UTC"))["paper"] == told.on_paper.sentence  # the PDF's


def test_the_records_scorers_are_not_the_sheets_in_their_order(meeting):
    finished(meeting)
    Session.objects.filter(pk=meeting.session.pk).update(shuffle=uuid.UUID(int=3))
    orders = set()
    for seed in range(8):
        Session.objects.filter(pk=meeting.session.pk).update(shuffle=uuid.UUID(int=seed))
        marks = record_of(meeting.fresh(), Audience.TEAM).samples[0].criteria[0].marks
        orders.add(tuple(mark.before for mark in marks))
    assert len(orders) > 1


def test_a_record_of_screens_says_nothing_of_paper(meeting):
    join_on_screens(meeting)
    meeting.give("finish")
    told = record_of(meeting.fresh(), Audience.TEAM)
    assert told.on_paper is None
    assert "typed_from_paper" not in record_json(told)


def test_paper_beside_screens_says_some(meeting):
    meeting.to_making("scores")
    meeting.score_all(meeting.people[4], 3)
    type_in(meeting, 1, 2, 2)
    count(meeting)
    meeting.give("finish", minute=5)
    told = record_of(meeting.fresh(), Audience.TEAM)
    assert told.on_paper.sentence == "Some of the scores were given on paper, and typed in afterwards."
    assert told.is_timed
    assert told.scorers == 2


def test_a_nameless_sheet_is_nobodys_score_even_where_names_are_shown():
    meeting = Meeting(names_at_reveal=True)
    all_sheets(meeting)
    count(meeting)
    panel = meeting.people[4].get("panel", "reveal").content.decode()
    assert "5 scores" in panel
    claim = {"sample": str(meeting.samples[0].pk), "criterion": str(meeting.criteria[0].pk), "claimed": True}
    assert meeting.people[4].post("claim", claim).status_code == 400


def test_a_score_is_a_persons_or_a_sheets_and_never_both_or_neither(meeting):
    sheet = PaperSheet.objects.create(session=meeting.session, number=1, client_id=uuid.uuid4(), typed_at=START)
    fields = {
        "session": meeting.session, "sample": meeting.samples[0], "criterion": meeting.criteria[0], "level": 2,
        "updated_at": START,
    }  # fmt: skip
    for whose in ({}, {"sheet": sheet, "participant": meeting.people[0].seat}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Score.objects.create(**fields, **whose)
    Score.objects.create(**fields, sheet=sheet)


def test_sheets_of_two_meetings_are_not_more_people_than_one_meeting_had():
    found = Scorers()
    first, second, rosa = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    for session in (first, second):
        for _ in range(3):
            found.add(session=session, user=None, sheet=uuid.uuid4())
        found.add(session=session, user=rosa, sheet=None)
    assert found.at_least == 4
    assert Scorers().at_least == 0


# --- finding it ---------------------------------------------------------------------------------------------


def test_the_facilitator_finds_it_in_the_lobby_and_others_do_not(meeting):
    assert meeting.url("paper") in meeting.facilitator.get("room").content.decode()
    assert meeting.url("paper") not in meeting.people[4].get("room").content.decode()
    meeting.to_step(2)
    assert meeting.url("paper") in meeting.facilitator.get("room").content.decode()


def test_the_packets_page_and_the_plan_lead_to_it(meeting):
    packet = reverse("reports:packet", args=[meeting.session.pk])
    waiting = meeting.facilitator.client.get(packet, headers={"accept": "text/html"})
    assert meeting.url("paper") in waiting.content.decode()
    assert meeting.url("paper") not in meeting.people[4].client.get(packet).content.decode()
    assert packet in meeting.facilitator.get("edit").content.decode()


def test_the_page_asks_as_much_for_many_sheets_as_for_one(meeting, django_assert_max_num_queries):
    for number in range(1, 13):
        type_in(meeting, number, 1)
    with django_assert_max_num_queries(24):
        page(meeting.facilitator, "?sheet=3")


def test_the_layout_is_the_printed_sheet(meeting):
    shown = layout_of(meeting.fresh())
    assert len(shown.cells) == len(meeting.samples) * len(meeting.criteria)
    assert json.dumps(list(shown.cells))
