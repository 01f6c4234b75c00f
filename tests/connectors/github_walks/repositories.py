"""Repositories, with whom they are shared, their keys and what lies in them."""

import base64

from tests.connectors.github_walks.walk import ORG, Step, Walk
from tests.sandbox.github.files import git_sha
from tests.sandbox.github.seed_repositories import public_key

REPO = "/repos/contoso-dev"
README = git_sha("blob", b"# storefront\n")
CONTENT = base64.b64encode("Ünïcode ✨\n".encode()).decode()
WRITTEN = git_sha("blob", "Ünïcode ✨\n".encode())
READS: tuple[str, ...] = (
    f"{ORG}/repos?per_page=5",
    f"{ORG}/repos?type=internal&sort=pushed&direction=asc",
    f"{ORG}/repos?type=member&sort=full_name",
    "/orgs/fabrikam-oss/repos",
    f"{ORG}/teams/engineering/repos",
    f"{REPO}/docs",
    f"{REPO}/brand-new-thing",
    f"{REPO}/legacy-crm",
    f"{REPO}/partner-portal/collaborators?per_page=4",
    f"{REPO}/partner-portal/collaborators?affiliation=outside",
    f"{REPO}/ml-pipelines/collaborators?affiliation=direct&permission=push",
    f"{REPO}/partner-portal/collaborators/fab-lena",
    f"{REPO}/ml-pipelines/collaborators/nguyenta/permission",
    f"{REPO}/partner-portal/invitations",
    f"{REPO}/billing-api/teams?per_page=1",
    f"{REPO}/infra-live/keys",
    f"{REPO}/mobile-app/keys/85500610",
    f"{REPO}/storefront/git/trees/main",
    f"{REPO}/engineering-handbook/git/trees/main?recursive=1",
    f"{REPO}/storefront/git/blobs/{README}",
    f"{REPO}/storefront/contents",
    f"{REPO}/storefront/contents/src",
    f"{REPO}/storefront/contents/src/settings/defaults.env?ref=main",
    f"{REPO}/engineering-handbook/contents/Gr%C3%B6%C3%9Fe%20%26%20Ma%C3%9Fe/donn%C3%A9es%20%231.md",
    f"{REPO}/engineering-handbook/contents/latest",
    f"{REPO}/engineering-handbook/contents/vendor/protos",
    f"{REPO}/data-lake/contents/dumps/customers.csv",
    f"{REPO}/storefront/activity?per_page=1",
    f"{REPO}/storefront/activity?time_period=week&activity_type=push&direction=asc",
    f"{ORG}/events?per_page=2",
)
REFUSALS: tuple[Step, ...] = (
    ("GET", f"{REPO}/nothing-here", None, 404),
    ("GET", "/repositories/1", None, 404),
    ("GET", f"{REPO}/documentation", None, 301),
    ("GET", f"{REPO}/documentation/keys?per_page=1", None, 301),
    ("PATCH", f"{REPO}/documentation", {"archived": True}, 307),
    ("PATCH", f"{REPO}/storefront", {"visibility": "private"}, 422),
    ("PATCH", f"{REPO}/legacy-crm", {"visibility": "public"}, 403),
    ("PUT", f"{REPO}/legacy-crm/collaborators/fab-omar", {}, 403),
    ("PUT", f"{REPO}/storefront/collaborators/fab-omar", {"permission": "everything"}, 422),
    ("DELETE", f"{REPO}/storefront/invitations/1", None, 404),
    ("GET", f"{REPO}/storefront/keys/1", None, 404),
    ("POST", f"{REPO}/storefront/keys", {"key": "nonsense"}, 422),
    ("POST", f"{REPO}/storefront/keys", {"key": public_key("fabrikam-ci")}, 422),
    ("GET", f"{REPO}/brand-new-thing/git/trees/main", None, 409),
    ("GET", f"{REPO}/brand-new-thing/contents", None, 404),
    ("GET", f"{REPO}/storefront/git/trees/nothing", None, 404),
    ("GET", f"{REPO}/storefront/contents/nothing", None, 404),
    ("GET", f"{REPO}/data-lake/contents/dumps/everything.bin", None, 403),
    ("PUT", f"{REPO}/storefront/contents/README.md", {"message": "x", "content": CONTENT}, 422),
    ("PUT", f"{REPO}/storefront/contents/README.md", {"message": "x", "content": CONTENT, "sha": "0" * 40}, 409),
    ("PUT", f"{REPO}/storefront/contents/new.md", {"message": "x", "content": "%"}, 422),
    ("PUT", f"{REPO}/storefront/contents/new.md", {"message": "x", "content": "", "branch": "none"}, 404),
    ("PUT", f"{REPO}/release-tools/contents/new.md", {"message": "x", "content": CONTENT}, 409),
    ("DELETE", f"{REPO}/storefront/contents/nothing", {"message": "x", "sha": "0" * 40}, 404),
    ("DELETE", f"{REPO}/storefront/contents/README.md", {"message": "x", "sha": "0" * 40}, 409),
)
WRITES: tuple[Step, ...] = (
    ("PATCH", f"{REPO}/design-tokens", {"visibility": "private", "archived": True}, 200),
    ("PATCH", f"{REPO}/design-tokens", {"archived": False}, 200),
    ("PATCH", f"{REPO}/design-tokens", {"name": "tokens", "description": "Colours"}, 200),
    ("PUT", f"{REPO}/partner-portal/collaborators/fab-lena", {"permission": "triage"}, 204),
    ("PUT", f"{REPO}/partner-portal/collaborators/fab-omar", {"permission": "pull"}, 201),
    ("PUT", f"{REPO}/partner-portal/collaborators/jmueller", {"permission": "release-manager"}, 204),
    ("DELETE", f"{REPO}/partner-portal/collaborators/fab-lena", None, 204),
    ("PATCH", f"{REPO}/partner-portal/invitations/270118553", {"permissions": "read"}, 200),
    ("DELETE", f"{REPO}/partner-portal/invitations/270118553", None, 204),
    ("PUT", f"{ORG}/teams/platform/repos/contoso-dev/storefront", {"permission": "maintain"}, 204),
    ("DELETE", f"{ORG}/teams/platform/repos/contoso-dev/storefront", None, 204),
    ("POST", f"{REPO}/storefront/keys", {"title": "again", "key": public_key("again"), "read_only": True}, 201),
    ("DELETE", f"{REPO}/infra-live/keys/90114001", None, 204),
    ("PUT", f"{REPO}/storefront/contents/new.md", {"message": "Add", "content": CONTENT}, 201),
    ("PUT", f"{REPO}/storefront/contents/README.md", {"message": "Edit", "content": CONTENT, "sha": README}, 200),
    ("DELETE", f"{REPO}/storefront/contents/new.md", {"message": "Drop", "sha": WRITTEN}, 200),
    ("DELETE", f"{REPO}/website-2019", None, 204),
)

WALK = Walk(READS, REFUSALS, WRITES)
