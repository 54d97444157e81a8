"""Every page and every state of the room, light and dark, wide and narrow: no barrier for anyone."""

import json
import uuid
from dataclasses import dataclass
from itertools import cycle

import pytest
from playwright.sync_api import expect

from tests.browser.watch import Watch
from tests.esw.server import start_server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
WIDE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}

# The demo school with grey pages, and beside it what a demo does not show: nobody's team, a team with nothing
# yet, names without a place to break, a rubric as large as a rubric can be.
ARRANGE = """
import json
from django.core.management import call_command
from home.demo import load
from tests.home import demo_stub
load.paint = demo_stub.paint
call_command("demo_school")
from django.conf import settings
from django.utils import timezone
from rubrics.models import Rubric
from sessions_app.models import Note, Session
from teams.models import Administration, Membership, Team, TeamRole, User
from tests.factories import AssignmentFactory, RubricFactory, VersionFactory
from esw.core import clock
from work_samples.domain import withdrawing
from work_samples.models import Sample

demo = json.loads((settings.DATA_DIR / "demo.json").read_text())
team = Team.objects.get(pk=demo["team"])
User.objects.create(name="Nora Alone", email="alone@demo.example")
lead = User.objects.create(name="Maximiliana Wolfeschlegelsteinhausenbergerdorff", email="lead@demo.example")
bare = Team.objects.create(school=team.school, name="The Interdisciplinary-and-Additional-Languages-Team of Grade 6")
Membership.objects.create(user=lead, team=bare, role=TeamRole.LEAD)
task = AssignmentFactory(team=bare, created_by=lead, title="Explain, with three pieces of evidence, " * 3)
facilitator = User.objects.get(email="facilitator@demo.example")
large = VersionFactory(
    rubric=RubricFactory(team=team, created_by=facilitator, title="Six criteria"),
    criteria=["Claim", "Evidence", "Reasoning and explanation", "Organisation", "Conventions", "Voice"],
)
for value in range(5, 9):
    large.levels.create(value=value, name=f"beyond the standard {value}")
mine = Sample.objects.filter(uploader__email="teacher1@demo.example")

# Two meetings that teacher2 presented in: notes to look through, of which one is struck; and one that is too old.
def presented(by):
    session = Session.objects.filter(team=team, status="finished").order_by(by).first()
    session.participants.filter(role="presenter").update(role="participant")
    session.participants.filter(user__email="teacher2@demo.example").update(role="presenter")
    return session

noted = presented("-finished_at")
Session.objects.filter(pk=noted.pk).update(finished_at=timezone.now())
struck = Note.objects.filter(session=noted).exclude(kind="private").first()
struck.participant, struck.struck_at = noted.participants.get(role="presenter"), timezone.now()
struck.save()
wrong = mine.exclude(confirmed_at=None).last()
withdrawn = withdrawing.withdraw(
    sample=wrong, page=wrong.pages.first(), reason="name", by=wrong.uploader, now=clock.now()
)
print(json.dumps(demo | {
    "district": str(team.school.district_id),
    "withdrawn": str(withdrawn.pk),
    "task": str(task.pk),
    "bare": str(bare.pk),
    "large": str(large.rubric_id),
    "noted": str(noted.pk),
    "long_ago": str(presented("finished_at").pk),
    "school": str(Administration.objects.get(user__email="admin@demo.example").school_id),
    "draft": str(mine.filter(confirmed_at=None, pages__isnull=False).first().pk),
    "ready": str(mine.exclude(confirmed_at=None).first().pk),
    "page": str(mine.exclude(confirmed_at=None).first().pages.first().pk),
    "rubric": str(Rubric.objects.get(versions=demo["rubric"]).pk),
}))
"""
NOBODY, ALONE, LEAD = "", "alone@demo.example", "lead@demo.example"
TEACHER, FACILITATOR, PRINCIPAL = "teacher1@demo.example", "facilitator@demo.example", "admin@demo.example"
TEAMMATE, RECORDER, DISTRICT = "teacher2@demo.example", "teacher3@demo.example", "district@demo.example"
PEOPLE = (ALONE, LEAD, TEACHER, FACILITATOR, PRINCIPAL, TEAMMATE, RECORDER, DISTRICT)

PAGES = {
    NOBODY: [
        "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/", "/accounts/password/reset/done/",
        "/about/",
    ],
    TEACHER: [
        "/", "/teams/{team}/", "/teams/{team}/agreement/", "/me/", "/accounts/password/change/", "/library/",
        "/library/?q=nothing-like-it", "/library/?q=a&grade=7&view=list", "/library/?assignment={assignment}",
        "/library/?archived=1&view=list",
        "/assignments/{assignment}/", "/assignments/{assignment}/edit/", "/assignments/new/", "/samples/{ready}/",
        "/standards/", "/standards/find/?q=evidence",
        "/assignments/{assignment}/look/", "/pages/{page}/text/",
        "/assignments/{assignment}/phone/",
        "/samples/{draft}/redact/", "/samples/{draft}/preview/", "/assignments/{assignment}/redact/",
        "/assignments/{assignment}/arrange/", "/assignments/{assignment}/arrange/cut/",
        "/assignments/{assignment}/preview/", "/rubrics/", "/rubrics/{rubric}/", "/rubrics/new/", "/next-steps/",
        "/join/", "/sessions/plan/", "/sessions/{finished}/record/", "/style/", "/no-such-page/",
        "/teams/{team}/edit/",  # hers to see, not to change: 403
        "/samples/{ready}/withdraw/", "/withdrawals/{withdrawn}/",
    ],
    FACILITATOR: [
        "/teams/{team}/edit/", "/rubrics/{large}/", "/rubrics/{large}/edit/", "/sessions/{planned}/plan/",
        "/sessions/{planned}/", "/sessions/{planned}/paper/",
    ],
    TEAMMATE: [
        "/", "/sessions/{noted}/strike/", "/sessions/{noted}/record/",
        "/sessions/{long_ago}/strike/",  # the seven days are over: 409
    ],
    PRINCIPAL: ["/", "/schools/", "/schools/{school}/", "/schools/{school}/records/"],
    DISTRICT: ["/districts/{district}/rules/"],
    ALONE: ["/", "/sessions/plan/", "/teams/", "/library/", "/rubrics/", "/next-steps/", "/assignments/new/"],
    LEAD: ["/", "/teams/{bare}/", "/assignments/{task}/", "/sessions/plan/", "/library/", "/rubrics/", "/next-steps/"],
}  # fmt: skip


@dataclass
class School:
    """The demo school on a running server, with the cookies of its people."""

    server: object
    ids: dict
    cookies: dict

    def enter(self, browser, watch, who, **shape):
        """A page of this person's own browser, listened to."""
        context = browser.new_context(
            **({"viewport": WIDE, "color_scheme": "light", "reduced_motion": "reduce"} | shape)
        )
        context.set_default_timeout(20_000)
        if who:
            pairs = self.cookies[who].items()
            context.add_cookies([{"name": name, "value": value, "url": self.server.url} for name, value in pairs])
        page = context.new_page()
        watch.listen(page)
        return page


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    server = start_server(tmp_path_factory.mktemp("demo"), start=False)
    found = json.loads(server.python(ARRANGE).strip().splitlines()[-1])
    cookies = dict(zip(PEOPLE, server.log_in_all(list(PEOPLE)), strict=True))
    server.start()
    yield School(server, found | found.pop("sessions"), cookies)
    server.remove()


def test_no_page_has_a_barrier(school, browser):
    watch = Watch()
    for who, addresses in PAGES.items():
        page = school.enter(browser, watch, who)
        for address in addresses:
            page.called = f"{who or 'nobody'} at {address}"
            page.set_viewport_size(WIDE)
            page.emulate_media(color_scheme="light")
            page.goto(school.server.url + address.format(**school.ids), wait_until="load")
            examine(watch, page, primaries=address != "/style/")
        page.context.close()
    watch.done()


def examine(watch, page, *, primaries=True):
    """Wide and light, then on a phone and dark, then as narrow as 400 % of zoom makes a laptop."""
    watch.barriers(page)
    watch.look(page, primaries=primaries)
    called = page.called
    page.called = f"{called}, phone, dark"
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    watch.barriers(page)
    watch.look(page, primaries=primaries)
    watch.width(page, PHONE["width"])
    page.set_viewport_size(NARROW)
    watch.width(page, NARROW["width"])
    page.called = called


def test_a_form_that_is_refused_has_no_barrier(school, browser):
    watch = Watch()
    for who, address, button in (
        (NOBODY, "/accounts/login/", "Log in"),
        (FACILITATOR, "/sessions/plan/", "Plan this session"),
        (TEACHER, "/assignments/new/", None),
        (TEACHER, "/rubrics/new/", "Save the rubric"),
        (TEACHER, "/join/", "Join"),
    ):
        page = school.enter(browser, watch, who)
        page.called = f"{who or 'nobody'} refused at {address}"
        page.goto(school.server.url + address)
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        pressed = page.locator("main .btn-primary").first if button is None else page.get_by_role("button", name=button)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            pressed.last.click()
        page.wait_for_load_state("load")
        examine(watch, page)
        page.context.close()
    watch.done()


POST = """
async ([address, words]) => {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const headers = {"Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token};
  const answer = await fetch(address, {method: "POST", headers, body: JSON.stringify(words)});
  return [answer.status, await answer.text()];
}
"""


class Meeting:
    """The session in the lobby, with a facilitator, somebody in the dark, and the recorder on a phone."""

    def __init__(self, school, browser, watch):
        self.schemes = cycle(["dark", "light"])
        self.watch, self.path = watch, f"/sessions/{school.ids['lobby']}/"
        self.address = school.server.url + self.path
        phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
        self.facilitator = school.enter(browser, watch, FACILITATOR)
        self.dark = school.enter(browser, watch, TEAMMATE, color_scheme="dark")
        self.phone = school.enter(browser, watch, RECORDER, **phone)
        self.pages = {"facilitator": self.facilitator, "dark": self.dark, "phone": self.phone}
        for name, page in self.pages.items():
            page.called = f"{name} in the lobby"
            page.goto(self.address)

    def post(self, page, path, **words):
        status, text = page.evaluate(POST, [self.address + path, words])
        assert status == 200, (path, text)

    def command(self, name, **words):
        self.post(self.facilitator, f"commands/{name}/", **words)

    def state(self):
        return json.loads(self.facilitator.evaluate("(at) => fetch(at).then((it) => it.text())", f"{self.path}state/"))

    def at(self, step):
        for page in self.pages.values():
            expect(page.locator(f".now[data-number='{step}']")).to_be_attached()

    def examine(self, called):
        """What everyone sees; the phone is light and dark by turns."""
        self.phone.emulate_media(color_scheme=next(self.schemes))
        for name, page in self.pages.items():
            page.called = f"{name} at {called}"
            self.watch.barriers(page)
            self.watch.look(page)
            self.watch.width(page, page.viewport_size["width"])


def test_no_state_of_a_meeting_has_a_barrier(school, browser):
    watch = Watch()
    meeting = Meeting(school, browser, watch)
    meeting.examine("the lobby")
    meeting.command("start")
    meeting.at(1)
    meeting.examine("the norms")
    for step in (2, 3):
        meeting.command("next")
        meeting.at(step)
        meeting.examine(f"step {step}")
    state = meeting.state()
    sample, criteria = state["step"]["sample"], [each["id"] for each in state["rubric"]["criteria"]]
    for at, page in enumerate(meeting.pages.values()):
        for criterion in criteria:
            said = {"level": 2 + at % 2, "rationale": "Line 3 says so." * at, "client_id": str(uuid.uuid4())}
            meeting.post(page, "scores/", sample=sample, criterion=criterion, **said)
    meeting.post(meeting.facilitator, "done/", step=3, done=True)
    meeting.command("pause")
    for page in meeting.pages.values():
        page.reload()
    meeting.examine("a pause, with scores given")
    meeting.command("resume")
    meeting.command("next")
    meeting.at(4)
    meeting.command("reveal", sample=sample)
    for page in meeting.pages.values():
        expect(page.locator("[data-crit-tab]").first).to_be_visible()
    meeting.post(meeting.dark, "claim/", sample=sample, criterion=criteria[0], claimed=True)
    meeting.examine("the reveal")
    meeting.command("next")
    meeting.at(5)
    note = {"kind": "evidence", "text": "Line 5 says what it shows.", "client_id": str(uuid.uuid4())}
    meeting.post(meeting.dark, "notes/", **note)
    meeting.examine("the discussion")
    meeting.command("next")
    meeting.at(6)
    agreed = {"level": None, "rationale": "It takes a side.", "other_rationale": "It answers nobody."}
    meeting.post(
        meeting.phone, "consensus/", sample=sample, criterion=criteria[0], client_id=str(uuid.uuid4()), **agreed
    )
    meeting.facilitator.locator(".agree:visible .agree-not input").first.check()
    meeting.examine("agreeing")
    meeting.phone.locator(".room-tabs [data-show=people]").tap()
    meeting.facilitator.get_by_role("button", name="People").first.click()
    meeting.examine("the people")
    meeting.facilitator.keyboard.press("Escape")
    meeting.phone.locator(".room-tabs [data-show=work]").tap()
    meeting.facilitator.get_by_role("button", name="Open the rubric").click()
    meeting.examine("the work and the rubric")
    meeting.facilitator.keyboard.press("Escape")
    meeting.phone.locator(".room-tabs [data-show=now]").tap()
    last = meeting.facilitator.locator(".rail-step").count()
    for step, called in ((last - 1, "next steps"), (last, "the debrief")):
        meeting.command("go_to", step=step)
        meeting.at(step)
        meeting.examine(called)
    meeting.command("finish")
    for page in meeting.pages.values():
        expect(page.get_by_role("link", name="Open the record")).to_be_visible()
    meeting.examine("the end")
    watch.done()
