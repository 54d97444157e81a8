"""One strip for all my samples, one look at all of them, one confirmation."""

import re

import pytest
from PIL import Image

from tests.work_samples.bringing import ink_left, photo, ready
from work_samples.models import Redaction, Sample
from work_samples.views import batch as batch_views

pytestmark = pytest.mark.django_db

STRIP = {"x": "10", "y": "5", "w": "50", "h": "8"}


@pytest.fixture
def samples(assignment, tmp_path):
    paper = photo(tmp_path)
    return [ready(assignment, paper, paper), ready(assignment, paper)]


def pages_of(samples):
    return [page for sample in samples for page in sample.pages.order_by("number")]


def keys(rows):
    return [str(row.pk) for row in rows]


def test_the_strip_hides_the_same_place_on_every_chosen_page(client, assignment, samples):
    first, _second, third = pages_of(samples)
    answer = client.post(f"/assignments/{assignment.pk}/redact/", {**STRIP, "pages": keys([first, third])})
    assert answer.headers["Location"] == f"/assignments/{assignment.pk}/preview/"
    assert {box.page_id for box in Redaction.objects.all()} == {first.pk, third.pk}
    assert {(box.x, box.y, box.w, box.h) for box in Redaction.objects.all()} == {(0.1, 0.05, 0.5, 0.08)}


def test_the_same_strip_twice_is_one_box(client, assignment, samples):
    for _ in range(2):
        client.post(f"/assignments/{assignment.pk}/redact/", {**STRIP, "pages": keys(pages_of(samples))})
    assert Redaction.objects.count() == 3


def test_boxes_that_were_drawn_before_stay(client, assignment, samples):
    pages_of(samples)[0].redactions.create(x=0.5, y=0.5, w=0.1, h=0.1)
    client.post(f"/assignments/{assignment.pk}/redact/", {**STRIP, "pages": keys(pages_of(samples))})
    assert Redaction.objects.count() == 4


def test_pages_that_are_not_mine_are_left_alone(their_client, assignment, samples, tmp_path, colleague):
    own = ready(assignment, photo(tmp_path), by=colleague)
    their_client.post(f"/assignments/{assignment.pk}/redact/", {**STRIP, "pages": keys(pages_of([*samples, own]))})
    assert {box.page.sample for box in Redaction.objects.all()} == {own}


@pytest.mark.parametrize("change", [{"x": "100"}, {"w": "0"}, {"w": "wide"}, {"h": "nan"}, {"y": "-3"}, {"pages": []}])
def test_a_strip_that_hides_nothing_is_refused_with_the_choice_kept(client, assignment, samples, change):
    first = pages_of(samples)[0]
    answer = client.post(f"/assignments/{assignment.pk}/redact/", {**STRIP, "pages": keys([first]), **change})
    assert answer.status_code == 422
    assert not Redaction.objects.exists()
    assert len(re.findall(r'data-number="\d" checked', answer.content.decode())) == (
        0 if change == {"pages": []} else 1
    )


def test_the_pages_are_shown_before_the_strip_is_applied(client, assignment, samples):
    page = client.get(f"/assignments/{assignment.pk}/redact/?x=0.1&y=0.2&w=0.3&h=0.05").content.decode()
    assert page.count('name="pages"') == 3
    assert 'value="30.0"' in page


@pytest.mark.parametrize("given", ["x=nan&y=0&w=1&h=1", "x=a&y=b&w=c&h=d", "x=9&y=9&w=1&h=1", "x=0"])
def test_a_strip_in_the_address_that_makes_no_sense_is_passed_over(client, assignment, samples, given):
    assert client.get(f"/assignments/{assignment.pk}/redact/?{given}").status_code == 200


def test_without_anything_to_check_it_leads_back(client, assignment):
    for address in ("redact", "preview"):
        assert client.get(f"/assignments/{assignment.pk}/{address}/").status_code == 302


def confirmation(client, assignment, ticked):
    page = client.get(f"/assignments/{assignment.pk}/preview/")
    seen = {f"seen-{one.sample.pk}": one.seen for one in page.context["batch"]}
    return {"samples": keys(ticked), **seen}


def test_all_ticked_samples_are_confirmed_at_once(client, assignment, samples, commit):
    client.post(f"/assignments/{assignment.pk}/redact/", {**STRIP, "pages": keys(pages_of(samples))})
    with commit():
        answer = client.post(f"/assignments/{assignment.pk}/confirm/", confirmation(client, assignment, samples))
    assert answer.headers["Location"] == f"/assignments/{assignment.pk}/"
    assert Sample.objects.confirmed().count() == 2
    assert not any(ink_left(Image.open(page.image.path)) for page in pages_of(samples))


def test_the_look_at_all_says_who_sees_them_next(client, assignment, samples):
    address = f"/assignments/{assignment.pk}/preview/"
    assert "Your team sees them from now on." in client.get(address).content.decode()
    assignment.team.two_person_check = True
    assignment.team.save()
    assert "A colleague takes a second look; then your team sees them." in client.get(address).content.decode()


def test_a_sample_without_its_tick_stays(client, assignment, samples, commit):
    with commit():
        client.post(f"/assignments/{assignment.pk}/confirm/", confirmation(client, assignment, samples[:1]))
    assert list(Sample.objects.confirmed()) == samples[:1]


def test_a_sample_that_changed_since_the_look_is_not_confirmed(client, assignment, samples, commit):
    posted = confirmation(client, assignment, samples)
    pages_of(samples)[0].redactions.create(x=0.5, y=0.5, w=0.1, h=0.1)
    with commit():
        answer = client.post(f"/assignments/{assignment.pk}/confirm/", posted, follow=True)
    assert list(Sample.objects.confirmed()) == samples[1:]
    assert "Sample A: The boxes or pages have changed" in answer.content.decode()


def test_nothing_ticked_is_said(client, assignment, samples):
    answer = client.post(f"/assignments/{assignment.pk}/confirm/", {}, follow=True)
    assert "Choose at least one sample" in answer.content.decode()


def test_what_would_take_too_long_is_confirmed_in_two_presses(client, assignment, samples, commit, monkeypatch):
    monkeypatch.setattr(batch_views, "SECONDS", 0)
    with commit():
        answer = client.post(
            f"/assignments/{assignment.pk}/confirm/", confirmation(client, assignment, samples), follow=True
        )
    assert "press once more" in answer.content.decode()


def test_only_my_own_samples_are_confirmed(their_client, assignment, samples, commit):
    posted = {"samples": keys(samples)}
    with commit():
        their_client.post(f"/assignments/{assignment.pk}/confirm/", posted)
    assert not Sample.objects.confirmed().exists()


def test_the_look_at_all_costs_the_same_with_many_samples(client, assignment, uploader, django_assert_max_num_queries):
    from tests.factories import SampleFactory

    for _ in range(20):
        sample = SampleFactory(assignment=assignment, uploader=uploader, confirmed_at=None)
        sample.pages.create(number=1, image="a", thumbnail="b", width=10, height=10)
    for address in ("redact", "preview"):
        with django_assert_max_num_queries(13):
            assert client.get(f"/assignments/{assignment.pk}/{address}/").status_code == 200
