"""Rows as a scan would have left them, for pages that show them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.inventory.models import (
    Account,
    Activity,
    ActivityRaw,
    Collaborator,
    Credential,
    Device,
    File,
    Grant,
    Group,
    Membership,
    OAuthApp,
    Privilege,
    Session,
)
from portal.leases import LEASE
from portal.scans.models import FeedState, FeedStatus

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>\u202e"
LONG_AGO = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


def instance(name: str = "Contoso", state: State = State.CONNECTED, **fields: Any) -> AppInstance:
    """A connected instance, of GitHub unless `app_id` says another app, that no call is ever made to."""
    values = {"app_id": "github", "method_id": "oauth_app", **fields}
    return AppInstance.objects.create(name=name, state=state, **values)


def reading(of: AppInstance, feed: str = "accounts") -> FeedState:
    """A feed that is being read now."""
    return FeedState.objects.create(
        instance=of, feed=feed, position=0, status=FeedStatus.RUNNING, run_records=40,
        lease_until=timezone.now() + LEASE,
    )


def account(of: AppInstance, name: str, **fields: Any) -> Account:
    number = fields.pop("number", name)
    return Account.objects.create(**_row(of, str(number), name), **{"kind": "user", "status": "active", **fields})


def session(of: AppInstance, account: Account, user_agent: str, **fields: Any) -> Session:
    values = {"account_id": account.vendor_id, "user_agent": user_agent, **fields}
    return Session.objects.create(**_seen(of, f"session-{user_agent}"), **values)


def device(of: AppInstance, account: Account, name: str, **fields: Any) -> Device:
    return Device.objects.create(**_seen(of, f"device-{name}"), account_id=account.vendor_id, name=name, **fields)


def accounts(of: AppInstance, count: int) -> None:
    """`count` accounts, user-0000 and on."""
    Account.objects.bulk_create(
        Account(**_row(of, str(number), f"user-{number:04}"), kind="user", status="active") for number in range(count)
    )


def group(of: AppInstance, name: str, *members: Account, **fields: Any) -> Group:
    made = Group.objects.create(**_row(of, f"group-{name}", name), **fields)
    for member in members:
        Membership.objects.create(
            instance_id=of.pk, vendor_id=f"{made.vendor_id}/{member.vendor_id}"[-255:], group_id=made.vendor_id,
            member_id=member.vendor_id, member_kind="account", role="maintainer", feed="groups",
            first_seen_at=timezone.now(), seen_at=timezone.now(),
        )
    return made


def privilege(of: AppInstance, holder: Account, name: str) -> Privilege:
    return Privilege.objects.create(
        instance_id=of.pk, vendor_id=f"{holder.vendor_id}/{name}", holder_id=holder.vendor_id, holder_kind="account",
        name=name, is_admin=True, feed="accounts", first_seen_at=timezone.now(), seen_at=timezone.now(),
    )


def file(of: AppInstance, name: str, **fields: Any) -> File:
    values = {"kind": "repository", "exposure": "private", "exposure_in_app": "private", "sort_time": LONG_AGO}
    return File.objects.create(**_row(of, f"file-{name}", name), **{**values, **fields})


def share(of: AppInstance, what: File, **fields: Any) -> Collaborator:
    """`account_id`, `email`, `name` or `is_public` say with whom."""
    key = fields.get("account_id") or fields.get("email") or fields.get("name") or "anyone"
    return Collaborator.objects.create(
        instance_id=of.pk, vendor_id=f"{what.vendor_id}/{key}", file_id=what.vendor_id, feed="sharing",
        first_seen_at=timezone.now(), seen_at=timezone.now(), **{"role": "push", **fields},
    )


def oauth_app(of: AppInstance, name: str, **fields: Any) -> OAuthApp:
    values = {"risk": "low", "risk_order": 3, **fields}
    return OAuthApp.objects.create(**_row(of, f"app-{name}", name), **values)


def grant(of: AppInstance, app: OAuthApp, account: Account | None = None, **fields: Any) -> Grant:
    holder = account.vendor_id if account else ""
    values = {"account_id": holder, "account_name": account.name if account else "", "risk": "low", "risk_order": 3}
    row = _row(of, f"grant-{app.vendor_id}-{holder}", account.name if account else "")
    return Grant.objects.create(
        app_id=app.vendor_id, **{key: row[key] for key in row if key not in ("name", "search")}, **{**values, **fields}
    )


def credential(of: AppInstance, name: str, **fields: Any) -> Credential:
    values = {"kind": "deploy key", "risk": "medium", "risk_order": 1, **fields}
    return Credential.objects.create(**{**_row(of, f"credential-{name}", name), **values})


def activity(of: AppInstance, vendor_id: str, occurred_at: datetime = LONG_AGO, **fields: Any) -> Activity:
    raw = fields.pop("raw", {"_document_id": vendor_id})
    values = {"action": "org.add_member", "category": "admin", "outcome": "success", **fields}
    made = Activity.objects.create(
        instance_id=of.pk, occurred_at=occurred_at, vendor_id=vendor_id,
        search=f"{values['action']} {values.get('actor_name', '')}".lower(), **values,
    )
    ActivityRaw.objects.create(instance_id=of.pk, occurred_at=occurred_at, vendor_id=vendor_id, raw=raw)
    return made


def activities(of: AppInstance, count: int) -> None:
    """`count` activities, one a minute."""
    Activity.objects.bulk_create(
        Activity(
            instance_id=of.pk, occurred_at=LONG_AGO + timedelta(minutes=number), vendor_id=f"event-{number:04}",
            action="git.push", category="user", outcome="success", actor_id="1", actor_name="ada",
        )
        for number in range(count)
    )


def _row(of: AppInstance, vendor_id: str, name: str) -> dict[str, Any]:
    return {**_seen(of, vendor_id), "name": name, "sort_name": name.lower(), "search": name.lower()}


def _seen(of: AppInstance, vendor_id: str) -> dict[str, Any]:
    now = timezone.now()
    return {
        "instance_id": of.pk, "vendor_id": vendor_id[:255], "feed": "accounts", "first_seen_at": now, "seen_at": now
    }
