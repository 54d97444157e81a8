"""A recording on the table, in a real browser: it plays, is wound to a moment, and a note leads back to it."""

import pytest
from playwright.sync_api import expect

from tests.browser.room import DISCUSSING, table  # noqa: F401
from tests.browser.watch import Watch
from tests.work_samples import recording_files

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

#: The first sample is sound alone, the second a page and a film.
RECORDED = """
from pathlib import Path
import shutil, tempfile
from django.conf import settings
from tests.work_samples import recording_files
from work_samples import recorder
from work_samples.models import Page, Recording, Sample

folder = Path(settings.MEDIA_ROOT)
first, second = Sample.objects.order_by("label")[:2]
Page.objects.filter(sample=first).delete()
with tempfile.TemporaryDirectory() as bench:
    for sample, kind in ((first, "mp3"), (second, "mp4")):
        made = recorder.make_recording(recording_files.WHOLE[kind](Path(bench), seconds=12), Path(bench) / kind)
        size = {"width": made.width, "height": made.height}
        row = Recording(sample=sample, seconds=made.seconds, has_video=made.has_video, **size)
        row.transcript = "0:00 We went to the lake.\\n0:06 It was cold, so we swam only once."
        for name, path in (("file", made.file), ("poster", made.poster), ("thumbnail", made.thumbnail)):
            if path:
                setattr(row, name, f"{sample.pk.hex}{path.suffix}")
                shutil.copy(path, folder / f"{sample.pk.hex}{path.suffix}")
        row.save()
print("{}")
"""
NOW = "player => player.currentTime"


def test_a_note_stamps_a_moment_and_leads_back_to_it(table):  # noqa: F811
    recording_files.needed()
    room = table(DISCUSSING)
    room.server.python(RECORDED)
    page = room.person(2)
    sound = page.locator("audio")
    expect(sound).to_be_visible()
    page.wait_for_function("() => document.querySelector('audio').readyState >= 1")
    # It is wound to where it was not loaded: the server answers in parts.
    sound.evaluate("player => new Promise(done => { player.onseeked = done; player.currentTime = 7.4; })")
    page.get_by_role("button", name="At this moment").click()
    expect(page.locator("[data-moment-slot] .place")).to_have_text("at 0:07")
    page.locator("#note-text").fill("Here the voice slows down.")
    page.get_by_role("button", name="Add note").click()
    back = page.get_by_role("button", name="at 0:07: go there")
    expect(back).to_be_visible()
    expect(page.locator("[data-moment-slot] .place")).to_have_count(0)

    # by keyboard alone, on another screen
    other = room.person(3)
    there = other.get_by_role("button", name="at 0:07: go there")
    there.focus()
    other.keyboard.press("Enter")
    expect(other.locator("audio")).to_be_focused()
    assert other.locator("audio").evaluate(NOW) == pytest.approx(7.4, abs=0.2)
    watch = Watch()
    watch.barriers(other)
    watch.look(other)
    watch.done()
