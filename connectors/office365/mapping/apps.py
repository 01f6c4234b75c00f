"""Apps that somebody let into the tenant, what they were granted, and what they prove themselves with."""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.base import Credential, Grant, OAuthApp, Risk, highest
from connectors.office365.mapping.values import Row, moment, part, rows, text
from connectors.office365.scope_words import APPLICATION, scope_meaning

APP_FIELDS = (
    "id,appId,displayName,appOwnerOrganizationId,publisherName,verifiedPublisher,accountEnabled,servicePrincipalType,"
    "signInAudience,tags,replyUrls,homepage,appRoles,oauth2PermissionScopes,createdDateTime,disabledByMicrosoftStatus"
)
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
"""The tenant that owns Microsoft's own apps."""
GRAPH = "00000003-0000-0000-c000-000000000000"
DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
"""Stands for being let in without any permission."""
ALL = "AllPrincipals"
SECRET, CERTIFICATE = "client secret", "certificate"
APP_PAGE = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/"


@dataclass(frozen=True, slots=True)
class Api:
    """A service principal whose permissions are granted: its name, '' for Microsoft Graph, and its app roles by id."""

    name: str
    roles: dict[str, str]

    def scope(self, permission: str) -> str:
        return f"{self.name}: {permission}" if self.name else permission

    def app_scope(self, role_id: str) -> str:
        return self.scope(self.roles.get(role_id, role_id)) + APPLICATION


def api(row: Row) -> Api:
    """Of {id, appId, displayName, appRoles}."""
    is_graph = text(row.get("appId")) == GRAPH
    named = {text(each.get("id")): text(each.get("value")) for each in rows(row, "appRoles")}
    roles = {role_id: value for role_id, value in named.items() if value}
    return Api("" if is_graph else text(row.get("displayName")) or text(row["id"]), roles)


def app(row: Row, grants: Iterable[Grant]) -> OAuthApp:
    """`grants`: all that it holds."""
    scopes = tuple(sorted({scope for grant in grants for scope in grant.scopes}))
    app_id, publisher = text(row["id"]), part(row, "verifiedPublisher")
    return OAuthApp(
        id=app_id,
        name=text(row.get("displayName")) or text(row.get("appId")) or app_id,
        publisher="Microsoft" if is_microsofts(row) else text(publisher.get("displayName")) or _told_publisher(row),
        is_verified=is_microsofts(row) or bool(publisher.get("verifiedPublisherId")),
        is_banned=row.get("accountEnabled") is False or _is_off(row),
        scopes=scopes,
        risk=risk_of(scopes),
        created_at=moment(row.get("createdDateTime")),
        url=APP_PAGE + app_id,
        raw=dict(row),
    )


def is_microsofts(row: Row) -> bool:
    return text(row.get("appOwnerOrganizationId")) == MICROSOFT


def delegated_grant(row: Row, resource: Api) -> Grant:
    """Of {id, clientId, consentType, principalId, resourceId, scope}. Of everybody (AllPrincipals) it is without an
    account. When it was given and used Microsoft does not tell."""
    scopes = tuple(resource.scope(each) for each in delegated_scopes(row))
    return Grant(
        id=text(row["id"]),
        app_id=text(row.get("clientId")),
        account_id="" if row.get("consentType") == ALL else text(row.get("principalId")),
        scopes=scopes,
        risk=risk_of(scopes),
        raw=dict(row),
    )


def delegated_scopes(row: Row) -> list[str]:
    """The list is one text, often with a blank at its beginning."""
    return list(dict.fromkeys(text(row.get("scope")).split()))


def app_grant(row: Row, resource: Api) -> Grant:
    """What an app may do by itself, of {id, appRoleId, principalId, resourceId, createdDateTime}."""
    role_id = text(row.get("appRoleId"))
    scopes = () if role_id == DEFAULT_ACCESS else (resource.app_scope(role_id),)
    return Grant(
        id=text(row["id"]),
        app_id=text(row.get("principalId")),
        scopes=scopes,
        risk=risk_of(scopes) if scopes else Risk.LOW,
        granted_at=moment(row.get("createdDateTime")),
        raw=dict(row),
    )


def is_delegated(raw: Row) -> bool:
    """Whether the record of a grant is one of people, and not an app's own."""
    return "consentType" in raw


def credentials(row: Row) -> list[Credential]:
    """Of an application: {id, displayName, passwordCredentials, keyCredentials}. Their values Microsoft never tells."""
    kinds = ((SECRET, "passwordCredentials"), (CERTIFICATE, "keyCredentials"))
    return [_credential(row, kind, each) for kind, name in kinds for each in rows(row, name) if each.get("keyId")]


def credential_id(application_id: str, key_id: str) -> str:
    return f"{application_id}/{key_id}"


def _credential(application: Row, kind: str, row: Row) -> Credential:
    owner = text(application.get("displayName")) or text(application["id"])
    label = text(row.get("displayName")) or (f"{row['hint']}…" if row.get("hint") else text(row["keyId"]))
    return Credential(
        id=credential_id(text(application["id"]), text(row["keyId"])),
        name=f"{owner}: {label}",
        kind=kind,
        account_name=owner,
        created_at=moment(row.get("startDateTime")),
        expires_at=moment(row.get("endDateTime")),
        raw={name: value for name, value in row.items() if name != "key"},
    )


def risk_of(scopes: Iterable[str]) -> Risk:
    return highest(scope_meaning(scope).risk for scope in scopes)


def _told_publisher(row: Row) -> str:
    """Not declared in the schema, and there all the same at times."""
    return text(row.get("publisherName"))


def _is_off(row: Row) -> bool:
    """Microsoft itself switched it off."""
    return text(row.get("disabledByMicrosoftStatus")) not in ("", "none", "NotDisabled")
