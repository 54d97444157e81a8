"""How long work is kept: nothing without a rule, thirty days' notice with one, and a word of a lead keeps it longer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings as django_settings

from teams.models import TeamRole
from tests.factories import AssignmentFactory, member_of
from tests.work_samples.bringing import all_files, signed_in, with_pages
from work_samples import tasks
from work_samples.domain import archiving, retention, withdrawing
from work_samples.models import KeptWork, Sample

pytestmark = pytest.mark.django_db

BROUGHT = datetime(2025, 3, 10, 12, tzinfo=UTC)  # in the school year 2024–25
MARKED = datetime(2026, 8, 1, 12, tzinfo=UTC)  # the first day that is more than one school year later
DUE = MARKED + timedelta(days=30)


@pytest.fixture
def lead(team):
    person = member_of(team, name="Rosa Medina")
    team.memberships.filter(user=person).update(role=TeamRole.LEAD)
    return person


@pytest.fixture
def rule(team):
    district = team.school.district
    district.retention_years = 1
    district.save()
    return district


@pytest.fixture
def old(assignment, tmp_path):
    return with_pages(assignment, tmp_path, confirmed_at=BROUGHT)


def fresh(sample):
    return Sample.objects.get(pk=sample.pk)


def test_nothing_is_ever_destroyed_without_a_rule(old, commit):
    with commit():
        assert retention.run(now=MARKED + timedelta(days=20_000)) == (0, 0)
    assert fresh(old).goes_on is None
    assert old.pages.first().is_there


def test_work_is_marked_on_the_first_day_after_its_school_years_and_goes_thirty_days_later(rule, old, commit, settings):
    assert retention.run(now=MARKED - timedelta(days=1)) == (0, 0)
    assert retention.run(now=MARKED) == (1, 0)
    assert fresh(old).goes_on == date(2026, 8, 31)
    assert retention.run(now=DUE - timedelta(days=1)) == (0, 0)
    assert all_files(settings.MEDIA_ROOT)
    with commit():
        assert retention.run(now=DUE) == (0, 1)
    assert all_files(settings.MEDIA_ROOT) == []
    gone = fresh(old)
    assert gone.destroyed_at == DUE
    assert [(page.number, page.is_there) for page in gone.pages.all()] == [(1, False), (2, False)]
    assert retention.run(now=DUE) == (0, 0)


def test_work_of_later_years_and_of_other_districts_stays(rule, assignment, tmp_path):
    later = with_pages(assignment, tmp_path, confirmed_at=datetime(2025, 9, 1, tzinfo=UTC), label="B")
    elsewhere = with_pages(AssignmentFactory(), tmp_path, confirmed_at=BROUGHT)
    assert retention.run(now=MARKED) == (0, 0)
    assert [fresh(sample).goes_on for sample in (later, elsewhere)] == [None, None]


def test_a_rule_that_is_taken_back_or_loosened_takes_its_marks_back(rule, old):
    retention.run(now=MARKED)
    rule.retention_years = 2
    rule.save()
    retention.run(now=MARKED)
    assert fresh(old).goes_on is None
    rule.retention_years = 1
    rule.save()
    retention.run(now=MARKED)
    assert fresh(old).goes_on is not None
    rule.retention_years = None
    rule.save()
    assert retention.run(now=DUE) == (0, 0)
    assert fresh(old).goes_on is None


def test_a_lead_keeps_an_assignment_until_the_next_school_year_and_is_asked_again_then(rule, old, lead, commit):
    retention.run(now=MARKED)
    retention.keep(assignment=old.assignment, by=lead, reason="We follow these students", now=MARKED)
    with commit():
        assert retention.run(now=DUE + timedelta(days=100)) == (0, 0)
    assert old.pages.first().is_there
    assert retention.run(now=datetime(2027, 8, 1, 12, tzinfo=UTC)) == (1, 0)
    assert fresh(old).goes_on == date(2027, 8, 31)


def test_what_somebody_worries_about_is_not_destroyed_before_that_is_settled(rule, old, colleague, commit):
    withdrawing.withdraw(sample=old, page=old.pages.first(), reason="worry", by=colleague, now=MARKED)
    retention.run(now=MARKED)
    with commit():
        assert retention.run(now=DUE) == (0, 0)
    row = old.withdrawals.get()
    withdrawing.bring_back(withdrawal=row, by=colleague, now=DUE)
    with commit():
        assert retention.run(now=DUE) == (0, 1)


def test_archived_work_comes_back_until_it_is_destroyed_and_never_after(rule, old, uploader, commit):
    archiving.archive_samples(samples=[old.pk], by=uploader, now=MARKED)
    retention.run(now=MARKED)
    assert archiving.restore_samples(samples=[old.pk], by=uploader) == [old.pk]
    with commit():
        retention.run(now=DUE)
    with pytest.raises(archiving.NotArchived) as refused:
        archiving.restore_samples(samples=[old.pk], by=uploader)
    assert refused.value.sentence == archiving.DESTROYED
    assert not Sample.objects.current().filter(pk=old.pk).exists()
    assert not Sample.objects.archived().filter(pk=old.pk).exists()


def test_the_teams_page_says_what_goes_when_and_leads_alone_keep_it(rule, old, lead, colleague, outsiders):
    retention.run(now=MARKED)
    page, address = f"/teams/{old.assignment.team_id}/", f"/assignments/{old.assignment_id}/keep/"
    assert "31 August 2026" in signed_in(colleague).get(page).content.decode()
    for user, status in {colleague: 403, outsiders["another team"]: 404, outsiders["no team"]: 404}.items():
        assert signed_in(user).post(address, {"reason": "Because"}).status_code == status
    leads = signed_in(lead)
    empty = leads.post(address, {"reason": "  "}, headers={"accept": "application/json"})
    assert (empty.status_code, empty.json()["error"]) == (400, retention.NO_REASON)
    assert leads.post(address, {"reason": "We follow these students"}).status_code == 302
    assert fresh(old).goes_on is None
    assert "We follow these students" in leads.get(page).content.decode()
    assert KeptWork.objects.get().by == lead


def test_it_is_on_the_schedule(rule, old):
    scheduled = {entry["task"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}
    assert "work_samples.keep_to_the_rules" in scheduled
    tasks.keep_to_the_rules()
    assert fresh(old).goes_on is not None
