"""Bringing work in a real browser: from a phone by its code, and over a connection that breaks."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_redact import ARRANGE, papers
from tests.browser.watch import Watch, until
from tests.browser.wire import Wire
from tests.work_samples import files

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
MIB = 1024 * 1024
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
BIG = """
() => [...document.querySelectorAll("a[href], button, label.btn")].filter((one) => one.checkVisibility())
  .map((one) => one.getBoundingClientRect()).filter((box) => box.height < 44 || box.right > innerWidth).length
"""
BROUGHT = """
from work_samples.models import *
for sample in Sample.objects.order_by("label"):
    print(sample.label, sample.uploader.name, sample.uploads.count())
print(PartialUpload.objects.unfinished().count(), UploadPiece.objects.count())
"""


@pytest.fixture
def server(serve):
    return serve()


@pytest.fixture
def assignment(server):
    return server.python(ARRANGE).strip()


@pytest.fixture
def logged_in(browser, server):
    """A function that opens a page for Maya, who is logged in; `base` is where her browser finds ESW."""

    def page(base=server.url):
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.set_default_timeout(20_000)
        ((name, key),) = server.log_in("maya@school.example").items()
        context.add_cookies([{"name": name, "value": key, "url": base}])
        return context.new_page()

    return page


def brought(server):
    return server.python(BROUGHT).splitlines()


def test_a_phone_brings_photos_by_its_code_and_they_appear_on_the_laptop(
    logged_in, browser, server, assignment, tmp_path
):
    watch = Watch()
    laptop = logged_in()
    laptop.goto(f"{server.url}/assignments/{assignment}/")
    laptop.get_by_role("button", name="Take photos with a phone").click()
    expect(laptop.get_by_role("img", name="The address as a code")).to_be_visible()
    link = laptop.locator("[data-copy]").get_attribute("data-copy")
    laptop.called = "the laptop with the code"
    watch.barriers(laptop)

    context = browser.new_context(**PHONE)
    context.set_default_timeout(20_000)
    phone = context.new_page()
    phone.goto(link)
    phone.get_by_role("button", name="Use this phone").tap()
    expect(phone.get_by_role("heading", name="Longer lunch")).to_be_visible()
    phone.called = "the phone"
    watch.barriers(phone)
    assert phone.evaluate(BIG) == 0
    camera, album = phone.locator("input[type=file]").all()
    assert camera.get_attribute("capture") == "environment"
    expect(laptop.locator("#phone-told")).to_contain_text("A phone has opened the link")
    expect(laptop.locator("#phone-link")).to_be_hidden()

    one, two, three = papers(tmp_path, 3)
    camera.set_input_files(str(one))
    expect(phone.locator("[data-student]")).to_have_text("Sample A")
    album.set_input_files(str(two))
    expect(phone.locator("[data-arrived]")).to_have_text("2 photos of 1 student arrived")
    phone.get_by_role("button", name="Next student").tap()
    expect(phone.locator("[data-student]")).to_have_text("A new student")
    camera.set_input_files([str(three)])
    expect(phone.locator("[data-student]")).to_have_text("Sample B")
    expect(laptop.locator("[data-state=ready]")).to_have_count(2, timeout=30_000)
    expect(laptop.locator("#phone-told")).to_contain_text("Three photos of two students arrived")
    assert brought(server) == ["A Maya Ellis 2", "B Maya Ellis 1", "0 0"]

    other = browser.new_context().new_page()
    other.goto(link)
    expect(other.locator("main")).to_contain_text("opened already")
    laptop.get_by_role("button", name="End it").click()
    expect(laptop.locator("#phone-told")).to_have_count(0)
    phone.reload()
    expect(phone.locator("main")).to_contain_text("This phone brings no more photos")
    watch.done()


def large_photo(folder):
    """Some 6 MB that no piece of which is like another."""
    return files.jpeg(folder, "class.jpg", Image.effect_noise((3000, 2400), 160), quality=97)


class Pieces:
    """What a page sends of files, and a wire that is cut when a certain piece sets out for the first time."""

    def __init__(self, page, wire, *cut_at):
        self.offsets, self.wire, self.cut_at = [], wire, list(cut_at)
        page.on("request", self._asked)

    def _asked(self, asked):
        if asked.method == "PATCH":
            offset = int(asked.headers["upload-offset"])
            self.offsets.append(offset)
            if offset in self.cut_at:
                self.cut_at.remove(offset)
                self.wire.cut()


def test_a_connection_that_breaks_costs_a_piece_and_so_does_a_reload(logged_in, server, assignment, tmp_path):
    large, bad = large_photo(tmp_path), files.write(tmp_path, "notes.jpg", b"<html>no picture</html>")
    assert large.stat().st_size > 5 * MIB
    wire = Wire(server.port)
    try:
        page = logged_in(wire.url)
        page.on("dialog", lambda asks: asks.accept())
        sent = Pieces(page, wire, 2 * MIB, 4 * MIB)
        chooser = page.locator("form[data-upload] input[type=file]")
        page.goto(f"{wire.url}/assignments/{assignment}/")
        chooser.set_input_files([str(bad), str(large)])
        row = page.locator(".file-row", has_text="class.jpg")
        expect(row).to_contain_text("goes on by itself")
        expect(page.locator(".file-row", has_text="notes.jpg")).to_contain_text("not a picture")
        wire.mend()  # and it goes on by itself, up to the next cut
        until(page, lambda: not sent.cut_at, seconds=40)
        expect(row).to_contain_text("goes on by itself")

        page.goto("about:blank")
        wire.mend()
        before = len(sent.offsets)
        page.goto(f"{wire.url}/assignments/{assignment}/")
        chooser.set_input_files(str(large))
        expect(page.locator("[data-state=ready]")).to_have_count(1, timeout=40_000)
        assert sent.offsets[before] >= 3 * MIB  # all but what was on its way is still there
        assert brought(server) == ["A Maya Ellis 1", "0 0"]
        stored = "from work_samples.models import *; print(Upload.objects.get().file.size)"
        assert int(server.python(stored)) == large.stat().st_size
        assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('esw-on-its-way')).length") == 0
    finally:
        wire.close()
