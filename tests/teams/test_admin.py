"""The staff's admin holds people and structure, and nothing that anybody wrote, scored or agreed."""

import pytest
from django.contrib import admin
from django.urls import reverse

from teams.models import District, Membership, School, Team, User
from tests.factories import PASSWORD, AssignmentFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PEOPLE_AND_STRUCTURE = {"User", "District", "School", "Team"}


@pytest.fixture
def staff(client):
    user = User.objects.create_superuser("staff@school.example", PASSWORD, name="Staff")
    client.force_login(user)
    return user


def test_only_people_and_structure_are_registered():
    assert {model.__name__ for model in admin.site._registry} <= PEOPLE_AND_STRUCTURE


def test_no_room_of_writing_is_registered():
    rooms = {model._meta.app_label for model in admin.site._registry}
    assert not rooms & {"sessions_app", "work_samples", "rubrics", "insights", "reports", "core"}


def test_a_teams_norms_are_not_shown(client, staff):
    team = MembershipFactory(team__norms=["A SENTENCE OF THEIRS"]).team
    page = client.get(reverse("admin:teams_team_change", args=[team.pk])).content.decode()
    assert team.name in page
    assert "A SENTENCE OF THEIRS" not in page


@pytest.mark.parametrize("model", [User, District, School, Team])
def test_deleting_never_lists_what_people_wrote(client, staff, model):
    membership = MembershipFactory()
    AssignmentFactory(team=membership.team, created_by=membership.user, title="WORDS OF THEIRS")
    name, rows = (
        model._meta.model_name,
        {
            User: membership.user,
            Team: membership.team,
            School: membership.team.school,
            District: membership.team.school.district,
        },
    )
    one = client.get(reverse(f"admin:teams_{name}_delete", args=[rows[model].pk]))
    action = {"action": "delete_selected", "_selected_action": [rows[model].pk]}
    many = client.post(reverse(f"admin:teams_{name}_changelist"), action)
    for page in (one.content.decode(), many.content.decode()):
        assert "WORDS OF THEIRS" not in page
        assert "annot delete" in page
    assert model.objects.filter(pk=rows[model].pk).exists()


@pytest.mark.parametrize("model", [User, District, School, Team])
def test_staff_can_list_and_open(client, staff, model):
    MembershipFactory()
    name = model._meta.model_name
    assert client.get(reverse(f"admin:teams_{name}_changelist")).status_code == 200
    row = model.objects.first()
    assert client.get(reverse(f"admin:teams_{name}_change", args=[row.pk])).status_code == 200
    assert client.get(reverse(f"admin:teams_{name}_add")).status_code == 200


def test_staff_add_a_person_without_ever_knowing_a_password(client, staff):
    data = {"email": "Nia@School.example", "name": "Nia", "is_active": "on"}
    for prefix in ("memberships", "administrations"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    client.post(reverse("admin:teams_user_add"), data)
    nia = User.objects.get(email="nia@school.example")
    assert not nia.has_usable_password()


def test_a_teacher_has_no_way_in(client):
    client.force_login(UserFactory())
    assert client.get(reverse("admin:index")).status_code == 302
    assert Membership.objects.count() == 0


def test_staff_come_in_by_the_one_log_in_that_counts_failed_tries(client):
    answer = client.get(reverse("admin:login"))
    assert answer.headers["Location"].startswith("/accounts/login/")
