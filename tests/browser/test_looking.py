"""Two short meetings in which nobody scores: a facilitator, a presenter in the dark, and somebody on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.room import LOBBY, Table, press
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

RUNNING = [*LOBBY, ["start", {}]]
WIDE = {"width": 1366, "height": 768}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Looking:
    """The three at one table, looked at with axe in the states that a test names."""

    def __init__(self, server, browser, protocol):
        self.table = Table(server, browser, RUNNING, protocol=protocol)
        self.watch = Watch()
        self.cookies = server.log_in_all(self.table.emails[:3])
        self.facilitator = self.enter(0, "facilitator")
        self.presenter = self.enter(1, "presenter", color_scheme="dark")
        self.phone = self.enter(2, "phone", **PHONE)
        self.pages = (self.facilitator, self.presenter, self.phone)

    def enter(self, number, called, **shape):
        context = self.table.browser.new_context(**({"viewport": WIDE, "reduced_motion": "reduce"} | shape))
        context.set_default_timeout(20_000)
        pairs = self.cookies[number].items()
        context.add_cookies([{"name": name, "value": value, "url": self.table.server.url} for name, value in pairs])
        page = self.table.enter(context)
        self.watch.listen(page)
        page.who = called
        return page

    def examine(self, step, *pages):
        """What `pages` show; each look costs a second, so what looks alike is looked at once."""
        for page in pages:
            page.called = f"{page.who} at {step}"
            self.watch.barriers(page)
            self.watch.look(page)
            self.watch.width(page, page.viewport_size["width"])

    def next(self, title):
        press(self.facilitator, "next")
        for page in self.pages:
            expect(page.locator(f".now[data-step-title='{title}']")).to_be_attached()

    def end(self):
        press(self.facilitator, "finish")
        for page in self.pages:
            expect(page.get_by_role("link", name="Open the record")).to_be_visible()
        self.facilitator.get_by_role("link", name="Open the record").click()
        self.facilitator.wait_for_url("**/record/")
        self.examine("the end", self.presenter)
        self.examine("the record", self.facilitator)
        for page in self.pages:
            page.context.close()
        assert self.table.problems == []
        self.watch.done()


def say(page, text, stem=""):
    """Write a note and add it; with a `stem`, tapped first, the text goes where its gap is."""
    form = page.locator(".write form[data-note]")
    if stem:
        form.get_by_role("button", name=stem).click()
        page.keyboard.insert_text(text)
    else:
        form.locator("textarea").fill(text)
    form.get_by_role("button", name="Add note").click()
    expect(form.locator("textarea")).to_have_value("")


def noted(page, kind):
    return page.locator(f".note-group[data-key='kind-{kind}'] .note")


@pytest.fixture
def server(serve):
    return serve(start=False)


def test_two_meetings_without_scores(server, browser):
    describe_wonder_plan(Looking(server, browser, "describe-wonder-plan"))
    atlas(Looking(server, browser, "atlas"))


def describe_wonder_plan(meeting):
    facilitator, presenter, phone = meeting.pages

    # silence: nothing to write but for oneself, and that only when one asks for it
    expect(phone.locator(".write textarea")).to_be_hidden()
    meeting.examine("the silence", facilitator, phone)
    phone.get_by_text("Write something for yourself").tap()
    say(phone, "the crossed-out word", stem="I notice …")
    expect(noted(phone, "private")).to_contain_text("I notice the crossed-out word")

    # turns: each screen says who speaks and who is next
    meeting.next("What do you see?")
    called = facilitator.locator(".turns [name=person]").get_attribute("value")
    facilitator.locator(".turns button").click()
    for page in meeting.pages:
        expect(page.locator(f".has-turn[data-key='face-{called}']")).to_be_attached()
        expect(page.locator(".turns")).to_contain_text(", then ")
    expect(facilitator.locator(".turns [name=person]")).not_to_have_value(called)

    # a note about one sample appears under its kind, and a pin makes it a note about the sample it points into
    phone.get_by_role("radio", name="B", exact=True).tap()
    say(phone, "a line is crossed out", stem="I see …")
    expect(noted(facilitator, "observation")).to_contain_text("I see a line is crossed out")
    expect(noted(facilitator, "observation")).to_contain_text("sample B")
    presenter.wait_for_selector(".viewer.is-drawn")
    presenter.locator(".write [data-point]").click()
    expect(presenter.locator(".overlay-cross")).to_be_attached()
    at = presenter.locator(".viewer-stage").bounding_box()
    presenter.mouse.click(at["x"] + at["width"] / 2, at["y"] + 150)
    expect(presenter.locator("[data-about]:checked + span")).to_have_text("A")
    say(presenter, "The first line is short.")
    expect(noted(phone, "observation").nth(1)).to_contain_text("sample A")
    expect(facilitator.locator(".overlay-pin")).to_have_count(1)
    meeting.examine("what they see", *meeting.pages)

    # of two kinds each has its own ways to begin; what came before stands apart, and its pins stay
    meeting.next("What do you wonder?")
    expect(phone.get_by_role("button", name="I wonder why …")).to_be_visible()
    phone.get_by_role("radio", name="Clarifying question").tap()
    expect(phone.get_by_role("button", name="I wonder why …")).to_be_hidden()
    expect(phone.get_by_role("button", name="Did the students have …?")).to_be_visible()
    say(phone, "Was there a plan sheet?")
    expect(noted(facilitator, "clarifying")).to_have_count(1)
    expect(noted(facilitator, "observation")).to_have_count(0)
    before = facilitator.locator(".earlier summary")
    expect(before).to_have_text("What do you see? 2")
    facilitator.locator(".overlay-pin").first.click()
    expect(facilitator.locator(".earlier .note").nth(1)).to_be_visible()
    meeting.examine("what they wonder", facilitator)

    meeting.next("What might it mean?")
    meeting.next("What shall we do?")
    meeting.next("Next steps")
    phone.get_by_role("button", name="Next lesson I will ask …").tap()
    phone.keyboard.insert_text("what the line says.")
    phone.get_by_role("button", name="Add this step").tap()
    expect(facilitator.locator(".next-list")).to_contain_text("Next lesson I will ask what the line says.")
    meeting.end()


def atlas(meeting):
    facilitator, presenter, phone = meeting.pages
    expect(presenter.locator(".now .eyebrow")).to_have_text("Now · you speak")
    meeting.examine("getting started", presenter, phone)

    # the others describe; the presenter reads along and writes for themselves alone
    meeting.next("Describing")
    expect(presenter.locator(".now")).to_contain_text("Nobody asks you anything now.")
    expect(phone.locator(".now .eyebrow")).to_contain_text("listens")
    say(phone, "A word is crossed out.")
    expect(noted(presenter, "observation")).to_have_count(1)
    say(presenter, "I had not seen that word.")
    expect(noted(presenter, "private")).to_have_count(1)
    meeting.examine("describing", presenter, phone)

    meeting.next("Interpreting")
    phone.get_by_role("radio", name="Speculation").tap()
    say(phone, "Perhaps it was read aloud.")
    expect(noted(facilitator, "speculation")).to_have_count(1)
    meeting.next("Implications for teaching")

    # the presenter answers, with their own notes at hand; the others listen, and whoever facilitates may write along
    meeting.next("Presenter reflects")
    expect(noted(presenter, "private")).to_contain_text("I had not seen that word.")
    expect(phone.locator(".write")).to_be_hidden()
    expect(facilitator.locator(".write textarea")).to_be_hidden()
    facilitator.locator(".write summary").click()
    expect(facilitator.locator(".write textarea")).to_be_visible()
    say(presenter, "line 14", stem="What was new to me is …")
    expect(noted(phone, "response")).to_contain_text("What was new to me is line 14")
    meeting.examine("the presenter’s answer", facilitator, presenter)

    meeting.next("Next steps")
    meeting.next("Debrief")
    say(facilitator, "We described for ten minutes.")
    expect(noted(phone, "plus")).to_have_count(1)
    meeting.examine("the debrief", phone)
    meeting.end()
