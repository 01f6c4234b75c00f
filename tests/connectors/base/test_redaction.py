"""Secrets do not reach logs and texts."""

import io
import logging
from collections.abc import Iterator

import pytest

from connectors.base import ClientCredentials, MemorySecrets, Redactor, StaticToken, scrub
from connectors.base.redaction import MASK, remember
from tests.connectors.base.vendor import Bench, Vendor, says


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Redactor())
    logger = logging.getLogger("tests.redaction")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


def test_secret_a_client_used_is_known_from_then_on(bench: Bench) -> None:
    bench.client(StaticToken(), secrets=MemorySecrets({"token": "plain words as token"})).get("/x")
    assert scrub("sent plain words as token to them") == f"sent {MASK} to them"


def test_token_the_vendor_gave_is_known_from_then_on(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = lambda seen: says({"access_token": "an odd/token+value", "expires_in": 60})
    bench.client(ClientCredentials("https://sign-in.example.com/token")).get("/x")
    assert "odd" not in scrub("url?t=an%20odd%2Ftoken%2Bvalue&t=an+odd%2Ftoken%2Bvalue and an odd/token+value")


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdefghijklmnop1234",
        "Basic YWJjZGVmZ2hpamtsbW5vcA==",
        "https://x.example/?access_token=hushhush&a=1",
        '{"client_secret": "hushhush", "a": 1}',
        "refresh_token=hushhush",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJodXNoIn0.c2lnbmF0dXJl",
        "-----BEGIN PRIVATE KEY-----\nhushhush\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nhushhush",
    ],
)
def test_what_looks_like_a_credential_is_taken_out(text: str) -> None:
    cleaned = scrub(text)
    assert MASK in cleaned
    assert not any(part in cleaned for part in ("hushhush", "abcdefghijklmnop", "YWJjZ", "eyJzdWI"))


def test_ordinary_text_stays(bench: Bench) -> None:
    text = "GitHub refused GET api.github.com/orgs/contoso/members, status 403. Basic authentication."
    assert scrub(text) == text


def test_short_values_are_not_secrets() -> None:
    remember("user", "")
    assert scrub("user list") == "user list"


def test_log_record_is_scrubbed_in_message_arguments_and_traceback(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = log
    remember("hush-hush-hush")
    logger.warning("got %s and %s", "hush-hush-hush", 5)
    try:
        raise ValueError("bad hush-hush-hush")
    except ValueError:
        logger.exception("failed")
    assert "hush-hush" not in stream.getvalue()
    assert f"got {MASK} and 5" in stream.getvalue()
    assert "ValueError" in stream.getvalue()
