"""A planned session's focus question is for who words it, until the room opens."""

import pytest

from tests.sessions_app.meeting import Meeting

pytestmark = pytest.mark.django_db


def test_home_and_team_show_the_question_to_who_words_it_and_the_task_to_the_others():
    meeting = Meeting()
    question = meeting.session.focus_question
    for path in ("/", f"/teams/{meeting.team.pk}/"):
        assert question in meeting.facilitator.client.get(path).content.decode(), path
        assert question in meeting.presenter.client.get(path).content.decode(), path
        others = meeting.people[4].client.get(path).content.decode()
        assert question not in others, path
        assert meeting.assignment.title in others
    meeting.give("open")
    assert question in meeting.people[4].client.get("/").content.decode()
