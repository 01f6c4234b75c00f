"""Event Grid: telling a webhook of what is done in a subscription."""

import json
from urllib.parse import urlsplit

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.arm import scopes
from tests.sandbox.microsoft.arm.asking import Asked, arm, listed
from tests.sandbox.microsoft.arm.azure import Azure, GridSubscription
from tests.sandbox.microsoft.arm.events import Event, is_about
from tests.sandbox.microsoft.arm.refusals import ArmRefusal, bad
from tests.sandbox.microsoft.moments import precise
from tests.sandbox.microsoft.outbox import Deliver
from tests.sandbox.microsoft.state import State

VERSIONS = ("2025-02-15", "2022-06-15")
ACTION = "Microsoft.EventGrid/eventSubscriptions"
END = f"/providers/{ACTION}"
VERBS = {"write": "Write", "delete": "Delete", "action": "Action"}
OUTCOMES = {"Succeeded": "Success", "Failed": "Failure"}


def made(asked: Asked) -> Answer:
    """Once the webhook has answered with the code; one that answers without it is waited for."""
    body, name = asked.body(), asked.call.parameters["name"]
    destination = body.get("destination")
    if not isinstance(destination, dict) or destination.get("endpointType") != "WebHook":
        raise bad("Only webhooks are told.", "InvalidRequest")
    if body.get("eventDeliverySchema", "EventGridSchema") != "EventGridSchema":
        raise bad("Only EventGridSchema is spoken.", "InvalidRequest")
    url = str((destination.get("properties") or {}).get("endpointUrl", ""))
    if urlsplit(url).scheme != "https":
        raise bad("The endpoint must begin with https.", "InvalidRequest")
    state = _validated(asked, name, url, destination)
    found = GridSubscription(_id(asked), name, asked.scope, url, body, state, len(asked.azure.events))
    asked.azure.grid[found.id.lower()] = found
    asked.record(f"{ACTION}/write", found.id)
    return Answer.of_json(_shape(found, "Creating"), 201)


def _validated(asked: Asked, name: str, url: str, destination: dict[str, Json]) -> str:
    code = asked.azure.guid()
    event: Json = {
        "id": asked.azure.guid(),
        "topic": asked.scope,
        "subject": "",
        "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
        "eventTime": precise(asked.now),
        "metadataVersion": "1",
        "dataVersion": "2",
        "data": {
            "validationCode": code,
            "validationUrl": f"https://rp-westeurope.eventgrid.azure.net/eventsubscriptions/{name}/validate?id={code}",
        },
    }
    headers = {**_headers("SubscriptionValidation", name), **_attributes(destination)}
    got = asked.call.ask(url, headers, json.dumps([event]).encode())
    if got.status != 200:
        message = f"Webhook validation handshake failed for {url.partition('?')[0]}."
        raise bad(message, "Url validation")
    try:
        said = json.loads(got.body)
    except ValueError:
        said = None
    is_right = isinstance(said, dict) and said.get("validationResponse") == code
    return "Succeeded" if is_right else "AwaitingManualAction"


def _headers(kind: str, name: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "aeg-event-type": kind,
        "aeg-subscription-name": name.upper(),
    }


def _attributes(destination: dict[str, Json]) -> dict[str, str]:
    """Headers that the subscription wants to be sent along."""
    wanted = (destination.get("properties") or {}).get("deliveryAttributeMappings") or []
    return {str(each["name"]): str(each["properties"]["value"]) for each in wanted if each.get("type") == "Static"}


def _id(asked: Asked) -> str:
    return f"{asked.scope}{END}/{asked.call.parameters['name']}"


def _shape(found: GridSubscription, state: str) -> Json:
    """The address comes without its query, and headers without their secrets."""
    hook: dict[str, Json] = {"endpointBaseUrl": found.url.partition("?")[0]}
    return {
        "id": found.id,
        "type": ACTION,
        "name": found.name,
        "properties": {
            "topic": found.topic,
            "provisioningState": state,
            "destination": {"endpointType": "WebHook", "properties": hook},
            "filter": found.properties.get("filter") or {},
            "eventDeliverySchema": "EventGridSchema",
            "retryPolicy": {"maxDeliveryAttempts": 30, "eventTimeToLiveInMinutes": 1440},
        },
    }


def all_listed(asked: Asked) -> Answer:
    rows = [_shape(each, each.state) for each in asked.azure.grid.values() if each.topic == asked.scope]
    return listed(asked, rows)


def _named(asked: Asked) -> GridSubscription:
    found = asked.azure.grid.get(_id(asked).lower())
    if found is None:
        raise ArmRefusal(404, "ResourceNotFound", "The event subscription was not found.")
    return found


def shown(asked: Asked) -> Answer:
    found = _named(asked)
    return Answer.of_json(_shape(found, found.state))


def removed(asked: Asked) -> Answer:
    """202: it goes on in the background; here it is done at once."""
    if asked.azure.grid.pop(_id(asked).lower(), None) is None:
        return Answer(204)
    asked.record(f"{ACTION}/delete", _id(asked))
    return Answer(202)


# -- telling


def tell(state: State, deliver: Deliver) -> None:
    """One event in each call, of all that was done since the last time; what is not taken is not told again."""
    azure = state.azure
    for found in list(azure.grid.values()):
        fresh, found.told = azure.events[found.told :], len(azure.events)
        for each in fresh if found.state == "Succeeded" else []:
            kind = event_type(each)
            if kind in _wanted(found) and is_about(each, found.topic):
                headers = {**_headers("Notification", found.name), **_attributes(found.properties["destination"])}
                deliver(found.url, headers, json.dumps([_event(azure, each, kind, state.tenant.id)]).encode())


def _wanted(found: GridSubscription) -> list[str]:
    return list((found.properties.get("filter") or {}).get("includedEventTypes") or [])


def event_type(event: Event) -> str:
    """"" for what Event Grid says nothing of."""
    verb, outcome = VERBS.get(event.operation.rpartition("/")[2]), OUTCOMES.get(event.status)
    return f"Microsoft.Resources.Resource{verb}{outcome}" if verb and outcome else ""


def _event(azure: Azure, event: Event, kind: str, tenant_id: str) -> Json:
    subscription_id = scopes.subscription_id(event.resource_id)
    return {
        "id": azure.guid(),
        "topic": f"/subscriptions/{subscription_id}",
        "subject": event.resource_id,
        "eventType": kind,
        "eventTime": precise(event.at),
        "dataVersion": "2",
        "metadataVersion": "1",
        "data": {
            "correlationId": event.correlation_id,
            "resourceProvider": event.provider,
            "resourceUri": event.resource_id,
            "operationName": event.operation,
            "status": event.status,
            "subscriptionId": subscription_id,
            "tenantId": tenant_id,
            "claims": {"http://schemas.microsoft.com/identity/claims/objectidentifier": event.caller.object_id},
            "httpRequest": {"clientIpAddress": event.address, "method": "PUT", "url": f"https://{HOST}{event.resource_id}"},
        },
    }


HOST = "management.azure.com"
LIST = "/subscriptions/{subscription_id}/providers/Microsoft.EventGrid/eventSubscriptions"
ROUTES = [
    arm("GET", LIST, all_listed, f"{ACTION}/read", *VERSIONS),
    arm("GET", f"/{{scope*}}{END}/{{name}}", shown, f"{ACTION}/read", *VERSIONS),
    arm("PUT", f"/{{scope*}}{END}/{{name}}", made, f"{ACTION}/write", *VERSIONS),
    arm("DELETE", f"/{{scope*}}{END}/{{name}}", removed, f"{ACTION}/delete", *VERSIONS),
]
