"""The real engine, once: words on a page, in a process that is confined and has no network."""

import pytest
from PIL import Image, ImageDraw, ImageFont

from work_samples import confinement, names, reading
from work_samples.refusals import CannotRead

needs_engine = pytest.mark.skipif(not reading.is_installed(), reason="requirements-ocr.txt is not installed")


@needs_engine
def test_printed_labels_and_names_are_read_and_what_cannot_be_is_said(tmp_path):
    page = Image.new("RGB", (1000, 1300), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(40)
    pen.text((100, 80), "Name:", font=font, fill="black")
    pen.text((260, 80), "Odalys Brightwater", font=font, fill="black")
    pen.text((100, 400), "Half of the pan is two quarters.", font=font, fill="black")
    page.save(tmp_path / "page.jpg", quality=90, subsampling=0)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    read = []
    with pytest.raises(CannotRead):
        reading.read_words(
            [tmp_path / "page.jpg", tmp_path / "broken.jpg"], tmp_path, on_page=lambda _, lines: read.append(lines)
        )
    (lines,) = read
    (place,) = names.beside_labels(lines, ratio=1000 / 1300)
    assert names.share_inside(names.Place(0.26, 0.075, 0.35, 0.015, ""), place) > 0.8
    assert names.of_names(lines, ["Brightwater"])
    assert not list(tmp_path.glob(f"{confinement.SCRATCH_PREFIX}*"))


def test_a_child_that_writes_anything_else_is_refused(tmp_path, monkeypatch):
    def answers(job, scratch, limits):
        (scratch / "words-001.json").write_text('{"not": "lines"}')
        yield confinement.Answer(done=1, of=1)

    monkeypatch.setattr(confinement, "answers_of", answers)
    with pytest.raises(CannotRead):
        reading.read_words([tmp_path / "page.jpg"], tmp_path, on_page=lambda *_: None)
