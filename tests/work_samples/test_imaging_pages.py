"""What people bring becomes upright, plain page images."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, ImageCms

from tests.work_samples import files
from work_samples import confinement, imaging
from work_samples.kinds import office


@pytest.fixture
def out(tmp_path):
    return tmp_path / "pages"


def opened(path):
    with Image.open(path) as image:
        image.load()
    return image


def near(pixel, wanted, slack=24):
    return all(abs(got - want) <= slack for got, want in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (files.jpeg, "jpeg"),
        (files.telling_png, "png"),
        (files.telling_webp, "webp"),
        (files.heic, "heic"),
        (files.tiff, "tiff"),
        (files.pdf, "pdf"),
    ],
)
def test_it_knows_each_kind_by_its_content_and_never_by_its_name(make, kind, tmp_path):
    path = make(tmp_path)
    disguised = path.rename(tmp_path / "work.exe")
    assert imaging.check_upload(disguised) == kind


def test_a_photo_becomes_one_page_and_one_thumbnail(tmp_path, out):
    [page] = imaging.make_pages(files.jpeg(tmp_path, image=files.paper(4000, 3000)), out)
    assert (page.number, page.width, page.height) == (1, 2000, 1500)
    assert opened(page.image).size == (2000, 1500)
    assert opened(page.image).format == "JPEG"
    assert opened(page.thumbnail).size == (320, 240)
    assert opened(page.thumbnail).format == "WEBP"


def test_a_small_picture_is_never_enlarged(tmp_path, out):
    [page] = imaging.make_pages(files.jpeg(tmp_path, image=files.paper(200, 150)), out)
    assert (page.width, page.height) == (200, 150)
    assert opened(page.thumbnail).size == (200, 150)


def test_a_phones_jpeg_with_a_second_picture_in_it_is_one_page(tmp_path, out):
    path = tmp_path / "depth.jpg"
    files.quarters(4000, 3000).save(path, "MPO", save_all=True, append_images=[files.paper(400, 300)])
    [page] = imaging.make_pages(path, out)
    assert (page.width, page.height) == (2000, 1500)
    assert near(opened(page.image).getpixel((20, 20)), (220, 30, 30))


def test_a_heic_in_tiles_as_phones_write_it_is_one_picture(tmp_path, out):
    [page] = imaging.make_pages(files.heic(tmp_path, image=files.quarters(1400, 1000), tile_size=512), out)
    assert (page.width, page.height) == (1400, 1000)
    assert near(opened(page.image).getpixel((1380, 980)), (220, 210, 30))


def test_a_jpeg_called_png_is_welcome(tmp_path, out):
    assert len(imaging.make_pages(files.jpeg(tmp_path, "scan.png"), out)) == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_page_stands_upright_whatever_its_orientation(kind, orientation, tmp_path, out):
    [page] = imaging.make_pages(files.oriented(tmp_path, orientation, kind), out)
    image = opened(page.image)
    assert image.size == (400, 300)
    corners = [(20, 20), (380, 20), (20, 280), (380, 280)]
    colours = [(220, 30, 30), (30, 180, 30), (30, 30, 220), (220, 210, 30)]
    assert all(near(image.getpixel(at), colour) for at, colour in zip(corners, colours, strict=True))


def test_every_page_of_a_tiff_counts(tmp_path, out):
    pages = imaging.make_pages(files.tiff(tmp_path, pages=4), out)
    assert [page.number for page in pages] == [1, 2, 3, 4]
    assert len({page.image.read_bytes() for page in pages}) == 4


def test_a_copiers_black_and_white_tiff_is_read(tmp_path, out):
    path = files.tiff(tmp_path, mode="1", compression="group4", size=(2480, 3508))
    pages = imaging.make_pages(path, out)
    assert [(page.width, page.height) for page in pages] == [(1414, 2000)] * 3


def test_a_smaller_copy_inside_a_tiff_is_not_a_page(tmp_path, out):
    assert len(imaging.make_pages(files.tiff_with_thumbnail(tmp_path), out)) == 1


def test_a_circle_of_tiff_pages_ends(tmp_path, out):
    path = files.tiff_directories(tmp_path, 5, last_points_to=8)
    assert len(imaging.make_pages(path, out)) == 5


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_an_animation_the_first_picture_counts(kind, tmp_path, out):
    [page] = imaging.make_pages(files.animated(tmp_path, kind), out)
    assert near(opened(page.image).getpixel((20, 20)), (220, 30, 30))


def test_of_a_burst_of_heic_shots_one_counts(tmp_path, out):
    assert len(imaging.make_pages(files.burst_heic(tmp_path), out)) == 1


def test_each_page_of_a_pdf_is_drawn_in_its_own_shape(tmp_path, out):
    pages = imaging.make_pages(files.pdf(tmp_path, 6), out)
    assert [(page.width, page.height) for page in pages] == [(1546, 2000)] * 6
    assert len({page.image.read_bytes() for page in pages}) == 6


@pytest.mark.parametrize("size", [(1e9, 1e9), (1e9, 1), (0, 0), (0.001, 0.001), (-612, -792)])
def test_a_pdf_page_of_an_absurd_size_stays_bounded(size, tmp_path, out):
    ended = files.outcome(imaging.make_pages, files.pdf(tmp_path, 1, size=size), out)
    if isinstance(ended, imaging.CannotRead):
        assert ended.code in {"odd_page", "damaged"}
    else:
        assert max(ended[0].width, ended[0].height) <= imaging.PAGE_LONG_SIDE


def test_a_form_that_a_student_filled_in_shows_its_answers(tmp_path, out):
    """The answer lives in an annotation, not in the page's own content."""
    look = files.stream(b"0 0 0 rg 0 0 200 50 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 200 50]")
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /F 4 /T (a) /Rect [100 600 300 650] /AP << /N 6 0 R >> >>"
    data = files.pdf_bytes([b""], extra=[look, field]).replace(b"/Parent 2 0 R", b"/Annots [7 0 R] /Parent 2 0 R")
    data = data.replace(b"/Type /Catalog", b"/AcroForm << /Fields [7 0 R] >> /Type /Catalog")
    [page] = imaging.make_pages(files.write(tmp_path, "form.pdf", data), out)
    assert opened(page.image).convert("L").getextrema()[0] < 40


def grey_ramp(mode):
    ramp = Image.linear_gradient("L").resize((256, 256))
    return ramp if mode == "L" else ramp.convert(mode)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_mode_keeps_black_black_and_white_white(mode, tmp_path, out):
    if mode == "I;16":
        image = Image.linear_gradient("L").convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        image = grey_ramp(mode)
    image.save(tmp_path / "grey.png")
    [page] = imaging.make_pages(tmp_path / "grey.png", out)
    grey = opened(page.image).convert("L")
    assert grey.getpixel((128, 2)) < 30
    assert grey.getpixel((128, 253)) > 225
    if mode != "1":
        assert 100 < grey.getpixel((128, 128)) < 156


@pytest.mark.parametrize("mode", ["CMYK", "LAB", "F", "YCbCr", "I;16", "I"])
def test_a_tiff_of_an_unusual_mode_is_read(mode, tmp_path, out):
    image = files.quarters()
    if mode == "LAB":
        image = ImageCms.profileToProfile(
            image, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
    elif mode in {"I;16", "I"}:
        image = image.convert("L").convert("I").point(lambda value: value * 257).convert(mode)
    else:
        image = image.convert("L" if mode == "F" else mode).convert(mode)
    image.save(tmp_path / "odd.tif")
    [page] = imaging.make_pages(tmp_path / "odd.tif", out)
    made, wanted = opened(page.image).convert("L"), files.quarters().convert("L")
    assert all(abs(made.getpixel(at) - wanted.getpixel(at)) < 24 for at in [(20, 20), (380, 20), (20, 280)])


def test_a_cmyk_jpeg_keeps_its_colours(tmp_path, out):
    [page] = imaging.make_pages(files.jpeg(tmp_path, image=files.quarters().convert("CMYK")), out)
    assert near(opened(page.image).getpixel((20, 20)), (220, 30, 30))


def test_what_is_transparent_becomes_white_paper(tmp_path, out):
    image = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    image.paste((10, 20, 200, 255), (100, 50, 200, 150))
    image.save(tmp_path / "ink.png")
    [page] = imaging.make_pages(tmp_path / "ink.png", out)
    assert opened(page.image).getpixel((5, 5)) == (255, 255, 255)
    assert near(opened(page.image).getpixel((150, 100)), (10, 20, 200))


def test_a_colour_profile_is_applied_before_it_is_dropped(tmp_path, out):
    """A profile with red and green exchanged: red numbers mean a green page."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    path = files.jpeg(
        tmp_path,
        image=Image.new("RGB", (64, 64), (230, 20, 20)),
        icc_profile=bytes(profile).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be")),
    )
    [page] = imaging.make_pages(path, out)
    red, green, _ = opened(page.image).getpixel((32, 32))
    assert green > 150 > red


def test_a_broken_colour_profile_does_not_stop_a_page(tmp_path, out):
    path = files.jpeg(tmp_path, icc_profile=b"not a profile")
    assert len(imaging.make_pages(path, out)) == 1


# --- nothing but the picture comes out --------------------------------------------------------------

TELLING = [files.telling_jpeg, files.telling_png, files.telling_tiff, files.telling_webp, files.telling_heic, files.pdf]


def jpeg_segments(data):
    """The marker codes of a JPEG up to its picture."""
    at, found = 2, []
    while data[at + 1] != 0xDA:
        found.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return found


@pytest.mark.parametrize("make", TELLING)
def test_no_metadata_and_no_text_survives(make, tmp_path, out):
    source = make(tmp_path)
    assert files.SECRET.encode() in source.read_bytes() or make is files.telling_png
    for page in imaging.make_pages(source, out):
        for data in (page.image.read_bytes(), page.thumbnail.read_bytes()):
            assert not re.search(
                rb"Whitlock|Exif\0|EXIF|GPSL|xmpmeta|Adobe|ICC_PROFILE|ICCP|Photoshop|PhoneMaker", data
            )
        picture = {0xE0, 0xDB, 0xC0, 0xC4}  # JFIF's own, quantisation, frame, Huffman
        assert set(jpeg_segments(page.image.read_bytes())) <= picture
        assert page.thumbnail.read_bytes()[12:16] in {b"VP8 ", b"VP8L"}
        assert not dict(opened(page.image).getexif())


def test_the_test_files_do_tell_so_that_the_test_above_would_notice(tmp_path):
    with Image.open(files.telling_jpeg(tmp_path)) as image:
        assert image.getexif().get_ifd(0x8825)
        assert image.info["comment"]
        assert image.info["xmp"]
    with Image.open(files.telling_png(tmp_path)) as image:
        assert image.text["Author"] == files.SECRET


def test_files_are_named_by_number_and_not_by_the_upload(tmp_path, out):
    imaging.make_pages(files.jpeg(tmp_path, f"{files.SECRET}.jpg"), out)
    assert sorted(path.name for path in out.iterdir()) == ["page-001.jpg", "thumb-001.webp"]


# --- progress and company ---------------------------------------------------------------------------


def test_it_tells_how_far_it_is(tmp_path, out):
    told = []
    imaging.make_pages(files.pdf(tmp_path, 3), out, on_progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_it_works_in_threads_side_by_side(tmp_path):
    source = files.jpeg(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda name: imaging.make_pages(source, tmp_path / name), "abcd"))
    assert len({pages[0].image.read_bytes() for pages in made}) == 1


def test_the_hint_for_the_upload_page_names_kinds_and_limits(monkeypatch):
    monkeypatch.setattr(office, "program", lambda: None)
    assert imaging.accepted_hint() == "JPEG, PNG, WebP, HEIC, TIFF or PDF, up to 60 pages and 50 MB a file"


def test_only_so_many_files_are_open_at_once_and_the_others_wait_their_turn(tmp_path, monkeypatch):
    source = files.jpeg(tmp_path)
    monkeypatch.setattr(imaging, "_turns", threading.BoundedSemaphore(2))
    started, ended, most = confinement.subprocess.Popen, confinement._end, []
    opened: set[int] = set()

    def start(*args, **kwargs):
        child = started(*args, **kwargs)
        opened.add(child.pid)
        most.append(len(opened))
        return child

    def end(child):
        opened.discard(child.pid)
        ended(child)

    monkeypatch.setattr(confinement.subprocess, "Popen", start)
    monkeypatch.setattr(confinement, "_end", end)
    with ThreadPoolExecutor(5) as pool:
        made = list(pool.map(lambda n: imaging.make_pages(source, tmp_path / str(n)), range(5)))
    assert [len(pages) for pages in made] == [1] * 5
    assert max(most) <= 2
