"""Reading words on page images: the part of `decoder` that does it, in the same limited process.

The models come in RapidOCR's wheel and are loaded once for all pages of a job; the network is closed before.
It writes `words-NNN.json` into the current folder: lines of `[text, x, y, w, h]`, in shares of the page. Imported by
path, so it knows nothing of ESW.
"""

# ruff: noqa: PLC0415  (the engine is imported where the limits stand already)

from __future__ import annotations

import contextlib
import json
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: What words are looked for on; they are read from the picture as it is scaled to this.
LONG_SIDE = 1280
MOST_LINES = 500
THREADS = 2
#: Beside what every decoder gives way by: pages that somebody waits for are made first.
NICER = 9


def load() -> Any:
    """The engine, with its models. Raises ImportError where it is not installed."""
    with contextlib.suppress(OSError):
        os.nice(NICER)
    from rapidocr import RapidOCR

    threads = min(THREADS, os.cpu_count() or 1)
    return RapidOCR(
        params={
            "Global.log_level": "critical",  # it would say what it read
            "Global.use_cls": False,  # our pages are upright
            "Global.max_side_len": LONG_SIDE,
            "Global.return_word_box": True,
            "Global.text_score": 0.3,  # half a name is a name
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def read(
    engine: Any, job: dict[str, Any], say: Callable[[dict[str, Any]], None], opened: Callable[[str], Any]
) -> list[dict[str, int]]:
    """Read every page of the job, telling `say` of each; returns their sizes in pixels."""
    total = len(job["pages"])
    say({"done": 0, "of": total})
    sizes = []
    for number, page in enumerate(job["pages"], 1):
        with opened(page["image"]) as image:
            plain = image.convert("RGB")
        lines = list(_lines(engine(_as_array(plain)), *plain.size))
        Path(f"words-{number:03}.json").write_text(json.dumps(lines[:MOST_LINES]), encoding="utf-8")
        sizes.append({"width": plain.width, "height": plain.height})
        say({"done": number, "of": total})
    return sizes


def _as_array(image: Any) -> Any:
    import numpy as np

    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])  # blue, green, red, as OpenCV has it


def _lines(found: Any, width: int, height: int) -> Iterator[list[list[Any]]]:
    texts = found.txts or ()
    words = found.word_results or ()
    boxes = found.boxes if found.boxes is not None else ()
    for at, text in enumerate(texts):
        parts = [(part[0], part[2]) for part in words[at] if part and part[0]] if at < len(words) else []
        parts = parts or [(text, boxes[at])]
        placed = [_placed(word, box, width, height) for word, box in parts if str(word).strip()]
        yield sorted((one for one in placed if one), key=lambda one: one[1])


def _placed(word: Any, box: Any, width: int, height: int) -> list[Any]:
    """`[text, x, y, w, h]` of a word and its four corners; empty where the corners are none."""
    across, down = [float(corner[0]) / width for corner in box], [float(corner[1]) / height for corner in box]
    if not all(math.isfinite(share) for share in (*across, *down)):
        return []
    left, top = max(0.0, min(across)), max(0.0, min(down))
    return [
        str(word),
        *(round(share, 5) for share in (left, top, min(1.0, max(across)) - left, min(1.0, max(down)) - top)),
    ]
