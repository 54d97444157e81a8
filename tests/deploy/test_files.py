"""Dockerfile, docker-compose.yml and what stands beside them agree with the project, without starting anything."""

import re
import subprocess

import pytest
import yaml
from django.core.management import get_commands

from tests.deploy.compose import NotSet, interpolate, read_compose, read_env
from tests.esw.server import ROOT

SET = {"SITE_URL": "https://esw.school.example", "POSTGRES_PASSWORD": "secret"}
NOT_IN_THE_IMAGE = {"benchmarks", "deploy", "docs", "tests"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def compose():
    return read_compose(read_env(ROOT / ".env.example") | SET)


def ours(compose):
    return {name: service for name, service in compose["services"].items() if "build" in service}


def tracked():
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        pytest.skip("this is not a checkout")
    return done.stdout.splitlines()


# --- the image -------------------------------------------------------------------------------------------------
def allowed_into_the_image():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return {line[1:] for line in lines if line.startswith("!")}


def test_everything_that_the_image_copies_is_there_and_let_in():
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
        if source != "."
    ]
    assert "requirements.txt" in sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source.split("/")[0] in allowed_into_the_image(), source


def test_the_image_is_built_by_targets_that_the_makefile_has():
    targets = [target for line in re.findall(r"^RUN make (.+)$", DOCKERFILE, re.MULTILINE) for target in line.split()]
    makefile = (ROOT / "Makefile").read_text()
    assert targets
    for target in targets:
        assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), target


def test_each_folder_is_in_the_image_or_left_out_on_purpose():
    folders = {path.split("/")[0] for path in tracked() if "/" in path and not path.startswith(".")}
    assert folders - allowed_into_the_image() - NOT_IN_THE_IMAGE == set()


def test_no_data_and_no_secret_can_reach_the_image():
    assert (ROOT / ".dockerignore").read_text().split("\n*\n")[1]  # everything is left out but what is named
    assert allowed_into_the_image().isdisjoint({".env", "data", "tls", ".git", "node_modules"})
    assert {"/.env", "/tls/"} <= set((ROOT / ".gitignore").read_text().splitlines())


def test_it_does_not_run_as_root():
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER (?!root)\w+$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last


# --- the services ----------------------------------------------------------------------------------------------
def test_images_are_pinned_to_a_version(compose):
    of_others = [service["image"] for service in compose["services"].values() if "build" not in service]
    bases = re.findall(r"^FROM (\S+:\S+)", DOCKERFILE, re.MULTILINE)
    assert bases
    for image in [*of_others, *bases]:
        assert re.fullmatch(r"[\w/.-]+:\d[\w.-]*", image), image


def test_commands_exist(compose):
    for name, service in ours(compose).items():
        program, *arguments = service["command"]
        if program == "python":
            assert arguments[0] == "manage.py"
            assert arguments[1] in get_commands(), name
        else:
            assert (program, arguments[:2]) == ("celery", ["--app", "esw"]), name
            assert arguments[2] in {"worker", "beat"}


def test_only_the_proxy_can_be_reached_from_outside(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_everything_starts_again_and_says_whether_it_works(compose):
    for name, service in compose["services"].items():
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
        has_check = "healthcheck" in service or "build" in service  # the image has one of its own
        assert has_check, name


def test_one_beat_and_two_web_processes(compose):
    web = compose["services"]["web"]["command"]
    assert int(web[web.index("--processes") + 1]) >= 2
    workers = [service["command"] for service in ours(compose).values() if "worker" in service["command"]]
    assert len(workers) == 1
    assert "--beat" not in workers[0]


def test_what_stays_over_an_upgrade_is_on_volumes(compose):
    for name, service in ours(compose).items():
        assert "data:/data" in service["volumes"], name
        assert service["environment"]["DATA_DIR"] == "/data"
    assert set(compose["volumes"]) == {"data", "postgres"}


def test_mounted_files_are_there(compose):
    for mount in compose["services"]["proxy"]["volumes"]:
        source = mount.split(":")[0]
        if source.startswith("./deploy/") and "acme" not in source:
            assert (ROOT / source).exists(), source


def test_it_refuses_to_start_without_a_password_of_its_own():
    with pytest.raises(NotSet, match=r"Set POSTGRES_PASSWORD in \.env"):
        read_compose(read_env(ROOT / ".env.example"))


def test_every_setting_is_in_the_example_and_in_the_documentation():
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{(\w+)", text)) - {"ESW_IMAGE"}
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    settings = (ROOT / "docs/settings.md").read_text() + (ROOT / "docs/deployment.md").read_text()
    assert asked <= named
    assert [name for name in named if f"`{name}`" not in settings] == []


def test_the_example_holds_no_secret():
    assert read_env(ROOT / ".env.example")["POSTGRES_PASSWORD"] == ""


# --- the reader itself -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "env", "expected"),
    [
        ("a ${X} b", {"X": "1"}, "a 1 b"),
        ("$X", {"X": "1"}, "1"),
        ("$$X", {"X": "1"}, "$X"),
        ("${X:-2}", {"X": ""}, "2"),
        ("${X-2}", {"X": ""}, ""),
        ("${X:-2}", {"X": "1"}, "1"),
        ("${X:+3}", {"X": "1"}, "3"),
        ("${X:+3}", {}, ""),
        ("${X:?no}", {"X": "1"}, "1"),
    ],
)
def test_variables_are_filled_in_as_docker_compose_does_it(text, env, expected):
    assert interpolate({"a": [text]}, env) == {"a": [expected]}


# --- the proxy's own words ---------------------------------------------------------------------------------------
def test_each_problem_has_a_page_and_a_sentence():
    for name in ("away", "sent", "large"):
        page = (ROOT / f"deploy/problems/{name}.html").read_text()
        assert '<html lang="en">' in page
        assert page.count("<h1>") == 1
        assert "style=" not in page
        sentence = yaml.safe_load((ROOT / f"deploy/problems/{name}.json").read_text())["error"]
        assert sentence.endswith(".")


def test_a_page_comes_back_by_itself_unless_something_was_sent():
    assert 'http-equiv="refresh"' in (ROOT / "deploy/problems/away.html").read_text()
    assert "refresh" not in (ROOT / "deploy/problems/sent.html").read_text()


def test_the_proxy_lets_through_a_little_more_than_what_esw_takes(settings):
    limits = re.findall(r"client_max_body_size (\d+)m;", (ROOT / "deploy/nginx.conf").read_text())
    forms, uploads = (int(limit) * 1024 * 1024 for limit in limits)
    assert settings.MAX_REQUEST_BYTES < forms < settings.MAX_REQUEST_BYTES * 1.3
    assert settings.MAX_UPLOAD_REQUEST_BYTES < uploads < settings.MAX_UPLOAD_REQUEST_BYTES * 1.3
