"""The charts of a school's page as Vega-Lite specifications. Cells in, plain dictionaries out; no Django here.

A specification names no colour and no font: `config(theme)` brings them, so that the page (light, dark or printed),
an exported picture and the PDF draw the same specification. Its data is what the table beside it shows and nothing
else: a hidden cell has no figure in it, only the word that stands in its place.

What is shown never hangs on colour alone: lines differ by dash and mark, every figure is written beside its mark.
Words that people typed (subjects, criteria) enter as data or as a title, never as an expression.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from insights.cells import HIDDEN, AgreementRow, Bar, ProficiencyRow, ProficiencyYear

Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
PERCENT = "\u202f%"
WIDTH, BETWEEN = 440, 40  # pixels: of one small chart, and between two


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours (anything that CSS takes) and a font. `ground` may be 'transparent'."""

    ink: str
    muted: str
    line: str
    accent: str
    ground: str
    font: str


_SANS = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'
#: In the page the design tokens give the colours, so that a change of theme, or paper, needs no new drawing.
PAGE = Theme("var(--ink)", "var(--muted)", "var(--line)", "var(--accent)", "transparent", _SANS)
#: On paper and in files: the light tokens on white.
PAPER = Theme("#22262b", "#575f69", "#dfd8cb", "#0d655d", "#ffffff", _SANS)


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: `name` in addresses and file names, its heading, what it shows in words, and the specification."""

    name: str
    title: str
    description: str
    spec: Spec

    @property
    def element(self) -> str:
        """The id of the element that holds the specification in a page."""
        return f"chart-{self.name}"


def config(theme: Theme) -> Spec:
    """The colours, sizes and fonts that the specifications leave open, as a Vega-Lite config."""
    quiet = {"labelColor": theme.muted, "domainColor": theme.line, "tickColor": theme.line, "gridColor": theme.line}
    return {
        "background": theme.ground,
        "font": theme.font,
        "view": {"stroke": None},
        "axis": {**quiet, "labelFontSize": 12, "title": None, "labelPadding": 6},
        "title": {
            "color": theme.ink,
            "subtitleColor": theme.muted,
            "anchor": "start",
            "frame": "group",
            "fontSize": 14,
            "fontWeight": 600,
            "subtitleFontSize": 13,
            "subtitlePadding": 6,
            "offset": 16,
        },
        "style": {
            "figure": {"color": theme.accent, "strokeWidth": 2.5, "opacity": 1},
            "beside": {"color": theme.muted, "strokeWidth": 1.5, "strokeDash": [5, 4], "opacity": 1},
            "rail": {"color": theme.line},
            "words": {"color": theme.ink, "fontSize": 13, "fontWeight": 600},
            "aside": {"color": theme.muted, "fontSize": 12},
            "instead": {"color": theme.muted, "fontSize": 12, "fontStyle": "italic"},
        },
    }


# --- agreement over time ----------------------------------------------------------------------------------


def agreement_chart(rows: Sequence[AgreementRow]) -> Chart | None:
    """A small chart for each grade and subject: agreement and chance by half-year, a gap where a cell is hidden.

    None when no cell may be shown.
    """
    if all(row.hidden for row in rows):
        return None
    halves = [half.words for half in sorted({row.half for row in rows})]
    views = [_agreement_view(list(group), halves) for _, group in groupby(rows, key=lambda row: row.group)]
    said = [_agreement_words(list(group)) for _, group in groupby(rows, key=lambda row: row.group)]
    description = (
        "Line chart. How often two people who scored the same work alone chose the same level, by half-year, "
        f"beside what chance would give. {_sentence(said)}"
    )
    title = ["How often two people chose", "the same level for the same work"]
    key = ["Solid line: agreement.", "Dashed line: by chance.", "Below: pairs of scores, at least."]
    spec = _page(views, title=title, key=key, description=description, left=48, right=24)
    return Chart("agreement", "Agreement over time", description, spec)


def _agreement_view(rows: list[AgreementRow], halves: list[str]) -> Spec:
    height = 150
    is_figure, is_instead = [{"filter": "datum.hidden === ''"}], [{"filter": "datum.hidden !== ''"}]
    return {
        "title": {"text": rows[0].group, "limit": WIDTH},
        "width": WIDTH,
        "height": height,
        "data": {"values": [_agreement_datum(row) for row in rows]},
        "encoding": {
            "x": {
                "field": "half",
                "type": "ordinal",
                "sort": None,
                "scale": {"domain": halves, "type": "point", "padding": 0.5},
                "axis": {
                    "labelAngle": 0,
                    "labelExpr": "split(datum.label, ' – ')",
                    "labelOverlap": True,
                    "grid": False,
                },
            },
        },
        "layer": [
            {"mark": {"type": "line", "style": "beside"}, "encoding": {"y": _share("chance")}},
            {
                "transform": is_figure,
                "mark": {"type": "point", "style": "beside", "filled": True, "shape": "square", "size": 30},
                "encoding": {"y": _share("chance")},
            },
            {
                "transform": is_figure,
                "mark": {"type": "text", "style": "aside", "dy": 16},
                "encoding": {"y": _share("chance"), "text": {"field": "by chance"}},
            },
            {"mark": {"type": "line", "style": "figure"}, "encoding": {"y": _share("exact")}},
            {
                "transform": is_figure,
                "mark": {"type": "point", "style": "figure", "filled": True, "size": 70},
                "encoding": {"y": _share("exact")},
            },
            {
                "transform": is_figure,
                "mark": {"type": "text", "style": "words", "dy": -14},
                "encoding": {"y": _share("exact"), "text": {"field": "agreement"}},
            },
            {
                "transform": is_figure,
                "mark": {"type": "text", "style": "aside"},
                "encoding": {"y": {"value": height + 52}, "text": {"field": "rests on"}},
            },
            {
                "transform": is_instead,
                "mark": {"type": "text", "style": "instead", "baseline": "bottom"},
                "encoding": {"y": {"value": height - 6}, "text": {"field": "hidden"}},
            },
        ],
    }


def _agreement_datum(row: AgreementRow) -> dict[str, Any]:
    """What the table's row says; no figure where there is none."""
    where = {"group": row.group, "half": row.half.words, "hidden": row.instead}
    if row.hidden:
        return where | dict.fromkeys(("exact", "chance"))
    return where | {
        "exact": row.exact,
        "agreement": _short(row.exact),
        "chance": row.chance,
        "by chance": _short(row.chance),
        "rests on": f"{row.pairs:,}+",
        "pairs": row.pairs,
        "samples": row.samples,
        "scorers": row.scorers,
    }


def _agreement_words(rows: list[AgreementRow]) -> str:
    """Where one line begins and ends."""
    shown = [row for row in rows if not row.hidden]
    ends = [shown[0], shown[-1]] if len(shown) > 1 else shown
    said = [f"{row.words} in {row.half.words} (by chance {row.chance_words})" for row in ends]
    return f"{rows[0].group}: {', then '.join(said) or HIDDEN}"


# --- proficiency by criterion -----------------------------------------------------------------------------


def proficiency_chart(years: Sequence[ProficiencyYear]) -> Chart | None:
    """A bar for each criterion and school year, in a small chart for each grade and subject.

    A year that the table hides in one line is left out here. None when no cell may be shown.
    """
    rows = [row for year in years if not year.hidden for row in year.rows]
    if all(row.hidden for row in rows):
        return None
    rows.sort(key=lambda row: (row.grade.zfill(3), row.subject, row.criterion.casefold()))  # years stay newest first
    views = [_proficiency_view(list(group)) for _, group in groupby(rows, key=lambda row: row.group)]
    said = [_proficiency_words(list(group)) for _, group in groupby(rows, key=lambda row: row.group)]
    left_out = "".join(f" {year.words} is left out: {year.hidden}" for year in years if year.hidden)
    description = (
        f"Bar chart. The share of samples that teams agreed to be proficient, by criterion and school year. "
        f"{_sentence(said)}{left_out}"
    )
    title = ["Share of samples that teams", "agreed to be proficient"]
    spec = _page(
        views,
        title=title,
        key=["Beside each bar: of how many samples, at least."],
        description=description,
        left=64,
        right=96,
    )
    return Chart("proficiency", "Proficiency, by criterion", description, spec)


def _proficiency_view(rows: list[ProficiencyRow]) -> Spec:
    step, bar, left = 40, 12, 64
    is_figure, is_instead = [{"filter": "datum.hidden === ''"}], [{"filter": "datum.hidden !== ''"}]
    first_of_criterion = [
        {"window": [{"op": "row_number", "as": "place"}], "groupby": ["criterion"]},
        {"filter": "datum.place === 1"},
    ]
    return {
        "title": {"text": rows[0].group, "limit": WIDTH, "dx": -left},
        "width": WIDTH,
        "height": {"step": step},
        "data": {"values": [_proficiency_datum(row) for row in rows]},
        "encoding": {
            "y": {
                "field": "row",
                "type": "ordinal",
                "sort": None,
                "scale": {"paddingInner": 0, "paddingOuter": 0},
                "axis": {
                    "labelExpr": "split(datum.label, '\\n')[0]",
                    "labelOffset": 12,
                    "ticks": False,
                    "domain": False,
                },
            },
        },
        "layer": [
            {
                "mark": {"type": "rule", "style": "rail", "yOffset": 12},
                "encoding": {"x": {"datum": 0, "type": "quantitative"}, "x2": {"datum": 100}},
            },
            {
                "transform": is_figure,
                "mark": {"type": "bar", "style": "figure", "height": bar, "yOffset": 12},
                "encoding": {"x": _share("percent", axis=False)},
            },
            {
                "transform": is_figure,
                "mark": {"type": "text", "style": "words", "align": "left", "dx": 8, "dy": 12},
                "encoding": {"x": {"datum": 100, "type": "quantitative"}, "text": {"field": "proficient"}},
            },
            {
                "transform": is_instead,
                "mark": {"type": "text", "style": "instead", "align": "left", "dx": 8, "dy": 12},
                "encoding": {"x": {"datum": 100, "type": "quantitative"}, "text": {"field": "hidden"}},
            },
            {
                "transform": first_of_criterion,
                "mark": {"type": "text", "style": "words", "align": "left", "dx": -left, "dy": -4, "limit": WIDTH},
                "encoding": {"x": {"datum": 0, "type": "quantitative"}, "text": {"field": "criterion"}},
            },
        ],
    }


def _proficiency_words(rows: list[ProficiencyRow]) -> str:
    """Which criterion of a group lies lowest and which highest."""
    shown = sorted((row for row in rows if not row.hidden), key=lambda row: row.percent)
    ends = [shown[0], shown[-1]] if len(shown) > 1 else shown
    said = [f"{row.words} for {row.criterion} in {row.year}" for row in ends]
    return f"{rows[0].group}: {' to '.join(said) or HIDDEN}"


def _proficiency_datum(row: ProficiencyRow) -> dict[str, Any]:
    where = {
        "row": f"{row.year}\n{row.criterion}",
        "group": row.group,
        "criterion": row.criterion,
        "year": row.year,
        "hidden": HIDDEN if row.hidden else "",
    }
    if row.hidden:
        return where | {"percent": None}
    return where | {
        "percent": row.percent,
        "proficient": f"{_short(row.percent)} of {row.samples}+",
        "samples": row.samples,
        "scorers": row.scorers,
    }


# --- sessions by month ------------------------------------------------------------------------------------


def months_chart(months: Sequence[Bar]) -> Chart | None:
    """A column for each month, the oldest first. None without a month."""
    if not months:
        return None
    bars = list(reversed(months))
    most = max(bar.count for bar in bars)
    first, last = bars[0].label, bars[-1].label
    span = first if first == last else f"{first} to {last}"
    description = f"Column chart. Sessions that were finished in each month, {span}; at most {most} in one month."
    view: Spec = {
        "width": WIDTH,
        "height": 120,
        "data": {"values": [{"month": bar.label, "sessions": bar.count} for bar in bars]},
        "encoding": {
            "x": {
                "field": "month",
                "type": "ordinal",
                "sort": None,
                "axis": {
                    "labelAngle": 0,
                    "labelExpr": "[slice(datum.label, 0, 3), slice(datum.label, -4)]",
                    "labelOverlap": True,
                    "ticks": False,
                },
            },
            "y": {"field": "sessions", "type": "quantitative", "axis": None, "scale": {"domain": [0, most]}},
        },
        "layer": [
            {"mark": {"type": "bar", "style": "figure"}},
            {
                "transform": [{"filter": "datum.sessions > 0"}],
                "mark": {"type": "text", "style": "words", "dy": -9},
                "encoding": {"text": {"field": "sessions", "type": "quantitative"}},
            },
        ],
    }
    spec = _page([view], title=["Sessions finished in each month"], description=description, left=8, right=8)
    return Chart("months", "Sessions by month", description, spec)


# --- what they share --------------------------------------------------------------------------------------


def _page(
    views: list[Spec], *, title: list[str], description: str, left: int, right: int, key: Sequence[str] = ()
) -> Spec:
    """The small charts under one title. `usermeta` tells who fits it into a width what lies beside each."""
    heading: Spec = {"text": title, "anchor": "start", "frame": "bounds"}
    if key:
        heading["subtitle"] = list(key)
    return {
        "$schema": SCHEMA,
        "title": heading,
        "description": description,
        "concat": views,
        "columns": min(2, len(views)),
        "spacing": BETWEEN,
        "usermeta": {"beside": left + right, "between": BETWEEN},
    }


def fitted(spec: Mapping[str, Any], *, width: int, columns: int = 2) -> Spec:
    """`spec` as wide as `width` pixels, in at most so many columns."""
    count = min(columns, len(spec["concat"]))
    meta = spec["usermeta"]
    each = (width - meta["between"] * (count - 1)) // count - meta["beside"]
    views = [view | {"width": each} | _limited(view, each + meta["beside"] // 2) for view in spec["concat"]]
    return {**spec, "columns": count, "concat": views}


def _limited(view: Spec, width: int) -> Spec:
    return {"title": view["title"] | {"limit": width}} if "title" in view else {}


def _share(name: str, *, axis: bool = True) -> Spec:
    """A share in per cent along an axis that always runs from 0 to 100."""
    shown = {"values": [0, 50, 100], "labelExpr": f"datum.label + '{PERCENT}'", "domain": False, "ticks": False}
    return {
        "field": name,
        "type": "quantitative",
        "scale": {"domain": [0, 100]},
        "axis": shown if axis else None,
    }


def _short(percent: int) -> str:
    """'60 %'; '≤ 5 %' and '≥ 95 %' at the ends of what is told."""
    sign = {5: "≤ ", 95: "≥ "}.get(percent, "")
    return f"{sign}{percent}{PERCENT}"


def _sentence(parts: Sequence[str]) -> str:
    return "; ".join(parts) + ". The table has every figure."
