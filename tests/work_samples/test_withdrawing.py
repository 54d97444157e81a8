"""Something is wrong: whoever sees a page takes it away from everybody, at once, and it comes back only covered."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from esw.core import clock
from teams.models import Administration, TeamRole
from tests.factories import UserFactory, member_of
from tests.work_samples.bringing import NAME_BOX, all_files, body_of, photo, ready, signed_in, with_pages
from work_samples import withdrawal_queries
from work_samples.domain import telling, withdrawing
from work_samples.models import Page, Withdrawal, WithdrawalEvent

pytestmark = pytest.mark.django_db
DUTY = "Call the child welfare line before you leave the building."


@pytest.fixture
def sample(assignment, tmp_path):
    """A confirmed sample of two pages, each with a name that its uploader missed."""
    return with_pages(assignment, tmp_path)


@pytest.fixture
def lead(team):
    person = member_of(team, name="Rosa Medina", email="rosa@school.example")
    team.memberships.filter(user=person).update(role=TeamRole.LEAD)
    return person


@pytest.fixture
def contact(team):
    """Whom the district named, who has an account and belongs to no team."""
    person = UserFactory(name="Ines Duarte", email="ines@district.example")
    district = team.school.district
    district.concern_contact_name, district.concern_contact_email = "Ines Duarte", "Ines@District.example"
    district.reporting_duty = DUTY
    district.save()
    return person


def press(client, what, reason="name", **more):
    kind = "pages" if isinstance(what, Page) else "samples"
    return client.post(
        f"/{kind}/{what.pk}/withdraw/",
        json.dumps({"reason": reason, **more}),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def first(sample):
    return Page.objects.filter(sample=sample).order_by("number").first()


def addresses(page):
    return [
        reverse(f"work_samples:{name}", args=[page.pk]) for name in ("page_image", "page_thumbnail", "page_preview")
    ]


def post(client, row, name, data=None):
    return client.post(
        reverse(f"work_samples:withdrawal_{name}", args=[row.pk]), data or {}, headers={"accept": "application/json"}
    )


def covered(client, row, number=1):
    box = NAME_BOX | {"page": number}
    kept = post(client, row, "boxes", {"redactions": json.dumps([box])})
    assert kept.status_code == 200, kept.content
    return post(client, row, "cover")


# --- at once ---------------------------------------------------------------------------------------------


def test_after_it_no_address_that_served_the_page_serves_it_and_those_of_the_other_page_do(
    client, their_client, sample
):
    page, other = Page.objects.filter(sample=sample).order_by("number")
    served = {address: body_of(client.get(address)) for address in addresses(page)}
    assert all(len(body) > 500 for body in served.values())
    assert press(their_client, page).status_code == 200
    there = Page.objects.get(sample=sample, number=1)
    for browser in (client, their_client):
        for address in served:
            assert browser.get(address).status_code == 404
        for address in addresses(there):
            answer = browser.get(address)
            assert answer.status_code == 410
            assert answer["Cache-Control"] == "private, no-store"
            assert b"This page was withdrawn" in answer.content
        for address in addresses(other):
            assert browser.get(address).status_code == 200


def test_a_page_that_is_withdrawn_has_another_id_so_that_no_browser_shows_it_out_of_its_cache(client, sample):
    page = first(sample)
    press(client, page)
    there = Page.objects.get(sample=sample, number=1)
    assert there.pk != page.pk
    assert withdrawing.current_page(page.pk) == there.pk
    for address in ("sample", "assignment"):
        key = sample.pk if address == "sample" else sample.assignment_id
        assert str(page.pk) not in client.get(reverse(f"work_samples:{address}", args=[key])).content.decode()
    assert str(page.pk) not in client.get("/library/").content.decode()


def test_its_words_are_held_back_with_it_and_come_back(client, sample):
    Page.objects.filter(pk=first(sample).pk).update(description="A poem about Ana")
    row = Withdrawal.objects.get(pk=press(client, first(sample)).json()["withdrawal"])
    assert first(sample).description == ""
    post(client, row, "undo")
    assert first(sample).description == "A poem about Ana"


def test_a_whole_sample_is_withdrawn_with_every_page(client, sample):
    before = [address for page in sample.pages.all() for address in addresses(page)]
    assert press(client, sample).status_code == 200
    assert all(client.get(address).status_code == 404 for address in before)
    assert [page.is_there for page in sample.pages.all()] == [False, False]
    row = Withdrawal.objects.get()
    assert post(client, row, "undo").status_code == 200
    assert [page.is_there for page in sample.pages.all()] == [True, True]


def test_pressing_twice_is_pressing_once(client, their_client, sample):
    page, key = first(sample), str(uuid.uuid4())
    one = press(client, page, client_id=key).json()["withdrawal"]
    assert press(client, page, client_id=key).json()["withdrawal"] == one
    assert press(their_client, page).json()["withdrawal"] == one
    assert [event.name for event in WithdrawalEvent.objects.all()] == ["withdrawn", "raised_again"]


def test_a_press_that_waited_without_a_connection_does_not_take_away_what_was_covered_meanwhile(
    client, their_client, sample, commit
):
    page = first(sample)
    row = Withdrawal.objects.get(pk=press(client, page).json()["withdrawal"])
    with commit():
        assert covered(client, row).status_code == 200
    late = press(their_client, page, client_id=str(uuid.uuid4()))
    assert late.json()["withdrawal"] == str(row.pk)
    assert first(sample).is_there


def test_a_worry_that_waited_without_a_connection_is_never_lost(client, their_client, sample, commit, contact):
    page = first(sample)
    row = Withdrawal.objects.get(pk=press(client, page).json()["withdrawal"])
    with commit():
        covered(client, row)
    late = press(their_client, page, reason="worry")
    assert late.json()["withdrawal"] != str(row.pk)
    assert not first(sample).is_there


def test_what_only_its_uploader_sees_is_not_withdrawn(client, assignment, tmp_path):
    waiting = ready(assignment, photo(tmp_path))
    answer = press(client, first(waiting))
    assert answer.status_code == 409
    assert answer.json()["error"] == withdrawing.NOT_SHARED


@pytest.mark.parametrize("body", [{"reason": "bored"}, {}, {"reason": "name", "client_id": "x"}])
def test_a_press_that_makes_no_sense_changes_nothing(client, sample, body):
    answer = client.post(
        f"/pages/{first(sample).pk}/withdraw/",
        json.dumps(body),
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert first(sample).is_there


def test_it_works_as_a_plain_form(their_client, sample):
    page = first(sample)
    asked = their_client.get(f"/pages/{page.pk}/withdraw/")
    assert "A name shows" in asked.content.decode()
    answer = their_client.post(f"/pages/{page.pk}/withdraw/", {"reason": "name", "note": "top right"})
    assert answer.status_code == 302
    told = their_client.get(answer["Location"]).content.decode()
    assert "I pressed by mistake" in told
    assert "top right" not in told


# --- by mistake ------------------------------------------------------------------------------------------


def test_who_pressed_undoes_it_within_ten_minutes_and_the_same_picture_is_back(client, their_client, sample):
    before = body_of(client.get(addresses(first(sample))[0]))
    row = Withdrawal.objects.get(pk=press(their_client, first(sample)).json()["withdrawal"])
    assert post(client, row, "undo").status_code == 403
    assert post(their_client, row, "undo").status_code == 200
    assert post(their_client, row, "undo").status_code == 200
    assert body_of(client.get(addresses(first(sample))[0])) == before


def test_after_ten_minutes_it_is_for_others_to_bring_back(their_client, colleague, sample):
    row = Withdrawal.objects.get(pk=press(their_client, first(sample)).json()["withdrawal"])
    with pytest.raises(withdrawing.NotWithdrawn):
        withdrawing.undo(withdrawal=row, by=colleague, now=row.raised_at + timedelta(minutes=10, seconds=1))
    assert not first(sample).is_there


# --- a name shows ----------------------------------------------------------------------------------------


def test_the_uploader_covers_it_and_it_comes_back_under_an_address_that_never_showed_the_name(
    client, their_client, sample, commit, settings
):
    page = first(sample)
    named = body_of(client.get(addresses(page)[0]))
    row = Withdrawal.objects.get(pk=press(their_client, page).json()["withdrawal"])
    with commit():
        assert covered(client, row).status_code == 200
    there = first(sample)
    assert there.pk != page.pk
    after = body_of(their_client.get(addresses(there)[0]))
    assert after != named
    assert len(after) > 500
    assert named not in [path.read_bytes() for path in all_files(settings.MEDIA_ROOT)]


def test_it_does_not_come_back_without_a_box(client, their_client, sample):
    row = Withdrawal.objects.get(pk=press(their_client, first(sample)).json()["withdrawal"])
    answer = post(client, row, "cover")
    assert answer.status_code == 409
    assert answer.json()["error"] == withdrawing.NO_BOX


def test_mails_go_to_the_uploader_and_the_leads_and_hold_no_content(their_client, uploader, lead, sample):
    sample.assignment.prompt = "Secret task words"
    sample.assignment.save()
    press(their_client, first(sample), note="It says Ana")
    row = Withdrawal.objects.get()
    assert telling.tell(withdrawal_id=row.pk, now=clock.now()) == 2
    assert telling.tell(withdrawal_id=row.pk, now=clock.now()) == 0
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([uploader.email, lead.email])
    for letter in mail.outbox:
        said = letter.subject + letter.body
        assert f"/withdrawals/{row.pk}/" in said
        assert not [word for word in ("Ana", "Secret", sample.assignment.title) if word in said]
        assert not letter.attachments


# --- this worries me -------------------------------------------------------------------------------------


def test_a_worry_shows_the_districts_own_duty_at_once_and_tells_its_contact_where_and_by_whom(
    their_client, colleague, sample, contact, lead
):
    answer = press(their_client, first(sample), reason="worry", note="Look at the last line")
    assert answer.json()["duty"] == DUTY
    assert DUTY in their_client.get(answer.json()["address"]).content.decode()
    telling.tell(withdrawal_id=Withdrawal.objects.get().pk, now=clock.now())
    (letter,) = mail.outbox
    assert letter.to == ["Ines@District.example"]
    team = sample.assignment.team
    for word in (team.name, team.school.name, sample.assignment.title, sample.label, colleague.name):
        assert word in letter.body
    assert "last line" not in letter.body + letter.subject


def test_without_a_word_of_the_district_a_neutral_sentence_stands_there(their_client, sample):
    answer = press(their_client, first(sample), reason="worry")
    assert answer.json()["duty"] == withdrawal_queries.NO_DUTY
    assert telling.tell(withdrawal_id=Withdrawal.objects.get().pk, now=clock.now()) == 0
    assert "named nobody" in their_client.get(answer.json()["address"]).content.decode()


def test_while_somebody_worries_no_lead_looks_at_it_covers_it_or_destroys_it(
    client, their_client, lead, sample, contact
):
    page = first(sample)
    name = Withdrawal.objects.get(pk=press(client, page).json()["withdrawal"])
    press(their_client, first(sample), reason="worry")
    there = first(sample)
    leads = signed_in(lead)
    assert leads.get(f"/withdrawals/{name.pk}/pages/{there.pk}/image/").status_code == 403
    assert post(leads, name, "destroy").status_code == 409
    assert covered_status(leads, name) == 409
    assert Page.objects.get(pk=there.pk).held_image


def covered_status(client, row):
    return post(client, row, "boxes", {"redactions": json.dumps([NAME_BOX])}).status_code


def test_both_withdrawals_must_be_settled_before_it_is_seen_again(client, their_client, sample, contact, commit):
    name = Withdrawal.objects.get(pk=press(client, first(sample)).json()["withdrawal"])
    worry = Withdrawal.objects.get(pk=press(their_client, first(sample), reason="worry").json()["withdrawal"])
    assert post(signed_in(contact), worry, "back").status_code == 200
    assert not first(sample).is_there
    with commit():
        assert covered(client, name).status_code == 200
    assert first(sample).is_there


# --- who may ---------------------------------------------------------------------------------------------

NAME_RIGHTS = {
    "uploader": (200, 200, True), "lead": (200, 200, True), "raiser": (200, 403, False), "member": (403, 403, False),
    "contact": (404, 404, False), "district": (404, 404, False), "school": (404, 404, False),
    "stranger": (404, 404, False),
}  # fmt: skip
WORRY_RIGHTS = {
    "uploader": (403, 403, False), "lead": (403, 403, False), "raiser": (200, 200, False), "member": (403, 403, False),
    "contact": (200, 200, True), "district": (200, 403, True), "school": (404, 404, False),
    "stranger": (404, 404, False),
}  # fmt: skip


@pytest.fixture
def people(team, uploader, colleague, lead, contact, outsiders):  # noqa: PLR0917 (fixtures)
    district, school = UserFactory(), UserFactory()
    Administration.objects.create(user=district, district=team.school.district)
    Administration.objects.create(user=school, school=team.school)
    return {
        "uploader": uploader, "lead": lead, "raiser": colleague, "member": member_of(team), "contact": contact,
        "district": district, "school": school, "stranger": outsiders["another team"],
    }  # fmt: skip


@pytest.mark.parametrize(("reason", "rights"), [("name", NAME_RIGHTS), ("worry", WORRY_RIGHTS)])
def test_who_sees_what_was_withdrawn_and_who_may_destroy_it(  # noqa: PLR0917 (fixtures)
    people, their_client, sample, reason, rights, commit
):
    page = first(sample)
    row = Withdrawal.objects.get(pk=press(their_client, page, reason=reason).json()["withdrawal"])
    there = first(sample)
    for role, (shown, looked, destroys) in rights.items():
        browser = signed_in(people[role])
        assert browser.get(f"/withdrawals/{row.pk}/").status_code == shown, role
        answer = browser.get(f"/withdrawals/{row.pk}/pages/{there.pk}/image/")
        assert answer.status_code == looked, role
        if looked == 200:
            assert answer["Cache-Control"] == "private, no-store"
        if destroys:
            continue
        refused = {404} if shown == 404 else {403}
        for name in ("destroy", "cover", "boxes"):
            data = {"redactions": json.dumps([NAME_BOX])} if name == "boxes" else None
            assert post(browser, row, name, data).status_code in refused, (role, name)
    assert Page.objects.get(pk=there.pk).held_image
    for role, (_, _, destroys) in rights.items():
        if destroys:
            with commit():
                assert post(signed_in(people[role]), row, "destroy").status_code == 200, role


@pytest.mark.parametrize("role", ["school", "district", "contact", "stranger"])
def test_who_does_not_see_a_page_cannot_withdraw_it(people, sample, role):
    browser = signed_in(people[role])
    assert press(browser, first(sample)).status_code == 404
    assert press(browser, sample).status_code == 404
    assert browser.get(f"/pages/{first(sample).pk}/withdraw/").status_code == 404


# --- destroyed for good ----------------------------------------------------------------------------------


def test_destroyed_for_good_leaves_no_file_and_a_tombstone(client, their_client, sample, commit, settings):
    page = first(sample)
    row = Withdrawal.objects.get(pk=press(their_client, page).json()["withdrawal"])
    kept = {first(sample).held_image, first(sample).held_thumbnail}
    with commit():
        assert post(client, row, "destroy").status_code == 200
    there = first(sample)
    assert (there.number, there.image.name, there.held_image) == (1, "", "")
    assert not [name for name in kept if (settings.MEDIA_ROOT / name).exists()]
    assert b"This page was destroyed" in client.get(addresses(there)[0]).content
    assert press(client, there).status_code == 409
    assert post(client, row, "undo").status_code == 403


# --- where it is told ------------------------------------------------------------------------------------


def test_home_tells_those_who_look_after_it_and_nobody_else(client, their_client, lead, team, sample):
    press(their_client, first(sample))
    assert "Something was wrong" in client.get("/").content.decode()
    assert "Something was wrong" in signed_in(lead).get("/").content.decode()
    assert "Something was wrong" not in signed_in(member_of(team)).get("/").content.decode()


def test_home_tells_the_contact_who_belongs_to_no_team(their_client, sample, contact):
    press(their_client, first(sample), reason="worry")
    assert "Somebody is worried" in signed_in(contact).get("/").content.decode()
