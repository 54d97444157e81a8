"""Reads of the live session: the public state, alike for everyone, and what one person's screen shows."""

from sessions_app.queries.state import public_state

__all__ = ["public_state"]
