"""Saving a rubric: in place while nobody uses it, as the next version from then on."""

import uuid
from datetime import UTC, datetime

import pytest

from rubrics import queries
from rubrics.domain.editing import BadDraft, Draft, DraftCriterion, StaleDraft, save_rubric, use_version
from rubrics.managers import UsedVersion
from rubrics.models import Criterion, Descriptor, Level, Rubric, Version
from tests.factories import RubricFactory, TeamFactory, VersionFactory

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def draft_of(version, **changes):
    grid = queries.grid(version)
    fields = {
        "title": grid.title,
        "levels": tuple(name for _, name in grid.levels),
        "proficient_from": grid.proficient_from,
        "criteria": tuple(DraftCriterion(row.title, tuple(row.descriptors), row.key) for row in grid.rows),
    }
    return Draft(**fields | changes)


@pytest.fixture
def save(version, member):
    """Save a changed draft of the version; by default from where it stands now."""

    def save_it(*, based_on=None, draft=None, **changes):
        latest = queries.newest(version.rubric)
        return save_rubric(
            rubric=version.rubric,
            team=version.rubric.team,
            by=member,
            draft=draft or draft_of(latest, **changes),
            based_on=based_on or queries.fingerprint(queries.grid(latest)),
            now=NOW,
        )

    return save_it


@pytest.fixture
def used(version):
    return use_version(version=version, now=NOW)


def test_a_new_rubric_is_its_first_version(team, member):
    draft = Draft(
        title="  Fractions ",
        levels=("not yet", "there"),
        proficient_from=2,
        criteria=(DraftCriterion("Model", ("draws", " draws and\r\nexplains ")), DraftCriterion("Words")),
    )
    version = save_rubric(rubric=None, team=team, by=member, draft=draft, based_on=None, now=NOW)
    grid = queries.grid(version)
    assert (version.number, version.rubric.team, version.rubric.title) == (1, team, "Fractions")
    assert (grid.title, grid.levels, grid.proficient_from) == ("Fractions", [(1, "not yet"), (2, "there")], 2)
    assert [(row.title, row.descriptors) for row in grid.rows] == [
        ("Model", ["draws", "draws and\nexplains"]),
        ("Words", ["", ""]),
    ]


def test_a_version_that_nobody_used_changes_in_place(version, save):
    assert save(title="Argument, grade 7").pk == version.pk
    assert Version.objects.count() == 1
    assert queries.grid(queries.newest(version.rubric)).title == "Argument, grade 7"


def test_a_used_version_stays_and_the_next_one_is_made(used, save):
    before = queries.grid(used)
    after = save(title="New title", levels=("a", "b", "c", "d"))
    assert (after.number, after.used_at) == (2, None)
    assert queries.grid(Version.objects.get(pk=used.pk)) == before


def test_the_old_title_stays_with_the_old_version(version, save):
    save(title="As it was")
    use_version(version=version, now=NOW)
    save(title="As it is")
    assert [queries.grid(each).title for each in version.rubric.versions.all()] == ["As it is", "As it was"]


def test_criteria_keep_their_keys_across_versions_whatever_moves(used, save):
    claim, evidence, reasoning = draft_of(used).criteria
    after = save(criteria=(reasoning, DraftCriterion("Proof", evidence.descriptors, evidence.key), claim))
    before = {row.title: row.key for row in queries.grid(used).rows}
    assert [row.key for row in queries.grid(after).rows] == [before["Reasoning"], before["Evidence"], before["Claim"]]


def test_criteria_of_another_version_are_other_rows(used, save):
    after = save(title="Other")
    assert not set(used.criteria.values_list("pk")) & set(after.criteria.values_list("pk"))


def test_a_key_of_another_rubric_is_not_believed(version, save):
    foreign = VersionFactory().criteria.first().key
    saved = save(criteria=(DraftCriterion("Claim", (), foreign),))
    assert saved.criteria.get().key != foreign


def test_a_key_given_twice_counts_once(version, save):
    key = version.criteria.first().key
    saved = save(criteria=(DraftCriterion("Claim", (), key), DraftCriterion("Evidence", (), key)))
    keys = list(saved.criteria.values_list("key", flat=True))
    assert keys[0] == key
    assert keys[1] != key


def test_a_key_that_nobody_knows_becomes_a_new_one(version, save):
    made_up = uuid.uuid4()
    assert save(criteria=(DraftCriterion("Claim", (), made_up),)).criteria.get().key != made_up


def test_saving_what_is_there_makes_no_version(used, save):
    assert save() == used
    assert Version.objects.count() == 1


def test_a_criterion_and_a_level_can_go_in_the_next_version(used, save):
    after = save(levels=("low", "high"), proficient_from=2, criteria=draft_of(used).criteria[:1])
    grid = queries.grid(after)
    assert (len(grid.levels), len(grid.rows)) == (2, 1)
    assert (used.levels.count(), used.criteria.count()) == (4, 3)


def test_a_draft_from_before_somebody_saved_is_refused_and_nothing_is_written(version, save):
    started_from = queries.fingerprint(queries.grid(version))
    save(title="Theirs")
    with pytest.raises(StaleDraft) as stale:
        save(title="Mine", based_on=started_from)
    assert stale.value.latest == version
    assert queries.grid(queries.newest(version.rubric)).title == "Theirs"


def test_a_draft_of_an_older_version_is_stale_too(used, save):
    started_from = queries.fingerprint(queries.grid(used))
    save(title="Second")
    with pytest.raises(StaleDraft):
        save(title="Third", based_on=started_from)


def test_a_rubric_does_not_move_to_another_team(version, member):
    with pytest.raises(ValueError, match="stays with its team"):
        save_rubric(rubric=version.rubric, team=TeamFactory(), by=member, draft=draft_of(version), based_on="", now=NOW)


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"title": "  "}, "title", "Give the rubric a title"),
        ({"title": "x" * 121}, "title", "121 characters long; 120 are the most"),
        ({"title": "a\x00b"}, "title", "cannot be kept"),
        ({"levels": ("only",)}, "grid", "2 to 8 levels; this one has 1"),
        ({"levels": tuple("abcdefghi")}, "grid", "2 to 8 levels; this one has 9"),
        ({"levels": ("a", "", "c", "d")}, "level-1", "Give level 2 a name"),
        ({"levels": ("a", "b", "B", "d")}, "level-2", "Two levels are called “B”"),
        ({"levels": ("a", "b", "c", "d" * 41)}, "level-3", "40 are the most"),
        ({"proficient_from": 0}, "proficient_from", "Mark the level"),
        ({"proficient_from": 5}, "proficient_from", "Mark the level"),
        ({"criteria": ()}, "grid", "at least one criterion"),
        ({"criteria": tuple(DraftCriterion(f"C{n}") for n in range(21))}, "grid", "at most 20 criteria"),
        ({"criteria": (DraftCriterion("", ("words",)),)}, "criterion-0", "Give criterion 1 a name"),
        ({"criteria": (DraftCriterion("Claim"), DraftCriterion("claim "))}, "criterion-1", "Two criteria are called"),
        ({"criteria": (DraftCriterion("x" * 81),)}, "criterion-0", "80 are the most"),
        ({"criteria": (DraftCriterion("Claim", ("ok", "x" * 1001)),)}, "cell-0-1", "1000 are the most"),
    ],
)
def test_it_refuses_and_says_where_and_why(save, changes, where, words):
    with pytest.raises(BadDraft) as bad:
        save(**changes)
    assert any(problem.where == where and words in problem.sentence for problem in bad.value.problems)


def test_a_refused_draft_writes_nothing(team, member):
    with pytest.raises(BadDraft):
        save_rubric(rubric=None, team=team, by=member, draft=Draft("", (), 0, ()), based_on=None, now=NOW)
    assert not Rubric.objects.exists()


def test_using_a_version_twice_keeps_the_first_time(version):
    use_version(version=version, now=NOW)
    use_version(version=version, now=NOW.replace(year=2027))
    assert Version.objects.get(pk=version.pk).used_at == NOW


@pytest.mark.parametrize(
    "change",
    [
        lambda version: version.save(),
        lambda version: version.delete(),
        lambda version: version.levels.first().save(),
        lambda version: version.levels.first().delete(),
        lambda version: version.levels.create(value=5, name="more"),
        lambda version: version.criteria.first().save(),
        lambda version: version.criteria.first().delete(),
        lambda version: version.criteria.create(position=9, title="More"),
        lambda version: version.criteria.first().descriptors.first().save(),
        lambda version: version.criteria.first().descriptors.first().delete(),
        lambda version: Version.objects.filter(pk=version.pk).update(proficient_from=1),
        lambda version: Version.objects.filter(pk=version.pk).delete(),
        lambda version: version.levels.update(name="other"),
        lambda version: Level.objects.all().delete(),
        lambda version: version.criteria.all().delete(),
        lambda version: Criterion.objects.update(title="other"),
        lambda version: Descriptor.objects.update(text="other"),
    ],
)
def test_nothing_in_a_used_version_can_be_changed_by_any_way(used, change):
    with pytest.raises(UsedVersion):
        change(Version.objects.get(pk=used.pk))


def test_a_used_version_does_not_hold_back_other_rubrics(used):
    other = VersionFactory(rubric=RubricFactory())
    other.levels.first().save()
    other.criteria.all().delete()


def test_the_grid_of_a_prefetched_version_costs_no_query(version, django_assert_num_queries):
    rubric = Rubric.objects.prefetch_related(queries.whole_versions()).get()
    with django_assert_num_queries(0):
        grid = queries.grid(rubric.versions.all()[0])
    assert grid == queries.grid(queries.newest(version.rubric))


def test_the_grid_costs_as_many_queries_for_many_criteria_as_for_few(version, django_assert_num_queries):
    many = VersionFactory(criteria=[f"C{n}" for n in range(20)])
    for each in [version, many]:
        with django_assert_num_queries(3):
            queries.grid(each)


def test_a_cell_that_nobody_described_is_blank(version):
    version.criteria.get(title="Claim").descriptors.get(level=2).delete()
    assert queries.grid(version).rows[0].descriptors == ["Claim at 1.", "", "Claim at 3.", "Claim at 4."]
