"""Two people check, where a team wants it: the second sees burned pages alone, and nobody is their own second."""

import json

import pytest
from django.utils import timezone

from tests.factories import TeamFactory, member_of
from tests.work_samples.bringing import (
    NAME_BOX,
    all_files,
    body_of,
    bring,
    confirm,
    ink_left,
    make_pages,
    open_image,
    photo,
    post_confirm,
    ready,
    signed_in,
)  # fmt: skip
from work_samples.domain import cleanup
from work_samples.models import Sample, Upload
from work_samples.queries_waiting import still_waiting
from work_samples.signals import sample_confirmed

pytestmark = pytest.mark.django_db
BESIDE = {"page": 1, "x": 0.5, "y": 0.5, "w": 0.25, "h": 0.25}


@pytest.fixture
def team(db):
    return TeamFactory(two_person_check=True)


@pytest.fixture
def sample(assignment, tmp_path):
    return ready(assignment, photo(tmp_path))


@pytest.fixture
def covered(client, sample, commit):
    with commit():
        assert post_confirm(client, sample, [NAME_BOX]).json()["confirmed"] is False
    sample.refresh_from_db()
    return sample


@pytest.fixture
def told():
    heard = []

    def hear(sample_id, **_):
        heard.append(sample_id)

    sample_confirmed.connect(hear)
    yield heard
    sample_confirmed.disconnect(hear)


def seen_by(client, sample):
    return client.get(f"/samples/{sample.pk}/look/").context["seen"]


def say_ready(client, sample, **changes):
    data = {"seen": seen_by(client, sample), "looked": ["1"]} | changes
    return client.post(f"/samples/{sample.pk}/look/ready/", data, headers={"accept": "application/json"})


def send_back(client, sample, **changes):
    data = {"why": "name", "places": json.dumps([BESIDE])} | changes
    return client.post(f"/samples/{sample.pk}/look/back/", data, headers={"accept": "application/json"})


def test_covering_destroys_the_original_and_the_team_does_not_see_it_yet(covered, their_client, told):
    assert covered.waits_for_second
    assert not Upload.objects.exists()
    assert {path.path.parts[0] for path in all_files()} == {"pages"}
    assert told == []
    assert their_client.get(f"/samples/{covered.pk}/").status_code == 404
    assert their_client.get(f"/pages/{covered.pages.get().pk}/image/").status_code == 404
    assert not Sample.objects.confirmed().exists()


def test_a_colleague_sees_the_burned_page_and_confirms(covered, their_client, colleague, commit, told):
    image = open_image(body_of(their_client.get(f"/pages/{covered.pages.get().pk}/look/")))
    assert ink_left(image) == 0
    with commit():
        assert say_ready(their_client, covered).status_code == 200
    covered.refresh_from_db()
    assert covered.is_confirmed
    assert (covered.second_by, covered.second_at) == (colleague, covered.confirmed_at)
    assert told == [covered.pk]
    assert their_client.get(f"/samples/{covered.pk}/").status_code == 200


def test_nobody_is_their_own_second(covered, client):
    for what in ("look/", "look/ready/", "look/back/"):
        answer = (
            client.get(f"/samples/{covered.pk}/{what}")
            if what == "look/"
            else client.post(f"/samples/{covered.pk}/{what}")
        )
        assert answer.status_code == 403
    assert client.get(f"/pages/{covered.pages.get().pk}/look/").status_code == 404
    assert not Sample.objects.get().is_confirmed


def test_strangers_get_404(covered, outsiders):
    for outsider in outsiders.values():
        stranger = signed_in(outsider)
        assert stranger.get(f"/samples/{covered.pk}/look/").status_code == 404
        assert stranger.get(f"/pages/{covered.pages.get().pk}/look/").status_code == 404
        for what in ("ready", "back", "release"):
            assert stranger.post(f"/samples/{covered.pk}/look/{what}/").status_code == 404


def test_a_colleague_sees_nothing_before_the_names_are_covered(sample, their_client):
    assert their_client.get(f"/samples/{sample.pk}/look/").status_code == 404
    assert their_client.get(f"/pages/{sample.pages.get().pk}/look/").status_code == 404


def test_every_page_is_ticked_and_it_is_the_page_that_was_seen(covered, their_client):
    assert say_ready(their_client, covered, looked=[]).status_code == 409
    assert say_ready(their_client, covered, looked=["9", "x", "-1"]).status_code == 409
    assert say_ready(their_client, covered, seen="something else").status_code == 409
    assert not Sample.objects.get().is_confirmed


def test_sent_back_it_is_covered_further_and_looked_at_again(covered, their_client, client, commit, told):
    assert send_back(their_client, covered).status_code == 200
    covered.refresh_from_db()
    assert covered.is_draft
    assert (covered.sent_back_by.name, covered.sent_back_why) == ("David Kim", "name")
    assert covered.sent_back_places == [BESIDE]
    assert their_client.get(f"/pages/{covered.pages.get().pk}/look/").status_code == 404
    screen = client.get(f"/samples/{covered.pk}/redact/").content.decode()
    assert "sent it back: a name shows on page 1" in screen
    assert "Sent back: a name shows" in client.get(f"/assignments/{covered.assignment_id}/").content.decode()
    before = covered.pages.get().image.name
    with commit():
        post_confirm(client, covered, [NAME_BOX, BESIDE])
    assert before not in {str(path) for path in all_files()}
    assert len(all_files()) == 2
    with commit():
        say_ready(their_client, covered)
    covered.refresh_from_db()
    assert covered.is_confirmed
    assert told == [covered.pk]


def test_taking_out_a_file_that_was_added_leaves_the_pages_that_were_covered(
    covered, their_client, client, commit, tmp_path
):
    send_back(their_client, covered)
    before = covered.pages.get().pk
    bring(covered.assignment, photo(tmp_path, "more.jpg"), sample=Sample.objects.get())
    make_pages(covered)
    added = Upload.objects.get()
    assert list(covered.pages.values_list("number", "upload")) == [(1, None), (2, added.pk)]
    with commit():
        answer = client.post(
            f"/samples/{covered.pk}/uploads/{added.pk}/remove/", headers={"accept": "application/json"}
        )
    assert answer.status_code == 200
    assert list(covered.pages.values_list("pk", flat=True)) == [before]
    assert len(all_files()) == 2
    assert not Upload.objects.exists()


def test_a_file_that_was_added_and_cannot_be_read_is_taken_out_alone(covered, their_client, client, tmp_path):
    send_back(their_client, covered)
    upload = Upload.objects.create(sample=covered, position=1, file="uploads/x", error="It cannot be read.")
    page = client.get(f"/assignments/{covered.assignment_id}/").content.decode()
    assert f"/samples/{covered.pk}/uploads/{upload.pk}/remove/" in page


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"why": ""}, 409), ({"why": "Ada Lovelace"}, 409), ({"places": "{"}, 400), ({"places": '[{"page": 7}]'}, 400)],
)
def test_sending_back_takes_a_reason_from_the_list_and_places_on_its_pages(covered, their_client, changes, status):
    answer = send_back(their_client, covered, **changes)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert Sample.objects.get().waits_for_second


def test_what_waits_stays_as_it_is_and_its_uploader_may_take_it_back(covered, client, commit, tmp_path):
    assert post_confirm(client, covered, [NAME_BOX]).status_code == 200
    assert post_confirm(client, covered, [BESIDE]).status_code == 409
    assert client.post(f"/samples/{covered.pk}/redactions/", {"redactions": "[]"}).status_code in {302, 409}
    assert client.get(f"/samples/{covered.pk}/redact/").status_code == 302
    with commit():
        client.post(f"/samples/{covered.pk}/delete/")
    assert not Sample.objects.exists()
    assert not all_files()


def test_turned_off_nothing_is_released_but_by_its_uploader(covered, client, their_client, commit, told):
    team = covered.assignment.team
    release = f"/samples/{covered.pk}/look/release/"
    assert client.post(release, headers={"accept": "application/json"}).status_code == 409
    team.two_person_check = False
    team.save()
    assert Sample.objects.get().waits_for_second
    assert their_client.post(release).status_code == 404
    with commit():
        assert client.post(release).status_code == 302
    assert Sample.objects.get().is_confirmed
    assert told == [covered.pk]


def test_a_team_of_one_cannot_ask_for_two(client, team, uploader):
    from teams.forms import TeamForm

    form = TeamForm({"name": "Us", "norms": "", "two_person_check": "on"}, members=1)
    assert not form.is_valid()
    assert "only one" in form.errors["two_person_check"][0]


def test_what_waits_is_not_let_go_and_what_was_sent_back_has_its_days(covered, their_client):
    later = timezone.now() + timezone.timedelta(days=30)
    assert cleanup.expire_unconfirmed(now=later, days=7) == 0
    Sample.objects.update(created_at=timezone.now() - timezone.timedelta(days=30))
    send_back(their_client, covered)
    assert cleanup.expire_unconfirmed(now=timezone.now(), days=7) == 0
    assert cleanup.expire_unconfirmed(now=later, days=7) == 1


def test_the_check_before_a_session_says_what_waits_for_whom(covered, assignment, client, their_client, tmp_path):
    ready(assignment, photo(tmp_path, "b.jpg"))
    (mine,) = still_waiting(type(assignment).objects.all(), covered.uploader)
    assert (list(mine.to_cover), mine.to_look_at, mine.for_me) == ([("you", 1)], 1, 0)
    page = their_client.get(f"/assignments/{assignment.pk}/").content.decode()
    assert "A second look, please" in page
    assert "Waiting for a second look" in client.get(f"/assignments/{assignment.pk}/").content.decode()
    stranger = member_of(TeamFactory())
    assert still_waiting(type(assignment).objects.visible_to(stranger), stranger) == []


def test_without_the_option_one_person_is_enough(sample, team, client, commit):
    team.two_person_check = False
    team.save()
    with commit():
        confirm(sample)
    assert Sample.objects.get().is_confirmed
