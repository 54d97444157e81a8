"""The projector over HTTP: it follows like every screen, is nobody, and ends when it is turned off."""

import pytest

from tests.interfaces.house import FACILITATOR, PAGE, TEACHERS, Listener, wait_for


def here(data):
    return {person["id"] for person in data["people"] if person["here"]}


def test_its_stream_follows_the_room_and_makes_nobody_present(house):
    room = house.room(step=3)
    wall, base = room.wall()
    with Listener(wall, base + "stream/") as stream:
        assert stream.status == 200
        name, number, data = stream.next()
        assert (name, number, data["version"]) == ("state", room.version, room.version)
        version = room.give("next")
        _, data = stream.event("state", lambda data: data["version"] >= version)
        assert (data["version"], data["step"]["number"]) == (version, 4)
        stream.event("beat")
        for _ in range(3):
            wall.get(base + "state/")
        # Who asked for the state counts as here for a while; the projector asked too, and is nobody.
        assert here(room.state()) <= {room.seat(FACILITATOR)}


def test_turning_it_off_ends_its_stream_and_everything_with_it(house):
    room = house.room(step=3)
    wall, base = room.wall()
    with Listener(wall, base + "stream/") as stream:
        stream.event("state")
        assert room.post("projector/off/").status_code == 200
        stream.event("changed")  # told at once, so that its screen asks, and learns that it may not
        assert wall.get(base, PAGE).status_code == 404
        with pytest.raises(EOFError):
            wait_for(lambda: stream.next() and None)
    with Listener(wall, base + "stream/") as again:
        assert (again.status, set(again.body())) == (404, {"error"})


def test_its_stream_is_for_its_own_cookie_alone(house):
    room = house.room(step=3)
    _, base = room.wall()
    other = house.room(step=3)
    elsewhere, _ = other.wall()
    for browser in (house.nobody(), house.facilitator, house.stranger, elsewhere):
        with Listener(browser, base + "stream/") as stream:
            assert stream.status == 404
    assert house.facilitator.post(base + "stream/").status_code == 405


def test_a_person_stays_present_or_away_whatever_the_projector_does(house):
    room = house.room(step=3)
    wall, base = room.wall()
    with Listener(house.browser(TEACHERS[1]), room.address + "stream/") as stream:
        stream.event("state", lambda data: room.seat(TEACHERS[1]) in here(data))
        with Listener(wall, base + "stream/") as screen:
            screen.event("state", lambda data: room.seat(TEACHERS[1]) in here(data))
    with Listener(wall, base + "stream/") as screen:
        screen.event("state", lambda data: room.seat(TEACHERS[1]) not in here(data))
