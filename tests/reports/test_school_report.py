"""The school's page as PDF: the same cells, hidden ones too, for the same people; and readable without seeing it."""

import io
import json
import re

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from esw.core.models import Job
from insights.queries.school import Chosen
from reports.domain import kept, school_file
from reports.makers import MAKERS
from reports.models import KeptDocument
from reports.tasks import make_document
from teams.models import Administration
from tests.factories import UserFactory
from tests.insights.schooling import HELD, Schooling
from tests.reports.paper import elements, opened, text_of

pytestmark = pytest.mark.django_db
HIDDEN = "Hidden, because it would rest on fewer than ten samples."
HOSTILE = "=#panic() $x$ *b* </svg>"


@pytest.fixture
def riverside():
    return Schooling()


def asked(riverside, user=None, **filters):
    client = Client()
    client.force_login(user or riverside.administrator)
    return client.get(reverse("reports:school_report", args=[riverside.school.pk]), filters)


def made(riverside, **filters):
    """The PDF, made by the job that the first question queued."""
    assert asked(riverside, **filters).status_code == 202
    make_document(str(Job.objects.latest("created_at").pk))
    answer = asked(riverside, **filters)
    assert answer.status_code == 200, Job.objects.latest("created_at").error
    return answer.getvalue()


def flat(text):
    return re.sub(r"\s+", " ", text)


def test_it_tells_what_the_page_tells_and_hides_what_it_hides(riverside):
    seventh = riverside.team(name="The seventh graders")
    riverside.hold(seventh, levels=[3] * 8 + [1] * 4, subject=HOSTILE)
    riverside.hold(riverside.team(), levels=[3] * 4, grade="5")
    pdf = made(riverside)
    text = flat(text_of(pdf))
    for told in ("Riverside", "about 65", "at least 95", "120 or more", "Grade 5, ELA", HIDDEN, "October 2026"):
        assert told in text
    assert HOSTILE in text
    assert "seventh graders" not in text
    for person in seventh.people:
        assert person.name not in text
    with opened(pdf) as document:
        assert document.Root.MarkInfo.Marked is True
        assert str(document.Root.Lang) == "en"
        with document.open_metadata() as about:
            assert about["dc:title"] == "Riverside"
            assert str(about["pdfuaid:part"]) == "1"
        found = elements(document)
        kinds = [str(each.S) for each in found]
        pictures = [str(each.Alt) for each in found if str(each.S) == "/Figure"]
    assert len(pictures) == 3
    assert "Grade 5, ELA: hidden" in pictures[0]
    assert "at least 95" in pictures[0]
    assert {"/Table", "/TH", "/H1"} <= set(kinds)


def test_the_filters_of_the_address_are_those_of_the_pdf(riverside):
    riverside.hold(riverside.team(), levels=[3] * 12, grade="8", at=HELD)
    riverside.hold(riverside.team(), levels=[3] * 12, grade="6", at=HELD)
    text = flat(text_of(made(riverside, grade="8", **{"from": "2026-09-01"})))
    assert "Grade 8, from 1 September 2026" in text
    assert "Grade 6" not in text
    assert asked(riverside).status_code == 202  # without filters it is another document


def test_it_is_made_again_when_a_session_more_is_finished_and_not_otherwise(riverside):
    team = riverside.team()
    riverside.hold(team, levels=[3] * 4)
    school = riverside.school
    for chosen in (Chosen(), Chosen(grade="7", since=HELD.date())):
        row = KeptDocument(
            kind=school_file.KIND, subject=school.pk, options=json.loads(json.dumps(school_file.options_of(chosen)))
        )
        assert MAKERS[school_file.KIND].digest(row) == school_file.digest_of(school, chosen)
    before = school_file.digest_of(school, Chosen())
    with timezone.override("Pacific/Kiritimati"):  # of whoever asks
        assert school_file.digest_of(school, Chosen()) == before
    riverside.hold(team, levels=[3])
    assert school_file.digest_of(school, Chosen()) != before


def test_who_waits_sees_how_far_it_is_and_may_try_again(riverside):
    riverside.hold(riverside.team(), levels=[3] * 4)
    client = Client()
    client.force_login(riverside.administrator)
    page = client.get(reverse("reports:school_report", args=[riverside.school.pk]), {"grade": "7"})
    assert "The school’s page as PDF" in page.content.decode()
    assert "?grade=7" in page.content.decode()
    Job.objects.update(state="failed", error="There is no room left.")
    assert "There is no room left." in asked(riverside, grade="7").content.decode()
    again = reverse("reports:school_report_again", args=[riverside.school.pk])
    answer = client.post(f"{again}?grade=7")
    assert answer.url.endswith("/report/?grade=7")
    assert Job.objects.latest("created_at").state == "pending"


def test_it_is_for_those_who_see_the_page(riverside):
    team = riverside.team()
    riverside.hold(team, levels=[3] * 4)
    overseer = Administration.objects.create(user=UserFactory(), district=riverside.school.district).user
    assert asked(riverside, overseer).status_code == 202
    assert asked(riverside, team.people[0]).status_code == 404
    assert asked(riverside, UserFactory()).status_code == 404


def test_what_is_no_longer_true_is_let_go(riverside):
    riverside.hold(riverside.team(), levels=[3] * 4)
    asked(riverside)
    name = default_storage.save("reports/x/y.pdf", io.BytesIO(b"%PDF"))
    KeptDocument.objects.update(file=name, digest="of another day", checked_at=HELD.replace(year=2025))
    kept.tidy(makers=MAKERS, now=HELD.replace(year=2025, month=12))
    assert not KeptDocument.objects.exists()
