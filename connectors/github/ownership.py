"""Whether the connected account is an owner of the organisation. Others see less, and are not told that they do."""

from connectors.base import Client, PermissionMissing
from connectors.github.reading import document


def need_owner(client: Client, organisation: str) -> bool:
    """Raises PermissionMissing for anybody else; True where GitHub leaves out what is behind single sign-on.

    `organisation`: its login name of today.
    """
    answer = client.get(f"/user/memberships/orgs/{organisation}", expect=(404,))
    membership = {} if answer.status == 404 else document(answer, "role", "state")
    if membership.get("role") == "admin" and membership.get("state") == "active":
        return answer.headers.get("x-github-sso", "").startswith("partial-results")
    raise PermissionMissing(
        f"The account that consented is not an owner of {organisation}.",
        why="Only owners see all members, teams and the audit log.",
        remedy="Make it an owner in GitHub (People > Role), or sign in to GitHub as an owner and connect again.",
        permission="organization owner",
    )
