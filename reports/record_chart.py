"""How many scores lay on each level, as a chart: one small panel a criterion, before and after the discussion.

Pure: the record in, a Vega-Lite specification out, with the numbers for the table beside it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reports.queries import Record

BEFORE, AFTER = "before", "after"
PANELS_A_ROW = 3
WIDTH = 640  # pixels of SVG, of which four are three points: three panels and what lies between them


@dataclass(frozen=True, slots=True)
class LevelCounts:
    """How many scores of one criterion lay on each level, in the order of the levels; `after` is empty without one."""

    title: str
    before: list[int]
    after: list[int]


def level_counts(record: Record) -> list[LevelCounts]:
    """The counts of all revealed samples by criterion; nothing where no score is shown to this audience."""
    if record.rubric is None or not record.scorers:
        return []
    levels = [value for value, _ in record.rubric.levels]
    rows = []
    for at, criterion in enumerate(record.rubric.rows):
        marks = [mark for sample in record.samples for mark in sample.criteria[at].marks]
        rows.append(
            LevelCounts(
                criterion.title,
                _counted((mark.before for mark in marks), levels),
                _counted((mark.after for mark in marks), levels) if _has_after(record) else [],
            )
        )
    return [row for row in rows if any(row.before) or any(row.after)]


def _has_after(record: Record) -> bool:
    return any(sample.has_second_round for sample in record.samples)


def _counted(given: Iterable[int | None], levels: list[int]) -> list[int]:
    counts = Counter(given)
    return [counts[level] for level in levels]


def scores_chart(rows: list[LevelCounts], levels: list[tuple[int, str]]) -> dict[str, Any]:
    """A Vega-Lite specification of grouped bars; `levels` are (value, name) from the lowest up."""
    has_after = any(row.after for row in rows)
    rounds = [BEFORE, AFTER] if has_after else [BEFORE]
    values = [
        {"title": row.title, "level": str(level), "round": which, "scores": count}
        for row in rows
        for which, counts in ((BEFORE, row.before), (AFTER, row.after))
        for (level, _), count in zip(levels, counts, strict=False)
    ]
    panels = min(PANELS_A_ROW, len(rows))
    width = round(WIDTH / PANELS_A_ROW) - 40
    most = max((count for row in rows for count in (*row.before, *row.after)), default=0)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "facet": {
            "field": "title",
            "type": "nominal",
            "sort": [row.title for row in rows],
            "title": None,
            "header": {
                "labelFontSize": 13,
                "labelFontWeight": "bold",
                "labelLimit": width,
                "labelAnchor": "start",
                "labelColor": "#22262b",
            },
        },
        "columns": panels,
        "resolve": {"axis": {"x": "independent" if len(rows) > panels else "shared"}},
        "spacing": {"row": 16, "column": 26},
        "spec": {
            "width": width,
            "height": 120,
            "mark": {"type": "bar", "stroke": "#1d5c77", "strokeWidth": 0.8, "cornerRadiusEnd": 1},
            "encoding": {
                "x": {
                    "field": "level",
                    "type": "ordinal",
                    "sort": [str(level) for level, _ in levels],
                    "title": "Level",
                    "axis": {"labelAngle": 0},
                },
                "xOffset": {"field": "round", "sort": rounds},
                "y": {
                    "field": "scores",
                    "type": "quantitative",
                    "title": "Scores",
                    "scale": {"domain": [0, max(1, most)]},
                    "axis": {"tickCount": min(4, max(1, most)), "format": "d"},
                },
                "color": {
                    "field": "round",
                    "type": "nominal",
                    "scale": {"domain": rounds, "range": ["#dbe9ee", "#1d5c77"][: len(rounds)]},
                    "legend": {"title": None, "orient": "top", "symbolType": "square"} if has_after else None,
                },
            },
        },
        "config": {
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "labelColor": "#22262b",
                "titleColor": "#565d65",
                "gridColor": "#e7e2d8",
                "domainColor": "#9aa0a6",
                "tickColor": "#9aa0a6",
            },
            "axisX": {"grid": False},
            "legend": {"labelFontSize": 12, "labelColor": "#22262b"},
        },
    }
