"""The door: logging in as a browser does, what comes without it, and a school that nobody can lock out."""

import email
import email.policy
import json
import re
from urllib.parse import urlencode

import pytest

from tests.interfaces.house import (
    ANYTHING,
    FACILITATOR,
    JSON,
    PAGE,
    TEACHERS,
    Browser,
    assert_refused,
    new_id,
    together,
)

#: Addresses of what the demo school has none of: whoever asks is told so only once they are known.
NOT_THERE = [
    "/recordings/{}/file/", "/recordings/{}/captions/", "/task-pages/{}/image/", "/pages/{}/text/", "/pages/{}/look/",
    "/withdrawals/{}/", "/standards/{}/",
]  # fmt: skip


def reads(house):
    key, sample = house.demo["sessions"]["finished"], house.demo["samples"][0]
    session = f"/sessions/{key}/"
    parts = ("", "state/", "panel/now/", "panel/reveal/", "record/", "record/?format=json", "plan/", "calendar.ics")
    return [
        "/",
        "/library/",
        "/next-steps/",
        "/join/",
        *(session + part for part in parts),
        f"/samples/{sample}/",
        f"/samples/{sample}/status/",
        f"/teams/{house.demo['team']}/",
        f"/assignments/{house.demo['assignment']}/",
        f"/assignments/{house.demo['assignment']}/phone/",
        f"/assignments/{house.demo['assignment']}/phone/told/",
        f"/assignments/{house.demo['assignment']}/arrange/",
        f"/assignments/{house.demo['assignment']}/look/",
        f"/samples/{sample}/places/",
        f"/samples/{sample}/look/",
        f"/samples/{sample}/withdraw/",
        "/standards/",
        "/standards/find/",
        *(address.format(new_id()) for address in NOT_THERE),
    ]


def writes(house):
    session, sample = f"/sessions/{house.demo['sessions']['lobby']}/", house.demo["samples"][0]
    parts = (
        "commands/start/",
        "commands/take_over/",
        "done/",
        "scores/",
        "notes/",
        "consensus/",
        "next-steps/",
        "claim/",
    )
    of_sample = ("confirm/", "silences/", "transcript/", "look/ready/", "look/back/", "look/release/", "withdraw/")
    of_sample += ("group/", "places/names/", "places/dismiss/")
    of_assignment = ("arrange/", "phone/", "phone/end/", "task/bring/", "keep/")
    return [
        *(session + part for part in parts),
        "/samples/upload/",
        *(f"/samples/{sample}/{part}" for part in of_sample),
        *(f"/assignments/{house.demo['assignment']}/{part}" for part in of_assignment),
    ]


def test_without_a_log_in_a_page_leads_to_the_log_in_and_a_script_hears_401(house):
    browser = house.nobody()
    for address in reads(house):
        page = browser.get(address, PAGE)
        assert (page.status_code, page.headers["location"].split("?")[0]) == (302, "/accounts/login/"), address
        assert_refused(browser.get(address, JSON), 401)


def test_without_a_log_in_nothing_can_be_posted(house):
    browser = house.nobody()
    for address in writes(house):
        assert_refused(browser.post(address, {}), 401)
        assert browser.post(address, form={}, headers=PAGE).status_code == 302
        assert browser.post(address, form={}, headers=ANYTHING).status_code in {302, 401}


def test_a_stranger_is_told_that_there_is_nothing_whatever_they_post(house):
    for address in writes(house):
        if address != "/samples/upload/":
            assert_refused(house.stranger.post(address, {}), 404)
    answer = house.stranger.post("/samples/upload/", form={"assignment": house.demo["assignment"]})
    assert_refused(answer, 404)


def test_a_stranger_gets_the_same_bytes_for_what_is_not_theirs_as_for_what_is_not(house):
    for part in ("state/", "record/?format=json", "panel/now/"):
        theirs = house.stranger.get(f"/sessions/{house.demo['sessions']['lobby']}/{part}")
        nothing = house.stranger.get(f"/sessions/{new_id()}/{part}")
        assert (theirs.status_code, theirs.content) == (nothing.status_code, nothing.content)


def test_a_wrong_password_and_an_unknown_person_hear_the_same(house):
    browser = house.nobody()
    wrong = browser.log_in("teacher6@demo.example", "not-the-password")
    unknown = browser.log_in("nobody.at.all@demo.example", "not-the-password")
    assert wrong.status_code == unknown.status_code == 200
    assert "sessionid" not in browser.cookies
    assert "look-closely" not in wrong.text
    for answer in (wrong, unknown):
        assert "e-mail" in answer.text.lower() or "email" in answer.text.lower()


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("", ""),
        ("x", "y"),
        ("a@b\x00.example", "p\x00"),
        ("é@пример.рф", "😀" * 200),
        ("a" * 5000 + "@demo.example", "b" * 100_000),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("\u202eelpmaxe.omed@1rehcaet", "look-closely-together"),
    ],
)
def test_odd_credentials_get_the_form_again(house, login, password):
    browser = house.nobody()
    assert browser.log_in(login, password).status_code == 200
    assert "sessionid" not in browser.cookies


def test_many_wrong_passwords_for_one_account_lock_nobody_else_out(house):
    victim = "somebody.else@demo.example"
    browsers = [house.nobody() for _ in range(4)]
    for _ in range(4):
        together(4, lambda number: browsers[number].log_in(victim, "wrong"))
    assert browsers[0].log_in(victim, "wrong").status_code in {200, 429}
    assert Browser(house.server.url, TEACHERS[4]).get("/", PAGE).status_code == 200


def test_a_whole_team_logs_in_at_once_from_one_address_and_twice(house):
    people = [FACILITATOR, *TEACHERS] * 2
    answers = together(14, lambda number: house.nobody().log_in(people[number]).status_code)
    assert answers == [302] * 14


STAFF = """
import json
from django.contrib.auth.hashers import make_password
from teams.models import User
hashed = make_password("look-closely-together")
emails = [f"{NAME}{number}@staff.example" for number in range(60)]
User.objects.bulk_create(User(email=each, name=each, password=hashed) for each in emails)
print(json.dumps(emails))
"""


def staff(house, name):
    return json.loads(house.server.python(f"NAME = {name!r}\n{STAFF}"))


def code_for(house, address):
    """The code in the newest letter to this address; where nothing is mailed, letters are files.

    Letters of one second may share a file.
    """
    codes = []
    for file in sorted((house.server.data_dir / "mail").iterdir(), key=lambda each: each.stat().st_mtime_ns):
        for text in re.split(r"^-{79}\n", file.read_text(), flags=re.MULTILINE):
            letter = email.message_from_string(text, policy=email.policy.default)
            if letter["To"] == address and (found := re.match(r"(\d{6}) is your code", letter["Subject"])):
                codes.append(found[1])
    return codes[-1]


def log_in_by_code(house, browser, address, **more):
    answer = browser.post("/accounts/login/code/", form={"email": address} | more, headers=PAGE)
    assert answer.status_code == 302, answer.text
    form = {"code": code_for(house, address)} | more
    return browser.post("/accounts/login/code/confirm/", form=form, headers=PAGE)


def test_a_staff_of_sixty_logs_in_by_password_at_once_from_one_address(house):
    people = staff(house, "password")
    answers = together(20, lambda n: [house.nobody().log_in(each).status_code for each in people[n::20]])
    assert answers == [[302] * 3] * 20


def test_a_staff_of_sixty_logs_in_by_code_at_once_from_one_address(house):
    people = staff(house, "code")
    answers = together(20, lambda n: [log_in_by_code(house, house.nobody(), each) for each in people[n::20]])
    assert [(each.status_code, each.headers["location"]) for some in answers for each in some] == [(302, "/")] * 60


def test_who_scans_the_code_of_a_room_logs_in_by_mail_and_lands_in_the_room(house):
    room = house.room()
    room.give("open")
    code = re.search(r'aria-label="Code (\w+)"', room.get("", headers=PAGE).text)[1]
    browser = house.nobody()
    door = browser.get(f"/join/?{urlencode({'code': code})}", PAGE).headers["location"]
    wanted = browser.client.get(door).url.params["next"]
    answer = log_in_by_code(house, browser, TEACHERS[4], next=wanted)
    assert browser.get(answer.headers["location"], PAGE).headers["location"] == room.address
    assert browser.get(room.address, PAGE).status_code == 200


def test_a_code_tells_nobody_whose_address_is_whose(house):
    seen = []
    for address in (TEACHERS[5], "nobody.at.all@demo.example"):
        browser = house.nobody()
        answer = browser.post("/accounts/login/code/", form={"email": address}, headers=PAGE)
        page = browser.get(answer.headers["location"], PAGE).text.replace(address, "")
        page = re.sub(r'value="\w{64}"|<time.*?</time>', "", page)
        seen.append((answer.status_code, answer.headers["location"], page))
    assert seen[0] == seen[1]


def test_codes_are_in_no_log(house):
    browser = house.nobody()
    assert log_in_by_code(house, browser, TEACHERS[3]).status_code == 302
    assert code_for(house, TEACHERS[3]) not in house.server.log.read_text()


def test_a_log_in_does_not_send_people_elsewhere(house):
    browser = house.nobody()
    for target in ("//evil.example/", "https://evil.example", "javascript:alert(1)", "/\\evil.example"):
        form = {"login": TEACHERS[5], "password": "look-closely-together", "next": target}
        answer = Browser(house.server.url, None).post("/accounts/login/", form=form, headers=PAGE)
        assert "evil" not in answer.headers.get("location", "")
        assert "javascript" not in answer.headers.get("location", "")
    assert browser.get("/accounts/login/?next=//evil.example", PAGE).status_code == 200


def test_who_logs_out_is_out(house):
    browser = Browser(house.server.url, TEACHERS[5])
    cookies = browser.cookies
    assert browser.post("/accounts/logout/", form={}, headers=PAGE).status_code == 302
    again = Browser(house.server.url, None)
    again.client.cookies.update(cookies)  # a cookie that somebody kept
    assert_refused(again.get(f"/sessions/{house.demo['sessions']['lobby']}/state/"), 401)


def test_nobody_signs_themselves_up(house):
    browser = house.nobody()
    form = {"email": "me@evil.example", "password1": "a-long-password-1", "password2": "a-long-password-1"}
    browser.post("/accounts/signup/", form=form, headers=PAGE)
    assert browser.log_in("me@evil.example", "a-long-password-1").status_code == 200
    assert "sessionid" not in browser.cookies
