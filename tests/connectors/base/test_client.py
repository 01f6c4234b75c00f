"""What a call sends, what its answer means, and where the token never goes."""

import email
import email.policy
import hashlib
import io
import json
import logging
from typing import Any

import pytest

from connectors.base import (
    Answer,
    BadResponse,
    Chunk,
    Client,
    ClientCredentials,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    Multipart,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    StaticToken,
    TargetGone,
    Unavailable,
    link_pages,
)
from connectors.base.answers import JSON_CAP
from tests.connectors.base.vendor import Bench, Says, Seen, Vendor, says

SECRETS = ("S3CRET", "very-private", "tok-", "hush")


def raised(client: Client, path: str = "/users", **options: Any) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        client.get(path, **options)
    return caught.value


def test_path_is_joined_to_the_base_url_and_sent_with_headers_and_token(bench: Bench, vendor: Vendor) -> None:
    bench.client(headers={"X-Version": "7"}).get("/users", params={"page": 2, "of": None, "id": [1, 2]})
    seen = vendor.seen[0]
    assert (seen.method, seen.host, seen.path) == ("GET", "api.example.com", "/v1/users")
    assert seen.query == {"page": "2", "id": "2"}
    assert seen.headers["authorization"] == "Bearer tok-S3CRET"
    assert seen.headers["x-version"] == "7"
    assert seen.headers["user-agent"] == "Gatehouse"


def test_json_form_and_raw_bodies_say_what_they_are(bench: Bench, vendor: Vendor) -> None:
    client = bench.client()
    client.post("/a", json={"name": "Zoë"})
    client.put("/b", data={"x": "1 2"})
    client.patch("/c", data=b"\x00", headers={"Content-Type": "application/x-thing"})
    assert [seen.headers["content-type"] for seen in vendor.seen] == [
        "application/json", "application/x-www-form-urlencoded", "application/x-thing",
    ]  # fmt: skip
    assert json.loads(vendor.seen[0].body) == {"name": "Zoë"}
    assert vendor.seen[1].form == {"x": "1 2"}
    assert vendor.seen[2].body == b"\x00"


def test_call_without_authentication_carries_no_token(bench: Bench, vendor: Vendor) -> None:
    bench.client().get("https://files.example.net/signed", authenticate=False)
    assert "authorization" not in vendor.seen[0].headers


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, BadResponse), (401, CredentialsRejected), (403, PermissionMissing), (404, TargetGone), (405, BadResponse),
     (408, Unavailable), (409, Conflict), (410, TargetGone), (412, Conflict), (422, BadResponse), (423, Conflict),
     (429, RateLimited), (500, Unavailable), (502, Unavailable), (503, Unavailable), (302, BadResponse),
     (304, BadResponse)],
)  # fmt: skip
def test_status_becomes_its_error(bench: Bench, vendor: Vendor, status: int, error: type[ConnectorError]) -> None:
    vendor.script(says({"message": "very-private"}, status))
    assert type(raised(bench.client())) is error


def test_error_says_what_and_where_and_holds_no_secret_body_or_query(bench: Bench, vendor: Vendor) -> None:
    client = bench.client()
    for status in (301, 400, 401, 403, 404, 409, 429, 500):
        vendor.script(says({"message": "very-private"}, status, Location="https://api.example.com/?hush=1"))
        error = raised(client, "/users?token=hush", params={"key": "hush"})
        assert "Example" in error.message
        # A pause is nothing to mend: where it was asked for says nothing to the admin.
        assert (f"GET api.example.com/v1/users, status {status}" in error.message) is (status != 429)
        assert not any(secret in str(error) + repr(error) for secret in SECRETS)


def test_log_of_a_call_holds_no_secret(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        bench.client().post("/users", params={"q": "x"}, json={"password": "hush"})
    assert "S3CRET" not in caplog.text
    assert "hush" not in caplog.text


def test_expected_status_is_an_answer(bench: Bench, vendor: Vendor) -> None:
    vendor.script(says({"error": "none"}, 404))
    assert bench.client().get("/users/1", expect=(404,)).json() == {"error": "none"}


def test_connectors_reading_comes_before_the_general_rules(bench: Bench, vendor: Vendor) -> None:
    def classify(answer: Answer) -> ConnectorError | None:
        return NotAvailable("Not in this plan.") if answer.json().get("code") == "plan" else None

    vendor.script(says({"code": "plan"}, 403), says({"code": "other"}, 403))
    client = bench.client(classify=classify)
    assert isinstance(raised(client), NotAvailable)
    assert isinstance(raised(client), PermissionMissing)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), ("0", 1), ("1.5", 1.5), ("999999", 86400), ("Tue, 24 Nov 2026 09:02:00 GMT", 120), ("soon", 60),
     ("", 60)],
)  # fmt: skip
def test_pause_is_read_from_retry_after(bench: Bench, vendor: Vendor, value: str, seconds: float) -> None:
    vendor.script(says({}, 429, Retry_After=value))
    error = raised(bench.client())
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("body", "why"),
    [(b"<html>sign in</html>", "web page"), (b'{"users": [', "cut off"), (b"", "empty"), (b"\xff\xfe", "cut off"),
     (b"[" * 200_000, "garbled"), (b"9" * 5_000, "garbled")],
)  # fmt: skip
def test_answer_that_is_not_json_is_a_bad_response(bench: Bench, vendor: Vendor, body: bytes, why: str) -> None:
    vendor.script(Says(200, body))
    with pytest.raises(BadResponse, match=why):
        bench.client().get("/users").json()


def test_json_that_would_fill_the_memory_is_not_parsed(bench: Bench, vendor: Vendor) -> None:
    vendor.script(Says(200, b"[" + b"[]," * (JSON_CAP // 3) + b"[]]"))
    answer = bench.client().get("/users")
    with pytest.raises(BadResponse, match="too long"):
        answer.json()


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/x", "https://api.example.com.evil.example/", "https://api.example.com:8443/x",
     "http://127.0.0.1/", "https://example.com/"],
)  # fmt: skip
def test_call_to_a_host_that_was_not_declared_never_leaves(bench: Bench, vendor: Vendor, url: str) -> None:
    assert isinstance(raised(bench.client(), url), BadResponse)
    assert vendor.seen == []


def test_declared_port_and_sub_domains_may_be_called(bench: Bench) -> None:
    setup = bench.setup(StaticToken(), hosts=lambda config: ("*.example.org", "box.example.com:8443"))
    setup.check_host("https://a.b.example.org/")
    setup.check_host("https://box.example.com:8443/")
    for url in ("https://example.org/", "https://box.example.com/", "https://a.example.org:444/"):
        with pytest.raises(BadResponse):
            setup.check_host(url)


@pytest.mark.parametrize("path", ["/users/../admin", "/users/./x", "/users/%2e%2E/admin", ".."])
def test_path_that_leads_elsewhere_is_refused(bench: Bench, vendor: Vendor, path: str) -> None:
    assert isinstance(raised(bench.client(), path), BadResponse)
    assert vendor.seen == []


def test_path_cannot_become_another_host(bench: Bench, vendor: Vendor) -> None:
    bench.client().get("//evil.example/x")
    assert (vendor.seen[0].host, vendor.seen[0].path) == ("api.example.com", "/v1/evil.example/x")


def test_line_break_in_a_header_is_refused(bench: Bench, vendor: Vendor) -> None:
    with pytest.raises(ValueError, match="header"):
        bench.client().get("/x", headers={"X-Name": "a\r\nX-Evil: 1"})
    assert vendor.seen == []


def redirecting(location: str, status: int = 302) -> Any:
    away = Says(status, headers={"Location": location})
    return lambda seen: says({"at": seen.path}) if seen.path == "/there" else away


def test_redirect_is_followed_only_when_asked(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = redirecting("/there")
    assert isinstance(raised(bench.client()), BadResponse)
    assert len(vendor.seen) == 1
    assert bench.client().get("/users", follow=True).json() == {"at": "/there"}
    assert vendor.seen[-1].headers["authorization"] == "Bearer tok-S3CRET"


def test_redirect_to_another_declared_host_loses_token_and_headers(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = redirecting("https://files.example.net/there")
    bench.client(headers={"X-Key": "hush"}).get("/users", follow=True, headers={"X-Hint": "hush"})
    assert vendor.seen[1].host == "files.example.net"
    assert set(vendor.seen[1].headers) <= {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_token_does_not_come_back_after_a_detour(bench: Bench, vendor: Vendor) -> None:
    hops = {"/v1/users": "https://files.example.net/a", "/a": "https://api.example.com/there"}
    vendor.answer = lambda seen: Says(302, headers={"Location": hops[seen.path]}) if seen.path in hops else says({})
    bench.client().get("/users", follow=True)
    assert [("authorization" in seen.headers) for seen in vendor.seen] == [True, False, False]


def test_redirect_to_an_undeclared_host_is_refused(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = redirecting("https://evil.example/there")
    assert isinstance(raised(bench.client(), follow=True), BadResponse)
    assert len(vendor.seen) == 1


def test_redirects_end(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = redirecting("/again")
    assert isinstance(raised(bench.client(), follow=True), BadResponse)
    assert len(vendor.seen) == 6


def test_body_follows_a_redirect_within_its_host_only(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = redirecting("/there", 307)
    bench.client().post("/users", json={"a": 1}, follow=True)
    assert (vendor.seen[1].method, vendor.seen[1].body) == ("POST", b'{"a": 1}')
    vendor.answer = redirecting("https://files.example.net/there", 307)
    with pytest.raises(BadResponse, match="another host"):
        bench.client().post("/users", json={"a": 1}, follow=True)


def test_link_pages_follows_next_across_empty_pages(bench: Bench, vendor: Vendor) -> None:
    def answer(seen: Seen) -> Says:
        page = int(seen.query.get("page", "1"))
        if page == 3:
            return says([3])
        return says([] if page == 2 else [1], Link=f'<https://api.example.com/v1/users?page={page + 1}>; rel="next"')

    vendor.answer = answer
    assert [page.json() for page in link_pages(bench.client(), "/users", {"per_page": 1})] == [[1], [], [3]]
    assert vendor.seen[1].query == {"page": "2"}


def test_next_page_on_another_host_is_refused(bench: Bench, vendor: Vendor) -> None:
    vendor.script(says([1], Link='<https://evil.example/v1/users?page=2>; rel="next"'))
    pages = link_pages(bench.client(), "/users")
    next(pages)
    with pytest.raises(BadResponse):
        next(pages)
    assert len(vendor.seen) == 1


def test_acting_as_adds_the_schemes_header_and_leaves_the_first_client_alone(bench: Bench, vendor: Vendor) -> None:
    client = bench.client(StaticToken(subject_headers=lambda subject: {"As-User": subject}))
    client.acting_as("17").get("/a")
    client.get("/b")
    assert [seen.headers.get("as-user") for seen in vendor.seen] == ["17", None]


def test_acting_as_is_refused_where_the_scheme_cannot(bench: Bench) -> None:
    with pytest.raises(ValueError, match="cannot act"):
        bench.client().acting_as("17")


def test_scopes_are_learnt_from_the_answers_header(bench: Bench, vendor: Vendor) -> None:
    vendor.script(says({}, X_Scopes="read:org, repo"))
    client = bench.client(StaticToken(scopes_header="X-Scopes"))
    before = client.granted_scopes
    client.get("/user")
    assert not before
    assert client.granted_scopes == ("read:org", "repo")


def test_download_writes_the_bytes_and_their_digest(bench: Bench, vendor: Vendor) -> None:
    content = bytes(range(256)) * 1000
    vendor.script(Says(body=content, headers={"Content-Type": "image/png"}))
    stream = io.BytesIO()
    got = bench.client().download("/files/1", stream, max_bytes=300_000)
    assert stream.getvalue() == content
    assert (got.size, got.digest) == (len(content), hashlib.sha256(content).hexdigest())
    assert got.headers["content-type"] == "image/png"
    assert vendor.seen[0].headers["accept-encoding"] == "identity"


def test_download_follows_to_the_file_host_without_the_token(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = redirecting("https://files.example.net/there")
    stream = io.BytesIO()
    bench.client().download("/files/1", stream, max_bytes=100)
    assert stream.getvalue() == b'{"at": "/there"}'
    assert "authorization" not in vendor.seen[1].headers


@pytest.mark.parametrize(
    "said",
    [
        Says(body=b"x" * 11),
        Says(raw=(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"b\r\n" + b"x" * 11 + b"\r\n")),
    ],
    ids=["announced", "unannounced"],
)
def test_download_stops_at_the_limit(bench: Bench, vendor: Vendor, said: Says) -> None:
    vendor.script(said)
    stream = io.BytesIO()
    with pytest.raises(BadResponse, match="larger than the limit"):
        bench.client().download("/files/1", stream, max_bytes=10)
    assert len(stream.getvalue()) <= 10


def test_download_that_breaks_off_is_unavailable(bench: Bench, vendor: Vendor) -> None:
    vendor.script(Says(raw=(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"half")))
    with pytest.raises(Unavailable):
        bench.client().download("/files/1", io.BytesIO(), max_bytes=10)


def test_download_that_stalls_is_unavailable(bench: Bench, vendor: Vendor) -> None:
    vendor.script(Says(raw=(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", *[b"x"] * 9), pause=0.1))
    with pytest.raises(Unavailable, match="in time"):
        bench.client(call_s=0.25).download("/files/1", io.BytesIO(), max_bytes=10)


def test_download_of_a_file_not_ready_yet_asks_to_wait(bench: Bench, vendor: Vendor) -> None:
    vendor.script(Says(202, headers={"Retry-After": "9"}))
    with pytest.raises(RateLimited) as caught:
        bench.client().download("/files/1", io.BytesIO(), max_bytes=10)
    assert caught.value.retry_after == 9


def test_download_of_a_missing_file_is_its_error(bench: Bench, vendor: Vendor) -> None:
    vendor.script(says({}, 404))
    with pytest.raises(TargetGone):
        bench.client().download("/files/1", io.BytesIO(), max_bytes=10)


def test_upload_sends_addressed_chunks_and_returns_the_last_answer(bench: Bench, vendor: Vendor) -> None:
    vendor.script(Says(308), Says(308), says({"id": "f1"}))
    answer = bench.client().upload(
        "https://files.example.net/session/1", io.BytesIO(b"abcdefgh"), size=8, chunk_size=3, authenticate=False
    )
    assert answer.json() == {"id": "f1"}
    assert [(seen.body, seen.headers["content-range"]) for seen in vendor.seen] == [
        (b"abc", "bytes 0-2/8"), (b"def", "bytes 3-5/8"), (b"gh", "bytes 6-7/8"),
    ]  # fmt: skip
    assert not any("authorization" in seen.headers for seen in vendor.seen)


def test_upload_addresses_chunks_as_the_caller_says_and_tells_what_was_taken(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = lambda seen: says({"part": seen.headers["x-offset"]})
    parts: list[str] = []
    bench.client().upload(
        "/append",
        io.BytesIO(b"abcd"),
        size=4,
        method="POST",
        chunk_size=2,
        headers=lambda chunk: {"X-Offset": str(chunk.offset), "X-Last": str(chunk.is_last)},
        accepted=lambda chunk, answer: parts.append(answer.json()["part"]),
    )
    assert parts == ["0", "2"]
    assert [seen.headers["x-last"] for seen in vendor.seen] == ["False", "True"]


def test_interrupted_upload_goes_on_where_the_vendor_stopped(bench: Bench, vendor: Vendor) -> None:
    vendor.script(Says(308), Says(503), says({}))
    taken: list[Chunk] = []
    client, stream = bench.client(), io.BytesIO(b"abcdef")
    with pytest.raises(Unavailable):
        client.upload("/s", stream, size=6, chunk_size=2, accepted=lambda chunk, answer: taken.append(chunk))
    start = taken[-1].offset + len(taken[-1].data)
    client.upload("/s", stream, size=6, chunk_size=4, start=start)
    assert vendor.seen[-1].headers["content-range"] == "bytes 2-5/6"
    assert vendor.seen[-1].body == b"cdef"


def test_upload_of_a_file_that_shrank_is_refused(bench: Bench) -> None:
    with pytest.raises(ValueError, match="after 2 of 4"):
        bench.client().upload("/s", io.BytesIO(b"ab"), size=4)


def test_file_in_a_form_is_sent_after_its_fields(bench: Bench, vendor: Vendor) -> None:
    content = b"\x00\xff\r\n" * 50_000
    form = Multipart(
        {"attributes": '{"name": "ü"}'}, io.BytesIO(content), size=len(content), filename='a"b\r\n.txt', name="file"
    )
    bench.client().post("/files/1/content", data=form)
    (seen,) = vendor.seen
    head = f"Content-Type: {seen.headers['content-type']}\r\n\r\n".encode()
    first, second = email.message_from_bytes(head + seen.body, policy=email.policy.HTTP).iter_parts()
    assert first["content-disposition"].params["name"] == "attributes"
    assert first.get_payload(decode=True) == '{"name": "ü"}'.encode()
    assert second["content-disposition"].params == {"name": "file", "filename": "a%22b%0D%0A.txt"}
    assert second.get_payload(decode=True) == content
    assert int(seen.headers["content-length"]) == len(seen.body)


def test_file_in_a_form_is_not_repeated_after_a_refused_token(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = lambda seen: says({"access_token": "new"}) if seen.path == "/token" else says({}, 401)
    client = bench.client(ClientCredentials("https://sign-in.example.com/token"))
    with pytest.raises(Unavailable) as caught:
        client.put("/files/1", data=Multipart({}, io.BytesIO(b"ab"), size=2, filename="x"))
    assert caught.value.is_sent is False


def test_empty_file_is_one_empty_chunk(bench: Bench, vendor: Vendor) -> None:
    bench.client().upload("/s", io.BytesIO(b""), size=0)
    assert [(seen.body, seen.headers["content-range"]) for seen in vendor.seen] == [(b"", "bytes */0")]
