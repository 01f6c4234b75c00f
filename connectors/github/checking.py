"""Who are we connected to, and what may we do there? Asked at connecting, at Test now and before scans."""

from collections.abc import Mapping
from typing import Any

from connectors.base import (
    ActionKind,
    Capability,
    Client,
    MissingPermission,
    NotAvailable,
    PermissionMissing,
    TargetGone,
    Tenant,
)
from connectors.github.ownership import need_owner
from connectors.github.reading import document, organisation_path
from connectors.github.scopes import ADMIN_ORG, CONTAINED, READ_AUDIT_LOG, READ_ORG, READ_USER, SCOPES

CLOSES: dict[str, tuple[Capability | ActionKind, ...]] = {
    READ_ORG: (Capability.ACCOUNTS, Capability.GROUPS, Capability.PRIVILEGES),
    READ_AUDIT_LOG: (Capability.SIGN_IN_ACTIVITY, Capability.USER_ACTIVITY, Capability.ADMIN_ACTIVITY),
    READ_USER: (Capability.ACCOUNTS,),
    ADMIN_ORG: (Capability.PRIVILEGES, ActionKind.REMOVE_ACCOUNT),
}
SERVICE_WORDS = ("svc", "service", "bot", "admin", "automation", "integration", "gatehouse", "connector")
RECONNECT = "Choose Reconnect and grant all scopes that GitHub lists."


def check(client: Client) -> Tenant:
    """Raises TargetGone for an unknown organisation, PermissionMissing when the consenting account is no owner."""
    organisation = _organisation(client)
    login = str(organisation["login"])
    is_partial = need_owner(client, login)
    me = document(client.get("/user"), "login")
    audit_refusal, is_plan = _audit_refusal(client, login)
    granted = client.granted_scopes
    return Tenant(
        id=str(organisation["id"]),
        name=str(organisation.get("name") or login),
        url=str(organisation.get("html_url") or ""),
        plan=str((organisation.get("plan") or {}).get("name") or ""),
        connected_as=str(me["login"]),
        granted=granted,
        missing=_missing(granted, audit_refusal if not is_plan else ""),
        warnings=tuple(_warnings(client, me, is_partial, login)),
        unavailable={"audit_log": audit_refusal} if audit_refusal and is_plan else {},
    )


def _organisation(client: Client) -> Mapping[str, Any]:
    try:
        return document(client.get(organisation_path(client), follow=True), "id", "login")
    except TargetGone:
        raise TargetGone(
            f"GitHub shows no organisation called {client.config['organization']}.",
            why="The name is misspelt, was changed in GitHub, is a person's, or the account cannot see it.",
            remedy="Correct Organization Login Name: the part after github.com/ in the organisation's address.",
        ) from None


def _audit_refusal(client: Client, organisation: str) -> tuple[str, bool]:
    """A sentence why the audit log cannot be read, '' when it can; and whether the plan is the reason."""
    try:
        client.get(f"/orgs/{organisation}/audit-log", params={"per_page": 1})
    except NotAvailable as error:
        return str(error), True
    except PermissionMissing as error:
        return str(error), False
    return "", False


def _missing(granted: tuple[str, ...], audit_refusal: str) -> tuple[MissingPermission, ...]:
    """Wanted scopes that were not granted. An audit log that can be read needs no scope of its own."""
    held = set(granted).union(*(CONTAINED.get(scope, set()) for scope in granted))
    lacking = [scope for scope in SCOPES if scope not in held and scope != READ_AUDIT_LOG]
    if audit_refusal:
        lacking.append(READ_AUDIT_LOG)
    return tuple(MissingPermission(scope, CLOSES[scope], RECONNECT) for scope in lacking)


def _warnings(client: Client, me: Mapping[str, Any], is_partial: bool, login: str) -> list[str]:
    found = []
    words = f"{me.get('login', '')} {me.get('name') or ''}".lower()
    if not any(word in words for word in SERVICE_WORDS):
        found.append(
            f"The account {me['login']} looks like a person's (nothing in its name says otherwise). When that person "
            "leaves, the connection ends: better connect with a service account made for this purpose alone."
        )
    if login.lower() != client.config["organization"].lower():
        found.append(f"The organisation is now called {login}. Choose Edit details and put that name in.")
    if is_partial:
        found.append(
            "GitHub leaves out what is protected by single sign-on. Sign in to the organisation with single sign-on "
            "in GitHub and reconnect in the same browser."
        )
    return found
