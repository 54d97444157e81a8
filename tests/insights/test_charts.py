"""The charts of the school's page: valid, without colours of their own, with what the table shows and no more."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft7Validator

from insights import charts, tables
from insights.cells import AgreementRow, Bar, ProficiencyRow, ProficiencyYear
from insights.spans import Half
from tests.insights.schooling import Schooling

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "node_modules/vega-lite/build/vega-lite-schema.json"
TOKENS = (ROOT / "static/css/tokens.css").read_text()
HOSTILE = "</script><script>alert('${datum}')</script>\n=HYPERLINK(1)"
FEW = "Hidden, because it would rest on fewer than ten samples."


def agreed(half=(2026, 0), grade="7", hidden="", *, compared=True, subject="ELA"):
    figures = (0,) * 5 if hidden else (65, 30, 1240, 35, 10)
    return AgreementRow(Half(*half), grade, subject, compared, hidden, *figures)


def proficient(criterion, year="2026–27", percent=60, hidden=""):
    figures = (0, 0, 0) if hidden else (percent, 15, 5)
    return ProficiencyRow(year, "7", "ELA", criterion, hidden, *figures)


TREND = [
    agreed((2025, 1), "5", FEW),
    agreed((2026, 0), "5"),
    agreed((2025, 0)),
    agreed((2025, 1), hidden="Here no two people scored the same work.", compared=False),
    agreed((2026, 0)),
]
YEARS = [
    ProficiencyYear("2026–27", [proficient("Claim", percent=95), proficient("Evidence", hidden=FEW)]),
    ProficiencyYear("2025–26", [proficient("Claim", "2025–26"), proficient("Evidence", "2025–26", percent=5)]),
    ProficiencyYear("2024–25", [proficient(one, "2024–25", hidden=FEW) for one in ("Claim", "Evidence")]),
]
MONTHS = [Bar("October 2026", "2026–27", 2, 3), Bar("September 2026", "2026–27", 3, 3)]
EVERY = [charts.agreement_chart(TREND), charts.proficiency_chart(YEARS), charts.months_chart(MONTHS)]


def data_of(chart):
    return [datum for view in chart.spec["concat"] for datum in view["data"]["values"]]


def texts_in(part):
    """Every string in a specification, wherever it stands."""
    if isinstance(part, dict):
        return [text for value in part.values() for text in texts_in(value)]
    if isinstance(part, list):
        return [text for value in part for text in texts_in(value)]
    return [part] if isinstance(part, str) else []


# --- what is in them --------------------------------------------------------------------------------------


def test_the_data_of_the_agreement_chart_is_the_table():
    found = [
        (one["group"], one["half"], one["exact"], one["chance"], *(one.get(n) for n in ("pairs", "samples", "scorers")))
        for one in data_of(charts.agreement_chart(TREND))
    ]
    table = [
        (f"Grade {grade}, {subject}", half, *[None if isinstance(cell, str) else cell for cell in figures])
        for grade, subject, half, *figures, _ in tables.agreement_table(TREND).rows
    ]
    assert found == table


def test_the_data_of_the_proficiency_chart_is_the_table_without_the_years_that_it_hides_in_one_line():
    found = {
        (one["year"], one["criterion"], one["percent"], one.get("samples"), one.get("scorers"))
        for one in data_of(charts.proficiency_chart(YEARS))
    }
    table = {
        (year, criterion, *[None if cell == "hidden" else cell for cell in figures])
        for year, _, _, criterion, *figures, _ in tables.proficiency_table(YEARS).rows
    }
    assert found == table - {("2024–25", "All 2 criteria", None, None, None)}


def test_the_data_of_the_months_chart_is_the_table_the_oldest_first():
    found = [(one["month"], one["sessions"]) for one in data_of(charts.months_chart(MONTHS))]
    assert found == [(month, count) for month, _, count in reversed(tables.months_table(MONTHS).rows)]


def test_a_hidden_cell_is_a_word_and_a_gap_and_holds_no_number_at_all():
    hidden = [one for chart in EVERY for one in data_of(chart) if one.get("hidden")]
    assert [one["hidden"] for one in hidden] == ["hidden", "none", "hidden"]
    assert not [value for one in hidden for value in one.values() if isinstance(value, int | float)]


def test_the_figures_of_a_datum_are_those_that_its_words_say():
    for chart in EVERY[:2]:
        for one in data_of(chart):
            for number, words in [("exact", "agreement"), ("chance", "by chance"), ("percent", "proficient")]:
                if one.get(number) is not None:
                    assert re.sub(r"\D*(\d+).*", r"\1", one[words]) == str(one[number])


def test_where_nothing_may_be_shown_there_is_no_chart():
    assert charts.agreement_chart([agreed(hidden=FEW)]) is None
    assert charts.agreement_chart([]) is None
    assert charts.proficiency_chart(YEARS[2:]) is None
    assert charts.months_chart([]) is None


def test_each_says_in_words_what_it_shows_and_where_a_cell_is_hidden():
    trend, shares, months = (chart.description for chart in EVERY)
    assert "Grade 7, ELA: about 65\u202f% in Aug 2025 – Jan 2026 (by chance about 30\u202f%), then about 65" in trend
    assert "at most 5\u202f% for Evidence in 2025–26 to at least 95\u202f% for Claim in 2026–27" in shares
    assert f"2024–25 is left out: {FEW}" in shares
    assert "September 2026 to October 2026; at most 3 in one month" in months


# --- how they are drawn -----------------------------------------------------------------------------------


def test_they_are_valid_vega_lite():
    if not SCHEMA.exists():
        pytest.skip("vega-lite is not installed (npm ci)")
    check = Draft7Validator(json.loads(SCHEMA.read_text()))
    for chart in EVERY:
        for theme in (charts.PAGE, charts.PAPER):
            check.validate(charts.fitted(chart.spec, width=1000) | {"config": charts.config(theme)})


def test_they_name_no_colour_and_no_address_but_the_schemas():
    for chart in EVERY:
        words = [text for text in texts_in(chart.spec) if text != charts.SCHEMA]
        assert not [text for text in words if re.search(r"#[0-9a-f]{3,8}\b|rgb|http|var\(", text)]


def test_the_colours_are_the_design_tokens_in_the_page_and_their_light_values_on_paper():
    light = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", TOKENS.split(":root[data-bs-theme")[0]))
    for name in ("ink", "muted", "line", "accent"):
        assert getattr(charts.PAGE, name) == f"var(--{name})"
        assert getattr(charts.PAPER, name) == light[name]


def test_what_somebody_typed_is_data_or_a_title_and_never_an_expression():
    rows = [agreed(subject=HOSTILE)]
    years = [ProficiencyYear("2026–27", [proficient(HOSTILE)])]
    places = {"labelExpr", "filter", "calculate", "expr", "$schema", "field", "groupby", "style"}

    def reached(part, key=""):
        if isinstance(part, dict):
            return [found for name, value in part.items() for found in reached(value, name)]
        if isinstance(part, list):
            return [found for value in part for found in reached(value, key)]
        return [key] if isinstance(part, str) and "alert" in part else []

    for chart in (charts.agreement_chart(rows), charts.proficiency_chart(years)):
        assert not places & set(reached(chart.spec))


@pytest.mark.parametrize(("width", "columns", "each"), [(1000, 2, 408), (600, 1, 528)])
def test_they_fit_a_width(width, columns, each):
    spec = charts.fitted(charts.agreement_chart(TREND).spec, width=width, columns=columns)
    assert (spec["columns"], {view["width"] for view in spec["concat"]}) == (columns, {each})


# --- in the page and as files -----------------------------------------------------------------------------


@pytest.fixture
def riverside(db):
    return Schooling()


def specs_in(text):
    found = re.findall(r'<script id="chart-(\w+)" type="application/json">(.*?)</script>', text, re.DOTALL)
    return {name: json.loads(spec) for name, spec in found if name != "themes"}


def table_file(riverside, name, user=None, **filters):
    client = Client()
    client.force_login(user or riverside.administrator)
    return client.get(reverse("reports:school_table", args=[riverside.school.pk, name]), filters)


def rows_of(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_page_holds_each_chart_with_the_figures_of_its_table(riverside):
    riverside.hold(riverside.team(), levels=[3] * 8 + [1] * 4)
    riverside.hold(riverside.team(), levels=[4] * 4, grade="5")
    text = riverside.text()
    specs = specs_in(text)
    assert set(specs) == {"agreement", "proficiency", "months"}
    words = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    for name in ("agreement", "proficiency"):
        for view in specs[name]["concat"]:
            for datum in view["data"]["values"]:
                for number in (value for value in datum.values() if isinstance(value, int)):
                    assert f"{number}\u202f%" in words or f"{number} or more" in words
    assert '"exact": 95' in text
    assert FEW in words


def test_no_scripts_are_loaded_where_nothing_is_drawn(riverside):
    assert "charts.js" not in riverside.text()


def test_a_hostile_subject_stays_words(riverside):
    riverside.hold(riverside.team(), levels=[3] * 12, subject=HOSTILE[:40])
    text = riverside.text()
    assert "<script>alert" not in text
    assert HOSTILE[:40] in specs_in(text)["agreement"]["concat"][0]["title"]["text"]


def test_the_filters_of_the_page_are_those_of_its_charts_and_files(riverside):
    for grade in ("7", "8"):
        riverside.hold(riverside.team(), levels=[3] * 12, grade=grade)
    assert len(specs_in(riverside.text(grade="8"))["agreement"]["concat"]) == 1
    assert [row[0] for row in rows_of(table_file(riverside, "agreement", grade="8"))[1:]] == ["8"]
    assert "agreement.csv?grade=8" in riverside.text(grade="8")


def test_a_file_says_hidden_where_the_page_does(riverside):
    riverside.hold(riverside.team(), levels=[3] * 4)
    for name, figures in [("agreement", slice(3, 8)), ("proficiency", slice(4, 7))]:
        response = table_file(riverside, name)
        assert response["Content-Type"].startswith("text/csv")
        assert "attachment" in response["Content-Disposition"]
        (row,) = rows_of(response)[1:]
        assert set(row[figures]) == {"hidden"}
        assert row[-1] == FEW


def test_what_somebody_typed_is_no_formula_in_a_file(riverside):
    riverside.hold(riverside.team(), levels=[3] * 12, subject="=1+1", grade="@SUM(1)")
    assert rows_of(table_file(riverside, "agreement"))[1][:2] == ["'@SUM(1)", "'=1+1"]


def test_files_are_for_those_who_see_the_page(riverside):
    team = riverside.team()
    riverside.hold(team, levels=[3] * 12)
    assert table_file(riverside, "agreement").status_code == 200
    assert table_file(riverside, "agreement", user=team.people[0]).status_code == 404
    assert table_file(riverside, "names").status_code == 404
