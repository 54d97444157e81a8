"""A session as a calendar file (RFC 5545), for every calendar that people already use."""

from datetime import UTC, datetime, timedelta

from sessions_app.models import Session


def calendar_file(session: Session, *, link: str, now: datetime) -> str:
    """One event with the room's address; it says who meets and how, never what the work shows."""
    ends = session.starts_at + timedelta(minutes=session.minutes_at_hand)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//ESW//Examining Student Work//EN",
        "BEGIN:VEVENT",
        f"UID:{session.pk}@esw",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(session.starts_at)}",
        f"DTEND:{_moment(ends)}",
        f"SUMMARY:{_text(f'{session.team.name}: looking at student work')}",
        f"DESCRIPTION:{_text(f'{session.protocol_version.protocol.title}. The room: {link}')}",
        f"URL:{link}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        words = words.replace(plain, escaped)
    return words


def _folded(line: str) -> list[str]:
    """Lines of at most 75 octets; a continuation begins with a space (RFC 5545, 3.1)."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > 74:  # noqa: PLR2004 (75 octets less the leading space)
            parts.append(current)
            current = " "
        current += character
    return [*parts, current]
