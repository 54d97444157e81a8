"""Pictures in README and docs: each is there, can be taken anew, and is told in words to who does not see it."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMED = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
ALL_TOGETHER = 2_000_000  # bytes, which everyone who clones ESW fetches


def named():
    """(page, words, file) of each picture that a page shows."""
    found = [(page, *match) for page in PAGES for match in NAMED.findall(page.read_text())]
    return [(page, words, (page.parent / to).resolve()) for page, words, to in found]


@pytest.fixture(scope="module")
def pictures():
    """What the script takes: the window of each name."""
    spec = importlib.util.spec_from_file_location("taking_pictures", ROOT / "scripts" / "pictures.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses look for their module
    spec.loader.exec_module(module)
    yield module.PICTURES
    del sys.modules[spec.name]


def test_every_picture_that_a_page_shows_is_there_and_has_words():
    found = named()
    assert len(found) > 10
    for page, words, file in found:
        assert file.is_file(), (page.name, file.name)
        assert len(words) > 30, (page.name, file.name)


def test_every_picture_can_be_taken_anew_and_none_is_left_over(pictures):
    there = {file.name for file in FOLDER.iterdir()}
    assert there == {f"{name}.webp" for name in pictures}
    assert {file.name for _, _, file in named()} == there


def test_they_are_as_large_as_the_script_makes_them_and_light_to_fetch(pictures):
    for name, (width, height) in pictures.items():
        with Image.open(FOLDER / f"{name}.webp") as picture:
            assert picture.width * height == pytest.approx(picture.height * width, rel=0.01), name
            assert picture.width >= 1.5 * width, name
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < ALL_TOGETHER
