"""Codes that people read aloud across a table."""

import secrets

# No 0/O, 1/I/L, 5/S, 8/B, 2/Z: what sounds or looks alike across a room is left out.
CODE_ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
CODE_LENGTH = 6


def join_code() -> str:
    """A six-character code, about 244 million of them."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def normal_code(typed: str) -> str:
    """The code that a person meant: capitals, without spaces or dashes, at most the length of a code."""
    return "".join(c for c in typed.upper()[:40] if c.isascii() and c.isalnum())[:CODE_LENGTH]
