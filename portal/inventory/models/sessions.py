"""Where accounts are signed in, and on what."""

from django.db import models

from portal.inventory.models.row import InventoryRow


class Session(InventoryRow):
    """`account_id` is the account's vendor id."""

    account_id = models.CharField(max_length=255, blank=True)
    ip_address = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="session_unique")]
        indexes = [
            models.Index(fields=["instance_id", "account_id", "id"], name="session_by_account"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="session_sweep"),
        ]

    def __str__(self) -> str:
        return self.user_agent or self.ip_address or self.vendor_id


class Device(InventoryRow):
    """`account_id` is the account's vendor id."""

    name = models.CharField(max_length=255)
    account_id = models.CharField(max_length=255, blank=True)
    platform = models.CharField(max_length=255, blank=True)
    last_seen_at = models.DateTimeField(null=True)
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="device_unique")]
        indexes = [
            models.Index(fields=["instance_id", "account_id", "id"], name="device_by_account"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="device_sweep"),
        ]

    def __str__(self) -> str:
        return self.name or self.platform or self.vendor_id
