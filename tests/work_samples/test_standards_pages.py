"""The pages of standards: who sees them, who brings them, and that 5,000 statements cost what five do."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from teams.models import Administration
from tests.factories import AssignmentFactory, TeamFactory, UserFactory, member_of
from tests.work_samples.case_files import below, item, large, package
from work_samples.domain.standards import import_framework
from work_samples.models import Assignment, Framework, Statement
from work_samples.standards import read

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SMALL = package(
    [item("w", "Writing", humanCodingScheme="W"), item("w1", "Give reasons & <evidence>", humanCodingScheme="W.1")],
    [below("w"), below("w1", "w")],
)


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def framework(team):
    return brought(team, SMALL)


def brought(team, data: bytes) -> Framework:
    done = import_framework(district=team.school.district, read=read(data), by=None, now=timezone.now())
    return done.framework


@pytest.fixture
def teacher(client, team):
    client.force_login(member_of(team))
    return client


@pytest.fixture
def administrator(client, team):
    user = UserFactory()
    Administration.objects.create(user=user, district=team.school.district)
    client.force_login(user)
    return client


def bring(client, data: bytes, name: str = "ours.csv", **more: str):
    file = SimpleUploadedFile(name, data)
    district = Administration.objects.filter(user=client.session["_auth_user_id"]).first()
    key = str(district.district_id) if district else ""
    return client.post(reverse("work_samples:standards_import"), {"file": file, "district": key} | more)


# --- who ------------------------------------------------------------------------------------------------------


def pages(framework: Framework) -> list[str]:
    key = framework.pk
    return [reverse("work_samples:framework", args=[key]), reverse("work_samples:framework_table", args=[key])]


def test_a_teacher_of_the_district_sees_its_standards(teacher, framework) -> None:
    for page in [reverse("work_samples:standards"), *pages(framework)]:
        assert teacher.get(page).status_code == 200


def test_the_form_of_an_assignment_leads_to_the_standards_where_there_are_any(client, teacher, framework) -> None:
    link, form = f'href="{reverse("work_samples:standards")}"', reverse("work_samples:assignment_new")
    assert link in teacher.get(form).content.decode()
    client.force_login(member_of(TeamFactory()))
    assert link not in client.get(form).content.decode()


def test_a_stranger_finds_nothing(client, framework) -> None:
    client.force_login(member_of(TeamFactory()))
    for page in pages(framework):
        assert client.get(page).status_code == 404
    assert b"W.1" not in client.get(reverse("work_samples:standards_find"), {"q": "reasons"}).content
    assert b"Made-up" not in client.get(reverse("work_samples:standards")).content


def test_only_who_administers_the_district_brings(teacher, team) -> None:
    assert teacher.get(reverse("work_samples:standards_import")).status_code == 403
    Administration.objects.create(user_id=teacher.session["_auth_user_id"], school=team.school)
    assert bring(teacher, SMALL).status_code == 403
    assert not Framework.objects.exists()


def test_nobody_brings_into_a_district_that_is_not_theirs(administrator) -> None:
    other = TeamFactory().school.district
    answer = bring(administrator, SMALL, district=str(other.pk))
    assert answer.status_code == 422
    assert not Framework.objects.exists()


# --- bringing -------------------------------------------------------------------------------------------------


def test_an_administrator_brings_a_framework(administrator) -> None:
    answer = bring(administrator, SMALL, "ours.json")
    assert answer.status_code == 302
    assert Statement.objects.count() == 2
    assert b"statements 2 added" in administrator.get(answer["Location"]).content


def test_a_table_is_called_as_it_was_said_or_as_its_file(administrator) -> None:
    bring(administrator, b"code,text\nA,One\n", "Grade 7.csv")
    bring(administrator, b"code,text\nA,One\n", title="Ours")
    assert set(Framework.objects.values_list("title", flat=True)) == {"Grade 7", "Ours"}


def test_what_was_put_right_is_said(administrator) -> None:
    answer = bring(administrator, package([item("a"), item("b")], [below("a"), below("b", "gone")]))
    assert answer.status_code == 200
    assert "below something that is not in the file" in answer.content.decode()


def test_bad_rows_are_named_and_the_rest_can_be_kept(administrator) -> None:
    table = b"code,text\nA,One\nB,\n"
    answer = bring(administrator, table)
    assert answer.status_code == 422
    assert "Line 3: it has no text." in answer.content.decode()
    assert not Framework.objects.exists()
    bring(administrator, table, keep_rest="on")
    assert Statement.objects.count() == 1


def test_a_command_imports_as_well(team, tmp_path) -> None:
    path = tmp_path / "ours.json"
    path.write_bytes(SMALL)
    call_command("import_standards", str(path), district=team.school.district.name)
    call_command("import_standards", str(path), district=str(team.school.district_id))
    assert Statement.objects.count() == 2
    with pytest.raises(CommandError, match="no district"):
        call_command("import_standards", str(path), district="Elsewhere")
    path.write_bytes(b"code,text\nA,\n")
    with pytest.raises(CommandError, match="Line 2"):
        call_command("import_standards", str(path), district=team.school.district.name)


# --- picking --------------------------------------------------------------------------------------------------


def test_words_and_codes_are_found_in_their_place(teacher, framework) -> None:
    for typed in ("w.1", "REASONS give", "evidence>"):
        found = teacher.get(reverse("work_samples:standards_find"), {"q": typed, "pick": "1"}, headers=HTMX).content
        assert b"Give reasons &amp; &lt;evidence&gt;" in found
        assert b'value="W.1"' in found
    assert b"Nothing fits" in teacher.get(reverse("work_samples:standards_find"), {"q": "%_"}, headers=HTMX).content


def test_a_branch_opens_alone(teacher, framework) -> None:
    page = reverse("work_samples:framework", args=[framework.pk])
    top = teacher.get(page, headers=HTMX).content
    assert b"Writing" in top
    assert b"reasons" not in top
    below_w = {"below": str(Statement.objects.get(code="W").pk), "pick": "1"}
    assert b'value="W.1"' in teacher.get(page, below_w, headers=HTMX).content
    assert b"<title>" in teacher.get(page, below_w).content


@pytest.mark.parametrize("asked", [{"below": "x"}, {"below": "0" * 32}])
def test_a_branch_that_is_not_there_is_not_there(teacher, framework, asked) -> None:
    assert teacher.get(reverse("work_samples:framework", args=[framework.pk]), asked).status_code == 404


def test_five_thousand_statements_cost_what_five_do(teacher, team, django_assert_max_num_queries) -> None:
    framework = brought(team, large(5000))
    page = reverse("work_samples:framework", args=[framework.pk])
    find = reverse("work_samples:standards_find")
    form = reverse("work_samples:assignment_new")
    for address, asked in [(page, {"pick": "1"}), (find, {"q": "made-up reader", "pick": "1"}), (find, {"q": "M.4"})]:
        with django_assert_max_num_queries(13):
            answer = teacher.get(address, asked, headers=HTMX)
        assert len(answer.content) < 64_000
    with django_assert_max_num_queries(14):
        answer = teacher.get(form)
    assert len(answer.content) < 40_000
    assert b"made-up thing" not in answer.content


def test_a_wide_branch_goes_on_with_a_button(teacher, team) -> None:
    framework = brought(team, package([item(f"i{at}") for at in range(150)], [below(f"i{at}") for at in range(150)]))
    page = reverse("work_samples:framework", args=[framework.pk])
    assert teacher.get(page, headers=HTMX).content.count(b"<li>") == 100
    rest = teacher.get(page, {"start": "100"}, headers=HTMX).content
    assert rest.count(b"<li>") == 50
    assert b"Show more" not in rest


def test_codes_of_no_framework_may_still_be_typed(teacher, team, framework) -> None:
    told = {"title": "T", "prompt": "P", "standards": "W.1, OWN.7", "selection": "all", "team": str(team.pk)}
    teacher.post(
        reverse("work_samples:assignment_new"), told | {"intended_learning": "To argue", "assessment": "common"}
    )
    made = Assignment.objects.get()
    assert made.standards == ["W.1", "OWN.7"]
    assert (made.intended_learning, made.assessment) == ("To argue", "common")
    shown = teacher.get(reverse("work_samples:assignment", args=[made.pk])).content.decode()
    assert "Give reasons &amp; &lt;evidence&gt;" in shown
    assert "Common assessment of a team" in shown
    assert "To argue" in shown


def test_a_retired_statement_is_not_offered_and_still_explains_its_code(teacher, team, framework) -> None:
    brought(team, package([item("w", "Writing", humanCodingScheme="W")], [below("w")]))
    found = teacher.get(reverse("work_samples:standards_find"), {"q": "W.1"}, headers=HTMX).content
    assert b"reasons" not in found
    made = AssignmentFactory(team=team, standards=["W.1"])
    assert b"Give reasons" in teacher.get(reverse("work_samples:assignment", args=[made.pk])).content


def test_the_table_is_what_an_import_takes(teacher, framework) -> None:
    answer = teacher.get(reverse("work_samples:framework_table", args=[framework.pk]))
    assert answer["Content-Type"].startswith("text/csv")
    again = read(answer.content, title="Ours")
    assert [(each.code, each.parent) for each in again.statements] == [("W", None), ("W.1", "w")]
