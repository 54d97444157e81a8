"""The text of a page: who reads and writes it, what is refused without a loss, where it is found."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, SampleFactory, UserFactory, member_of
from work_samples import queries_look, search
from work_samples.models import Assignment, Page, Sample

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def page_of(sample, number=1, **fields):
    shape = {"image": f"{uuid.uuid4()}.jpg", "thumbnail": "t", "width": 1500, "height": 2000}
    return Page.objects.create(sample=sample, number=number, **shape | fields)


@pytest.fixture
def page():
    """A confirmed page, its uploader being the assignment's author and a member."""
    task = AssignmentFactory()
    uploader = member_of(task.team)
    return page_of(SampleFactory(assignment=task, label="A", uploader=uploader))


def browser_of(user):
    client = Client()
    client.force_login(user)
    return client


def address(page):
    return reverse("work_samples:page_text", args=[page.pk])


def write(user, page, text, seen=""):
    return browser_of(user).post(address(page), {"text": text, "seen": seen}, headers=JSON)


def test_every_member_of_the_team_writes_and_reads_it_and_nobody_else(page):
    colleague = member_of(page.sample.assignment.team)
    assert write(colleague, page, "  Lunch is short.\r\nWe eat fast. ").status_code == 200
    read = browser_of(page.sample.uploader).get(address(page), headers=JSON)
    assert read.json() == {"text": "Lunch is short.\nWe eat fast."}
    for answer in (write(UserFactory(), page, "x"), browser_of(UserFactory()).get(address(page))):
        assert answer.status_code == 404


def test_before_confirming_it_is_the_uploaders_alone(page):
    Sample.objects.update(confirmed_at=None)
    colleague = member_of(page.sample.assignment.team)
    assert write(colleague, page, "x").status_code == 404
    assert browser_of(colleague).get(address(page)).status_code == 404
    assert write(page.sample.uploader, page, "Lunch").status_code == 200


def test_a_text_that_is_too_long_is_refused_and_stays_in_the_form(page):
    long = "word " * 801
    answer = browser_of(page.sample.uploader).post(address(page), {"text": long, "seen": ""})
    assert answer.status_code == 400
    assert "at most 4000 characters" in answer.text
    assert long.strip() in answer.text
    page.refresh_from_db()
    assert page.description == ""


def test_two_who_write_at_once_lose_nothing(page):
    colleague = member_of(page.sample.assignment.team)
    write(colleague, page, "theirs")
    answer = browser_of(page.sample.uploader).post(address(page), {"text": "mine", "seen": ""})
    assert answer.status_code == 409
    for words in ("Somebody else", "theirs", "mine"):
        assert words in answer.text
    assert write(page.sample.uploader, page, "mine and theirs", seen="theirs").status_code == 200
    assert write(colleague, page, "mine and theirs", seen="").status_code == 200  # the same words are no conflict


def test_the_samples_page_says_it_in_place_of_the_picture_and_offers_the_whole(page):
    text = "word " * 100
    write(page.sample.uploader, page, text)
    shown = browser_of(page.sample.uploader).get(reverse("work_samples:sample", args=[page.sample_id])).text
    assert 'alt="word word' in shown
    assert "The whole text stands under" in shown
    assert f'data-text="{address(page)}"' in shown
    assert "word " * 90 not in shown


def test_a_short_text_is_the_whole_alternative_text():
    assert queries_look.alt_text("Lunch is short.\nWe eat fast.") == "Lunch is short. We eat fast."
    assert queries_look.alt_text("") == ""


def test_the_library_finds_a_sample_by_what_its_page_says(page):
    other = page_of(SampleFactory(assignment=page.sample.assignment, label="B"))
    write(page.sample.uploader, page, "The cafétéria was crowded.")

    within = search.Within([page.sample.assignment.team_id])

    def found(typed):
        return [sample.label for sample in search.matching(Sample.objects.order_by("label"), typed, within=within)]

    assert found("cafeteria crowd") == ["A"]
    assert found("cafeteria lunch") == []  # half in the page, half in the task
    every = Sample.objects.all()
    assert search.assignments_matching(Assignment.objects.all(), "crowded", samples=every, within=within).count() == 1
    write(page.sample.uploader, page, "", seen="The cafétéria was crowded.")
    assert found("crowded") == []
    write(page.sample.uploader, other, "A tide table.")
    assert found("tide") == ["B"]
    other.delete()
    assert found("tide") == []


def test_looking_closely_shows_what_the_team_has_confirmed(page):
    task = page.sample.assignment
    waiting = page_of(SampleFactory(assignment=task, label="B", confirmed_at=None, uploader=page.sample.uploader))
    beside = page_of(SampleFactory(assignment=task, label="C"))
    look = reverse("work_samples:look", args=[task.pk])
    shown = browser_of(member_of(task.team)).get(f"{look}?sample={beside.sample_id}")
    assert str(page.pk) in shown.text
    assert str(waiting.pk) not in shown.text
    assert shown.context["begin"].page == beside
    assert browser_of(UserFactory()).get(look).status_code == 404


def test_looking_closely_costs_the_same_for_many_samples(page, django_assert_max_num_queries):
    client = browser_of(page.sample.uploader)
    look = reverse("work_samples:look", args=[page.sample.assignment_id])
    for number in range(8):
        page_of(SampleFactory(assignment=page.sample.assignment, label=f"X{number}"))
    with django_assert_max_num_queries(10):
        assert client.get(look).status_code == 200
