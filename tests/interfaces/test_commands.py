"""POST /sessions/<uuid>/commands/<name>/: who may, when, with what, and how it is answered."""

import pytest

from tests.interfaces.house import (
    ADMIN,
    ANYTHING,
    FACILITATOR,
    HTMX,
    JSON,
    PAGE,
    STRANGER,
    TEACHERS,
    assert_refused,
    new_id,
    together,
)

NAMES = [
    "open", "start", "pause", "resume", "next", "back", "go_to", "extend", "reveal", "hide", "hand_over", "take_over",
    "call_on", "finish", "reopen",
]  # fmt: skip
PRESENTER, TIMEKEEPER, RECORDER, TEACHER = TEACHERS[0], TEACHERS[3], TEACHERS[2], TEACHERS[1]


# --- who may ---------------------------------------------------------------------------------------------------


def test_a_member_who_may_not_gets_403_for_every_command_and_nothing_changes(house):
    room = house.room(step=3)
    before = room.state()
    for who in (PRESENTER, TIMEKEEPER, RECORDER, TEACHER, TEACHERS[5]):
        for name in NAMES:
            if name == "take_over" or (name == "extend" and who == TIMEKEEPER):
                continue
            assert_refused(room.command(name, who), 403)
    after = room.state()
    assert (after["status"], after["step"]["number"]) == (before["status"], before["step"]["number"])


def test_the_timekeeper_extends(house):
    room = house.room(step=1)
    version = room.version
    assert room.command("extend", TIMEKEEPER, minutes=3).json() == {"version": version + 1}


def test_strangers_and_principals_get_404_for_every_command_and_nobody_401(house):
    room = house.room(step=1)
    nobody = house.nobody()
    for name in NAMES:
        assert_refused(room.command(name, STRANGER), 404)
        assert_refused(room.command(name, ADMIN), 404)
        assert_refused(room.command(name, nobody), 401)
        assert_refused(house.facilitator.post(f"/sessions/{new_id()}/commands/{name}/"), 404)


def test_any_member_takes_over_and_everyone_sees_that_they_did(house):
    room = house.room(step=1)
    for who in (TEACHERS[5], RECORDER, TEACHER):
        room.give("take_over", who)
        roles = [person["name"] for person in room.state()["people"] if person["role"] == "facilitator"]
        assert len(roles) == 1
    assert roles == ["David Kim"]
    assert_refused(room.command("next", FACILITATOR), 403)
    room.give("next", TEACHER)
    version = room.version
    assert room.command("take_over", TEACHER).json() == {"version": version}


def test_who_hands_over_may_no_more_and_the_other_may(house):
    room = house.room(step=1)
    room.give("hand_over", person=room.seat(PRESENTER))
    assert_refused(room.command("next"), 403)
    room.give("next", PRESENTER)


# --- when ------------------------------------------------------------------------------------------------------


def test_a_command_out_of_turn_is_409_and_changes_nothing(house):
    room = house.room()
    arguments = {"go_to": {"step": 1}, "call_on": {"person": room.seat(TEACHER)}, "reveal": {"sample": room.samples[0]}}

    def refuse(*names):
        version = room.version
        for name in names:
            assert_refused(room.command(name, **arguments.get(name, {})), 409)
        assert room.version == version

    running = ("pause", "resume", "next", "back", "go_to", "extend", "reveal", "hide", "call_on", "finish", "reopen")
    refuse("start", *running)
    room.give("open")
    refuse("open", *running)
    room.give("start")
    refuse("open", "start", "resume", "back", "reveal", "reopen")
    room.give("pause")
    refuse("pause", "start", "reopen")
    room.give("finish")
    refuse("open", "start", *(name for name in running if name != "reopen"), "hand_over", "take_over")
    room.give("reopen")


def test_next_on_the_last_step_is_409(house):
    room = house.room(step=12)
    assert_refused(room.command("next"), 409)
    assert room.state()["step"]["number"] == 12
    assert room.state()["status"] == "running"


@pytest.mark.parametrize("paused", [False, True])
def test_finish_is_legal_whenever_the_session_runs(house, paused):
    room = house.room(step=1)
    if paused:
        room.give("pause")
    room.give("finish")
    assert room.state()["status"] == "finished"


def test_next_never_waits_for_scores_or_a_reveal_or_consensus(house):
    room = house.room(step=1)
    for number in range(2, 13):
        room.give("next")
        assert room.state()["step"]["number"] == number
    assert not any(sample["revealed"] for sample in room.state()["samples"])


def test_two_screens_that_press_next_in_the_same_step_move_the_room_once(house):
    room = house.room(step=2)
    answers = together(8, lambda _: room.command("next", step=2))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert room.state()["step"]["number"] == 3


def test_the_same_command_from_many_at_once_happens_once(house):
    room = house.room()
    version = room.version
    for name in ("open", "start", "pause", "finish"):
        answers = together(6, lambda _, name=name: room.command(name))
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5, name
        assert all("error" in answer.json() for answer in answers if answer.status_code == 409)
    assert room.version == version + 4


def test_different_commands_at_once_each_get_a_version_of_their_own(house):
    room = house.room(step=1)
    answers = together(6, lambda number: room.command("extend", minutes=number + 1))
    versions = [answer.json()["version"] for answer in answers]
    assert len(set(versions)) == 6
    assert max(versions) == room.version


# --- with what -------------------------------------------------------------------------------------------------

ODD = [None, "", "x", [], {}, [1], {"a": 1}, "\x00", "\ud800", "😀" * 999, "9" * 6000, "../..", "' OR 1=1", "\u202e1"]


def test_go_to_takes_the_number_of_a_step_and_nothing_else(house):
    room = house.room(step=1)
    for step in (*ODD, 0, -1, 13, 1.5, "1.5", 1e300, True, "٣", "0x2", "1e0", 10**40):
        assert_refused(room.command("go_to", step=step), 400)
    assert_refused(room.command("go_to"), 400)
    assert room.state()["step"]["number"] == 1
    for step in (5, "2", 3.0):
        room.give("go_to", step=step)
        assert room.state()["step"]["number"] == int(step)
    version = room.version
    assert room.command("go_to", step=3).json() == {"version": version}


def test_extend_takes_a_reasonable_number_of_minutes_and_nothing_else(house):
    room = house.room(step=1)
    minutes = room.state()["step"]["minutes"]
    for odd in (*(each for each in ODD if each), 0, -5, 0.1, 121, 1e9, True, "-1", "NaN", "Infinity"):
        assert_refused(room.command("extend", minutes=odd), 400)
    assert room.state()["step"]["minutes"] == minutes
    room.give("extend", minutes="2")
    room.give("extend", minutes=0.5 + 1)
    assert room.state()["step"]["minutes"] == minutes + 3.5
    for _ in range(3):
        room.give("extend", minutes=120)
    assert_refused(room.command("extend", minutes=120), 409)


@pytest.mark.parametrize("name", ["hand_over", "call_on"])
def test_a_person_is_somebody_in_this_room_and_nothing_else(house, name):
    room = house.room(step=1)
    before = room.version
    somebody = [*(each for each in ODD if each), new_id(), house.user_ids[TEACHER], TEACHER, "Maya Ellis", 1, True]
    for person in somebody:
        assert_refused(room.command(name, person=person), 400, 409)
    assert_refused(room.command(name), 400)
    assert room.version == before
    room.give(name, person=room.seat(TEACHER))


def test_a_turn_to_speak_is_given_and_taken_back(house):
    room = house.room(step=1)
    room.give("call_on", person=room.seat(TEACHER))
    room.give("call_on", person="")
    room.give("call_on", person=room.seat(TEACHER))
    room.give("next")


@pytest.mark.parametrize("name", ["reveal", "hide"])
def test_a_sample_is_one_of_this_session_and_nothing_else(house, name):
    room = house.room(step=3)
    other = house.demo["samples"][5]
    assert other not in room.samples
    for sample in (*(each for each in ODD if each), new_id(), other, "A", 1, True):
        assert_refused(room.command(name, sample=sample), 400)
    assert not any(sample["revealed"] for sample in room.state()["samples"])


def test_an_unknown_command_is_not_there(house):
    room = house.room(step=1)
    for name in ("explode", "NEXT", "next%00", "..%2Fnext", "x" * 3000, "апре", "__init__"):
        answer = room.command(name)
        assert answer.status_code in {404, 414}, name
        assert_refused(answer, answer.status_code)


# --- how it is answered ----------------------------------------------------------------------------------------


def test_a_script_gets_the_version_from_json_and_from_a_form(house):
    room = house.room()
    version = room.version
    assert room.post("commands/open/", {}).json() == {"version": version + 1}
    assert room.post("commands/start/", form={}).json() == {"version": version + 2}
    assert room.post("commands/go_to/", form={"step": "2"}).json() == {"version": version + 3}
    assert room.post("commands/next/", content=b"").json() == {"version": version + 4}
    assert room.post("commands/next/", form={}, headers=ANYTHING).json() == {"version": version + 5}
    assert_refused(room.post("commands/start/", form={}, headers=ANYTHING), 409)


def test_a_plain_form_is_sent_back_to_the_room_with_a_word(house):
    room = house.room()
    answer = room.post("commands/open/", form={}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (302, room.address)
    answer = room.post("commands/open/", form={}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (302, room.address)
    assert "The room is open already." in room.get("", headers=PAGE).text


def test_htmx_gets_nothing_or_a_fragment(house):
    room = house.room()
    answer = room.post("commands/open/", form={}, headers=HTMX)
    assert (answer.status_code, answer.text) == (204, "")
    answer = room.post("commands/open/", form={}, headers=HTMX)
    assert answer.status_code == 409
    assert "The room is open already." in answer.text
    assert "<html" not in answer.text


def test_a_form_is_sent_nowhere_but_here(house):
    room = house.room()
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "x" * 5000, "/\r\nX-Bad: 1"):
        answer = room.post("commands/open/", form={"next": target}, headers=PAGE)
        assert answer.status_code in {302, 400}
        assert "evil" not in answer.headers.get("location", "")
        assert "x-bad" not in answer.headers


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("application/json", b'{"step": 2'),
        ("application/json", b"[2]"),
        ("application/json", b"null"),
        ("application/json", b"\xff\xfe{}"),
        ("application/json", b"[" * 50_000),
        ("application/json", b'{"step": ' + b"9" * 10_000 + b"}"),
        ("application/json", b"step=2"),
        ("text/plain", b'{"step": 2}'),
        ("application/xml", b"<step>2</step>"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"step=2"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(1500))),
        ("application/json", b'{"a": "' + b"x" * 2_600_000 + b'"}'),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else str(len(value)),
)
def test_a_body_that_cannot_be_read_moves_nothing(house, content_type, content):
    room = house.demo["sessions"]["lobby"]
    address = f"/sessions/{room}/"
    before = house.facilitator.get(address + "state/").json()["version"]
    for name in ("start", "finish"):
        answer = house.facilitator.post(
            f"{address}commands/{name}/", content=content, headers=JSON | {"Content-Type": content_type}
        )
        assert_refused(answer, 400)
    assert house.facilitator.get(address + "state/").json()["version"] == before
