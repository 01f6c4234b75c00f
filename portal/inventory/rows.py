"""From a connector's record to the columns of its row. One function a kind; `TABLES` says which kinds have a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.base import Account, Activity, Group, Listed, Membership, Privilege
from portal.inventory import models
from portal.inventory.cleaning import flag, json_object, key, moment, number, search_text, text

Columns = dict[str, Any]
Domains = frozenset[str]
"""The organisation's own mail domains, in lower case."""

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that no calendar holds, in a column that needs one."""


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` gives what the record itself says; who saw it and when is the writer's business."""

    model: type[models.InventoryRow]
    columns: Callable[[Any, Domains], Columns]


def account(record: Account, domains: Domains) -> Columns:
    name, username, email = text(record.name, 255), text(record.username, 255), text(record.email, 320)
    external = flag(record.is_external)
    return {
        "username": username,
        "name": name,
        "email": email,
        "kind": text(record.kind, 16),
        "status": text(record.status, 16),
        "is_external": is_outside(email, domains) if external is None else external,
        "is_admin": flag(record.is_admin),
        "has_mfa": flag(record.has_mfa),
        "created_at": moment(record.created_at),
        "last_seen_at": moment(record.last_seen_at),
        "url": text(record.url, 1000),
        "sort_name": (name or username or email or key(record.id)).lower()[:255],
        "search": search_text(name, username, email),
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


def is_outside(email: str, domains: Domains) -> bool | None:
    """Whether an address belongs to somebody else; None where there is no address or no domain to compare with.
    A sub-domain of an own domain is an own one."""
    _, _, domain = email.lower().rpartition("@")
    if not domain or not domains:
        return None
    return not any(domain == own or domain.endswith(f".{own}") for own in domains)


TABLES: Mapping[type[Listed], Table] = {
    Account: Table(models.Account, account),
    Group: Table(models.Group, group),
    Membership: Table(models.Membership, membership),
    Privilege: Table(models.Privilege, privilege),
}
"""In the order in which a batch is written, so that two writers never wait for each other crosswise."""

STORED: frozenset[type[Listed]] = frozenset({*TABLES, Activity})
"""Every kind of record that the inventory keeps."""


def _target_words(targets: list[dict[str, str]]) -> list[str]:
    return [each["name"] or each["id"] for each in targets[:20]]
