"""Who did it: from an activity to its account and back, within one instance.

An id decides. Where an app's log names people by their address alone, the address does, unless several accounts have
it. A name proves nothing.
"""

from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from portal.inventory.models import Account, Activity
from portal.inventory.queries import NEWEST_FIRST
from portal.inventory.row_lists import known

MOST_AT_AN_ADDRESS = 10


def activities_of(account: Account, limit: int = 20) -> list[Activity]:
    """The newest of what an account did. The account comes from a query that knew the scope.

    A query for its id and one for each address, as each goes along its own index and stops at the limit.
    """
    rows = Activity.objects.filter(instance_id=account.instance_id).defer("search")
    found = list(NEWEST_FIRST.apply(rows.filter(actor_id=account.vendor_id))[:limit])
    for address in addresses_of(account):
        found += NEWEST_FIRST.apply(rows.filter(actor_email=address, actor_id=""))[:limit]
    return sorted(found, key=NEWEST_FIRST.position, reverse=True)[:limit]


def addresses_of(account: Account) -> list[str]:
    """Its e-mail and its login where that is an address: as written, and in lower case, as some logs have them."""
    written = [each for each in (account.email, account.username) if "@" in each]
    return list(dict.fromkeys(form for each in written for form in (each, each.lower())))


def account_of_actor(activity: Activity) -> Account | None:
    """The account that did it, where the inventory knows it. The activity comes from a query that knew the scope."""
    if activity.actor_id:
        return known(Account, activity.instance_id, activity.actor_id)
    return _at_address(activity.instance_id, activity.actor_email.lower()) if activity.actor_email else None


def _at_address(instance_id: int, address: str) -> Account | None:
    """The one account with it; of those that are gone only where no other has it by now."""
    is_its = Q(Exact(Lower("email"), address)) | Q(Exact(Lower("username"), address))
    found = list(Account.objects.filter(is_its, instance_id=instance_id).defer("raw", "search")[:MOST_AT_AN_ADDRESS])
    present = [each for each in found if each.gone_at is None]
    candidates = present or found
    return candidates[0] if len(candidates) == 1 else None
