"""Event Grid: how it is registered, its handshake, and what its events say to read."""

import json
from typing import Any

import pytest

from connectors.azure import connector
from connectors.base import Delivery, PermissionMissing, ReadNow, TargetGone, Unavailable, Webhook
from tests.connectors.azure.vendor import ONE, TWO, Json, Talk, listed, refused, subscription
from tests.connectors.base.vendor import START, Seen, says

SECRET = "wh-S3CRET-0001"
URL = "https://portal.example.com/hooks/abc/"
PATH = f"/subscriptions/{ONE}/providers/Microsoft.EventGrid/eventSubscriptions/gatehouse"
PUSH = {"events": "push"}


@pytest.fixture
def webhook() -> Webhook:
    assert connector.webhook
    return connector.webhook


def delivery(body: Any, kind: str = "Notification", authorization: str = f"Bearer {SECRET}") -> Delivery:
    headers = {"aeg-event-type": kind, "authorization": authorization}
    return Delivery("POST", headers, {}, json.dumps(body).encode(), START)


def event(operation: str, subscription_id: str = ONE, **data: Any) -> Json:
    return {
        "id": f"e-{operation}", "eventType": "Microsoft.Resources.ResourceWriteSuccess",
        "subject": f"/subscriptions/{subscription_id}/resourceGroups/web",
        "data": {"operationName": operation, "subscriptionId": subscription_id, **data},
    }  # fmt: skip


def test_it_is_registered_where_it_is_wanted_in_each_subscription_that_takes_changes(
    talk: Talk, webhook: Webhook
) -> None:
    talk.says["GET", "/subscriptions"] = listed(subscription(ONE, "Production"), subscription(TWO, "Lab", "Disabled"))
    assert webhook.topics
    assert list(webhook.topics(talk.client())) == []
    assert list(webhook.topics(talk.client(**PUSH))) == [ONE]


def test_the_secret_goes_into_a_header_and_not_into_the_address(talk: Talk, webhook: Webhook) -> None:
    made: list[Json] = []

    def take(seen: Seen) -> Json:
        made.append(json.loads(seen.body)["properties"])
        return {"id": PATH, "properties": {"provisioningState": "Creating"}}

    talk.says["PUT", PATH] = take
    assert webhook.subscribe_topic
    found = webhook.subscribe_topic(talk.client(**PUSH), ONE, URL, SECRET)
    (properties,) = made
    destination = properties["destination"]["properties"]
    assert destination["endpointUrl"] == URL
    (header,) = destination["deliveryAttributeMappings"]
    assert header == {
        "name": "Authorization", "type": "Static", "properties": {"value": f"Bearer {SECRET}", "isSecret": True},
    }  # fmt: skip
    assert len(properties["filter"]["includedEventTypes"]) == 9
    assert (found.id, found.topic) == (PATH, ONE)
    assert SECRET not in repr(found)


def test_a_missing_right_is_named(talk: Talk, webhook: Webhook) -> None:
    message = "does not have authorization to perform action 'Microsoft.EventGrid/eventSubscriptions/write' over scope"
    talk.says["PUT", PATH] = refused(403, "AuthorizationFailed", message)
    assert webhook.subscribe_topic
    with pytest.raises(PermissionMissing) as raised:
        webhook.subscribe_topic(talk.client(**PUSH), ONE, URL, SECRET)
    assert raised.value.permission == "Microsoft.EventGrid/eventSubscriptions/write"


def test_an_address_that_event_grid_does_not_reach_is_told_with_a_way_out(talk: Talk, webhook: Webhook) -> None:
    talk.says["PUT", PATH] = refused(400, "Url validation", "Webhook validation handshake failed.")
    assert webhook.subscribe_topic
    with pytest.raises(Unavailable, match="does not take the portal's address") as raised:
        webhook.subscribe_topic(talk.client(**PUSH), ONE, URL, SECRET)
    assert "public address" in raised.value.remedy


def test_one_that_event_grid_gave_up_is_made_anew(talk: Talk, webhook: Webhook) -> None:
    talk.says["PUT", PATH] = {"id": PATH}
    assert webhook.subscribe_topic
    assert webhook.renew
    made = webhook.subscribe_topic(talk.client(**PUSH), ONE, URL, SECRET)
    talk.says["GET", PATH] = {"id": PATH, "properties": {"provisioningState": "Succeeded"}}
    assert webhook.renew(talk.client(**PUSH), made, URL).id == PATH
    talk.says["GET", PATH] = {"id": PATH, "properties": {"provisioningState": "AwaitingManualAction"}}
    with pytest.raises(TargetGone):
        webhook.renew(talk.client(**PUSH), made, URL)


@pytest.mark.parametrize("status", [200, 202, 204, 404])
def test_taking_it_back_is_done_however_often(talk: Talk, webhook: Webhook, status: int) -> None:
    talk.says["PUT", PATH] = {"id": PATH}
    talk.says["DELETE", PATH] = says({}, status)
    assert webhook.subscribe_topic
    assert webhook.unsubscribe
    made = webhook.subscribe_topic(talk.client(**PUSH), ONE, URL, SECRET)
    webhook.unsubscribe(talk.client(**PUSH), made)
    assert [seen.method for seen in talk.asked(PATH)] == ["PUT", "DELETE"]


def test_the_handshake_sends_the_code_back(webhook: Webhook) -> None:
    asked = [{"id": "v", "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
              "data": {"validationCode": "c0de", "validationUrl": "https://elsewhere.example/"}}]  # fmt: skip
    assert webhook.challenge
    answer = webhook.challenge(delivery(asked, "SubscriptionValidation", ""), (SECRET,))
    assert answer
    assert json.loads(answer.body) == {"validationResponse": "c0de"}
    assert answer.content_type == "application/json"
    assert webhook.challenge(delivery(asked), (SECRET,)) is None
    assert webhook.challenge(delivery([{"data": {}}], "SubscriptionValidation"), (SECRET,)) is None


@pytest.mark.parametrize("body", [b"", b"no json", b"{}", b"[1]", b"[" * 100_000])
def test_a_body_that_cannot_be_read_is_neither_a_handshake_nor_an_event(webhook: Webhook, body: bytes) -> None:
    sent = Delivery("POST", {"aeg-event-type": "SubscriptionValidation"}, {}, body, START)
    assert webhook.challenge
    assert webhook.challenge(sent, (SECRET,)) is None
    assert webhook.delivery_id(sent) == ""
    with pytest.raises(ValueError, match=r".+"):
        list(webhook.hints(sent))


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer other", SECRET])
def test_only_who_knows_the_secret_is_believed(webhook: Webhook, sent: str) -> None:
    assert not webhook.verify(delivery([], authorization=sent), (SECRET,))
    assert webhook.verify(delivery([]), ("older", SECRET))
    assert not webhook.verify(delivery([]), ())


def test_events_say_what_to_read_now(webhook: Webhook) -> None:
    said = webhook.hints(delivery([event("Microsoft.Compute/virtualMachines/write", TWO.upper())]))
    assert list(said) == [ReadNow("activity_log", TWO)]
    said = webhook.hints(delivery([event("Microsoft.Authorization/roleAssignments/write")] * 2))
    assert set(said) == {
        ReadNow("activity_log", ONE), ReadNow("role_assignments", ONE), ReadNow("principals"),
    }  # fmt: skip
    said = webhook.hints(delivery([event("Microsoft.Storage/storageAccounts/write")]))
    assert ReadNow("storage", ONE) in list(said)


def test_an_event_whose_data_is_json_text_is_read_as_well(webhook: Webhook) -> None:
    asked = {**event("x"), "data": json.dumps({"operationName": "x", "subscriptionId": ONE})}
    assert list(webhook.hints(delivery([asked]))) == [ReadNow("activity_log", ONE)]
    assert webhook.delivery_id(delivery([asked])) == "e-x"
    assert list(webhook.hints(delivery([{"id": "1", "subject": "nothing"}]))) == []
