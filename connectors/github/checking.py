"""Who are we connected to, and what may we do there? Asked at connecting, at Test now and before scans."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import (
    Action,
    ActionKind,
    Capability,
    Client,
    Feed,
    MissingPermission,
    NotAvailable,
    PermissionMissing,
    TargetGone,
    Tenant,
)
from connectors.github import ids, scopes
from connectors.github.app_sign_in import AS_APP, AS_ENTERPRISE, GitHubApp, installation_path, not_installed
from connectors.github.availability import SINGLE_SIGN_ON, Surroundings, unavailable
from connectors.github.identities import SingleSignOn, single_sign_on
from connectors.github.ownership import OWNER_OF_ENTERPRISE, is_app, need_owner
from connectors.github.products import Product, product_of, web_host
from connectors.github.reading import document, organisation_path

SERVICE_WORDS = ("svc", "service", "bot", "admin", "automation", "integration", "gatehouse", "connector")
RECONNECT = "Choose Reconnect and grant all scopes that GitHub lists."
GRANT = (
    "In GitHub, open the GitHub App's Permissions & events and grant it, accept the request in the organisation's "
    "Settings > GitHub Apps, then choose Test now."
)
SELECTED = (
    "The GitHub App is installed on selected repositories: the others are neither read nor protected. In GitHub, "
    "choose All repositories on the page of its installation."
)
UNINSTALLING = "enterprise_organization_installations:write"
ENTERPRISE = "enterprise"
"""The plan of organisations with an audit log, single sign-on and the like."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Whom GitHub takes us for."""

    name: str
    granted: tuple[str, ...]
    warnings: tuple[str, ...]
    is_site_admin: bool = False


def check(client: Client) -> Tenant:
    """Raises TargetGone for an unknown organisation, PermissionMissing when the consenting account is no owner,
    CredentialsRejected when the GitHub App is not installed."""
    organisation = _organisation(client)
    login = str(organisation["login"])
    connection = _as_app(client) if is_app(client) else _as_owner(client, login)
    audit_refusal, is_plan = _audit_refusal(client, login)
    plan = _plan(client, organisation)
    no_audit_log = audit_refusal if is_plan else ""
    has_plan = _is_enterprise(client, plan, no_audit_log)
    sign_on = single_sign_on(client, login, has_plan=has_plan)
    at = _surroundings(client, login, connection, no_audit_log, has_plan, sign_on)
    offered = {each.name for each in _offers(client)}
    closed = {name: reason for name, reason in unavailable(at).items() if name in offered}
    return Tenant(
        id=ids.organisation(organisation["id"], web_host(client.config)),
        name=str(organisation.get("name") or login),
        url=str(organisation.get("html_url") or ""),
        plan=plan,
        connected_as=connection.name,
        granted=connection.granted,
        missing=_missing(client, _held(client, connection, audit_refusal, is_plan), closed, _untold(at, sign_on)),
        warnings=(*connection.warnings, *_rename_warning(client, login)),
        unavailable=closed,
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


def _as_owner(client: Client, login: str) -> Connection:
    is_partial = need_owner(client, login)
    me = document(client.get("/user"), "login")
    name = str(me["login"])
    return Connection(
        name, client.granted_scopes, tuple(_account_warnings(me, is_partial)), me.get("site_admin") is True
    )


def _as_app(client: Client) -> Connection:
    """The installation as it is now: its token may be older than a permission that was accepted a moment ago."""
    answer = client.for_audience(AS_APP).get(organisation_path(client, "/installation"), expect=(404,))
    if answer.status == 404:
        raise not_installed(client.config["organization"])
    installation = document(answer, "id", "app_slug", "permissions")
    granted = scopes.permissions_of(installation["permissions"])
    scheme = client.setup.method.scheme
    if isinstance(scheme, GitHubApp):
        scheme.renew_for(client.setup, granted)
    is_partial = installation.get("repository_selection") == "selected"
    return Connection(f"{installation['app_slug']}[bot]", granted, (SELECTED,) if is_partial else ())


def _plan(client: Client, organisation: Mapping[str, Any]) -> str:
    """In GitHub's word; of a server its version. '' where it does not show."""
    if product_of(client.config) is Product.SERVER:
        version = document(client.get("/meta"), "installed_version")["installed_version"]
        return f"{Product.SERVER} {version}"
    return str((organisation.get("plan") or {}).get("name") or "")


def _audit_refusal(client: Client, organisation: str) -> tuple[str, bool]:
    """A sentence why the audit log cannot be read, '' when it can; and whether the plan is the reason."""
    try:
        client.get(f"/orgs/{organisation}/audit-log", params={"per_page": 1})
    except NotAvailable as error:
        return str(error), True
    except PermissionMissing as error:
        return str(error), False
    return "", False


def _is_enterprise(client: Client, plan: str, no_audit_log: str) -> bool:
    """Whether the organisation is of the plan that has single sign-on and managed users."""
    return product_of(client.config) is not Product.SERVER and not no_audit_log and plan in ("", ENTERPRISE)


def _surroundings(
    client: Client, login: str, connection: Connection, no_audit_log: str, has_plan: bool, sign_on: SingleSignOn
) -> Surroundings:
    product = product_of(client.config)
    is_managed = product is Product.RESIDENCY or (_is_managed(client, login) if has_plan else False)
    return Surroundings(
        product=product,
        is_app=is_app(client),
        has_saml=sign_on.of_organisation,
        is_managed=is_managed,
        is_site_admin=connection.is_site_admin,
        enterprise=client.config.get("enterprise", ""),
        no_audit_log=no_audit_log,
        has_external_groups=_has_external_groups(client, login) if product is Product.SERVER else is_managed,
        may_uninstall=_may_uninstall(client),
    )


def _has_external_groups(client: Client, login: str) -> bool | None:
    """Of a server: one that takes its people from an identity provider by SCIM; the others answer 400 or 404. None
    where it does not tell this connection."""
    try:
        answer = client.get(f"/orgs/{login}/external-groups", params={"per_page": 1}, expect=(400, 404))
    except PermissionMissing:
        return None
    return answer.status == 200


def _may_uninstall(client: Client) -> bool:
    """Whether the GitHub App is installed on the enterprise as well, with the permission to uninstall others."""
    if not is_app(client) or not client.config.get("enterprise"):
        return False
    answer = client.for_audience(AS_APP).get(installation_path(client.config, AS_ENTERPRISE), expect=(404,))
    if answer.status == 404:
        return False
    return UNINSTALLING in scopes.permissions_of(document(answer, "permissions")["permissions"])


def _is_managed(client: Client, login: str) -> bool | None:
    """Organisations whose people are managed by their enterprise answer 404 to a question for invitations. None where
    GitHub does not tell this connection."""
    try:
        answer = client.get(f"/orgs/{login}/invitations", params={"per_page": 1}, expect=(404,))
    except PermissionMissing:
        return None
    return answer.status == 404


def _held(client: Client, connection: Connection, audit_refusal: str, is_plan: bool) -> frozenset[str]:
    """What was granted, as far as it is of use: of the audit log its own answer decides, by whatever scope."""
    held = scopes.held(connection.granted)
    audit_log = frozenset({scopes.READ_ADMINISTRATION if is_app(client) else scopes.READ_AUDIT_LOG})
    if is_plan:
        return held
    return held - audit_log if audit_refusal else held | audit_log


def _missing(
    client: Client, held: frozenset[str], closed: Mapping[str, str], untold: Mapping[str, tuple[str, ...]]
) -> tuple[MissingPermission, ...]:
    """Wanted and not granted, or of no use. `untold`: as `_untold` finds it."""
    used = [each for each in _offers(client) if each.name not in closed]
    lessened = {name: _served(each for each in used if each.name in names) for name, names in untold.items()}
    return tuple(
        MissingPermission(permission, closes, _remedy(client, permission))
        for permission in dict.fromkeys((*client.setup.scopes(), *untold))
        if (permission not in held or permission in untold)
        and (closes := tuple(dict.fromkeys((*_closed_by(permission, used), *lessened.get(permission, ())))))
    )


def _untold(at: Surroundings, sign_on: SingleSignOn) -> dict[str, tuple[str, ...]]:
    """Permissions that would have GitHub tell what it does not, each with the feeds and actions that this lessens: what
    is not told is not taken for not there."""
    members: list[str] = []
    if at.has_saml is None:
        members += ["accounts", *SINGLE_SIGN_ON]
    if at.is_managed is None or at.has_external_groups is None:
        members += ["external_groups"]
    found = {scopes.READ_MEMBERS if at.is_app else scopes.READ_ORG: tuple(members)} if members else {}
    return found | ({scopes.READ_ENTERPRISE: ("accounts",)} if sign_on.of_enterprise is None else {})


def _remedy(client: Client, permission: str) -> str:
    if permission == scopes.READ_ENTERPRISE:
        return f"{RECONNECT} {OWNER_OF_ENTERPRISE}"
    if permission == scopes.READ_ORG:
        return f"Sign in to the organisation with single sign-on, where it has that, in this browser. Then: {RECONNECT}"
    return GRANT if is_app(client) else RECONNECT


def _offers(client: Client) -> tuple[Feed | Action, ...]:
    return (*client.connector.feeds, *client.connector.actions)


def _closed_by(permission: str, used: Iterable[Feed | Action]) -> tuple[Capability | ActionKind, ...]:
    """What cannot be done without it, by what feeds and actions say that they need."""
    return _served(each for each in used if permission in each.permissions)


def _served(used: Iterable[Feed | Action]) -> tuple[Capability | ActionKind, ...]:
    """What feeds and actions are for, each once."""
    found: dict[Capability | ActionKind, None] = {}
    for each in used:
        found |= dict.fromkeys(each.serves if isinstance(each, Feed) else (each.kind,))
    return tuple(found)


def _account_warnings(me: Mapping[str, Any], is_partial: bool) -> Iterable[str]:
    words = f"{me.get('login', '')} {me.get('name') or ''}".lower()
    if not any(word in words for word in SERVICE_WORDS):
        yield (
            f"The account {me['login']} looks like a person's (nothing in its name says otherwise). When that person "
            "leaves, the connection ends: better connect with a service account made for this purpose alone."
        )
    if is_partial:
        yield (
            "GitHub leaves out what is protected by single sign-on. Sign in to the organisation with single sign-on "
            "in GitHub and reconnect in the same browser."
        )


def _rename_warning(client: Client, login: str) -> Iterable[str]:
    if login.lower() != client.config["organization"].lower():
        yield f"The organisation is now called {login}. Choose Edit details and put that name in."
