"""Recordings from being brought to being heard: off until the district turns them on, silenced, confirmed, served."""

import json

import pytest
from django.utils import timezone

from esw.core import jobs
from tests.factories import UserFactory
from tests.work_samples import bringing as steps
from tests.work_samples import recording_files
from work_samples import captions, tasks
from work_samples.domain import bringing, cleanup, recordings, redacting, second_look, silencing, withdrawing
from work_samples.models import HeldRecording, Recording, Sample

AS_JSON = {"accept": "application/json"}


@pytest.fixture(autouse=True)
def ffmpeg():
    recording_files.needed()


@pytest.fixture
def allowed(team):
    district = team.school.district
    district.recordings_allowed, district.recordings_consent = True, "In the office, form 12."
    district.save()
    return district


@pytest.fixture(scope="module")
def voice(tmp_path_factory):
    recording_files.needed()
    return recording_files.sound(tmp_path_factory.mktemp("voice"), "Maria reads.mp3", seconds=4)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    recording_files.needed()
    return recording_files.film(tmp_path_factory.mktemp("film"), "film.mp4", seconds=2)


@pytest.fixture
def draft(allowed, assignment, voice):
    """A sample of a recording alone, made and not confirmed."""
    return steps.ready(assignment, voice)


@pytest.fixture
def confirmed(draft, commit):
    confirm(draft, commit)
    return Sample.objects.get(pk=draft.pk)


def confirm(sample, commit):
    recordings.say_consent(sample=sample, now=timezone.now())
    with commit():
        redacting.confirm_sample(
            sample=Sample.objects.get(pk=sample.pk),
            by=sample.uploader,
            redactions=None,
            seen=redacting.fingerprint(sample),
            now=timezone.now(),
        )


def confirming(client, sample, **said):
    return client.post(f"/samples/{sample.pk}/confirm/", said, headers=AS_JSON)


def kept_at(settings, recording):
    return settings.MEDIA_ROOT / recording.file.name


# --- the district's switch -----------------------------------------------------------------------------------


def test_it_is_refused_until_the_district_turns_it_on_and_says_who_can(client, team, assignment, voice):
    team.school.district.administrators.create(user=UserFactory(name="Rosa Diaz"))
    answer = steps.post_files(client, assignment, voice)
    [file] = answer.json()["files"]
    assert file["sample"] is None
    assert "Rosa Diaz can turn them on" in file["error"]
    assert not Sample.objects.exists()


def test_the_upload_page_offers_recordings_only_where_they_are_on(client, assignment, team):
    assert ".mp3" not in client.get(f"/assignments/{assignment.pk}/").content.decode()
    team.school.district.recordings_allowed = True
    team.school.district.save()
    page = client.get(f"/assignments/{assignment.pk}/").content.decode()
    assert ".mp3" in page
    assert "MP3, M4A, OGG, WAV, MP4, MOV or WebM" in page


# --- making it -----------------------------------------------------------------------------------------------


def test_a_sample_may_be_a_recording_alone(client, draft):
    found = Recording.objects.get(sample=draft)
    assert not draft.pages.exists()
    assert found.seconds == pytest.approx(4, abs=0.2)
    page = client.get(f"/assignments/{draft.assignment_id}/").content.decode()
    assert "A recording" in page
    assert f"/samples/{draft.pk}/redact/" in page
    assert "a recording of 0:0" in client.get(f"/samples/{draft.pk}/").content.decode()


@pytest.mark.usefixtures("allowed")
def test_a_sample_may_be_pages_and_a_film(client, assignment, film, tmp_path, commit):
    sample = steps.ready(assignment, steps.photo(tmp_path), film)
    assert sample.pages.count() == 1
    preview = client.get(f"/samples/{sample.pk}/preview/").content.decode()
    assert "<video" in preview
    assert "page 1 of 1" in preview
    confirm(sample, commit)
    found = Recording.objects.get(sample=sample)
    assert found.poster.name.startswith("pages/")
    assert found.thumbnail.name.startswith("pages/")


@pytest.mark.usefixtures("allowed")
def test_its_seconds_are_told_while_it_is_made_and_pages_again_after_it(assignment, voice, tmp_path, monkeypatch):
    sample = steps.bring(assignment, voice, steps.photo(tmp_path))
    assert list(sample.uploads.values_list("is_recording", flat=True)) == [True, False]
    told = []
    monkeypatch.setattr(jobs, "report", lambda job, *, done, of, now: told.append((done, of)))
    steps.make_pages(sample)
    assert told[0] == (0, 0)
    ofs = [of for _, of in told[1:]]
    assert ofs == sorted(ofs, reverse=True)
    assert set(ofs) == {4, 1}
    assert told[-1] == (1, 1)


def test_a_second_recording_of_a_sample_is_refused_with_what_to_do(allowed, assignment, voice, film):
    sample = steps.bring(assignment, voice, film)
    job = steps.make_pages(sample)
    assert recordings.ONE_RECORDING in job.error
    assert sample.uploads.get(position=2).error == recordings.ONE_RECORDING


def test_taking_the_file_back_takes_the_recording(client, draft, tmp_path, settings, commit):
    steps.bring(draft.assignment, steps.photo(tmp_path), sample=draft)
    upload = draft.uploads.get(position=1)
    path = kept_at(settings, Recording.objects.get())
    with commit():
        client.post(f"/samples/{draft.pk}/uploads/{upload.pk}/remove/")
    assert not Recording.objects.exists()
    assert not path.exists()


# --- names that are said -------------------------------------------------------------------------------------


def test_what_is_silenced_is_burned_in_before_it_is_confirmed(client, draft, settings):
    before = Recording.objects.get().file.name
    assert client.post(f"/samples/{draft.pk}/silences/", {"spans": "0:01 - 0:02"}, headers=AS_JSON).status_code == 200
    assert client.get(f"/samples/{draft.pk}/status/", headers=AS_JSON).json()["state"] == "pending"
    assert (
        client.post(f"/samples/{draft.pk}/confirm/", {"seen": "", "consent": "on"}, headers=AS_JSON).status_code == 409
    )
    steps.make_pages(draft)
    found = Recording.objects.get()
    assert found.file.name != before
    assert found.made_silences == [[1.0, 2.0]]
    [(start, end)] = recording_files.silent_spans(kept_at(settings, found))
    assert start <= 1
    assert end >= 2


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("0:01–0:02", [(1, 2)]),
        ("1 - 2.5\n2 to 3", [(1, 3)]),
        ("0:02-0:03, 0:00-0:01", [(0, 1), (2, 3)]),
        ("0:03-9:00", [(3, 4)]),
        ("", []),
    ],
)
def test_spans_are_read_as_people_write_them(text, spans):
    assert recordings.read_spans(text, seconds=4) == spans


@pytest.mark.parametrize(
    "text", ["soon", "1:2:3:4-5", "0:03-0:01", "0:09-0:10", "-", "1-2-3", "٣-٤", "nan-inf", "1e3-2e3"]
)
def test_what_is_no_span_gets_a_sentence_and_stays_in_the_field(text, client, draft):
    with pytest.raises(recordings.NotRecorded):
        recordings.read_spans(text, seconds=4)
    answer = client.post(f"/samples/{draft.pk}/silences/", {"spans": text})
    assert answer.status_code == 400
    assert f">{text}</textarea>" in answer.content.decode()
    assert client.post(f"/samples/{draft.pk}/silences/", {"spans": text}, headers=AS_JSON).json()["error"]


def test_only_who_brought_it_silences(their_client, outsiders, draft, commit):
    for person in outsiders.values():
        assert steps.signed_in(person).post(f"/samples/{draft.pk}/silences/", {"spans": ""}).status_code == 404
    assert their_client.post(f"/samples/{draft.pk}/silences/", {"spans": ""}).status_code == 404
    confirm(draft, commit)
    assert their_client.post(f"/samples/{draft.pk}/silences/", {"spans": ""}).status_code == 403


# --- confirming ----------------------------------------------------------------------------------------------


def test_it_is_not_confirmed_until_consent_is_on_file(client, draft):
    page = client.get(f"/samples/{draft.pk}/preview/").content.decode()
    assert "A voice and a face identify" in page
    assert "In the office, form 12." in page
    seen = redacting.fingerprint(draft)
    refused = confirming(client, draft, seen=seen)
    assert (refused.status_code, refused.json()["error"]) == (409, recordings.NO_CONSENT)
    assert (
        client.post(f"/samples/{draft.pk}/confirm/", {"seen": seen, "consent": "on"}, headers=AS_JSON).status_code
        == 200
    )
    assert Sample.objects.get(pk=draft.pk).is_confirmed


def test_nothing_that_was_brought_is_left_once_it_is_confirmed(confirmed):
    left = [str(file) for file in steps.all_files()]
    assert left == [Recording.objects.get().file.name]
    assert left[0].startswith("pages/")


def test_what_was_heard_is_what_is_confirmed(client, draft):
    seen = redacting.fingerprint(draft)
    client.post(f"/samples/{draft.pk}/silences/", {"spans": "1-2"}, headers=AS_JSON)
    steps.make_pages(draft)
    late = confirming(client, draft, seen=seen, consent="on")
    assert (late.status_code, late.json()["error"]) == (409, redacting.CHANGED)


def test_its_file_is_never_taken_for_a_lost_one(confirmed, settings):
    cleanup.delete_orphans(now=timezone.now() + cleanup.PATIENCE * 2)
    assert kept_at(settings, Recording.objects.get()).exists()


# --- hearing it ----------------------------------------------------------------------------------------------


def test_the_team_hears_it_in_parts_and_keeps_it(their_client, confirmed):
    address = f"/recordings/{Recording.objects.get().pk}/file/"
    whole = their_client.get(address)
    assert whole.headers["Content-Type"] == "audio/mp4"
    assert "immutable" in whole.headers["Cache-Control"]
    data = steps.body_of(whole)
    part = their_client.get(address, headers={"range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(data)}"
    assert steps.body_of(part) == data[100:200]
    changed = their_client.get(address, headers={"range": "bytes=100-199", "if-range": '"another"'})
    assert (changed.status_code, len(steps.body_of(changed))) == (200, len(data))
    assert their_client.get(address, headers={"range": f"bytes={len(data)}-"}).status_code == 416


def test_a_stranger_and_before_that_a_colleague_hears_nothing(their_client, outsiders, draft, commit):
    address = f"/recordings/{Recording.objects.get().pk}"
    assert their_client.get(f"{address}/file/").status_code == 404
    confirm(draft, commit)
    for person in outsiders.values():
        for what in ("file", "poster", "thumbnail", "captions"):
            assert steps.signed_in(person).get(f"{address}/{what}/").status_code == 404
        assert steps.signed_in(person).post(f"/samples/{draft.pk}/transcript/").status_code == 404
    assert their_client.get(f"{address}/file/").status_code == 200


def test_what_may_still_name_somebody_is_kept_by_no_browser(client, draft):
    answer = client.get(f"/recordings/{Recording.objects.get().pk}/file/")
    assert "no-store" in answer.headers["Cache-Control"]


# --- two people check ----------------------------------------------------------------------------------------


@pytest.fixture
def covered(team, draft, commit):
    team.two_person_check = True
    team.save()
    confirm(draft, commit)
    found = Sample.objects.get(pk=draft.pk)
    assert found.waits_for_second
    return found


def look_ready(client, sample, **said):
    seen = client.get(f"/samples/{sample.pk}/look/").context["seen"]
    told = {"seen": seen, "listened": "on"} | said
    return client.post(f"/samples/{sample.pk}/look/ready/", told, headers=AS_JSON)


def test_the_second_person_says_that_they_listened_to_a_recording_too(their_client, covered):
    assert 'name="listened"' in their_client.get(f"/samples/{covered.pk}/look/").content.decode()
    silent = look_ready(their_client, covered, listened="")
    assert (silent.status_code, silent.json()["error"]) == (409, second_look.LISTEN)
    assert Sample.objects.get(pk=covered.pk).waits_for_second


def test_the_second_person_hears_it_and_nobody_else_until_they_confirm(
    their_client, client, outsiders, covered, colleague
):
    address = f"/recordings/{Recording.objects.get().pk}/file/"
    page = their_client.get(f"/samples/{covered.pk}/look/").content.decode()
    assert address in page
    heard = their_client.get(address)
    assert heard.status_code == 200
    assert "no-store" in heard["Cache-Control"]
    assert client.get(address).status_code == 200  # its uploader
    for person in outsiders.values():
        assert steps.signed_in(person).get(address).status_code == 404
    assert their_client.get(f"/samples/{covered.pk}/").status_code == 404
    assert look_ready(their_client, covered).status_code == 200
    covered.refresh_from_db()
    assert (covered.is_confirmed, covered.second_by) == (True, colleague)
    assert "immutable" in their_client.get(address)["Cache-Control"]


def test_what_was_sent_back_is_silenced_further_and_what_was_heard_is_gone(client, their_client, covered, commit):
    before = Recording.objects.get().file.name
    back = their_client.post(f"/samples/{covered.pk}/look/back/", {"why": "name"}, headers=AS_JSON)
    assert back.status_code == 200
    assert their_client.get(f"/recordings/{Recording.objects.get().pk}/file/").status_code == 404
    asked = client.post(f"/samples/{covered.pk}/silences/", {"spans": "1-2"}, headers=AS_JSON)
    assert asked.status_code == 200
    early = confirming(client, covered, seen=redacting.fingerprint(covered), consent="on")
    assert (early.status_code, early.json()["error"]) == (409, redacting.STILL_READING)
    with commit():
        steps.make_pages(covered)
    assert Recording.objects.get().made_silences == [[1.0, 2.0]]
    with commit():
        assert confirming(client, covered, seen=redacting.fingerprint(covered), consent="on").status_code == 200
    now_there = Recording.objects.get().file.name
    assert now_there != before
    assert [str(file) for file in steps.all_files()] == [now_there]
    assert look_ready(their_client, covered).status_code == 200


def test_taking_out_what_was_sent_back_does_not_destroy_the_recording(client, their_client, covered, commit):
    their_client.post(f"/samples/{covered.pk}/look/back/", {"why": "name"}, headers=AS_JSON)
    client.post(f"/samples/{covered.pk}/silences/", {"spans": "1-2"}, headers=AS_JSON)
    confirming(
        client, covered, seen=redacting.fingerprint(covered), consent="on"
    )  # too early, and consent is said anew
    upload = covered.uploads.get()
    answer = client.post(f"/samples/{covered.pk}/uploads/{upload.pk}/remove/", headers=AS_JSON)
    assert (answer.status_code, answer.json()["error"]) == (409, bringing.ALL_THAT_IS_LEFT)
    assert Recording.objects.get().upload == upload
    with commit():
        client.post(f"/samples/{covered.pk}/delete/")
    assert not steps.all_files()


def test_confirming_again_leaves_one_recording(client, their_client, covered, commit):
    their_client.post(f"/samples/{covered.pk}/look/back/", {"why": "other"}, headers=AS_JSON)
    with commit():
        assert confirming(client, covered, seen=redacting.fingerprint(covered), consent="on").status_code == 200
    assert [str(file) for file in steps.all_files()] == [Recording.objects.get().file.name]


# --- withdrawn because a name is said ------------------------------------------------------------------------


@pytest.fixture
def withdrawn(confirmed, colleague, commit):
    with commit():
        return withdrawing.withdraw(
            sample=confirmed, page=None, reason="name", by=colleague, note="", client_id=None, now=timezone.now()
        )


def post(client, row, name, **said):
    return client.post(f"/withdrawals/{row.pk}/{name}/", said, headers=AS_JSON)


def make_silent(row, commit):
    job = jobs.latest(row.pk, task=silencing.SILENCE)
    with commit():
        tasks.silence_withdrawn(str(job.pk))
    job.refresh_from_db()
    return job


def heard_by(client, row, settings):
    (settings.MEDIA_ROOT / "heard.m4a").write_bytes(steps.body_of(client.get(f"/withdrawals/{row.pk}/recording/")))
    return recording_files.silent_spans(settings.MEDIA_ROOT / "heard.m4a")


def test_a_recording_that_was_withdrawn_is_silenced_further_and_comes_back(
    client, their_client, withdrawn, commit, settings
):
    before = HeldRecording.objects.get().file
    assert post(client, withdrawn, "cover").json()["error"] == withdrawing.NO_SILENCE
    assert post(client, withdrawn, "silences", spans="1-2").status_code == 200
    assert "It waits its turn" in client.get(f"/withdrawals/{withdrawn.pk}/").content.decode()
    assert post(client, withdrawn, "cover").json()["error"] == withdrawing.STILL_MAKING
    make_silent(withdrawn, commit)
    [(start, end)] = heard_by(client, withdrawn, settings)
    assert (start <= 1, end >= 2) == (True, True)
    assert their_client.get(f"/withdrawals/{withdrawn.pk}/recording/").status_code == 403
    # on second thoughts another place: what was withdrawn is still there, so that the first one is heard again
    post(client, withdrawn, "silences", spans="2.5-3.5")
    make_silent(withdrawn, commit)
    [(start, end)] = heard_by(client, withdrawn, settings)
    assert (2 < start <= 2.5, end >= 3.5) == (True, True)
    (settings.MEDIA_ROOT / "heard.m4a").unlink()
    with commit():
        assert post(client, withdrawn, "cover").status_code == 200
    found = Recording.objects.get()
    assert found.silences == found.made_silences == [[2.5, 3.5]]
    assert found.file.name != before
    assert [str(file) for file in steps.all_files()] == [found.file.name]
    assert their_client.get(f"/recordings/{found.pk}/file/").status_code == 200


def test_a_name_that_is_written_down_is_taken_out_of_the_transcript(client, their_client, withdrawn, commit):
    HeldRecording.objects.update(transcript="0:01 I am Ana.")
    assert "I am Ana." in client.get(f"/withdrawals/{withdrawn.pk}/").content.decode()
    assert post(client, withdrawn, "silences", spans="", transcript="0:01 I am.").status_code == 200
    with commit():
        assert post(client, withdrawn, "cover").status_code == 200
    found = Recording.objects.get()
    assert found.transcript == "0:01 I am."
    assert [str(file) for file in steps.all_files()] == [found.file.name]


def test_what_was_asked_and_not_made_is_forgotten_when_it_was_a_mistake(their_client, client, withdrawn, commit):
    before = HeldRecording.objects.get().file
    post(client, withdrawn, "silences", spans="1-2")
    with commit():
        assert post(their_client, withdrawn, "undo").status_code == 200
    make_silent(withdrawn, commit)
    found = Recording.objects.get()
    assert (found.silences, found.file.name) == ([], before)
    assert [str(file) for file in steps.all_files()] == [before]


def test_only_who_may_cover_it_silences_and_what_they_typed_stays(client, their_client, outsiders, withdrawn):
    assert post(their_client, withdrawn, "silences", spans="1-2").status_code == 403
    for person in outsiders.values():
        assert post(steps.signed_in(person), withdrawn, "silences", spans="1-2").status_code == 404
    assert post(client, withdrawn, "silences", spans="soon").status_code == 400
    again = client.post(f"/withdrawals/{withdrawn.pk}/silences/", {"spans": "soon", "transcript": "We swam"})
    assert again.status_code == 400
    assert all(words in again.content.decode() for words in (">soon</textarea>", ">We swam</textarea>", "no span"))
    assert not jobs.latest(withdrawn.pk, task=silencing.SILENCE)


def test_destroyed_nothing_of_it_is_left(client, withdrawn, commit):
    post(client, withdrawn, "silences", spans="1-2")
    make_silent(withdrawn, commit)
    assert len(steps.all_files()) == 2
    with commit():
        assert post(client, withdrawn, "destroy").status_code == 200
    assert steps.all_files() == []


# --- what is said --------------------------------------------------------------------------------------------


def test_a_transcript_is_kept_before_confirming_and_after_by_any_member(client, their_client, draft, commit):
    address = f"/samples/{draft.pk}/transcript/"
    assert their_client.post(address, {"transcript": "No"}).status_code == 404
    client.post(address, {"transcript": "0:00 We swam.\r\n0:02 It was <b>cold</b>."})
    confirm(draft, commit)
    found = Recording.objects.get()
    assert found.transcript == "0:00 We swam.\n0:02 It was <b>cold</b>."
    track = their_client.get(f"/recordings/{found.pk}/captions/")
    assert track.headers["Content-Type"].startswith("text/vtt")
    assert "00:00:02.000 --> 00:00:0" in track.content.decode()
    assert "&lt;b&gt;cold" in track.content.decode()
    their_client.post(address, {"transcript": "We swam."}, headers=AS_JSON)
    assert Recording.objects.get().transcript == "We swam."
    assert their_client.get(f"/recordings/{found.pk}/captions/").status_code == 404
    assert "We swam." in their_client.get(f"/samples/{draft.pk}/").content.decode()


def test_a_transcript_that_is_too_long_gets_a_sentence(client, draft):
    answer = client.post(
        f"/samples/{draft.pk}/transcript/",
        json.dumps({"transcript": "a" * 60_001}),
        "application/json",
        headers=AS_JSON,
    )
    assert answer.status_code == 400
    assert "60,001" in answer.json()["error"]


@pytest.mark.parametrize(
    ("transcript", "starts"),
    [
        ("We swam.", []),
        ("0:01 one", []),
        ("0:01 one\n0:02 two", [1, 2]),
        ("[0:01] one\nmore\n(0:02) two", [1, 2]),
        ("1\n00:00:01,500 --> 00:00:02,000\none\n\n2\n00:00:03.000 --> 00:00:04.000\ntwo", [1.5, 3]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:03.000 --> 00:04.000\ntwo", [1, 3]),
        ("0:02 later\n0:01 sooner\n9:00 beyond its end", [1, 2]),
    ],
)
def test_lines_that_begin_with_a_time_are_captions(transcript, starts):
    assert [each.start for each in captions.captions_of(transcript, seconds=60)] == starts


def test_arranging_leaves_a_recording_where_it_is_and_offers_nothing_to_join_to_it(draft, assignment, tmp_path):
    paper = steps.ready(assignment, steps.photo(tmp_path))
    page = steps.signed_in(assignment.created_by).get(f"/assignments/{assignment.pk}/arrange/").content.decode()
    assert "A recording: nothing to arrange." in page
    assert f"Sample {paper.label}" in page
    assert f"join {paper.pk}" not in page
    assert f'<option value="{draft.pk}">' not in page
