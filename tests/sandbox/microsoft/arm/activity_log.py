"""The log of what was done, by subscription and for the tenant itself."""

from urllib.parse import urlencode

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.arm import log_filters, scopes
from tests.sandbox.microsoft.arm.asking import Asked, arm
from tests.sandbox.microsoft.arm.events import Event, shape
from tests.sandbox.microsoft.arm.refusals import BareRefusal, not_allowed

VERSION = "2015-04-01"
READ = "Microsoft.Insights/eventtypes/values/read"
TENANT_SCOPE = "/providers/Microsoft.Insights"
SWAPPED = 7
"""Every seventh row stands before one that is newer."""


def of_subscription(asked: Asked) -> Answer:
    return _listed(asked, scopes.subscription_id(asked.scope))


def of_tenant(asked: Asked) -> Answer:
    """What was born there alone; needs a role at the root or at the log's own scope."""
    if not asked.azure.has_tenant_log:
        token = asked.call.token
        raise not_allowed(token.client_id, token.principal_id, READ, TENANT_SCOPE)
    asked.need(READ, TENANT_SCOPE)
    return _listed(asked, "")


def _listed(asked: Asked, subscription_id: str) -> Answer:
    """Mostly newest first. The last row of a page comes again on the next one; what shows only after the first page was
    asked for is not among the following ones."""
    request = asked.call.request
    wanted = log_filters.read(request.parameter("$filter"), asked.now)
    start, until = _place(request.parameter("$skipToken"), asked.now)
    rows = [
        each
        for each in asked.azure.events
        if each.subscription_id == subscription_id and each.submitted_at <= until and wanted.holds(each)
    ]
    rows.sort(key=lambda each: each.at, reverse=True)
    _swap(rows)
    size, tenant_id = asked.azure.page_size, asked.call.state.tenant.id
    first = max(0, start - 1)
    body: dict[str, Json] = {}
    if start + size < len(rows):
        kept = [(name, value) for name, value in request.query if name.lower() != "$skiptoken"]
        query = urlencode([*kept, ("$skipToken", f"{start + size}.{until!r}")], safe="$")
        body["nextLink"] = request.url(f"{request.path}?{query}")
    body["value"] = [shape(each, tenant_id) for each in rows[first : start + size]]
    return Answer.of_json(body)


def _place(text: str, now: float) -> tuple[int, float]:
    if not text:
        return 0, now
    start, _, until = text.partition(".")
    try:
        return int(start), float(until)
    except ValueError:
        raise BareRefusal(400, "BadRequest", "The skip token is not valid.") from None


def _swap(rows: list[Event]) -> None:
    for at in range(SWAPPED, len(rows), SWAPPED):
        rows[at - 1], rows[at] = rows[at], rows[at - 1]


END = "/providers/Microsoft.Insights/eventtypes/management/values"
ROUTES = [
    arm("GET", f"/subscriptions/{{subscription_id}}{END}", of_subscription, READ, VERSION),
    arm("GET", END, of_tenant, "", VERSION),
]
