"""The pages of rubrics: who sees them, what the editor's buttons do, and that nothing typed is lost."""

import pytest
from django.urls import reverse

from rubrics.domain.editing import use_version
from rubrics.models import Rubric, Version
from tests.factories import MembershipFactory, RubricFactory, TeamFactory, VersionFactory
from tests.rubrics.conftest import sent
from tests.rubrics.test_saving import NOW


def page(response):
    return response.content.decode()


@pytest.mark.parametrize("name", ["rubrics:rubric", "rubrics:edit"])
def test_a_stranger_is_told_that_there_is_nothing(client, stranger, rubric, name):
    client.force_login(stranger)
    assert client.get(reverse(name, args=[rubric.pk])).status_code == 404


def test_a_stranger_cannot_save(client, stranger, version, edit_url):
    client.force_login(stranger)
    assert client.post(edit_url, sent(version, title="Mine now")).status_code == 404
    assert Rubric.objects.get().title == "Argument writing"


def test_someone_without_a_session_is_sent_to_log_in(client, rubric):
    assert client.get(reverse("rubrics:rubric", args=[rubric.pk])).status_code == 302


def test_a_rubric_cannot_be_written_for_a_team_that_is_not_mine(as_member, team, version):
    other = TeamFactory()
    assert as_member.get(reverse("rubrics:new"), {"team": other.pk}).status_code == 404
    assert as_member.post(reverse("rubrics:new"), sent(version, team=str(other.pk))).status_code == 404


def test_the_list_shows_my_teams_rubrics_and_nobody_elses(as_member, rubric):
    RubricFactory(title="Not for you")
    text = page(as_member.get(reverse("rubrics:list")))
    assert "Argument writing" in text
    assert "Not for you" not in text


def test_someone_without_a_team_is_told_what_to_do(client, db):
    from tests.factories import UserFactory

    client.force_login(UserFactory())
    for name in ["rubrics:list", "rubrics:new"]:
        assert "You are not in a team yet" in page(client.get(reverse(name)))


def test_the_rubric_shows_its_newest_version_and_links_to_the_older(as_member, version, edit_url):
    use_version(version=version, now=NOW)
    as_member.post(edit_url, sent(version, title="Argument writing, second"))
    address = reverse("rubrics:rubric", args=[version.rubric_id])
    assert "Argument writing, second" in page(as_member.get(address))
    old = page(as_member.get(address, {"version": "1"}))
    assert "This is an older version" in old
    assert "<h1>Argument writing</h1>" in old


@pytest.mark.parametrize("asked", ["9", "x", "-1", "1" * 400])
def test_a_version_that_never_was_is_not_found(as_member, rubric, asked):
    assert as_member.get(reverse("rubrics:rubric", args=[rubric.pk]), {"version": asked}).status_code == 404


def test_saving_leads_to_the_rubric_and_says_so(as_member, version, edit_url):
    response = as_member.post(edit_url, sent(version, title="Better"), follow=True)
    assert "Saved as version 1." in page(response)
    assert "<h1>Better</h1>" in page(response)


def test_a_new_rubric_is_saved_for_my_team(as_member, team, version):
    as_member.post(reverse("rubrics:new"), sent(version, title="Another", criterion_key=["", "", ""], based_on=""))
    assert Rubric.objects.get(title="Another").team == team


def test_rows_left_blank_are_not_saved(as_member, version, edit_url):
    data = sent(version)
    data["criterion"] = [*data["criterion"], " "]
    data["cell"] = [*data["cell"], "", "", " ", ""]
    as_member.post(edit_url, data | {"title": "Blank row"})
    assert version.criteria.count() == 3


def test_nothing_typed_is_lost_when_something_is_wrong(as_member, version, edit_url):
    data = sent(version, title="", level=["one", "", "three", "four"], proficient_from="")
    data["cell"][5] = "Typed with care.\n\nIn two paragraphs <b>here</b>."
    response = as_member.post(edit_url, data)
    text = page(response)
    assert response.status_code == 400
    for sentence in ["Give the rubric a title.", "Give level 2 a name.", "Mark the level from which"]:
        assert sentence in text
    assert "Typed with care.\n\nIn two paragraphs &lt;b&gt;here&lt;/b&gt;." in text
    assert Version.objects.get().rubric.title == "Argument writing"


def test_a_text_that_begins_with_a_blank_line_keeps_its_first_words(as_member, version, edit_url):
    data = sent(version, title="")
    data["cell"][0] = "First words"
    assert ">\nFirst words</textarea>" in page(as_member.post(edit_url, data))


def test_someone_who_saved_meanwhile_is_shown_beside_what_was_typed(as_member, version, edit_url):
    mine = sent(version, title="Mine")
    mine["cell"][0] = "My words"
    theirs = sent(version)
    theirs["cell"][0] = "Their words"
    as_member.post(edit_url, theirs)
    response = as_member.post(edit_url, mine)
    text = page(response)
    assert response.status_code == 409
    assert "Somebody else saved this rubric while you were typing" in text
    assert "My words</textarea>" in text
    assert "Their words" in text


def test_after_that_page_saving_again_puts_my_words_in_place(as_member, version, edit_url):
    mine = sent(version, title="Mine")
    as_member.post(edit_url, sent(version, title="Theirs"))
    shown = as_member.post(edit_url, mine).context["form"]
    as_member.post(edit_url, mine | {"based_on": shown.based_on})
    assert Rubric.objects.get().title == "Mine"


@pytest.mark.parametrize(
    ("action", "titles"),
    [
        ("add-criterion", ["Claim", "Evidence", "Reasoning", ""]),
        ("remove-criterion:1", ["Claim", "Reasoning"]),
        ("up:2", ["Claim", "Reasoning", "Evidence"]),
        ("down:0", ["Evidence", "Claim", "Reasoning"]),
        ("up:0", ["Claim", "Evidence", "Reasoning"]),
        ("down:2", ["Claim", "Evidence", "Reasoning"]),
        ("remove-criterion:99", ["Claim", "Evidence", "Reasoning"]),
        ("remove-criterion:-1", ["Claim", "Evidence", "Reasoning"]),
        ("remove-criterion:x", ["Claim", "Evidence", "Reasoning"]),
    ],
)
def test_the_buttons_change_the_rows_without_javascript_and_without_saving(
    as_member, version, edit_url, action, titles
):
    response = as_member.post(edit_url, sent(version, action=action, title="Typed"))
    form = response.context["form"]
    assert response.status_code == 200
    assert [row.title for row in form.rows] == titles
    assert form.title == "Typed"
    assert all(len(row.cells) == 4 for row in form.rows)
    assert Rubric.objects.get().title == "Argument writing"


def test_a_row_that_moves_takes_its_words_and_its_key_along(as_member, version, edit_url):
    form = as_member.post(edit_url, sent(version, action="up:1")).context["form"]
    assert form.rows[0].cells[2].text == "Evidence at 3."
    assert form.rows[0].key == str(version.criteria.get(title="Evidence").key)


def test_a_level_is_added_at_the_top_with_a_blank_cell_in_each_row(as_member, version, edit_url):
    form = as_member.post(edit_url, sent(version, action="add-level")).context["form"]
    assert [level.text for level in form.levels] == ["beginning", "nearing", "proficient", "beyond", ""]
    assert form.rows[0].cells[4].text == ""


@pytest.mark.parametrize(("place", "marked"), [(0, 2), (2, 3), (3, 3)])
def test_a_level_that_goes_takes_its_cells_and_the_line_stays_where_it_was(as_member, version, edit_url, place, marked):
    form = as_member.post(edit_url, sent(version, action=f"remove-level:{place}")).context["form"]
    assert [cell.text for cell in form.rows[0].cells] == [f"Claim at {n}." for n in range(1, 5) if n != place + 1]
    assert form.proficient_from == marked


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"action": "save"},
        {"action": "add-level"},
        {"action": "remove-level:0"},
        {"action": "save", "criterion": ["Claim"], "cell": ["x"] * 50},
        {"action": "save", "level": ["a"] * 40, "criterion": ["Claim"] * 40, "cell": ["x"]},
        {"action": "save", "criterion_key": ["not-a-key", "'; drop table"], "criterion": ["A", "B"], "level": ["a"]},
        {"action": "save", "proficient_from": "\u0663", "level": ["a", "b"]},
        {"action": "save", "proficient_from": "9" * 5000, "level": ["a", "b"]},
        {"action": "save", "title": "a\x00b", "based_on": "\x00" * 2000},
    ],
)
def test_a_hostile_form_gets_a_page_that_says_what_is_wrong(as_member, rubric, edit_url, data):
    response = as_member.post(edit_url, data)
    assert response.status_code in {200, 400}
    assert Version.objects.get().criteria.count() == 3


def test_markup_in_a_rubric_is_shown_and_never_run(as_member, version, edit_url):
    as_member.post(edit_url, sent(version, title="<script>alert(1)</script>"))
    text = page(as_member.get(reverse("rubrics:rubric", args=[version.rubric_id])))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_no_page_of_rubrics_has_inline_styles_or_scripts(as_member, rubric, edit_url):
    for address in [reverse("rubrics:list"), reverse("rubrics:rubric", args=[rubric.pk]), edit_url]:
        text = page(as_member.get(address))
        assert " style=" not in text
        assert " onclick=" not in text


def test_the_list_costs_the_same_for_one_rubric_as_for_many(as_member, rubric, team, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = reverse("rubrics:list")
    as_member.get(address)
    with CaptureQueriesContext(connection) as few:
        as_member.get(address)
    for _ in range(5):
        VersionFactory(rubric=RubricFactory(team=team))
        MembershipFactory(user=rubric.team.memberships.get().user)
    with CaptureQueriesContext(connection) as many:
        as_member.get(address)
    assert len(many) == len(few)


def test_the_rubric_page_costs_the_same_for_many_versions(as_member, version):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = reverse("rubrics:rubric", args=[version.rubric_id])
    as_member.get(address)
    with CaptureQueriesContext(connection) as few:
        as_member.get(address)
    for number in range(2, 6):
        VersionFactory(rubric=version.rubric, number=number)
    with CaptureQueriesContext(connection) as many:
        as_member.get(address)
    assert len(many) == len(few)
