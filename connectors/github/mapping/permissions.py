"""What reaches the organisation without a person at the keyboard: installed apps, tokens, keys, webhooks."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.base import Account, AccountKind, Credential, Grant, OAuthApp, Risk
from connectors.github import ids
from connectors.github.mapping.values import id_of, moment, text
from connectors.github.scope_words import risk_of
from connectors.github.scopes import permissions_of

DEPLOY_KEY, WEBHOOK = "deploy key", "webhook"
FINE_GRAINED_TOKEN, TOKEN_REQUEST = "fine-grained token", "fine-grained token request"
SSH_KEY = "SSH key"
NO_HOST = "(no address)"
EVERYTHING = "*"
"""In the place of a webhook's events."""

Row = Mapping[str, Any]


def app(installation: Row) -> OAuthApp:
    """The app of an installation: {app_id, app_slug, permissions}. Its `url` is where the installation is changed."""
    scopes = _permissions(installation)
    return OAuthApp(
        id=ids.app(installation["app_id"]),
        name=text(installation.get("app_slug")) or ids.app(installation["app_id"]),
        scopes=scopes,
        risk=risk_of(scopes),
        created_at=moment(installation.get("created_at")),
        url=text(installation.get("html_url")),
        raw=dict(installation),
    )


def installation(row: Row) -> Grant:
    """The organisation's consent to an app; suspended or not."""
    scopes = _permissions(row)
    return Grant(
        id=ids.installation(row["id"]),
        app_id=ids.app(row["app_id"]),
        scopes=scopes,
        risk=risk_of(scopes),
        is_active=row.get("suspended_at") is None,
        granted_at=moment(row.get("created_at")),
        raw=dict(row),
    )


def bot(user: Row) -> Account:
    """The account that an installed app acts with."""
    return Account(
        id=str(user["id"]),
        username=text(user.get("login")),
        name=text(user.get("name")),
        kind=AccountKind.BOT,
        created_at=moment(user.get("created_at")),
        url=text(user.get("html_url")),
        raw=dict(user),
    )


def authorization(row: Row, account_id: str) -> Credential:
    """A token or key that its owner authorised for single sign-on: {credential_id, credential_type, login, ...}."""
    kind, scopes = text(row.get("credential_type")), _texts(row.get("scopes"))
    shown = text(row.get("token_last_eight")) or text(row.get("fingerprint"))
    named = text(row.get("authorized_credential_title")) or text(row.get("authorized_credential_note"))
    return Credential(
        id=ids.authorization(row["credential_id"]),
        name=named or (f"{kind} …{shown}" if shown else kind),
        kind=kind,
        account_id=account_id,
        account_name=text(row.get("login")),
        scopes=scopes,
        # An SSH key does whatever its owner may do with code.
        risk=Risk.HIGH if kind == SSH_KEY else risk_of(scopes),
        created_at=moment(row.get("credential_authorized_at")),
        expires_at=moment(row.get("authorized_credential_expires_at")),
        last_used_at=moment(row.get("credential_accessed_at")),
        raw=dict(row),
    )


def fine_grained_token(row: Row) -> Credential:
    """A token that reaches the organisation: {id, owner, token_name, permissions, token_expired, ...}."""
    return _token(row, ids.fine_grained_token(row["id"]), FINE_GRAINED_TOKEN, row.get("token_expired") is not True)


def token_request(row: Row) -> Credential:
    """A token that its owner wants to reach the organisation."""
    return _token(row, ids.token_request(row["id"]), TOKEN_REQUEST, False)


def deploy_key(repository_id: ids.Number, full_name: str, row: Row) -> Credential:
    """{id, title, read_only, added_by, created_at, last_used, enabled}."""
    scopes = ("repository:read" if row.get("read_only") else "repository:write",)
    return Credential(
        id=ids.deploy_key(repository_id, row["id"]),
        name=text(row.get("title")),
        kind=DEPLOY_KEY,
        account_name=text(row.get("added_by")),
        file_id=ids.repository(repository_id),
        file_name=full_name,
        scopes=scopes,
        risk=risk_of(scopes),
        is_active=row.get("enabled") is not False,
        created_at=moment(row.get("created_at")),
        last_used_at=moment(row.get("last_used")),
        raw=dict(row),
    )


def webhook(row: Row, repository_id: ids.Number = ids.ORGANISATION, full_name: str = "") -> Credential:
    """{id, active, events, config{url, insecure_ssl}} of a repository, or of the organisation.

    Its scopes are the events that it sends. What may be secret in its address (a query, a name and password) is nowhere
    kept.
    """
    config = row.get("config") or {}
    url = _address(text(config.get("url")))
    events = _texts(row.get("events"))
    is_open = not url.startswith("https://") or text(config.get("insecure_ssl")) == "1"
    return Credential(
        id=ids.webhook(repository_id, row["id"]),
        name=urlsplit(url).netloc or NO_HOST,
        kind=WEBHOOK,
        file_id=ids.repository(repository_id) if full_name else "",
        file_name=full_name,
        scopes=events,
        risk=Risk.HIGH if is_open or EVERYTHING in events else Risk.MEDIUM,
        url=url,
        is_active=row.get("active") is True,
        created_at=moment(row.get("created_at")),
        raw={**row, "config": {**config, "url": url}},
    )


def _token(row: Row, record_id: str, kind: str, is_active: bool) -> Credential:
    owner = row.get("owner") or {}
    groups = (row.get("permissions") or {}).values()
    scopes = tuple(sorted({scope for group in groups for scope in permissions_of(group)}))
    return Credential(
        id=record_id,
        name=text(row.get("token_name")),
        kind=kind,
        account_id=id_of(owner.get("id")),
        account_name=text(owner.get("login")),
        scopes=scopes,
        risk=risk_of(scopes),
        is_active=is_active,
        created_at=moment(row.get("access_granted_at") or row.get("created_at")),
        expires_at=moment(row.get("token_expires_at")),
        last_used_at=moment(row.get("token_last_used_at")),
        raw=dict(row),
    )


def _permissions(installation: Row) -> tuple[str, ...]:
    return permissions_of(installation.get("permissions") or {})


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(text(each) for each in value) if isinstance(value, list) else ()


def _address(url: str) -> str:
    """Without what may be secret in it; '' for what is no address."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else ""
    except ValueError:
        return ""
