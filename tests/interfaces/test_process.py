"""The server as a process: health, demo.json, and commands of manage.py in an environment that gives them nothing."""

import json
import subprocess
import sys
from uuid import UUID

import pytest

from tests.esw.server import ROOT
from tests.interfaces.house import ADMIN, ANYTHING, FACILITATOR, JSON, PAGE, STRANGER, TEACHERS

# --- the server ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [JSON, PAGE, ANYTHING])
def test_healthz_answers_200_to_whoever_asks(house, headers):
    assert house.nobody().get("/healthz", headers).status_code == 200


def test_the_accounts_that_are_promised_log_in(house):
    for email in (FACILITATOR, ADMIN, STRANGER, *TEACHERS):
        assert house.browser(email).get("/", PAGE).status_code == 200


def test_demo_json_has_the_shape_that_is_fixed(house):
    demo = house.demo
    assert set(demo) == {"sessions", "assignment", "rubric", "team", "samples"}
    assert set(demo["sessions"]) == {"lobby", "planned", "finished"}
    ids = [*demo["sessions"].values(), demo["assignment"], demo["rubric"], demo["team"], *demo["samples"]]
    assert all(str(UUID(each)) == each for each in ids)
    assert len(set(ids)) == len(ids)
    assert len(demo["samples"]) >= 12


def test_the_sessions_of_demo_json_are_as_they_are_called(house):
    states = {
        name: house.facilitator.get(f"/sessions/{key}/state/").json() for name, key in house.demo["sessions"].items()
    }
    assert {name: state["status"] for name, state in states.items()} == {
        "lobby": "lobby",
        "planned": "planned",
        "finished": "finished",
    }
    lobby = states["lobby"]
    leads = [person["name"] for person in lobby["people"] if person["role"] == "facilitator"]
    assert leads == ["Rosa Medina"]
    assert len(lobby["people"]) == 7
    assert lobby["rubric"]["id"] == house.demo["rubric"]
    assert {sample["id"] for sample in lobby["samples"]} <= set(house.demo["samples"])


def test_what_demo_json_names_is_there_for_the_team_and_for_nobody_else(house):
    demo = house.demo
    addresses = [
        f"/assignments/{demo['assignment']}/",
        f"/assignments/{demo['assignment']}/look/",
        f"/teams/{demo['team']}/",
        f"/samples/{demo['samples'][0]}/",
        f"/samples/{demo['samples'][-1]}/status/",
        *(f"/sessions/{key}/" for key in demo["sessions"].values()),
    ]
    for address in addresses:
        assert house.teacher(5).get(address, PAGE).status_code == 200, address
        assert house.stranger.get(address, PAGE).status_code == 404, address
        assert house.nobody().get(address, PAGE).status_code == 302, address


# --- agreement -------------------------------------------------------------------------------------------------

GOOD = "sample,criterion,rater,level\nA,Claim,x,1\nA,Claim,y,2\nB,Claim,x,3\nB,Claim,y,3\n"
OVERALL = {
    "n_samples", "n_raters", "n_ratings", "n_pairs", "exact", "exact_chance", "adjacent", "adjacent_chance", "qwk",
    "qwk_pairs", "qwk_undefined", "alpha", "alpha_interval", "alpha_nominal", "alpha_ci", "icc", "consensus_exact",
    "consensus_adjacent", "reasons",
}  # fmt: skip


def agreement(*arguments, **environment):
    """`manage.py agreement` with nothing in its environment but what is named."""
    return subprocess.run(
        [sys.executable, "manage.py", "agreement", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "environment",
    [
        {"DATA_DIR": "/proc/nobody-writes-here"},
        {"DATA_DIR": "/dev/null/not-a-folder", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"},
    ],
)
def test_agreement_needs_no_database_and_no_setting(tmp_path, environment):
    path = tmp_path / "ratings.csv"
    path.write_text(GOOD)
    ran = agreement(path, "--json", **environment)
    assert (ran.returncode, ran.stderr) == (0, "")
    figures = json.loads(ran.stdout)
    assert set(figures) == {"overall", "criteria", "raters"}
    assert set(figures["overall"]) == set(figures["criteria"]["Claim"]) == OVERALL
    assert figures["overall"]["exact"] == 0.5
    assert figures["overall"]["adjacent"] == 1.0
    for part in (figures["overall"], *figures["criteria"].values(), *figures["raters"].values()):
        assert {name for name, value in part.items() if value is None} == set(part["reasons"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"sample,criterion,rater,level\n",
        b"sample,criterion,rater,level\nA,C,x,NaN\n",
        b"sample,criterion,rater,level\nA,C,x," + b"9" * 10_000 + b"\n",
        b"sample,criterion,rater,level\nA,C,x,1\nA,C,x,2\n",
        b"\x00\xff" * 500,
        b'sample,criterion,rater,level\n"A,C,x,1\n',
        b"=cmd|' /C calc'!A0,b,c,d\n",
    ],
    ids=["empty", "no rows", "nan", "long number", "twice", "not text", "open quote", "no heading"],
)
def test_agreement_says_one_sentence_about_a_bad_file(tmp_path, content):
    path = tmp_path / "ratings.csv"
    path.write_bytes(content)
    ran = agreement(path, "--json", DATA_DIR="/proc/nobody-writes-here")
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert len(ran.stderr.strip().splitlines()) == 1
    assert len(ran.stderr) < 300
    assert "Traceback" not in ran.stderr


def test_agreement_reads_words_in_any_script_and_says_them_back(tmp_path):
    path = tmp_path / "оценки.csv"
    path.write_text("sample,criterion,rater,level\nА,דרך,教師,1\nА,דרך,😀,4\n", encoding="utf-8")
    ran = agreement(path, "--json", "--levels", "1..4", DATA_DIR="/proc/nobody-writes-here")
    assert ran.returncode == 0, ran.stderr
    figures = json.loads(ran.stdout)
    assert set(figures["criteria"]) == {"דרך"}
    assert set(figures["raters"]) == {"教師", "😀"}


def test_agreement_of_a_folder_or_of_nothing_is_refused(tmp_path):
    ran = agreement(tmp_path, "--json", DATA_DIR="/proc/nobody-writes-here")
    assert ran.returncode == 2
    assert len(ran.stderr.strip().splitlines()) == 1


# --- data at scale ---------------------------------------------------------------------------------------------


SCALE = """
from django.core.management import CommandError, call_command
from home.demo import scale
from tests.home.demo_stub import paint
scale.paint = paint
try:
    call_command("demo_data", "--schools", "1", "--teams", "2", "--sessions", "3", "--seed", "77")
except CommandError as refused:
    print("REFUSED", refused)
"""


def test_demo_data_makes_as_much_as_was_asked_once_beside_a_school_in_use(house):
    assert house.server.python(SCALE).startswith("Made 6 sessions of 2 teams")
    assert house.server.python(SCALE).startswith("REFUSED")
    assert house.facilitator.get("/", PAGE).status_code == 200
