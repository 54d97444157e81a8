"""What templates cannot add up themselves: `{% load look %}`. They show, they do not decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from esw.core import words
from esw.core.templatetags.esw import whole

register = template.Library()

BAR = 1000  # the bar's width in its own units
SEAM = 3
STRONG = frozenset({"scores", "reveal", "consensus"})


@dataclass(frozen=True, slots=True)
class Segment:
    """One step of the bar, in thousandths of its width."""

    x: float
    width: float
    strong: bool


def _get(step: Any, name: str) -> Any:
    return step.get(name, "") if isinstance(step, Mapping) else getattr(step, name, "")


def segments(steps: Iterable[Any]) -> list[Segment]:
    """Where each step lies on the bar. A step that has a sample, or makes scores, is strong."""
    rows = [(float(_get(step, "minutes") or 0), step) for step in steps]
    total = sum(minutes for minutes, _ in rows)
    drawn: list[Segment] = []
    x = 0.0
    for minutes, step in rows:
        width = BAR * minutes / total if total else 0
        strong = bool(_get(step, "sample")) or _get(step, "makes") in STRONG
        drawn.append(Segment(round(x, 1), round(max(width - SEAM, 1), 1), strong))
        x += width
    return drawn


def summary(steps: Iterable[Any]) -> str:
    """'Norms and roles 5 · three samples 66 · debrief 5': what repeats for each sample is said once."""
    parts = []
    for repeated, group in groupby(steps, key=lambda step: bool(_get(step, "block_label"))):
        rows = list(group)
        if repeated:
            blocks = len({_get(step, "block_label") for step in rows})
            minutes = sum(float(_get(step, "minutes")) for step in rows)
            parts.append(f"{words.count_words(blocks, 'sample')} {whole(minutes)}")
        else:
            parts += [f"{_get(step, 'title')} {whole(float(_get(step, 'minutes')))}" for step in rows]
    return " · ".join(parts)


@register.inclusion_tag("components/minutes_bar.html")
def minutes_bar(steps: Iterable[Any], *, say: bool = True) -> dict[str, Any]:
    """Steps (objects or mappings with title, minutes, makes, sample, block_label) as a bar, by minutes."""
    steps = list(steps)
    said = summary(steps)
    return {"segments": segments(steps), "words": said if say else "", "label": f"Steps by minutes: {said}"}


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """A moment in the person's zone: <time>Today 3:00 pm</time>."""
    if moment is None:
        return ""
    said = words.when_words(timezone.localtime(moment), now=timezone.localtime())
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), said)


@register.filter
def until(moment: datetime) -> SafeString:
    """When something closes, for the middle of a sentence: <time>today, 3:00 pm</time>, <time>Tuesday</time>."""
    said = words.until_words(timezone.localtime(moment), now=timezone.localtime())
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), said)


@register.filter
def day(moment: datetime | date | None) -> SafeString | str:
    """A day in the person's zone: <time>Yesterday</time>."""
    if moment is None:
        return ""
    local = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(), words.day_words(local, today=timezone.localdate())
    )


@register.filter
def on_day(moment: datetime | date | None) -> SafeString | str:
    """A day within a sentence: <time>yesterday</time>, on <time>Friday</time>, on <time>1 December</time>."""
    if moment is None:
        return ""
    local = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    said = words.day_words(local, today=timezone.localdate())
    is_near = said in {"Today", "Tomorrow", "Yesterday"}
    return format_html(
        '{}<time datetime="{}">{}</time>',
        "" if is_near else "on ",
        local.isoformat(),
        said.lower() if is_near else said,
    )


@register.filter
def due_tag(step: Any) -> words.DueTag:
    """The tag of a next step: its words and its kind."""
    return words.due_tag(step.due, today=timezone.localdate(), done=step.state == "done")


@register.filter
def counted(count: int, noun: str) -> str:
    """`3|counted:"sample"` → 'three samples'; `2|counted:"person,people"` → 'two people'."""
    one, _, many = noun.partition(",")
    return words.count_words(count, one, many)
