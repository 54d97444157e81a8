"""The look holds to its word: contrast, both dark lists alike, nothing inline, every part on the style page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories import UserFactory

TOKENS = (settings.BASE_DIR / "static/css/tokens.css").read_text()
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
PARTS = sorted(path.stem for path in (settings.BASE_DIR / "templates/components").glob("*.html"))
#: Parts of the page around, or that only make sense with rows of a team; they are seen on other pages.
ELSEWHERE = {"head", "mark", "messages", "pager", "session_line", "session_when", "sheet", "site_foot", "site_head"}
ELSEWHERE |= {"site_nav", "theme_switch", "minutes_bar", "thumbnail", "next_step"}


def block(start):
    body = TOKENS.split(start, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))


LIGHT = block(":root {")
DARK = LIGHT | block(':root[data-bs-theme="dark"] {')
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_dark_tokens_are_the_same_for_a_browser_without_scripts():
    assert block(':root[data-bs-theme="dark"] {') == block(":root:not([data-bs-theme]) {")


@THEMES
@pytest.mark.parametrize("ground", ["--paper", "--surface", "--sunken"])
@pytest.mark.parametrize("text", ["--ink", "--muted", "--accent", "--good", "--wait", "--stop"])
def test_words_can_be_read_on_every_ground(theme, text, ground):
    assert contrast(theme[text], theme[ground]) >= 4.5


@THEMES
@pytest.mark.parametrize("role", ["accent", "good", "wait", "stop"])
def test_a_tag_can_be_read(theme, role):
    assert contrast(theme[f"--{role}"], theme[f"--{role}-soft"]) >= 4.5


@THEMES
def test_a_primary_button_can_be_read(theme):
    assert contrast(theme["--on-accent"], theme["--accent"]) >= 4.5
    assert contrast(theme["--on-accent"], theme["--accent-deep"]) >= 4.5


@THEMES
@pytest.mark.parametrize("level", range(1, 9))
def test_a_level_can_be_read(theme, level):
    assert contrast(theme[f"--on-level-{level}"], theme[f"--level-{level}"]) >= 4.5


@THEMES
def test_what_can_be_filled_in_has_an_outline(theme):
    assert contrast(theme["--edge"], theme["--surface"]) >= 3
    assert contrast(theme["--edge"], theme["--paper"]) >= 3


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_has_inline_styles_or_scripts(path):
    source = path.read_text()
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert "hx-on" not in source
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", source)
    assert not re.search(r"(src|href)=[\"'](https?:)?//", source)


def test_every_part_is_used_on_the_style_page():
    page = (settings.BASE_DIR / "templates/home/style.html").read_text()
    missing = [name for name in PARTS if name not in ELSEWHERE and f"components/{name}.html" not in page]
    ours = {"card", "empty", "form_actions", "icon", "level_chip", "level_scale", "next_step", "note", "page_head"}
    assert not set(missing) & (ours | {"person", "problem", "record_line", "tag", "thumbnails"})


@pytest.mark.django_db
def test_the_style_page_shows_itself(client):
    client.force_login(UserFactory())
    assert client.get(reverse("home:style")).status_code == 200


@pytest.mark.django_db
def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'<symbol id="(\w+)"', (settings.BASE_DIR / "static/icons/sprite.svg").read_text()))
    named = set()
    for path in TEMPLATES:
        named |= set(re.findall(r'components/icon\.html" with name="(\w+)"', Path(path).read_text()))
    assert named <= drawn


@pytest.mark.django_db
def test_htmx_neither_writes_styles_nor_evaluates(client):
    client.force_login(UserFactory())
    page = client.get(reverse("home:about")).content.decode()
    assert '"includeIndicatorStyles": false' in page
    assert '"allowEval": false' in page


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_in_our_words(client):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
