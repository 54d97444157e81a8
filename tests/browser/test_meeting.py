"""One real calibration meeting, from a photo to the record, in six browsers, over a bad day.

A facilitator and five teachers, one of them on a phone. The work is a photo, a HEIC and a 6-page PDF, brought in
the test. Half way the server is killed and started again, and one teacher writes while the Wi-Fi is gone.
Every byte that each person receives is kept (tests/browser/wire.py) and searched: before a reveal nobody has been
given another person's reason. Each reason carries a marker that says whose it is.
"""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.watch import until
from tests.browser.wire import Wire
from tests.factories import PASSWORD
from tests.work_samples import files

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

NAMES = ["Rosa Medina", "Maya Ellis", "Aisha Noor", "Tom Weaver", "Lena Park", "Jun Sato"]
LEVELS = {"Rosa": 3, "Maya": 2, "Aisha": 2, "Tom": 1, "Lena": 4, "Jun": 3}
CRITERIA = ["Claim", "Evidence"]

ARRANGE = f"""
from teams.models import *
from rubrics.models import *
from sessions_app.domain.catalogue import load_catalogue
load_catalogue()
district = District.objects.create(name="Three Rivers")
school = School.objects.create(district=district, name="Alder Creek")
team = Team.objects.create(school=school, name="Grade 7 ELA", norms=["Describe before you judge."])
for name in {NAMES!r}:
    user = User.objects.create_user(name.split()[0].lower() + "@school.example", {PASSWORD!r}, name=name)
    Membership.objects.create(team=team, user=user, role="lead" if name.startswith("Rosa") else "member")
head = User.objects.create_user("head@school.example", {PASSWORD!r}, name="Helen Okafor")
Administration.objects.create(user=head, school=school)
rubric = Rubric.objects.create(team=team, title="Argument", created_by=user)
version = Version.objects.create(rubric=rubric, number=1, proficient_from=3, created_by=user)
for value, name in enumerate(["beginning", "nearing", "proficient", "beyond"], start=1):
    version.levels.create(value=value, name=name)
for position, title in enumerate({CRITERIA!r}):
    row = version.criteria.create(position=position, title=title)
    for value in range(1, 5):
        row.descriptors.create(level=value, text=f"{{title}} as it looks at {{value}}.")
print(school.pk)
"""


def marker(name, sample, criterion):
    return f"MARK {name} {sample} {criterion} KRAM"


class Person:
    """Somebody with a browser of their own behind a wire of their own."""

    def __init__(self, browser, server, full_name, *, phone=False):
        self.name = full_name.split()[0]
        self.wire = Wire(server.port)
        shape = {"viewport": {"width": 1366, "height": 768}}
        if phone:
            shape = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
        self.phone = phone
        self.context = browser.new_context(**shape)
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.problems = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._console)

    def _console(self, message):
        if message.type == "error" and "Content Security Policy" in message.text:
            self.problems.append(message.text)

    def go(self, path):
        self.page.goto(self.wire.url + path)

    def log_in(self):
        self.go("/accounts/login/")
        self.page.fill("[name=login]", f"{self.name.lower()}@school.example")
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/")

    def state(self):
        """What this person's server says; asked in the page, so with its cookies."""
        ask = "fetch(location.pathname + 'state/', {headers: {Accept: 'application/json'}}).then(r => r.text())"
        return json.loads(self.page.evaluate(ask))

    def shows_step(self, title):
        place = self.page.locator(".room-title, .room-head").first
        if self.phone:
            expect(place).to_contain_text(title)
        else:
            expect(self.page.locator(".room-rail [aria-current=step]")).to_contain_text(title)

    def seconds_on_clock(self):
        text = self.page.locator("[data-clock-time]").inner_text()
        sign, minutes, seconds = re.fullmatch(r"(\+?)(\d+):(\d\d)", text.strip()).groups()
        return (int(minutes) * 60 + int(seconds)) * (-1 if sign else 1)

    def show(self, tab):
        if self.phone:
            self.page.locator(f"[data-show={tab}]").tap()

    def choose(self, criterion, level, reason):
        self.show("now")
        card = self.page.locator(f"form[data-score][data-title='{criterion}']")
        pick = card.locator(f"input[name=level][value='{level}']")
        pick.tap() if self.phone else pick.click()
        card.locator("textarea[name=rationale]").fill(reason)
        card.locator("textarea[name=rationale]").blur()
        return card

    def score(self, sample):
        for criterion in CRITERIA:
            card = self.choose(criterion, LEVELS[self.name], marker(self.name, sample, criterion))
            expect(card.locator(".state")).to_have_text("saved")

    def say_done(self):
        button = self.page.locator("[data-done-button]")
        expect(button).to_have_text("I am done")
        button.tap() if self.phone else button.click()
        expect(button).to_contain_text("Done")

    def command(self, name):
        """Press a button of the bar, say yes when it asks, and see the room obey."""
        form = self.page.locator(f".room-bar form[data-command={name}]")
        step = form.locator("input[name=step]")
        # A button that still names the step before does nothing: it is for a room that has moved on.
        until(self.page, lambda: not step.count() or step.input_value() == str(self.state()["step"]["number"]))
        before = self.state()["version"]
        form.locator("button").click()
        # Whether it asks may change under the finger, when the room has just moved on.
        asks = self.page.locator("dialog[open] [data-confirm-yes]")
        if until(self.page, lambda: (asks.is_visible() and "asks") or self.state()["version"] > before) == "asks":
            asks.click()
            until(self.page, lambda: self.state()["version"] > before)

    def markers_of_others(self, sample):
        """Whose reasons for this sample this person has been given, by any way at all."""
        seen = set(re.findall(rb"MARK (\w+) %s \w+ KRAM" % sample.encode(), bytes(self.wire.received)))
        return {name.decode() for name in seen} - {self.name}


@pytest.fixture
def room(serve, browser, tmp_path):
    server = serve(start=False)
    school = server.python(ARRANGE).strip()
    server.start()
    people = [Person(browser, server, name, phone=name.startswith("Jun")) for name in NAMES]
    yield server, school, people, tmp_path
    for person in people:
        person.context.close()
        person.wire.close()


def bring(maya, tmp_path):
    """The presenter brings a photo, a HEIC and a 6-page PDF, hides a strip, looks, and confirms."""
    page = maya.page
    maya.go("/assignments/new/")
    page.fill("[name=title]", "Longer lunch")
    page.fill("[name=prompt]", "Should our school have a longer lunch? Use the article.")
    page.fill("[name=grade]", "7")
    page.get_by_role("button", name="Save and bring work").click()
    expect(page.get_by_role("heading", name="Longer lunch")).to_be_visible()
    brought = [
        files.jpeg(tmp_path, "maria-lopez.jpg", files.paper(4000, 3000)),
        files.heic(tmp_path, "IMG_0042.heic", files.paper(1600, 1200, seed=2)),
        files.pdf(tmp_path, 6, "scan.pdf"),
    ]
    page.set_input_files("form[data-upload] input[type=file]", [str(path) for path in brought])
    expect(page.locator("[data-card][data-state=ready]")).to_have_count(3, timeout=60_000)
    for left in (3, 2, 1):
        page.locator("#check-first").click()
        expect(page.locator("[data-leaf] svg")).to_be_attached()
        page.wait_for_load_state("load")
        sheet = page.locator("[data-leaf] img").bounding_box()
        page.mouse.move(sheet["x"] + sheet["width"] * 0.1, sheet["y"] + sheet["height"] * 0.04)
        page.mouse.down()
        page.mouse.move(sheet["x"] + sheet["width"] * 0.6, sheet["y"] + sheet["height"] * 0.12, steps=5)
        page.mouse.up()
        expect(page.locator("[data-boxes] li")).to_have_count(1)
        expect(page.locator("[data-state]").first).to_have_text(re.compile("saved", re.IGNORECASE))
        page.get_by_role("link", name="See what others will see").click()
        expect(page.get_by_role("heading", name="This is exactly what others will see")).to_be_visible()
        page.get_by_role("button", name=re.compile("confirm")).click()
        maya.page.wait_for_load_state()
        if left > 1:
            page.goto(page.url if "/assignments/" in page.url else maya.wire.url + first_assignment(maya))
            expect(page.locator("#check-first")).to_be_visible()


def first_assignment(person):
    person.go("/library/")
    return person.page.locator("a[href^='/assignments/']:not([href*=new])").first.get_attribute("href")


def plan(rosa):
    page = rosa.page
    rosa.go("/sessions/plan/")
    page.fill("[name=focus_question]", "Where does evidence become an argument?")
    boxes = page.locator("[name=samples]")
    expect(boxes).to_have_count(3)
    for at in range(3):
        boxes.nth(at).check()
    for role, name in [
        ("facilitator", NAMES[0]),
        ("presenter", NAMES[1]),
        ("timekeeper", NAMES[2]),
        ("recorder", NAMES[3]),
    ]:
        page.select_option(f"[name={role}]", label=name)
    page.get_by_role("button", name="Plan this session").click()
    page.get_by_role("button", name="Open the room").click()
    code = page.locator(".code-box").inner_text()
    return re.sub(r"\W", "", code)


def join(person, code):
    person.log_in()
    person.go("/join/")
    person.page.fill("[name=code]", code)
    person.page.get_by_role("button", name="Join", exact=True).last.click()
    expect(person.page.locator(".code-box")).to_be_visible()


def test_a_team_holds_its_whole_meeting_on_a_bad_day(room):
    server, school, people, tmp_path = room
    rosa, maya, aisha, tom, lena, jun = people
    maya.log_in()
    bring(maya, tmp_path)
    assert list((server.data_dir / "files").rglob("*maria*")) == []

    rosa.log_in()
    code = plan(rosa)
    for person in people[1:]:
        if person is maya:
            person.go("/join/?code=" + code)
        else:
            join(person, code)
    rosa.page.get_by_role("button", name="Start").click()
    for person in people:
        person.shows_step("Norms and roles")
    rosa.command("next")
    for person in people:
        person.shows_step("Read the task")
    rosa.command("next")
    for person in people:
        person.shows_step("Read and score alone")

    # --- alone, on a bad day -----------------------------------------------------------------------------------
    for person in (rosa, maya, aisha, tom, jun):
        person.score("A")
    lena.choose("Claim", 4, marker("Lena", "A", "Claim"))
    expect(lena.page.locator("form[data-score][data-title='Claim'] .state")).to_have_text("saved")
    lena.wire.cut()
    card = lena.choose("Evidence", 4, marker("Lena", "A", "Evidence"))
    expect(card.locator(".state")).to_contain_text("waiting", timeout=20_000)

    before, asked = rosa.state(), time.monotonic()
    server.kill()
    time.sleep(2)
    server.start()
    for person in (rosa, maya, aisha, tom, jun):
        expect(person.page.locator("body")).not_to_contain_text("No connection", timeout=20_000)
        began = time.monotonic() - asked
        state = person.state()
        ended = time.monotonic() - asked
        left = state["step"]["seconds_left"]
        assert state["step"]["number"] == before["step"]["number"]
        assert before["step"]["seconds_left"] - ended - 1 <= left <= before["step"]["seconds_left"] - began + 1
        assert abs(person.seconds_on_clock() - (left - (time.monotonic() - asked - ended))) <= 1.5  # whole seconds
    lena.wire.mend()
    expect(card.locator(".state")).to_have_text("saved", timeout=30_000)
    for person in people:
        person.say_done()
    expect(rosa.page.locator(".room-people")).to_contain_text("6 of 6 done")

    # --- blind until the reveal --------------------------------------------------------------------------------
    rosa.command("next")
    for person in people:
        person.shows_step("Reveal")
        person.page.wait_for_timeout(300)
        assert person.markers_of_others("A") == set(), person.name
    for word in ("MARK", "KRAM"):
        assert word not in server.log.read_text(errors="replace")
        assert not any(word in mail.read_text() for mail in (server.data_dir / "mail").glob("*"))
    assert "MARK" not in server.python("from esw.core.models import Job; print(list(Job.objects.values()))")

    rosa.command("reveal")
    for person in people:
        person.show("now")
        expect(person.page.locator("[data-crit-view]").first).to_be_attached()
        expect(person.page.get_by_text(marker("Tom", "A", "Claim"))).to_be_attached()
        assert len(person.markers_of_others("A")) == 5  # the check would have noticed
    counted = server.python("from sessions_app.models import Score; print(Score.objects.filter(late=False).count())")
    assert counted.strip() == "12"  # six people, two criteria: Lena's words are there, exactly once

    # --- discuss, agree ----------------------------------------------------------------------------------------
    lena.page.get_by_role("button", name="This is mine").first.click()
    expect(rosa.page.locator(".dot", has_text="LP").first).to_be_attached()
    rosa.command("next")
    maya.shows_step("Discuss")
    rosa.command("next")
    tom.shows_step("Agree")
    agree(tom, "Claim", level=3, because="It takes a side.")
    agree(tom, "Evidence", level="", because="It only quotes.", other="It explains.")
    expect(maya.page.get_by_text("It takes a side.")).to_be_attached()
    expect(maya.page.get_by_text("It explains.")).to_be_attached()

    # --- the other two samples, quickly ------------------------------------------------------------------------
    for sample in ("B", "C"):
        rosa.command("next")
        for person in people:
            person.shows_step("Read and score alone")
            person.score(sample)
        for person in people:
            assert person.markers_of_others(sample) == set(), (person.name, sample)
        for name, title in (("next", "Reveal"), ("reveal", "Reveal"), ("next", "Discuss"), ("next", "Agree")):
            rosa.command(name)
            rosa.shows_step(title)

    # --- what next ---------------------------------------------------------------------------------------------
    rosa.command("next")
    aisha.shows_step("Next steps")
    form = aisha.page.locator("form.next-form")
    form.locator("[name=text]").fill("Ask what each quotation proves.")
    form.get_by_role("button", name="Add this step").click()
    expect(jun.page.get_by_text("Ask what each quotation proves.")).to_be_attached()
    rosa.command("next")
    maya.shows_step("Debrief")
    rosa.command("finish")
    for person in people:
        expect(person.page.get_by_role("link", name="Open the record")).to_be_attached()

    # --- the record --------------------------------------------------------------------------------------------
    maya.page.get_by_role("link", name="Open the record").click()
    record = maya.page.locator("main")
    for words in ["Where does evidence become an argument?", "It takes a side.", "It explains.",
                  "Ask what each quotation proves.", "Scorer 1", "Lena Park"]:  # fmt: skip
        expect(record).to_contain_text(words)
    data = json.loads(maya.page.evaluate("fetch(location.pathname + '?format=json').then(r => r.text())"))
    assert data
    head = Person(rosa.context.browser, server, "Head Okafor")
    head.log_in()
    head.go(f"/schools/{school}/")
    expect(head.page.locator("main")).to_contain_text(re.compile(r"1\s*session"))
    assert b"MARK" not in bytes(head.wire.received)
    head.wire.close()
    assert [problem for person in people for problem in person.problems] == []


def agree(person, criterion, *, level, because, other=""):
    person.page.locator("[role=tab], .reveal-tabs button, [data-crit-tab]", has_text=criterion).first.click()
    form = person.page.locator(f"form.agree[data-title='What we agree on for {criterion}']")
    form.locator(f"input[name=level][value='{level}']").click()
    form.locator("[name=rationale]").fill(because)
    if other:
        form.locator("[name=other_rationale]").fill(other)
    form.get_by_role("button", name="Write it down").click()
    expect(person.page.get_by_text(because).first).to_be_attached()
