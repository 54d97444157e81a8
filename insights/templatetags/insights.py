"""Figures in words; `{% load insights %}`."""

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.625 → '63 %'; nothing for None, because a reason stands in its place."""
    return "" if share is None else f"{round(share * 100)}\u202f%"
