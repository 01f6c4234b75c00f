"""Deliveries of Microsoft: the proof of the address, who sent them, and what they say to read."""

import json
from typing import Any

import pytest

from connectors.base import Delivery, ReadNow, RenewNow
from connectors.office365 import webhook
from tests.connectors.base.vendor import START

SECRET = "s3cret-of-the-instance-0001"
SITE = "contoso.sharepoint.com,309491c5-bb32-45e3-aaba-e3b8e0470249,325fbd98-9458-4b4d-be6c-2423ad9b6765"
USER = "6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0"
DRIVE = "b!t18F8ybsHUq1z3LTz8xvZqP8zaSWjkFNhsME-Fepo75dTf9vQKfeRblBZjoSQrd7"


def delivery(*items: dict[str, Any], method: str = "POST", **query: str) -> Delivery:
    return Delivery(method, {}, query, json.dumps({"value": list(items)}).encode(), START)


def change(resource: str, state: str = f"{SECRET} /users", **more: Any) -> dict[str, Any]:
    return {
        "subscriptionId": "sub-1",
        "clientState": state,
        "changeType": "updated",
        "resource": resource,
        "tenantId": "3a6b1c7e-52d4-4f0e-9c1b-8d2f7e60a914",
        "resourceData": {"@odata.type": "#Microsoft.Graph.User", "id": USER},
        **more,
    }


def event(name: str, topic: str = "/users") -> dict[str, Any]:
    return {"subscriptionId": "sub-1", "clientState": f"{SECRET} {topic}", "lifecycleEvent": name}


def test_the_validation_token_is_said_again_as_plain_text_alone() -> None:
    token = "Validation: Testing client application reachability for subscription Request-Id: 1b2c"
    answer = webhook.challenge(delivery(validationToken=token), (SECRET,))
    assert answer is not None
    assert (answer.body, answer.content_type) == (token, "text/plain")
    assert answer.headers == {"X-Content-Type-Options": "nosniff"}


@pytest.mark.parametrize(("method", "token"), [("POST", ""), ("POST", "x" * 4097), ("POST", "a\nb"), ("GET", "abc")])
def test_what_is_no_validation_is_not_said_again(method: str, token: str) -> None:
    assert webhook.challenge(delivery(method=method, validationToken=token), (SECRET,)) is None


@pytest.mark.parametrize("state", [SECRET, f"{SECRET} /users"])
def test_a_delivery_with_the_instances_secret_is_genuine(state: str) -> None:
    assert webhook.verify(delivery(change("Users/1", "of an earlier one"), change("Users/2", state)), ("other", SECRET))


@pytest.mark.parametrize(
    "sent",
    [
        delivery(change("Users/1", "another")),
        delivery(change("Users/1", "")),
        delivery(),
        delivery(change("Users/1"), method="GET"),
        Delivery("POST", {}, {}, b"[1]", START),
        Delivery("POST", {}, {}, b"<html>", START),
        Delivery("POST", {}, {}, b'{"value":' + b"[" * 100_000, START),
    ],
    ids=["other secret", "no secret", "no item", "not posted", "a list", "a page", "a pit"],
)
def test_anything_else_is_not(sent: Delivery) -> None:
    assert not webhook.verify(sent, (SECRET, ""))


@pytest.mark.parametrize(
    ("resource", "wanted"),
    [
        (f"Users/{USER}", ReadNow("users", record_id=USER)),
        (f"users/{USER}", ReadNow("users", record_id=USER)),
        ("Groups/7", ReadNow("groups")),
        (f"drives/{DRIVE}/root", ReadNow("files", "")),
    ],
)
def test_what_changed_is_read(resource: str, wanted: ReadNow) -> None:
    assert list(webhook.hints(delivery(change(resource)))) == [wanted]


@pytest.mark.parametrize("user_id", ["", "me/messages", f"{USER}?$select=id", f"{USER}/../x", [USER]])
def test_what_is_no_id_never_becomes_part_of_an_address(user_id: Any) -> None:
    told = change(f"Users/{USER}", resourceData={"id": user_id})
    assert list(webhook.hints(delivery(told))) == [ReadNow("users")]


def test_what_nobody_registered_for_is_passed_over() -> None:
    assert list(webhook.hints(delivery(change("communications/calls/1")))) == []


def test_a_registration_that_ends_is_renewed_and_one_that_was_removed_is_made_up_for() -> None:
    assert list(webhook.hints(delivery(event("reauthorizationRequired")))) == [RenewNow("sub-1")]
    removed = list(webhook.hints(delivery(event("subscriptionRemoved"))))
    assert removed == [RenewNow("sub-1"), ReadNow("users")]


def test_after_changes_were_missed_what_the_registration_is_about_is_read() -> None:
    assert list(webhook.hints(delivery(event("missed", "/groups")))) == [ReadNow("groups")]
    assert list(webhook.hints(delivery(event("missed", ""), site=SITE))) == [ReadNow("files", SITE)]


def test_a_change_of_a_drive_has_its_site_read_which_the_address_names() -> None:
    assert list(webhook.hints(delivery(change(f"drives/{DRIVE}/root"), site=SITE))) == [ReadNow("files", SITE)]
