"""The projector's link opens once, for one screen, for a while; and that screen is nobody."""

import hashlib
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from esw.core.push import hub
from sessions_app import access
from sessions_app.domain import projecting
from sessions_app.models import Participant, Projector, Session
from teams.models import User
from tests.factories import UserFactory
from tests.sessions_app.meeting import Meeting
from work_samples.models import Page

pytestmark = pytest.mark.django_db
PAGE = {"accept": "text/html"}


@pytest.fixture
def meeting():
    return Meeting(people=4, samples=2).to_making("scores")


def make_link(meeting, by=None):
    """The address that the facilitator is shown."""
    answer = (by or meeting.facilitator).client.post(meeting.url("projector_setup"), headers=PAGE)
    assert answer.status_code == 200
    return re.search(r'data-copy="http://testserver([^"]+)"', answer.text)[1]


def open_link(link, browser=None):
    """A browser that is the projector now, and where it is."""
    browser = browser or Client()
    answer = browser.post(link)
    assert answer.status_code == 303, answer.content
    return browser, answer["Location"]


def addresses(meeting, base):
    page = Page.objects.filter(sample=meeting.samples[0]).first()
    return [base, f"{base}state/", f"{base}panel/screen/", f"{base}pages/{page.pk}/image/"]


def is_shown(browser, base):
    return browser.get(base).status_code == 200


def finish(meeting):
    """Finish now, as the projector's clock has it."""
    meeting.give("finish")
    Session.objects.filter(pk=meeting.session.pk).update(finished_at=timezone.now())


# --- who makes the link ---------------------------------------------------------------------------------------


def test_a_link_is_made_by_who_facilitates(meeting):
    co = meeting.people[3]
    Participant.objects.filter(pk=co.seat.pk).update(role="co_facilitator")
    for person in (meeting.facilitator, co):
        assert is_shown(*open_link(make_link(meeting, person)))


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_member_may_not_and_a_stranger_finds_nothing(meeting, method):
    stranger = Client()
    stranger.force_login(UserFactory())
    for name in ("projector_setup", "projector_here", "projector_off"):
        if method == "get" and name != "projector_setup":
            continue
        for browser, status in ((meeting.people[2].client, 403), (stranger, 404), (Client(), 302)):
            assert getattr(browser, method)(meeting.url(name)).status_code == status, name
    assert not Projector.objects.exists()


def test_whoever_took_over_may_and_whoever_handed_over_may_not(meeting):
    meeting.give("take_over", by=meeting.people[2])
    assert meeting.facilitator.client.post(meeting.url("projector_setup")).status_code == 403
    make_link(meeting, meeting.people[2])


def test_a_session_that_is_over_is_put_on_no_projector(meeting):
    meeting.give("finish")
    answer = meeting.facilitator.post("projector_setup")
    assert answer.status_code == 409
    assert "finished" in answer.json()["error"]


# --- the link opens once ---------------------------------------------------------------------------------------


def test_looking_at_the_link_does_not_use_it_up(meeting):
    link = make_link(meeting)
    for _ in range(2):
        answer = Client().get(link)
        assert answer.status_code == 200
        assert "Show it here" in answer.text
    assert Client().head(link).status_code == 200
    assert is_shown(*open_link(link))


def test_it_opens_for_one_browser_and_tells_the_next_that_it_was_used(meeting):
    link = make_link(meeting)
    browser, base = open_link(link)
    for method in ("get", "post"):
        late = Client()
        answer = getattr(late, method)(link)
        assert answer.status_code == 410
        assert "opened already" in answer.text
        assert "opened already" in getattr(late, method)(link, headers={"accept": "application/json"}).json()["error"]
        assert not late.cookies.get("projector")
        assert late.get(base).status_code == 404
    assert is_shown(browser, base)


def test_it_opens_as_it_is_read_aloud(meeting):
    link = make_link(meeting)
    code = link.strip("/").split("/")[-1]
    assert re.fullmatch(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", code)
    assert is_shown(*open_link(reverse("sessions_app:projector_link", args=[code.upper().replace("-", " ")])))


def test_a_link_that_was_never_made_is_not_there(meeting):
    make_link(meeting)
    for method in ("get", "post"):
        for code in ("aaaa-aaaa-aaaa-aaaa", "x", "%00", "é" * 60):
            assert getattr(Client(), method)(f"/show/{code}/").status_code == 404, code


def test_it_expires_when_nobody_opens_it(meeting):
    link = make_link(meeting)
    Projector.objects.update(link_expires_at=timezone.now() - timedelta(seconds=1))
    for method in ("get", "post"):
        answer = getattr(Client(), method)(link)
        assert answer.status_code == 410
        assert "in time" in answer.text
    assert not Projector.objects.showing(timezone.now()).exists()


def test_a_newer_link_ends_the_old_one_opened_or_not(meeting):
    first, second = make_link(meeting), make_link(meeting)
    assert Client().post(first).status_code == 410
    browser, base = open_link(second)
    make_link(meeting)
    assert [browser.get(address).status_code for address in addresses(meeting, base)] == [404] * 4


def test_of_two_screens_at_the_same_moment_one_wins(meeting):
    link = make_link(meeting)
    code = link.strip("/").split("/")[-1]
    now = timezone.now()
    projector = projecting.projector_of_link(code=code, now=now)  # both have seen that it is free
    projecting.open_link(code=code, now=now)
    with pytest.raises(projecting.LinkRefused):
        projecting.open_link(code=code, now=now)
    assert Projector.objects.get(pk=projector.pk).opened_at == now


def test_open_here_is_a_link_that_this_window_opens_at_once(meeting):
    browser = meeting.facilitator.client
    answer = browser.post(meeting.url("projector_here"))
    assert answer.status_code == 303
    assert is_shown(browser, answer["Location"])
    assert Projector.objects.get().opened_at is not None


# --- what is kept, and the cookie --------------------------------------------------------------------------------


def test_only_hashes_are_kept(meeting):
    link = make_link(meeting)
    code = link.strip("/").split("/")[-1].replace("-", "").upper()
    browser, _ = open_link(link)
    secret = browser.cookies["projector"].value
    row = Projector.objects.values().get()
    assert row["link_hash"] == hashlib.sha256(code.encode()).hexdigest()
    assert row["cookie_hash"] == hashlib.sha256(secret.encode()).hexdigest()
    assert not {code, secret, code.lower()} & {str(value) for value in row.values()}
    assert len(secret) >= 43


def test_its_cookie_is_its_own_and_goes_to_its_own_addresses_alone(meeting):
    browser, base = open_link(make_link(meeting))
    cookie = browser.cookies["projector"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (base, True, "Lax")
    assert "sessionid" not in browser.cookies
    answer = browser.get(base)
    assert "sessionid" not in answer.cookies
    assert "csrfmiddlewaretoken" not in answer.text


@pytest.mark.parametrize("who", ["nobody", "a stranger", "a member", "the facilitator", "a forger"])
def test_every_other_browser_finds_nothing_whoever_is_logged_in(meeting, who):
    _, base = open_link(make_link(meeting))
    browser = {"a member": meeting.people[2].client, "the facilitator": meeting.facilitator.client}.get(who, Client())
    if who == "a stranger":
        browser.force_login(UserFactory())
    if who == "a forger":
        browser.cookies["projector"] = "x" * 43
    assert [browser.get(address).status_code for address in addresses(meeting, base)] == [404] * 4


def test_one_sessions_cookie_opens_no_other_session(meeting):
    other = Meeting(people=3).to_step(1)
    browser, _ = open_link(make_link(meeting))
    _, elsewhere = open_link(make_link(other))
    assert [browser.get(address).status_code for address in addresses(other, elsewhere)] == [404] * 4
    mine = browser.cookies["projector"].value
    browser.cookies.clear()
    browser.cookies["projector"] = mine
    assert browser.get(elsewhere).status_code == 404


def test_the_screen_is_let_into_nothing_else(meeting):
    browser, _ = open_link(make_link(meeting))
    for address in ("/", meeting.url("room"), meeting.url("state"), meeting.url("panel", "all"), "/library/"):
        assert browser.get(address).status_code in {302, 401}, address
    for name in ("note", "score", "done", "claim"):
        assert browser.post(meeting.url(name)).status_code in {302, 401}, name


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_there_is_nothing_to_press(meeting, method):
    browser, base = open_link(make_link(meeting))
    assert [getattr(browser, method)(address).status_code for address in addresses(meeting, base)] == [405] * 4
    text = browser.get(base).text
    for control in ("<form", "<button", "<input", "<select", "<textarea", "<a "):
        assert control not in text


# --- when it ends --------------------------------------------------------------------------------------------------


def test_it_ends_when_it_is_turned_off(meeting):
    browser, base = open_link(make_link(meeting))
    assert "On</span>" in meeting.facilitator.get("projector_setup").text
    assert meeting.facilitator.post("projector_off").status_code == 200
    assert [browser.get(address).status_code for address in addresses(meeting, base)] == [404] * 4
    assert "Off</span>" in meeting.facilitator.get("projector_setup").text


def test_it_stays_for_some_hours_after_the_end_and_no_longer(meeting):
    browser, base = open_link(make_link(meeting))
    finish(meeting)
    assert "You have looked closely together" in browser.get(base).text
    Session.objects.update(finished_at=timezone.now() - access.PROJECTOR_STAYS)
    assert not is_shown(browser, base)


def test_it_lasts_for_a_day_at_most(meeting):
    browser, base = open_link(make_link(meeting))
    Projector.objects.update(opened_at=timezone.now() - access.PROJECTOR_LASTS)
    assert not is_shown(browser, base)


@pytest.mark.parametrize("gone", ["left", "closed"])
def test_it_ends_when_who_made_the_link_is_in_the_team_no_more(meeting, gone):
    browser, base = open_link(make_link(meeting))
    maker = Projector.objects.get().made_by.user
    if gone == "left":
        maker.memberships.filter(team=meeting.session.team).delete()
    else:
        User.objects.filter(pk=maker.pk).update(is_active=False)
    assert [browser.get(address).status_code for address in addresses(meeting, base)] == [404] * 4
    assert not Projector.objects.showing(timezone.now()).exists()


# --- it is nobody ----------------------------------------------------------------------------------------------------


def test_it_is_not_counted_as_present_and_takes_no_seat(meeting):
    seats = Participant.objects.count()
    browser, base = open_link(make_link(meeting))
    before = set(hub().present(str(meeting.session.pk)))
    for address in addresses(meeting, base):
        browser.get(address)
    assert set(hub().present(str(meeting.session.pk))) == before
    assert Participant.objects.count() == seats


def test_the_waiting_page_hears_when_a_screen_has_opened_the_link(meeting):
    link = make_link(meeting)
    asks = meeting.url("projector_told") + "?was=waiting"
    assert meeting.facilitator.client.get(asks).status_code == 204
    open_link(link)
    answer = meeting.facilitator.client.get(asks)
    assert answer.status_code == 200
    assert "A screen shows this session" in answer.text


def test_an_unknown_projector_is_not_there():
    assert Client().get(f"/projector/{uuid.uuid4()}/").status_code == 404
