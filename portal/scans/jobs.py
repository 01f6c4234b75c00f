"""Each minute: what is due, lost or left by a dead worker gets a task. Running it twice changes nothing."""

from itertools import zip_longest

from portal.instances import notices, staging
from portal.instances.models import AppInstance, State
from portal.leases import forget_lost_tickets
from portal.people import throttles
from portal.scans import deliveries, disconnecting, meters, offered, subscriptions
from portal.scans.leases import mend_times
from portal.scans.models import FeedState
from portal.scans.plan import ensure_states, is_readable
from portal.scans.runner import candidates, put_in_queue


def dispatch_due() -> None:
    """Feeds of all instances, in turns, so that one busy instance does not keep the others waiting."""
    mend_times()
    forget_lost_tickets(FeedState.objects.all())
    connected = AppInstance.objects.filter(state=State.CONNECTED).order_by("pk")
    instances = [instance for instance in connected if is_readable(instance)]
    for instance in instances:
        ensure_states(instance)
        offered.keep_to_check(instance)
    for turn in zip_longest(*(candidates(instance) for instance in instances)):
        for feed_state_id in filter(None, turn):
            put_in_queue(feed_state_id)
    deliveries.revive()
    subscriptions.look_after_due()
    disconnecting.revive()
    staging.forget_expired()
    notices.revive()
    meters.forget_old_runs()
    throttles.forget_expired()
