"""SCIM: whom the identity provider has provisioned, in an organisation and in an enterprise that manages its users."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import managed_users
from tests.sandbox.github.call import Call, no_content
from tests.sandbox.github.enterprise import Enterprise, ManagedUser
from tests.sandbox.github.people import SamlIdentity
from tests.sandbox.github.refusal import Refusal, not_found
from tests.sandbox.github.router import Route, route

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MEDIA = {"Content-Type": "application/scim+json"}
FILTER = re.compile(
    r'^\s*(id|userName|externalId|emails(?:\[type eq "work"\])?(?:\.value)?)\s+eq\s+"([^"]*)"\s*$', re.I
)
MOST = 100
Held = TypeVar("Held")

# -- of an organisation


def list_identities(call: Call) -> Answer:
    _need_scim(call)
    held = [each for each in call.organisation.identities if each.is_provisioned]
    return _page(call, held, _identity_members, lambda each: _identity(call, each))


def get_identity(call: Call) -> Answer:
    _need_scim(call)
    return _answer(_identity(call, _named_identity(call)))


def change_identity(call: Call) -> Answer:
    """`active` false takes the person out of the organisation and deletes the identity with it."""
    _need_scim(call)
    identity = _named_identity(call)
    changes = _changes(call)
    identity.name_id = str(changes.get("userName", identity.name_id))
    identity.external_id = changes.get("externalId", identity.external_id)
    identity.given_name = str(changes.get("givenName", identity.given_name))
    identity.family_name = str(changes.get("familyName", identity.family_name))
    identity.updated_at = call.state.clock.now()
    shape = _identity(call, identity)
    if _is_false(changes.get("active", True)):
        call.organisation.deprovision(identity, call.actor)
        shape["active"] = False
    return _answer(shape)


def delete_identity(call: Call) -> Answer:
    _need_scim(call)
    call.organisation.deprovision(_named_identity(call), call.actor)
    return no_content()


def _need_scim(call: Call) -> None:
    """Single sign-on of the organisation itself, and an owner."""
    organisation = call.organisation
    if organisation.plan != "enterprise" or not organisation.has_saml or organisation.is_enterprise_managed:
        raise not_found()
    call.need_owner()


def _named_identity(call: Call) -> SamlIdentity:
    wanted = call.parameters["scim_user_id"]
    held = (each for each in call.organisation.identities if each.is_provisioned)
    found = next((each for each in held if each.guid == wanted), None)
    if found is None:
        raise not_found()
    return found


def _identity_members(identity: SamlIdentity) -> dict[str, tuple[str, ...]]:
    """What a filter may look at."""
    external = (identity.external_id,) if identity.external_id else ()
    return {"id": (identity.guid,), "username": (identity.name_id,), "externalid": external, "emails": identity.emails}


def _identity(call: Call, identity: SamlIdentity) -> dict[str, Json]:
    organisation = call.organisation
    path = f"/scim/v2/organizations/{organisation.login}/Users/{identity.guid}"
    formatted = f"{identity.given_name} {identity.family_name}".strip()
    name = {"givenName": identity.given_name, "familyName": identity.family_name, "formatted": formatted}
    return {
        "schemas": [USER],
        "id": identity.guid,
        "externalId": identity.external_id,
        "userName": identity.name_id,
        "displayName": formatted or None,
        "name": name,
        "emails": _emails(identity.emails),
        "active": True,
        "meta": _meta(call, path, identity.created_at, identity.updated_at),
        "organization_id": organisation.id,
    }


# -- of an enterprise


def list_users(call: Call) -> Answer:
    held = list(_managing(call).managed_users.values())
    return _page(call, held, _user_members, lambda each: _user(call, each))


def get_user(call: Call) -> Answer:
    return _answer(_user(call, _named_user(call)))


def change_user(call: Call) -> Answer:
    """`active` false suspends, true restores; a false that comes as a text is understood, too."""
    enterprise, user = _managing(call), _named_user(call)
    if PATCH not in (call.body().get("schemas") or []):
        raise Refusal(400, f"The schema {PATCH} is required.")
    changes = _changes(call)
    user.user_name = str(changes.get("userName", user.user_name))
    user.external_id = changes.get("externalId", user.external_id)
    if "active" in changes:
        change = managed_users.suspend if _is_false(changes["active"]) else managed_users.restore
        change(call.state, enterprise, user, call.actor)
    return _answer(_user(call, user))


def _managing(call: Call) -> Enterprise:
    """The enterprise of the path, if its users are managed and the caller owns it."""
    call.need_enterprise_owner()
    if not call.enterprise.manages_users:
        raise not_found()
    return call.enterprise


def _named_user(call: Call) -> ManagedUser:
    found = _managing(call).managed_users.get(call.parameters["scim_user_id"])
    if found is None:
        raise not_found()
    return found


def _user_members(user: ManagedUser) -> dict[str, tuple[str, ...]]:
    external = (user.external_id,) if user.external_id else ()
    return {"id": (user.id,), "username": (user.user_name,), "externalid": external, "emails": (user.email,)}


def _user(call: Call, user: ManagedUser) -> dict[str, Json]:
    path = f"/scim/v2/enterprises/{call.enterprise.slug}/Users/{user.id}"
    groups = [each for each in call.enterprise.groups.values() if user.user.id in each.members]
    return {
        "schemas": [USER],
        "id": user.id,
        "externalId": user.external_id,
        "userName": user.user_name,
        "displayName": user.user.name,
        "name": {"formatted": user.user.name or "", "givenName": user.given_name, "familyName": user.family_name},
        "emails": _emails((user.email,)),
        "roles": [{"value": "enterprise_owner" if call.enterprise.is_owner(user.user) else "user", "primary": False}],
        "active": user.is_active,
        "groups": [
            {
                "value": str(each.id),
                "$ref": call.request.url(f"/scim/v2/enterprises/{call.enterprise.slug}/Groups/{each.id}"),
                "display": each.name,
            }
            for each in groups
        ],
        "meta": _meta(call, path, user.created_at, user.updated_at),
    }


# -- both


def _page(
    call: Call,
    held: Sequence[Held],
    members: Callable[[Held], dict[str, tuple[str, ...]]],
    shape: Callable[[Held], dict[str, Json]],
) -> Answer:
    """`startIndex` counts from one."""
    chosen = [each for each in held if _fits(call, members(each))]
    start, size = _number(call, "startIndex", 1), min(_number(call, "count", 30), MOST)
    shown = chosen[start - 1 : start - 1 + size]
    return _answer(
        {
            "schemas": [LIST],
            "totalResults": len(chosen),
            "itemsPerPage": len(shown),
            "startIndex": start,
            "Resources": [shape(each) for each in shown],
        }
    )


def _fits(call: Call, members: dict[str, tuple[str, ...]]) -> bool:
    text = call.request.parameter("filter")
    if not text:
        return True
    match = FILTER.match(text)
    if match is None:
        raise Refusal(400, "The filter is not understood: only eq on id, userName, externalId and emails is.")
    name = match[1].lower().partition("[")[0].partition(".")[0]
    return match[2].lower() in (value.lower() for value in members[name])


def _number(call: Call, name: str, default: int) -> int:
    text = call.request.parameter(name)
    return max(1, int(text)) if text.isdigit() else default


def _emails(addresses: tuple[str, ...]) -> list[Json]:
    return [{"value": each, "primary": number == 0, "type": "work"} for number, each in enumerate(addresses)]


def _meta(call: Call, path: str, created_at: float, updated_at: float) -> dict[str, Json]:
    return {
        "resourceType": "User",
        "created": iso(created_at),
        "lastModified": iso(updated_at),
        "location": call.request.url(path),
    }


def _answer(shape: dict[str, Json]) -> Answer:
    return Answer.of_json(shape, headers=MEDIA)


def _changes(call: Call) -> dict[str, Json]:
    """Operations with a path name one member, those without name several."""
    changes: dict[str, Json] = {}
    operations = call.body().get("Operations")
    if not isinstance(operations, list) or not operations:
        raise Refusal(400, "Operations must be a list with at least one operation.")
    for each in operations:
        operation, path, value = str(each.get("op", "")).lower(), each.get("path"), each.get("value")
        if operation not in ("add", "replace", "remove"):
            raise Refusal(400, f"{operation!r} is not an operation.")
        if path:
            changes[str(path).rpartition(".")[2]] = None if operation == "remove" else value
        elif isinstance(value, dict):
            changes |= value
    return changes


def _is_false(value: Json) -> bool:
    return value is False or str(value).lower() == "false"


OF_ORGANISATION = "/scim/v2/organizations/{org}/Users"
ONE = f"{OF_ORGANISATION}/{{scim_user_id}}"
OF_ENTERPRISE = "/scim/v2/enterprises/{enterprise}/Users"
SCOPES = ("admin:enterprise", "scim:enterprise")
READ, WRITE = "members=read", "members=write"
ROUTES: list[Route] = [
    route("GET", OF_ORGANISATION, list_identities, "admin:org", permissions=READ, is_scim=True),
    route("GET", ONE, get_identity, "admin:org", permissions=READ, is_scim=True),
    route("PATCH", ONE, change_identity, "admin:org", permissions=WRITE, is_scim=True),
    route("DELETE", ONE, delete_identity, "admin:org", permissions=WRITE, is_scim=True),
    route("GET", OF_ENTERPRISE, list_users, *SCOPES, is_scim=True),
    route("GET", f"{OF_ENTERPRISE}/{{scim_user_id}}", get_user, *SCOPES, is_scim=True),
    route("PATCH", f"{OF_ENTERPRISE}/{{scim_user_id}}", change_user, *SCOPES, is_scim=True),
]
