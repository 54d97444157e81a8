"""A code by mail instead of a password: sent, typed, wrong, over, and nobody told whose address is whose."""

import re
import time
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
ASK, TYPE = "/accounts/login/code/", "/accounts/login/code/confirm/"
MAYA = "maya@school.example"


@pytest.fixture(autouse=True)
def nothing_counted(settings):
    """Each test counts for itself."""
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": memory, "LOCATION": str(uuid.uuid4())}}


@pytest.fixture
def maya():
    return UserFactory(email=MAYA)


def ask(client, email=MAYA, **more):
    return client.post(ASK, {"email": email, **more})


def code_in(letter) -> str:
    return re.fullmatch(r"(\d{6}) is your code for ESW", letter.subject)[1]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def page(answer) -> str:
    return answer.content.decode()


def test_it_mails_a_code_and_logs_in_with_it(client, maya, mailoutbox):
    answer = ask(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, TYPE)
    assert mailoutbox[0].to == [MAYA]
    code = code_in(mailoutbox[0])
    answer = client.post(TYPE, {"code": code})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(maya.pk)
    assert code not in str(dict(client.session))


def test_the_page_says_where_the_letter_went_and_how_long_it_holds(client, maya):
    text = page(client.get(ask(client).headers["Location"]))
    assert MAYA in text
    assert "It holds for ten minutes, until" in text
    for attribute in ('inputmode="numeric"', 'autocomplete="one-time-code"', "autofocus"):
        assert attribute in text
    for way in ("Send a new code", "Use another address", "Use my password"):
        assert way in text


def test_the_letter_is_short_and_leads_nowhere(client, maya, mailoutbox):
    ask(client)
    assert code_in(mailoutbox[0]) in mailoutbox[0].body
    assert "http" not in mailoutbox[0].body
    assert not mailoutbox[0].alternatives


def test_the_log_in_page_has_both_ways_in_one_form(client, maya, mailoutbox):
    text = page(client.get("/accounts/login/?next=/library/"))
    assert f'formaction="{ASK}"' in text
    answer = client.post(ASK, {"login": MAYA, "password": "", "next": "/library/"})
    assert answer.headers["Location"] == f"{TYPE}?next=%2Flibrary%2F"
    assert len(mailoutbox) == 1


def test_it_lands_where_the_person_wanted_to_go(client, maya, mailoutbox):
    room = "/join/?code=KD74QF"
    assert client.get(room).headers["Location"].startswith("/accounts/login/?next=/join/")
    client.get(ask(client, next=room).headers["Location"])
    answer = client.post(TYPE, {"code": code_in(mailoutbox[0]), "next": room})
    assert answer.headers["Location"] == room


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example", "javascript:alert(1)"])
def test_it_sends_nobody_elsewhere(client, maya, mailoutbox, target):
    assert "evil" not in ask(client, next=target).headers["Location"]
    answer = client.post(TYPE, {"code": code_in(mailoutbox[0]), "next": target})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("shape", ["{0}{1}", "{0} {1}", " {0}-{1} ", "{0}\u00a0{1}"])
def test_it_understands_a_code_as_people_type_it(client, maya, mailoutbox, shape):
    ask(client)
    code = code_in(mailoutbox[0])
    client.post(TYPE, {"code": shape.format(code[:3], code[3:])})
    assert "_auth_user_id" in client.session


def test_it_understands_the_digits_of_other_keyboards(client, maya, mailoutbox):
    ask(client)
    client.post(TYPE, {"code": code_in(mailoutbox[0]).translate({48 + n: 0x660 + n for n in range(10)})})
    assert "_auth_user_id" in client.session


def test_the_code_works_in_the_browser_that_asked_and_in_no_other(client, maya, mailoutbox):
    ask(client)
    thief = Client()
    assert thief.post(TYPE, {"code": code_in(mailoutbox[0])}).headers["Location"] == ASK
    ask(thief, "somebody@else.example")
    assert thief.post(TYPE, {"code": code_in(mailoutbox[0])}).status_code == 200
    assert "_auth_user_id" not in thief.session


def test_a_code_logs_in_once(client, maya, mailoutbox):
    ask(client)
    code = code_in(mailoutbox[0])
    client.post(TYPE, {"code": code})
    client.post("/accounts/logout/")
    client.post(TYPE, {"code": code})
    assert "_auth_user_id" not in client.session


def test_a_wrong_code_says_how_many_tries_are_left(client, maya, mailoutbox):
    ask(client)
    code = code_in(mailoutbox[0])
    for left in ("four tries", "three tries", "two tries", "one try"):
        assert f"You have {left} left." in page(client.post(TYPE, {"code": wrong(code)}))
    answer = client.post(TYPE, {"code": wrong(code), "next": "/library/"})
    assert answer.status_code == 429
    assert "It was typed wrong five times." in page(answer)
    assert f'value="{MAYA}"' in page(answer)
    assert 'name="next" value="/library/"' in page(answer)
    client.post(TYPE, {"code": code})
    assert "_auth_user_id" not in client.session


def test_the_last_try_may_be_the_right_one(client, maya, mailoutbox):
    ask(client)
    for _ in range(4):
        client.post(TYPE, {"code": wrong(code_in(mailoutbox[0]))})
    client.post(TYPE, {"code": code_in(mailoutbox[0])})
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "²³½①"])
def test_what_cannot_be_a_code_is_no_try(client, maya, mailoutbox, typed):
    ask(client)
    for _ in range(7):
        assert client.post(TYPE, {"code": typed}).status_code == 200
    client.post(TYPE, {"code": code_in(mailoutbox[0])})
    assert "_auth_user_id" in client.session


def test_many_tries_at_once_are_no_way_around_the_five(client, maya, mailoutbox):
    """Of requests that run side by side each reads a session in which nothing has been tried yet."""
    ask(client)
    key = client.cookies["sessionid"].value
    fresh = dict(client.session)
    for n in range(5):
        client.post(TYPE, {"code": wrong(code_in(mailoutbox[0]))})
        session = type(client.session)(key)
        session.update(fresh)  # as it was before
        session.save()
        assert n < 5
    answer = client.post(TYPE, {"code": code_in(mailoutbox[0])})
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


def test_a_new_code_ends_the_one_before_and_has_its_own_tries(client, maya, mailoutbox):
    ask(client)
    for _ in range(3):
        client.post(TYPE, {"code": wrong(code_in(mailoutbox[0]))})
    ask(client)
    old, new = map(code_in, mailoutbox)
    if old != new:
        assert "You have four tries left." in page(client.post(TYPE, {"code": old}))
    client.post(TYPE, {"code": new})
    assert "_auth_user_id" in client.session


def test_a_code_is_over_after_ten_minutes_and_says_so(client, maya, mailoutbox, monkeypatch):
    ask(client)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 601)
    answer = client.post(TYPE, {"code": code_in(mailoutbox[0])})
    assert "Its ten minutes are over." in page(answer)
    assert f'value="{MAYA}"' in page(answer)
    assert "_auth_user_id" not in client.session


def test_who_comes_without_a_code_is_asked_for_the_address_and_keeps_the_way(client):
    answer = client.get(f"{TYPE}?next=/library/", follow=True)
    assert answer.redirect_chain[0][0] == f"{ASK}?next=%2Flibrary%2F"
    assert "No code waits in this browser." in page(answer)


def test_a_code_that_waits_stands_in_nobodys_way(client, maya):
    ask(client)
    for door in ("/accounts/login/", ASK):
        text = page(client.get(door))
        assert f'value="{MAYA}"' in text
    answer = client.post("/accounts/login/", {"login": MAYA, "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    assert "account_login" not in client.session


def asked(client, mailoutbox, email):
    """What a browser that asks for a code with this address can see, and what it costs."""
    mailoutbox.clear()
    with CaptureQueriesContext(connection) as captured:
        answer = ask(client, email)
    text = page(client.get(TYPE))
    for changes in (email, re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[1]):
        text = text.replace(changes, "")
    text = re.sub(r"<time.*?</time>|csrfmiddlewaretoken.*?>|hx-headers='.*?'", "", text)
    wrong = [page(client.post(TYPE, {"code": "000000"})).count("tries left") for _ in range(2)]
    letters = [letter.to for letter in mailoutbox]
    return answer.status_code, answer.headers["Location"], text, wrong, letters == [[email]], len(captured)


def test_nothing_tells_whether_an_address_has_an_account(maya, mailoutbox):
    UserFactory(email="closed@school.example", is_active=False)
    seen = [asked(Client(), mailoutbox, email) for email in (MAYA, "nobody@school.example", "closed@school.example")]
    assert seen[0] == seen[1] == seen[2]


def test_an_address_that_nobody_uses_gets_a_letter_that_says_so(client, mailoutbox):
    ask(client, "nobody@school.example")
    assert mailoutbox[0].subject == "ESW does not know this address"
    assert "nobody uses ESW with this address" in mailoutbox[0].body
    assert "http" not in mailoutbox[0].body


def test_an_address_is_written_as_it_likes(client, maya, mailoutbox):
    ask(client, f"  {MAYA.title()} ")
    client.post(TYPE, {"code": code_in(mailoutbox[0])})
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("email", ["", "x", "a@b\x00.example", "é@пример.рф", "a" * 5000 + "@b.example"])
def test_odd_addresses_get_the_form_again_or_a_code(client, email):
    assert ask(client, email).status_code in {200, 302}


def test_the_sixth_code_in_ten_minutes_is_refused_in_words(maya, mailoutbox):
    for _ in range(5):
        assert ask(Client()).status_code == 302
    answer = ask(Client())
    assert answer.status_code == 429
    assert "we send no more for a while" in page(answer)
    assert len(mailoutbox) == 5
    assert ask(Client(), "colleague@school.example").status_code == 302


def test_codes_worn_out_leave_the_password(client, maya):
    for _ in range(6):
        ask(Client())
    assert client.post("/accounts/login/", {"login": MAYA, "password": PASSWORD}).status_code == 302


def test_passwords_worn_out_leave_the_code_and_who_is_in_stays_in(client, maya, mailoutbox):
    inside = Client()
    inside.post("/accounts/login/", {"login": MAYA, "password": PASSWORD})
    attacker = Client()
    answers = [attacker.post("/accounts/login/", {"login": MAYA, "password": "wrong"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "Have a code mailed to you" in page(answers[-1])
    assert client.post("/accounts/login/", {"login": MAYA, "password": PASSWORD}).status_code == 429
    assert inside.get("/").status_code == 200
    ask(client)
    assert client.post(TYPE, {"code": code_in(mailoutbox[0])}).status_code == 302


def test_a_right_password_does_not_count(maya):
    for _ in range(15):
        assert Client().post("/accounts/login/", {"login": MAYA, "password": PASSWORD}).status_code == 302


def test_a_new_password_may_be_tried_at_once(client, maya, mailoutbox):
    for _ in range(11):
        client.post("/accounts/login/", {"login": MAYA, "password": "wrong"})
    client.post("/accounts/password/reset/", {"email": MAYA})
    path = re.search(r"https?://[^/]+(/\S+)", mailoutbox[0].body)[1]
    form = client.get(path, follow=True).request["PATH_INFO"]
    words = "seventeen-blue-paper-boats"
    client.post(form, {"password1": words, "password2": words})
    assert client.post("/accounts/login/", {"login": MAYA, "password": words}).status_code == 302


def test_a_flood_from_one_address_is_told_to_wait(client, monkeypatch):
    monkeypatch.setattr("teams.log_in.limits.LOG_INS_FROM_HERE.__class__.take", lambda self, key: False)
    answer = client.post("/accounts/login/", {"login": MAYA, "password": PASSWORD})
    assert answer.status_code == 429
    assert "please try again in a few minutes" in page(answer)


@pytest.mark.parametrize("way", ["code", "password"])
@pytest.mark.parametrize("shared", [True, False])
def test_a_shared_computer_forgets_when_the_browser_is_closed(client, maya, mailoutbox, way, shared):
    tick = {"shared": "on"} if shared else {}
    if way == "code":
        ask(client, **tick)
        client.post(TYPE, {"code": code_in(mailoutbox[0])})
    else:
        client.post("/accounts/login/", {"login": MAYA, "password": PASSWORD, **tick})
    assert "_auth_user_id" in client.session
    assert client.session.get_expire_at_browser_close() is shared
    assert client.cookies["sessionid"]["max-age"] == ("" if shared else timedelta(days=30).total_seconds())


def test_a_letter_that_cannot_be_sent_says_so_and_does_not_count(client, maya, monkeypatch, mailoutbox):
    def gone(self, messages):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(type(get_connection()), "send_messages", gone)
        for _ in range(6):
            answer = ask(client)
            assert answer.status_code == 503
    assert "The letter could not be sent just now" in page(answer)
    assert f'value="{MAYA}"' in page(answer)
    assert ask(client).status_code == 302


def test_the_trial_says_where_its_letters_are(client, maya, settings):
    ask(client)
    assert "This ESW is on trial" not in page(client.get(TYPE))
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert "its letters are files" in page(client.get(TYPE))


def test_no_log_holds_a_code(client, maya, mailoutbox, caplog):
    caplog.set_level(0)
    ask(client)
    code = code_in(mailoutbox[0])
    client.post(TYPE, {"code": wrong(code)})
    client.post(TYPE, {"code": code})
    assert code not in caplog.text
    assert wrong(code) not in caplog.text


def test_a_code_never_stands_in_the_cache(client, maya, mailoutbox):
    ask(client)
    client.post(TYPE, {"code": wrong(code_in(mailoutbox[0]))})
    kept = str(cache._cache)
    assert "limit" in kept
    assert code_in(mailoutbox[0]) not in kept
    assert MAYA not in kept


def test_who_was_deleted_meanwhile_is_not_logged_in(client, maya, mailoutbox):
    ask(client)
    maya.delete()
    assert client.post(TYPE, {"code": code_in(mailoutbox[0])}).status_code in {200, 302}
    assert "_auth_user_id" not in client.session


def test_who_was_closed_meanwhile_is_told(client, maya, mailoutbox):
    ask(client)
    maya.is_active = False
    maya.save()
    answer = client.post(TYPE, {"code": code_in(mailoutbox[0])})
    assert answer.headers["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_who_is_logged_in_needs_no_code(client, maya, mailoutbox):
    client.force_login(maya)
    for door in (ASK, TYPE):
        assert client.get(f"{door}?next=/library/").headers["Location"] == "/library/"


# --- a script ----------------------------------------------------------------------------------------------------


SCRIPT = {"accept": "application/json"}


def said(client, address, data):
    answer = client.post(address, data, headers=SCRIPT)
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, answer.json()


def test_a_script_hears_where_to_go_on_or_one_sentence(client, maya, mailoutbox):
    status, answer = said(client, TYPE, {"code": "123456"})
    assert (status, list(answer)) == (409, ["error"])
    status, answer = said(client, ASK, {"email": "no address"})
    assert (status, list(answer)) == (400, ["error"])
    assert said(client, ASK, {"email": MAYA}) == (200, {"location": TYPE})
    code = code_in(mailoutbox[0])
    status, answer = said(client, TYPE, {"code": wrong(code)})
    assert (status, list(answer)) == (400, ["error"])
    assert "four tries left" in answer["error"]
    assert said(client, TYPE, {"code": code}) == (200, {"location": "/"})
    assert client.session["_auth_user_id"] == str(maya.pk)


def test_a_script_hears_when_it_was_too_often(client, maya, mailoutbox):
    for _ in range(6):
        status, answer = said(client, ASK, {"email": MAYA})
    assert (status, list(answer)) == (429, ["error"])
    code = code_in(mailoutbox[-1])
    for _ in range(5):
        status, answer = said(client, TYPE, {"code": wrong(code)})
    assert (status, list(answer)) == (429, ["error"])


def test_no_answer_repeats_a_password(client, maya):
    login = reverse("account_login")
    for password in ("wrong-and-secret", PASSWORD):
        answer = client.post(login, {"login": MAYA, "password": password}, headers=SCRIPT)
        assert password not in page(answer)
        assert list(answer.json()) == (["location"] if password == PASSWORD else ["error"])
        assert answer.status_code == (200 if password == PASSWORD else 400)
    assert client.session["_auth_user_id"] == str(maya.pk)
