"""Nothing that a person typed in the room is lost, sent twice, or sent by somebody else."""

import pytest
from playwright.sync_api import expect

from tests.browser.room import AGREEING, NEXT_STEPS, READING, SCORING, card, choose, press, table  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_what_is_written_without_a_network_is_sent_once_by_the_next_tab(table):  # noqa: F811
    room = table(SCORING)
    context = room.context(2)
    page = room.enter(context)
    context.set_offline(True)
    choose(page, "Claim", 2)
    choose(page, "Claim", 3)
    card(page, "Claim").locator("textarea").fill("Line 5 says so.")
    page.fill("#note-text", "I wavered.")
    page.get_by_role("button", name="Add note").click()
    page.fill("#note-text", "Half a sen")
    expect(card(page, "Claim").locator(".state")).to_have_text("waiting for Wi-Fi")
    expect(page.locator("[data-line]")).to_contain_text("No connection")
    page.wait_for_timeout(1200)
    page.close()
    assert room.rows("Score", "level") == []

    context.set_offline(False)
    page = room.enter(context)
    expect(card(page, "Claim").locator(".state")).to_have_text("saved")
    expect(page.locator("#note-text")).to_have_value("Half a sen")
    expect(page.locator(".notes")).to_contain_text("I wavered.")
    assert room.rows("Score", "level", "rationale") == [["3", "Line 5 says so."]]
    assert room.rows("Note", "text", "step") == [["I wavered.", "2"]]


def test_a_killed_server_costs_no_word(table):  # noqa: F811
    room = table(SCORING)
    page = room.person(2)
    choose(page, "Claim", 1)
    expect(card(page, "Claim").locator(".state")).to_have_text("saved")
    room.server.kill()
    choose(page, "Claim", 4)
    expect(card(page, "Claim").locator(".state")).to_have_text("waiting for Wi-Fi")
    room.server.start()
    expect(card(page, "Claim").locator(".state")).to_have_text("saved", timeout=20_000)
    assert room.rows("Score", "level") == [["4"]]


def test_nobody_else_on_this_browser_sees_or_sends_what_waits(table):  # noqa: F811
    room = table(READING)
    context = room.context(2)
    page = room.enter(context)
    page.route("**/notes/", lambda route: route.abort())
    page.fill("#note-text", "Mine, not sent yet")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("[data-kept]")).to_contain_text("Mine, not sent yet")
    room.log_in(context, 1)  # somebody else, while the first one's page is still open
    page.unroute("**/notes/")
    page.fill("#note-text", "Typed into the old page")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("[data-line]")).to_contain_text("Someone else is logged in")
    page.goto(room.server.url + room.path)
    page.wait_for_selector(".is-live")
    page.wait_for_timeout(1500)
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert room.rows("Note", "text") == []

    room.log_in(context, 2)
    page.goto(room.server.url + room.path)
    expect(page.locator(".notes")).to_contain_text("Typed into the old page")
    notes = room.rows("Note", "text", "participant__user__email")
    assert sorted(notes) == [["Mine, not sent yet", room.emails[2]], ["Typed into the old page", room.emails[2]]]


def test_words_that_are_refused_stay_in_sight_and_can_be_tried_again(table):  # noqa: F811
    room = table(READING)
    page = room.person(2)
    answer = {"status": 400, "content_type": "application/json", "body": '{"error": "Not this kind."}'}
    page.route("**/notes/", lambda route: route.fulfill(**answer))
    page.fill("#note-text", "Keep me")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("[data-kept]")).to_contain_text("This could not be filed: Not this kind.")
    page.unroute("**/notes/")
    page.reload()
    expect(page.locator("[data-kept]")).to_contain_text("Keep me")
    page.locator("[data-kept]").get_by_role("button", name="Try again").click()
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert room.rows("Note", "text") == [["Keep me"]]


def test_a_sentence_can_be_finished_after_the_room_has_moved_on(table):  # noqa: F811
    room = table(SCORING)
    facilitator, page = room.person(0), room.person(2)
    choose(page, "Claim", 3)
    card(page, "Claim").locator("textarea").click()
    page.keyboard.type("Because line")
    press(facilitator, "next")
    expect(page.locator("[data-kept]")).to_contain_text("The room has moved on")
    page.keyboard.type(" five")
    expect(page.locator("[data-kept] .state")).to_have_text("saved")
    page.wait_for_timeout(1500)
    assert room.rows("Score", "level", "rationale", "late") == [["3", "Because line five", "False"]]


def test_nothing_is_called_unfinished_that_was_saved_a_while_ago(table):  # noqa: F811
    room = table(SCORING)
    facilitator, page = room.person(0), room.person(2)
    choose(page, "Claim", 3)
    card(page, "Claim").locator("textarea").click()
    page.keyboard.type("Line five.")
    page.wait_for_timeout(6000)
    expect(card(page, "Claim").locator(".state")).to_have_text("saved")
    press(facilitator, "next")
    expect(page.locator(".rail-step[aria-current=step]")).to_contain_text("Reveal")
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert room.rows("Score", "rationale") == [["Line five."]]


def write_offline(room, context, words):
    page = room.enter(context)
    context.set_offline(True)
    page.fill("#note-text", words)
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("[data-kept]")).to_contain_text("Waiting for Wi-Fi")
    page.close()
    context.set_offline(False)


def test_words_that_wait_are_sent_from_home_once_and_for_their_writer_alone(table):  # noqa: F811
    room = table(READING)
    context = room.context(2)
    write_offline(room, context, "Written in the tunnel")
    room.log_in(context, 1)
    home = room.open(context, "/")
    home.wait_for_timeout(2000)
    expect(home.locator("[data-outbox-line]")).to_be_hidden()
    assert room.rows("Note", "text") == []

    room.log_in(context, 2)
    home = room.open(context, "/")
    expect(home.locator("[data-outbox-line]")).to_have_text("1 note that you wrote offline has been sent.")
    again = room.open(context, "/")
    again.wait_for_timeout(2000)
    expect(again.locator("[data-outbox-line]")).to_be_hidden()
    notes = room.rows("Note", "text", "step", "participant__user__email")
    assert notes == [["Written in the tunnel", "1", room.emails[2]]]


def test_a_page_without_words_that_wait_makes_no_store(table):  # noqa: F811
    room = table(READING)
    home = room.open(room.context(2), "/")
    home.wait_for_timeout(1000)
    assert home.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    made = "import('/static/js/outbox/store.js')"
    assert home.evaluate(f"{made}.then((store) => store.openExisting())") is None
    assert home.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_home_tells_of_words_that_are_refused_and_leads_to_them(table):  # noqa: F811
    room = table(READING)
    context = room.context(2)
    write_offline(room, context, "Keep me")
    answer = {"status": 400, "content_type": "application/json", "body": '{"error": "Not this kind."}'}
    context.route("**/notes/", lambda route: route.fulfill(**answer))
    for _ in range(2):
        home = room.open(context, "/")
        expect(home.locator("[data-outbox-line]")).to_contain_text("1 note that you wrote offline could not be sent")
    home.locator("[data-outbox-line] a").click()
    expect(home.locator("[data-kept]")).to_contain_text("Keep me")
    assert room.rows("Note", "text") == []


def lose_answers(context, path):
    """The server hears it, the browser does not hear of that."""

    def lose(route):
        route.fetch()
        route.abort()

    context.route(path, lose)


@pytest.mark.parametrize("trouble", ["offline", "lost answer"])
def test_what_is_agreed_and_what_comes_next_is_written_down_once(table, trouble):  # noqa: F811
    room = table(AGREEING)
    context = room.context(3)
    page = room.enter(context)

    def troubled(path):
        if trouble == "offline":
            context.set_offline(True)
        else:
            lose_answers(context, path)

    troubled("**/consensus/")
    form = page.locator("form.agree[data-title='What we agree on for Claim']")
    form.locator("input[name=level][value='3']").check()
    form.locator("[name=rationale]").fill("It takes a side.")
    form.get_by_role("button", name="Write it down").dblclick()
    kept = page.locator("[data-kept]")
    expect(kept).to_contain_text("Waiting for Wi-Fi")
    expect(kept).to_contain_text("Level 3: It takes a side.")
    page.close()
    context.unroute_all()
    context.set_offline(False)
    page = room.enter(context)
    expect(page.locator(".agreed").first).to_contain_text("It takes a side.")
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert room.rows("Consensus", "level", "rationale") == [["3", "It takes a side."]]
    assert len(room.rows("ClientPost", "client_id")) == 1


@pytest.mark.parametrize("trouble", ["offline", "lost answer"])
def test_a_next_step_is_added_once_and_the_form_is_free_for_another(table, trouble):  # noqa: F811
    room = table(NEXT_STEPS)
    context = room.context(2)
    page = room.enter(context)
    if trouble == "offline":
        context.set_offline(True)
    else:
        lose_answers(context, "**/next-steps/")
    for words in ("Ask what a quotation proves", "Model one paragraph"):
        page.fill("#next-text", words)
        page.get_by_role("button", name="Add this step").dblclick()
        expect(page.locator("#next-text")).to_have_value("")
        expect(page.locator("[data-kept]")).to_contain_text(words)
    page.close()
    context.unroute_all()
    context.set_offline(False)
    page = room.enter(context)
    expect(page.locator(".next-step")).to_have_count(2)
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert sorted(room.rows("NextStep", "text")) == [["Ask what a quotation proves"], ["Model one paragraph"]]
