"""Data at scale: as much as was asked for, the same for the same seed, and one sentence for every odd wish."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from home.demo import scale
from home.demo.rows import Rows
from sessions_app.engine import State
from sessions_app.models import Consensus, NextStep, Note, Score, Session
from teams.models import District, School, Team, User
from tests.home import demo_stub
from work_samples.models import Page

NOW = datetime(2026, 11, 24, 16, 4, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pages(monkeypatch):
    monkeypatch.setattr(scale, "paint", demo_stub.paint)


def make(schools=1, teams=1, sessions=2, seed=1, **options):
    return scale.make_data(scale.Size(schools, teams, sessions), seed=seed, now=NOW, **options)


def everything():
    """What a seed decides, in its order."""
    columns = {
        Session: ("pk", "starts_at", "focus_question", "join_code", "shuffle", "version", "state"),
        Score: ("pk", "level", "rationale", "x", "y", "updated_at"),
        Note: ("pk", "kind", "text", "created_at"),
        Consensus: ("level", "rationale", "other_rationale", "at"),
        NextStep: ("pk", "text", "due", "state", "outcome"),
        User: ("pk", "name", "email"),
        Page: ("pk", "sample"),
    }
    return {model.__name__: list(model.objects.order_by("pk").values_list(*names)) for model, names in columns.items()}


def remade(**wish):
    """Everything that `wish` makes, and a database without it."""
    with transaction.atomic():
        make(**wish)
        found = everything()
        transaction.set_rollback(True)
    return found


def test_it_makes_as_many_schools_teams_and_sessions_as_asked(capsys):
    call_command("demo_data", schools=2, teams=3, sessions=4, seed=5)
    assert School.objects.filter(district__name="District 5").count() == 2
    assert Team.objects.count() == 6
    assert {team.sessions.filter(status="finished").count() for team in Team.objects.all()} == {4}
    assert capsys.readouterr().out.startswith("Made 24 sessions of 6 teams in District 5")


def test_its_sessions_are_whole():
    make(sessions=5)
    for session in Session.objects.all():
        state = State.from_json(session.state)
        assert state.status == "finished"
        assert state.opened == state.revealed
        here = session.participants.count()
        criteria = session.rubric_version.criteria.count()
        assert session.scores.count() == here * criteria * session.on_table.count()


def test_the_same_seed_makes_the_same_data():
    assert remade(sessions=3, seed=8) == remade(sessions=3, seed=8)


def test_another_seed_makes_other_data():
    one, other = remade(seed=8), remade(seed=9)
    assert [row[1] for row in one["User"]] != [row[1] for row in other["User"]]


def test_seeds_live_side_by_side_but_a_seed_only_once():
    make(seed=1)
    make(seed=2)
    assert District.objects.count() == 2
    with pytest.raises(CommandError, match="seed 2 is here already"):
        call_command("demo_data", seed=2)


def test_one_sample_goes_without_the_files_of_another(settings):
    make(teams=2)
    names = [name for row in Page.objects.values_list("image", "thumbnail") for name in row]
    assert len(set(names)) == len(names)
    paths = [Path(settings.MEDIA_ROOT) / name for name in names]
    assert all(path.is_file() for path in paths)
    assert {path.stat().st_nlink for path in paths} == {len(names) // 2}


def test_few_sessions_wait_in_memory_however_many_are_made(monkeypatch):
    most = 0

    class Watched(Rows):
        def write(self):
            nonlocal most
            most = max(most, len(self._waiting[Session]))
            super().write()

    monkeypatch.setattr(scale, "Rows", Watched)
    monkeypatch.setattr(scale, "AT_ONCE", 3)
    make(sessions=11)
    assert most == 3


def test_nobody_can_log_in_unless_a_password_was_given():
    administrator = make(seed=1)
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert User.objects.get(email=administrator).administrations.get().district is not None
    administrator = make(seed=2, password="look-closely-together")
    assert User.objects.get(email=administrator).check_password("look-closely-together")


@pytest.mark.parametrize("name", ["schools", "teams", "sessions", "seed"])
@pytest.mark.parametrize("typed", ["-1", "9" * 5000, "1000000000000", "many", "", "1.5", "٣", "1e3"])
def test_an_odd_number_gets_one_sentence(name, typed):
    with pytest.raises(CommandError) as refused:
        call_command("demo_data", f"--{name}={typed}")
    assert str(refused.value).startswith(f"--{name} is a whole number from ")
    assert not District.objects.exists()


@pytest.mark.parametrize("name", ["schools", "teams", "sessions"])
def test_nothing_at_all_is_refused(name):
    with pytest.raises(CommandError, match="is a whole number from 1"):
        call_command("demo_data", f"--{name}=0")


def test_more_than_a_database_should_bear_at_once_is_refused():
    with pytest.raises(CommandError, match=r"This would make 15,000,000 sessions; 200,000 are the most"):
        call_command("demo_data", schools=500, teams=60, sessions=500)
