"""GET /sessions/<uuid>/stream/: the state on connect and on each change, for who is in the room."""

import time

from tests.interfaces.house import (
    ADMIN,
    FACILITATOR,
    STRANGER,
    TEACHERS,
    Browser,
    Listener,
    Room,
    assert_refused,
    new_id,
    wait_for,
)
from tests.interfaces.test_state import check


def listen(room: Room, who=TEACHERS[1]) -> Listener:
    return Listener(room.who(who), room.address + "stream/")


def test_it_starts_with_the_whole_state_under_its_version(house):
    room = house.room(step=3)
    room.give("pause")
    with listen(room) as stream:
        assert stream.status == 200
        assert stream.answer.headers["content-type"].split(";")[0] == "text/event-stream"
        name, number, data = stream.next()
        assert (name, number) == ("state", data["version"])
        check(data)
        fetched = room.state(TEACHERS[1])
        for state in (fetched, data):
            for person in state["people"]:
                person.pop("here")
        assert fetched == data


def test_every_command_is_an_event_on_every_screen_within_a_second(house):
    room = house.room()
    with listen(room) as one, listen(room, TEACHERS[4]) as two, listen(room, FACILITATOR) as three:
        for stream in (one, two, three):
            stream.event("state")
        commands = [
            ("open", {}), ("start", {}), ("next", {}), ("go_to", {"step": 3}), ("pause", {}), ("resume", {}),
            ("extend", {"minutes": 2}), ("reveal", {"sample": room.samples[0]}), ("hide", {"sample": room.samples[0]}),
            ("back", {}), ("call_on", {"person": room.seat(TEACHERS[1])}),
            ("hand_over", {"person": room.seat(TEACHERS[0])}), ("take_over", {}), ("finish", {}), ("reopen", {}),
        ]  # fmt: skip
        for name, arguments in commands:
            version = room.give(name, **arguments)
            began = time.monotonic()
            told = [stream.event("state", lambda data, v=version: data["version"] >= v) for stream in (one, two, three)]
            assert time.monotonic() - began < 1, name
            for number, data in told:
                assert number == data["version"] == version
                check(data)
        final = told[0][1]
        assert final["status"] == room.state()["status"] == "running"
        assert final["step"]["number"] == 2


def test_a_change_of_done_is_an_event_and_a_score_is_not(house):
    room = house.room(step=3)
    with listen(room) as stream:
        stream.event("state")
        room.score_all(TEACHERS[1], rationale="MARK-STREAM")
        room.done(TEACHERS[1])
        _, data = stream.event("state", lambda data: data["done"] == 1)
        assert data["version"] == room.version
        assert "MARK-STREAM" not in str(data)


def test_something_shared_is_an_event_that_says_what_to_fetch_and_not_what_was_said(house):
    room = house.room(step=5)
    with listen(room) as stream:
        stream.event("state")
        room.note(kind="evidence", text="MARK-SHARED")
        _, data = stream.event("changed")
        assert set(data) == {"topics", "activity"}
        assert "notes" in data["topics"]
        assert "MARK-SHARED" not in str(data)


def test_who_listens_is_here(house):
    room = house.room(step=1)
    seat = room.seat(TEACHERS[4])

    def is_here(data):
        return any(person["id"] == seat and person["here"] for person in data["people"])

    with listen(room, FACILITATOR) as mine:
        mine.event("state")
        with listen(room, TEACHERS[4]) as stream:
            stream.event("state", is_here)
            mine.event("state", is_here)
            assert is_here(room.state())
        wait_for(lambda: not is_here(room.state()), 20)


def test_strangers_get_404_and_nobody_401(house):
    room = house.room(step=1)
    for who, status in ((STRANGER, 404), (ADMIN, 404), (house.nobody(), 401)):
        with listen(room, who) as stream:
            assert stream.status == status
            assert set(stream.body()) == {"error"}
    with Listener(house.facilitator, f"/sessions/{new_id()}/stream/") as stream:
        assert stream.status == 404
    for address in (room.address.upper() + "STREAM/", room.address + "stream", "/sessions/x/stream/"):
        with Listener(house.facilitator, address) as stream:
            assert stream.status in {301, 404}


def test_it_is_only_for_listening(house):
    room = house.room(step=1)
    assert_refused(room.post("stream/", {}), 405)
    for method in ("HEAD", "OPTIONS", "DELETE"):
        assert house.facilitator.client.request(method, room.address + "stream/").status_code == 405


def test_odd_cookies_are_nobody(house):
    room = house.room()
    for cookie in ("sessionid=", "sessionid=x", "sessionid=" + "a" * 4000, 'sessionid="\\377"', "=;;=", "sessionid=é"):
        headers = [(b"Cookie", cookie.encode())]
        with house.nobody().client.stream("GET", room.address + "stream/", headers=headers) as answer:
            assert answer.status_code == 401


def test_streams_of_one_person_in_one_room_are_bounded_and_the_oldest_ends(house):
    room = house.room(step=1)
    streams = [listen(room) for _ in range(9)]
    try:
        for stream in streams:
            stream.event("state")
        ended = None
        try:
            while True:
                streams[0].next()
        except EOFError:
            ended = True
        assert ended
        room.give("next")
        streams[-1].event("state", lambda data: data["step"]["number"] == 2)
        streams[1].event("state", lambda data: data["step"]["number"] == 2)
    finally:
        for stream in streams:
            stream.__exit__()


def test_a_stream_ends_for_who_logs_out(house):
    room = house.room(step=1)
    browser = Browser(house.server.url, TEACHERS[1])
    with listen(room, browser) as stream:
        stream.event("state")
        browser.post("/accounts/logout/", form={})
        began = time.monotonic()
        try:
            while True:
                stream.next()
        except EOFError:
            pass
        assert time.monotonic() - began < 4  # the next heartbeat at the latest
