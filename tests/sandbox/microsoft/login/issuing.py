"""What stands in a token: where it is for, and the application permissions of the moment."""

import uuid

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.login.tokens import LIFETIME, AccessToken
from tests.sandbox.microsoft.state import State

GRAPH_URL = "https://graph.microsoft.com"


def issue_token(
    state: State,
    audience: str = GRAPH_URL,
    roles: tuple[str, ...] | None = None,
    *,
    client_id: str = "",
    is_by_certificate: bool = False,
) -> str:
    """As the login host would issue it; `roles` in place of those that were granted. KeyError when the tenant has no
    service principal of the application."""
    client_id = client_id or state.client_id
    principal = state.directory.service_principal_of(client_id)
    if principal is None:
        raise KeyError(client_id)
    granted = roles_of(state, principal.id, state.tenant.resources[audience])
    held = granted if roles is None else frozenset(roles)
    token = AccessToken(audience, client_id, principal.id, held, state.now() + LIFETIME, is_by_certificate)
    return state.login.issue(token, _claims(state, token))


def roles_of(state: State, principal_id: str, resource_app_id: str) -> frozenset[str]:
    """The application permissions of a service that were granted."""
    resource = state.directory.service_principal_of(resource_app_id)
    if resource is None:
        return frozenset()
    names = {each["id"]: str(each["value"]) for each in resource.properties["appRoles"]}
    return frozenset(
        names[each["appRoleId"]]
        for each in state.directory.app_roles_of(principal_id)
        if each["resourceId"] == resource.id and each["appRoleId"] in names
    )


def _claims(state: State, token: AccessToken) -> dict[str, Json]:
    now = int(state.now())
    claims: dict[str, Json] = {
        "aud": token.audience,
        "iss": f"https://sts.windows.net/{state.tenant.id}/",
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "appid": token.client_id,
        "appidacr": "2" if token.is_by_certificate else "1",
        "idtyp": "app",
        "oid": token.principal_id,
        "sub": token.principal_id,
        "tid": state.tenant.id,
        "uti": uuid.UUID(bytes=state.login.chance.randbytes(16)).hex[:22],
        "ver": "1.0",
    }
    return {**claims, "roles": sorted(token.roles)} if token.roles else claims
