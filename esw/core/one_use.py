"""Links that open once: a code that is told once, what is kept of it, and its picture for a camera."""

import hashlib
import secrets

import segno
from django.utils.safestring import mark_safe

from esw.core.ids import CODE_ALPHABET

#: Letters and digits of a link: 25 ** 16, some 74 bits, which nobody guesses in a quarter of an hour.
CODE_LENGTH = 16


def new_code() -> str:
    """A code that is told this once."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def new_secret() -> str:
    """What the cookie of the browser that opened a link keeps."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is kept of a long random word."""
    return hashlib.sha256(secret.encode()).hexdigest()


def normal_link(typed: str) -> str:
    """The code that a person meant: capitals, without spaces or dashes."""
    return "".join(c for c in typed.upper()[:80] if c.isascii() and c.isalnum())


def dashed(code: str) -> str:
    """In fours, as one reads it to somebody across the room."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def qr(link: str) -> str:
    """The link as a picture, dark on white in every theme, because cameras want it so. SVG, safe in a template."""
    svg: str = segno.make(link, error="m").svg_inline(scale=1, border=2, omitsize=True, dark="#22262b", light="#ffffff")
    return mark_safe(svg)  # noqa: S308 (made here from our own address)
