"""POST scores/ and notes/ (and next-steps/): saved means saved, exactly once, and nothing else is taken."""

import json
import re
from html import escape

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

TEACHER, OTHER = TEACHERS[1], TEACHERS[4]
SAVED = {"saved": True}


@pytest.fixture(scope="module")
def scoring(house):
    """A room at the first sample's scoring step, for tests in which nothing is saved."""
    return house.room(step=3)


@pytest.fixture(scope="module")
def talking(house):
    """A room in the discussion of the first sample, its scores not revealed."""
    return house.room(step=5)


def page_of(room, who=TEACHER):
    """The id of the first sample's first page, as the room serves it."""
    return re.search(r"/pages/([0-9a-f-]{36})/image/", room.panel("work", who))[1]


# --- who and how -----------------------------------------------------------------------------------------------


def test_everyone_in_the_room_scores_whatever_their_part(house):
    room = house.room(step=3)
    for who in (FACILITATOR, *TEACHERS):
        assert room.score(who).json() == SAVED


def test_a_score_and_a_note_are_answered_by_json_a_fragment_or_a_redirect(house):
    room = house.room(step=3)
    fields = {"sample": room.samples[0], "criterion": room.criteria[0], "level": "2", "rationale": ""}
    note = {"kind": "private", "text": "A note."}
    for part, form in (("scores/", fields), ("notes/", note)):
        answer = room.post(part, form=form | {"client_id": new_id()}, who=TEACHER, headers=JSON)
        assert (answer.status_code, answer.json()) == (200, SAVED)
        answer = room.post(part, form | {"client_id": new_id()}, TEACHER)
        assert (answer.status_code, answer.json()) == (200, SAVED)
        for headers in (PAGE, ANYTHING):
            answer = room.post(part, form=form | {"client_id": new_id()}, who=TEACHER, headers=headers)
            assert (answer.status_code, answer.headers["location"]) == (302, room.address)
        answer = room.post(part, form=form | {"client_id": new_id()}, who=TEACHER, headers=HTMX)
        assert (answer.status_code, answer.text) == (204, "")
        answer = room.post(part, form={"client_id": new_id()}, who=TEACHER, headers=HTMX)
        assert answer.status_code == 400
        assert "problem" in answer.text
        assert "<html" not in answer.text
        assert room.post(part, form={}, who=TEACHER, headers=PAGE).status_code == 302
        files = {name: (None, value) for name, value in (form | {"client_id": new_id()}).items()}
        assert room.post(part, files=files, who=TEACHER).json() == SAVED


def test_a_script_must_give_its_post_a_number_and_a_plain_form_need_not(house):
    room = house.room(step=3)
    assert_refused(room.note(client_id=None), 400)
    assert_refused(room.score(client_id=None), 400)
    text = f"Plain {new_id()}"
    room.post("notes/", form={"kind": "private", "text": text}, who=TEACHER, headers=PAGE)
    assert text in room.panel("notes", TEACHER)


def test_strangers_principals_and_nobody_write_nothing(house):
    room = house.room(step=3)
    for who, status in ((STRANGER, 404), (ADMIN, 404), (house.nobody(), 401)):
        assert_refused(room.score(who), status)
        assert_refused(room.note(who), status)
        assert_refused(room.post("next-steps/", {"text": "x"}, who), status)
        assert_refused(room.post("claim/", {}, who), status)
        assert_refused(room.consensus(who), status)


# --- what is refused -------------------------------------------------------------------------------------------

ODD_KEYS = ["", None, "x", "\x00", "\ud800", "😀", 0, 1.5, True, [], {}, "a" * 100_000, "../..", "{" + "0" * 36 + "}"]


@pytest.mark.parametrize("name", ["sample", "criterion", "client_id"])
def test_a_score_needs_keys_of_this_session(scoring, name):
    good = {"sample": scoring.samples[0], "criterion": scoring.criteria[0], "level": 2, "client_id": new_id()}
    for odd in (*ODD_KEYS, *([] if name == "client_id" else [new_id(), scoring.id])):
        assert_refused(scoring.post("scores/", good | {name: odd}, TEACHER), 400)


def test_a_level_is_one_of_the_rubrics(scoring):
    odd = [0, 5, -1, 99, 2**31, 10**40, 3.5, "3.5", "three", "NaN", "1e0", "0x3", True, None, "", [], {}, "9" * 6000]
    for level in (*odd, "\x00", "\ud800"):
        assert_refused(scoring.score(level=level), 400)
    assert 'checked aria-describedby="d-' not in scoring.panel("now", TEACHER)


def test_a_reason_has_an_end_and_is_text(scoring):
    for reason in ("x" * 2001, "é" * 3000, "nul \x00 byte", [], ["a"], {"a": "b"}):
        assert_refused(scoring.score(rationale=reason), 400)


def test_a_place_lies_on_a_page_of_this_session(house, talking, scoring):
    page = page_of(scoring)
    for room in (scoring, talking):
        kind = {} if room is scoring else {"kind": "evidence"}
        for x, y in ((-0.01, 0), (0, 1.01), ("NaN", 0), (0, "Infinity"), ("1e999", 0), ("x", 0), ([], 0), (None, 0.5)):
            assert_refused(room.score(page=page, x=x, y=y), 400)
            assert_refused(room.note(page=page, x=x, y=y, **kind), 400)
        for odd in ("x", new_id(), room.samples[0], "\x00", [], "a" * 5000):
            assert_refused(room.score(page=odd, x=0.5, y=0.5), 400)
            assert_refused(room.note(page=odd, x=0.5, y=0.5, **kind), 400)
    assert_refused(scoring.score(sample=1, page=page, x=0.5, y=0.5), 400)  # a page of another sample


def test_a_place_on_the_page_is_kept_with_a_score_and_with_a_note(house):
    room = house.room(step=3)
    page = page_of(room)
    for x, y in ((0, 0), (1, 1), ("0.25", "0.75")):
        assert room.score(page=page, x=x, y=y).json() == SAVED
    own = room.panel("now", TEACHER)
    assert f'name="page" value="{page}"' in own
    assert 'name="x" value="0.25"' in own
    room.give("go_to", step=5)
    assert room.note(kind="evidence", text="Look here.", page=page, x=0.1, y=0.9).json() == SAVED
    assert "Look here." in room.panel("notes", OTHER)


def test_a_note_needs_words_and_a_kind_that_its_step_takes(talking):
    for text in ("", "   \n\t ", None, "\x00", [], {}, "x" * 4001):
        assert_refused(talking.note(text=text), 400)
    for kind in ("", None, "observation", "warm", "plus", "gossip", "EVIDENCE", [], {}, "\ud800", "x" * 9999, 1):
        assert_refused(talking.note(kind=kind), 400)
    for sample in ("x", new_id(), [], "\ud800"):
        assert_refused(talking.note(kind="evidence", sample=sample), 400)


def test_a_step_is_one_that_was_reached_and_an_order_is_a_number(talking):
    for step in ("x", 0, -1, 13, 99, 1.5, "9" * 5000, "\ud800", True, [], {}):
        assert_refused(talking.note(step=step), 400)
        assert_refused(talking.score(step=step), 400)
    assert_refused(talking.note(step=6), 400)
    for seq in (-1, "x", 1.5, 2**80, [], True, "\x00"):
        assert_refused(talking.score(seq=seq), 400)
        assert_refused(talking.note(seq=seq), 400)


def test_what_is_not_on_the_table_yet_cannot_be_scored(house):
    room = house.room()
    assert_refused(room.score(), 400)
    assert_refused(room.note(), 400)
    room.run_to(2)
    assert_refused(room.score(), 400)
    assert_refused(room.score(step=3), 400)
    room.give("next")
    assert_refused(room.score(sample=1), 400)
    assert_refused(room.score(sample=1, step=7), 400)
    assert room.score().json() == SAVED


WORDS = [
    "Grüße, 你好, नमस्ते, שלום",
    "👩‍🏫🏳️‍🌈 e\u0301",
    "\u202eright to left\u202c",
    "<script>alert('MARK')</script>",
    "{{ 7*7 }} {% debug %}",
    "a & b < c > d \" '",
    "=HYPERLINK(1)",
    "half \ud83d a character",
    "𒐫" * 50,
]


def test_whatever_people_write_comes_back_as_they_wrote_it(house):
    room = house.room(step=5)
    for number, text in enumerate(WORDS):
        marked = f"{text} ·{number}·"
        assert room.note(kind="evidence", text=marked).json() == SAVED
        readable = marked.encode("utf-8", "replace").decode()
        panel = room.panel("notes", OTHER)
        assert escape(readable) in panel
        assert "<script>alert" not in panel
    assert room.note(kind="evidence", text="🙂" * 4000).json() == SAVED
    assert room.note(kind="evidence", text=12345).json() == SAVED


# --- exactly once ----------------------------------------------------------------------------------------------


def test_the_same_note_posted_twenty_times_at_once_is_there_once(house):
    room = house.room(step=5)
    post = {"kind": "evidence", "text": f"Once {new_id()}", "client_id": new_id()}
    answers = together(20, lambda _: room.post("notes/", post, TEACHER))
    assert [answer.json() for answer in answers] == [SAVED] * 20
    for who in (TEACHER, OTHER):
        room_says = room.panel("notes", who)
        assert room_says.count(post["text"]) == 1


def test_the_same_score_posted_twenty_times_at_once_counts_once(house):
    room = house.room(step=3)
    client_id = new_id()
    answers = together(20, lambda number: room.score(client_id=client_id, level=2, rationale="Once."))
    assert [answer.json() for answer in answers] == [SAVED] * 20
    room.give("reveal", sample=room.samples[0])
    room.give("finish")
    criterion = room.get("record/?format=json").json()["samples"][0]["criteria"][0]
    assert [(mark["before"], mark["after"]) for mark in criterion["scores"]] == [(2, None)]


def test_a_post_that_was_saved_is_saved_when_it_is_sent_again_whatever_it_says_and_wherever_the_room_is(house):
    room = house.room(step=5)
    note, score = new_id(), new_id()
    text = f"First {new_id()}"
    assert room.note(kind="evidence", text=text, client_id=note).json() == SAVED
    assert room.score(level=1, rationale="The first reason.", client_id=score).json() == SAVED
    assert room.note(kind="evidence", text="Second.", client_id=note).json() == SAVED
    assert room.score(level=4, rationale="The second reason.", client_id=score).json() == SAVED
    assert "Second." not in room.panel("notes", TEACHER)
    room.give("back")
    room.give("back")
    assert "The first reason." in room.panel("now", TEACHER)
    room.give("finish")
    # the answer was lost on the way, and the outbox sends it once more
    assert room.note(kind="evidence", text=text, client_id=note).json() == SAVED
    assert room.score(level=1, rationale="The first reason.", client_id=score).json() == SAVED


def test_the_same_number_from_two_people_is_two_posts(house):
    room = house.room(step=5)
    client_id = new_id()
    assert room.note(TEACHER, kind="evidence", text="Mine alone.", client_id=client_id).json() == SAVED
    assert room.note(OTHER, kind="evidence", text="Theirs too.", client_id=client_id).json() == SAVED
    panel = room.panel("notes", FACILITATOR)
    assert "Mine alone." in panel
    assert "Theirs too." in panel


def test_a_post_that_was_refused_may_be_sent_again_with_the_same_number(house):
    room = house.room(step=3)
    client_id = new_id()
    assert_refused(room.score(level=9, client_id=client_id), 400)
    assert room.score(level=3, rationale="Now it is right.", client_id=client_id).json() == SAVED
    assert "Now it is right." in room.panel("now", TEACHER)


def test_twenty_people_and_posts_at_once_lose_nothing(house):
    room = house.room(step=5)
    texts = [f"Note {number} {new_id()}" for number in range(20)]
    writers = [FACILITATOR, *TEACHERS[:5]]
    answers = together(20, lambda n: room.note(writers[n % 6], kind="evidence", text=texts[n]))
    assert [answer.json() for answer in answers] == [SAVED] * 20
    panel = room.panel("notes", TEACHER)
    assert [panel.count(text) for text in texts] == [1] * 20


# --- order -----------------------------------------------------------------------------------------------------


def test_of_two_scores_for_one_criterion_the_higher_seq_wins_in_whatever_order_they_come(house):
    room = house.room(step=3)
    room.score(level=4, rationale="seq five", seq=5)
    room.score(level=1, rationale="seq three", seq=3)
    assert "seq five" in room.panel("now", TEACHER)
    room.score(level=2, rationale="seq nine", seq=9)
    assert "seq nine" in room.panel("now", TEACHER)
    numbers = list(range(20, 40))
    together(20, lambda at: room.score(OTHER, level=1 + at % 4, rationale=f"order {numbers[at]}.", seq=numbers[at]))
    assert "order 39." in room.panel("now", OTHER)


def test_without_a_seq_the_last_one_wins(house):
    room = house.room(step=3)
    room.score(level=4, rationale="the first")
    room.score(level=1, rationale="the last")
    panel = room.panel("now", TEACHER)
    assert "the last" in panel
    assert "the first" not in panel


# --- written offline, arriving later ----------------------------------------------------------------------------


def test_a_note_files_under_the_step_that_it_was_written_in(house):
    room = house.room(step=2)
    room.give("go_to", step=5)
    assert_refused(room.note(kind="clarifying", text="Which pencil?", step=3), 400)
    assert room.note(kind="clarifying", text="Was it homework?", step=2).json() == SAVED
    room.give("finish")
    assert room.note(kind="evidence", text="Written on the train.", step=5).json() == SAVED
    assert_refused(room.note(kind="evidence", text="Without a step."), 400)
    notes = {note["text"]: note["step"] for note in room.get("record/?format=json").json()["notes"]}
    assert notes["Was it homework?"] == "Read the task and the rubric"
    assert notes["Written on the train."].startswith("Discuss")


def test_a_score_written_in_its_step_counts_when_it_arrives_later_unless_its_round_has_closed(house):
    room = house.room(step=3)
    room.give("go_to", step=7)  # the room is at the second sample, the first was never revealed
    assert room.score(sample=0, level=2, rationale="From the bus.", step=3).json() == SAVED
    room.give("reveal", sample=room.samples[0])
    assert room.score(OTHER, sample=0, level=4, rationale="Too late.", step=3).json() == {"saved": True, "late": True}
    room.give("finish")
    scores = room.get("record/?format=json").json()["samples"][0]["criteria"][0]["scores"]
    assert [mark["before"] for mark in scores] == [2]


# --- next steps ------------------------------------------------------------------------------------------------


def test_a_next_step_names_what_and_who_and_is_there_once(house):
    room = house.room(step=11)
    post = {
        "text": f"Model it {new_id()}", "students": "group B", "owner": room.seat(TEACHER), "due": "2030-06-01",
        "client_id": new_id(),
    }  # fmt: skip
    answers = together(5, lambda _: room.post("next-steps/", post, OTHER))
    assert [answer.json() for answer in answers] == [SAVED] * 5
    assert room.panel("decisions", FACILITATOR).count(post["text"]) >= 1
    room.give("finish")
    steps = room.get("record/?format=json").json()["next_steps"]
    assert [(step["text"], step["owner"], step["due"]) for step in steps] == [(post["text"], "David Kim", "2030-06-01")]


def test_a_next_step_that_makes_no_sense_is_refused(house):
    room = house.room()
    good = {"text": "Try.", "students": "", "owner": room.seat(TEACHER), "due": ""}
    assert_refused(room.post("next-steps/", good | {"client_id": new_id()}, TEACHER), 400)
    room.run_to(11)
    odd = {
        "text": ["", None, "x" * 501, [], "\x00"],
        "students": ["x" * 201, {}, "\x00"],
        "owner": ["", None, "x", new_id(), house.user_ids[TEACHER], [], "\ud800"],
        "due": ["tomorrow", "2030-02-30", 20300101, "99999-01-01", [], "٢٠٣٠-٠١-٠١x", "\x00"],
        "client_id": ["", None, "x", []],
    }
    for name, values in odd.items():
        for value in values:
            assert_refused(room.post("next-steps/", good | {"client_id": new_id()} | {name: value}, TEACHER), 400)
    for due in ("0001-01-01", "9999-12-31"):
        room.post("next-steps/", good | {"client_id": new_id(), "due": due}, TEACHER)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "../../etc/passwd", "\\x00"):
        for address in ("/", "/next-steps/", room.address, f"/teams/{house.demo['team']}/"):
            answer = house.teacher(2).get(address, PAGE | {"Cookie": cookie(house.teacher(2), tz=zone)})
            assert answer.status_code == 200


def cookie(browser, **more):
    return "; ".join(f"{name}={value}" for name, value in (browser.cookies | more).items())


def test_only_ones_own_note_can_be_taken_back(house):
    room = house.room(step=5)
    room.note(TEACHER, kind="evidence", text="Stays.")
    key = json.loads(
        house.server.python(
            "import json\nfrom sessions_app.models import Note\n"
            f"print(json.dumps(str(Note.objects.get(session={room.id!r}).pk)))"
        )
    )
    room.post(f"notes/{key}/remove/", {}, OTHER)
    assert "Stays." in room.panel("notes", OTHER)
    assert room.post(f"notes/{key}/remove/", {}, TEACHER).json() == SAVED
    assert "Stays." not in room.panel("notes", OTHER)
