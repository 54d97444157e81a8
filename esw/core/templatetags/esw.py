"""Small words for templates; they show, they do not decide."""

from django import template

register = template.Library()


@register.filter
def initials(name: str) -> str:
    """'Maya Ellis' → 'ME'; at most two letters."""
    words = [word for word in name.split() if word[:1].isalpha()]
    picked = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0].upper() for word in picked)


@register.filter
def clock_time(seconds: int) -> str:
    """484 → '8:04'; over time is shown with a plus: -40 → '+0:40'."""
    sign, rest = ("+", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{rest // 60}:{rest % 60:02d}"


@register.filter
def whole(minutes: float) -> str:
    """10.0 → '10', 2.5 → '2½'."""
    halves = round(minutes * 2)
    return f"{halves // 2 or ''}½" if halves % 2 else str(halves // 2)
