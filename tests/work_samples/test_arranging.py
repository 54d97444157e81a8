"""Arranging pages: what lies where, what is left on the disk, and what confirming makes of it."""

import contextlib
import json
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone
from PIL import Image

from tests.work_samples import arranging as steps
from tests.work_samples import files as made
from tests.work_samples.arranging import arrange, lies, marks, reshape, scan, split
from tests.work_samples.bringing import (
    NAME_BOX,
    all_files,
    body_of,
    bring,
    confirm,
    image_of,
    ink_left,
    make_pages,
    open_image,
    photo,
    ready,
    signed_in,
)
from work_samples.domain import arranging, bringing, cleanup, drafts, layout, redacting, shapes, shaping
from work_samples.domain.boxes import PlacedBox
from work_samples.models import Page, Redaction, Sample, Shape, Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(assignment, tmp_path):
    return scan(assignment, tmp_path, pages=5)


def keys(sample):
    return list(sample.pages.values_list("pk", flat=True))


def kept_in(folder):
    return [file for file in all_files() if str(file).startswith(f"{folder}/")]


def colours(page):
    """The corners of a page as it is served, coarsely."""
    with image_of(page.image.name) as image:
        wide, high = image.size
        places = [(9, 9), (wide - 9, 9), (wide - 9, high - 9), (9, high - 9)]
        return ["".join("rgb"[at] for at in range(3) if image.getpixel(place)[at] > 128) for place in places]


@pytest.fixture
def corners(assignment, tmp_path):
    """A page with red, green, blue and white corners, clockwise from the upper left."""
    paper = Image.new("RGB", (800, 1000), (255, 255, 255))
    for place, ink in (((0, 0), (255, 0, 0)), ((400, 0), (0, 255, 0)), ((400, 500), (0, 0, 255))):
        paper.paste(ink, (*place, place[0] + 400, place[1] + 500))
    sample = ready(assignment, made.jpeg(tmp_path, "corners.jpg", paper, quality=95))
    return sample.pages.get()


# --- splitting and merging -------------------------------------------------------------------------------


def test_a_class_is_split_and_what_was_brought_is_let_go_of_at_once(assignment, sample, commit):
    pages = keys(sample)
    with commit():
        split(assignment, sample, 2)
    assert lies(assignment) == {"A": pages[:2], "B": pages[2:4], "C": pages[4:]}
    assert not Upload.objects.exists()
    assert not kept_in("uploads")
    assert set(Sample.objects.values_list("created_at", flat=True)) == {sample.created_at}


def test_each_part_is_confirmed_alone_and_nothing_else_of_it_stays(assignment, sample, commit):
    with commit():
        split(assignment, sample, 2)
    for number, part in enumerate(Sample.objects.order_by("label"), 1):
        with commit():
            confirm(part, boxes=())
        assert not Shape.objects.exists()
        assert len(all_files()) == 10
        assert len(kept_in("pages")) == {1: 4, 2: 8, 3: 10}[number]


def test_deleting_one_part_leaves_the_others_whole(assignment, sample, commit):
    with commit():
        split(assignment, sample, 2)
    with commit():
        bringing.delete_sample(sample=Sample.objects.get(label="A"))
    left = {str(file) for file in all_files()}
    assert left == drafts.in_use(assignment.pk)
    assert len(left) == 6


def test_parts_expire_with_the_day_on_which_they_were_brought(assignment, sample, commit):
    with commit():
        split(assignment, sample, 1)
    with commit():
        cleanup.expire_unconfirmed(now=timezone.now() + timedelta(days=8), days=7)
    assert not Sample.objects.exists()
    assert not all_files()


def test_a_merged_sample_is_as_old_as_its_oldest_page(assignment, tmp_path, commit):
    old, new = ready(assignment, photo(tmp_path, "1.jpg")), ready(assignment, photo(tmp_path, "2.jpg", seed=2))
    Sample.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=6))
    with commit():
        arrange(assignment, lambda lies: layout.merge(lies, [new.pk, old.pk]))
    only = Sample.objects.get()
    assert (only.pk, only.label) == (new.pk, "B")
    assert only.created_at < timezone.now() - timedelta(days=5)


def test_merged_samples_are_confirmed_whole(assignment, tmp_path, commit):
    one, two = ready(assignment, photo(tmp_path, "1.jpg")), ready(assignment, photo(tmp_path, "2.jpg", seed=2))
    with commit():
        arrange(assignment, lambda lies: layout.merge(lies, [one.pk, two.pk]))
    with commit():
        confirm(one, boxes=[NAME_BOX, NAME_BOX | {"page": 2}])
    left = all_files()
    assert len(left) == 4
    assert [ink_left(image_of(file)) for file in left] == [0, 0, 0, 0]


def test_the_order_that_a_person_gave_stays_when_more_pages_come(assignment, sample, tmp_path, commit):
    pages = keys(sample)
    with commit():
        arrange(assignment, lambda lies: layout.move(lies, [pages[4]], to=sample.pk, before=pages[0]))
    bring(assignment, photo(tmp_path), sample=Sample.objects.get(pk=sample.pk))
    make_pages(sample)
    assert keys(sample)[:5] == [pages[4], *pages[:4]]
    assert len(keys(sample)) == 6


def test_a_file_that_could_not_be_read_is_tried_again_in_the_sample_where_it_waits(
    assignment, sample, tmp_path, commit
):
    bring(assignment, made.jpeg(tmp_path, "two.jpg", made.paper(300, 400)), sample=sample)
    Upload.objects.filter(made_at=None).update(error="It could not be read.")
    pages = keys(sample)
    with commit():
        arrange(assignment, lambda lies: layout.move(lies, pages, to=None))
    assert lies(assignment) == {"B": pages}
    bringing.retry(sample=Sample.objects.get(label="A"), now=timezone.now())
    make_pages(sample)
    assert len(lies(assignment)["A"]) == 1
    assert len(lies(assignment)["B"]) == 5


def test_pages_that_are_still_being_made_wait(assignment, sample, tmp_path):
    bring(assignment, photo(tmp_path), sample=sample)
    with pytest.raises(arranging.NotNow):
        split(assignment, sample, 2)


def test_a_job_with_nothing_to_do_takes_no_file_away(assignment, sample, commit):
    with commit():
        split(assignment, sample, 2)
    bringing.retry(sample=Sample.objects.get(pk=sample.pk), now=timezone.now())
    make_pages(sample)
    assert len(all_files()) == 10


# --- setting aside ---------------------------------------------------------------------------------------


def test_a_page_set_aside_comes_back_with_its_boxes(assignment, sample, commit):
    pages = keys(sample)
    redacting.save_drafts(sample=sample, placed=[PlacedBox(pages[1], 0.1, 0.1, 0.2, 0.2)])
    with commit():
        arrange(assignment, lambda lies: layout.set_aside(lies, [pages[1]]))
    assert keys(sample) == [pages[0], *pages[2:]]
    redacting.save_drafts(sample=sample, placed=[])
    with commit():
        arrange(assignment, lambda lies: layout.bring_back(lies, [pages[1]], {pages[1]: 2}))
    assert keys(sample) == pages
    assert Redaction.objects.get().page_id == pages[1]


def test_confirming_leaves_exactly_the_kept_pages(assignment, sample, commit):
    pages = keys(sample)
    with commit():
        arrange(assignment, lambda lies: layout.set_aside(lies, pages[3:]))
    with commit():
        confirm(sample, boxes=())
    assert list(Page.everything.values_list("pk", flat=True)) == pages[:3]
    assert len(all_files()) == 6


def test_a_page_set_aside_is_served_to_nobody_as_a_page(client, assignment, sample, commit, their_client):
    page = sample.pages.first()
    with commit():
        arrange(assignment, lambda lies: layout.set_aside(lies, [page.pk]))
    assert client.get(f"/pages/{page.pk}/image/").status_code == 404
    assert client.get(f"/pages/{page.pk}/arranging/").status_code == 200
    assert their_client.get(f"/pages/{page.pk}/arranging/").status_code == 404


# --- turning and cutting ---------------------------------------------------------------------------------


def test_a_page_is_turned_in_its_pixels_and_back(assignment, corners, commit):
    was = corners.image.name
    with commit():
        reshape(assignment, [corners], lambda look: look.turned(1))
    corners = Page.objects.get()
    assert (corners.width, corners.height) == (1000, 800)
    assert colours(corners) == ["rgb", "r", "g", "b"]
    with commit():
        reshape(assignment, [corners], lambda look: look.turned(3))
    assert Page.objects.get().image.name == was
    assert not Shape.objects.exists()
    assert len(kept_in("drafts")) == 2


def test_a_cut_page_is_confirmed_without_what_was_cut_off(assignment, corners, commit):
    sample = corners.sample
    with commit():
        reshape(assignment, [corners], lambda look: look.cropped((0.5, 0.5, 0.5, 0.5)).turned(1))
    with commit():
        confirm(sample, boxes=())
    assert len(all_files()) == 2
    assert colours(Page.objects.get()) == ["b"] * 4
    assert not Shape.objects.exists()


def test_boxes_turn_with_their_page_and_hide_the_name_there(assignment, tmp_path, commit):
    sample = ready(assignment, photo(tmp_path))
    page = sample.pages.get()
    box = {side: NAME_BOX[side] for side in "xywh"}
    redacting.save_drafts(sample=sample, placed=[PlacedBox(page.pk, **box)])
    with commit():
        reshape(assignment, [page], lambda look: look.turned(1))
    assert ink_left(image_of(Page.objects.get().image.name))
    with commit():
        redacting.confirm_sample(
            sample=sample, by=sample.uploader, redactions=None, seen=redacting.fingerprint(sample), now=timezone.now()
        )
    assert [ink_left(image_of(file)) for file in all_files()] == [0, 0]


def test_a_box_that_was_cut_off_is_back_when_the_page_is_whole_again(assignment, corners, commit):
    redacting.save_drafts(sample=corners.sample, placed=[PlacedBox(corners.pk, 0.1, 0.1, 0.2, 0.1)])
    with commit():
        reshape(assignment, [corners], lambda look: look.cropped((0, 0.5, 1, 0.5)))
    assert not Redaction.objects.exists()
    with commit():
        shaping.undo(assignment=assignment, by=assignment.created_by)
    row = Redaction.objects.get()
    assert (row.x, row.y, row.w, row.h) == pytest.approx((0.1, 0.1, 0.2, 0.1))


def test_a_sample_that_is_deleted_takes_the_page_as_it_was_made_along(assignment, corners, commit):
    with commit():
        reshape(assignment, [corners], lambda look: look.turned(2))
    with commit():
        bringing.delete_sample(sample=corners.sample)
    assert not all_files()


def test_the_sweep_keeps_a_page_as_it_was_made_and_what_is_set_aside(assignment, sample, corners, commit):
    with commit():
        reshape(assignment, [corners], lambda look: look.turned(1))
        arrange(assignment, lambda lies: layout.set_aside(lies, keys(sample)[:1]))
    before = set(all_files())
    cleanup.delete_orphans(now=timezone.now() + timedelta(days=2))
    assert set(all_files()) == before


def test_what_cannot_be_written_leaves_no_file(assignment, corners, monkeypatch):
    before = set(all_files())
    seen = marks(assignment)
    Page.objects.filter(pk=corners.pk).update(number=7)
    with pytest.raises(layout.Changed):
        reshape(assignment, [corners], lambda look: look.turned(1), seen=seen)
    real = shaping._draw

    def drawn_while_another_tab_works(changes):
        made_now = real(changes)
        Page.objects.filter(pk=corners.pk).update(number=1)
        return made_now

    monkeypatch.setattr(shaping, "_draw", drawn_while_another_tab_works)
    with pytest.raises(layout.Changed):
        reshape(assignment, [corners], lambda look: look.turned(1))
    assert set(all_files()) == before


def test_after_a_walk_of_actions_confirming_leaves_exactly_the_kept_pages(assignment, sample, commit):
    everything = set(keys(sample))
    for seed in range(14):
        chance = Random(seed)
        here = [page for pages in lies(assignment).values() for page in pages]
        samples = list(Sample.objects.values_list("pk", flat=True))
        some = chance.sample(here, 2)
        aside = list(Page.everything.exclude(aside_at=None).values_list("pk", flat=True))
        act = [
            lambda now, some=some: layout.move(now, some, to=None),
            lambda now, some=some: layout.split_at(now, some),
            lambda now, samples=samples: layout.merge(now, samples),
            lambda now, some=some, samples=samples: layout.move(now, some, to=samples[-1]),
            lambda now, some=some: layout.set_aside(now, some[:1]),
            lambda now, aside=aside: layout.bring_back(now, aside, dict.fromkeys(aside, 1)),
        ][seed % 6]
        with contextlib.suppress(layout.BadLayout), commit():
            arrange(assignment, act)
        if seed % 5 == 4:
            with contextlib.suppress(arranging.NotNow, layout.Changed), commit():
                arranging.undo(assignment=assignment, by=assignment.created_by, now=timezone.now())
        assert set(Page.everything.values_list("pk", flat=True)) == everything
        for pages in Sample.objects.prefetch_related("pages"):
            assert [page.number for page in pages.pages.all()] == list(range(1, pages.pages.count() + 1))
    kept = {page for pages in lies(assignment).values() for page in pages}
    for one in Sample.objects.filter(pages__isnull=False).distinct():
        with commit():
            confirm(one, boxes=())
    assert set(Page.objects.filter(sample__confirmed_at__isnull=False).values_list("pk", flat=True)) == kept
    for one in Sample.objects.waiting():
        with commit():
            bringing.delete_sample(sample=one)
    assert len(all_files()) == 2 * len(kept)


# --- undo ------------------------------------------------------------------------------------------------


def test_the_last_step_is_undone_once(assignment, sample, commit):
    pages, by = keys(sample), assignment.created_by
    with commit():
        split(assignment, sample, 2)
    with commit():
        arranging.undo(assignment=assignment, by=by, now=timezone.now())
    assert lies(assignment) == {"A": pages}
    with pytest.raises(arranging.NotNow):
        arranging.undo(assignment=assignment, by=by, now=timezone.now())


def test_a_merge_is_undone_with_its_labels(assignment, sample, tmp_path, commit):
    other = ready(assignment, photo(tmp_path))
    before = lies(assignment)
    with commit():
        arrange(assignment, lambda lies: layout.merge(lies, [other.pk, sample.pk]))
    with commit():
        arranging.undo(assignment=assignment, by=assignment.created_by, now=timezone.now())
    assert lies(assignment) == before
    assert steps.labels(assignment) == ["A", "B"]


def test_nothing_is_undone_over_what_happened_since(assignment, sample, tmp_path, commit):
    with commit():
        split(assignment, sample, 2)
    with commit():
        confirm(Sample.objects.get(label="B"), boxes=())
    before = lies(assignment)
    with pytest.raises(layout.Changed):
        arranging.undo(assignment=assignment, by=assignment.created_by, now=timezone.now())
    assert lies(assignment) == before


# --- the page --------------------------------------------------------------------------------------------


def post(client, assignment, do, **body):
    seen = {str(key): mark for key, mark in marks(assignment).items()}
    return client.post(
        f"/assignments/{assignment.pk}/arrange/",
        json.dumps({"do": do, "seen": seen} | body),
        content_type="application/json",
    )


def test_it_tells_what_a_split_makes_and_makes_it(client, assignment, tmp_path, commit):
    sample = scan(assignment, tmp_path, pages=60)
    address = f"/assignments/{assignment.pk}/arrange/"
    told = client.get(f"{address}?sample={sample.pk}&every=2", headers={"accept": "application/json"})
    assert told.json() == {"makes": "60 pages → 30 samples, A to AD."}
    with commit():
        answer = post(client, assignment, "split", sample=str(sample.pk), every=2)
    assert [(one["label"], len(one["pages"])) for one in answer.json()["samples"]][::29] == [("A", 2), ("AD", 2)]
    assert answer.json()["undo"] == "Split a sample"
    assert client.get(address).content.count(b'name="pages"') == 60


def test_it_costs_the_same_with_many_pages(client, assignment, tmp_path, commit, django_assert_max_num_queries):
    sample = scan(assignment, tmp_path, pages=12)
    client.get(f"/assignments/{assignment.pk}/arrange/")
    with django_assert_max_num_queries(16) as few:
        client.get(f"/assignments/{assignment.pk}/arrange/")
    with commit():
        split(assignment, sample, 1)
    with django_assert_max_num_queries(len(few)):
        assert client.get(f"/assignments/{assignment.pk}/arrange/").status_code == 200


@pytest.mark.parametrize(
    ("do", "body"),
    [
        ("split", {"every": 0}),
        ("split", {"every": 10**9}),
        ("split", {"every": "two"}),
        ("split", {"every": -2}),
        ("split", {"every": None}),
        ("begin", {"pages": []}),
        ("begin", {"pages": "nothing"}),
        ("begin", {"pages": [{}]}),
        ("merge", {"samples": []}),
        ("move", {"pages": [], "to": "new"}),
        ("move", {"pages": [], "to": "no key"}),
        ("turn", {"by": 0}),
        ("turn", {"by": 4}),
        ("crop", {"x": 0, "y": 0, "w": 0, "h": 1}),
        ("crop", {"x": "a", "y": 0, "w": 1, "h": 1}),
        ("crop", {}),
        ("whole", {}),
        ("name", {}),
        ("dance", {}),
        ("", {}),
    ],
)
def test_nonsense_gets_a_sentence(client, assignment, sample, do, body):
    before = lies(assignment)
    answer = post(client, assignment, do, **({"sample": str(sample.pk)} if do == "split" else {}), **body)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert lies(assignment) == before


def test_another_persons_pages_are_as_if_they_were_not_there(client, assignment, sample, colleague, tmp_path):
    theirs = scan(assignment, tmp_path, pages=2, by=colleague)
    for do, body in (
        ("aside", {"pages": [str(keys(theirs)[0])]}),
        ("move", {"pages": [str(keys(theirs)[0])], "to": str(sample.pk)}),
        ("move", {"pages": [str(keys(sample)[0])], "to": str(theirs.pk)}),
        ("turn", {"pages": [str(keys(theirs)[0])], "by": 1}),
        ("split", {"sample": str(theirs.pk), "every": 1}),
        ("merge", {"samples": [str(sample.pk), str(theirs.pk)]}),
        ("name", {"sample": str(theirs.pk), "label": "Mine"}),
    ):
        answer = post(client, assignment, do, **body)
        assert (answer.status_code, answer.json()["error"]) == (409, layout.CHANGED), do
    assert lies(assignment) == {"A": keys(sample), "B": keys(theirs)}


def test_the_second_tab_and_the_second_press_hear_that_things_have_changed(client, assignment, sample, commit):
    address = f"/assignments/{assignment.pk}/arrange/"
    seen = {f"seen-{key}": mark for key, mark in marks(assignment).items()}
    form = {"do": "split", "sample": str(sample.pk), "every": "3", **seen}
    with commit():
        assert client.post(address, form).status_code == 302
    before = lies(assignment)
    again = client.post(address, form, headers={"hx-request": "true"})
    assert again.status_code == 409
    assert layout.CHANGED.encode() in again.content
    assert client.post(address, form, headers={"accept": "application/json"}).json() == {"error": layout.CHANGED}
    assert lies(assignment) == before


def test_buttons_say_what_they_are_about(client, assignment, sample, commit):
    pages, address = keys(sample), f"/assignments/{assignment.pk}/arrange/"

    def press(do, **more):
        seen = {f"seen-{key}": mark for key, mark in marks(assignment).items()}
        with commit():
            assert client.post(address, {"do": do, **seen, **more}).status_code == 302

    press("begin", pages=[str(pages[2]), str(pages[4])])
    assert [len(one) for one in lies(assignment).values()] == [2, 2, 1]
    press(f"join {Sample.objects.get(label='C').pk}")
    assert [len(one) for one in lies(assignment).values()] == [2, 3]
    press("aside", pages=[str(pages[0])])
    press(f"back {pages[0]}")
    press("earlier", pages=[str(pages[1])])
    assert lies(assignment)["A"] == [pages[1], pages[0]]
    press("turn 1", pages=[str(pages[0])])
    assert Page.objects.get(pk=pages[0]).shape.turn == 1
    press("undo")
    assert not Shape.objects.exists()
    press(f"name {sample.pk}", **{f"label-{sample.pk}": "12"})
    assert Sample.objects.get(pk=sample.pk).label == "12"


def test_pages_are_cut_by_numbers(client, assignment, sample, commit):
    page = keys(sample)[0]
    address = f"/assignments/{assignment.pk}/arrange/"
    to = client.post(address, {"do": "cut", "pages": [str(page)]})
    assert to.url == f"{address}cut/?pages={page}"
    assert str(page) in client.get(to.url).content.decode()
    seen = {f"seen-{key}": mark for key, mark in marks(assignment).items()}
    refused = client.post(f"{address}cut/", {"pages": [str(page)], "x": 0, "y": 0, "w": 0.1, "h": 100, **seen})
    assert refused.status_code == 422
    assert shapes.TOO_SMALL in refused.content.decode()
    with commit():
        assert (
            client.post(f"{address}cut/", {"pages": [str(page)], "x": 0, "y": 0, "w": 100, "h": 50, **seen}).status_code
            == 302
        )
    assert Page.objects.get(pk=page).height < 1000


def test_only_the_uploader_arranges_and_only_before_confirming(  # noqa: PLR0917
    their_client, client, assignment, sample, outsiders, commit
):
    address = f"/assignments/{assignment.pk}/arrange/"
    assert b'name="pages"' not in their_client.get(address).content
    for outsider in outsiders.values():
        assert signed_in(outsider).get(address).status_code == 404
        assert signed_in(outsider).post(address, {"do": "undo"}).status_code == 404
    with commit():
        confirm(sample, boxes=())
    assert post(client, assignment, "turn", pages=[str(keys(sample)[0])], by=1).status_code == 409
    assert client.get(f"/pages/{keys(sample)[0]}/arranging/").status_code == 404


def test_boxes_drawn_on_a_page_that_was_turned_meanwhile_are_refused(client, assignment, corners, commit):
    address = f"/samples/{corners.sample_id}/redactions/"
    drawn = {"redactions": [NAME_BOX], "pictures": {"1": drafts.mark_of(corners)}}
    assert client.post(address, json.dumps(drawn), content_type="application/json").status_code == 200
    with commit():
        reshape(assignment, [corners], lambda look: look.turned(1))
    answer = client.post(address, json.dumps(drawn), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (409, redacting.ARRANGED)
    assert Redaction.objects.get().x != pytest.approx(NAME_BOX["x"])


def test_the_thumbnail_is_of_the_page_as_it_lies(client, assignment, corners, commit):
    with commit():
        reshape(assignment, [corners], lambda look: look.turned(1))
    small = open_image(body_of(client.get(f"/pages/{corners.pk}/arranging/")))
    assert small.width > small.height


# --- groups ----------------------------------------------------------------------------------------------


@pytest.fixture
def groups(team):
    district = team.school.district
    district.groups = ["Learning English", "With a plan of support"]
    district.save()


@pytest.mark.usefixtures("groups")
def test_a_sample_is_filed_under_a_group_of_the_list_alone(client, their_client, assignment, sample, commit):
    assert post(client, assignment, "name", sample=str(sample.pk), group="Learning English").status_code == 200
    refused = post(client, assignment, "name", sample=str(sample.pk), group="Jamie Whitlock")
    assert refused.status_code == 400
    assert Sample.objects.get().group == "Learning English"
    assert b"Learning English" in client.get(f"/samples/{sample.pk}/").content
    with commit():
        confirm(sample, boxes=())
    address = f"/samples/{sample.pk}/group/"
    assert their_client.post(address, {"group": ""}).status_code == 403
    assert client.post(address, {"group": "Anything"}, headers={"accept": "application/json"}).status_code == 400
    assert client.post(address, {"group": "With a plan of support"}).status_code == 302
    assert b"With a plan of support" in their_client.get(f"/library/samples/{sample.pk}/used/").content


@pytest.mark.usefixtures("groups")
def test_a_group_that_left_the_list_may_stay_but_not_be_chosen_anew(client, assignment, sample, team):
    Sample.objects.update(group="Learning English")
    team.school.district.__class__.objects.update(groups=[])
    assert post(client, assignment, "name", sample=str(sample.pk), group="Learning English").status_code == 200
    assert post(client, assignment, "name", sample=str(sample.pk), group="").status_code == 200
    assert post(client, assignment, "name", sample=str(sample.pk), group="Learning English").status_code == 400
