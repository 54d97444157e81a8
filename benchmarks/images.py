"""From what a teacher brings to pages: photos, HEIC, scans; and thirty phone photos while the web answers."""

import contextlib
import io
import logging
import random
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pillow_heif
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.report import milliseconds, percentile, table, write_section
from benchmarks.serving import Server, embedded_server
from work_samples import imaging

TIMES = 5
PHOTO = (4032, 3024)  # 12 megapixels, as a phone takes them
SCAN = (1700, 2200)  # a letter page at 200 dots an inch
PDF_PAGES = 20
PHOTOS = 30
AT_ONCE = 3  # what the upload page sends at the same time
PAUSE = 0.05  # seconds between two looks at a page
IDLE_FOR = 8.0  # seconds
READY_WITHIN = 300.0  # seconds
STRIP = imaging.Box(0.0, 0.0, 1.0, 0.12)

ARRANGE = """
import json
from django.utils import timezone
from teams.models import *
from work_samples.models import Assignment
school = School.objects.create(district=District.objects.create(name="Three Rivers"), name="Alder Creek")
team = Team.objects.create(school=school, name="Grade 7 ELA")
maya = User.objects.create_user("maya@school.example", name="Maya Ellis")
Membership.objects.create(team=team, user=maya)
task = Assignment.objects.create(
    team=team, title="Longer lunch", prompt="Should it be?", created_by=maya, created_at=timezone.now()
)
print(json.dumps(str(task.pk)))
"""
HOW_FAR = "SELECT count(made_at), sum(error <> '') FROM work_samples_upload"


# --- what people bring ----------------------------------------------------------------------------------------


def paper(size: tuple[int, int], *, seed: int) -> Image.Image:
    """Ruled paper with handwriting on it and a camera's noise; another seed, another page."""
    chance = random.Random(seed)  # noqa: S311 (not a secret)
    width, height = size
    page = Image.new("RGB", size, (238, 234, 224))
    draw = ImageDraw.Draw(page)
    gap = height // 32
    for y in range(2 * gap, height - gap, gap):
        draw.line((0, y, width, y), fill=(150, 175, 215), width=3)
        x = gap
        while x < width - 2 * gap:
            strokes = [(x + at * gap // 5, y - chance.randrange(gap * 3 // 4)) for at in range(5)]
            draw.line(strokes, fill=(40, 46, 92), width=max(2, gap // 14), joint="curve")
            x += gap + chance.randrange(gap)
    noise = Image.effect_noise(size, 14).filter(ImageFilter.GaussianBlur(0.6)).convert("RGB")
    return Image.blend(page, noise, 0.12)


def jpeg(folder: Path, name: str, *, seed: int) -> Path:
    path = folder / name
    paper(PHOTO, seed=seed).save(path, "JPEG", quality=92)
    return path


def heic(folder: Path) -> Path:
    pillow_heif.register_heif_opener()
    path = folder / "photo.heic"
    paper(PHOTO, seed=2).save(path, "HEIF", quality=75)
    return path


def scanned_pdf(folder: Path) -> Path:
    path = folder / "scan.pdf"
    first, *rest = (paper(SCAN, seed=number) for number in range(PDF_PAGES))
    first.save(path, "PDF", save_all=True, append_images=rest, resolution=200, quality=85)
    return path


# --- one file at a time ---------------------------------------------------------------------------------------


class Peaks(logging.Handler):
    """Listens to what the decoder's parent logs: how much memory the child held at its peak, in MiB."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.heard: list[int] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and "at its peak" in str(record.msg):
            self.heard.append(int(str(record.args[1])))


@contextlib.contextmanager
def peaks() -> Iterator[Peaks]:
    logger, handler = logging.getLogger("work_samples.confinement"), Peaks()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def timed(work: Callable[[Path], object]) -> tuple[float, float, int]:
    """The median and the slowest of TIMES runs in seconds, and the most memory that a child held, in MiB."""
    taken = []
    with peaks() as listening:
        for _ in range(TIMES):
            with tempfile.TemporaryDirectory() as out:
                began = time.perf_counter()
                work(Path(out))
                taken.append(time.perf_counter() - began)
    return statistics.median(taken), max(taken), max(listening.heard)


def one_by_one(folder: Path) -> list[list[str]]:
    """Rows: what, its size, time (median, slowest), peak memory of the child."""
    files = {
        "JPEG, 12 megapixels": jpeg(folder, "photo.jpg", seed=1),
        "HEIC, 12 megapixels": heic(folder),
        f"PDF, {PDF_PAGES} scanned pages": scanned_pdf(folder),
    }
    rows = [_measured(f"{what}: pages and thumbnails", path, _maker(path)) for what, path in files.items()]
    pages = [page.image for page in imaging.make_pages(files[f"PDF, {PDF_PAGES} scanned pages"], folder / "pages")]
    for count, what in ((1, "a preview of one page"), (PDF_PAGES, f"a strip burned into {PDF_PAGES} pages")):
        rows.append(_measured(what, pages[0], _burner(pages[:count])))
    return rows


def _maker(path: Path) -> Callable[[Path], object]:
    return lambda out: imaging.make_pages(path, out)


def _burner(pages: list[Path]) -> Callable[[Path], object]:
    return lambda out: imaging.burn([(page, [STRIP]) for page in pages], out)


def _measured(what: str, path: Path, work: Callable[[Path], object]) -> list[str]:
    usual, slowest, peak = timed(work)
    return [what, f"{path.stat().st_size / 1e6:.1f} MB", f"{usual:.2f} s", f"{slowest:.2f} s", f"{peak} MB"]


# --- thirty at once, while the web answers --------------------------------------------------------------------


@dataclass
class Looks:
    """How long an address took, look after look, in seconds."""

    address: str
    taken: list[float] = field(default_factory=list)

    def look(self, client: httpx.Client, stop: threading.Event) -> None:
        while not stop.is_set():
            began = time.perf_counter()
            client.get(self.address).raise_for_status()
            self.taken.append(time.perf_counter() - began)
            stop.wait(PAUSE)


@contextlib.contextmanager
def looking(server: Server, cookies: dict[str, str], addresses: list[str]) -> Iterator[list[Looks]]:
    """Somebody looks at each address again and again, and it is noted how long each look took."""
    stop = threading.Event()
    looks = [Looks(address) for address in addresses]
    with ThreadPoolExecutor(len(looks)) as people, clients_of(server, cookies, len(looks)) as clients:
        going = [people.submit(one.look, client, stop) for one, client in zip(looks, clients, strict=True)]
        try:
            yield looks
        finally:
            stop.set()
            for one in going:
                one.result()


@contextlib.contextmanager
def clients_of(server: Server, cookies: dict[str, str], count: int) -> Iterator[list[httpx.Client]]:
    clients = [_client(server, cookies) for _ in range(count)]
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


def _client(server: Server, cookies: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=server.url, cookies=cookies, timeout=60)


def send(server: Server, cookies: dict[str, str], task: str, paths: list[Path]) -> None:
    """Bring the files as the upload page does: each in a request of its own, a few at the same time."""
    with _client(server, cookies) as client:
        page = client.get(f"/assignments/{task}/").text
        token = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]

        def bring(path: Path) -> None:
            answer = client.post(
                "/samples/upload/",
                data={"assignment": task, "csrfmiddlewaretoken": token},
                files={"files": (path.name, io.BytesIO(path.read_bytes()), "image/jpeg")},
                headers={"accept": "application/json", "referer": server.url},
            )
            answer.raise_for_status()
            for file in answer.json()["files"]:
                if file["error"]:
                    raise RuntimeError(file["error"])

        with ThreadPoolExecutor(AT_ONCE) as people:
            list(people.map(bring, paths))


def all_at_once(folder: Path) -> tuple[list[list[str]], str]:
    """Rows of what a look took, idle and meanwhile; and a sentence about the whole."""
    photos = [jpeg(folder, f"phone-{number}.jpg", seed=100 + number) for number in range(PHOTOS)]
    with embedded_server() as server:
        task = server.shell(ARRANGE)
        cookies = server.cookies("maya@school.example")
        addresses = ["/healthz", "/", f"/assignments/{task}/"]
        with looking(server, cookies, addresses) as idle:
            time.sleep(IDLE_FOR)
        with looking(server, cookies, addresses) as busy:
            began = time.perf_counter()
            send(server, cookies, task, photos)
            sent = time.perf_counter() - began
            _wait_until_ready(server)
            ready = time.perf_counter() - began
        peak = server.peak_mib()
    names = ["`/healthz`", "home", "the assignment with its contact sheet"]
    rows = [_compared(name, *pair) for name, pair in zip(names, zip(idle, busy, strict=True), strict=True)]
    megabytes = sum(path.stat().st_size for path in photos) / 1e6
    said = (
        f"{PHOTOS} photos of 12 megapixels ({megabytes:.0f} MB) sent {AT_ONCE} at a time: all arrived after "
        f"{sent:.1f} s, all pages ready after {ready:.1f} s. The server's own process held {peak} MB at its peak; the "
        "decoders are processes of their own. The photos' sender and those who look are on the same machine."
    )
    return rows, said


def _wait_until_ready(server: Server) -> None:
    """Looks into the database and not at the server, so that waiting costs it nothing."""
    until = time.monotonic() + READY_WITHIN
    with contextlib.closing(sqlite3.connect(server.data_dir / "esw.sqlite3", timeout=10)) as database:
        while time.monotonic() < until:
            made, failed = database.execute(HOW_FAR).fetchone()
            if failed:
                raise RuntimeError(f"{failed} photos could not be read")
            if made == PHOTOS:
                return
            time.sleep(0.2)
    raise RuntimeError("the pages were not ready in time")


def _compared(name: str, idle: Looks, busy: Looks) -> list[str]:
    shares = (0.5, 0.99)
    times = [milliseconds(percentile(one.taken, share)) for one in (idle, busy) for share in shares]
    return [name, *times, milliseconds(max(busy.taken)), str(len(busy.taken))]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="esw-images-") as name:
        folder = Path(name)
        alone = one_by_one(folder)
        rows, said = all_at_once(folder)
    how = (
        f"Each in a child process that is started anew; the median and the slowest of {TIMES}. Pages are JPEG of at "
        f"most {imaging.PAGE_LONG_SIDE} pixels, thumbnails WebP."
    )
    lines = [
        how,
        "",
        *table(["what", "file", "time", "slowest", "peak memory of the child"], alone),
        "",
        "On the embedded server (one process, SQLite, worker inside):",
        "",
        said,
        "",
        *table(["meanwhile", "idle p50", "idle p99", "busy p50", "busy p99", "busy slowest", "looks"], rows),
    ]
    write_section("images", "Photos, scans and PDFs", lines)


if __name__ == "__main__":
    main()
