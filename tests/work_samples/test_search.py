"""Finding work by words: alike on both databases, with whatever is typed."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from teams.models import Team
from tests.factories import AssignmentFactory, SampleFactory, TeamFactory
from work_samples import search, search_index
from work_samples.models import Assignment, Page, Recording, Sample

pytestmark = pytest.mark.django_db
HOSTILE = (
    *('"', "'", "*", "lunch*", '"lunch', "NEAR(lunch school)", "NEAR(", "lunch AND", "OR", "NOT", "title:lunch"),
    *("{title}", "-lunch", "^lunch", "\0", "lun\0ch", "lunch\\", "\\", "%", "_", "%s", "lunch:*", "!lunch", "<->"),
    *("a & b", "((", "𝒜", "²", "'; DROP TABLE work_samples_sample; --", "лунч", "学生", "\u202elunch"),
    *("lunch " * 2000, "x" * 10_240, "é" * 10_240),
)  # fmt: skip


@pytest.fixture
def lunch():
    """An assignment with samples A and B, and one about something else."""
    found = AssignmentFactory(
        title="A longer lunch",
        prompt="Should our school have a longer lunch? Cite évidence from the café’s survey.",
        standards=["CCSS.ELA-LITERACY.W.7.1", "W.7.10", "Ñ.2"],
    )
    for label in ("A", "Group 3"):
        SampleFactory(assignment=found, label=label)
    other = AssignmentFactory(title="Fractions of a pizza", prompt="Share three pizzas fairly.", standards=["3.NF.1"])
    SampleFactory(assignment=other, label="A")
    return found


def everywhere():
    return search.Within(list(Team.objects.values_list("pk", flat=True)))


def found_by(typed):
    return sorted(
        f"{sample.assignment.title[:10].strip()}: {sample.label}"
        for sample in search.matching(Sample.objects.select_related("assignment"), typed, within=everywhere())
    )


BOTH = ["A longer l: A", "A longer l: Group 3"]


@pytest.mark.parametrize(
    "typed",
    ["lunch", "LUNCH", "lun", "longer school", "school longer", "evidence", "Évidence", "cafe", "café", "W.7.1"],
)
def test_a_word_is_found_from_its_beginning_whatever_its_accents_capitals_and_place(lunch, typed):
    assert found_by(typed) == BOTH


@pytest.mark.parametrize("typed", ["unch", "lunch pizza", "lunchtime", "***", "…"])
def test_what_is_not_said_is_not_found(lunch, typed):
    assert found_by(typed) == []


def test_short_words_find_the_beginning_of_words(lunch):
    assert found_by("lo lu") == BOTH
    assert found_by("l") == BOTH


def test_an_accent_that_stands_beside_its_letter_is_an_accent(lunch):
    assert found_by("cafe\u0301") == BOTH
    AssignmentFactory(title="Cafe\u0301 au lait")
    assert (
        search.assignments_matching(
            Assignment.objects.all(), "café lait", samples=Sample.objects.all(), within=everywhere()
        ).count()
        == 1
    )


def test_a_label_is_found_when_it_is_typed_whole_alone_or_with_words_of_the_task(lunch):
    assert found_by("Group 3") == ["A longer l: Group 3"]
    assert found_by("group 3") == ["A longer l: Group 3"]
    assert found_by("pizza A") == ["Fractions: A"]
    assert found_by("Grou") == []


def test_assignments_are_found_by_their_words_and_by_their_samples_labels(lunch):
    def titles(typed):
        found = search.assignments_matching(
            Assignment.objects.all(), typed, samples=Sample.objects.all(), within=everywhere()
        )
        return sorted(found.values_list("title", flat=True))

    assert titles("group 3") == ["A longer lunch"]
    assert titles("a") == ["A longer lunch", "Fractions of a pizza"]
    assert titles("nothing") == []


def test_it_only_narrows_what_it_is_given(lunch):
    assert not search.matching(Sample.objects.filter(label="Z"), "lunch", within=everywhere()).exists()


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_breaks_it(lunch, typed):
    found_by(typed)
    list(
        search.assignments_matching(Assignment.objects.all(), typed, samples=Sample.objects.all(), within=everywhere())
    )
    list(Assignment.objects.filter(search.to_standard(typed, within=everywhere())))


def test_operators_are_words_like_any_other(lunch):
    AssignmentFactory(title="Near or not")
    assert Assignment.objects.filter(title="Near or not").exists()
    found = search.assignments_matching(
        Assignment.objects.all(), "NOT NEAR OR", samples=Sample.objects.all(), within=everywhere()
    )
    assert [each.title for each in found] == ["Near or not"]


def test_a_standard_finds_itself_and_those_below_it_but_not_its_neighbour(lunch):
    below = AssignmentFactory(title="Below", standards=["W.7.1.B"])
    AssignmentFactory(title="Neighbour", standards=["W.7.10"], prompt="Look at W 7 1 in the task.")

    def titles(code):
        return {each.title for each in Assignment.objects.filter(search.to_standard(code, within=everywhere()))}

    assert titles("W.7.1") == {lunch.title, below.title}
    assert titles("w.7.1.b") == {"Below"}
    assert titles("ñ.2") == {lunch.title}
    assert titles("") == set()


def test_the_index_follows_every_kind_of_write(lunch):
    def count(typed):
        return search.assignments_matching(
            Assignment.objects.all(), typed, samples=Sample.objects.none(), within=everywhere()
        ).count()

    Assignment.objects.filter(pk=lunch.pk).update(title="Homework")
    assert (count("homework"), count("longer")) == (1, 1)  # the task says it still
    Assignment.objects.filter(pk=lunch.pk).update(prompt="Is homework fair?", standards=["RI.7.8"])
    assert (count("homework"), count("longer"), count("W.7.1"), count("ri 7 8")) == (1, 0, 0, 1)
    team, by = TeamFactory(), lunch.created_by
    Assignment.objects.bulk_create(Assignment(team=team, created_by=by, title="Tides", prompt="") for _ in range(3))
    assert count("tides") == 3
    Assignment.objects.filter(title="Tides").delete()
    assert count("tides") == 0


def test_the_index_holds_what_was_there_before_it(lunch):
    connection.check_constraints()  # PostgreSQL changes no table that has some to check
    search_index.remove(connection)
    search_index.install(connection)
    assert found_by("lunch") == BOTH


def test_the_index_lives_on_when_a_later_migration_makes_the_table_anew(lunch):
    """SQLite drops triggers with the old table; what follows `migrate` puts them back and fills the index."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in search_index.TRIGGERS:
                cursor.execute(f"DROP TRIGGER {search_index.INDEX}_{name}")
    Assignment.objects.filter(pk=lunch.pk).update(title="Homework")
    call_command("migrate", verbosity=0)
    assert found_by("homework") == ["Homework: A", "Homework: Group 3"]


def test_a_long_prompt_is_found_by_its_last_word_and_by_its_standard():
    long = AssignmentFactory(prompt="because " * 900 + "zeppelin", standards=["W.8.2"])
    assert found_by("zeppelin") == []
    SampleFactory(assignment=long, label="A")
    assert len(found_by("zeppelin")) == 1
    assert Assignment.objects.filter(search.to_standard("W.8.2", within=everywhere())).exists()


def test_folding_is_the_same_for_a_question_as_for_the_index():
    assert search_index.fold("ÉCOLE ñandú Ωμέγα Й") == "ecole nandu ωμεγα и"
    assert search_index.fold("e\u0301") == "e"


def test_a_task_is_found_by_what_it_is_meant_to_show():
    SampleFactory(assignment=AssignmentFactory(title="Tides", intended_learning="Weigh a counterargument."), label="A")
    assert found_by("counterarg") == ["Tides: A"]


def test_a_sample_is_found_by_its_recordings_transcript_and_no_longer_once_that_is_gone():
    sample = SampleFactory(assignment=AssignmentFactory(title="Tides"), label="A")
    recording = Recording.objects.create(sample=sample, file="a.m4a", seconds=3, transcript="0:01 The moon pulls.")
    assert found_by("moon") == ["Tides: A"]
    Recording.objects.filter(pk=recording.pk).update(transcript="")
    assert found_by("moon") == []


def test_what_another_team_or_assignment_says_is_not_looked_at():
    here, there = (SampleFactory(label=label) for label in "AB")
    for sample in (here, there):
        Assignment.objects.filter(pk=sample.assignment_id).update(title="Lighthouse")
        Page.objects.create(
            sample=sample, number=1, image="a", thumbnail="a", width=1, height=1, description="seagulls"
        )
    teams = [here.assignment.team_id]
    for typed in ("lighthouse", "seagulls"):
        for within in (search.Within(teams), search.Within(teams, [here.assignment_id])):
            assert list(search.matching(Sample.objects.all(), typed, within=within)) == [here]
        assert not search.matching(Sample.objects.all(), typed, within=search.Within([])).exists()
        assert not search.matching(Sample.objects.all(), typed, within=search.Within(teams, [])).exists()


def test_a_page_that_moves_to_another_sample_of_the_team_is_found_there():
    first = SampleFactory(label="A")
    second = SampleFactory(label="B", assignment=AssignmentFactory(team=first.assignment.team))
    page = Page.objects.create(sample=first, number=1, image="a", thumbnail="a", width=1, height=1, description="gulls")
    Page.objects.filter(pk=page.pk).update(sample=second)
    theirs = search.Within([second.assignment.team_id], [second.assignment_id])
    assert list(search.matching(Sample.objects.all(), "gulls", within=theirs)) == [second]


def test_a_page_knows_its_team_however_it_is_written_and_what_was_there_before_is_told():
    sample = SampleFactory(label="A")
    pages = [Page(sample=sample, number=at, image="a", thumbnail="a", width=1, height=1) for at in (1, 2)]
    pages[0].save()
    Page.objects.bulk_create(pages[1:])
    Recording.objects.create(sample=sample, file="a.m4a", seconds=3)
    told = [(rows, sample.assignment.team_id) for rows in (Page, Page, Recording)]

    def known():
        return [(rows, key) for rows in (Page, Recording) for key in rows.objects.values_list("team_key", flat=True)]

    assert known() == told
    Page.objects.update(team_key=None, description="gulls")
    Recording.objects.update(team_key=None)
    assert found_by("gulls") == []
    fill = import_module("work_samples.migrations.0015_search_by_team").fill
    fill(apps, SimpleNamespace(connection=connection))
    assert known() == told
    assert len(found_by("gulls")) == 1


def test_only_so_many_texts_are_looked_at_and_all_of_an_assignment(monkeypatch):
    monkeypatch.setattr(search, "MOST_TEXTS", 2)
    samples = SampleFactory.create_batch(4, assignment=AssignmentFactory())
    for sample in samples:
        Page.objects.create(sample=sample, number=1, image="a", thumbnail="a", width=1, height=1, description="gulls")
    team, assignment = samples[0].assignment.team_id, samples[0].assignment_id
    assert len(search.texts("gulls", within=search.Within([team]))) == 2
    assert len(search.texts("gulls", within=search.Within([team], [assignment]))) == 4
