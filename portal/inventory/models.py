"""Normalised rows of what is in the apps. Written by store.py alone, read through queries.py alone.

Rows of accounts, groups, memberships and privileges are unique by (instance, vendor id). `feed`, `partition` and
`pass_id` say which pass saw a row last: a sweep marks gone what a complete pass of that feed and partition did not
list.
"""

from django.db import models


class InventoryRow(models.Model):
    """What all swept rows share. `gone_at` is set while the app no longer lists the row."""

    instance_id = models.BigIntegerField()
    vendor_id = models.CharField(max_length=255)
    feed = models.CharField(max_length=64)
    partition = models.CharField(max_length=255, blank=True)
    pass_id = models.BigIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Account(InventoryRow):
    username = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=320, blank=True)
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=16)
    is_external = models.BooleanField(null=True)
    is_admin = models.BooleanField(null=True)
    has_mfa = models.BooleanField(null=True)
    created_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    url = models.CharField(max_length=1000, blank=True)
    sort_name = models.CharField(max_length=255)
    """Lower-case name, else username, else e-mail: what lists are ordered by."""
    search = models.TextField(blank=True)
    """Lower-case name, username and e-mail in one text."""
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "vendor_id"], name="account_unique")]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="account_by_name"),
            models.Index(fields=["instance_id", "sort_name", "id"], name="account_by_instance_name"),
            models.Index(fields=["instance_id", "feed", "partition", "pass_id"], name="account_sweep"),
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


class Activity(models.Model):
    """No foreign keys; the key begins with the instance and holds the time, so that it can be partitioned by month."""

    pk = models.CompositePrimaryKey("instance_id", "occurred_at", "vendor_id")
    instance_id = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    vendor_id = models.CharField(max_length=255)
    action = models.CharField(max_length=255)
    category = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16)
    description = models.TextField(blank=True)
    actor_id = models.CharField(max_length=255, blank=True)
    actor_name = models.CharField(max_length=255, blank=True)
    actor_email = models.CharField(max_length=320, blank=True)
    actor_kind = models.CharField(max_length=16, blank=True)
    targets = models.JSONField(default=list)
    """[{kind, id, name}]."""
    ip_address = models.CharField(max_length=64, blank=True)
    country_code = models.CharField(max_length=2, blank=True)
    user_agent = models.CharField(max_length=500, blank=True)
    component = models.CharField(max_length=64, blank=True)
    ocsf_class = models.PositiveIntegerField(default=0)
    search = models.TextField(blank=True)
    """Lower-case action, description, actor and targets in one text."""

    class Meta:
        indexes = [
            # One direction throughout, as keyset paging compares whole rows. Within one instance the key itself serves.
            models.Index(fields=["-occurred_at", "-instance_id", "-vendor_id"], name="activity_by_time"),
            models.Index(fields=["actor_id", "-occurred_at"], name="activity_by_actor"),
            models.Index(fields=["actor_name", "-occurred_at"], name="activity_by_actor_name"),
            models.Index(fields=["actor_email", "-occurred_at"], name="activity_by_actor_email"),
            models.Index(fields=["category", "-occurred_at"], name="activity_by_category"),
            models.Index(fields=["ip_address", "-occurred_at"], name="activity_by_ip"),
        ]

    def __str__(self) -> str:
        return f"{self.action} at {self.occurred_at}"


class ActivityRaw(models.Model):
    """The vendor's record of an activity, apart, so that lists never touch it."""

    pk = models.CompositePrimaryKey("instance_id", "occurred_at", "vendor_id")
    instance_id = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    vendor_id = models.CharField(max_length=255)
    raw = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.vendor_id
