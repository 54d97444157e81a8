"""What a stranger's script tries, on every address: one clear sentence, never a stack trace, and nothing falls over."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.interfaces.house import ANYTHING, FACILITATOR, HTMX, JSON, PAGE, TEACHERS, assert_refused, new_id, together

ODD_KEYS = [
    "x", "0", "-1", "%00", "%2e%2e%2f", "%ff%fe", "%F0%9F%98%80", "a" * 3000, "{" + "0" * 32 + "}",
    "00000000-0000-0000-0000-000000000000", "' OR 1=1--", "<script>", "null", "undefined", "%0d%0aX-Bad:1", "%u0041",
]  # fmt: skip


def assert_no_entrails(answer):
    for word in ("Traceback", "/site-packages/", "OperationalError", "Exception Type", "sqlite3", "DJANGO_SETTINGS"):
        assert word not in answer.text


def addresses_of(house):
    session, sample = house.demo["sessions"]["lobby"], house.demo["samples"][0]
    reads = [
        f"/sessions/{session}/", f"/sessions/{session}/state/", f"/sessions/{session}/record/",
        f"/sessions/{session}/panel/now/", f"/samples/{sample}/status/",
    ]  # fmt: skip
    writes = [
        f"/sessions/{session}/commands/pause/", f"/sessions/{session}/scores/", f"/sessions/{session}/notes/",
        f"/sessions/{session}/done/", f"/sessions/{session}/consensus/", f"/sessions/{session}/next-steps/",
        f"/sessions/{session}/claim/", f"/samples/{sample}/confirm/", "/samples/upload/",
    ]  # fmt: skip
    return reads, writes


def test_an_address_that_only_takes_posts_says_so_to_every_other_method(house):
    for address in addresses_of(house)[1]:
        for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS"):
            headers = {"X-CSRFToken": house.facilitator.token}
            answer = house.facilitator.client.request(method, address, headers=JSON | headers)
            assert_refused(answer, 405)
            assert "POST" in answer.headers["allow"]
            page = house.facilitator.client.request(method, address, headers=PAGE | headers)
            assert page.status_code == 405
            assert "This address does not take" in page.text
        assert house.facilitator.client.head(address, headers=JSON).status_code == 405


def test_an_address_that_only_reads_takes_head_and_refuses_the_rest(house):
    for address in addresses_of(house)[0]:
        read, head = house.facilitator.get(address), house.facilitator.client.head(address, headers=JSON)
        assert head.status_code == read.status_code
        assert head.content == b""
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = house.facilitator.client.request(
                method, address, headers=JSON | {"X-CSRFToken": house.facilitator.token}
            )
            assert_refused(answer, 405)


def test_a_post_without_its_token_is_403_with_a_sentence(house):
    for address in addresses_of(house)[1]:
        for token in ({}, {"X-CSRFToken": "x"}, {"X-CSRFToken": "a" * 64}, {"X-CSRFToken": "😀".encode()}):
            headers = [(name, value) for name, value in (JSON | token).items()]
            answer = house.facilitator.client.post(address, content=b"{}", headers=headers)
            assert_refused(answer, 403)
            assert answer.headers["x-token-refused"] == "true"
    page = house.facilitator.client.post(addresses_of(house)[1][0], headers=PAGE)
    assert page.status_code == 403
    assert "once more" in page.text


def test_odd_keys_are_not_there(house):
    templates = [
        "/sessions/{}/", "/sessions/{}/state/", "/sessions/{}/stream/", "/sessions/{}/record/", "/samples/{}/status/",
        "/sessions/{}/packet/", "/sessions/{}/paper/",
        "/samples/{}/", "/pages/{}/image/", "/teams/{}/", "/assignments/{}/", "/next-steps/{}/",
        "/samples/pieces/{}/", "/phone/{}/", "/phone/{}/state/", "/bring/{}/",
        "/assignments/{}/arrange/", "/assignments/{}/look/", "/samples/{}/places/", "/samples/{}/look/",
        "/recordings/{}/file/", "/task-pages/{}/image/", "/pages/{}/text/", "/pages/{}/look/", "/samples/{}/withdraw/",
        "/withdrawals/{}/", "/standards/{}/", "/standards/{}/table.csv",
    ]  # fmt: skip
    for template in templates:
        for key in ODD_KEYS:
            answer = house.facilitator.get(template.format(key))
            assert answer.status_code in {301, 404, 405}, (template, key, answer.status_code)
            assert_no_entrails(answer)
            if answer.status_code == 404:
                assert_refused(answer, 404)
    session = house.demo["sessions"]["lobby"]
    for key in ODD_KEYS:
        for part in ("panel/{}/", "pages/{}/image/", "commands/{}/", "notes/{}/remove/"):
            answer = house.facilitator.get(f"/sessions/{session}/{part.format(key)}")
            assert answer.status_code in {301, 404, 405}, (part, key)


def test_case_and_slashes_matter(house):
    session = house.demo["sessions"]["lobby"]
    for address in (
        f"/sessions/{session.upper()}/state/",
        f"/Sessions/{session}/state/",
        f"/sessions/{session}/STATE/",
        f"/sessions//{session}/state/",
        f"/sessions/{session}/state//",
        f"/sessions/{session.replace('-', '')}/state/",
    ):
        assert house.facilitator.get(address).status_code == 404, address
    assert house.facilitator.get(f"/sessions/{session}/state").status_code in {301, 404}


@pytest.mark.parametrize(
    "headers", [JSON, PAGE, ANYTHING, HTMX, {"Accept": "*"}, {"Accept": ",;q=x,/"}, {"Accept": ""}]
)
def test_whatever_is_accepted_there_is_an_answer(house, headers):
    reads, writes = addresses_of(house)
    for address in (*reads, "/", "/nothing/", "/healthz"):
        answer = house.facilitator.client.get(address, headers=headers)
        assert answer.status_code in {200, 404, 409}, address
        assert_no_entrails(answer)
    for address in writes:
        answer = house.facilitator.post(address, form={"a": "b"}, headers=headers)
        assert answer.status_code in {200, 302, 400, 403, 404, 409}, address
        assert_no_entrails(answer)


def test_odd_queries_change_nothing(house):
    session = house.demo["sessions"]["lobby"]
    queries = [
        "?format=%00&page=%00&team=%00&samples=%00&assignment=%00&code=%00&mine=%00", "?page=-1&team=x&mine=😀&code=😀",
        "?page=99999999999999999999&minutes_at_hand=1e999&protocol=x&samples=x&x=1&y=nan&w=&h=9",
        "?" + "&".join(f"a{n}=1" for n in range(1500)), "?a[]=1&%ff=%fe&x=" + "a" * 5000, "?team=" + new_id(),
    ]  # fmt: skip
    paths = [
        "/library/", "/sessions/plan/", "/sessions/plan/steps/", "/next-steps/", "/join/", "/assignments/new/",
        f"/sessions/{session}/state/", f"/sessions/{session}/record/", "/accounts/login/",
    ]  # fmt: skip
    for path in paths:
        for query in queries:
            answer = house.browser(TEACHERS[5]).get(path + query, PAGE)
            assert answer.status_code in {200, 302, 400, 404, 409, 429}, (path, query, answer.status_code)
            assert_no_entrails(answer)


def test_plans_that_make_no_sense_get_the_form_again(house):
    odd = {
        "starts_at": ["", "0001-01-01T00:00", "9999-12-31T23:59", "2030-02-30T10:00", "\x00", "1" * 5000],
        "minutes_at_hand": ["", "0", "-5", "1e9", "9" * 5000],
        "samples": [[], ["x"], [new_id()]],
        "people": [[], [new_id()]],
        "focus_question": ["   ", "x" * 301, "\x00"],
        "protocol": ["../../etc/passwd"],
        "rubric": ["\x00", new_id()],
        "assignment": [new_id()],
        "purpose": ["x"],
        "facilitator": ["", new_id()],
        "presenter": [new_id()],
    }
    house.room()  # its fields are known then
    for name, values in odd.items():
        for value in values:
            answer = (
                house.plan(**{name: value})
                if name not in {"facilitator", "people"}
                else house.facilitator.post("/sessions/plan/", form=house.plan_fields | {name: value}, headers=PAGE)
            )
            assert answer.status_code == 422, (name, str(value)[:20])
            assert_no_entrails(answer)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        cookie = "; ".join(f"{name}={value}" for name, value in (house.facilitator.cookies | {"tz": zone}).items())
        assert house.facilitator.get("/", PAGE | {"Cookie": cookie}).status_code == 200


def test_a_join_code_that_is_guessed_again_and_again_is_refused(house):
    guesser = house.browser("stranger@elsewhere.example")
    seen = set()
    for number in range(13):
        answer = guesser.post("/join/", form={"code": f"AAAA{number:02d}"}, headers=PAGE)
        seen.add(answer.status_code)
        assert_no_entrails(answer)
    assert seen == {404, 429}


def test_hosts_cookies_and_headers_that_are_not_ours_get_an_answer(house):
    client = house.nobody().client
    for headers in (
        {"Host": "evil.example"},
        {"Host": "evil.example:99999"},
        {"Host": "a" * 3000},
        {"Host": "127.0.0.1\x7f"},
    ):
        for accept in (JSON, PAGE):
            answer = client.get("/accounts/login/", headers=headers | accept)
            assert answer.status_code == 400
            assert_no_entrails(answer)
    for cookie in (
        "tz=../../etc/passwd",
        "tz=America",
        "tz=\x01",
        "sessionid=\x01; csrftoken=%00",
        "=; ; x",
        "a" * 6000,
    ):
        answer = client.get("/accounts/login/", headers={"Cookie": cookie} | PAGE)
        assert answer.status_code in {200, 400, 431}
        assert_no_entrails(answer)
    for headers in (
        {"X-Forwarded-For": "1.2.3.4"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-HTTP-Method-Override": "PUT"},
    ):
        answer = client.get("/accounts/login/", headers=headers | PAGE)
        assert answer.status_code == 200
        assert "evil.example" not in answer.text


def test_a_body_that_is_too_large_is_refused_with_413(house):
    session = house.demo["sessions"]["lobby"]
    answer = house.facilitator.post(f"/sessions/{session}/notes/", content=b"x" * 10_500_000, headers=JSON)
    assert_refused(answer, 413)


RAW = [
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x00\xff\x16\x03\x01\r\n\r\n",
    b"GET /%zz HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET " + b"/" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"POST /samples/upload/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\nshort",
    b"POST /accounts/login/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: -5\r\n\r\n",
    b"POST /accounts/login/ HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nX: " + b"h" * 70_000 + b"\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n",
]


def test_what_is_no_http_at_all_harms_nobody(house):
    host = urlsplit(house.server.url).netloc
    for raw in RAW:
        with socket.create_connection((urlsplit(house.server.url).hostname, house.server.port), timeout=5) as line:
            line.settimeout(1)
            line.sendall(raw.replace(b"{host}", host.encode()))
            try:
                said = line.recv(65_536)
            except (TimeoutError, ConnectionResetError):
                said = b""
            assert b"Traceback" not in said
    assert house.nobody().get("/healthz").status_code == 200


def test_a_crowd_that_asks_for_everything_at_once_is_answered(house):
    room = house.room(step=3)
    people = [FACILITATOR, *TEACHERS[:5]]
    parts = ("", "state/", "panel/all/", "panel/now/", "panel/work/", "record/")

    def ask(number):
        return room.get(parts[number % 6], people[number // 6 % 6], PAGE).status_code

    answers = together(36, ask)
    assert set(answers) <= {200, 409}


def test_every_page_carries_the_headers_that_protect_it(house):
    room = house.room(step=3)
    for address in (
        "/",
        room.address,
        room.address + "state/",
        "/accounts/login/",
        "/nothing/",
        room.address + "scores/",
    ):
        answer = house.facilitator.get(address, PAGE)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"].startswith(("private", "no-", "max-age=0"))
        assert "server" not in answer.headers
    cookies = house.nobody().client.get("/accounts/login/").headers.get_list("set-cookie")
    assert all("SameSite=Lax" in cookie for cookie in cookies)
