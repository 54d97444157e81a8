"""The registry: a format is one file and one row, and whoever needs to know takes it from there."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.work_samples import files, formats, fuzz
from work_samples import imaging, kinds
from work_samples.confinement import DECODER
from work_samples.kinds import office
from work_samples.refusals import SENTENCES

HERE = Path(kinds.__file__).parent
HELPERS = {"__init__", "base", "drawing", "office", "ooxml", "odf", "recording"}


def test_each_file_of_the_registry_has_its_row():
    files = {path.stem for path in HERE.glob("*.py")} - HELPERS
    rows = {
        name
        for name in files
        for kind in [getattr(importlib.import_module(f"work_samples.kinds.{name}"), "KIND", None)]
        if kind in kinds.KINDS
    }
    assert rows == files


def test_no_two_kinds_have_a_name_in_common():
    assert len({kind.name for kind in kinds.KINDS}) == len(kinds.KINDS)


def test_the_dialog_in_which_files_are_chosen_offers_every_kind(client, assignment):
    page = client.get(f"/assignments/{assignment.pk}/").content.decode()
    assert f'accept="{kinds.accept()}"' in page
    for kind in kinds.available():
        assert all(ending in kinds.accept().split(",") for ending in kind.extensions)


def test_the_sentences_name_every_kind():
    for kind in kinds.available():
        assert kind.label in imaging.accepted_hint()
    for kind in kinds.KINDS:
        assert (kind.label in SENTENCES["unknown"]) or kind.convert or kind.record


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.name)
def test_a_kind_that_sees_nothing_of_its_own_says_no(kind):
    assert not kind.is_it(b"")
    assert not kind.is_it(b"\0" * 4096)


def test_the_fuzz_program_and_the_table_of_costs_have_a_file_of_every_kind(tmp_path):
    here = {kind.name for kind in kinds.KINDS if not kind.missing()}
    found = fuzz.seeds(tmp_path, office=office.program() is not None)
    assert set(found) == here
    for name, data in found.items():
        assert imaging.check_upload(files.write(tmp_path, "seed", data)) == name
    assert {label for label, _, _ in formats.MAKERS} == {kind.label or kind.name for kind in kinds.KINDS}


def test_the_registry_loads_by_its_path_without_anything_of_esw():
    program = (
        "import runpy, sys; tools = runpy.run_path(sys.argv[1]);"
        "print(len(tools['kinds'].KINDS), {'django', 'PIL', 'work_samples'} & set(sys.modules))"
    )
    command = [sys.executable, "-I", "-c", program, str(DECODER)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.strip()
    assert said == f"{len(kinds.KINDS)} set()"
