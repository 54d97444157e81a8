"""The text of a page in the room: open and closed as the page is, and never on the wall."""

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.sessions_app.meeting import Meeting
from tests.sessions_app.test_projector import make_link, open_link
from work_samples.models import Page

pytestmark = pytest.mark.django_db
SAYS = "Should lunch be longer? I think it should."


@pytest.fixture
def meeting():
    found = Meeting(people=4, samples=2, protocol="atlas")
    Page.objects.filter(number=1).update(description=SAYS)
    return found


def test_it_is_served_while_the_step_has_the_work_open(meeting):
    page = Page.objects.filter(number=1).first()
    reader = meeting.people[2]
    meeting.to_step(1)
    states = {}
    for number, step in enumerate(meeting.fresh().state["steps"], 1):
        meeting.give("go_to", step=number)
        is_open = "work" in step["open"]
        states[is_open] = reader.get("page_text", page.pk).status_code
        assert (states[is_open] == 200) is is_open
        assert (SAYS in reader.get("panel", "work").content.decode()) is is_open
    assert set(states) == {True, False}


def test_it_says_the_words_and_strangers_hear_nothing(meeting):
    page = Page.objects.filter(number=1).first()
    meeting.to_step(2)
    assert meeting.people[2].get("page_text", page.pk).json() == {"text": SAYS}
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(meeting.url("page_text", page.pk)).status_code == 404
    other = Meeting(people=3)
    assert (
        meeting.people[2].get("page_text", Page.objects.filter(sample=other.samples[0]).first().pk).status_code == 404
    )


def test_the_wall_never_shows_it_and_lays_the_samples_side_by_side(meeting):
    browser, base = open_link(make_link(meeting))
    meeting.to_step(2)
    shown = browser.get(f"{base}panel/screen/").content.decode()
    assert SAYS not in shown
    spreads = shown.split('class="wall-spread"')[1:]
    labels = [[label for label in ("Sample A", "Sample B") if label in spread] for spread in spreads]
    assert labels == [["Sample A", "Sample B"]] * 2  # the first pages beside each other, then the second
