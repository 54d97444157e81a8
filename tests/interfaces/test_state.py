"""GET /sessions/<uuid>/state/: the exact shape, alike for everyone, and when its version moves."""

from uuid import UUID

from tests.interfaces.house import (
    ADMIN,
    ANYTHING,
    FACILITATOR,
    PAGE,
    ROLES,
    STRANGER,
    TEACHERS,
    assert_refused,
    new_id,
)

STEP = {
    "number", "of", "title", "makes", "speaks", "sample", "round", "open", "minutes", "seconds_left", "running",
}  # fmt: skip
MAKES = {
    "nothing", "notes", "scores", "reveal", "consensus", "response", "sort", "survey", "commitments", "next_steps",
    "debrief",
}  # fmt: skip
TABLE = {"task", "focus_question", "rubric", "work", "context"}


def is_uuid(text):
    return isinstance(text, str) and str(UUID(text)) == text


def is_whole(number):
    return isinstance(number, int) and not isinstance(number, bool)


def check(state):
    """Every key and every type of the public state."""
    assert set(state) == {"version", "status", "step", "people", "done", "samples", "rubric"}
    assert is_whole(state["version"])
    assert state["status"] in {"planned", "lobby", "running", "paused", "finished"}
    step = state["step"]
    assert set(step) == STEP
    assert all(is_whole(step[name]) for name in ("number", "of", "seconds_left"))
    assert isinstance(step["minutes"], int | float)
    assert isinstance(step["title"], str)
    assert step["makes"] in MAKES
    assert step["speaks"] in {"silent", "presenter", "participants", "all", "rounds"}
    assert step["sample"] is None or is_uuid(step["sample"])
    assert step["round"] is None or is_whole(step["round"])
    assert isinstance(step["open"], list)
    assert set(step["open"]) <= TABLE
    assert isinstance(step["running"], bool)
    assert step["running"] == (state["status"] == "running")
    for person in state["people"]:
        assert set(person) == {"id", "name", "role", "here"}
        assert is_uuid(person["id"])
        assert isinstance(person["here"], bool)
        assert person["role"] in {
            "facilitator", "co_facilitator", "presenter", "timekeeper", "recorder", "participant",
        }  # fmt: skip
    assert is_whole(state["done"])
    for sample in state["samples"]:
        assert set(sample) == {"id", "label", "pages", "revealed"}
        assert is_uuid(sample["id"])
        assert is_whole(sample["pages"])
        assert isinstance(sample["revealed"], bool)
    rubric = state["rubric"]
    assert set(rubric) == {"id", "levels", "criteria"}
    assert is_uuid(rubric["id"])
    assert all(set(level) == {"value", "name"} and is_whole(level["value"]) for level in rubric["levels"])
    assert all(set(criterion) == {"id", "title"} and is_uuid(criterion["id"]) for criterion in rubric["criteria"])


def test_it_has_its_exact_shape_in_every_step_of_a_whole_session(house):
    room = house.room()
    seen = [room.state()]
    for name in ("open", "start"):
        room.give(name)
        seen.append(room.state())
    for _ in range(11):
        room.give("next")
        seen.append(room.state())
    for name in ("pause", "finish"):
        room.give(name)
        seen.append(room.state())
    for state in seen:
        check(state)
    assert [state["status"] for state in seen] == ["planned", "lobby", *["running"] * 12, "paused", "finished"]
    assert [state["step"]["number"] for state in seen] == [0, 0, *range(1, 13), 12, 12]
    assert {state["step"]["of"] for state in seen} == {12}


def test_the_demos_own_sessions_have_that_shape_too(house):
    for key in house.demo["sessions"].values():
        check(house.facilitator.get(f"/sessions/{key}/state/").json())


def test_repeated_steps_are_counted_as_they_are_run(house):
    three = house.demo["samples"][:3]
    room = house.room(step=1, samples=three)
    steps = []
    for number in range(1, room.facts["step"]["of"] + 1):
        if number > 1:
            room.give("next")
        steps.append(room.state()["step"])
    scoring = [step for step in steps if step["makes"] == "scores"]
    assert len(steps) == 2 + 3 * 4 + 2
    assert [step["sample"] for step in scoring] == [sample["id"] for sample in room.facts["samples"]]
    assert {step["round"] for step in scoring} == {1}


def test_before_the_start_the_step_has_number_0_and_nothing_open(house):
    room = house.room()
    for _ in range(2):
        step = room.state()["step"]
        assert (step["number"], step["open"], step["sample"], step["running"]) == (0, [], None, False)
        room.command("open")


def test_it_is_alike_for_everyone(house):
    room = house.room(step=3)
    room.give("pause")
    for email in TEACHERS[:5]:
        room.get("", email, PAGE)
    room.score_all(TEACHERS[1])
    states = [room.get("state/", email).json() for email in (FACILITATOR, *TEACHERS[:5])]
    for state in states:
        for person in state["people"]:
            person.pop("here")
    assert all(state == states[0] for state in states)


def test_the_roles_are_those_of_the_plan(house):
    room = house.room()
    roles = {person["id"]: person["role"] for person in room.facts["people"]}
    assert roles[room.seat(FACILITATOR)] == "facilitator"
    for role, email in ROLES.items():
        assert roles[room.seat(email)] == role
    assert roles[room.seat(TEACHERS[1])] == "participant"


def test_it_is_json_whatever_is_accepted_and_404_for_who_is_not_in_the_team(house):
    room = house.room()
    for headers in (ANYTHING, PAGE, {"Accept": "application/json;q=0.1"}, {"Accept": "image/png"}, {}):
        answer = room.get("state/", headers=headers)
        assert answer.status_code == 200
        check(answer.json())
    for who in (STRANGER, ADMIN):
        assert_refused(room.get("state/", who), 404)
    assert_refused(house.facilitator.get(f"/sessions/{new_id()}/state/"), 404)


def test_a_member_who_was_not_planned_in_takes_part_by_coming(house):
    room = house.room()
    assert len(room.state()["people"]) == 6
    state = room.state(TEACHERS[5])
    assert len(state["people"]) == 7
    assert {person["name"]: person["role"] for person in state["people"]}["Jun Sato"] == "participant"


def test_the_version_is_bumped_by_commands_and_by_changes_of_done_and_by_nothing_else(house):
    room = house.room(step=3)
    room.get("", TEACHERS[1], PAGE)
    before = room.version
    room.score_all(TEACHERS[1])
    room.note(TEACHERS[1], text="A private note.")
    room.get("", TEACHERS[2], PAGE)
    room.panel("now", TEACHERS[1])
    assert room.version == before
    assert room.done(TEACHERS[1]).json() == {"saved": True, "version": before + 1}
    assert room.done(TEACHERS[1]).json() == {"saved": True, "version": before + 1}
    assert room.done(TEACHERS[1], done=False).json() == {"saved": True, "version": before + 2}
    assert room.give("pause") == before + 3
    assert room.command("pause").status_code == 409
    assert room.version == before + 3
    room.give("resume")
    room.give("go_to", step=6)
    room.give("reveal", sample=room.samples[0])
    shared = room.version
    room.note(TEACHERS[1], kind="evidence", text="Shared.", step=5)
    assert room.consensus().json() == {"saved": True}
    next_step = {"text": "Try it.", "owner": room.seat(TEACHERS[1]), "client_id": new_id()}
    assert room.post("next-steps/", next_step, TEACHERS[1]).json() == {"saved": True}
    claim = {"sample": room.samples[0], "criterion": room.criteria[0], "claimed": True}
    assert room.post("claim/", claim, TEACHERS[1]).json() == {"saved": True}
    assert room.version == shared


def test_done_counts_people_and_starts_anew_in_the_next_step(house):
    room = house.room(step=1)
    for count, email in enumerate((FACILITATOR, *TEACHERS[:3]), 1):
        room.done(email, step=1)
        assert room.state()["done"] == count
    room.give("next")
    assert room.state()["done"] == 0
    room.give("back")
    assert room.state()["done"] == 4


def test_in_a_scoring_step_done_needs_every_criterion_scored(house):
    room = house.room(step=3)
    assert_refused(room.done(), 409)
    for number in range(len(room.criteria) - 1):
        room.score(criterion=number)
    assert_refused(room.done(), 409)
    room.score(criterion=len(room.criteria) - 1)
    assert room.done().status_code == 200
    assert_refused(room.done(FACILITATOR), 409)


def test_done_with_a_step_that_the_room_is_not_at_is_409_and_with_none_at_all_400(house):
    room = house.room(step=2)
    for step in (1, 3, "12"):
        assert_refused(room.post("done/", {"step": step, "done": True}, TEACHERS[1]), 409)
    for step in (None, "", "x", 0, -1, 13, 1.5, True, "9" * 5000, [], {}, "２"):
        assert_refused(room.post("done/", {"step": step, "done": True}, TEACHERS[1]), 400)
    for done in ("perhaps", [], {}, 2, None, "x" * 10_000):
        assert_refused(room.post("done/", {"step": 2, "done": done}, TEACHERS[1]), 400)
    assert room.state()["done"] == 0


def test_done_is_understood_from_a_form_and_from_json(house):
    room = house.room(step=2)
    assert room.post("done/", form={"step": "2", "done": "true"}, who=TEACHERS[1]).json()["saved"] is True
    assert room.post("done/", form={"step": "2", "done": "on"}, who=TEACHERS[2]).json()["saved"] is True
    assert room.state()["done"] == 2
    assert room.post("done/", form={"step": "2", "done": "false"}, who=TEACHERS[1]).json()["saved"] is True
    assert room.post("done/", {"step": "2", "done": "0"}, TEACHERS[2]).json()["saved"] is True
    assert room.state()["done"] == 0
    assert room.post("done/", form={"step": "2"}, who=TEACHERS[1], headers=PAGE).status_code == 302


def test_before_the_start_and_after_the_end_nobody_is_done(house):
    room = house.room()
    assert_refused(room.done(step=1), 409)
    room.run_to(1)
    room.give("finish")
    assert_refused(room.done(step=1), 409)


def test_the_clock_is_the_servers_and_stands_while_paused(house):
    room = house.room(step=1)
    running = room.state()["step"]
    assert 0 < running["seconds_left"] <= running["minutes"] * 60
    room.give("extend", minutes=2.5)
    assert room.state()["step"]["minutes"] == running["minutes"] + 2.5
    room.give("pause")
    first, second = (room.state()["step"]["seconds_left"] for _ in range(2))
    assert first == second > running["minutes"] * 60
    room.give("go_to", step=2)
    room.give("back")
    assert room.state()["step"]["seconds_left"] == first


def test_over_time_the_seconds_are_negative(house):
    room = house.room(step=1)
    house.server.python(f"""
from datetime import datetime, timedelta
from sessions_app.models import Session
row = Session.objects.get(pk={room.id!r})
row.state["since"] = (datetime.fromisoformat(row.state["since"]) - timedelta(hours=2)).isoformat()
row.save(update_fields=["state"])
""")
    assert room.state()["step"]["seconds_left"] < -3600


def test_who_loads_the_room_is_here(house):
    room = house.room(step=1)
    assert not any(person["here"] for person in room.facts["people"] if person["id"] != room.seat(FACILITATOR))
    room.get("", TEACHERS[2], PAGE)
    here = {person["id"] for person in room.state()["people"] if person["here"]}
    assert here == {room.seat(FACILITATOR), room.seat(TEACHERS[2])}
