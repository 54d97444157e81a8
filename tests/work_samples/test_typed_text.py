"""Text that was typed or pasted: pages like any other, in any script, and no words left once it is confirmed."""

from itertools import pairwise

import pytest
from django.conf import settings as configured
from PIL import Image

from esw.core.models import JobState
from tests.work_samples import files as made
from tests.work_samples.bringing import all_files, confirm, make_pages, signed_in
from work_samples import imaging, queries
from work_samples.domain import bringing, files
from work_samples.kinds import typed
from work_samples.models import Sample

PRESS = imaging.Press(
    fonts={"sources": str(configured.FONT_SOURCES), "built": str(configured.FONTS_ROOT)}, paper="us-letter"
)
WORDS = f"My summer\n\n  by {made.SECRET}\nI went to the lake."


def drawn(folder, text, name="text", **how):
    path = made.write(folder, name, typed.written(text))
    return imaging.make_pages(path, folder / f"{name}-pages", press=PRESS, **how)


def ink(page):
    """The page with its ink in white on black."""
    return Image.open(page.image).convert("L").point(lambda shade: 255 if shade < 128 else 0)


def amount(image):
    return image.histogram()[255]


def rows_of(image):
    """How many separate bands of ink there are from top to bottom."""
    rows = [image.crop((0, y, image.width, y + 1)).getbbox() is not None for y in range(image.height)]
    return sum(1 for above, below in pairwise(rows) if below and not above)


def post(client, assignment, text):
    return client.post(f"/assignments/{assignment.pk}/text/", {"text": text})


# --- the page ----------------------------------------------------------------------------------


def test_a_text_becomes_a_page_of_its_words(tmp_path):
    [page] = drawn(tmp_path, WORDS)
    assert max(page.width, page.height) == imaging.PAGE_LONG_SIDE
    assert amount(ink(page)) > 3000


def test_each_line_has_its_number_beside_it(tmp_path):
    [page] = drawn(tmp_path, "one\ntwo\nthree")
    assert rows_of(ink(page).crop((0, 0, int(page.width * 0.115), page.height))) == 3


def test_what_reads_from_right_to_left_stands_at_the_right(tmp_path):
    [left] = drawn(tmp_path, "Hello", "left")
    [right] = drawn(tmp_path, "שלום", "right")
    middle, beside_numbers = left.width // 2, int(left.width * 0.125)
    for page, is_right in ((left, False), (right, True)):
        halves = [(beside_numbers, 0, middle, page.height), (middle, 0, page.width, page.height)]
        assert [amount(ink(page).crop(half)) > 0 for half in halves] == [not is_right, is_right]


@pytest.mark.parametrize("text", ["مرحبا بالعالم", "नमस्ते", "你好，世界", "こんにちは", "안녕하세요", "Привет", "🎉 ∑"])
def test_any_script_has_a_shape(text, tmp_path):
    [page] = drawn(tmp_path, text)
    [boxes] = drawn(tmp_path, "\N{WHITE SQUARE}", "boxes")
    assert amount(ink(page)) > 150
    assert ink(page).tobytes() != ink(boxes).tobytes()


@pytest.mark.parametrize("text", ['#read("/etc/passwd")', "#set page(width: 1pt)", "$ x $ @y <z> = w", "// \\ ` * _ ~"])
def test_nobodys_words_are_markup(text, tmp_path):
    [page] = drawn(tmp_path, text)
    assert abs(page.width - imaging.PAGE_LONG_SIDE * 8.5 / 11) < 2
    assert amount(ink(page)) > 150


def test_controls_marks_that_turn_the_line_and_halves_of_letters_do_no_harm(tmp_path):
    assert drawn(tmp_path, "a\x07b\x1b[31m \u202egnp\u2066 \ufeff\ufffe \ud800 z\r\nnext\x0bline")


def test_a_text_with_more_pages_than_one_file_may_have_is_told_so(tmp_path):
    with pytest.raises(imaging.CannotRead) as told:
        drawn(tmp_path, "line\n" * 400, limits=imaging.Limits(pages=2))
    assert told.value.code == "counted_pages"


def test_the_longest_text_is_set_within_the_limits(tmp_path):
    pages = drawn(tmp_path, ("word " * 12 + "\n") * (typed.MAX_CHARACTERS // 61))
    assert 20 < len(pages) <= imaging.MAX_PAGES


@pytest.mark.parametrize("rest", [b"", b"\n \n", b"\x00\x01\x02"])
def test_a_mark_without_words_is_told_so(rest, tmp_path):
    path = made.write(tmp_path, "text", typed.MARK + rest)
    with pytest.raises(imaging.CannotRead) as told:
        imaging.make_pages(path, tmp_path / "pages", press=PRESS)
    assert told.value.code == "no_words"
    assert list((tmp_path / "pages").iterdir()) == []


def test_a_server_without_fonts_says_so_and_how_to_go_on(tmp_path):
    nowhere = {"sources": str(tmp_path / "a"), "built": str(tmp_path / "b")}
    path = made.write(tmp_path, "text", typed.written("Hello"))
    with pytest.raises(imaging.CannotRead, match="save the text as a PDF"):
        imaging.make_pages(path, tmp_path / "pages", press=imaging.Press(fonts=nowhere))


# --- bringing it --------------------------------------------------------------------------------


@pytest.mark.both_storages
def test_a_text_is_a_sample_like_any_other_and_its_words_go_when_it_is_confirmed(client, assignment, commit, settings):
    answer = post(client, assignment, WORDS)
    assert answer.status_code == 302
    sample = Sample.objects.get()
    assert make_pages(sample).state == JobState.DONE
    assert queries.status_of(sample).state == "ready"
    kept = b"".join(path.read_bytes() for path in all_files())
    assert made.SECRET.encode() in kept
    with commit():
        confirm(sample)
    left = all_files()
    assert {path.suffix for path in left} == {".jpg", ".webp"}
    assert made.SECRET.encode() not in b"".join(path.read_bytes() for path in left)


def test_what_is_too_long_comes_back_as_it_was_typed(client, assignment):
    long = "  a <b> " * (typed.MAX_CHARACTERS // 8 + 1)
    answer = post(client, assignment, long)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Bring it in parts" in page
    assert "a &lt;b&gt;" in page
    assert not Sample.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_nothing_typed_is_said(text, client, assignment):
    answer = post(client, assignment, text)
    assert answer.status_code == 422
    assert "no words in this text yet" in answer.content.decode()


def test_a_nul_is_left_out_and_the_words_stay(client, assignment):
    assert post(client, assignment, "one\0two").status_code == 302


def test_a_full_disk_keeps_the_words_on_the_screen(client, assignment, monkeypatch):
    monkeypatch.setattr(files, "ROOM_TO_KEEP", 1 << 60)
    answer = post(client, assignment, WORDS)
    assert answer.status_code == 507
    assert "I went to the lake." in answer.content.decode()


def test_for_strangers_there_is_no_such_place(outsiders, assignment):
    for who, user in outsiders.items():
        assert post(signed_in(user), assignment, WORDS).status_code == 404, who
        assert signed_in(user).get(f"/assignments/{assignment.pk}/text/").status_code == 404, who
    assert not Sample.objects.exists()


def test_a_script_gets_json(client, assignment):
    answer = client.post(f"/assignments/{assignment.pk}/text/", {"text": ""}, headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json() == {"error": bringing.NO_TEXT}


def test_the_assignments_page_leads_there(client, assignment):
    assert f'href="/assignments/{assignment.pk}/text/"' in client.get(f"/assignments/{assignment.pk}/").content.decode()
    assert client.get(f"/assignments/{assignment.pk}/text/").status_code == 200
