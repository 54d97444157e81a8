"""What lies under a box is gone: from the page, from its thumbnail and from the blocks beside it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from tests.work_samples import files
from work_samples import decoder, imaging
from work_samples.imaging import Box


def opened(path):
    with Image.open(path) as image:
        image.load()
    return image


def two_that_differ_only_in(area, size, seed=1):
    """Two photos, equal but for what stands in `area` (left, top, right, bottom in pixels)."""
    one, other = files.paper(*size, seed=seed), files.paper(*size, seed=seed)
    hole = (area[2] - area[0], area[3] - area[1])
    one.paste(Image.effect_noise(hole, 120).convert("RGB"), area[:2])
    other.paste((255, 0, 255), area)
    return one, other


def share(area, size):
    """The box that a person would draw around `area`."""
    (left, top, right, bottom), (width, height) = area, size
    return Box(left / width, top / height, (right - left) / width, (bottom - top) / height)


@pytest.mark.parametrize(
    ("area", "size"),
    [
        ((301, 203, 977, 299), (1800, 1201)),
        ((997, 1003, 2111, 1213), (4003, 3001)),
        ((0, 0, 3500, 217), (3500, 4700)),
        ((3333, 2222, 4500, 3375), (4500, 3375)),
        ((13, 17, 14, 18), (640, 480)),
    ],
)
def test_photos_that_differ_only_under_the_box_give_the_same_bytes(area, size, tmp_path):
    results = []
    for name, photo in zip("ab", two_that_differ_only_in(area, size), strict=True):
        photo.save(tmp_path / f"{name}.png", compress_level=1)
        [page] = imaging.make_pages(tmp_path / f"{name}.png", tmp_path / name)
        [burned] = imaging.burn([(page.image, [share(area, size)])], tmp_path / name / "burned")
        results.append((page.image.read_bytes(), burned.image.read_bytes(), burned.thumbnail.read_bytes()))
    (before, page, thumbnail), (other_before, other_page, other_thumbnail) = results
    assert before != other_before
    assert page == other_page
    assert thumbnail == other_thumbnail


def encoded(image):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=decoder.JPEG_QUALITY, subsampling=0)
    return file.getvalue()


def page_and_burned(photo, box, long_side):
    """What the child does, in this process: photo, page image, covered page."""
    page = encoded(decoder.to_page(photo, long_side))
    image = Image.open(io.BytesIO(page)).copy()
    image.info = {}
    decoder.cover(image, [box])
    return encoded(image)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_size_and_no_place_of_a_box_leaves_a_trace(data):
    width, height = data.draw(st.integers(20, 900)), data.draw(st.integers(20, 900))
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    right, bottom = data.draw(st.integers(left + 1, width)), data.draw(st.integers(top + 1, height))
    area, long_side = (left, top, right, bottom), data.draw(st.integers(60, 250))
    one, other = two_that_differ_only_in(area, (width, height))
    box = share(area, (width, height))
    box = (box.x, box.y, box.w, box.h)
    assert page_and_burned(one, box, long_side) == page_and_burned(other, box, long_side)


def test_a_box_that_grows_by_nothing_would_leave_a_trace(monkeypatch):
    """The two tests above would notice: without the growth the echo of the ink stays."""
    monkeypatch.setattr(decoder, "BLEED", 0)
    monkeypatch.setattr(decoder, "JPEG_BLOCK", 1)
    area, size = (301, 203, 577, 299), (900, 601)
    one, other = two_that_differ_only_in(area, size)
    box = share(area, size)
    box = (box.x, box.y, box.w, box.h)
    assert page_and_burned(one, box, 500) != page_and_burned(other, box, 500)


@given(
    box=st.tuples(*[st.floats(-0.5, 1.5, width=32)] * 4),
    width=st.integers(1, 2000),
    height=st.integers(1, 2000),
)
def test_a_box_hides_all_that_was_drawn_and_little_more(box, width, height):
    area = decoder.covered_pixels(box, width, height)
    left, right = sorted((box[0], box[0] + box[2]))
    top, bottom = sorted((box[1], box[1] + box[3]))
    if area is None:
        assert right < 0 or bottom < 0 or left > 1 or top > 1
        return
    for low, high, start, end, length in (
        (area[0], area[2], left, right, width),
        (area[1], area[3], top, bottom, height),
    ):
        drawn = (max(0.0, start) * length, min(1.0, end) * length)
        assert 0 <= low <= drawn[0] <= low + 12
        assert high - 12 <= drawn[1] <= high <= length


def test_the_box_is_opaque_and_the_rest_of_the_page_stays(tmp_path):
    [page] = imaging.make_pages(files.jpeg(tmp_path, image=files.paper(1600, 1200)), tmp_path / "pages")
    box = Box(0.25, 0.25, 0.5, 0.1)
    [burned] = imaging.burn([(page.image, [box])], tmp_path / "burned")
    assert (burned.width, burned.height) == (1600, 1200)
    before, after = opened(page.image), opened(burned.image)
    area = imaging.covered_pixels((0.25, 0.25, 0.5, 0.1), 1600, 1200)
    assert after.crop(area).getextrema() == ((24, 24),) * 3
    before.paste((24, 24, 24), area)
    assert max(high for _, high in ImageChops.difference(before, after).getextrema()) < 32
    thumbnail = opened(burned.thumbnail)
    assert thumbnail.getpixel((thumbnail.width // 2, int(thumbnail.height * 0.3)))[0] < 60


def test_the_name_is_gone_from_a_page_of_a_pdf(tmp_path):
    [page] = imaging.make_pages(files.pdf(tmp_path, 1), tmp_path / "pages")
    [burned] = imaging.burn([(page.image, [Box(0, 0.05, 1, 0.1)])], tmp_path / "burned")
    assert opened(page.image).convert("L").getextrema()[0] < 20
    below_box = opened(burned.image).convert("L").crop((0, 320, 1546, 2000))
    assert below_box.getextrema() == (255, 255)


def test_pages_without_a_box_and_with_many_keep_their_order(tmp_path):
    pages = imaging.make_pages(files.tiff(tmp_path, pages=3), tmp_path / "pages")
    boxes = [[], [Box(0, 0, 1, 1)], [Box(0.1, 0.1, 0.1, 0.1), Box(0.9, 0.9, 0.5, 0.5)]]
    told = []
    burned = imaging.burn(
        list(zip([page.image for page in pages], boxes, strict=True)),
        tmp_path / "burned",
        on_progress=lambda done, of: told.append((done, of)),
    )
    assert [page.number for page in burned] == [1, 2, 3]
    assert opened(burned[1].image).getextrema() == ((24, 24),) * 3
    assert opened(burned[2].image).getpixel((635, 475)) == (24, 24, 24)
    assert told[-1] == (3, 3)


def test_it_can_write_over_the_pages_that_it_reads(tmp_path):
    [page] = imaging.make_pages(files.jpeg(tmp_path), tmp_path / "pages")
    [burned] = imaging.burn([(page.image, [Box(0, 0, 1, 1)])], tmp_path / "pages")
    assert burned.image == page.image
    assert opened(burned.image).getextrema() == ((24, 24),) * 3


def test_a_box_drawn_upward_and_leftward_is_the_same_box():
    assert imaging.covered_pixels((0.5, 0.5, -0.25, -0.25), 800, 800) == imaging.covered_pixels(
        (0.25, 0.25, 0.25, 0.25), 800, 800
    )


def test_a_box_off_the_page_hides_nothing():
    assert imaging.covered_pixels((1.2, 0, 0.1, 0.1), 800, 800) is None


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_a_box_that_is_no_number_is_refused_before_anything_is_written(wrong, tmp_path):
    with pytest.raises(ValueError, match="finite"):
        imaging.burn([(tmp_path / "page.jpg", [Box(0, wrong, 1, 1)])], tmp_path / "burned")
    assert not (tmp_path / "burned").exists()


def test_a_page_image_that_is_gone_gives_one_sentence_and_no_file(tmp_path):
    with pytest.raises(imaging.CannotRead) as caught:
        imaging.burn([(tmp_path / "gone.jpg", [])], tmp_path / "burned")
    assert caught.value.code == "broken_page"
    assert list((tmp_path / "burned").iterdir()) == []
