"""Who is in the apps, in which groups, with which rights."""

from django.db import models
from django.db.models.functions import Lower

from portal.inventory.models.row import InventoryRow


class Account(InventoryRow):
    username = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=320, blank=True)
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=16)
    is_external = models.BooleanField(null=True)
    """What the connector said, else told by the address."""
    is_external_in_app = models.BooleanField(null=True)
    """What the connector itself said."""
    is_admin = models.BooleanField(null=True)
    has_mfa = models.BooleanField(null=True)
    has_weak_mfa = models.BooleanField(null=True)
    directory_ids = models.JSONField(default=list)
    """[{kind, value, provider}]"""
    created_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    url = models.CharField(max_length=1000, blank=True)
    sort_name = models.CharField(max_length=255)
    """Lower-case name, else username, else e-mail: what lists are ordered by."""
    search = models.TextField(blank=True)
    """Lower-case name, username, e-mail and directory ids in one text."""
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="account_unique")]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="account_by_name"),
            models.Index(fields=["instance_id", "sort_name", "id"], name="account_by_instance_name"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="account_sweep"),
            models.Index("instance_id", Lower("email"), name="account_by_email"),
            models.Index("instance_id", Lower("username"), name="account_by_username"),
        ]

    def __str__(self) -> str:
        return self.name or self.username or self.email or self.vendor_id


class Group(InventoryRow):
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=64, blank=True)
    parent_id = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=320, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    sort_name = models.CharField(max_length=255)
    search = models.TextField(blank=True)
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="group_unique")]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="group_by_name"),
            models.Index(fields=["instance_id", "sort_name", "id"], name="group_by_instance_name"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="group_sweep"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(InventoryRow):
    """`member_id` and `group_id` are the vendor's ids, within the instance."""

    group_id = models.CharField(max_length=255)
    member_id = models.CharField(max_length=255)
    member_kind = models.CharField(max_length=16)
    role = models.CharField(max_length=64)
    is_inherited = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="membership_unique")]
        indexes = [
            models.Index(fields=["instance_id", "group_id", "id"], name="membership_by_group"),
            models.Index(fields=["instance_id", "member_id", "id"], name="membership_by_member"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="membership_sweep"),
        ]

    def __str__(self) -> str:
        return self.vendor_id


class Privilege(InventoryRow):
    holder_id = models.CharField(max_length=255)
    holder_kind = models.CharField(max_length=16)
    name = models.CharField(max_length=255)
    scope = models.CharField(max_length=500, blank=True)
    is_admin = models.BooleanField(default=False)
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="privilege_unique")]
        indexes = [
            models.Index(fields=["instance_id", "holder_id", "id"], name="privilege_by_holder"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="privilege_sweep"),
        ]

    def __str__(self) -> str:
        return self.name
