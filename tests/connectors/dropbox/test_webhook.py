"""Deliveries: who signed them, the challenge, and what they say to read."""

import json
from typing import Any

import pytest

from connectors.base import Delivery, ReadNow
from connectors.dropbox import webhook
from tests.connectors.base.vendor import START

SECRET = "0sandbox0secret"


def delivery(body: Any = None, secret: str = SECRET, method: str = "POST", **query: str) -> Delivery:
    raw = json.dumps(body).encode()
    headers = {"x-dropbox-signature": webhook.signature(raw, secret).decode()}
    return Delivery(method, headers, query, raw, START)


def test_a_delivery_that_the_app_secret_signed_is_genuine() -> None:
    assert webhook.verify(delivery({"name": "Übersicht"}), ("ours", SECRET))


@pytest.mark.parametrize(
    "sent",
    [delivery(secret="another"), delivery(method="GET"), Delivery("POST", {}, {}, b"null", START)],
    ids=["other secret", "not posted", "unsigned"],
)
def test_anything_else_is_not(sent: Delivery) -> None:
    assert not webhook.verify(sent, (SECRET,))


def test_a_changed_body_is_not_genuine_and_nothing_is_without_secrets() -> None:
    sent = delivery()
    assert not webhook.verify(Delivery("POST", sent.headers, {}, sent.body + b" ", START), (SECRET,))
    assert not webhook.verify(sent, ())


def test_a_challenge_is_said_again_as_plain_text_alone() -> None:
    answer = webhook.challenge(delivery(method="GET", challenge="aB-3_~"), (SECRET,))
    assert answer is not None
    assert (answer.body, answer.content_type) == ("aB-3_~", "text/plain")
    assert answer.headers == {"X-Content-Type-Options": "nosniff"}


@pytest.mark.parametrize(("method", "text"), [("GET", ""), ("GET", "x" * 513), ("GET", "a\nb"), ("POST", "abc")])
def test_what_is_no_challenge_is_not_said_again(method: str, text: str) -> None:
    assert webhook.challenge(delivery(method=method, challenge=text), (SECRET,)) is None


@pytest.mark.parametrize(
    "body",
    [
        {"list_folder": {"teams": {"dbtid:1": ["dbmid:2", "dbmid:3"]}}},
        {"list_folder": {"teams": {"dbtid:1": ["dbmid:2", "dbmid:3"]}}, "delta": {"teams": {"dbtid:1": ["dbmid:2"]}}},
        {"other": [{"dbmid:2": {}}, "dbmid:3", 7, None]},
    ],
    ids=["team", "both", "otherwise"],
)
def test_the_homes_of_those_who_are_named_are_read(body: Any) -> None:
    assert list(webhook.hints(delivery(body))) == [ReadNow("files", "dbmid:2"), ReadNow("files", "dbmid:3")]
