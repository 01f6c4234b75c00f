"""What every call of Azure Resource Manager has to get right first."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlencode

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.arm import rights, scopes
from tests.sandbox.microsoft.arm.azure import Azure
from tests.sandbox.microsoft.arm.people import Caller
from tests.sandbox.microsoft.arm.refusals import (
    bad,
    disabled,
    no_subscription,
    no_version,
    not_allowed,
    throttled,
    wrong_version,
)
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.router import Route, route

REFILL = {"reads": 25.0, "writes": 10.0, "deletes": 10.0}
KINDS = {"GET": "reads", "DELETE": "deletes"}
PRINCIPALS = 15
"""All principals together have so many times what one has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call whose scope is there and whose caller has the right to it."""

    call: Call
    azure: Azure
    scope: str

    @property
    def now(self) -> float:
        return self.call.state.now()

    @property
    def whose(self) -> set[str]:
        return rights.identities(self.call.state.directory, self.call.token.principal_id)

    @property
    def caller(self) -> Caller:
        token = self.call.token
        return Caller(token.principal_id, token.principal_id, app_id=token.client_id)

    def need(self, action: str, scope: str) -> None:
        if not rights.may(self.azure, self.whose, action, scope):
            token = self.call.token
            raise not_allowed(token.client_id, token.principal_id, action, scope)

    def need_writable(self) -> None:
        found = self.azure.subscriptions.get(scopes.subscription_id(self.scope))
        if found is not None and found.state == "Disabled":
            raise disabled(found.id)

    def body(self) -> dict[str, Json]:
        """The member properties of what was sent."""
        try:
            sent = self.call.request.json()
        except ValueError:
            raise bad("The request content could not be deserialized.", "InvalidRequestContent") from None
        found = sent.get("properties") if isinstance(sent, dict) else None
        if not isinstance(found, dict):
            raise bad("The request content has no properties.", "InvalidRequestContent")
        return found

    def record(self, operation: str, resource_id: str, *properties: tuple[str, str]) -> None:
        """As done by this call."""
        address = self.call.request.address
        self.azure.record(self.caller, operation, resource_id, self.now, address=address, properties=properties)


Handler = Callable[[Asked], Answer]


def arm(method: str, template: str, handler: Handler, action: str, *versions: str) -> Route:
    """A route whose case does not matter. `{scope*}` may be anything from the tenant's root down; `action` is the right
    that is needed there, "" when the handler asks itself."""

    def answer(call: Call) -> Answer:
        _check_version(call, versions)
        azure = call.state.azure
        scope = scopes.normal(unquote(_scope(call)))
        headers = _paid(call, azure, scopes.subscription_id(scope))
        asked = Asked(call, azure, scope)
        subscription_id = scopes.subscription_id(scope)
        if subscription_id and subscription_id not in azure.subscriptions:
            raise no_subscription(subscription_id)
        if action:
            asked.need(action, scope)
        if method != "GET":
            asked.need_writable()
        found = handler(asked)
        found.headers |= headers
        return found

    made = route(method, template, answer)
    return replace(made, pattern=re.compile(made.pattern.pattern, re.IGNORECASE))


def _scope(call: Call) -> str:
    if "subscription_id" in call.parameters:
        return f"/subscriptions/{call.parameters['subscription_id']}"
    if "group_name" in call.parameters:
        return f"{scopes.GROUPS}{call.parameters['group_name']}"
    return call.parameters.get("scope", scopes.ROOT)


def _check_version(call: Call, versions: tuple[str, ...]) -> None:
    asked = call.request.parameter("api-version")
    if not asked:
        raise no_version()
    if asked not in versions:
        raise wrong_version(asked, versions)


def _paid(call: Call, azure: Azure, subscription_id: str) -> dict[str, str]:
    """A token from the bucket of this principal, and the headers that say how many are left."""
    kind = KINDS.get(call.request.method, "writes")
    size = float(azure.reads if kind == "reads" else azure.writes)
    key, now = (kind, subscription_id, call.token.principal_id), call.state.now()
    left, at = azure.buckets.get(key, (size, now))
    left = min(size, left + (now - at) * REFILL[kind])
    if left < 1:
        raise throttled(kind, max(1, int((1 - left) / REFILL[kind] + 0.999)))
    azure.buckets[key] = (left - 1, now)
    whose = "subscription" if subscription_id else "tenant"
    used = size - (left - 1)
    return {
        f"x-ms-ratelimit-remaining-{whose}-{kind}": str(int(left - 1)),
        f"x-ms-ratelimit-remaining-{whose}-global-{kind}": str(int(PRINCIPALS * size - used)),
        "x-ms-request-id": azure.guid(),
    }


def listed(asked: Asked, rows: list[Json], *, size: int = 0, token: str = "$skiptoken") -> Answer:
    """A page of them; the last one has no nextLink."""
    size = size or asked.azure.list_size
    text = asked.call.request.parameter(token)
    if text and not text.isdigit():
        raise bad("The skip token is not valid.", "InvalidSkipToken")
    start = int(text or 0)
    body: dict[str, Json] = {"value": rows[start : start + size]}
    if start + size < len(rows):
        kept = [(name, value) for name, value in asked.call.request.query if name != token]
        query = urlencode([*kept, (token, str(start + size))], safe="$")
        body["nextLink"] = asked.call.request.url(f"{asked.call.request.path}?{query}")
    return Answer.of_json(body)
