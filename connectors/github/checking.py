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
from connectors.github.availability import Surroundings, unavailable
from connectors.github.graphql import has_saml
from connectors.github.ownership import is_app, need_owner
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
    at = _surroundings(client, login, plan, connection, audit_refusal if is_plan else "")
    offered = {each.name for each in _offers(client)}
    closed = {name: reason for name, reason in unavailable(at).items() if name in offered}
    return Tenant(
        id=ids.organisation(organisation["id"], web_host(client.config)),
        name=str(organisation.get("name") or login),
        url=str(organisation.get("html_url") or ""),
        plan=plan,
        connected_as=connection.name,
        granted=connection.granted,
        missing=_missing(client, connection.granted, closed, audit_refusal if not is_plan else None),
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


def _surroundings(
    client: Client, login: str, plan: str, connection: Connection, no_audit_log: str
) -> Surroundings:
    product = product_of(client.config)
    is_enterprise = product is not Product.SERVER and not no_audit_log and plan in ("", ENTERPRISE)
    return Surroundings(
        product=product,
        is_app=is_app(client),
        has_saml=is_enterprise and has_saml(client, login),
        is_managed=product is Product.RESIDENCY or (is_enterprise and _is_managed(client, login)),
        is_site_admin=connection.is_site_admin,
        enterprise=client.config.get("enterprise", ""),
        no_audit_log=no_audit_log,
        may_uninstall=_may_uninstall(client),
    )


def _may_uninstall(client: Client) -> bool:
    """Whether the GitHub App is installed on the enterprise as well, with the permission to uninstall others."""
    if not is_app(client) or not client.config.get("enterprise"):
        return False
    answer = client.for_audience(AS_APP).get(installation_path(client.config, AS_ENTERPRISE), expect=(404,))
    if answer.status == 404:
        return False
    return UNINSTALLING in scopes.permissions_of(document(answer, "permissions")["permissions"])


def _is_managed(client: Client, login: str) -> bool:
    """Organisations whose people are managed by their enterprise answer 404 to a question for invitations."""
    return client.get(f"/orgs/{login}/invitations", params={"per_page": 1}, expect=(404,)).status == 404


def _missing(
    client: Client, granted: tuple[str, ...], closed: Mapping[str, str], audit_refusal: str | None
) -> tuple[MissingPermission, ...]:
    """Wanted and not granted. `audit_refusal` decides on the audit log: '' that it can be read, by whatever scope; None
    that there is none."""
    held = set(scopes.held(granted))
    audit_log = scopes.READ_ADMINISTRATION if is_app(client) else scopes.READ_AUDIT_LOG
    if audit_refusal == "":
        held.add(audit_log)
    elif audit_refusal:
        held.discard(audit_log)
    wanted = client.setup.scopes()
    used = [each for each in _offers(client) if each.name not in closed]
    remedy = GRANT if is_app(client) else RECONNECT
    return tuple(
        MissingPermission(permission, closes, remedy)
        for permission in wanted
        if permission not in held and (closes := _closed_by(permission, used))
    )


def _offers(client: Client) -> tuple[Feed | Action, ...]:
    return (*client.connector.feeds, *client.connector.actions)


def _closed_by(permission: str, used: Iterable[Feed | Action]) -> tuple[Capability | ActionKind, ...]:
    """What cannot be done without it, by what feeds and actions say that they need."""
    found: dict[Capability | ActionKind, None] = {}
    for each in used:
        if permission in each.permissions:
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
