"""What the projector shows: what everyone may see, and nothing that belongs to one person."""

import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from sessions_app.models import Session
from tests.sessions_app.meeting import Meeting
from tests.sessions_app.test_projector import finish, make_link, open_link
from work_samples.models import Page

pytestmark = pytest.mark.django_db


class Wall:
    """A session with a projector on it."""

    def __init__(self, *, names_at_reveal=False, **how):
        self.meeting = Meeting(people=4, samples=2, names_at_reveal=names_at_reveal, **how)
        self.browser, self.base = open_link(make_link(self.meeting))

    def see(self):
        answer = self.browser.get(f"{self.base}panel/screen/")
        assert answer.status_code == 200
        return answer.text

    def layout(self):
        return re.search(r'data-layout="(\w+)"', self.see())[1]

    def page(self, sample=0):
        return Page.objects.filter(sample=self.meeting.samples[sample]).first()

    def status_of(self, page):
        return self.browser.get(f"{self.base}pages/{page.pk}/image/").status_code


@pytest.fixture
def wall():
    return Wall()


def test_before_the_start_it_shows_how_to_come_in(wall):
    Session.objects.update(norms=["Describe before you judge."], norm_to_watch="Describe before you judge.")
    planned = wall.see()
    assert "evidence?" not in planned  # the focus question is still being worded
    wall.meeting.give("open")
    text = wall.see()
    code = wall.meeting.session.join_code
    for words in (f"{code[:3]} {code[3:]}", "<svg", "Describe before you judge.", "evidence?", "testserver/join"):
        assert words in text


def test_each_kind_of_step_has_its_screen(wall):
    found = {}
    wall.meeting.to_step(1)
    steps = wall.meeting.fresh().state["steps"]
    for number, step in enumerate(steps, 1):
        wall.meeting.give("go_to", step=number)
        found.setdefault(step["makes"], wall.layout())
    assert found == {
        "nothing": "words", "notes": "words", "scores": "work", "reveal": "work", "consensus": "work",
        "next_steps": "decide", "debrief": "decide",
    }  # fmt: skip
    finish(wall.meeting)
    assert wall.layout() == "end"


def test_clock_step_prompt_and_done_are_on_every_step(wall):
    wall.meeting.to_making("scores")
    text = wall.see()
    for words in ("Read and score alone", "Step 3 of", "Sample A", "data-clock-time", "Point to what in the work"):
        assert words in text
    assert re.search(r"<b data-done-count>0</b> of 4", text)


def test_whose_tick_is_missing_it_never_says(wall, clock_stands):
    wall.meeting.to_step(2)
    wall.meeting.people[2].done(2)
    one = wall.see()
    wall.meeting.people[2].done(2, done=False)
    wall.meeting.people[3].done(2)
    assert wall.see() == one
    assert "1</b> of 4" in one


def test_the_work_is_there_while_the_step_has_it_open(wall):
    wall.meeting.to_step(1)
    assert (wall.status_of(wall.page()), "<img" in wall.see()) == (404, False)
    wall.meeting.give("go_to", step=3)
    text = wall.see()
    assert str(wall.page().pk) in text
    assert str(wall.page(1).pk) not in text  # this step is about the first sample
    finish(wall.meeting)
    assert wall.status_of(wall.page()) == 404


def test_the_walls_browser_forgets_a_page_soon(wall):
    wall.meeting.to_making("scores")
    page = wall.page()
    page.image.save("page.jpg", ContentFile(b"work"))
    answer = wall.browser.get(f"{wall.base}pages/{page.pk}/image/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, max-age=600")


def test_a_page_of_another_table_is_not_there(wall):
    other = Meeting(people=3)
    wall.meeting.to_making("scores")
    assert wall.status_of(Page.objects.filter(sample=other.samples[0]).first()) == 404


def reveal(wall, **how):
    wall.meeting.to_making("scores")
    for person, level in zip(wall.meeting.people, (2, 3, 3, 4), strict=True):
        wall.meeting.score_all(person, level, rationale=f"MARK-{level}")
    wall.meeting.give("next")
    before = wall.see()
    wall.meeting.give("reveal", sample=str(wall.meeting.samples[0].pk))
    return before


def test_it_shows_scores_once_they_are_revealed_as_dots_without_names(wall):
    before = reveal(wall)
    assert "wall-dot" not in before
    text = wall.see()
    assert (wall.layout(), text.count("wall-dot ")) == ("scores", 4 * 3)
    for person in wall.meeting.people:
        assert str(person.seat.user) not in text


def test_a_claimed_dot_has_its_owners_initials_and_no_dot_is_ringed(wall):
    reveal(wall)
    person = wall.meeting.people[2]
    person.post("claim", {"sample": str(wall.meeting.samples[0].pk), "criterion": str(wall.meeting.criteria[0].pk)})
    text = wall.see()
    assert text.count(f"one is by {person.seat.user}") == 1
    assert "is-mine" not in text


def test_names_are_there_when_the_team_turned_them_on():
    wall = Wall(names_at_reveal=True)
    reveal(wall)
    for person in wall.meeting.people:
        assert str(person.seat.user) in wall.see()


def test_discussing_it_shows_the_widest_split_with_the_words_on_either_side_and_the_reasons(wall):
    reveal(wall)
    wall.meeting.give("next")
    text = wall.see()
    assert wall.layout() == "split"
    for words in ("MARK-2", "MARK-4", "below the line"):
        assert words in text
    first, second = re.findall(r"<li><b>(\d)\.</b> MARK", text)[:2]
    assert (first, second) == ("2", "4")  # from both ends


def test_what_is_agreed_appears_as_it_is_written(wall):
    reveal(wall)
    wall.meeting.give("next")
    wall.meeting.give("next")
    sample, (first, second, _) = str(wall.meeting.samples[0].pk), wall.meeting.criteria
    recorder = wall.meeting.people[3]
    ids = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")
    for criterion, level, client_id in ((first, 3, ids[0]), (second, "", ids[1])):
        said = {"sample": sample, "criterion": str(criterion.pk), "level": level, "client_id": client_id}
        answer = recorder.post("consensus", said | {"rationale": "MARK-WHY", "other_rationale": "MARK-OTHER"})
        assert answer.status_code == 200
    text = wall.see()
    assert wall.layout() == "scores"
    for words in ("We agree on 3", "Not agreed.", "MARK-WHY", "MARK-OTHER"):
        assert words in text


def test_it_shows_shared_notes_without_their_writers_and_no_private_one(wall):
    wall.meeting.to_step(2)
    wall.meeting.people[2].note("clarifying", "MARK-SHARED")
    wall.meeting.people[2].note("private", "MARK-PRIVATE")
    text = wall.see()
    assert "MARK-SHARED" in text
    assert "MARK-PRIVATE" not in text
    assert wall.meeting.people[2].seat.user.short_name not in text


def test_next_steps_appear_as_they_are_written_down(wall):
    last = len(wall.meeting.fresh().state["steps"])
    wall.meeting.to_step(last - 1)
    said = {
        "text": "MARK-NEXT", "students": "who stopped at the quotation", "due": "2026-12-04",
        "owner": str(wall.meeting.people[2].seat.pk), "client_id": "33333333-3333-4333-8333-333333333333",
    }  # fmt: skip
    assert wall.meeting.people[2].post("next_step", said).status_code == 200
    for _ in ("while it runs", "afterwards"):
        text = wall.see()
        assert "MARK-NEXT" in text
        assert "4 December" in text
        if wall.layout() != "end":
            finish(wall.meeting)


def test_it_is_the_same_for_whoever_is_logged_in_on_its_computer(wall, clock_stands):
    wall.meeting.to_making("scores")
    wall.meeting.score_all(wall.meeting.facilitator, 3, rationale="MARK-MINE")
    alone = wall.browser.get(wall.base).text
    wall.browser.force_login(wall.meeting.facilitator.seat.user)
    assert wall.browser.get(wall.base).text == alone
    assert "MARK-MINE" not in alone


def test_a_screen_costs_few_queries_however_many_scores_there_are(wall, django_assert_max_num_queries):
    reveal(wall)
    wall.meeting.give("next")
    with django_assert_max_num_queries(30):
        wall.see()


def test_the_state_it_follows_is_everybodys(wall):
    wall.meeting.to_step(1)
    theirs = wall.meeting.people[2].state()
    own = wall.browser.get(f"{wall.base}state/").json()
    for state in (theirs, own):
        state["step"].pop("seconds_left")
        for person in state["people"]:
            person.pop("here")
    assert own == theirs
    assert Client().get(f"{wall.base}state/").json()["error"]
