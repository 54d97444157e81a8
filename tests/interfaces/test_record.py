"""GET /sessions/<uuid>/record/: there from `finish` on, for the team, without a name beside a score."""

import re

import pytest

from tests.interfaces.house import ADMIN, ANYTHING, FACILITATOR, JSON, PAGE, STRANGER, TEACHERS, assert_refused, new_id

KEYS = {
    "session", "audience", "team", "school", "purpose", "focus_question", "protocol", "starts_at", "started_at",
    "finished_at", "assignment", "norms", "norm_to_watch", "people", "steps", "rubric", "samples", "notes",
    "next_steps", "agreement",
}  # fmt: skip


@pytest.fixture(scope="module")
def told(house):
    """A session that was run to its end, with scores, a split and a next step."""
    room = house.room(step=3)
    for number, who in enumerate((FACILITATOR, *TEACHERS[:4])):
        room.score_all(who, level=1 + number % 3, rationale=f"MARK-RATIONALE {number}")
    room.give("go_to", step=6)
    room.give("reveal")
    room.consensus(level=2, rationale="We agree on 2.")
    room.note(TEACHERS[1], kind="evidence", text="Line 3 says so.", step=5)
    room.give("go_to", step=7)
    room.score_all(TEACHERS[1], sample=1, level=4)  # never revealed
    room.give("finish")
    return room


def test_before_the_end_it_is_409_as_a_page_and_as_json(house):
    room = house.room()
    for _ in ("planned", "lobby", "running", "paused"):
        assert room.get("record/", headers=PAGE).status_code == 409
        assert_refused(room.get("record/"), 409)
        assert_refused(room.get("record/?format=json", headers=PAGE), 409)
        assert_refused(room.get("record/?format=json", headers=ANYTHING), 409)
        for name in ("open", "start", "pause"):
            if room.command(name).status_code == 200:
                break


def test_from_finish_on_it_is_200_as_a_page_and_as_json_at_once(house):
    room = house.room(step=1)
    room.give("finish")
    page = room.get("record/", TEACHERS[5], PAGE)
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")
    for headers, address in ((JSON, "record/"), (PAGE, "record/?format=json"), (ANYTHING, "record/?format=json")):
        answer = room.get(address, TEACHERS[5], headers)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert set(answer.json()) == KEYS
    for form in ("pdf", "csv", "xlsx"):
        assert room.get(f"record/?format={form}").status_code in {200, 202, 400}
    for form in ("docx", "../x", "JSON%00", "%F0%9F%98%80", "x" * 3000):
        assert_refused(room.get(f"record/?format={form}"), 400)


def test_a_session_that_is_reopened_has_no_record_until_it_finishes_again(house):
    room = house.room(step=1)
    room.give("finish")
    room.give("reopen")
    assert room.get("record/").status_code in {200, 409}
    room.give("finish")
    assert room.get("record/").status_code == 200


def test_it_is_the_teams_and_not_a_strangers(told, house):
    for email in (FACILITATOR, *TEACHERS):
        assert told.get("record/", email).status_code == 200
    for who in (STRANGER, ADMIN):
        for address in ("record/", "record/?format=json"):
            assert_refused(told.get(address, who), 404)
            assert told.get(address, who, PAGE).status_code == 404
    assert_refused(told.get("record/", house.nobody()), 401)
    assert_refused(house.facilitator.get(f"/sessions/{new_id()}/record/"), 404)


def test_no_name_stands_beside_a_score_and_no_rationale_is_in_it(told):
    record = told.get("record/").json()
    page = told.get("record/", headers=PAGE).text
    for text in (str(record), page):
        assert "MARK-RATIONALE" not in text
    first, second = record["samples"]
    for criterion in first["criteria"]:
        assert sorted(mark["before"] for mark in criterion["scores"]) == [1, 1, 2, 2, 3]
        for mark in criterion["scores"]:
            assert set(mark) == {"scorer", "before", "after"}
            assert re.fullmatch(r"Scorer \d+", mark["scorer"])
    assert all(criterion["scores"] == [] for criterion in second["criteria"])
    assert (first["revealed"], second["revealed"]) == (True, False)
    ids = {told.seat(email) for email in (FACILITATOR, *TEACHERS[:5])}
    assert not any(key in page or key in str(record) for key in ids)


def test_it_tells_who_was_there_and_what_was_said_and_agreed(told):
    record = told.get("record/").json()
    assert {person["name"] for person in record["people"]} >= {"Rosa Medina", "David Kim"}
    assert [note["text"] for note in record["notes"]] == ["Line 3 says so."]
    assert record["samples"][0]["criteria"][0]["consensus"] == {
        "agreed": True, "level": 2, "rationale": "We agree on 2.", "other_rationale": "",
    }  # fmt: skip
    overall = record["agreement"]["before"]["overall"]
    assert overall["n_raters"] == 5
    assert 0 <= overall["exact"] <= overall["adjacent"] <= 1
    for page in record["samples"][0]["pages"]:
        assert told.get(page["image"].removeprefix(told.address)).status_code == 200


def test_scorers_are_shuffled_anew_in_each_session(house):
    def order():
        room = house.room(step=3)
        for level, who in enumerate(TEACHERS[1:5], 1):
            room.score(who, level=level)
        room.give("reveal", sample=room.samples[0])
        room.give("finish")
        scores = room.get("record/").json()["samples"][0]["criteria"][0]["scores"]
        return tuple(mark["before"] for mark in sorted(scores, key=lambda mark: mark["scorer"]))

    assert len({order() for _ in range(4)}) > 1


def test_the_principal_reads_a_shared_record_without_names_and_student_work(told):
    for odd in ("perhaps", [], 7):
        assert_refused(told.post("record/share/", {"shared": odd}), 400)
    assert_refused(told.post("record/share/", {"shared": "yes"}, STRANGER), 404)
    assert_refused(told.post("record/share/", {"shared": "yes"}, ADMIN), 404)
    assert_refused(told.get("record/", ADMIN), 404)
    assert told.post("record/share/", {"shared": "yes"}).status_code == 200
    try:
        record = told.get("record/", ADMIN)
        assert record.status_code == 200
        assert record.json()["audience"] == "school"
        assert all(sample["pages"] == [] for sample in record.json()["samples"])
        assert "Scorer" not in record.text
        assert told.get("", ADMIN).status_code == 404
        assert told.get("record/", STRANGER).status_code == 404
    finally:
        told.post("record/share/", {"shared": "no"})
    assert_refused(told.get("record/", ADMIN), 404)
