"""The rules of a district for student work: who sets them, what they say, and who changed what."""

import pytest
from django.test import Client
from django.urls import reverse

from teams.models import Administration, RuleChange
from tests.factories import TeamFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db

FORM = {
    "recordings_allowed": "", "recordings_consent": "", "groups": "", "reporting_duty": "", "concern_contact_name": "",
    "concern_contact_email": "", "retention_years": "", "team_quota_mb": "",
}  # fmt: skip


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def district():
    return TeamFactory().school.district


@pytest.fixture
def address(district):
    return reverse("teams:district_rules", args=[district.pk])


@pytest.fixture
def admin(district):
    user = UserFactory(name="Nia Brooks")
    Administration.objects.create(user=user, district=district)
    return user


@pytest.fixture
def client(admin):
    return signed_in(admin)


def test_only_the_districts_administrators_set_them(address, district, admin):
    school = district.schools.get()
    head, other = UserFactory(), UserFactory()
    Administration.objects.create(user=head, school=school)
    Administration.objects.create(user=other, district=TeamFactory().school.district)
    allowed = {
        admin: 200,
        head: 403,
        member_of(school.teams.get()): 403,
        other: 404,
        member_of(TeamFactory()): 404,
        UserFactory(): 404,
    }
    for user, status in allowed.items():
        browser = signed_in(user)
        assert browser.get(address).status_code == status
        if status != 200:
            assert browser.post(address, FORM | {"retention_years": "1"}).status_code == status
    assert Client().get(address).status_code == 302
    district.refresh_from_db()
    assert district.retention_years is None


def test_they_are_kept_and_each_change_is_logged_without_what_it_says(client, address, district, admin):
    rules = FORM | {
        "recordings_allowed": "on",
        "recordings_consent": "Form 12",
        "groups": "learning English\n  new  this year \n\nlearning English",
        "reporting_duty": "Call the line.",
        "concern_contact_name": "Ines Duarte",
        "concern_contact_email": "ines@district.example",
        "retention_years": "3",
        "team_quota_mb": "500",
    }
    assert client.post(address, rules).status_code == 302
    district.refresh_from_db()
    assert district.groups == ["learning English", "new this year"]
    assert (district.retention_years, district.team_quota_mb, district.recordings_allowed) == (3, 500, True)
    assert client.post(address, rules).status_code == 302
    logged = list(RuleChange.objects.values_list("rule", "by"))
    assert len(logged) == 7
    assert {by for _, by in logged} == {admin.pk}
    page = client.get(address).content.decode()
    assert "Who changed what" in page
    assert "Nia Brooks" in page
    assert "Ines Duarte is told of each worry" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"recordings_allowed": "on"}, "Say where consent is on file"),
        ({"concern_contact_name": "Ines"}, "Type the e-mail address under which Ines is told"),
        ({"concern_contact_email": "ines@district.example"}, "Say whose address this is"),
        ({"concern_contact_name": "Ines", "concern_contact_email": "ines"}, "Enter a valid email address"),
        ({"groups": "\n".join(f"group {n}" for n in range(13))}, "keep to 12 groups"),
        ({"groups": "g" * 41}, "under 40 characters"),
        ({"groups": "newcomers\nNewcomers"}, "the same name"),
        ({"retention_years": "0"}, "at least one school year"),
        ({"retention_years": "99"}, "At most 30 school years"),
        ({"team_quota_mb": "3"}, "at least 100 megabytes"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence_and_nothing_typed_is_lost(
    client, address, district, wrong, sentence
):
    answer = client.post(address, FORM | {"reporting_duty": "Call the line."} | wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "Call the line." in page
    district.refresh_from_db()
    assert district.reporting_duty == ""


def test_administrators_find_them_from_their_schools(client, address, district):
    school = district.schools.get()
    assert address in client.get(reverse("insights:school", args=[school.pk])).content.decode()
    head = UserFactory()
    Administration.objects.create(user=head, school=school)
    assert address not in signed_in(head).get(reverse("insights:school", args=[school.pk])).content.decode()
