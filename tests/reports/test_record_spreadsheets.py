"""The record as XLSX and CSV: all of it, nobody beside a score, and no cell that runs."""

import csv
import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from reports.record_tables import Table
from reports.spreadsheets import csv_bytes, safe, xlsx_bytes
from sessions_app.models import Session
from tests.factories import MembershipFactory
from tests.reports.story import Story
from tests.sessions_app.meeting import START

pytestmark = pytest.mark.django_db

EVIL = ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\x01 =1", "\u200b=1"]


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker):
    """One meeting for all, because nothing here changes it."""
    with django_db_blocker.unblock():
        from django.db import transaction

        with transaction.atomic():
            told = Story()
            claim, evidence, _ = told.meeting.criteria
            told.agree(told.a, claim, 3, "Line 2 states it.")
            told.agree(told.a, evidence, None, "It only quotes.", "It explains the cost.")
            for text in [*EVIL, "Plain words", "سطر", "a\x0bb", "x" * 40_000]:
                told.note(told.meeting.people[4], text)
            told.next_step("Ask what a quotation proves.", told.meeting.presenter, students="group two")
            told.session.scores.update(rationale="MARK-rationale")
            yield told
            transaction.set_rollback(True)


def get(story, form, user=None):
    return story.client(user or story.meeting.users[4]).get(story.url(), {"format": form})


def lines(story, user=None):
    return list(csv.DictReader(io.StringIO(get(story, "csv", user).content.decode("utf-8-sig"), newline="")))


def book(story, user=None):
    return load_workbook(io.BytesIO(get(story, "xlsx", user).content))


def rows(sheet):
    head, *rest = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rest]


def test_both_are_there_at_once_under_a_name_that_tells_nobody(story):
    for form, kind in [("csv", "text/csv; charset=utf-8"), ("xlsx", "application/vnd.openxmlformats")]:
        answer = get(story, form)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(kind)
        assert answer["Content-Disposition"] == f'attachment; filename="esw-record-2026-11-24.{form}"'


def test_csv_is_one_table_that_excel_reads_as_utf_8(story):
    data = get(story, "csv").content
    assert data.startswith(b"\xef\xbb\xbfpart,item,")
    assert data.endswith(b"\r\n")
    assert "سطر" in {line["text"] for line in lines(story)}


def test_its_columns_are_a_promise(story):
    assert list(lines(story)[0]) == [
        "part", "item", "text", "role", "number", "step", "block", "planned_minutes", "minutes", "reached", "sample",
        "criterion", "scorer", "round", "level", "agreed", "level_name", "reason", "other_reason", "kind", "by",
        "students", "owner", "due", "state", "outcome", "n_samples", "n_raters", "n_ratings", "n_pairs", "exact",
        "exact_chance", "adjacent", "adjacent_chance", "at_seconds",
    ]  # fmt: skip


def test_the_workbook_has_a_sheet_a_part(story):
    names = book(story).sheetnames
    assert names == ["About", "Time", "Scores", "Consensus", "Notes", "Next steps", "Agreement"]
    assert {line["part"] for line in lines(story)} == set(names)


def test_a_score_is_a_number_beside_a_numbered_scorer(story):
    scores = rows(book(story)["Scores"])
    assert {tuple(row) for row in scores} == {("sample", "criterion", "scorer", "round", "level")}
    assert sorted(row["level"] for row in scores if row["criterion"] == "Claim") == [1, 2, 2, 3, 4]
    assert {row["scorer"] for row in scores} == {f"Scorer {n}" for n in range(1, 6)}
    assert {row["sample"] for row in scores} == {"A"}


def test_consensus_notes_and_next_steps_are_all_there(story):
    told = book(story)
    assert rows(told["Consensus"]) == [
        {"sample": "A", "criterion": "Claim", "agreed": "yes", "level": 3, "level name": "proficient",
         "reason": "Line 2 states it.", "other reason": None},
        {"sample": "A", "criterion": "Evidence", "agreed": "no", "level": None, "level name": None,
         "reason": "It only quotes.", "other reason": "It explains the cost."},
    ]  # fmt: skip
    assert len(rows(told["Notes"])) == len(EVIL) + 4
    assert rows(told["Next steps"])[0]["due"] == "2026-12-12"
    overall = rows(told["Agreement"])[-1]
    assert (overall["criterion"], overall["n pairs"]) == ("All criteria", 30)


@pytest.mark.parametrize("cell", EVIL)
def test_what_would_run_as_a_formula_gets_an_apostrophe(cell):
    assert safe(cell).startswith("'")


@pytest.mark.parametrize("cell", [3, 0.25, -1, None, "plain", "a=b", "’t was"])
def test_numbers_and_plain_words_stay_as_they_are(cell):
    assert safe(cell) == cell


def test_no_cell_of_either_file_runs(story):
    for line in lines(story):
        for text in line.values():
            assert not text.lstrip().startswith(tuple("=+-@＝")), text
    for sheet in book(story):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
            assert not any(str(cell.value).lstrip().startswith(tuple("=+@＝")) for cell in row)


def test_what_xml_forbids_and_what_excel_cannot_hold_is_cut(story):
    texts = [row["text"] for row in rows(book(story)["Notes"])]
    assert "a\nb" in texts
    assert max(len(text) for text in texts) == 32_767
    table = Table("T", ("a",), [("\x00\x01\ud800\ufffe ok\x1f",)])
    assert load_workbook(io.BytesIO(xlsx_bytes([table], title="t", made_at=START)))["T"]["A2"].value == " ok"
    assert b"\x00" not in csv_bytes([table])


def test_the_workbook_has_no_macro_no_link_and_no_authors_name(story):
    with zipfile.ZipFile(io.BytesIO(get(story, "xlsx").content)) as inside:
        names = inside.namelist()
        everything = {name: inside.read(name).decode() for name in names}
    assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]
    about = everything["docProps/core.xml"]
    assert re.findall(r"<dc:creator[^>]*>(.*?)<", about) == ["Examining Student Work"]
    assert not any(str(user) in about for user in story.meeting.users)
    assert "<f>" not in "".join(everything.values())


def test_its_header_stays_in_sight(story):
    for sheet in book(story):
        assert sheet.freeze_panes == "A2"


def test_nobody_stands_beside_a_score(story):
    with zipfile.ZipFile(io.BytesIO(get(story, "xlsx").content)) as inside:
        everything = "".join(inside.read(name).decode() for name in inside.namelist())
    everything += get(story, "csv").content.decode()
    for secret in [story.session.shuffle, *story.session.participants.values_list("pk", flat=True)]:
        assert str(secret) not in everything
    assert "MARK-rationale" not in everything
    for user in story.meeting.users:
        assert user.email not in everything
    for row in rows(book(story)["Scores"]):
        assert not {str(user) for user in story.meeting.users} & {str(cell) for cell in row.values()}


def test_a_stranger_is_told_that_there_is_nothing(story):
    stranger = MembershipFactory().user
    assert get(story, "csv", stranger).status_code == get(story, "xlsx", stranger).status_code == 404


def test_the_schools_copy_has_neither_scores_nor_names_beside_words(story):
    story.share()
    administrator = story.administrator()
    told = book(story, administrator)
    assert rows(told["Scores"]) == []
    assert {row["by"] for row in rows(told["Notes"])} == {None}
    assert {row["owner"] for row in rows(told["Next steps"])} == {None}
    assert get(story, "csv", administrator)["Content-Disposition"].endswith('-school-copy.csv"')


def test_before_the_end_there_is_none(story):
    Session.objects.filter(pk=story.session.pk).update(status="running")
    assert get(story, "csv").status_code == get(story, "xlsx").status_code == 409
    Session.objects.filter(pk=story.session.pk).update(status="finished")
