"""What a kind of file is to ESW."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

#: What `Kind.convert` writes into the folder that it is started in.
CONVERTED = "converted.pdf"
#: How many pages a file has, and the pages one at a time, ready to be written.
Pages = tuple[int, "Iterator[Image.Image]"]


class Refusal(Exception):
    """The file cannot become pages. `code` is one of `refusals.SENTENCES`; `facts` fill it in."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    name         as the program calls it
    label        as a person calls it; empty for a kind that nobody brings as a file
    extensions   what its files are usually called, and `media_types` what a browser calls them: only for the dialog
                 in which files are chosen. What a file is, its content says.
    is_it        by the first bytes of a file (a few thousand)
    load         imports what opening one needs, while the file system is still open to the program
    pages        opens one: `pages(source, job)`, in the program that `decoder.py` describes. Raises Refusal, and
                 whatever its engine raises on damage
    convert      instead of `pages`: writes a PDF of it (`CONVERTED`), in a run of that program of its own; the PDF
                 is opened in a second one, as if somebody had brought it
    record       instead of `pages`, for what is heard or seen in time: makes a recording anew in the current folder, in
                 a run of that program of its own (`kinds/recording.py`), telling how many seconds of how many are done
    memory_bytes what a conversion or a recording may take, of addresses
    max_bytes    how large a file may be where that is not what holds for all
    is_it_whole  for a kind that its first bytes alone do not tell: gets them and the path of the file, and must be
                 cheap whatever the file is, because it runs in the server
    missing      a code of `refusals.SENTENCES` when what opens it is not installed here, else nothing
    readable     what a conversion or a recording has to read beside the file, Python and the system's libraries
    sockets      folders in which a conversion may make a socket, and nothing else
    leaves       what a conversion in this folder may have left outside it
    """

    name: str
    label: str
    extensions: tuple[str, ...]
    media_types: tuple[str, ...]
    is_it: Callable[[bytes], bool]
    load: Callable[[], None]
    pages: Callable[[str, dict[str, Any]], Pages] | None = None
    convert: Callable[[dict[str, Any]], None] | None = None
    record: Callable[[dict[str, Any], Callable[[int, int], None]], dict[str, Any]] | None = None
    memory_bytes: int = 0
    max_bytes: int = 0
    is_it_whole: Callable[[bytes, Path], bool] | None = None
    missing: Callable[[], str | None] = lambda: None
    readable: Callable[[], list[str]] = list
    sockets: tuple[str, ...] = ()
    leaves: Callable[[Path], list[Path]] = lambda _folder: []
