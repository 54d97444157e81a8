"""What only its owner can read: folders, and secrets that nobody set, made once and kept in a file."""

import os
import secrets
from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can enter, and those above it that are missing, alike. Returns it.

    A folder that is there already stays as it is.
    """
    for folder in (*reversed(path.parents), path):
        folder.mkdir(mode=0o700, exist_ok=True)
    return path


def kept_secret(path: Path) -> str:
    """Return the secret in `path`, making it first when there is none.

    Two processes that start together agree: the file appears whole, by a link that fails for the second.
    Where the folder cannot be written (a command that needs no data, say) the secret lives for this process
    only.
    """
    try:
        return _read(path) or _make(path)
    except OSError:
        return secrets.token_urlsafe(48)


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def _make(path: Path) -> str:
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(path)
