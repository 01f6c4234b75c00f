"""What GitHub Enterprise Server has of its own and what it lacks; the caller's organisations."""

from tests.connectors.github_walks.walk import ORG, Walk

SUSPENDED = "/users/jmueller/suspended"
SERVER = Walk(
    reads=(
        "/meta",
        "/user",
        "/users/tvolkov",
        ORG,
        f"{ORG}/members?per_page=5",
        f"{ORG}/memberships/dokafor",
        f"{ORG}/outside_collaborators",
        f"{ORG}/teams?per_page=3",
        f"{ORG}/teams/platform/members",
        f"{ORG}/organization-roles",
        f"{ORG}/audit-log?per_page=100&include=all",
        f"{ORG}/repos?per_page=10",
        f"{ORG}/installations",
        f"{ORG}/hooks",
        "/repos/contoso-dev/docs",
        "/repos/contoso-dev/partner-portal/collaborators?affiliation=outside",
        "/repos/contoso-dev/infra-live/keys",
        "/repos/contoso-dev/storefront/contents/README.md",
    ),
    refusals=(
        ("GET", "/rate_limit", None, 404),
        ("GET", f"{ORG}/blocks", None, 404),
        ("PUT", f"{ORG}/blocks/fab-omar", None, 404),
        ("GET", f"{ORG}/invitations", None, 404),
        ("GET", f"{ORG}/failed_invitations", None, 404),
        ("GET", f"{ORG}/credential-authorizations", None, 404),
        ("GET", "/scim/v2/organizations/contoso-dev/Users", None, 404),
        ("GET", "/enterprises/contoso/consumed-licenses", None, 404),
    ),
    writes=(
        ("PUT", SUSPENDED, {"reason": "Left the company"}, 204),
        ("DELETE", SUSPENDED, None, 204),
        ("PATCH", "/repos/contoso-dev/docs", {"visibility": "private"}, 200),
        ("DELETE", f"{ORG}/memberships/jmueller", None, 204),
    ),
    by="server_owner",
)
CALLER = Walk(("/user/memberships/orgs?per_page=1", "/user/memberships/orgs?state=active", "/user/orgs"))
WALKS: tuple[Walk, ...] = (SERVER, CALLER)
