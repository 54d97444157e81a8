"""The record: what it tells, and what it keeps to itself."""

import json
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.access import Audience
from reports.queries import record_of, scorer_numbers
from sessions_app.models import Session
from tests.factories import MembershipFactory, UserFactory
from tests.reports.story import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return Story()


def text_of(response):
    return response.content.decode()


# --- when and for whom ------------------------------------------------------------------------------------


def test_it_is_there_at_once_when_the_session_finishes(story):
    assert story.page().status_code == 200
    assert story.json()["session"] == str(story.session.pk)


def test_before_the_end_it_says_when_it_will_come():
    story = Story(finish=False)
    page = story.page()
    answer = story.client(story.meeting.users[0]).get(story.url(), {"format": "json"})
    assert (page.status_code, answer.status_code) == (409, 409)
    assert "The record is written when the session finishes." in text_of(page)
    assert answer.json() == {"error": "The record is written when the session finishes."}


def test_a_session_that_is_reopened_has_its_record_again_when_it_finishes(story):
    story.meeting.give("reopen", minute=31)
    assert story.page().status_code == 409
    story.meeting.give("finish", minute=32)
    assert story.page().status_code == 200


def test_a_script_that_prefers_json_gets_json(story):
    answer = story.client(story.meeting.users[0]).get(story.url(), headers={"accept": "application/json"})
    assert answer.json()["team"] == story.session.team.name


@pytest.mark.parametrize("form", ["docx", "PDF", "../x", "json "])
def test_a_format_that_there_is_not_gets_one_sentence(story, form):
    client = story.client(story.meeting.users[0])
    page = client.get(story.url(), {"format": form})
    answer = client.get(story.url(), {"format": form}, headers={"accept": "application/json"})
    assert page.status_code == answer.status_code == 400
    assert "as a page or as JSON" in text_of(page)
    assert "as a page or as JSON" in answer.json()["error"]


@pytest.mark.parametrize("form", ["", "json"])
def test_a_stranger_is_told_that_there_is_nothing(story, form):
    stranger = story.client(MembershipFactory().user)
    assert stranger.get(story.url(), {"format": form} if form else {}).status_code == 404


def test_a_colleague_of_another_team_in_the_same_school_is_a_stranger(story):
    colleague = MembershipFactory(team__school=story.session.team.school).user
    assert story.page(colleague).status_code == 404


def test_someone_without_a_session_is_sent_to_log_in(story, client):
    assert client.get(story.url()).status_code == 302


# --- the story --------------------------------------------------------------------------------------------


def test_it_tells_why_the_team_met_and_how_long(story):
    Session.objects.filter(pk=story.session.pk).update(norm_to_watch="Point to the work.")
    text = text_of(story.page())
    assert "Where does a quotation become evidence?" in text
    assert "Agree on what proficient means" in text
    assert "Point to the work." in text
    assert "Calibration scoring · 30 minutes" in text


def test_it_names_who_came_and_not_who_was_only_invited(story):
    invited = story.meeting.person(UserFactory(name="Never Came"))
    story.session.participants.create(user=UserFactory(name="Only Invited"))
    names = [person["name"] for person in story.json()["people"]]
    assert names == sorted(str(user) for user in story.meeting.users)
    assert invited.seat is None


def test_who_looks_into_the_room_afterwards_was_not_there(story):
    late = story.session.participants.create(user=UserFactory(name="Came Later"))
    late.joined_at = story.session.finished_at.replace(year=2027)
    late.save()
    assert "Came Later" not in [person["name"] for person in story.json()["people"]]


def test_who_wrote_without_opening_the_page_was_there(story):
    person = story.meeting.people[4]
    person.seat.joined_at = None
    person.seat.save()
    assert str(person.seat.user) in [one["name"] for one in story.json()["people"]]


def test_it_says_what_each_did(story):
    roles = {person["name"]: person["role"] for person in story.json()["people"]}
    users = [str(user) for user in story.meeting.users]
    assert [roles[name] for name in users] == ["facilitated", "presented", "kept time", "recorded", ""]


def test_it_shows_the_pages_that_were_looked_at(story):
    page = story.a.pages.first()
    assert f"/sessions/{story.session.pk}/pages/{page.pk}/thumbnail/" in text_of(story.page())
    assert story.json()["samples"][0]["pages"][0] == {
        "number": 1,
        "image": f"/sessions/{story.session.pk}/pages/{page.pk}/image/",
        "thumbnail": f"/sessions/{story.session.pk}/pages/{page.pk}/thumbnail/",
    }


def test_it_says_how_long_each_step_took_and_which_were_not_reached(story):
    steps = story.json()["steps"]
    assert sum(step["minutes"] for step in steps) == 30
    assert [step["reached"] for step in steps[-2:]] == [False, False]
    assert "not reached" in text_of(story.page())


def test_it_keeps_what_was_agreed_and_both_reasons_where_it_was_not(story):
    claim, evidence, _ = story.meeting.criteria
    story.agree(story.a, claim, 3, "Line 2 states it.")
    story.agree(story.a, evidence, None, "It only quotes.", "It explains the cost.")
    text = text_of(story.page())
    rows = story.json()["samples"][0]["criteria"]
    assert rows[0]["consensus"] == {
        "agreed": True, "level": 3, "rationale": "Line 2 states it.", "other_rationale": "",
    }  # fmt: skip
    assert rows[1]["consensus"]["agreed"] is False
    assert rows[2]["consensus"] is None
    for words in ["Line 2 states it.", "not agreed", "It only quotes.", "It explains the cost."]:
        assert words in text


def test_it_tells_the_next_steps_with_owner_date_and_state(story):
    story.next_step("Ask what a quotation proves.", story.meeting.presenter, state="trying", students="group two")
    assert story.json()["next_steps"] == [
        {
            "text": "Ask what a quotation proves.",
            "students": "group two",
            "owner": str(story.meeting.users[1]),
            "due": "2026-12-12",
            "state": "trying",
            "outcome": "",
        }
    ]
    text = text_of(story.page())
    assert "Ask what a quotation proves." in text
    assert "by 12 December 2026" in text


def test_it_groups_shared_notes_by_their_kind_in_the_order_of_the_steps(story):
    story.note(story.meeting.people[2], "Line 4 quotes the article.")
    story.note(story.meeting.people[3], "They know the claim.", kind="interpretation")
    notes = story.json()["notes"]
    assert [(note["kind"], note["text"]) for note in notes] == [
        ("evidence", "Line 4 quotes the article."),
        ("interpretation", "They know the claim."),
    ]
    assert notes[0]["by"] == str(story.meeting.users[2])
    assert "Interpretations" in text_of(story.page())


def test_private_notes_are_in_no_record_not_even_ones_own(story):
    story.note(story.meeting.people[4], "My private doubt", kind="private")
    assert "My private doubt" not in text_of(story.page())
    assert "My private doubt" not in json.dumps(story.json())


def test_notes_of_a_step_in_which_each_sees_their_own_stay_with_their_writers(story):
    state = story.session.state
    state["steps"][4]["sees"] = "own"
    Session.objects.filter(pk=story.session.pk).update(state=state)
    story.note(story.meeting.people[2], "Only for me")
    assert "Only for me" not in json.dumps(story.json())


def test_markup_in_what_people_wrote_is_shown_and_never_run(story):
    evil = "<script>alert(1)</script>=HYPERLINK(1)"
    story.note(story.meeting.people[2], evil)
    story.agree(story.a, story.meeting.criteria[0], 3, evil)
    story.next_step(evil, story.meeting.presenter)
    Session.objects.filter(pk=story.session.pk).update(focus_question=evil, norm_to_watch=evil, norms=[evil])
    assert "<script>alert" not in text_of(story.page())


def test_the_page_has_no_inline_style_or_script(story):
    text = text_of(story.page())
    assert " style=" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


# --- scores -----------------------------------------------------------------------------------------------


def test_scores_stand_under_numbers_that_are_the_same_in_every_row(story):
    rows = story.json()["samples"][0]["criteria"]
    levels = [[(score["scorer"], score["before"]) for score in row["scores"]] for row in rows]
    assert levels[0] == levels[1] == levels[2]
    assert [name for name, _ in levels[0]] == [f"Scorer {n}" for n in range(1, 6)]
    assert sorted(level for _, level in levels[0]) == [1, 2, 2, 3, 4]


def test_a_number_means_the_same_person_on_another_sample(story):
    story.meeting.give("reopen", minute=31)
    story.meeting.give("go_to", minute=31, step=1 + next(
        at for at, step in enumerate(story.meeting.fresh().state["steps"])
        if step["makes"] == "scores" and step["sample"] == str(story.b.pk)
    ))  # fmt: skip
    for person, level in zip(story.meeting.people, story.LEVELS, strict=True):
        for criterion in story.meeting.criteria:
            story.score(person, story.b, criterion, 5 - level)
    story.meeting.give("reveal", minute=32, sample=str(story.b.pk))
    story.meeting.give("finish", minute=33)
    a, b = ({s["scorer"]: s["before"] for s in sample["criteria"][0]["scores"]} for sample in story.json()["samples"])
    assert {name: 5 - level for name, level in a.items()} == b


def test_a_sample_that_was_never_revealed_shows_no_score(story):
    for person in story.meeting.people:
        for criterion in story.meeting.criteria:
            story.score(person, story.b, criterion, 4, rationale="MARK-unrevealed")
    told = story.json()["samples"][1]
    assert told["revealed"] is False
    assert all(row["scores"] == [] for row in told["criteria"])
    text = text_of(story.page())
    assert "Never revealed" in text
    assert "MARK-unrevealed" not in text + json.dumps(story.json())


def test_an_unrevealed_sample_is_in_no_figure_either(story):
    before = story.json()["agreement"]
    for person in story.meeting.people:
        for criterion in story.meeting.criteria:
            story.score(person, story.b, criterion, 4)
    assert story.json()["agreement"] == before


def test_late_scores_are_not_counted(story):
    before = story.json()
    for criterion in story.meeting.criteria:
        story.score(story.meeting.people[0], story.a, criterion, 4, late=True, rationale="MARK-late")
    assert story.json() == before


def test_a_late_score_alone_makes_nobody_a_scorer(story):
    newcomer = story.session.participants.create(user=UserFactory())
    person = story.meeting.person(newcomer.user)
    story.score(person, story.a, story.meeting.criteria[0], 4, late=True)
    assert len(story.json()["samples"][0]["criteria"][0]["scores"]) == 5


def test_the_second_round_stands_as_after(story):
    state = story.session.state
    sample = str(story.a.pk)
    state["revealed"].append([sample, 2])
    Session.objects.filter(pk=story.session.pk).update(state=state)
    for person in story.meeting.people:
        for criterion in story.meeting.criteria:
            story.score(person, story.a, criterion, 2, round=2)
    row = story.json()["samples"][0]["criteria"][0]
    assert sorted(score["before"] for score in row["scores"]) == [1, 2, 2, 3, 4]
    assert {score["after"] for score in row["scores"]} == {2}
    assert story.json()["agreement"]["after"]["overall"]["exact"] == 1
    assert "After the discussion" in text_of(story.page())


def test_a_second_round_that_was_never_revealed_stays_closed(story):
    before = story.json()
    for person in story.meeting.people:
        for criterion in story.meeting.criteria:
            story.score(person, story.a, criterion, 4, round=2)
    assert story.json() == before


def test_rationales_stay_in_the_room(story):
    story.session.scores.update(rationale="MARK-rationale")
    assert "MARK-rationale" not in text_of(story.page()) + json.dumps(story.json())


# --- nobody beside a score --------------------------------------------------------------------------------


def test_nothing_beside_a_score_says_whose_it_is(story):
    """Each score's row in the JSON holds a number, a level before and a level after, and nothing else."""
    told = story.json()
    for sample in told["samples"]:
        for row in sample["criteria"]:
            for score in row["scores"]:
                assert set(score) == {"scorer", "before", "after"}


def test_no_id_of_a_person_and_no_time_of_a_score_is_anywhere_in_the_record(story):
    everything = json.dumps(story.json()) + text_of(story.page())
    for seat in story.session.participants.all():
        assert str(seat.pk) not in everything
    for user in story.meeting.users[:4]:
        assert str(user.pk) not in everything
    assert not any(time in everything for time in [story.SCORED_AT.isoformat(), story.SCORED_AT.isoformat()[:19]])
    assert str(story.session.shuffle) not in everything


def test_claiming_a_score_at_the_reveal_leaves_no_trace(story):
    before = story.json(), text_of(story.page())
    story.session.scores.filter(participant=story.meeting.people[0].seat).update(claimed=True)
    after = story.json(), text_of(story.page())
    assert after[0] == before[0]
    hide = re.compile(r"[A-Za-z0-9]{64}")  # the form's own token
    assert hide.sub("", after[1]) == hide.sub("", before[1])


def test_everyone_who_may_read_it_reads_the_same_numbers(story):
    told = [story.json(user)["samples"] for user in story.meeting.users]
    assert all(one == told[0] for one in told)


def test_the_order_of_the_numbers_is_another_one_in_each_session():
    people = [uuid.uuid4() for _ in range(6)]
    orders = {tuple(scorer_numbers(Session(), people).values()) for _ in range(20)}
    by_person = {tuple(scorer_numbers(Session(), people)[person] for person in people) for _ in range(20)}
    assert orders == {(1, 2, 3, 4, 5, 6)}
    assert len(by_person) > 10


def test_the_order_does_not_depend_on_the_order_in_which_scores_are_read():
    session = Session()
    people = [uuid.uuid4() for _ in range(8)]
    assert scorer_numbers(session, people) == scorer_numbers(session, list(reversed(people)))


def test_over_many_sessions_each_number_falls_to_each_person_about_as_often():
    people = [uuid.UUID(int=n) for n in range(4)]
    firsts = [next(p for p, n in scorer_numbers(Session(), people).items() if n == 1) for _ in range(400)]
    assert all(60 < firsts.count(person) < 140 for person in people)


# --- figures ----------------------------------------------------------------------------------------------


def test_it_says_how_far_the_room_agreed_with_chance_and_counts_beside_it(story):
    figures = story.json()["agreement"]["before"]
    assert figures["overall"]["n_pairs"] == 30
    assert figures["criteria"]["Claim"]["exact"] == 1 / 10
    assert figures["criteria"]["Claim"]["exact_chance"] is None
    assert "With one sample" in figures["reading"]
    text = text_of(story.page())
    assert "conversation starter, not a measurement" in text
    assert "one sample" in text


def test_a_session_without_a_reveal_has_a_record_without_figures():
    story = Story(finish=False)
    state = story.session.state
    state["revealed"], state["shown"] = [], []
    Session.objects.filter(pk=story.session.pk).update(state=state)
    story.meeting.give("finish", minute=20)
    told = story.json()
    assert told["agreement"] == {"before": None, "after": None, "hidden": None}
    assert all(row["scores"] == [] for sample in told["samples"] for row in sample["criteria"])
    assert story.page().status_code == 200


def test_a_session_without_a_rubric_has_a_record(story):
    story.session.scores.all().delete()
    Session.objects.filter(pk=story.session.pk).update(rubric_version=None)
    told = story.json()
    assert told["rubric"] is None
    assert told["samples"][0]["criteria"] == []
    assert story.page().status_code == 200


def test_it_costs_as_many_queries_for_a_large_meeting_as_for_a_small_one():
    small, large = Story(people=3, samples=2), Story(people=5, samples=6)
    for person in large.meeting.people:
        for at in range(4):
            large.note(person, f"Note {at}")
            large.next_step(f"Step {at}", person)
    small.note(small.meeting.people[0], "Note")
    small.next_step("Step", small.meeting.people[0])
    counts = []
    for story in [small, large]:
        session = Session.objects.select_related(
            "team__school", "assignment", "protocol_version__protocol", "rubric_version"
        ).get(pk=story.session.pk)
        with CaptureQueriesContext(connection) as queries:
            record_of(session, Audience.TEAM)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
