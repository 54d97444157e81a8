"""The figures as the JSON that `manage.py agreement` prints; its shape is fixed (docs/measures.md)."""

from collections.abc import Iterable
from typing import Any

from insights.agreement import LATER, LATER_FIGURES, LATER_RATER_FIGURES, Agreement, RaterFigures, Report

FIGURES = (
    "n_samples",
    "n_raters",
    "n_ratings",
    "n_pairs",
    "exact",
    "exact_chance",
    "adjacent",
    "adjacent_chance",
    "consensus_exact",
    "consensus_adjacent",
)


def report_json(report: Report) -> dict[str, Any]:
    """`{"overall": {…}, "criteria": {name: {…}}, "raters": {name: {…}}}`, a reason beside every null."""
    return {
        "overall": _agreement(report.overall),
        "criteria": {name: _agreement(figures) for name, figures in report.criteria.items()},
        "raters": {name: _rater(figures) for name, figures in report.raters.items()},
    }


def _agreement(figures: Agreement) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in FIGURES} | _later(LATER_FIGURES, figures.reasons.items())


def _rater(figures: RaterFigures) -> dict[str, Any]:
    known = {"n": figures.n, "mean_difference": figures.mean_difference}
    return known | _later(LATER_RATER_FIGURES, figures.reasons.items())


def _later(names: Iterable[str], reasons: Iterable[tuple[str, str]]) -> dict[str, Any]:
    names = tuple(names)
    return dict.fromkeys(names) | {"reasons": dict(reasons) | dict.fromkeys(names, LATER)}
