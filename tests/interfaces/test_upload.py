"""POST /samples/upload/, status/ and confirm/: good and bad files, until nothing but what was confirmed is served."""

import io
import json

import pytest
from PIL import Image

from tests.interfaces.house import (
    ADMIN,
    ANYTHING,
    FACILITATOR,
    JSON,
    PAGE,
    STRANGER,
    TEACHERS,
    assert_refused,
    is_sentence,
    new_id,
    together,
    wait_for,
)
from tests.work_samples import files as made
from tests.work_samples.bringing import INK, NAME_BOX, ink_left, named_paper

UPLOADER, COLLEAGUE = TEACHERS[1], TEACHERS[4]
ADDRESS = "/samples/upload/"


def post_files(house, files, who=UPLOADER, *, headers=JSON, **fields):
    """`files`: (name, bytes) in order."""
    form = {"assignment": house.demo["assignment"]} | fields
    parts = [(name, (None, value)) for name, value in form.items()]
    parts += [("files", (name, data, "application/octet-stream")) for name, data in files]
    return house.browser(who).post(ADDRESS, files=parts, headers=headers)


def photo(*, seed=1, **how) -> bytes:
    data = io.BytesIO()
    named_paper(600, 800, seed=seed).save(data, "JPEG", quality=95, **how)
    return data.getvalue()


def png() -> bytes:
    data = io.BytesIO()
    made.paper(320, 240).save(data, "PNG")
    return data.getvalue()


def status(house, sample, who=UPLOADER):
    answer = house.browser(who).get(f"/samples/{sample}/status/")
    assert answer.status_code == 200, answer.text
    return answer.json()


def settled(house, sample, who=UPLOADER):
    """The status once it is ready or failed."""

    def look():
        now = status(house, sample, who)
        check_status(now)
        return now if now["state"] in {"ready", "failed"} else None

    return wait_for(look)


def check_status(now):
    assert set(now) == {"state", "done", "of", "error", "pages"}
    assert now["state"] in {"pending", "running", "ready", "failed"}
    assert 0 <= now["done"] <= now["of"]
    assert (now["error"] is None) == (now["state"] != "failed")
    for number, page in enumerate(now["pages"], 1):
        assert set(page) == {"number", "image", "thumbnail", "width", "height"}
        assert page["number"] == number
        assert page["width"] > 0
        assert page["height"] > 0


def brought(house, *, who=UPLOADER, **how):
    """A sample of one page whose page is made."""
    sample = post_files(house, [("photo.jpg", photo(**how))], who).json()["files"][0]["sample"]
    assert settled(house, sample, who)["state"] == "ready"
    return sample


def confirm(house, sample, redactions, who=UPLOADER, headers=JSON):
    return house.browser(who).post(f"/samples/{sample}/confirm/", {"redactions": redactions}, headers=headers)


def on_disk(house, sample):
    """Every file that the server keeps for a sample."""
    return [
        path
        for path in (house.server.data_dir / "files").rglob("*")
        if sample.replace("-", "") in str(path) and path.is_file()
    ]


# --- upload ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mixed(house, tmp_path_factory):
    """Good and bad files in one upload: what was answered, by name, and what became of each."""
    folder = tmp_path_factory.mktemp("files")
    files = {
        "ok.jpg": photo(),
        "really-a-png.jpg": png(),
        "no-ending": photo(seed=2),
        "Анна 7б 😀.jpg": photo(seed=3),
        "page.jpg": b"<!doctype html><script>alert(1)</script>",
        "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "empty.jpg": b"",
        "cut.jpg": photo()[:900],
        "bomb.png": made.bomb_png(folder).read_bytes(),
        "locked.pdf": made.locked_pdf(folder).read_bytes(),
        "sixty-one.pdf": made.pdf(folder, 61).read_bytes(),
        "claims-millions.pdf": made.pdf(folder, 1, "millions.pdf", count=200_000_000).read_bytes(),
        "three.pdf": made.pdf(folder, 3, "three.pdf").read_bytes(),
        "virus.exe.jpg": b"MZ" + b"\x00" * 300,
        "archive.jpg": b"PK\x03\x04" + b"\x00" * 300,
        "n" * 240 + ".jpg": photo(seed=4),
        "<b>'\"&.jpg": photo(seed=5),
    }
    answer = post_files(house, list(files.items()))
    assert answer.status_code == 200, answer.text
    return list(files), answer.json()


GOOD = {"ok.jpg": 1, "really-a-png.jpg": 1, "no-ending": 1, "Анна 7б 😀.jpg": 1, "three.pdf": 3, "n" * 240 + ".jpg": 1}
BAD = {
    "page.jpg", "drawing.png", "empty.jpg", "cut.jpg", "bomb.png", "locked.pdf", "sixty-one.pdf",
    "virus.exe.jpg", "archive.jpg",
}  # fmt: skip


def test_every_file_gets_an_answer_of_its_own_in_order_whatever_the_others_are(mixed):
    names, answer = mixed
    assert set(answer) == {"files"}
    for name, told in zip(names, answer["files"], strict=True):
        assert set(told) == {"name", "sample", "error"}
        assert (told["sample"] is None) != (told["error"] is None)
        assert told["name"] == name or '"' in name
        if told["error"] is not None:
            assert 10 < len(told["error"]) < 300
            assert told["error"].endswith(".")
    assert {told["name"] for told in answer["files"] if told["error"]} >= {"page.jpg", "drawing.png", "empty.jpg"}


def test_good_files_become_pages_and_bad_ones_one_sentence_each(house, mixed):
    names, answer = mixed
    for name, told in zip(names, answer["files"], strict=True):
        if told["sample"] is None:
            assert name in BAD, told
            continue
        now = settled(house, told["sample"])
        if name in GOOD:
            assert (now["state"], len(now["pages"])) == ("ready", GOOD[name]), name
            assert (now["done"], now["of"]) == (GOOD[name], GOOD[name])
        elif name in BAD:
            assert now["state"] == "failed", name
            assert is_sentence_text(now["error"]), now
            assert now["pages"] == []


def is_sentence_text(text):
    return 10 < len(text) < 300 and text.endswith(".") and "Traceback" not in text


def test_several_files_may_be_pages_of_one_sample(house):
    sample = brought(house)
    answer = post_files(house, [("two.jpg", photo(seed=8)), ("three.png", png())], sample=sample)
    assert [told["sample"] for told in answer.json()["files"]] == [sample] * 2
    assert len(settled(house, sample)["pages"]) == 3


def test_an_upload_that_makes_no_sense_is_refused_in_one_sentence(house):
    good = [("a.jpg", photo())]
    assert_refused(post_files(house, []), 400)
    for key in ("", "x", "\x00", "😀" * 500, "../..", "a" * 100_000):
        assert_refused(post_files(house, good, assignment=key), 400)
    assert_refused(post_files(house, good, assignment=new_id()), 404)
    assert_refused(post_files(house, good, sample="x"), 400)
    assert_refused(post_files(house, good, sample=new_id()), 404)
    assert_refused(post_files(house, good, sample=house.demo["samples"][0]), 403, 409)
    assert_refused(post_files(house, good, who=STRANGER), 404)
    assert_refused(post_files(house, good, who=ADMIN), 404)
    browser = house.browser(UPLOADER)
    assert_refused(browser.post(ADDRESS, {"assignment": house.demo["assignment"]}), 400)
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=", "text/plain", "application/json"):
        answer = browser.post(ADDRESS, content=b"--x\r\nrubbish", headers=JSON | {"Content-Type": content_type})
        assert_refused(answer, 400)
    files = [("assignment", (None, house.demo["assignment"])), *[("files", ("a.jpg", b"x"))] * 201]
    assert_refused(browser.post(ADDRESS, files=files), 400)
    assert_refused(browser.get(ADDRESS), 405)
    no_token = browser.client.post(ADDRESS, files=[("files", ("a.jpg", photo()))], headers=JSON)
    assert_refused(no_token, 403)


def test_names_of_files_lead_nowhere(house):
    names = [
        "../../../etc/passwd",
        "..\\..\\x.jpg",
        "/abs/olute.jpg",
        "a/b.jpg",
        "con.jpg",
        ".htaccess",
        "\u202egpj.jpg",
    ]
    answer = post_files(house, [(name, photo(seed=number)) for number, name in enumerate(names)])
    assert answer.status_code == 200
    for told in answer.json()["files"]:
        assert "/" not in told["name"]
    assert not list(house.server.data_dir.rglob("*passwd*"))


def test_a_plain_form_is_sent_back_to_the_assignment_and_a_script_that_takes_anything_gets_json(house):
    answer = post_files(house, [("a.jpg", photo())], headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/assignments/{house.demo['assignment']}/")
    assert set(post_files(house, [("a.jpg", photo())], headers=ANYTHING).json()) == {"files"}
    page = post_files(house, [("bad.jpg", b"<html>"), ("a.jpg", photo())], headers=PAGE)
    assert page.status_code == 200
    assert "bad.jpg" in page.text


# --- before confirming -----------------------------------------------------------------------------------------


def test_until_it_is_confirmed_a_sample_is_there_for_who_brought_it_alone(house):
    sample = brought(house)
    page = status(house, sample)["pages"][0]
    addresses = [f"/samples/{sample}/status/", f"/samples/{sample}/", page["image"], page["thumbnail"]]
    for address in addresses:
        assert house.browser(UPLOADER).get(address, PAGE).status_code == 200, address
        for who in (COLLEAGUE, FACILITATOR, ADMIN, STRANGER):
            assert house.browser(who).get(address).status_code == 404, (who, address)
        assert house.nobody().get(address).status_code == 401
    for who in (COLLEAGUE, STRANGER):
        assert_refused(confirm(house, sample, [], who), 404)
        assert_refused(post_files(house, [("a.jpg", photo())], who, sample=sample), 404)
    answer = house.plan(samples=[sample])
    assert answer.status_code == 422
    assert "no-store" in house.browser(UPLOADER).get(page["image"]).headers["cache-control"]


def test_a_sample_cannot_be_confirmed_before_its_pages_are_there(house):
    bad = post_files(house, [("cut.jpg", photo()[:900])]).json()["files"][0]["sample"]
    if bad is not None:
        settled(house, bad)
        assert_refused(confirm(house, bad, []), 409)
    assert_refused(confirm(house, new_id(), []), 404)


# --- confirming ------------------------------------------------------------------------------------------------

BOX = {"page": 1, "x": 0.1, "y": 0.1, "w": 0.2, "h": 0.1}


def test_redactions_that_make_no_sense_are_refused_and_change_nothing(house):
    sample = brought(house)
    odd = [
        None, "", "x", "[", "{}", {}, 5, True, [5], ["x"], [[]], [None], "[" * 50_000, [{}], "null", "[NaN]",
        *([BOX | {name: value}] for name in "xywh" for value in (None, "0.1", [], {}, True, 1e309, -1e309)),
        *([{k: v for k, v in BOX.items() if k != name}] for name in BOX),
        *([BOX | {"page": page}] for page in (0, 2, -1, 1.5, "1", None, True, [], new_id(), 10**30)),
        *([BOX | {side: value}] for side in "wh" for value in (0, -0.1)),
        [BOX | {"x": 1.5}], [BOX | {"y": -3}], [BOX | {"x": 1.0}],
        [BOX] * 2001, '[{"page": 1, "x": NaN, "y": 0, "w": 1, "h": 1}]',
    ]  # fmt: skip
    for redactions in odd:
        assert_refused(confirm(house, sample, redactions), 400)
    browser = house.browser(UPLOADER)
    for content in (b"[]", b"{", b"\xff", b"null", b'"x"'):
        headers = JSON | {"Content-Type": "application/json"}
        assert_refused(browser.post(f"/samples/{sample}/confirm/", content=content, headers=headers), 400)
    assert_refused(browser.post(f"/samples/{sample}/confirm/", form={}), 400)
    assert_refused(browser.get(f"/samples/{sample}/confirm/"), 405)
    assert house.browser(COLLEAGUE).get(f"/samples/{sample}/status/").status_code == 404
    assert status(house, sample)["state"] == "ready"


@pytest.mark.parametrize("how", ["json", "form"])
def test_confirming_burns_in_destroys_the_original_and_lets_the_team_see(house, how):
    sample = brought(house, exif=made.telling_exif().tobytes())
    browser = house.browser(UPLOADER)
    first = status(house, sample)["pages"][0]
    image = Image.open(io.BytesIO(browser.get(first["image"]).content))
    assert ink_left(image) > 0
    originals = on_disk(house, sample)
    assert any(made.SECRET.encode() in path.read_bytes() for path in originals)
    if how == "json":
        answer = confirm(house, sample, [NAME_BOX])
    else:
        answer = browser.post(f"/samples/{sample}/confirm/", form={"redactions": json.dumps([NAME_BOX])})
    assert answer.status_code == 200, answer.text
    now = status(house, sample, COLLEAGUE)
    check_status(now)
    assert (now["state"], len(now["pages"])) == ("ready", 1)
    for who in (UPLOADER, COLLEAGUE, FACILITATOR):
        page = now["pages"][0]
        for name, kind in (("image", "image/jpeg"), ("thumbnail", "image/webp")):
            served = house.browser(who).get(page[name])
            assert (served.status_code, served.headers["content-type"]) == (200, kind)
            picture = Image.open(io.BytesIO(served.content))
            assert ink_left(picture) == 0
            assert not picture.getexif()
            assert made.SECRET.encode() not in served.content
            assert served.headers["x-content-type-options"] == "nosniff"
    for who in (STRANGER, ADMIN):
        for address in (page["image"], page["thumbnail"], f"/samples/{sample}/status/", f"/samples/{sample}/"):
            assert house.browser(who).get(address).status_code == 404
    assert house.nobody().get(page["image"]).status_code == 401
    left = on_disk(house, sample)
    assert left
    assert not set(left) & set(originals)
    for path in left:
        assert made.SECRET.encode() not in path.read_bytes()
    assert INK  # the colour that `ink_left` looks for


def test_confirming_twice_is_once_and_otherwise_is_409(house):
    sample = brought(house)
    answers = together(4, lambda _: confirm(house, sample, [NAME_BOX]))
    assert {answer.status_code for answer in answers} == {200}
    assert confirm(house, sample, [NAME_BOX]).status_code == 200
    assert_refused(confirm(house, sample, []), 409)
    assert_refused(confirm(house, sample, [NAME_BOX], COLLEAGUE), 403)
    assert_refused(confirm(house, sample, [NAME_BOX], STRANGER), 404)
    assert_refused(post_files(house, [("late.jpg", photo())], sample=sample), 409)
    room = house.room(samples=[sample])
    assert [one["id"] for one in room.facts["samples"]] == [sample]


def test_a_box_that_sticks_out_covers_what_lies_on_the_page(house):
    sample = brought(house)
    answer = confirm(house, sample, [{"page": 1, "x": -5, "y": -5, "w": 10, "h": 1e300}])
    assert answer.status_code == 200, answer.text
    served = house.browser(COLLEAGUE).get(status(house, sample)["pages"][0]["image"])
    picture = Image.open(io.BytesIO(served.content)).convert("L")
    low, high = picture.getextrema()
    assert high - low < 8  # one colour from edge to edge


def test_status_answers_whatever_is_accepted(house):
    for headers in (JSON, PAGE, ANYTHING):
        answer = house.browser(COLLEAGUE).get(f"/samples/{house.demo['samples'][0]}/status/", headers)
        check_status(answer.json())
    assert is_sentence(house.stranger.get(f"/samples/{house.demo['samples'][0]}/status/", ANYTHING))
