"""The charts of the school's page in a real browser: drawn under our content policy, in each theme, and saved."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.watch import Watch, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]

ARRANGE = r"""
import json
from tests.insights.schooling import HELD, Schooling
riverside = Schooling()
for grade, samples in [("7", 12), ("5", 4)]:
    team = riverside.team()
    riverside.hold(team, levels=[3] * samples, grade=grade, subject="'</script>$x ${datum} \\n", at=HELD)
    riverside.hold(team, levels=[2] * 12, grade=grade, at=HELD.replace(year=2025, month=12))
    riverside.hold(team, levels=[2] * 11, grade=grade, at=HELD.replace(month=3))
print(json.dumps({"school": str(riverside.school.pk), "email": riverside.administrator.email}))
"""
COLOUR = "() => getComputedStyle(document.querySelector('[data-chart=chart-months] svg .mark-rect path')).fill"


@pytest.fixture
def riverside(serve):
    server = serve(start=False)
    found = json.loads(server.python(ARRANGE).strip().splitlines()[-1])
    server.cookies = [
        {"name": name, "value": value, "url": server.url} for name, value in server.log_in(found["email"]).items()
    ]
    server.school = f"{server.url}/schools/{found['school']}/"
    server.start()
    return server


def opened(riverside, browser, watch, **shape):
    context = browser.new_context(**({"viewport": {"width": 1366, "height": 768}, "color_scheme": "light"} | shape))
    context.set_default_timeout(30_000)
    context.add_cookies(riverside.cookies)
    page = context.new_page()
    watch.listen(page)
    page.goto(riverside.school)
    return page


def drawn(page):
    expect(page.locator("figure[data-drawn] svg")).to_have_count(3, timeout=30_000)


def test_charts_are_drawn_follow_the_theme_print_light_and_are_saved(riverside, browser):
    watch = Watch()
    page = opened(riverside, browser, watch)
    drawn(page)
    page.called = "light"
    watch.barriers(page)
    watch.look(page)
    trend = page.locator("[data-chart=chart-agreement] svg")
    for word in ("hidden", "95 %", "Aug 2026", "Grade 5, ELA"):
        assert word.replace(" %", "\u202f%") in trend.text_content().replace("≥\u2009", "≥ "), word
    assert "$x ${datum}" in trend.text_content()
    assert page.evaluate("document.querySelectorAll('style').length") == 0

    light = page.evaluate(COLOUR)
    page.evaluate("localStorage.setItem('esw-theme', 'dark'); dispatchEvent(new Event('esw:theme'))")
    until(page, lambda: page.evaluate(COLOUR) != light)
    page.called = "dark"
    watch.barriers(page)
    page.emulate_media(media="print")
    until(page, lambda: page.evaluate(COLOUR) == "rgb(0, 0, 0)")
    expect(page.locator("table.proficiency").first).to_be_visible()
    expect(page.locator(".scroll-x").first).to_have_css("overflow-x", "visible")  # or its last rows are not printed
    page.emulate_media(media="screen")
    expect(page.get_by_role("button", name="agreement over time as SVG")).to_be_visible(timeout=20_000)

    saved = {}
    for kind in ("SVG", "PNG", "CSV"):
        with page.expect_download() as download:
            page.get_by_role("button" if kind != "CSV" else "link", name=f"agreement over time as {kind}").click()
        saved[kind] = download.value.path().read_bytes()
        assert re.fullmatch(rf"(esw-)?riverside-agreement\.{kind.lower()}", download.value.suggested_filename)
    assert b"<svg" in saved["SVG"]
    assert b"#0d655d" in saved["SVG"]  # the light accent, though the page is dark
    assert b"var(" not in saved["SVG"]
    assert saved["PNG"].startswith(b"\x89PNG")
    assert b",hidden,hidden," in saved["CSV"]
    assert b"'</script>" in saved["CSV"]

    page.set_viewport_size({"width": 320, "height": 640})
    expect(trend).to_have_attribute("width", re.compile(r"^2\d\d(\.\d+)?$"), timeout=20_000)
    watch.width(page, 320)
    page.called = "narrow"
    watch.barriers(page)
    watch.done()


def test_without_what_draws_the_tables_stand_alone_and_a_sentence_says_so(riverside, browser):
    watch = Watch()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(riverside.cookies)
    page = context.new_page()
    page.goto(riverside.school)
    assert page.get_by_text("about 95").or_(page.get_by_text("at least 95")).first.is_visible()
    assert page.get_by_role("link", name="agreement over time as CSV").is_visible()
    assert not page.locator("[data-save]").first.is_visible()
    assert not page.locator(".chart-place").first.is_visible()

    context = browser.new_context()
    context.add_cookies(riverside.cookies)
    page = context.new_page()
    page.route("**/npm/charts/**", lambda route: route.abort())
    page.on("pageerror", lambda error: watch.add(page, error))
    page.goto(riverside.school)
    sorry = page.get_by_text("The chart could not be drawn just now.").first
    expect(sorry).to_be_visible(timeout=30_000)
    watch.done()
