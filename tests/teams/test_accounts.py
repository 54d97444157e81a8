"""Logging in, logging out, a new password: in our words, in every state."""

import re

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
WORDS = "seventeen-blue-paper-boats"


def test_it_logs_in_and_goes_home(client):
    UserFactory(email="maya@school.example")
    answer = client.post("/accounts/login/", {"login": "maya@school.example", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_wrong_password_says_so_and_keeps_the_address(client):
    UserFactory(email="maya@school.example")
    page = client.post("/accounts/login/", {"login": "maya@school.example", "password": "wrong"}).content.decode()
    assert "maya@school.example" in page
    assert "data-problem" in page


def test_it_logs_out_by_a_post_alone(client):
    client.force_login(UserFactory())
    assert "Log out?" in client.get("/accounts/logout/").content.decode()
    assert client.get("/").status_code == 200
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"
    assert client.get("/").status_code == 302


def test_a_forgotten_password_is_replaced_by_mail(client, mailoutbox):
    UserFactory(email="maya@school.example")
    page = client.post("/accounts/password/reset/", {"email": "maya@school.example"}, follow=True)
    assert "Look in your mail" in page.content.decode()
    assert mailoutbox[0].subject.endswith("Choose a new password for ESW")
    path = re.search(r"https?://[^/]+(/\S+)", mailoutbox[0].body)[1]
    form = client.get(path, follow=True)
    assert "Choose a password" in form.content.decode()
    done = client.post(form.request["PATH_INFO"], {"password1": WORDS, "password2": WORDS}, follow=True)
    assert "Your password is saved" in done.content.decode()
    assert client.login(email="maya@school.example", password=WORDS)


def test_a_letter_ignores_the_host_that_a_request_claims(client, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["*"]
    UserFactory(email="maya@school.example")
    for address in ("maya@school.example", "nobody@school.example"):
        client.post("/accounts/password/reset/", {"email": address}, headers={"host": "evil.example"})
    assert settings.SITE_URL in mailoutbox[0].body
    for letter in mailoutbox:
        assert "evil.example" not in f"{letter.subject} {letter.body} {letter.from_email}"


def test_an_unknown_address_gets_the_same_page(client, mailoutbox):
    page = client.post("/accounts/password/reset/", {"email": "nobody@school.example"}, follow=True)
    assert "Look in your mail" in page.content.decode()
    assert "/signup/" not in mailoutbox[0].body


def test_who_asks_for_letters_again_and_again_is_told_to_wait(client, mailoutbox):
    for _ in range(6):
        answer = client.post("/accounts/password/reset/", {"email": "impatient@school.example"})
    assert answer.status_code == 429
    assert "please try again in a few minutes" in answer.content.decode()
    assert len(mailoutbox) == 5


def test_a_link_that_was_used_says_so(client):
    url = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "gone-gone"})
    assert "This link no longer works" in client.get(url).content.decode()


def test_i_change_my_password(client):
    me = UserFactory()
    client.force_login(me)
    assert "Change your password" in client.get("/accounts/password/change/").content.decode()
    data = {"oldpassword": PASSWORD, "password1": WORDS, "password2": WORDS}
    client.post("/accounts/password/change/", data)
    me.refresh_from_db()
    assert me.check_password(WORDS)


def test_nobody_signs_up_alone(client):
    assert "People are added by their team" in client.get("/accounts/signup/").content.decode()


@pytest.mark.parametrize("path", ["/accounts/inactive/", "/accounts/password/reset/key/done/"])
def test_the_other_account_pages_wear_our_look(client, path):
    client.force_login(UserFactory())
    page = client.get(path).content.decode()
    assert "css/tokens.css" in page
    assert "Menu:" not in page


def test_nobody_takes_the_address_of_a_colleague_who_is_yet_to_be_added(client):
    me = UserFactory(email="maya@school.example")
    client.force_login(me)
    for action in ("action_add", "action_primary"):
        assert client.post("/accounts/email/", {action: "", "email": "principal@school.example"}).status_code == 404
    me.refresh_from_db()
    assert me.email == "maya@school.example"


@pytest.mark.parametrize("path", ["", "email/", "confirm-email/", "password/reset/confirm/", "social/signup/"])
def test_doors_that_esw_does_not_need_are_not_there(client, path):
    client.force_login(UserFactory())
    assert client.get(f"/accounts/{path}").status_code == 404


def test_a_password_that_was_kept_at_another_cost_still_works_and_is_kept_anew(client, settings):
    settings.PASSWORD_HASHERS = ["teams.log_in.hashers.ThriftyArgon2"]
    person = UserFactory(email="maya@school.example")
    person.password = Argon2PasswordHasher().encode(WORDS, "a-salt-of-this-test")
    person.save()
    assert client.post("/accounts/login/", {"login": person.email, "password": WORDS}).status_code == 302
    person.refresh_from_db()
    assert "$m=19456,t=2,p=1$" in person.password
    assert person.check_password(WORDS)
