"""From a connector's record to the columns of its row. One function a kind; `TABLES` says which kinds have a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.base import (
    Account,
    Activity,
    Collaborator,
    Credential,
    Device,
    File,
    Grant,
    Group,
    Listed,
    Membership,
    OAuthApp,
    Privilege,
    Risk,
    Session,
)
from portal.inventory import models
from portal.inventory.cleaning import flag, json_object, key, moment, number, search_text, text, texts
from portal.inventory.domains import Domains, domain_of, is_outside

Columns = dict[str, Any]

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that no calendar holds, in a column that needs one."""

LARGEST_SIZE = 2**63 - 1
"""Bytes."""

MOST_DIRECTORY_IDS = 20

BY_RISK: Mapping[str, int] = {str(risk): place for place, risk in enumerate(reversed(Risk))}
"""The highest first, unknown last."""


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` gives what the record itself says; who saw it and when is the writer's business. `worked_out`: those
    of them that are a first guess, for new rows alone; exposure.py decides."""

    model: type[models.InventoryRow]
    columns: Callable[[Any, Domains], Columns]
    worked_out: frozenset[str] = frozenset()


def account(record: Account, domains: Domains) -> Columns:
    name, username, email = text(record.name, 255), text(record.username, 255), text(record.email, 320)
    external, directory_ids = flag(record.is_external), _directory_ids(record)
    return {
        "username": username,
        "name": name,
        "email": email,
        "kind": text(record.kind, 16),
        "status": text(record.status, 16),
        "is_external": is_outside(email, domains) if external is None else external,
        "is_external_in_app": external,
        "is_admin": flag(record.is_admin),
        "has_mfa": flag(record.has_mfa),
        "has_weak_mfa": flag(record.has_weak_mfa),
        "directory_ids": directory_ids,
        "created_at": moment(record.created_at),
        "last_seen_at": moment(record.last_seen_at),
        "url": text(record.url, 1000),
        "sort_name": (name or username or email or key(record.id)).lower()[:255],
        "search": search_text(name, username, email, *(each["value"] for each in directory_ids)),
        "raw": json_object(record.raw),
    }


def group(record: Group, domains: Domains) -> Columns:
    name, email, description = text(record.name, 255), text(record.email, 320), text(record.description)
    return {
        "name": name,
        "description": description,
        "kind": text(record.kind, 64),
        "parent_id": key(record.parent_id),
        "email": email,
        "url": text(record.url, 1000),
        "sort_name": (name or email or key(record.id)).lower()[:255],
        "search": search_text(name, email, description),
        "raw": json_object(record.raw),
    }


def membership(record: Membership, domains: Domains) -> Columns:
    return {
        "group_id": key(record.group_id),
        "member_id": key(record.member_id),
        "member_kind": text(record.member_kind, 16),
        "role": text(record.role, 64),
        "is_inherited": bool(record.is_inherited),
    }


def privilege(record: Privilege, domains: Domains) -> Columns:
    return {
        "holder_id": key(record.holder_id),
        "holder_kind": text(record.holder_kind, 16),
        "name": text(record.name, 255),
        "scope": text(record.scope, 500),
        "is_admin": bool(record.is_admin),
        "raw": json_object(record.raw),
    }


def file(record: File, domains: Domains) -> Columns:
    """As the connector says it; what collaborators make of its exposure is worked out by exposure.py."""
    name, path, owner_name = text(record.name, 500), text(record.path, 2000), text(record.owner_name, 255)
    created_at, modified_at = moment(record.created_at), moment(record.modified_at)
    return {
        "name": name,
        "kind": text(record.kind, 64),
        "path": path,
        "parent_id": key(record.parent_id),
        "owner_id": key(record.owner_id),
        "owner_name": owner_name,
        "exposure": text(record.exposure, 16),
        "exposure_in_app": text(record.exposure, 16),
        "has_external_collaborators": False,
        "size": None if record.size is None else number(record.size, LARGEST_SIZE),
        "content_type": text(record.content_type, 255),
        "is_trashed": bool(record.is_trashed),
        "created_at": created_at,
        "modified_at": modified_at,
        "url": text(record.url, 2000),
        "sort_name": (name or key(record.id)).lower()[:255],
        "sort_time": modified_at or created_at or BEGINNING,
        "search": search_text(name, path, owner_name),
        "raw": json_object(record.raw),
    }


def collaborator(record: Collaborator, domains: Domains) -> Columns:
    email, external = text(record.email, 320), flag(record.is_external)
    return {
        "file_id": key(record.file_id),
        "account_id": key(record.account_id),
        "group_id": key(record.group_id),
        "email": email,
        "email_domain": text(domain_of(email), 320),
        "name": text(record.name, 255),
        "role": text(record.role, 64),
        "is_external": is_outside(email, domains) if external is None else external,
        "is_external_in_app": external,
        "is_public": bool(record.is_public),
        "is_pending": bool(record.is_pending),
        "raw": json_object(record.raw),
    }


def oauth_app(record: OAuthApp, domains: Domains) -> Columns:
    name, publisher = text(record.name, 255), text(record.publisher, 255)
    return {
        "name": name,
        "publisher": publisher,
        "is_verified": flag(record.is_verified),
        "is_banned": bool(record.is_banned),
        "created_at": moment(record.created_at),
        "url": text(record.url, 2000),
        "search": search_text(name, publisher, key(record.id)),
        "sort_name": (name or key(record.id)).lower()[:255],
        **_permission(record),
    }


def grant(record: Grant, domains: Domains) -> Columns:
    account_id, account_name = key(record.account_id), text(record.account_name, 255)
    return {
        "app_id": key(record.app_id),
        "account_id": account_id,
        "account_name": account_name,
        "is_active": bool(record.is_active),
        "granted_at": moment(record.granted_at),
        "sort_name": (account_name or account_id).lower()[:255],
        **_permission(record),
    }


def credential(record: Credential, domains: Domains) -> Columns:
    name, kind, url = text(record.name, 255), text(record.kind, 64), text(record.url, 2000)
    account_name, file_name = text(record.account_name, 255), text(record.file_name, 500)
    return {
        "name": name,
        "kind": kind,
        "account_id": key(record.account_id),
        "account_name": account_name,
        "file_id": key(record.file_id),
        "file_name": file_name,
        "url": url,
        "is_active": bool(record.is_active),
        "created_at": moment(record.created_at),
        "expires_at": moment(record.expires_at),
        "search": search_text(name, kind, account_name, file_name, url),
        "sort_name": (name or key(record.id)).lower()[:255],
        **_permission(record),
    }


def session(record: Session, domains: Domains) -> Columns:
    return {
        "account_id": key(record.account_id),
        "ip_address": text(record.ip_address, 64),
        "user_agent": text(record.user_agent, 500),
        "started_at": moment(record.started_at),
        "last_seen_at": moment(record.last_seen_at),
        "raw": json_object(record.raw),
    }


def device(record: Device, domains: Domains) -> Columns:
    return {
        "name": text(record.name, 255),
        "account_id": key(record.account_id),
        "platform": text(record.platform, 255),
        "last_seen_at": moment(record.last_seen_at),
        "raw": json_object(record.raw),
    }


def activity(record: Activity) -> Columns:
    """Its key (time and vendor id) included; `raw` has a table of its own."""
    action, actor_name = text(record.action, 255), text(record.actor_name, 255)
    actor_email, description = text(record.actor_email, 320), text(record.description)
    targets = [
        {"kind": text(each.kind, 64), "id": key(each.id), "name": text(each.name, 255)} for each in record.targets
    ]
    country = text(record.country_code, 3)
    return {
        "vendor_id": key(record.id),
        "occurred_at": moment(record.occurred_at) or BEGINNING,
        "action": action,
        "category": text(record.category, 16),
        "outcome": text(record.outcome, 16),
        "description": description,
        "actor_id": key(record.actor_id),
        "actor_name": actor_name,
        "actor_email": actor_email,
        "actor_kind": text(record.actor_kind, 16),
        "targets": targets,
        "ip_address": text(record.ip_address, 64),
        "country_code": country.upper() if len(country) == 2 else "",
        "user_agent": text(record.user_agent, 500),
        "component": text(record.component, 64),
        "ocsf_class": number(record.ocsf_class),
        "search": search_text(action, actor_name, actor_email, *_target_words(targets), description),
    }


TABLES: Mapping[type[Listed], Table] = {
    Account: Table(models.Account, account),
    Group: Table(models.Group, group),
    Membership: Table(models.Membership, membership),
    Privilege: Table(models.Privilege, privilege),
    File: Table(models.File, file, frozenset({"exposure", "has_external_collaborators"})),
    Collaborator: Table(models.Collaborator, collaborator, frozenset({"is_external"})),
    OAuthApp: Table(models.OAuthApp, oauth_app),
    Grant: Table(models.Grant, grant),
    Credential: Table(models.Credential, credential),
    Session: Table(models.Session, session),
    Device: Table(models.Device, device),
}
"""In the order in which a batch is written, so that two writers never wait for each other crosswise."""

STORED: frozenset[type[Listed]] = frozenset({*TABLES, Activity})
"""Every kind of record that the inventory keeps."""


def _directory_ids(record: Account) -> list[dict[str, str]]:
    return [
        {"kind": text(each.kind, 64), "value": text(each.value, 500), "provider": text(each.provider, 500)}
        for each in record.directory_ids[:MOST_DIRECTORY_IDS]
        if each.value
    ]


def _target_words(targets: list[dict[str, str]]) -> list[str]:
    return [each["name"] or each["id"] for each in targets[:20]]


def _permission(record: OAuthApp | Grant | Credential) -> Columns:
    scopes, risk = texts(record.scopes), text(record.risk, 16)
    return {
        "scopes": scopes,
        "scope_text": text("\n".join(scopes).lower()),
        "risk": risk,
        "risk_order": BY_RISK.get(risk, BY_RISK[Risk.UNKNOWN]),
        "last_used_at": moment(record.last_used_at),
        "raw": json_object(record.raw),
    }
