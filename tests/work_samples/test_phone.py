"""A phone brings photos for who showed the link: it opens once, for a while, for one assignment, and tells nothing."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from esw.core.models import Job
from esw.core.one_use import hashed
from tests.factories import AssignmentFactory
from tests.work_samples.bringing import make_pages, photo, ready, signed_in
from tests.work_samples.tus import TUS, became, begin, piece, send
from work_samples import bringing_access, tasks
from work_samples.domain import phoning
from work_samples.models import PartialUpload, Phone, Sample

pytestmark = pytest.mark.django_db
PAGE = {"accept": "text/html"}


@pytest.fixture
def data(tmp_path):
    return photo(tmp_path).read_bytes()


def make_link(client, assignment):
    """The address that the person is shown."""
    answer = client.post(f"/assignments/{assignment.pk}/phone/", headers=PAGE)
    assert answer.status_code == 200
    return re.search(r'data-copy="http://testserver([^"]+)"', answer.text)[1]


def open_link(link, browser=None):
    """A browser that is the phone now, and where it is."""
    browser = browser or Client()
    answer = browser.post(link)
    assert answer.status_code == 303, answer.content
    return browser, answer["Location"]


@pytest.fixture
def phone(client, assignment):
    """The phone's browser and its address."""
    return open_link(make_link(client, assignment))


def takes(browser, base):
    return browser.get(base).status_code == 200


# --- the link ------------------------------------------------------------------------------------------------


def test_looking_at_the_link_does_not_use_it_up(client, assignment):
    link = make_link(client, assignment)
    for _ in range(2):
        answer = Client().get(link)
        assert answer.status_code == 200
        assert "Use this phone" in answer.text
        assert "Longer lunch" in answer.text
    assert Client().head(link).status_code == 200
    assert takes(*open_link(link))


def test_it_opens_for_one_browser_and_tells_the_next_that_it_was_used(client, assignment):
    link = make_link(client, assignment)
    browser, base = open_link(link)
    for method in ("get", "post"):
        late = Client()
        answer = getattr(late, method)(link)
        assert answer.status_code == 410
        assert "opened already" in answer.text
        assert not late.cookies.get("phone")
        assert late.get(base).status_code == 404
    assert takes(browser, base)


def test_the_link_is_worth_nothing_after_a_quarter_of_an_hour(client, assignment):
    link = make_link(client, assignment)
    Phone.objects.update(link_expires_at=timezone.now())
    for method in ("get", "post"):
        answer = getattr(Client(), method)(link)
        assert answer.status_code == 410
        assert "in time" in answer.text


def test_a_newer_link_ends_the_one_before_opened_or_not(client, assignment):
    first = make_link(client, assignment)
    second = make_link(client, assignment)
    assert Client().post(first).status_code == 410
    browser, base = open_link(second)
    make_link(client, assignment)
    assert browser.get(base).status_code == 410


def test_a_colleagues_link_is_another_one(client, their_client, assignment):
    mine = open_link(make_link(client, assignment))
    make_link(their_client, assignment)
    assert takes(*mine)


def test_neither_code_nor_cookie_is_kept_and_the_address_leaves_with_no_click(client, assignment):
    link = make_link(client, assignment)
    code = link.strip("/").split("/")[-1]
    assert re.fullmatch(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", code)
    assert Client().get(link)["Referrer-Policy"] == "strict-origin"
    browser, base = open_link(link)
    kept = str(list(Phone.objects.values()))
    assert code.upper().replace("-", "") not in kept
    assert browser.cookies["phone"].value not in kept
    assert Phone.objects.get().cookie_hash == hashed(browser.cookies["phone"].value)
    assert (browser.cookies["phone"]["path"], browser.cookies["phone"]["httponly"]) == (base, True)


def test_a_link_that_was_never_made_is_not_there_and_guessing_is_counted(monkeypatch):
    for code in ("aaaa-aaaa-aaaa-aaaa", "x", "%00", "é" * 60):
        assert Client().get(f"/bring/{code}/").status_code == 404
    cache.clear()
    monkeypatch.setattr(phoning, "WRONG_LINKS", phoning.Limit("wrong-phone-links", 2, 600))
    guesser = Client()
    assert [guesser.post("/bring/aaaa/").status_code for _ in range(3)] == [404, 404, 429]


def test_links_are_counted(client, assignment, monkeypatch):
    monkeypatch.setattr(phoning, "LINKS", phoning.Limit("phone-links", 1, 600))
    cache.clear()
    make_link(client, assignment)
    assert client.post(f"/assignments/{assignment.pk}/phone/").status_code == 429


def test_strangers_and_who_is_not_logged_in_make_no_link(outsiders, assignment):
    for name in ("", "told/", "end/"):
        address = f"/assignments/{assignment.pk}/phone/{name}"
        for user in outsiders.values():
            browser = signed_in(user)
            assert (browser.get if name == "told/" else browser.post)(address).status_code == 404
        assert Client().post(address).status_code == 302
    assert not Phone.objects.exists()


def test_it_asks_for_the_csrf_token(client, assignment, data):
    link = make_link(client, assignment)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link).status_code == 403
    strict.get(link)
    token = {"csrfmiddlewaretoken": strict.cookies["csrftoken"].value}
    answer = strict.post(link, token)
    assert answer.status_code == 303
    base = f"{answer['Location']}pieces/"
    assert begin(strict, size=5, base=base).status_code == 403


# --- what it can do ------------------------------------------------------------------------------------------


def test_its_photos_are_samples_of_who_showed_it(phone, client, assignment, data, commit):
    browser, base = phone
    with commit():
        first = send(browser, None, data, base=f"{base}pieces/")
        send(browser, None, data, base=f"{base}pieces/", sample=first["sample"])
        second = send(browser, None, data, base=f"{base}pieces/")
    assert (first["label"], second["label"]) == ("A", "B")
    samples = Sample.objects.order_by("label")
    assert [(each.uploader, each.assignment, each.uploads.count()) for each in samples] == [
        (assignment.created_by, assignment, 2),
        (assignment.created_by, assignment, 1),
    ]
    assert browser.get(f"{base}state/").json() == {"photos": 3, "students": 2}
    assert "3 photos of 2 students" in browser.get(base).text
    make_pages(samples[0])
    assert client.get(f"/samples/{first['sample']}/status/").json()["done"] == 2


def test_the_laptop_is_told_as_they_arrive(phone, client, assignment, data):
    browser, base = phone
    told = f"/assignments/{assignment.pk}/phone/told/"
    assert "A phone has opened the link" in client.get(told).text
    assert client.get(f"{told}?was=on-0").status_code == 204
    send(browser, None, data, base=f"{base}pieces/")
    assert "One photo of one student" in client.get(f"{told}?was=on-0").text
    assert 'data-phone="on"' in client.get(f"/assignments/{assignment.pk}/").text


def test_it_brings_for_no_other_assignment_and_into_no_other_sample(phone, client, assignment, data, tmp_path):
    browser, base = phone
    other = AssignmentFactory(team=assignment.team, created_by=assignment.created_by)
    told = send(browser, other, data, base=f"{base}pieces/")
    assert Sample.objects.get(pk=told["sample"]).assignment == assignment
    laptops = ready(assignment, photo(tmp_path))
    assert begin(browser, size=5, base=f"{base}pieces/", sample=laptops.pk).status_code == 404
    assert laptops.uploads.count() == 1


def test_it_sees_no_other_upload_and_nothing_else_of_esw(phone, client, assignment, data, tmp_path):
    browser, base = phone
    sample = ready(assignment, photo(tmp_path))
    theirs = begin(client, assignment, size=len(data))["Location"].removeprefix("/samples/pieces/")
    address = f"{base}pieces/{theirs}"
    assert browser.head(address, headers=TUS).status_code == 404
    assert piece(browser, address, data, offset=0).status_code == 404
    page = sample.pages.get()
    for closed in ("/", f"/assignments/{assignment.pk}/", f"/samples/{sample.pk}/", f"/pages/{page.pk}/image/"):
        assert browser.get(closed).status_code == 302, closed
    assert begin(browser, assignment, size=5).status_code == 401
    text = browser.get(base).text
    assert str(sample.pk) not in text
    assert "pages/" not in text


def test_whoever_is_logged_in_is_not_the_phone(phone, client, data):
    _, base = phone
    assert client.get(base).status_code == 404
    assert begin(client, size=5, base=f"{base}pieces/").status_code == 404
    wrong = Client()
    wrong.cookies["phone"] = "guessed"
    assert wrong.get(base).status_code == 404
    assert wrong.get(f"/phone/{uuid.uuid4()}/").status_code == 404


# --- it ends -------------------------------------------------------------------------------------------------


def is_over(browser, base, data):
    answer = browser.get(f"{base}state/")
    begun = begin(browser, size=len(data), base=f"{base}pieces/")
    assert answer.status_code == begun.status_code == browser.get(base).status_code, answer.content
    return answer.status_code == 410 and answer.json()["error"].endswith(".")


def test_the_person_ends_it_and_what_is_on_its_way_stops(phone, client, assignment, data):
    browser, base = phone
    address = begin(browser, size=len(data), base=f"{base}pieces/")["Location"]
    piece(browser, address, data[:500], offset=0)
    assert client.post(f"/assignments/{assignment.pk}/phone/end/").status_code == 302
    assert is_over(browser, base, data)
    assert piece(browser, address, data[500:], offset=500).status_code == 410
    assert not Sample.objects.exists()


def test_the_phone_says_that_it_is_done(phone, data):
    browser, base = phone
    assert "That was all" in browser.post(f"{base}done/").text
    assert is_over(browser, base, data)


def test_a_colleague_cannot_end_it(phone, their_client, assignment):
    their_client.post(f"/assignments/{assignment.pk}/phone/end/")
    assert takes(*phone)


def test_it_ends_when_the_person_logs_out_anywhere(phone, uploader, data):
    elsewhere = signed_in(uploader)
    elsewhere.post("/accounts/logout/")
    assert is_over(*phone, data)


def test_it_ends_when_the_person_leaves_the_team_or_their_account_is_closed(phone, uploader, data):
    uploader.is_active = False
    uploader.save()
    assert is_over(*phone, data)
    uploader.is_active = True
    uploader.save()
    assert takes(*phone)
    uploader.memberships.all().delete()
    assert is_over(*phone, data)


def test_it_ends_after_two_hours(phone, data):
    Phone.objects.update(opened_at=timezone.now() - bringing_access.PHONE_LASTS)
    assert is_over(*phone, data)


def test_rows_of_phones_go_after_two_days_and_what_they_brought_stays(phone, data, commit):
    browser, base = phone
    with commit():
        send(browser, None, data, base=f"{base}pieces/")
    Phone.objects.update(made_at=timezone.now() - timedelta(days=2, seconds=1))
    with commit():
        tasks.expire_unconfirmed()
    assert not Phone.objects.exists()
    assert not PartialUpload.objects.exists()
    assert Sample.objects.get().uploads.count() == 1
    assert Job.objects.exists()


def test_what_became_of_a_photo_is_told_to_the_phone_alone(phone, client, data):
    browser, base = phone
    address = begin(browser, size=4, base=f"{base}pieces/")["Location"]
    piece(browser, address, b"none", offset=0)
    assert "cannot read" in became(browser, address)["error"]
    assert client.get(address, headers=TUS).status_code == 404
