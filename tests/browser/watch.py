"""What a page must hold to whoever looks at it: no barrier, nothing cut off, one heading, one primary button."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
ASK_AXE = """
axe.run(document, {resultTypes: ["violations"]}).then((found) => JSON.stringify(found.violations.flatMap((rule) =>
  rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ` +
    [...node.any, ...node.all, ...node.none].map((check) => check.message).slice(0, 1).join("")))))
"""
# A colour on its way to another would be read as it stands just then.
COME_TO_REST = """
() => Promise.allSettled(document.getAnimations()
  .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime)).map((one) => one.finished)).then(() => {})
"""
LOOK = r"""
({primaries, targets}) => {
  const shows = (one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && one.checkVisibility({opacityProperty: true, visibilityProperty: true});
  };
  const words = (one) => (one.innerText || one.getAttribute("aria-label") || one.name || "").trim().slice(0, 40);
  const big = (one) => { const box = one.getBoundingClientRect(); return box.width >= 24 && box.height >= 24; };
  // A link within a sentence keeps to its line (WCAG 2.5.8); a label and a whole card are targets for what they hold.
  const inSentence = (one) => one.matches("a") && getComputedStyle(one).display === "inline" &&
    one.parentElement.innerText.trim().length > one.innerText.trim().length;
  const held = (one) => one.matches(".whole") || [...(one.labels ?? [])].some(big);
  const found = [];
  const headings = [...document.querySelectorAll("h1")].filter((one) => one.checkVisibility());
  if (headings.length !== 1) found.push(`${headings.length} headings of the first level`);
  const loud = [...document.querySelectorAll(".btn-primary")].filter(shows);
  if (primaries && loud.length > 1) found.push(`${loud.length} primary buttons: ${loud.map(words).join(" / ")}`);
  if (targets) for (const one of document.querySelectorAll("a[href], button, summary, input, select, textarea")) {
    if (!shows(one) || big(one) || inSentence(one) || held(one)) continue;
    const box = one.getBoundingClientRect();
    found.push(`a target of ${Math.round(box.width)} × ${Math.round(box.height)}: ${one.tagName} ‘${words(one)}’`);
  }
  return found;
}
"""
WIDER = """
(width) => document.documentElement.scrollWidth <= width ? "" :
  [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1)
    .slice(0, 3).map((one) => `${one.tagName}.${one.className}`).join(", ") || "something"
"""


def until(page, holds, seconds=20):
    """Ask until the answer is yes, and give it; generously, because machines are busy.

    Playwright's own `wait_for_function` may not be used: from its second look on our pages' policy forbids it.
    """
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
    return found


def settled(page):
    """Wait until htmx has put in what it fetched and listens to it: what is pressed a moment earlier is not heard."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


@dataclass
class Watch:
    """Looks at pages and keeps what is wrong, one line each, to be shown together."""

    found: list[str] = field(default_factory=list)

    def listen(self, page) -> None:
        """Errors of scripts and breaches of the content policy, whenever they come."""
        page.on("pageerror", lambda error: self.add(page, f"script: {error}"))
        page.on("console", lambda message: self._hear(page, message))

    def _hear(self, page, message) -> None:
        # A page that is rightly refused is said by the browser too; that is no fault of the page's.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.add(page, f"console: {message.text[:200]}")

    def add(self, page, line) -> None:
        self.found.append(f"{getattr(page, 'called', page.url)}: {line}")

    def barriers(self, page) -> None:
        """What axe finds. It is let in past the content policy, as an extension would be."""
        page.evaluate(COME_TO_REST)
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text()})
        answer = session.send("Runtime.evaluate", {"expression": ASK_AXE, "awaitPromise": True})
        session.detach()
        for line in json.loads(answer["result"]["value"]):
            self.add(page, line)

    def look(self, page, *, primaries=True, targets=True) -> None:
        for line in page.evaluate(LOOK, {"primaries": primaries, "targets": targets}):
            self.add(page, line)

    def width(self, page, width) -> None:
        if wide := page.evaluate(WIDER, width):
            self.add(page, f"wider than {width} px: {wide}")

    def done(self) -> None:
        """Fail with every line, each once."""
        if self.found:
            pytest.fail("\n".join(dict.fromkeys(self.found)), pytrace=False)
