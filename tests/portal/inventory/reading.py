"""What tests of the reads share: instances filled by the store, scopes, and walking through pages."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from connectors.base import Record
from portal.instances.models import AppInstance, State
from portal.inventory import store
from portal.inventory.keyset import Listing
from portal.people.roles import Role
from portal.people.scope import Held, Scope

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
"""When everything was read: what tests say happened in that month is kept, whatever year it is now."""
EVERYWHERE = Scope(frozenset({Held(Role.SECURITY_READER)}))
NOBODY = Scope(frozenset({Held(Role.SUPPORT)}))


def only(instance: AppInstance) -> Scope:
    return Scope(frozenset({Held(Role.APP_ADMIN, instance_id=instance.pk)}))


def connected(app_id: str = "github", name: str = "Contoso") -> AppInstance:
    return AppInstance.objects.create(app_id=app_id, name=name, method_id="m", state=State.CONNECTED, tenant_id=name)


def fill(instance: AppInstance, records: Iterable[Record]) -> None:
    with transaction.atomic():
        store.save(instance.pk, list(records), feed="f", partition="", pass_id=1, now=NOW)


def walk(read: Callable[..., Listing[Any]]) -> tuple[list[list[int]], list[list[int]]]:
    """All pages forward, then all pages back."""
    there: list[list[int]] = []
    listing = read()
    while True:
        there.append([row.pk for row in listing.rows])
        if not listing.older:
            break
        listing = read(older=listing.older)
    back = [there[-1]]
    while listing.newer:
        listing = read(newer=listing.newer)
        back.append([row.pk for row in listing.rows])
    return there, back


def asked(read: Callable[[], Any]) -> int:
    """How many queries a read makes."""
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)
