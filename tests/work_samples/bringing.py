"""Steps that many tests here take: bring files, make their pages, confirm."""

import io
import json
from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageChops, ImageDraw

from esw.core import jobs
from tests.work_samples import files as made
from work_samples import tasks
from work_samples.domain import bringing, redacting
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


def all_files(folder: Path):
    return [path for path in folder.rglob("*") if path.is_file()]


def open_image(data: bytes):
    return Image.open(io.BytesIO(data))


def ink_left(image) -> int:
    """How many pixels of a page are anywhere near the red of a name."""
    red, green, blue = image.convert("RGB").split()
    above = [ImageChops.subtract(red, other).point(lambda by: 255 if by > 40 else 0) for other in (green, blue)]
    return ImageChops.darker(*above).histogram()[255]
