"""PDF documents: tagged, in any script, whatever somebody wrote, and a plain sentence where one cannot be made."""

import random
import unicodedata

import pytest

from esw.core import fonts
from reports import documents
from reports.documents import CannotMake, Limits, chart_svg, render_pdf
from reports.press import child
from tests.reports.paper import data, elements, jpeg, notes, opened, page_count, paper, tags, text_of

SAMPLE = {
    "label": "A",
    "pages": [{"file": f"p{n}.jpg", "alt": f"Sample A, page {n} of 2", "gone": False} for n in (1, 2)],
    "gone": False,
    "numbers": [1, 2],
    "in-lines": False,
    "rows": [
        {
            "title": "Claim",
            "marks": [{"scorer": 1, "before": 2, "after": 3}, {"scorer": 2, "before": 3, "after": None}],
            "agreed": {"level": 3, "name": "proficient", "reason": "Line 2 states it.", "other": ""},
        }
    ],
    "remark": "",
}


@pytest.fixture(scope="module")
def whole():
    """A document with everything in it that has a tag of its own."""
    chart = chart_svg({"data": {"values": [{"a": "x", "b": 1}]}, "mark": "bar", "encoding": {"x": {"field": "b"}}})
    told = data(
        samples=[SAMPLE],
        norms=["Describe before you judge."],
        people=[{"name": "Ana", "role": "presented"}],
        scale={"levels": [{"value": 3, "name": "proficient"}], "from": 3},
        notes=notes("One", "Two"),
        chart={"file": "c.svg", "alt": "Bars by level", "levels": ["3"], "rows": [], "has-after": False},
    )
    return render_pdf(template="record.typ", data=told, pictures={"p1.jpg": jpeg(), "p2.jpg": jpeg(), "c.svg": chart})


# --- for who cannot see it ----------------------------------------------------------------------------------


def test_it_says_what_it_is_and_in_which_language(whole):
    with opened(whole) as document:
        assert document.Root.MarkInfo.Marked is True
        assert str(document.Root.Lang) == "en"
        assert document.Root.ViewerPreferences.DisplayDocTitle is True
        with document.open_metadata() as about:
            assert about["dc:title"] == "Where does a quotation become evidence?"
            assert str(about["pdfuaid:part"]) == "1"
            assert "dc:creator" not in about
        assert "/Author" not in (document.docinfo or {})


def test_its_headings_tables_and_lists_are_known_as_such(whole):
    with opened(whole) as document:
        found = tags(document)
    assert {"/H1", "/H2", "/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/P", "/Figure"} <= {
        tag.replace("/Title", "/H1") for tag in found
    }


def test_every_picture_says_what_it_shows(whole):
    with opened(whole) as document:
        told = [str(element.get("/Alt", "")) for element in elements(document) if str(element.S) == "/Figure"]
    assert told == ["Sample A, page 1 of 2", "Sample A, page 2 of 2", "Bars by level"]


def test_its_pages_are_numbered_and_carry_the_running_title():
    pdf = paper(notes=notes(*["A note that takes a line of its own."] * 80))
    assert "Page 1 of" in text_of(pdf)
    assert text_of(pdf).count("Where does a quotation become evidence?") >= page_count(pdf) > 1


# --- whatever somebody wrote --------------------------------------------------------------------------------

READABLE = [
    "¿Dónde está la evidencia? La línea 4 lo dice: «más».",
    "学生在第四行引用了文章，然后解释了引文的含义。",
    "한국어 메모: 학생은 증거를 인용합니다.",
    "日本語のメモ、ひらがなとカタカナ。",
    "שלום עולם",
    "Well done 👍🏽 👨‍👩‍👧‍👦 🇺🇸 🏳️‍🌈 1️⃣",
]


def test_spanish_chinese_and_emoji_come_out_readable():
    shown = text_of(paper(notes=notes(*READABLE)))
    for text in READABLE:
        assert text in shown.replace("\n", "")


def test_arabic_comes_out_joined_and_from_right_to_left():
    pdf = paper(notes=notes("في السطر الرابع دليل"))
    with opened(pdf) as document:
        assert "ar" in {str(element.get("/Lang", "")) for element in elements(document)} | _marked_languages(document)
        names = {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}
    assert any("Arabic" in name for name in names)
    assert "السطر" in text_of(pdf)


def _marked_languages(document):
    content = b"".join(page.Contents.read_bytes() for page in document.pages)
    return {"ar"} if b"/Lang(ar)" in content or b"/Lang (ar)" in content else set()


def test_a_character_that_no_font_has_leaves_a_square_and_a_remark():
    shown = text_of(paper(notes=notes("ภาษาไทย and words")))
    assert "□ and words" in shown
    assert "A white square" in shown


def test_where_every_character_has_a_font_there_is_no_remark():
    assert "A white square" not in text_of(paper(notes=notes(*READABLE)))


MARKUP = [
    '#import "@preview/evil:1.0.0": *',
    "$x^2$ *bold* _it_ `raw` <label> @ref \\u{41} // no /* no */",
    "= not a heading",
    '#panic() #sys.inputs #read("/etc/passwd")',
    "<script>alert(1)</script>",
]


def test_markup_in_what_somebody_wrote_is_shown_and_never_run():
    shown = text_of(paper(notes=notes(*MARKUP), title=MARKUP[0], facts=[{"term": "Purpose", "text": MARKUP[3]}]))
    for text in MARKUP:
        assert text in shown


def test_controls_and_turns_of_direction_are_dropped():
    shown = text_of(paper(notes=notes("a\x00b\x08c \u202eevil\u202c \ud800 end\ufffe")))
    assert "abc evil" in shown
    assert "\u202e" not in shown


def test_a_word_without_end_stays_on_the_page_and_can_be_copied():
    address = "https://example.org/" + "segment/" * 60
    pdf = paper(notes=notes("W" * 400, address))
    assert address in text_of(pdf).replace("\n", "")
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]
        assert max(box[2] for box in boxes) < page.get_width() - 40
    document.close()


def test_a_record_of_five_hundred_notes_has_them_all():
    pdf = paper(notes=notes(*[f"Note number {n}: it says what it says." for n in range(500)]))
    shown = text_of(pdf)
    assert all(f"Note number {n}:" in shown for n in range(500))
    assert page_count(pdf) < 40


def test_no_character_of_unicode_stops_it():
    """Each assigned character of the first planes that somebody may type, alone and in bad company."""
    chance = random.Random(7)
    typed = [chr(code) for code in [*range(0x20, 0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x10000)]]
    typed += [chr(code) for code in [*range(0x1F000, 0x1FB00), *range(0xE0000, 0xE0200), *range(0x10000, 0x10200)]]
    typed = [each for each in typed if unicodedata.category(each) != "Cn"]
    marks = ["\u0301", "\u0338", "\u200d", "\ufe0f", "\u20e3", "\U0001f3fd", "\u064b", "\u093f", "\U000e0067"]
    company = ["".join(chance.choice([*marks, *chance.sample(typed, 4)]) for _ in range(40)) for _ in range(150)]
    lines = ["".join(typed[at : at + 200]) for at in range(0, len(typed), 200)]
    assert paper(notes=notes(*lines, *company)).startswith(b"%PDF")


def test_letters_and_their_marks_become_one_where_they_can():
    assert "é" in text_of(paper(notes=notes("e\u0301")))


# --- when it cannot be made ---------------------------------------------------------------------------------


def cannot(**limits):
    with pytest.raises(CannotMake) as refused:
        render_pdf(template="record.typ", data=data(), pictures={}, limits=Limits(**limits))
    return refused.value.sentence


@pytest.fixture
def program(monkeypatch, tmp_path):
    """Another program in place of the one that makes documents."""

    def put(text):
        path = tmp_path / "child.py"
        path.write_text(text)
        monkeypatch.setattr(documents, "CHILD", path)

    return put


def test_one_that_takes_too_long_is_stopped_and_says_so(program):
    program("import time; time.sleep(60)")
    assert "took too long" in cannot(seconds=0.5)


def test_one_that_is_killed_says_so_in_a_sentence(program):
    program("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert "more memory" in cannot()


@pytest.mark.parametrize("text", ["import sys; sys.exit(3)", "print('nonsense')", "print('[1]')", ""])
def test_one_that_ends_without_a_word_says_so_in_a_sentence(program, text):
    program(text)
    assert "could not be made" in cannot()


def test_too_little_memory_is_said_and_not_crashed_over():
    assert cannot(memory_bytes=90 * documents.MIB) in documents.SENTENCES.values()


def test_a_picture_that_is_none_is_said_and_not_crashed_over():
    with pytest.raises(CannotMake):
        render_pdf(template="record.typ", data=data(samples=[SAMPLE]), pictures={"p1.jpg": b"x", "p2.jpg": b"x"})


def test_where_there_are_no_fonts_it_says_who_to_tell(settings, tmp_path):
    settings.FONT_SOURCES, settings.FONTS_ROOT = tmp_path / "none", tmp_path / "built"
    assert "fonts" in cannot()


def test_where_fonts_cannot_be_kept_they_are_made_for_the_document(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.FONTS_ROOT = tmp_path / "file" / "built"
    assert paper().startswith(b"%PDF")


def test_what_was_made_of_the_fonts_serves_where_the_packages_are_gone(settings, tmp_path):
    settings.FONTS_ROOT = tmp_path / "built"
    paper()
    settings.FONT_SOURCES = tmp_path / "none"
    assert paper().startswith(b"%PDF")


def test_nothing_of_a_document_stays_where_it_was_made(settings):
    paper(notes=notes("Words"))
    assert list((settings.DATA_DIR / documents.SCRATCH).iterdir()) == []


def test_a_chart_has_its_words_and_fetches_nothing():
    spec = {"data": {"values": [{"a": "Evidencia ✓", "b": 1}]}, "mark": "bar", "encoding": {"y": {"field": "a"}}}
    assert "Evidencia" in chart_svg(spec).decode()
    fetching = {"data": {"url": "http://127.0.0.1:9/x.json"}, "mark": "bar", "encoding": {"y": {"field": "a"}}}
    try:
        drawn = chart_svg(fetching).decode()
    except CannotMake:
        drawn = ""
    assert "Evidencia" not in drawn


def test_what_typst_still_cannot_show_gets_a_square_rather_than_nobody_anything():
    said = 'PDF/UA-1 error: the text `"\\u{20e3}"` could not be displayed with font `"X"`'
    unshown = {child._unescaped(found) for found in child.UNSHOWN.findall(said)}
    assert unshown == {"\u20e3"}
    assert child._stand_in("a\u20e3b", unshown) == "a□b"


def test_a_chart_with_words_that_typst_cannot_name_stands_in_pixels():
    spec = {"data": {"values": [{"a": "دليل", "b": 1}]}, "mark": "bar", "encoding": {"y": {"field": "a"}}}
    told = data(chart={"file": "c.svg", "alt": "Bars", "levels": ["3"], "rows": [], "has-after": False})
    with opened(render_pdf(template="record.typ", data=told, pictures={"c.svg": chart_svg(spec)})) as document:
        assert [str(one.Alt) for one in elements(document) if str(one.S) == "/Figure"] == ["Bars"]


# --- fitting texts to fonts ---------------------------------------------------------------------------------


def test_clusters_hold_together_what_is_shaped_together():
    text = "e\u0301👨\u200d👩\u200d👧👍🏽🇺🇸🇫🇷1\ufe0f\u20e3 x"
    assert list(fonts.clusters(text)) == [
        "e\u0301",
        "👨\u200d👩\u200d👧",
        "👍🏽",
        "🇺🇸",
        "🇫🇷",
        "1\ufe0f\u20e3",
        " ",
        "x",
    ]


def test_lines_end_in_one_way():
    assert fonts.clean("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
