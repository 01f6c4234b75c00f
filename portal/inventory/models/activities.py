"""What happened in the apps."""

from django.db import models


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
            models.Index(fields=["component", "-occurred_at"], name="activity_by_component"),
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


class ActivityRollUp(models.Model):
    """How many activities of an instance had one action on one day (UTC). What charts and facets count from.

    Kept by the transaction that writes the activities; every activity is counted in exactly one row.
    """

    pk = models.CompositePrimaryKey("instance_id", "day", "category", "action")
    instance_id = models.BigIntegerField()
    day = models.DateField()
    category = models.CharField(max_length=16)
    action = models.CharField(max_length=255)
    number = models.PositiveBigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["day", "instance_id"], name="activity_roll_up_by_day")]

    def __str__(self) -> str:
        return f"{self.number} times {self.action} on {self.day}"
