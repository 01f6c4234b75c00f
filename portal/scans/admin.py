"""What support staff see of scans, and the two things they may do: free a lease that got stuck, and run a feed now."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from portal.audit import trail
from portal.leases import is_free
from portal.people.admin_site import ReadOnlyAdmin, support_site
from portal.scans.deliveries import put_in_queue
from portal.scans.models import Delivery, DeliveryState, FeedState, FeedStatus, ScanRun, Subscription
from portal.scans.runner import dispatch


class FeedStateAdmin(ReadOnlyAdmin):
    list_display = (
        "instance", "feed", "partition_label", "status", "next_run_at", "lease_until", "crashes", "failures",
        "error_code", "last_success_at",
    )
    list_filter = ("status", "error_code", "feed")
    list_select_related = ("instance",)
    search_fields = ("instance__name", "feed", "partition_label")
    exclude = ("cursor", "lease_owner")
    actions = ("release_lease", "run_now")  # type: ignore[assignment]  # the base allows none

    @admin.action(description="Release a stuck lease", permissions=["view"])
    def release_lease(self, request: HttpRequest, rows: QuerySet[FeedState]) -> None:
        """A worker that still runs notices at its next page and leaves."""
        held = list(rows.exclude(lease_until=None))
        for row in held:
            FeedState.objects.filter(pk=row.pk).update(lease_owner="", lease_until=None, crashes=0)
            _record(request, "feed.lease_released", row)
        self.message_user(request, f"{len(held)} leases were released.", messages.SUCCESS)

    @admin.action(description="Run now", permissions=["view"])
    def run_now(self, request: HttpRequest, rows: QuerySet[FeedState]) -> None:
        """Due at once, whatever stood in its way; feeds that stopped for good stay stopped."""
        now = timezone.now()
        chosen = list(rows.filter(is_free(now)).exclude(status=FeedStatus.STOPPED).select_related("instance"))
        for row in chosen:
            FeedState.objects.filter(is_free(now), pk=row.pk).update(
                status=FeedStatus.WAITING, next_run_at=now, crashes=0, failures=0
            )
            _record(request, "feed.run_asked", row)
        for instance in {row.instance for row in chosen}:
            dispatch(instance)
        self.message_user(request, f"{len(chosen)} feeds are due now.", messages.SUCCESS)


class DeliveryAdmin(ReadOnlyAdmin):
    """What came and how it went; not what was in it."""

    list_display = ("instance", "vendor_id", "received_at", "state", "tries", "done_at", "problem")
    list_filter = ("state",)
    list_select_related = ("instance",)
    search_fields = ("instance__name", "vendor_id")
    ordering = ("-received_at",)
    exclude = ("body", "headers", "query")
    actions = ("work_off_again",)  # type: ignore[assignment]  # the base allows none

    @admin.action(description="Work off again", permissions=["view"])
    def work_off_again(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        """Harmless: what a delivery says is written once, however often it is read."""
        chosen = list(rows.values_list("pk", "instance_id"))
        Delivery.objects.filter(pk__in=[pk for pk, _ in chosen]).update(
            state=DeliveryState.WAITING, tries=0, problem=""
        )
        actor: Any = request.user
        for instance_id in {instance_id for _, instance_id in chosen}:
            put_in_queue(instance_id)
            trail.record(
                actor=actor, verb="deliveries.retried", object_kind="app_instance", object_id=str(instance_id),
                object_label=f"deliveries of instance {instance_id}",
            )
        self.message_user(request, f"{len(chosen)} deliveries are worked off again.", messages.SUCCESS)


class SubscriptionAdmin(ReadOnlyAdmin):
    list_display = ("instance", "topic", "vendor_id", "made_at", "renewed_at", "expires_at", "next_try_at")
    list_select_related = ("instance",)
    search_fields = ("instance__name", "vendor_id", "topic")


class ScanRunAdmin(ReadOnlyAdmin):
    list_display = (
        "instance", "feed", "partition", "outcome", "started_at", "ended_at", "slices", "pages", "records", "new_rows",
        "gone_rows", "error_code",
    )
    list_filter = ("outcome", "error_code", "feed")
    list_select_related = ("instance",)
    search_fields = ("instance__name", "feed", "partition")
    ordering = ("-started_at",)


def _record(request: HttpRequest, verb: str, row: FeedState) -> None:
    actor: Any = request.user
    trail.record(
        actor=actor, verb=verb, object_kind="feed_state", object_id=str(row.pk),
        object_label=f"{row} {row.partition_label}".strip(),
    )


support_site.register(FeedState, FeedStateAdmin)
support_site.register(ScanRun, ScanRunAdmin)
support_site.register(Delivery, DeliveryAdmin)
support_site.register(Subscription, SubscriptionAdmin)
