"""What `make run` makes: a whole school, once, in which nothing contradicts anything else."""

import json
import uuid
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from PIL import Image

from home.demo import load
from home.demo.people import PASSWORD
from insights.pictures import charts_of
from insights.queries import session_agreement
from insights.queries.school import Chosen, school_page
from rubrics.models import Rubric
from sessions_app.engine import State
from sessions_app.models import Consensus, NextStep, Note, Participant, Score, Session, SessionSample
from teams.models import School, Team
from work_samples.models import Assignment, Page, Redaction, Sample, Upload

NOW = datetime(2026, 11, 24, 16, 4, tzinfo=UTC)
ACCOUNTS = ("admin", "facilitator", *(f"teacher{number}" for number in range(1, 7)))
SHOWN = ("sessions", "assignment", "rubric", "team", "samples")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(django_db_setup, django_db_blocker, tmp_path_factory):
    """The folder of a demo school that all tests here look at; the database forgets it afterwards."""
    folder = tmp_path_factory.mktemp("demo")
    places = override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "files")
    with django_db_blocker.unblock(), places, transaction.atomic():
        assert load.make_demo(now=NOW)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def data_dir(settings, folder):
    settings.DATA_DIR, settings.MEDIA_ROOT = folder, folder / "files"
    return folder


@pytest.fixture
def demo(folder):
    return json.loads((folder / "demo.json").read_text())


def person(name, domain="demo.example"):
    return get_user_model().objects.get(email=f"{name}@{domain}")


def finished():
    return Session.objects.filter(status="finished")


def scored():
    """Those in which people scored; in the others they described."""
    return finished().exclude(rubric_version=None)


def counts():
    models = (get_user_model(), School, Team, Assignment, Sample, Page, Session, Score, Note, Consensus, NextStep)
    return {model.__name__: model.objects.count() for model in models}


# --- how much there is


def test_it_has_two_schools_in_one_district_and_one_elsewhere_with_four_teams():
    assert Counter(School.objects.values_list("district__name", flat=True)) == {
        "Three Rivers District": 2,
        "Saltmarsh Coast District": 1,
    }
    assert Team.objects.count() == 4


def test_each_team_has_a_dozen_samples_at_least_of_its_task_and_its_own_rubric():
    for team in Team.objects.all():
        assert max(row.samples.confirmed().count() for row in team.assignments.all()) >= 12
        assert team.rubrics.count() == 1


def test_two_dozen_sessions_were_held_over_the_year_on_school_days_in_the_afternoon():
    held = list(finished())
    assert scored().count() >= 24
    assert len(held) == scored().count() + 2
    assert all(session.starts_at.weekday() < 5 and session.starts_at.hour == 15 for session in held)
    assert min(session.starts_at for session in held) < NOW - timedelta(days=240)
    assert max(session.finished_at for session in held) < NOW


def test_no_team_meets_twice_on_one_day():
    days = Counter(finished().values_list("team", "starts_at__date"))
    assert set(days.values()) == {1}


# --- demo.json


def test_demo_json_has_exactly_the_promised_shape(demo):
    assert tuple(demo) == SHOWN
    assert tuple(demo["sessions"]) == ("lobby", "planned", "finished")
    named = [demo["assignment"], demo["rubric"], demo["team"], *demo["samples"], *demo["sessions"].values()]
    assert all(str(uuid.UUID(one)) == one for one in named)


def test_demo_json_names_what_belongs_together(demo):
    lobby, planned, done = (Session.objects.get(pk=demo["sessions"][name]) for name in demo["sessions"])
    assert [lobby.status, planned.status, done.status] == ["lobby", "planned", "finished"]
    for session in (lobby, planned, done):
        assert str(session.team_id) == demo["team"]
        assert str(session.assignment_id) == demo["assignment"]
        assert str(session.rubric_version_id) == demo["rubric"]
    confirmed = Sample.objects.confirmed().filter(assignment=demo["assignment"])
    assert set(demo["samples"]) == {str(pk) for pk in confirmed.values_list("pk", flat=True)}


def test_the_open_room_is_the_facilitators_with_everyone_planned_in_and_nobody_there_yet(demo):
    lobby = Session.objects.get(pk=demo["sessions"]["lobby"])
    seats = {seat.user: seat for seat in lobby.participants.select_related("user")}
    assert lobby.protocol_version.protocol.slug == "calibration-scoring"
    assert State.from_json(lobby.state).facilitator == str(seats[person("facilitator")].pk)
    assert {user.email for user in seats} == {f"{name}@demo.example" for name in ACCOUNTS[1:]}
    assert seats[person("teacher1")].role == "presenter"
    assert {seat.joined_at for seat in seats.values()} == {None}


def test_the_open_room_starts_at_the_next_quarter_with_the_protocols_own_minutes(demo):
    lobby = Session.objects.get(pk=demo["sessions"]["lobby"])
    assert lobby.starts_at == NOW.replace(minute=15)
    own = {step["key"]: step["minutes"] for step in lobby.protocol_version.data["steps"]}
    assert all(step.minutes == own[step.key] for step in State.from_json(lobby.state).steps)


def test_nobody_has_scored_the_samples_of_the_open_room(demo):
    on_table = SessionSample.objects.filter(session=demo["sessions"]["lobby"]).values_list("sample", flat=True)
    assert len(on_table) in {3, 4}
    assert not Score.objects.filter(sample__in=on_table).exists()


def test_the_planned_session_is_next_week_and_teacher2_presents(demo):
    planned = Session.objects.get(pk=demo["sessions"]["planned"])
    assert timedelta(days=5) < planned.starts_at - NOW < timedelta(days=10)
    assert planned.participants.get(role="presenter").user == person("teacher2")


def test_the_finished_session_has_splits_with_both_reasons_and_next_steps_in_every_state(demo):
    session = Session.objects.get(pk=demo["sessions"]["finished"])
    split = [row for row in session.consensus.all() if not row.agreed]
    assert len(split) >= 2
    assert all(row.rationale and row.other_rationale for row in split)
    assert set(session.next_steps.values_list("state", flat=True)) == {"planned", "trying", "done"}
    assert session.next_steps.get(state="done").outcome


# --- people


@pytest.mark.parametrize(
    "email", [*(f"{name}@demo.example" for name in (*ACCOUNTS, "district")), "stranger@elsewhere.example"]
)
def test_each_account_logs_in(client, email):
    answer = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(get_user_model().objects.get(email=email).pk)


def test_admin_administers_the_school_and_staff_pages_and_the_facilitator_leads_the_team(demo):
    admin = person("admin")
    assert admin.is_staff
    assert admin.is_superuser
    assert get_user_model().objects.filter(is_staff=True).count() == 1
    team = Team.objects.get(pk=demo["team"])
    assert admin.administrations.get().school == team.school
    assert team.memberships.get(role="lead").user == person("facilitator")


def test_somebody_sets_the_rules_and_brings_the_standards_of_the_demo_district(client, demo):
    office, district = person("district"), Team.objects.get(pk=demo["team"]).school.district
    assert office.administrations.get().district == district
    client.force_login(office)
    assert client.get(f"/districts/{district.pk}/rules/").status_code == 200
    assert client.get("/standards/import/").status_code == 200


def test_a_stranger_sees_none_of_it(client, demo):
    stranger = person("stranger", "elsewhere.example")
    for model in (Session, Assignment, Sample, Page, Rubric):
        own = model.objects.visible_to(stranger)
        assert own.exists()
        assert own.count() < model.objects.count()
    assert not Session.objects.visible_to(stranger).exclude(team__members=stranger).exists()
    assert not Sample.objects.visible_to(stranger).exclude(assignment__team__members=stranger).exists()
    client.force_login(stranger)
    for name, number in demo["sessions"].items():
        assert client.get(f"/sessions/{number}/").status_code == 404, name


def test_teacher1_has_work_that_waits_and_a_next_step_that_is_due_soon():
    teacher = person("teacher1")
    waiting = Sample.objects.visible_to(teacher).waiting().get()
    assert waiting.uploader == teacher
    assert waiting.uploads.count() == waiting.pages.count() == 2
    soon = NextStep.objects.filter(owner=teacher, due__range=(NOW.date(), NOW.date() + timedelta(days=7)))
    assert soon.exclude(state="done").exists()


# --- nothing contradicts anything


def test_every_state_can_be_read_and_says_what_its_row_says():
    for session in Session.objects.all():
        state = State.from_json(session.state)
        assert state.to_json() == session.state
        assert state.status == session.status
        assert set(state.people) == {str(pk) for pk in session.participants.values_list("pk", flat=True)}
        assert list(state.samples) == [str(pk) for pk in session.on_table.values_list("sample", flat=True)]


def test_every_finished_session_ran_to_its_end_and_revealed_what_was_on_the_table():
    for session in finished():
        state = State.from_json(session.state)
        assert state.index == len(state.steps) - 1
        assert state.opened == state.closed == state.revealed
        assert {sample for sample, _ in state.revealed} == (set(state.samples) if session.rubric_version else set())
        assert session.started_at < session.finished_at


def test_the_log_counts_on_without_a_gap_and_never_goes_back_in_time():
    for session in Session.objects.exclude(status="planned"):
        events = list(session.events.order_by("pk"))
        assert sorted({event.version for event in events}) == list(range(2, session.version + 1))
        assert [event.at for event in events] == sorted(event.at for event in events)


def test_only_people_who_came_wrote_scored_and_were_done():
    absent = Participant.objects.filter(session__status="finished", joined_at=None)
    assert absent.exists()
    assert not Score.objects.filter(participant__in=absent).exists()
    assert not Note.objects.filter(participant__in=absent).exists()
    assert not Consensus.objects.filter(by__in=absent).exists()
    assert not any(seat.dones.exists() for seat in absent)
    for step in NextStep.objects.all():
        assert step.session.participants.filter(user=step.owner, joined_at__isnull=False).exists()


def test_scores_were_given_while_their_round_was_open():
    for session in finished():
        opened, closed = {}, {}
        for event in session.events.filter(name__in=["round_opened", "round_closed"]):
            (opened if event.name == "round_opened" else closed)[event.data["sample"]] = event.at
        for score in session.scores.all():
            assert opened[str(score.sample_id)] <= score.updated_at <= closed[str(score.sample_id)]


def test_everybody_who_came_scored_every_criterion_once():
    for session in scored():
        here = session.participants.exclude(joined_at=None).count()
        criteria = session.rubric_version.criteria.count()
        assert session.scores.count() == here * criteria * session.on_table.count()
        assert session.consensus.count() == criteria * session.on_table.count()


def test_notes_stand_in_steps_that_take_their_kind_and_point_to_pages_on_the_table():
    for note in Note.objects.select_related("session", "page"):
        step = note.session.state["steps"][note.step]
        assert note.kind == "private" or note.kind in step["kinds"]
        assert note.page is None or str(note.page.sample_id) in (
            [step["sample"]] if step["sample"] else samples_of(note)
        )
    for score in Score.objects.exclude(page=None).select_related("page"):
        assert score.page.sample_id == score.sample_id
        assert 0 < score.x < 1
        assert 0 < score.y < 1


def samples_of(note):
    return note.session.state["samples"]


def test_the_first_team_also_met_twice_without_scores_and_will_meet_once_more():
    looked = Session.objects.filter(rubric_version=None).order_by("starts_at")
    assert [(session.protocol_version.protocol.slug, session.status) for session in looked] == [
        ("atlas", "finished"),
        ("describe-wonder-plan", "finished"),
        ("atlas", "planned"),
    ]
    assert len({session.team for session in looked}) == 1
    for session in looked:
        presenter = session.participants.get(role="presenter")
        for at, step in enumerate(session.state["steps"]):
            notes = session.notes.filter(step=at)
            assert notes.exists() == (session.status == "finished" and bool(set(step["kinds"]) - {"private"})), step[
                "key"
            ]
            if step["speaks"] == "participants":
                assert not notes.filter(participant=presenter).exists()
        assert session.next_steps.exists() == (session.status == "finished")


def test_no_reason_stands_twice_in_one_column():
    said = defaultdict(list)
    for score in Score.objects.exclude(rationale=""):
        said[score.session_id, score.sample_id, score.criterion_id].append(score.rationale)
    assert all(len(set(texts)) == len(texts) for texts in said.values())


def test_nothing_is_noted_or_promised_twice_in_one_session():
    for session in finished():
        notes = list(session.notes.exclude(kind="private").values_list("text", flat=True))
        steps = list(session.next_steps.values_list("text", flat=True))
        assert len(set(notes)) == len(notes)
        assert len(set(steps)) == len(steps)


def test_what_was_done_has_an_outcome():
    assert not NextStep.objects.filter(state="done", outcome="").exists()
    assert not NextStep.objects.exclude(state="done").exclude(done_at=None).exists()


def test_no_sentence_was_left_with_a_gap_in_it():
    texts = [*Score.objects.values_list("rationale", flat=True), *Consensus.objects.values_list("rationale", flat=True)]
    assert not [text for text in texts if "{" in text]


def test_teams_agree_more_at_the_end_of_the_year():
    def exact(sessions):
        figures = [session_agreement(session, State.from_json(session.state)) for session in sessions]
        return sum(one.overall.exact for one in figures) / len(figures)

    for team in Team.objects.all():
        held = list(scored().filter(team=team).order_by("starts_at"))
        assert exact(held[-2:]) > exact(held[:2])


def test_the_school_page_has_something_to_show_and_something_to_hide(demo):
    page = school_page(Team.objects.get(pk=demo["team"]).school, Chosen())
    assert any(not row.hidden for row in page.proficiency)
    assert any(row.hidden for row in page.proficiency)
    assert set(charts_of(page)) == {"agreement", "proficiency", "months"}
    assert page.left_out
    assert page.planned
    assert page.trying
    assert page.done


def test_the_small_school_shows_no_figure_at_all():
    page = school_page(School.objects.get(name="Hawthorn Hill School"), Chosen())
    assert page.sessions
    assert page.proficiency
    assert all(row.hidden for row in page.proficiency)


# --- files


def test_every_file_on_disk_belongs_to_a_row_and_every_row_has_its_file(folder):
    on_disk = {str(path.relative_to(folder / "files")) for path in (folder / "files").rglob("*") if path.is_file()}
    named = {name for row in Page.objects.values_list("image", "thumbnail") for name in row}
    assert on_disk == named | set(Upload.objects.values_list("file", flat=True))


def test_pages_have_the_size_that_their_rows_say_and_hold_no_metadata(folder):
    for page in Page.objects.all():
        with Image.open(folder / "files" / page.image.name) as image, Image.open(page.thumbnail.path) as thumbnail:
            assert image.format == "JPEG"
            assert image.size == (page.width, page.height)
            assert not image.getexif()
            assert thumbnail.format == "WEBP"
            assert max(thumbnail.size) == 320


def test_the_name_is_black_on_every_page_that_others_may_see(folder):
    boxes = Redaction.objects.select_related("page")
    assert boxes.count() >= 48
    for box in boxes:
        with Image.open(folder / "files" / box.page.image.name) as image:
            width, height = image.size
            inside = (box.x + box.w * 0.1, box.y + box.h * 0.15, box.x + box.w * 0.9, box.y + box.h * 0.85)
            sides = zip(inside, (width, height, width, height), strict=True)
            area = image.convert("L").crop(tuple(round(one * by) for one, by in sides))
        assert area.getextrema()[1] < 40


def test_a_page_with_a_name_on_it_waits_for_its_uploader_alone():
    waiting = Sample.objects.waiting()
    assert Counter(waiting.values_list("assignment__title", flat=True)) == {"Longer lunch": 1, "Brownie pans": 1}
    for sample in waiting:
        assert not sample.on_tables.exists()
        assert {Path(page.image.name).parts[0] for page in sample.pages.all()} == {"drafts"}
        assert not Redaction.objects.filter(page__sample=sample).exists()
        for member in sample.assignment.team.members.exclude(pk=sample.uploader_id):
            assert not Sample.objects.visible_to(member).filter(pk=sample.pk).exists()
    served = Page.objects.exclude(sample__in=waiting)
    assert {Path(name).parts[0] for row in served.values_list("image", "thumbnail") for name in row} == {"pages"}


# --- once


def test_a_second_time_nothing_is_drawn_or_changed(folder, monkeypatch):
    monkeypatch.setattr(load, "paint", None)
    before, file = counts(), (folder / "demo.json").stat()
    call_command("demo_school")
    assert counts() == before
    assert (folder / "demo.json").stat() == file


def test_a_lost_demo_json_is_written_again(folder):
    path = folder / "demo.json"
    before = path.read_text()
    path.unlink()
    assert load.make_demo(now=NOW + timedelta(days=2)) is False
    assert path.read_text() == before
    assert [one.name for one in folder.glob("*demo.json*")] == ["demo.json"]


def test_accounts_without_the_demo_are_refused_in_one_sentence(monkeypatch):
    monkeypatch.setattr(load, "LOBBY", uuid.uuid4())
    with pytest.raises(CommandError, match="no demo school"):
        call_command("demo_school")
