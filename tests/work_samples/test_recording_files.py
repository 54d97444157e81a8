"""Sound and film from the file that was brought to the one that is played: all that it tells is gone."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.work_samples import files as made
from tests.work_samples import recording_files
from work_samples import confinement, imaging, kinds, recorder
from work_samples.kinds import recording
from work_samples.refusals import SENTENCES

LOUD = 200


@pytest.fixture(autouse=True)
def ffmpeg():
    recording_files.needed()


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def refused(path, out, **how):
    with pytest.raises(imaging.CannotRead) as problem:
        recorder.make_recording(path, out, **how)
    assert not [each for each in out.rglob("*") if each.is_file()], "something was left behind"
    return problem.value.code


@pytest.mark.parametrize("kind", recording_files.WHOLE)
def test_each_kind_becomes_one_that_every_browser_plays_and_tells_nothing(kind, tmp_path, out):
    source = recording_files.WHOLE[kind](tmp_path)
    assert imaging.check_upload(source) == kind
    found = recorder.make_recording(source, out)
    told = recording_files.probed(found.file)
    codecs = [stream["codec_name"] for stream in told["streams"]]
    assert codecs == (["h264", "aac"] if kind in {"mp4", "mov", "webm"} else ["aac"])
    assert found.seconds == pytest.approx(3, abs=0.2)
    assert found.has_video == ("h264" in codecs)
    tags = dict(told["format"].get("tags", {}))
    for stream in told["streams"]:
        tags |= stream.get("tags", {})
    assert set(tags) <= {
        *("major_brand", "minor_version", "compatible_brands", "handler_name", "vendor_id", "language", "encoder"),
    }
    assert made.SECRET.encode() not in found.file.read_bytes()
    assert b"+40.7128" not in found.file.read_bytes()
    assert told["chapters"] == []


def test_it_can_be_played_before_all_of_it_has_come(tmp_path, out):
    found = recorder.make_recording(recording_files.film(tmp_path, "film.mp4"), out)
    data = found.file.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_large_film_is_made_smaller_and_has_a_picture(tmp_path, out):
    found = recorder.make_recording(recording_files.film(tmp_path, "film.mov", size="1080x1920", seconds=1), out)
    assert (found.width, found.height) == (720, 1280)
    assert imaging.sniff(found.poster.read_bytes()[:64]) == "jpeg"
    assert imaging.sniff(found.thumbnail.read_bytes()[:64]) == "webp"


def test_a_cover_picture_is_no_film(tmp_path, out):
    cover = made.jpeg(tmp_path, "cover.jpg", made.paper(200, 200))
    plain, path = recording_files.sound(tmp_path, "plain.mp3"), tmp_path / "covered.mp3"
    recording_files.run(
        "-i", plain, "-i", cover, "-map", 0, "-map", 1, "-c", "copy", "-disposition:v", "attached_pic", path
    )
    found = recorder.make_recording(path, out)
    assert not found.has_video
    assert len(recording_files.probed(found.file)["streams"]) == 1


def test_what_is_silenced_is_silent_and_black_and_the_rest_is_as_it_was(tmp_path, out):
    source = recording_files.film(tmp_path, "film.mp4", seconds=4)
    found = recorder.make_recording(source, out, silences=[(1.0, 2.0)])
    [(start, end)] = recording_files.silent_spans(found.file)
    assert start <= 1.0
    assert 2.0 <= end < 2.5
    assert start > 0.7
    assert max(recording_files.frame(found.file, 1.5)) < 30
    assert max(recording_files.frame(found.file, 3.0)) > LOUD


@pytest.mark.parametrize("kind", recording_files.WHOLE)
@pytest.mark.parametrize("share", [0.4, 0.9])
def test_a_file_that_is_cut_off_never_passes_for_the_whole(kind, share, tmp_path, out):
    whole = recording_files.WHOLE[kind](tmp_path, seconds=6).read_bytes()
    path = made.write(tmp_path, "cut", whole[: int(len(whole) * share)])
    assert refused(path, out) in {"cut_off", "damaged"}


def test_a_recording_that_is_too_long_is_refused_before_it_is_made(tmp_path, out):
    path = recording_files.sound(
        tmp_path, "long.wav", seconds=1300, codec=("-ar", "8000", "-ac", "1", "-c:a", "pcm_u8")
    )
    assert refused(path, out) == "too_long"
    assert "22 minutes" in SENTENCES["too_long"].format(minutes=22, limit=20)


def test_a_file_with_neither_sound_nor_film_is_refused(tmp_path, out):
    path, words = tmp_path / "words.mp4", made.write(tmp_path, "words.srt", b"1\n00:00:00,000 --> 00:00:02,000\nHi\n")
    recording_files.run("-i", words, "-c:s", "mov_text", path)
    assert refused(path, out) == "nothing_recorded"


def test_subtitles_in_a_film_are_left_out(tmp_path, out):
    words = made.write(tmp_path, "words.srt", f"1\n00:00:00,000 --> 00:00:02,000\n{made.SECRET}\n".encode())
    plain, path = recording_files.film(tmp_path, "plain.mp4"), tmp_path / "titled.mp4"
    recording_files.run("-i", plain, "-i", words, "-map", 0, "-map", 1, "-c", "copy", "-c:s", "mov_text", path)
    found = recorder.make_recording(path, out)
    assert [stream["codec_type"] for stream in recording_files.probed(found.file)["streams"]] == ["video", "audio"]
    assert made.SECRET.encode() not in found.file.read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXTINF:10,\n{secret}\n",
        "ffconcat version 1.0\nfile '{secret}'\n",
        "ID3\x04\0\0\0\0\0\x0a\0\0\0\0\0\0\0\0\0\0#EXTM3U\n#EXTINF:10,\nfile://{secret}\n",
    ],
)
def test_a_list_of_other_files_reads_none_of_them(text, tmp_path, out):
    secret = recording_files.sound(tmp_path, "secret.mp3")
    path = made.write(tmp_path, "list.mp3", text.format(secret=secret).encode())
    with pytest.raises(imaging.CannotRead):
        recorder.make_recording(path, out)


def test_a_film_that_points_to_another_file_does_not_get_it(tmp_path, out):
    """A QuickTime film may keep its pictures in a file beside it; `dref` says which."""
    whole = recording_files.film(tmp_path, "film.mov").read_bytes()
    path = made.write(tmp_path, "points.mov", whole.replace(b"url \0\0\0\x01", b"alis\0\0\0\0"))
    try:
        found = recorder.make_recording(path, out)
    except imaging.CannotRead:
        return
    assert made.SECRET.encode() not in found.file.read_bytes()


@pytest.fixture
def codec_that_hangs(tmp_path, monkeypatch):
    """An ffmpeg that never ends, and writes down who it is."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("ffmpeg", "ffprobe"):
        program = folder / name
        program.write_text("#!/bin/sh\necho $$ > pid\nwhile :; do sleep 5; done\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_a_codec_that_hangs_is_killed_and_costs_one_job(tmp_path, out, codec_that_hangs, monkeypatch):
    source = made.write(tmp_path, "voice.wav", b"RIFF\x24\0\0\0WAVEfmt " + bytes(28))
    pids = []
    ending = confinement.shutil.rmtree

    def look(folder, **how):
        pids.extend(int(each.read_text()) for each in folder.glob("pid"))
        ending(folder, **how)

    monkeypatch.setattr(confinement.shutil, "rmtree", look)
    assert refused(source, out, limits=replace(recorder.LIMITS, seconds=5)) == "time"
    assert pids, "it was never started"
    for _ in range(100):
        if not any(_is_alive(pid) for pid in pids):
            break
        time.sleep(0.1)
    assert not any(_is_alive(pid) for pid in pids)


def _is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_where_ffmpeg_is_missing_it_says_so_and_how_to_go_on(tmp_path, monkeypatch):
    source = recording_files.sound(tmp_path, "voice.mp3", seconds=1)
    recording.program.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        with pytest.raises(imaging.CannotRead) as problem:
            imaging.check_upload(source)
        assert "ffmpeg is not installed" in problem.value.sentence
        assert "MP3" not in imaging.accepted_hint(recordings=True)
        assert not any(kind.record for kind in kinds.available(recordings=True))
    finally:
        monkeypatch.undo()
        recording.program.cache_clear()
