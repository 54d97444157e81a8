"""The demo's pages look like student work, are the same every time, and hold no name that should not be there."""

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest
from PIL import ImageStat

from home.demo.content import Write
from home.demo.hand import HANDS, Fonts, FontsMissingError, plain_text
from home.demo.pages import default_fonts, draw
from home.demo.paper import PAPERS
from home.demo.people import DISTRICTS, PURPOSES, TEAMS
from home.demo.tasks import TASKS, task_by_key

FONTS = default_fonts(Path(__file__).resolve().parents[2])
SAMPLES = [(task, sample) for task in TASKS for sample in task.samples]
IDS = [f"{task.key}-{sample.label}" for task, sample in SAMPLES]
each_sample = pytest.mark.parametrize(("task", "sample"), SAMPLES, ids=IDS)
each_task = pytest.mark.parametrize("task", TASKS, ids=[task.key for task in TASKS])
PLACEHOLDER = re.compile(r"\{(.*?)\}")


@lru_cache(maxsize=64)
def pages_of(key, label):
    sample = next(s for s in task_by_key(key).samples if s.label == label)
    return draw(sample, seed=7, fonts=FONTS)


def written(sample):
    """Every written line, as page number, line number, text."""
    for number, page in enumerate(sample.pages, 1):
        lines = [line for element in page.elements if isinstance(element, Write) for line in element.lines]
        for index, line in enumerate((text for text in map(plain_text, lines) if text.strip()), 1):
            yield number, index, line


# --- pictures


@each_sample
def test_it_draws_every_page_at_about_1500_by_2000_pixels(task, sample):
    pages = pages_of(task.key, sample.label)
    assert len(pages) == len(sample.pages)
    for page in pages:
        width, height = page.image.size
        assert page.image.mode == "RGB"
        assert 1400 <= width <= 1600
        assert 1850 <= height <= 2050


@each_sample
def test_every_page_is_paper_with_ink_on_it(task, sample):
    for page in pages_of(task.key, sample.label):
        grey = page.image.convert("L").crop((200, 300, 1300, 1700))
        assert ImageStat.Stat(grey).median[0] > 150
        dark = sum(grey.histogram()[:110])
        assert 2_000 < dark < 400_000


def test_the_same_seed_gives_the_same_bytes():
    sample = TASKS[1].samples[0]
    first, second = draw(sample, seed=3, fonts=FONTS), draw(sample, seed=3, fonts=FONTS)
    assert [p.image.tobytes() for p in first] == [p.image.tobytes() for p in second]
    assert [p.names for p in first] == [p.names for p in second]
    assert [p.places for p in first] == [p.places for p in second]


def test_another_seed_gives_another_picture():
    sample = TASKS[0].samples[1]
    first, second = draw(sample, seed=3, fonts=FONTS), draw(sample, seed=4, fonts=FONTS)
    assert first[0].image.tobytes() != second[0].image.tobytes()


@each_sample
def test_the_first_page_says_where_the_name_stands(task, sample):
    pages = pages_of(task.key, sample.label)
    assert len(pages[0].names) == 1
    for page in pages:
        for box in page.names:
            assert 0 <= box.x < box.x + box.w <= 1
            assert 0 <= box.y < box.y + box.h <= 0.2


@each_sample
def test_a_name_is_under_a_solid_black_box_unless_it_waits_for_redaction(task, sample):
    page = pages_of(task.key, sample.label)[0]
    (box,) = page.names
    width, height = page.image.size
    edges = (box.x * width + 2, box.y * height + 2, (box.x + box.w) * width - 2, (box.y + box.h) * height - 2)
    inside = page.image.crop(tuple(round(edge) for edge in edges))
    solid = inside.getextrema() == ((0, 0), (0, 0), (0, 0))
    assert solid is (not sample.name)


@each_sample
def test_every_point_can_be_found_on_its_page(task, sample):
    pages = pages_of(task.key, sample.label)
    for point in sample.points.values():
        x, y = pages[point.page - 1].places[point.at]
        assert 0 < x < 1
        assert 0 < y < 1


@each_sample
def test_written_lines_are_numbered_as_they_read(task, sample):
    pages = pages_of(task.key, sample.label)
    for number, index, text in written(sample):
        assert pages[number - 1].text[index - 1] == text
        assert str(index) in pages[number - 1].places


def test_lines_go_down_the_page():
    page = pages_of("lunch", "C")[0]
    heights = [page.places[str(i)][1] for i in range(1, len(page.text) + 1)]
    assert heights == sorted(heights)


def test_missing_fonts_are_named_with_what_to_run(tmp_path):
    with pytest.raises(FontsMissingError, match="npm ci"):
        draw(TASKS[0].samples[0], seed=1, fonts=Fonts(tmp_path))


# --- names


def test_one_sample_of_each_task_waits_with_an_invented_name():
    for task in TASKS:
        assert [sample.name for sample in task.samples if sample.name] == [task.waiting.name]
        assert " " in task.waiting.name


def test_no_student_name_stands_anywhere_else():
    invented = {word for task in TASKS for word in task.waiting.name.split()}
    for _, sample in SAMPLES:
        for *_, line in written(sample):
            assert not invented & set(line.split())
    for task in TASKS:
        bank = repr(task.bank)
        assert not any(word in bank for word in invented)


# --- the work


@each_task
def test_there_are_enough_samples_at_every_level(task):
    assert len(task.samples) >= 13
    labels = [sample.label for sample in task.samples]
    assert labels == sorted(set(labels))
    levels = [level.value for level in task.rubric.levels]
    for criterion in task.rubric.criteria:
        assert set(Counter(sample.levels[criterion.key] for sample in task.samples)) == set(levels)


@each_sample
def test_levels_points_and_reasons_are_given_for_each_criterion(task, sample):
    keys = {criterion.key for criterion in task.rubric.criteria}
    allowed = {level.value for level in task.rubric.levels}
    assert set(sample.levels) == set(sample.points) == set(sample.why) == keys
    assert set(sample.levels.values()) <= allowed
    assert sample.hand in HANDS
    assert sample.shows
    for page in sample.pages:
        assert page.paper in PAPERS


@each_task
def test_profiles_are_uneven_and_hands_differ(task):
    uneven = [sample for sample in task.samples if len(set(sample.levels.values())) > 1]
    assert len(uneven) >= 6
    assert len({sample.hand for sample in task.samples}) >= 10


@each_sample
def test_a_line_that_a_point_names_is_the_line_it_points_to(task, sample):
    for point in sample.points.values():
        numbers = re.search(r"lines? (\d+)(?: to (\d+))?$", point.where)
        if numbers:
            first, last = int(numbers[1]), int(numbers[2] or numbers[1])
            assert first <= int(point.at) <= last


# --- what teams look for and say


@each_task
def test_the_rubric_describes_each_level_differently(task):
    values = [level.value for level in task.rubric.levels]
    assert values == [1, 2, 3, 4]
    assert task.rubric.proficient_from == 3
    assert 3 <= len(task.rubric.criteria) <= 4
    for criterion in task.rubric.criteria:
        assert list(criterion.descriptors) == values
        assert len(set(criterion.descriptors.values())) == 4


@each_task
def test_the_bank_is_large_enough(task):
    bank = task.bank
    for criterion in task.rubric.criteria:
        for level in task.rubric.levels:
            assert len(set(bank.rationales[criterion.key][level.value])) >= 4
            assert len(set(bank.consensus[criterion.key][level.value])) >= 2
    kinds = {"observation", "evidence", "interpretation", "clarifying", "plus", "delta", "implication"}
    assert set(bank.notes) == kinds
    assert all(len(set(texts)) >= 8 for texts in bank.notes.values())
    assert len(bank.splits) >= 4
    assert len(bank.next_steps) >= 8
    assert len(set(bank.focus_questions)) >= 8


@each_task
def test_rationales_take_a_place_and_nothing_else(task):
    for by_level in task.bank.rationales.values():
        for texts in by_level.values():
            for text in texts:
                assert PLACEHOLDER.findall(text) == ["where"]
                assert "{" not in text.format(where="line 4")


@each_task
def test_splits_lie_within_the_rubric(task):
    keys = {criterion.key for criterion in task.rubric.criteria}
    for split in task.bank.splits:
        assert split.criterion in keys
        assert 1 <= split.lower < split.upper <= 4
        assert split.lower_reason != split.upper_reason


# --- who


def test_two_schools_share_a_district_and_one_is_elsewhere():
    assert [len(district.schools) for district in DISTRICTS] == [2, 1]
    assert len(TEAMS) == 4
    assert {team.task for team in TEAMS} == {task.key for task in TASKS}
    assert all(len(team.norms) >= 4 for team in TEAMS)


def test_the_promised_accounts_are_there():
    people = [person for team in TEAMS for person in team.people]
    people += [person for d in DISTRICTS for school in d.schools for person in school.administrators]
    people += [person for d in DISTRICTS for person in d.administrators]
    addresses = {person.email for person in people if person.email}
    promised = {"admin@demo.example", "district@demo.example", "facilitator@demo.example", "stranger@elsewhere.example"}
    promised |= {f"teacher{n}@demo.example" for n in range(1, 7)}
    assert addresses == promised
    assert len({person.name for person in people}) == len(people)


def test_one_team_is_too_small_to_be_shown():
    assert min(len(team.people) for team in TEAMS) < 5


def test_every_purpose_has_its_own_key():
    assert len({purpose.key for purpose in PURPOSES}) == len(PURPOSES) == 9
