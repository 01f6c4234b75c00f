"""The reads of sessions and devices, each of an account that came from a query which knew the scope."""

from django.db.models import F

from portal.inventory.models import Account, Device, Session


def sessions_of(account: Account, limit: int = 100) -> list[Session]:
    """Where an account is signed in, last used first."""
    rows = Session.objects.filter(instance_id=account.instance_id, account_id=account.vendor_id, gone_at=None)
    return list(rows.defer("raw").order_by(F("last_seen_at").desc(nulls_last=True), "id")[:limit])


def devices_of(account: Account, limit: int = 100) -> list[Device]:
    """What an account uses the app on, last used first."""
    rows = Device.objects.filter(instance_id=account.instance_id, account_id=account.vendor_id, gone_at=None)
    return list(rows.defer("raw").order_by(F("last_seen_at").desc(nulls_last=True), "id")[:limit])
