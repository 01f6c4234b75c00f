"""GitHub Apps and what else reaches an organisation: by an owner, by the app itself, by its installation tokens."""

from tests.connectors.github_walks.walk import ORG, Walk
from tests.sandbox.github import seed_apps

TOKENS = f"{ORG}/personal-access-tokens"
REQUESTS = f"{ORG}/personal-access-token-requests"
CREDENTIALS = f"{ORG}/credential-authorizations"
OURS = "/app/installations/61440118"
FABRIKAM = "/app/installations/61440377"
OWNED = f"/enterprises/{seed_apps.ENTERPRISE}/apps/organizations/contoso-dev/installations"

OWNER = Walk(
    reads=(
        f"{ORG}/installations?per_page=2",
        f"{CREDENTIALS}?per_page=4",
        f"{CREDENTIALS}?login=dokafor",
    ),
    refusals=(
        ("GET", "/orgs/fabrikam-oss/credential-authorizations", None, 404),
        ("GET", f"{CREDENTIALS}?page=2", None, 400),
        ("DELETE", f"{CREDENTIALS}/1", None, 404),
        ("POST", f"{CREDENTIALS}/fab-omar/revoke", None, 404),
        ("POST", f"{CREDENTIALS}/asingh/revoke-credential-type", {"credential_type": "cookie"}, 422),
        ("GET", TOKENS, None, 403),
        ("GET", "/installation/repositories", None, 403),
        ("DELETE", "/installation/token", None, 403),
        ("GET", "/app", None, 401),
        ("DELETE", f"{OWNED}/48220915", None, 403),
    ),
    writes=(
        ("DELETE", f"{CREDENTIALS}/161195001", None, 204),
        ("POST", f"{CREDENTIALS}/asingh/revoke", None, 202),
        ("POST", f"{CREDENTIALS}/zoe-builds/revoke-credential-type", {"credential_type": "ssh_key"}, 202),
        ("POST", f"{CREDENTIALS}/revoke-all", None, 202),
    ),
)
INSTALLED = Walk(
    reads=(
        ORG,
        f"{ORG}/members",
        f"{ORG}/installations",
        f"{ORG}/hooks",
        f"{ORG}/blocks",
        f"{ORG}/audit-log?per_page=100",
        f"{ORG}/organization-roles",
        "/repos/contoso-dev/storefront/keys",
        "/installation/repositories?per_page=9",
        f"{TOKENS}?per_page=2",
        f"{TOKENS}?owner=asingh&token_id=98716445&direction=asc",
        f"{TOKENS}?last_used_before=2020-01-01T00:00:00Z",
        f"{TOKENS}/25381/repositories",
        f"{TOKENS}/25702/repositories?per_page=20",
        f"{REQUESTS}?per_page=1",
        f"{REQUESTS}/31117/repositories",
    ),
    refusals=(
        ("GET", "/user", None, 403),
        ("GET", f"/enterprises/{seed_apps.ENTERPRISE}/installation", None, 401),
        ("GET", f"{ORG}/repos?type=internal", None, 403),
        ("POST", f"{TOKENS}/1", {"action": "revoke"}, 404),
        ("POST", f"{TOKENS}/25381", {"action": "owner"}, 422),
        ("POST", f"{REQUESTS}/1", {"action": "deny"}, 404),
        ("GET", OWNED, None, 403),
    ),
    writes=(
        ("POST", f"{TOKENS}/25381", {"action": "revoke"}, 204),
        ("POST", TOKENS, {"action": "revoke", "pat_ids": [25702, 1]}, 202),
        ("POST", f"{REQUESTS}/31004", {"action": "deny", "reason": "Too wide"}, 204),
        ("POST", REQUESTS, {"action": "approve", "pat_request_ids": [31117]}, 202),
        ("DELETE", "/installation/token", None, 204),
    ),
    by="installed",
)
ENTERPRISE = Walk(
    reads=(f"{OWNED}?per_page=3",),
    refusals=(
        ("DELETE", f"{OWNED}/1", None, 404),
        ("DELETE", OWNED.replace("contoso-dev", "fabrikam-oss") + "/61440377", None, 404),
        ("GET", f"{ORG}/members", None, 403),
    ),
    writes=(("DELETE", f"{OWNED}/48220915", None, 204),),
    by="enterprise_app",
)
LIMITED = {"permissions": {"members": "read"}, "repositories": ["docs"]}
APP = Walk(
    reads=(
        "/app",
        "/app/hook/config",
        "/app/hook/deliveries",
        "/app/installations?per_page=1",
        OURS,
        f"{ORG}/installation",
    ),
    refusals=(
        ("GET", "/app/installations/48220915", None, 404),
        ("GET", f"/enterprises/{seed_apps.ENTERPRISE}/installation", None, 404),
        ("GET", "/user", None, 403),
        ("POST", f"{OURS}/access_tokens", {"permissions": {"secrets": "write"}}, 422),
        ("POST", f"{OURS}/access_tokens", {"repositories": ["nothing"]}, 422),
    ),
    writes=(
        ("PATCH", "/app/hook/config", {"url": "https://portal.contoso.example/app", "content_type": "json"}, 200),
        ("POST", f"{OURS}/access_tokens", None, 201),
        ("POST", f"{OURS}/access_tokens", LIMITED, 201),
        ("PUT", f"{FABRIKAM}/suspended", None, 204),
        ("POST", f"{FABRIKAM}/access_tokens", None, 403),
        ("DELETE", f"{FABRIKAM}/suspended", None, 204),
        ("DELETE", FABRIKAM, None, 204),
    ),
    by="app",
)
OTHER_APP = Walk((f"/enterprises/{seed_apps.ENTERPRISE}/installation",), by="other_app")
WALKS: tuple[Walk, ...] = (OWNER, INSTALLED, ENTERPRISE, APP, OTHER_APP)
