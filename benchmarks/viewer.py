"""Turning pages in the viewer, in Chromium: from the key to the frame in which the next page is whole and sharp."""

import io
import os
import shutil
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.images import paper
from benchmarks.report import milliseconds, percentile, table, write_section
from benchmarks.serving import Server, embedded_server

PAGES = 10
SIZE = (1545, 2000)  # as a page of ESW is at most
ROUNDS = 6
REST = 0.4  # seconds that a person looks, at least
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARRANGE = """
import json, sys
from pathlib import Path
from django.conf import settings
from django.utils import timezone
from teams.models import *
from work_samples.models import Assignment, Page, Sample
school = School.objects.create(district=District.objects.create(name="Three Rivers"), name="Alder Creek")
team = Team.objects.create(school=school, name="Grade 7 ELA")
maya = User.objects.create_user("maya@school.example", name="Maya Ellis")
Membership.objects.create(team=team, user=maya)
task = Assignment.objects.create(team=team, title="Longer lunch", prompt="?", created_by=maya)
sample = Sample.objects.create(assignment=task, label="A", uploader=maya, confirmed_at=timezone.now())
Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
for number in range(1, PAGES + 1):
    name = f"bench-{number}.jpg"
    Page.objects.create(sample=sample, number=number, image=name, thumbnail=name, width=SIZE[0], height=SIZE[1])
print(json.dumps([str(sample.pk), str(settings.MEDIA_ROOT)]))
"""
TURN = """
async (key) => {
  const pane = document.querySelector(".pane");
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const before = pane.dataset.sharp;
  const began = performance.now();
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  pane.querySelector(".openseadragon-canvas").dispatchEvent(event);
  while (!pane.dataset.sharp || pane.dataset.sharp === before) await frame();
  await frame();
  return (performance.now() - began) / 1000;
}
"""


def lay(server: Server) -> str:
    """A sample of PAGES pages, each a picture of its own; the address of its page."""
    sample, folder = server.shell(f"PAGES, SIZE = {PAGES}, {SIZE}\n{ARRANGE}")
    for number in range(1, PAGES + 1):
        data = io.BytesIO()
        paper(SIZE, seed=number).save(data, "JPEG", quality=85)
        (Path(folder) / f"bench-{number}.jpg").write_bytes(data.getvalue())
    return f"{server.url}/samples/{sample}/"


def turns(page: Page, key: str) -> list[float]:
    """Through the sample once; seconds a turn."""
    found = []
    for _ in range(PAGES - 1):
        time.sleep(REST)
        found.append(page.evaluate(TURN, key))
    return found


def measure(server: Server, chromium: str) -> dict[str, list[float]]:
    address = lay(server)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        cookies = server.cookies("maya@school.example")
        context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector(".pane[data-sharp]")
        found = {"the first time, fetched ahead": turns(page, "PageDown"), "again, from the cache": []}
        for _ in range(ROUNDS):
            found["again, from the cache"] += turns(page, "PageUp") + turns(page, "PageDown")
        browser.close()
    return found


def main() -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed, so nothing was measured.")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with embedded_server() as server:
        found = measure(server, chromium)
    rows = [
        [what, len(times), *(milliseconds(percentile(times, share)) for share in (0.5, 0.95, 1.0))]
        for what, times in found.items()
    ]
    write_section(
        "viewer",
        "Turning pages",
        [
            (
                "From the key to the frame after the one in which the next page "
                f"(JPEG, {SIZE[0]} × {SIZE[1]} pixels) is "
                "whole and sharp, in Chromium without a graphics card, in a window of 1366 × 768; the server is on the "
                f"same machine. Somebody looks at each page for at least {REST} s. Wanted: under 100 ms from the cache."
            ),
            "",
            *table(["a page is turned to", "turns", "p50", "p95", "slowest"], rows),
        ],
    )


if __name__ == "__main__":
    main()
