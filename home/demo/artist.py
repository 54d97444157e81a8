"""Puts the drawn pages into files as ESW keeps page images, several processes at a time.

No Django in here: the processes start in a moment, and a page takes about a third of a second on one core.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from home.demo.pages import Box, default_fonts, draw
from home.demo.surface import Spot
from home.demo.tasks import TASKS, task_by_key
from work_samples.decoder import JPEG_QUALITY
from work_samples.imaging import THUMB_LONG_SIDE

SEED = 7  # the one that was looked at
MOST_PROCESSES = 4


@dataclass(frozen=True)
class PageFile:
    """One page on disk: its image and thumbnail, its size in pixels, and what `DrawnPage` says of it."""

    image: Path
    thumbnail: Path
    width: int
    height: int
    names: tuple[Box, ...]
    places: Mapping[str, Spot]
    text: tuple[str, ...]


#: The pages of each sample, by the task's key and the sample's label.
Gallery = Mapping[tuple[str, str], tuple[PageFile, ...]]


def paint(folder: Path, *, base_dir: Path) -> Gallery:
    """Every page of both tasks as files in `folder`; fonts are found below `base_dir`.

    Raises `FontsMissingError` when they are not.
    """
    default_fonts(base_dir).load("literata", 400, 34)  # says so at once, and in this process
    wanted = [(task.key, sample.label) for task in TASKS for sample in task.samples]
    work = partial(_paint_sample, folder, base_dir)
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    if processes == 1:
        return dict(zip(wanted, map(work, wanted), strict=True))
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return dict(zip(wanted, pool.map(work, wanted), strict=True))


def _paint_sample(folder: Path, base_dir: Path, wanted: tuple[str, str]) -> tuple[PageFile, ...]:
    key, label = wanted
    sample = next(one for one in task_by_key(key).samples if one.label == label)
    painted = []
    for number, page in enumerate(draw(sample, seed=SEED, fonts=default_fonts(base_dir)), start=1):
        stem = folder / f"{key}-{label}-{number}"
        image, thumbnail = save(page.image, stem)
        painted.append(PageFile(image, thumbnail, *page.image.size, page.names, page.places, page.text))
    return tuple(painted)


def save(picture: Image.Image, stem: Path) -> tuple[Path, Path]:
    """Write a page image and its thumbnail beside each other, encoded as the decoder encodes uploads."""
    image, thumbnail = stem.with_suffix(".jpg"), stem.with_suffix(".webp")
    picture.save(image, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    small = picture.copy()
    small.thumbnail((THUMB_LONG_SIDE, THUMB_LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    small.save(thumbnail, "WEBP", quality=75, method=4)
    return image, thumbnail


def texts_of(gallery: Gallery, key: str) -> dict[str, list[tuple[str, ...]]]:
    """What is written on each sample's pages, line by line, for one task."""
    return {label: [page.text for page in pages] for (task, label), pages in gallery.items() if task == key}
