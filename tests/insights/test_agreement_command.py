"""`manage.py agreement FILE.csv`: figures for a good file, one sentence for a bad one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
GOOD = "sample,criterion,rater,level\nA,Claim,x,1\nA,Claim,y,2\nB,Claim,x,3\nB,Claim,y,3\n"
FIGURES = {
    "n_samples", "n_raters", "n_ratings", "n_pairs", "exact", "exact_chance", "adjacent", "adjacent_chance",
    "qwk", "qwk_pairs", "qwk_undefined", "alpha", "alpha_interval", "alpha_nominal", "alpha_ci", "icc",
    "consensus_exact", "consensus_adjacent", "reasons",
}  # fmt: skip
RATER = {
    "n", "mean_difference", "severity", "severity_se", "severity_shrunk", "severity_shrunk_sd", "infit", "outfit",
    "flags", "reasons",
}  # fmt: skip


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on some content; gives the exit code, the output and the errors."""

    def run_it(content, *options):
        path = tmp_path / "ratings.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        code = 0
        try:
            call_command("agreement", str(path), *options)
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_it


def test_it_prints_the_shape_that_is_fixed(run):
    code, out, err = run(GOOD, "--json")
    figures = json.loads(out)
    assert (code, err) == (0, "")
    assert set(figures) == {"overall", "criteria", "raters"}
    assert set(figures["overall"]) == set(figures["criteria"]["Claim"]) == FIGURES
    assert set(figures["raters"]["x"]) == RATER
    assert figures["overall"]["exact"] == 0.5


def test_every_null_has_its_reason_beside_it(run):
    figures = json.loads(run(GOOD, "--json")[1])
    for part in [figures["overall"], *figures["criteria"].values(), *figures["raters"].values()]:
        assert {name for name, value in part.items() if value is None} == set(part["reasons"])


def test_what_comes_later_is_null_and_says_so(run):
    figures = json.loads(run(GOOD, "--json")[1])
    assert figures["overall"]["alpha"] is None
    assert "Not computed yet" in figures["overall"]["reasons"]["alpha"]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("sample,criterion,rater,level", "Sample , CRITERION,rater,Level"),
        GOOD + "\n\n",
        GOOD + "B,Claim,z,\n",
    ],
)
def test_it_reads_what_spreadsheets_write(run, content):
    figures = json.loads(run(content, "--json")[1])
    assert (figures["overall"]["n_ratings"], figures["overall"]["exact"]) == (4, 0.5)


def test_a_consensus_column_is_what_ratings_are_held_against(run):
    content = "sample,criterion,rater,level,consensus\nA,C,x,1,2\nA,C,y,2,2\nB,C,x,4,\n"
    figures = json.loads(run(content, "--json")[1])
    assert (figures["overall"]["consensus_exact"], figures["overall"]["consensus_adjacent"]) == (0.5, 1.0)


def test_without_json_it_prints_a_table_for_people(run):
    code, out, _ = run(GOOD)
    assert code == 0
    assert "all criteria" in out
    assert "50%" in out


HEAD = "sample,criterion,rater,level\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty"),
        ("\n\n", "The file is empty"),
        (HEAD, "There are no ratings."),
        ("sample,rater,level\nA,x,1\n", "does not name criterion"),
        ("A,Claim,x,1\n", "does not name sample, criterion, rater and level"),
        ("sample,sample,criterion,rater,level\nA,A,C,x,1\n", "names sample twice"),
        (HEAD + "A,Claim,x,high\n", "“high” is not a whole number"),
        (HEAD + "A,Claim,x,2.5\n", "“2.5” is not a whole number"),
        (HEAD + "A,Claim,x,NaN\n", "“NaN” is not a whole number"),
        (HEAD + "A,Claim,x,1e9\n", "“1e9” is not a whole number"),
        (HEAD + f"A,Claim,x,{'9' * 5000}\n", "is not a whole number"),
        (HEAD + "A,Claim,x,\u0662\n", "is not a whole number"),
        (HEAD + "A,Claim,x,1\nA,Claim,x,1\n", "“x” rated “A” on “Claim” twice"),
        (HEAD + "A,Claim,x,1\nA,Claim,y,1000000000\n", "at most 1000 levels"),
        (HEAD + "A,Claim,x\n", "Row 2 has too few columns."),
        (HEAD + ",Claim,x,1\n", "Row 2 does not say which sample."),
        (HEAD + f"{'A' * 201},Claim,x,1\n", "more than 200 characters"),
        (HEAD + f'A,Claim,"{"x" * 200_000}",1\n', "Row 2 cannot be read"),
        (f'"{"x" * 200_000}"\n', "Row 1 cannot be read"),
        (HEAD + 'A,"Claim"x,y,1\n', "Row 2 cannot be read"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "not text in UTF-8"),
        (b"sample,criterion\x00,rater,level\n", "The file is not text"),
        (HEAD.encode("utf-16"), "not text in UTF-8"),
        ("sample,criterion,rater,level,consensus\nA,C,x,1,2\nA,C,y,1,3\n", "another consensus"),
    ],
)
def test_a_bad_file_gets_one_sentence_and_exit_code_2(run, content, sentence):
    code, out, err = run(content, "--json")
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert len(err) < 300


@pytest.mark.parametrize("levels", ["4..1", "1-4", "a..b", "1..", "..", "1..4..5", "3..3"])
def test_levels_that_make_no_scale_get_one_sentence(run, levels):
    code, _, err = run(GOOD, f"--levels={levels}")
    assert code == 2
    assert "lowest..highest" in err


def test_a_level_outside_the_levels_given_is_refused(run):
    code, _, err = run(GOOD, "--levels=1..2")
    assert code == 2
    assert "Level 3 lies outside the scale from 1 to 2" in err


def test_a_file_too_large_is_refused_without_reading_it_all(run, monkeypatch):
    monkeypatch.setattr("insights.ratings_csv.MOST_BYTES", 2_000_000)
    code, _, err = run(HEAD + "A,Claim,x,1\n" * 200_000)
    assert code == 2
    assert "larger than 2 MB" in err


def test_too_many_ratings_are_refused(run, monkeypatch):
    monkeypatch.setattr("insights.ratings_csv.MOST_ROWS", 3)
    assert "more than 3 ratings" in run(GOOD)[2]


def test_a_hundred_thousand_criteria_take_no_longer_than_their_rows(run):
    rows = "".join(f"A,C{number},{rater},1\n" for number in range(20_000) for rater in "xy")
    assert json.loads(run(HEAD + rows, "--json")[1])["overall"]["n_pairs"] == 20_000


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        capture_output=True, text=True, timeout=60, check=False, cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
    )  # fmt: skip


def test_it_needs_no_database_no_setting_and_no_folder_that_can_be_written(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(GOOD)
    ran = manage("agreement", str(path), "--json", DATA_DIR="/proc/nothing-can-be-written-here")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["overall"]["n_pairs"] == 2


def test_a_file_that_is_not_there_gets_one_sentence_and_no_traceback():
    ran = manage("agreement", "/nowhere/ratings.csv", "--json", DATA_DIR="/proc/nothing-can-be-written-here")
    assert ran.returncode == 2
    assert ran.stderr.strip() == "The file could not be read: No such file or directory."
