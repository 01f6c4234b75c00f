"""Whether the connection sees the whole organisation. Others see less, and are not told that they do."""

from connectors.base import Client, PermissionMissing
from connectors.github.reading import document
from connectors.github.scopes import READ_MEMBERS, READ_ORG, held

APP_METHOD = "github_app"
OWNER_OF_ENTERPRISE = "Make the account an owner of the enterprise and choose Reconnect, or correct Enterprise slug."


def is_app(client: Client) -> bool:
    """Connected by the GitHub App: there is no account behind it."""
    return client.method_id == APP_METHOD


def need_whole_view(client: Client) -> None:
    """Raises PermissionMissing unless all members and teams show: to owners, and to an app that may read members."""
    if not is_app(client):
        need_owner(client, client.config["organization"])
    elif READ_MEMBERS not in held(client.granted_scopes):
        raise _not_all_members(READ_MEMBERS)


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


def need_all_members(client: Client) -> None:
    """Without one of these scopes REST lists public members only, and says nothing of it."""
    granted = client.granted_scopes
    needed = READ_MEMBERS if is_app(client) else READ_ORG
    if granted and needed not in held(granted):
        raise _not_all_members(needed)


def _not_all_members(permission: str) -> PermissionMissing:
    return PermissionMissing(
        "GitHub shows this connection only those members who made their membership public.",
        why=f"{permission} was not granted, or was taken back.",
        remedy="Choose Reconnect and grant all scopes that GitHub lists; for a GitHub App grant the permission in "
        "GitHub, accept it in the organisation, then choose Test now.",
        permission=permission,
    )
