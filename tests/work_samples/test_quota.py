"""How much a team keeps: counted as files come and go, shown in words, and refused kindly beyond its share."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from esw.core.storage import private_storage
from tests.factories import AssignmentFactory, TeamFactory
from tests.work_samples import files as made
from tests.work_samples.bringing import all_files, bring, confirm, make_pages, photo, post_files, ready
from tests.work_samples.tus import begin, piece
from work_samples.domain import bringing, cleanup, files, pieces, usage
from work_samples.models import PartialUpload, Sample, StoredFile

pytestmark = pytest.mark.django_db
MB = 1_000_000


def give(team, *, mb):
    team.school.district.team_quota_mb = mb
    team.school.district.save()


def on_disk():
    return sum(file.size for file in private_storage().walk(""))


@pytest.mark.both_storages
def test_what_a_team_uses_is_what_lies_there_from_bringing_to_deleting(assignment, tmp_path, commit):
    sample = ready(assignment, made.pdf(tmp_path, pages=2), photo(tmp_path))
    assert usage.usage_of(assignment.team_id).used == on_disk() > 0
    with commit():
        confirm(sample)
    assert usage.usage_of(assignment.team_id).used == on_disk() > 0
    waiting = bring(assignment, photo(tmp_path))
    with commit():
        bringing.delete_sample(sample=waiting)
    assert usage.usage_of(assignment.team_id).used == on_disk()
    assert set(StoredFile.objects.values_list("name", flat=True)) == {str(file) for file in all_files()}


def test_the_districts_share_counts_and_else_the_sites(team, settings):
    settings.TEAM_QUOTA_MB = 7
    assert usage.usage_of(team.pk).quota == 7 * MB
    give(team, mb=3)
    assert usage.usage_of(team.pk).quota == 3 * MB
    give(team, mb=0)
    assert usage.usage_of(team.pk).quota == 0


def test_what_does_not_fit_is_refused_with_what_the_team_can_do(client, assignment, tmp_path):
    give(assignment.team, mb=0)
    told = post_files(client, assignment, photo(tmp_path)).json()["files"][0]
    assert told["sample"] is None
    assert told["error"].startswith(
        "There is no room for this file: it has less than 1 MB, and your team uses 0 MB of the"
    )
    assert "ask your administrator for more room" in told["error"]
    assert not Sample.objects.exists()
    assert not StoredFile.objects.exists()
    assert not all_files()


def test_a_file_in_pieces_is_refused_before_it_comes(client, assignment):
    give(assignment.team, mb=1)
    answer = begin(client, assignment, size=2 * MB)
    assert answer.status_code == 507
    assert "no room for this file: it has 2 MB" in answer.json()["error"]
    assert not PartialUpload.objects.exists()


def test_typed_text_is_refused_the_same_way(assignment):
    give(assignment.team, mb=0)
    with pytest.raises(bringing.NotBrought, match="no room for this file"):
        bringing.bring_text(assignment=assignment, text="Words.", by=assignment.created_by, now=timezone.now())


def test_another_teams_work_takes_no_room_from_ours(client, assignment, tmp_path):
    other = TeamFactory(school=assignment.team.school)
    usage.record([("pages/" + "a" * 32 + "/x", 900 * MB)], owner=AssignmentFactory(team=other).pk)
    give(assignment.team, mb=1)
    assert usage.usage_of(other.pk).used == 900 * MB
    assert post_files(client, assignment, photo(tmp_path)).json()["files"][0]["error"] is None


def test_a_file_that_cannot_be_kept_is_not_counted(assignment, tmp_path, monkeypatch):
    def full(*_, **__):
        raise files.DiskFull

    monkeypatch.setattr(files.default_storage, "save", full)
    with pytest.raises(bringing.NotBrought):
        bring(assignment, photo(tmp_path))
    assert not StoredFile.objects.exists()


def test_pages_are_never_refused_because_their_file_was_taken(assignment, tmp_path):
    sample = bring(assignment, photo(tmp_path))
    give(assignment.team, mb=0)
    assert make_pages(sample).state == "done"


def test_files_on_their_way_count_and_take_no_more_room_than_they_have(client, assignment, tmp_path, commit):
    data = photo(tmp_path).read_bytes().ljust(400_000, b"0")
    give(assignment.team, mb=1)
    first = begin(client, assignment, size=len(data))["Location"]
    second = begin(client, assignment, size=len(data))["Location"]
    refused = begin(client, assignment, size=len(data))
    assert refused.status_code == 507
    assert "still on their way count" in refused.json()["error"]
    (tmp_path / "large.jpg").write_bytes(data)
    at_once = post_files(client, assignment, tmp_path / "large.jpg").json()["files"][0]
    assert "no room for this file" in at_once["error"]
    assert usage.usage_of(assignment.team_id).used == 0
    piece(client, first, data[:100_000], offset=0)
    assert usage.usage_of(assignment.team_id).used == 100_000
    with commit():
        piece(client, first, data[100_000:], offset=100_000)
    assert usage.usage_of(assignment.team_id).used == len(data) == on_disk()
    with commit():
        piece(client, second, data, offset=0)
    assert Sample.objects.count() == 2
    assert usage.usage_of(assignment.team_id).used == 2 * len(data) == on_disk()


def test_half_a_file_that_never_comes_whole_is_room_again_once_it_is_swept(client, assignment, commit):
    give(assignment.team, mb=1)
    half = begin(client, assignment, size=900_000)["Location"]
    piece(client, half, b"0" * 500_000, offset=0)
    later = timezone.now() + pieces.LASTS
    with commit():
        pieces.sweep(now=later)
    assert usage.usage_of(assignment.team_id) == usage.Usage(0, MB)
    assert begin(client, assignment, size=900_000).status_code == 201


def test_it_is_three_questions_however_much_there_is(assignment, tmp_path, django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(3):
            usage.usage_of(assignment.team_id)
        usage.record([(f"pages/{'b' * 32}/{number}", 5) for number in range(300)], owner=assignment.pk)
    assert usage.usage_of(assignment.team_id).used == 1500


MANY_AT_ONCE = """
import json, tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from django.db import connection, connections
from django.db.models import Sum
from django.utils import timezone
from esw.core.storage import private_storage
from tests.factories import AssignmentFactory, TeamFactory, member_of
from tests.work_samples.bringing import photo, temporary
from work_samples.domain import bringing
from work_samples.models import StoredFile
team = TeamFactory()
team.school.district.team_quota_mb = 1
team.school.district.save()
assignment = AssignmentFactory(team=team, created_by=member_of(team))
folder = tempfile.TemporaryDirectory()
path = photo(Path(folder.name))
path.write_bytes(path.read_bytes().ljust(400_000, b"0"))
start = Barrier(4, timeout=60)
def one(_):
    try:
        with temporary(path) as file:
            connection.ensure_connection()
            start.wait()
            bringing.bring_file(assignment=assignment, file=file, by=assignment.created_by, now=timezone.now())
        return ""
    except Exception as refused:
        return repr(refused)
    finally:
        connections.close_all()
with ThreadPoolExecutor(4) as pool:
    told = list(pool.map(one, range(4)))
counted = StoredFile.objects.filter(team=team).aggregate(sum=Sum("size"))["sum"]
print(json.dumps([told, counted, sum(file.size for file in private_storage().walk(""))]))
"""


def test_of_many_that_come_at_once_no_more_are_taken_than_fit(serve):
    told, counted, lies_there = json.loads(serve(start=False).python(MANY_AT_ONCE).splitlines()[-1])
    assert told.count("") == 2
    assert sum("There is no room" in sentence for sentence in told) == 2, told
    assert counted == lies_there <= MB


def test_the_books_are_put_right_from_what_lies_there(assignment, tmp_path):
    sample = ready(assignment, photo(tmp_path))
    StoredFile.objects.all().delete()  # as after an upgrade
    StoredFile.objects.create(
        name=f"pages/{sample.pk.hex}/gone", owner=sample.pk, team=assignment.team, size=5 * MB,
        created_at=timezone.now() - timedelta(hours=2),
    )  # fmt: skip
    cleanup.delete_orphans(now=timezone.now() + timedelta(hours=3))
    assert usage.usage_of(assignment.team_id).used == on_disk() > 0
    assert StoredFile.objects.filter(team=assignment.team).count() == 3


def test_what_comes_and_goes_at_this_moment_is_left_to_who_keeps_it(assignment, tmp_path):
    ready(assignment, photo(tmp_path))
    before = usage.usage_of(assignment.team_id).used
    reserved = f"uploads/{'c' * 32}/on-its-way"
    usage.reserve(name=reserved, owner=assignment.pk, size=5, team_id=assignment.team_id)
    cleanup.delete_orphans(now=timezone.now())
    assert usage.usage_of(assignment.team_id).used == before + 5


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 MB"),
        (1, "less than 1 MB"),
        (MB, "1 MB"),
        (999 * MB, "999 MB"),
        (5000 * MB, "5 GB"),
        (4_240 * MB, "4.2 GB"),
    ],
)
def test_sizes_are_said_in_words(size, words):
    assert usage.size_words(size) == words


def test_the_teams_page_says_how_much_is_used(client, assignment, tmp_path):
    give(assignment.team, mb=2000)
    usage.record([("pages/" + "a" * 32 + "/x", 1900 * MB)], owner=assignment.pk)
    page = client.get(f"/teams/{assignment.team_id}/").content.decode()
    assert "1.9 GB of 2 GB used" in page
    assert "Nearly full" in page
