"""Wrong, huge, cut off, locked and dangerous files: one clear sentence, bounded time and memory, nothing left."""

import contextlib
import io
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.work_samples import files
from work_samples import confinement, decoder, imaging, kinds
from work_samples.imaging import CannotRead, Limits
from work_samples.refusals import MIB

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
GIBIBYTE_IN_MIB = 1024


@pytest.fixture
def out(tmp_path):
    return tmp_path / "pages"


def refused(path, out, **how):
    """The refusal, after the checks that every refusal must pass."""
    with pytest.raises(CannotRead) as caught:
        imaging.make_pages(path, out, **how)
    sentence = caught.value.sentence
    assert sentence == str(caught.value)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert not re.search(r"Traceback|Error|Exception|[{}/]|None", sentence)
    assert not out.exists() or list(out.iterdir()) == []
    return caught.value


def peak_mib(caplog):
    return max(int(found) for found in re.findall(r"with (\d+) MiB at its peak", caplog.text))


def deep_zeros(size):
    return b"\0" * size


WRONG = {
    "nothing": (b"", "empty"),
    "zeros": (deep_zeros(5000), "unknown"),
    "random": (random.Random(4).randbytes(5000), "unknown"),
    "text": (b"Dear team, here is the work.", "unknown"),
    "gif": (b"GIF89a" + deep_zeros(50), "unknown"),
    "avif": (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + deep_zeros(50), "unknown"),
    "video of an old kind": (b"RIFF\x10\x20\0\0AVI LIST" + deep_zeros(50), "unknown"),
    "html": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "web_page"),
    "html after blanks": (b"\n\n  <HTML><body>", "web_page"),
    "html with a mark": (b"\xef\xbb\xbf<html>", "web_page"),
    "html in utf-16": (b"\xff\xfe" + "<html><body>".encode("utf-16-le"), "web_page"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "web_page"),
    "svg in xml": (b'<?xml version="1.0"?><svg/>', "web_page"),
    "svg after a comment": (b"<!-- drawing --><svg/>", "web_page"),
    "word": (b"PK\x03\x04" + deep_zeros(50), "document"),
    "old word": (b"\xd0\xcf\x11\xe0" + deep_zeros(50), "document"),
    "html before a pdf": (b"<html><!--" + files.pdf_bytes([b""]), "web_page"),
    "junk before a pdf": (b"abc" + files.pdf_bytes([b""]), "wrapped_pdf"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_picture_and_no_pdf_is_refused_before_any_decoding(name, tmp_path, out):
    data, code = WRONG[name]
    path = files.write(tmp_path, "photo.jpg", data)
    with pytest.raises(CannotRead) as caught:
        imaging.check_upload(path)
    assert caught.value.code == code
    assert refused(path, out).code == code


def test_a_file_that_is_no_longer_there_gives_a_sentence(tmp_path, out):
    assert refused(tmp_path / "gone.jpg", out).code == "missing"


def test_a_file_over_50_mb_is_refused_by_its_size(tmp_path):
    path = files.jpeg(tmp_path)
    os.truncate(path, imaging.MAX_UPLOAD_BYTES)
    assert imaging.check_upload(path) == "jpeg"
    os.truncate(path, imaging.MAX_UPLOAD_BYTES + 1)
    with pytest.raises(CannotRead, match=r"51 MB .* up to 50 MB"):
        imaging.check_upload(path)


def head_only(kind):
    return {
        "jpeg": b"\xff\xd8\xff\xe0" + b"<html>" * 20,
        "png": files.png_head(10, 10),
        "webp": b"RIFF\x10\0\0\0WEBPVP8 " + b"x" * 8,
        "tiff": b"II*\0\xff\xff\xff\x00",
        "heic": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1",
        "pdf": b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF",
    }[kind]


@pytest.mark.parametrize("kind", [kind.name for kind in kinds.KINDS if kind.pages])
def test_a_file_with_only_a_head_of_its_kind_is_refused(kind, tmp_path, out):
    path = files.write(tmp_path, "head", head_only(kind))
    assert imaging.check_upload(path) == kind
    assert refused(path, out).code in {"damaged", "cut_off"}


# --- cut off: half of a student's work would mislead ---------------------------------------------------

WHOLE = {
    "jpeg": files.jpeg,
    "progressive jpeg": lambda folder: files.jpeg(folder, progressive=True),
    "large jpeg": lambda folder: files.jpeg(folder, image=files.paper(4200, 400)),
    "png": files.telling_png,
    "webp": files.telling_webp,
    "heic": files.heic,
    "tiff": files.tiff,
    "packed tiff": lambda folder: files.tiff(folder, compression="tiff_deflate"),
    "pdf": files.pdf,
    "scan": lambda folder: files.scanned_pdf(folder, 2, (600, 800)),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("share", [0.4, 0.9])
def test_a_file_that_is_cut_off_is_refused_and_not_half_shown(name, share, tmp_path, out):
    data = WHOLE[name](tmp_path).read_bytes()
    path = files.write(tmp_path, "cut", data[: int(len(data) * share)])
    assert refused(path, out).code in {"cut_off", "damaged"}


@pytest.mark.parametrize("name", ["jpeg", "large jpeg", "pdf"])
def test_a_photo_or_pdf_that_is_cut_off_is_told_so(name, tmp_path, out):
    data = WHOLE[name](tmp_path).read_bytes()
    path = files.write(tmp_path, "cut", data[: len(data) // 2])
    assert "cut off" in refused(path, out).sentence


def test_a_photo_whose_rest_was_filled_with_zeros_is_told_so(tmp_path, out):
    data = files.jpeg(tmp_path).read_bytes()
    path = files.write(tmp_path, "cut", data[: len(data) // 2] + deep_zeros(len(data) // 2))
    assert refused(path, out).code == "cut_off"
    whole = files.write(tmp_path, "whole", data + deep_zeros(500))
    assert len(imaging.make_pages(whole, out)) == 1


@pytest.mark.parametrize("name", ["jpeg", "large jpeg"])
@pytest.mark.parametrize("share", [0.4, 0.9])
def test_a_photo_whose_rest_is_missing_before_a_proper_end_is_told_so(name, share, tmp_path, out):
    data = WHOLE[name](tmp_path).read_bytes()
    path = files.write(tmp_path, "cut", data[: int(len(data) * share)].rstrip(b"\xff") + b"\xff\xd9")
    assert refused(path, out).code == "cut_off"


def test_a_drawing_on_grey_is_whole(tmp_path, out):
    drawn = Image.new("RGB", (640, 480), (128, 128, 128))
    drawn.paste(files.paper(640, 200), (0, 0))
    for number, how in enumerate(({}, {"optimize": True}, {"subsampling": 0}, {"progressive": True}, {"quality": 100})):
        path = files.jpeg(tmp_path, f"{number}.jpg", drawn, **how)
        assert len(imaging.make_pages(path, out / str(number))) == 1
    assert len(imaging.make_pages(files.jpeg(tmp_path, "g.jpg", drawn.convert("L")), out / "grey")) == 1


def test_a_list_of_tiff_pages_that_breaks_off_is_refused(tmp_path, out):
    data = files.tiff_directories(tmp_path, 8).read_bytes()
    path = files.write(tmp_path, "cut.tif", data[: len(data) // 2])
    assert refused(path, out).code == "cut_off"


# --- too much ------------------------------------------------------------------------------------------


def test_a_picture_of_50_000_by_50_000_pixels_is_refused_at_once(tmp_path, out):
    path = files.bomb_png(tmp_path)
    started = time.monotonic()
    assert "50,000 × 50,000" in refused(path, out).sentence
    assert time.monotonic() - started < 5


def test_texts_that_unfold_to_hundreds_of_megabytes_are_refused(tmp_path, out):
    assert refused(files.text_bomb_png(tmp_path), out).code == "damaged"


def test_a_pdf_of_600_pages_is_told_the_limit_and_its_number(tmp_path, out):
    sentence = refused(files.pdf(tmp_path, 600), out).sentence
    assert "600 pages" in sentence
    assert "up to 60" in sentence


def test_a_pdf_of_60_pages_is_welcome_and_61_are_not(tmp_path, out):
    small = {"size": (40, 60)}
    assert "61 pages" in refused(files.pdf(tmp_path, 61, **small), out).sentence
    limits = Limits(pages=2)
    assert len(imaging.make_pages(files.pdf(tmp_path, 2, **small), out, limits=limits)) == 2


@pytest.mark.parametrize("real", [1, 3])
def test_a_pdf_that_claims_two_hundred_million_pages_costs_little(real, tmp_path, out, caplog):
    caplog.set_level("INFO")
    started = time.monotonic()
    path = files.pdf(tmp_path, real, count=200_000_000)
    ended = files.outcome(imaging.make_pages, path, out)
    if isinstance(ended, CannotRead):
        assert ended.code in {"counted_pages", "damaged"}
    else:
        assert len(ended) == real
        assert peak_mib(caplog) < 200
    assert time.monotonic() - started < 10


def test_a_pdf_without_a_page_is_refused(tmp_path, out):
    assert refused(files.pdf(tmp_path, 0), out).code in {"no_pages", "damaged"}


def test_a_tiff_of_thousands_of_pages_is_refused_quickly(tmp_path, out):
    started = time.monotonic()
    assert "more than 60 pages" in refused(files.tiff_directories(tmp_path, 9000), out).sentence
    assert time.monotonic() - started < 5


def test_a_pdf_with_a_password_says_what_to_do(tmp_path, out):
    assert refused(files.locked_pdf(tmp_path), out).sentence == (
        "This PDF is locked with a password. Save a copy without the password and bring that."
    )


# --- memory --------------------------------------------------------------------------------------------


@linux
@pytest.mark.parametrize(
    ("make", "below"),
    [
        (lambda folder: files.jpeg(folder, image=files.paper(*files.PHONE_60_MP)), 200),
        (lambda folder: files.jpeg(folder, image=files.paper(*files.PHONE_60_MP), progressive=True), 500),
        (files.phone_heic, GIBIBYTE_IN_MIB),
    ],
    ids=["jpeg", "progressive", "heic"],
)
def test_a_phones_60_megapixel_photo_is_welcome_and_stays_below_a_gibibyte(make, below, tmp_path, out, caplog):
    caplog.set_level("INFO")
    [page] = imaging.make_pages(make(tmp_path), out)
    assert (page.width, page.height) == (2000, 1500)
    assert 0 < peak_mib(caplog) < below


@linux
def test_what_needs_more_memory_than_it_may_have_is_refused(tmp_path, out):
    path = tmp_path / "large.png"
    files.paper(6000, 4000).save(path, compress_level=1)
    refusal = refused(path, out, limits=Limits(memory_bytes=110 * MIB))
    assert "memory" in refusal.sentence


# --- time, and nothing left behind -----------------------------------------------------------------------


def still_working_in(folder):
    """Processes whose current folder lies in `folder`."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with contextlib.suppress(OSError):
                if str((process / "cwd").readlink()).startswith(str(folder)):
                    found.append(int(process.name))
    return found


def test_an_endless_file_is_stopped_by_the_clock(tmp_path, out):
    started = time.monotonic()
    refusal = refused(files.endless_pdf(tmp_path), out, limits=Limits(seconds=1))
    assert refusal.code == "time"
    assert time.monotonic() - started < 4
    if sys.platform == "linux":
        assert still_working_in(out) == []


def test_an_endless_file_is_stopped_by_its_processor_time(tmp_path, out):
    refusal = refused(files.endless_pdf(tmp_path), out, limits=Limits(seconds=30, cpu_seconds=1))
    assert refusal.code == "time"


def test_a_decoder_that_writes_too_much_is_stopped(tmp_path, out):
    refused(files.jpeg(tmp_path), out, limits=Limits(output_bytes=1000))


def test_an_error_while_telling_progress_ends_the_child_and_leaves_nothing(tmp_path, out):
    def fall_over(done, of):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        imaging.make_pages(files.pdf(tmp_path, 3), out, on_progress=fall_over)
    assert list(out.iterdir()) == []


@linux
def test_the_child_dies_with_a_server_that_is_killed(tmp_path, out):
    source = files.endless_pdf(tmp_path)
    program = (
        "import sys; from pathlib import Path; from work_samples.imaging import make_pages\n"
        "make_pages(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    server = subprocess.Popen([sys.executable, "-c", program, source, out])
    try:
        assert eventually(lambda: still_working_in(out)), "the child has started"
        time.sleep(0.3)  # let it get past its first lines
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()
    assert eventually(lambda: not still_working_in(out)), "and is gone"


def eventually(true, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_what_a_killed_server_left_is_swept_up_by_the_next_job(tmp_path, out):
    left = out / f"{confinement.SCRATCH_PREFIX}old"
    left.mkdir(parents=True)
    (left / "page-001.jpg").write_bytes(b"a page with a name on it")
    os.utime(left, (1, 1))
    imaging.make_pages(files.jpeg(tmp_path), out)
    assert not left.exists()


# --- the seat belt -------------------------------------------------------------------------------------


@linux
def test_a_decoder_sees_no_secret_of_the_server(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setenv("SECRET_KEY", "secret")
    assert "secret" not in str(confinement._environment())


@linux
def test_a_confined_decoder_can_neither_read_others_work_nor_write_elsewhere_nor_connect(tmp_path):
    """What a file could do that had taken the decoder over."""
    mine, others = tmp_path / "mine", tmp_path / "others.jpg"
    mine.mkdir()
    others.write_bytes(b"work")
    program = """
import ctypes, pathlib, runpy, socket, sys
if ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) < 4:
    print("no landlock"); sys.exit()
decoder, mine, others = sys.argv[1:]
tools = runpy.run_path(decoder)
tools["_die_with_parent"](__import__("os").getppid())
tools["confine"](mine, [])
def allowed(action):
    try:
        action()
    except PermissionError:
        return False
    return True
print(
    allowed(lambda: pathlib.Path(mine, "page.jpg").write_bytes(b"x")),
    allowed(lambda: pathlib.Path(others).read_bytes()),
    allowed(lambda: pathlib.Path(others).write_bytes(b"x")),
    allowed(lambda: list(pathlib.Path(others).parent.iterdir())),
    allowed(lambda: socket.create_server(("127.0.0.1", 0))),
)
"""
    command = [sys.executable, "-I", "-c", program, str(confinement.DECODER), str(mine), str(others)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.strip()
    if said == "no landlock":
        pytest.skip("this kernel has no Landlock with TCP")
    assert said == "True False False False False"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b'"x"',
        b'{"cannot": "nonsense", "facts": {}}',
        b'{"cannot": "too_big", "facts": {}}',
        b'{"cannot": [], "facts": {}}',
        b'{"pages": 3, "peak_mib": 1}',
        b'{"pages": [{"width": "x", "height": 1}], "peak_mib": 1}',
        b'{"pages": [{"width": 1e999, "height": 1}], "peak_mib": 1}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_whatever_a_taken_over_decoder_says_is_at_worst_a_damaged_file(line):
    answer = confinement._parse(line)
    assert answer.cannot is not None
    assert answer.cannot.code == "damaged"


def test_a_decoder_starts_without_django_and_without_what_its_kind_does_not_need(tmp_path):
    program = (
        "import runpy, sys; tools = runpy.run_path(sys.argv[1]); tools['load_tools']('jpeg');"
        "print({'django', 'pypdfium2', 'pillow_heif', 'PIL.ImageCms', 'work_samples'} & set(sys.modules))"
    )
    command = [sys.executable, "-I", "-c", program, str(confinement.DECODER)]
    assert subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.strip() == "set()"


# --- damage of any kind ----------------------------------------------------------------------------------

JOB = {"limits": {"pages": 60, "pixels": 4_000_000, "jpeg_pixels": 4_000_000}, "page_long_side": 100}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    picture = files.paper(120, 90)
    picture.save(folder / "whole.jpeg")
    picture.save(folder / "whole.png")
    picture.save(folder / "whole.webp")
    picture.save(folder / "whole.tiff", save_all=True, append_images=[picture], compression="tiff_lzw")
    for kind in ("jpeg", "png", "webp", "tiff"):
        decoder.load_tools(kind)
    return folder


def damaged(data, flips, cut):
    body = bytearray(data)
    for at, bit in flips:
        body[at % len(body)] ^= 1 << bit
    return bytes(body[: max(16, len(body) - cut)])


flips = st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 7)), max_size=6)
patient = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.filterwarnings("ignore")
@patient
@given(kind=st.sampled_from(["jpeg", "png", "webp", "tiff"]), flips=flips, cut=st.integers(0, 3000))
def test_a_damaged_picture_becomes_pages_or_a_reason(small, kind, flips, cut):
    path = small / f"damaged.{kind}"
    path.write_bytes(damaged((small / f"whole.{kind}").read_bytes(), flips, cut))
    if imaging.sniff(path.read_bytes()) != kind:
        return
    try:
        total, pages = decoder.pages_of(kind, str(path), JOB)
        assert total == len([page.save(io.BytesIO(), "JPEG") for page in pages])
    except Exception as error:  # noqa: BLE001  (whatever a decoder raises)
        code, facts = decoder.reason_for(error)
        assert CannotRead(code, **facts).sentence


@patient
@given(cut=st.integers(10, 100_000))
def test_no_cut_of_a_jpeg_passes_for_the_whole(small, cut):
    whole = (small / "whole.jpeg").read_bytes()
    path = small / "cut.jpeg"
    path.write_bytes(whole[: max(4, len(whole) - cut)])
    with pytest.raises((OSError, decoder.Refusal, SyntaxError)):
        decoder.pages_of("jpeg", str(path), JOB)


@settings(patient, max_examples=12)
@given(flips=flips, cut=st.sampled_from([0, 0, 0, 1, 400]))
def test_a_damaged_pdf_becomes_pages_or_a_sentence(tmp_path, flips, cut):
    path = files.write(tmp_path, "damaged.pdf", damaged(files.pdf(tmp_path, 1, size=(60, 80)).read_bytes(), flips, cut))
    ended = files.outcome(imaging.make_pages, path, tmp_path / "pages", limits=Limits(seconds=10))
    assert ended.sentence if isinstance(ended, CannotRead) else ended
