"""The student group of a sample: nobody scores by it, because no byte of the room, the wall or the record tells it."""

import pytest

from tests.sessions_app.meeting import Meeting
from tests.sessions_app.test_projector import make_link, open_link
from work_samples.models import Sample

pytestmark = pytest.mark.django_db
GROUP = "Learning English with support"
PANELS = ("all", "rail", "now", "work", "people", "notes", "reveal", "decisions")


@pytest.fixture
def meeting():
    meeting = Meeting(people=4, samples=2).to_making("scores")
    Sample.objects.filter(pk__in=[sample.pk for sample in meeting.samples]).update(group=GROUP)
    return meeting


def test_the_room_and_its_json_never_tell_it(meeting):
    for person in (meeting.facilitator, meeting.people[3]):
        answers = [person.get("room"), person.get("state", accept="application/json"), person.get("edit")]
        answers += [person.get("panel", panel) for panel in PANELS]
        assert all(GROUP not in answer.text for answer in answers)
        assert sum(answer.status_code == 200 for answer in answers) >= len(PANELS)


def test_the_projector_never_tells_it(meeting):
    wall, base = open_link(make_link(meeting))
    for address in (base, f"{base}state/", f"{base}panel/screen/"):
        answer = wall.get(address)
        assert answer.status_code == 200
        assert GROUP not in answer.text


def test_the_sample_page_and_the_library_tell_it_only_once_the_session_is_over(meeting):
    somebody, sample = meeting.people[3].client, meeting.samples[0]
    used, listed = f"/library/samples/{sample.pk}/used/", f"/library/?view=list&assignment={meeting.assignment.pk}"
    assert GROUP not in somebody.get(f"/samples/{sample.pk}/").text
    assert GROUP not in somebody.get(used).text
    assert GROUP not in somebody.get(listed).text
    meeting.give("finish")
    assert GROUP in somebody.get(used).text
    assert GROUP in somebody.get(listed).text
    record = somebody.get(f"/sessions/{meeting.session.pk}/record/")
    assert record.status_code == 200
    assert GROUP not in record.text
    assert GROUP not in somebody.get(f"/sessions/{meeting.session.pk}/record/?format=json").text
