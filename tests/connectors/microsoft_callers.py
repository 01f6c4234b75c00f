"""Calls of the simulated Microsoft cloud, as the portal's application makes them."""

from urllib.parse import urlencode

from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.login.issuing import issue_token
from tests.sandbox.microsoft.seed import CLIENT_ID, TENANT_ID
from tests.sandbox.microsoft.seed_apps import CLIENT_SECRET

LOGIN = "login.microsoftonline.com"
GRAPH = "graph.microsoft.com"
ARM = "management.azure.com"
SHAREPOINT = "contoso.sharepoint.com"
FEED = "manage.office.com"
GRAPH_SCOPE = "https://graph.microsoft.com/.default"


def graph(sandbox: Sandbox, *roles: str) -> Caller:
    """With a token that holds these permissions; paths begin behind /v1.0."""
    token = issue_token(sandbox.microsoft.state, roles=roles)
    return Caller(sandbox, GRAPH, {"Authorization": f"Bearer {token}"}, "/v1.0")


def ask_token(sandbox: Sandbox, tenant: str = TENANT_ID, **changes: str) -> Reply:
    """With the secret; `changes` to the form, "" leaves something out."""
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": GRAPH_SCOPE,
        **changes,
    }
    body = urlencode({name: value for name, value in form.items() if value}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Caller(sandbox, LOGIN, headers)("POST", f"/{tenant}/oauth2/v2.0/token", body)


def rows(call: Caller, target: str) -> list[Json]:
    """Of this page and of all that follow by nextLink."""
    found: list[Json] = []
    while target:
        page = call.get(target).json()
        found += page["value"]
        target = page.get("@odata.nextLink", "")
    return found


def code(reply: Reply) -> tuple[int, str]:
    """Status and code of a refusal of Graph."""
    return reply.status, reply.json()["error"]["code"]


def feed(sandbox: Sandbox, *roles: str, version: str = "v1.0") -> Caller:
    """The activity feed of the tenant; paths begin behind /activity/feed."""
    held = roles or ("ActivityFeed.Read", "ActivityFeed.ReadDlp")
    token = issue_token(sandbox.microsoft.state, "https://manage.office.com", held)
    prefix = f"/api/{version}/{TENANT_ID}/activity/feed"
    return Caller(sandbox, FEED, {"Authorization": f"Bearer {token}"}, prefix)


def files(sandbox: Sandbox, *roles: str) -> Caller:
    """With all that reading and changing files needs, or with these permissions."""
    return graph(sandbox, *(roles or ("Files.ReadWrite.All", "Sites.Read.All")))


def sharepoint(sandbox: Sandbox, host: str = SHAREPOINT, *, is_by_certificate: bool = True) -> Caller:
    state = sandbox.microsoft.state
    roles = ("Sites.FullControl.All",)
    token = issue_token(state, f"https://{host}", roles, is_by_certificate=is_by_certificate)
    return Caller(sandbox, host, {"Authorization": f"Bearer {token}"})


def arm(sandbox: Sandbox) -> Caller:
    """Azure Resource Manager; each path needs its api-version."""
    token = issue_token(sandbox.microsoft.state, "https://management.azure.com", ())
    return Caller(sandbox, ARM, {"Authorization": f"Bearer {token}"})
