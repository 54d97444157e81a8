"""Steps that many tests here take: bring files, make their pages, confirm."""

import io
import json
import os
from pathlib import Path, PurePosixPath

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageChops, ImageDraw

from esw.core import jobs
from esw.core.storage import private_storage
from tests.factories import SampleFactory
from tests.work_samples import files as made
from work_samples import tasks
from work_samples.domain import bringing, files, redacting
from work_samples.models import Sample

NAME_BOX = {"page": 1, "x": 0.1, "y": 0.05, "w": 0.5, "h": 0.08}
INK = (200, 20, 30)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def named_paper(width=1000, height=1400, *, seed=1):
    """A page with a red bar where a name would stand, well inside NAME_BOX."""
    page = made.paper(width, height, seed=seed)
    ImageDraw.Draw(page).rectangle((0.15 * width, 0.07 * height, 0.5 * width, 0.11 * height), fill=INK)
    return page


def photo(folder, name="photo.jpg", **how):
    return made.jpeg(folder, name, named_paper(**how), quality=95)


def temporary(path: Path) -> TemporaryUploadedFile:
    """The file as Django's upload handler would leave it: on disk, to be moved."""
    upload = TemporaryUploadedFile(path.name, "application/octet-stream", path.stat().st_size, None)
    upload.write(path.read_bytes())
    upload.flush()
    upload.seek(0)
    return upload


def post_files(client, assignment, *paths, **fields):
    """POST to the upload address, as JSON; paths of files on disk."""
    handles = [path.open("rb") for path in paths]
    try:
        return client.post(
            "/samples/upload/",
            {"assignment": str(getattr(assignment, "pk", assignment)), "files": handles, **fields},
            headers={"accept": "application/json"},
        )
    finally:
        for handle in handles:
            handle.close()


def bring(assignment, *paths, by=None, sample=None):
    """Bring files as pages of one sample, without making the pages yet."""
    for path in paths:
        with temporary(path) as file:
            sample = bringing.bring_file(
                assignment=assignment,
                file=file,
                by=by or assignment.created_by,
                sample=sample,
                now=timezone.now(),
            )
    return sample


def make_pages(sample):
    """Run the sample's job, as the worker would."""
    job = jobs.latest(sample.pk)
    tasks.make_pages(str(job.pk))
    job.refresh_from_db()
    return job


def ready(assignment, *paths, by=None):
    sample = bring(assignment, *paths, by=by)
    make_pages(sample)
    return sample


def confirm(sample, boxes=(NAME_BOX,)):
    """Confirm through the domain; use within `django_capture_on_commit_callbacks(execute=True)`."""
    from work_samples.domain import boxes as reading

    placed = reading.read(list(boxes), pages=redacting.page_ids(sample))
    return redacting.confirm_sample(
        sample=Sample.objects.get(pk=sample.pk), by=sample.uploader, redactions=placed, now=timezone.now()
    )


def post_confirm(client, sample, redactions, **headers):
    body = redactions if isinstance(redactions, str) else json.dumps(redactions)
    return client.post(
        f"/samples/{sample.pk}/confirm/", {"redactions": body}, headers={"accept": "application/json", **headers}
    )


def body_of(response):
    """The whole body, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


class KeptFile:
    """A file of the storage, wherever it lies."""

    def __init__(self, name: str) -> None:
        self.path = PurePosixPath(name)
        self.name, self.suffix, self.parts = self.path.name, self.path.suffix, self.path.parts

    def __fspath__(self) -> str:
        return default_storage.path(str(self.path))

    def read_bytes(self) -> bytes:
        with default_storage.open(str(self)) as file:
            return file.read()

    def __str__(self) -> str:
        return str(self.path)

    def __eq__(self, other: object) -> bool:
        is_here = private_storage().is_folder and str(other).startswith("/")
        return (os.fspath(self) if is_here else str(self)) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def all_files(*_: object):
    """Every file that the storage keeps."""
    return [KeptFile(file.name) for file in private_storage().walk("")]


def image_of(name):
    """A kept picture, by its name in the storage."""
    with default_storage.open(str(name)) as file:
        return open_image(file.read())


def open_image(data: bytes):
    return Image.open(io.BytesIO(data))


def ink_left(image) -> int:
    """How many pixels of a page are anywhere near the red of a name."""
    red, green, blue = image.convert("RGB").split()
    above = [ImageChops.subtract(red, other).point(lambda by: 255 if by > 40 else 0) for other in (green, blue)]
    return ImageChops.darker(*above).histogram()[255]


def with_pages(assignment, folder, *, pages=2, label="A", confirmed_at=None):
    """A confirmed sample whose page images are there, each another one, without a child process to make them."""
    sample = SampleFactory(assignment=assignment, label=label, confirmed_at=confirmed_at or timezone.now())
    for number in range(1, pages + 1):
        paper, written = named_paper(500, 700, seed=number), {}
        for name, kind in (("page.jpg", "JPEG"), ("thumb.webp", "WEBP")):
            (folder / name).write_bytes(b"")
            paper.save(folder / name, kind, quality=90)
            written[kind] = files.keep_image(folder / name, files.PAGES, sample.pk)
        sample.pages.create(number=number, image=written["JPEG"], thumbnail=written["WEBP"], width=500, height=700)
    return sample
