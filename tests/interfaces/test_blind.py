"""Blind until the reveal, and closed until the step opens it: what bytes say, whoever asks for them.

The strongest form of 'nothing leaks' is a difference: whatever others give, no byte that a person can fetch before the
reveal changes. The last lines of the test prove that it would notice one.
"""

import contextlib
import json
import re

from tests.interfaces.house import ADMIN, FACILITATOR, JSON, PAGE, STRANGER, TEACHERS, Listener

PANELS = ["all", "rail", "now", "work", "people", "notes", "reveal", "decisions"]
WATCHER = TEACHERS[1]
GIVERS = [TEACHERS[0], TEACHERS[2], TEACHERS[3], TEACHERS[4]]
#: CSRF tokens, when a calendar file was asked for, and when a meeting that stands still would end.
FLEETING = re.compile(r"\b[A-Za-z0-9]{64}\b|DTSTAMP:\w+|\b\d{1,2}:\d\d [ap]m\b")
TOLD = ("content-type", "etag", "x-version", "x-activity", "location", "last-modified")


def fetched(house, room, who) -> dict[str, str]:
    """Everything that somebody can fetch that has to do with a session, by address."""
    browser = house.browser(who)
    parts = ["", "state/", "record/", "record/?format=json", "plan/", "calendar.ics", *(f"panel/{x}/" for x in PANELS)]
    addresses = [room.address + part for part in parts]
    addresses += ["/", "/library/", "/next-steps/", f"/teams/{house.demo['team']}/", "/rubrics/"]
    addresses += [f"/assignments/{house.demo['assignment']}/", *(f"/samples/{sample}/" for sample in room.samples)]
    addresses += [f"/samples/{room.samples[0]}/status/", f"/sessions/{house.demo['sessions']['finished']}/record/"]
    if who == ADMIN:
        addresses += ["/schools/", "/school/", "/staff/", "/staff/sessions_app/", "/staff/sessions_app/score/"]
    got = {}
    for address in addresses:
        for headers in (PAGE, JSON) if address.startswith(room.address) and "panel" not in address else (PAGE,):
            answer = browser.get(address, headers)
            told = {name: answer.headers[name] for name in TOLD if name in answer.headers}
            got[f"{address} {headers['Accept'][:9]}"] = f"{answer.status_code} {told} {FLEETING.sub('', answer.text)}"
    with Listener(browser, room.address + "stream/") as stream:
        if stream.status == 200:
            name, number, data = stream.next()
            for person in data["people"]:
                person.pop("here")
            got["stream"] = f"{name} {number} {json.dumps(data)}"
    return got


def projected(wall, base) -> dict[str, str]:
    """Everything that the projector's own browser can fetch, by address."""
    got = {}
    for part in ("", "state/", "panel/screen/"):
        answer = wall.get(base + part, PAGE)
        told = {name: answer.headers[name] for name in TOLD if name in answer.headers}
        got[f"projector {part}"] = f"{answer.status_code} {told} {FLEETING.sub('', answer.text)}"
    with Listener(wall, base + "stream/") as stream:
        name, number, data = stream.next()
        got["projector stream"] = f"{name} {number} {json.dumps(data)}"
    return got


def give_scores(room, *, level, mark):
    for who in GIVERS:
        for number in range(len(room.criteria)):
            answer = room.score(who, criterion=number, level=level, rationale=f"{mark} why {number}")
            assert answer.json() == {"saved": True}


def test_before_the_reveal_no_byte_depends_on_what_others_gave(house):
    room = house.room(step=3)
    room.give("pause")
    watchers = (WATCHER, FACILITATOR, ADMIN)
    give_scores(room, level=1, mark="MARK-BLIND-1")
    for who in GIVERS[:2]:
        room.done(who)
    with contextlib.ExitStack() as open_screens:  # so that everyone is here all the time
        for who in (FACILITATOR, *TEACHERS[:5]):
            stream = open_screens.enter_context(Listener(house.browser(who), room.address + "stream/"))
            stream.event("state")
        stream.event("state", lambda data: sum(person["here"] for person in data["people"]) == 6)
        for who in watchers:
            house.browser(who).get("/", PAGE)  # it says 'since you were last here'
        wall = room.wall()
        before = {who: fetched(house, room, who) for who in watchers} | {"projector": projected(*wall)}
        give_scores(room, level=4, mark="MARK-BLIND-4")
        after = {who: fetched(house, room, who) for who in watchers} | {"projector": projected(*wall)}
    for who in before:
        assert set(before[who]) == set(after[who])
        for address in before[who]:
            assert before[who][address] == after[who][address], (who, address)
    for step in range(3, 13):  # nor in any step after it, while nobody has revealed
        room.give("go_to", step=step)
        seen = "".join(room.panel(name, WATCHER) for name in ("all", "reveal", "decisions", "people"))
        seen += "".join(projected(*wall).values())
        assert "MARK-BLIND" not in seen, step
    room.give("go_to", step=3)
    said = "".join("".join(pages.values()) for pages in (before | after).values())
    assert "MARK-BLIND" not in said
    assert "MARK-BLIND" not in house.server.log.read_text()
    # Would it notice? After the reveal it must.
    room.give("go_to", step=4)
    room.give("reveal")
    shown = fetched(house, room, WATCHER)
    assert "MARK-BLIND-4" in "".join(shown.values())
    assert "MARK-BLIND-1" not in "".join(shown.values())
    room.give("next")  # the projector shows reasons while the room discusses
    assert "MARK-BLIND-4" in "".join(projected(*wall).values())


def test_nobody_is_served_anybody_elses_score_the_facilitator_included(house):
    room = house.room(step=3)
    marks = {who: f"MARK-OF-{number}" for number, who in enumerate((FACILITATOR, *TEACHERS[:5]))}
    for who, mark in marks.items():
        room.score_all(who, rationale=mark)
    for who, own in marks.items():
        said = "".join(room.panel(name, who) for name in PANELS) + room.get("", who, PAGE).text
        assert [mark for mark in marks.values() if mark in said] == [own]


def test_who_is_not_done_the_facilitator_sees_alone(house):
    room = house.room(step=2)
    quiet = room.panel("people", WATCHER), room.panel("all", WATCHER)
    for who in (FACILITATOR, TEACHERS[0]):
        room.done(who)
    with_one = "".join(room.panel(name, FACILITATOR) for name in PANELS)
    theirs = room.panel("people", WATCHER), room.panel("all", WATCHER)
    room.done(TEACHERS[0], done=False)
    room.done(TEACHERS[2])
    with_another = "".join(room.panel(name, FACILITATOR) for name in PANELS)
    assert FLEETING.sub("", with_one) != FLEETING.sub("", with_another)
    # Two of six are done, whoever they are: to the others it is the same room, down to the byte.
    now = room.panel("people", WATCHER), room.panel("all", WATCHER)

    def still(texts):
        return [re.sub(r'data-(version|seconds|left|ends)[^ ]*="[^"]*"', "", FLEETING.sub("", text)) for text in texts]

    assert still(theirs)[0] == still(now)[0]
    assert still(quiet)[0].count("David") == still(now)[0].count("David")


def test_the_django_admin_holds_no_scores_and_no_notes(house):
    index = house.admin.get("/staff/", PAGE)
    assert index.status_code == 200
    for word in ("score", "note", "consensus", "rationale", "nextstep"):
        assert f"/staff/sessions_app/{word}/" not in index.text
        assert house.admin.get(f"/staff/sessions_app/{word}/", PAGE).status_code == 404
    for who in (FACILITATOR, WATCHER, STRANGER):
        assert house.browser(who).get("/staff/", PAGE).status_code == 302


def test_private_notes_are_served_to_who_wrote_them_alone(house):
    room = house.room(step=3)
    room.note(TEACHERS[0], kind="private", text="MARK-PRIVATE")
    assert "MARK-PRIVATE" in room.panel("all", TEACHERS[0]) + room.panel("notes", TEACHERS[0])
    room.give("go_to", step=4)
    room.give("reveal")
    for who in (FACILITATOR, WATCHER):
        assert "MARK-PRIVATE" not in "".join(fetched(house, room, who).values())
    room.give("finish")
    assert "MARK-PRIVATE" not in "".join(fetched(house, room, FACILITATOR).values())


# --- closed ----------------------------------------------------------------------------------------------------


def test_what_a_step_keeps_closed_is_not_served(house):
    open_room = house.room(step=3)
    pages = re.findall(r"/pages/([0-9a-f-]{36})/image/", open_room.panel("work"))
    assert pages
    prompt = house.facilitator.get(f"/assignments/{house.demo['assignment']}/", PAGE).text
    task = next(line for line in re.findall(r"<p[^>]*>([^<]{60,})</p>", prompt))[:40]
    room = house.room()
    for status in ("planned", "lobby"):
        for rendition in ("image", "thumbnail"):
            for page in pages:
                assert room.get(f"pages/{page}/{rendition}/", TEACHERS[1]).status_code == 404, status
        room.command("open")
    room.give("start")
    seen = {}
    for number in range(1, 13):
        room.give("go_to", step=number)
        step = room.state()["step"]
        everything = "".join(room.panel(name, TEACHERS[1]) for name in PANELS)
        seen[number] = ("/image/" in everything, task in everything)
        for page in pages:
            for rendition in ("image", "thumbnail"):
                answer = room.get(f"pages/{page}/{rendition}/", TEACHERS[1])
                assert (answer.status_code == 200) == ("work" in step["open"]), number
        assert ("/image/" in everything) == ("work" in step["open"]), number
        if "task" not in step["open"]:
            assert task not in everything, number
    assert seen[1] == (False, False)
    assert seen[3][0]


def test_a_page_in_the_room_is_one_of_this_table_and_for_this_team(house):
    room = house.room(step=3)
    own = re.search(r"/pages/([0-9a-f-]{36})/image/", room.panel("work"))[1]
    other = house.room(step=3, samples=house.demo["samples"][6:7])
    elsewhere = re.search(r"/pages/([0-9a-f-]{36})/image/", other.panel("work"))[1]
    answer = room.get(f"pages/{own}/image/", TEACHERS[5])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert "private" in answer.headers["cache-control"]
    assert room.get(f"pages/{own}/thumbnail/", TEACHERS[5]).headers["content-type"] == "image/webp"
    assert room.get(f"pages/{elsewhere}/image/").status_code == 404
    for who in (STRANGER, ADMIN):
        assert room.get(f"pages/{own}/image/", who).status_code == 404
    assert room.get(f"pages/{own}/image/", house.nobody()).status_code == 401
    assert house.facilitator.client.head(room.address + f"pages/{own}/image/").status_code == 200


def test_until_the_room_opens_the_focus_question_is_for_who_words_it(house):
    room = house.room(focus_question="MARK-FOCUS what do we see?")
    for who, sees in ((FACILITATOR, True), (TEACHERS[0], True), (TEACHERS[1], False), (TEACHERS[3], False)):
        said = room.get("", who, PAGE).text + house.browser(who).get("/", PAGE).text
        assert ("MARK-FOCUS" in said) == sees, who
    room.give("open")
    assert "MARK-FOCUS" in room.get("", TEACHERS[1], PAGE).text
