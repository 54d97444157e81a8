"""What ESW keeps, its owner alone can read, whatever the machine's custom is."""

import os

import pytest

from esw.core.secrets import kept_secret, private_folder
from tests.factories import AssignmentFactory, TeamFactory, member_of
from tests.work_samples.bringing import photo, ready


@pytest.fixture(autouse=True)
def open_handed():
    """A machine on which new files are for everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path):
    return path.stat().st_mode & 0o777


def test_a_private_folder_is_private_from_the_first_one_that_was_missing(tmp_path):
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    made = private_folder(there / "data" / "files" / "pages")
    assert [mode(folder) for folder in (made, made.parent, made.parent.parent)] == [0o700] * 3
    assert mode(there) == 0o755
    assert private_folder(made) == made


@pytest.mark.django_db
def test_work_is_private_down_to_each_page(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "kept" / "files"
    team = TeamFactory()
    ready(AssignmentFactory(team=team, created_by=member_of(team)), photo(tmp_path))
    kept = [*(tmp_path / "kept").rglob("*")]
    assert {mode(path) for path in kept if path.is_dir()} == {0o700}
    assert {mode(path) for path in kept if path.is_file()} == {0o600}


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "data" / "secret-key"
    secret = kept_secret(path)
    assert len(secret) > 50
    assert kept_secret(path) == secret
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["secret-key"]


def test_of_two_servers_that_start_together_the_second_takes_the_secret_of_the_first(tmp_path, monkeypatch):
    link, path = os.link, tmp_path / "secret-key"

    def just_too_late(draft, target):
        path.write_text("of the first")
        link(draft, target)

    monkeypatch.setattr(os, "link", just_too_late)
    assert kept_secret(path) == "of the first"
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_where_nothing_may_be_written_the_secret_lives_for_this_process(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert len(kept_secret(tmp_path / "file" / "secret-key")) > 50
